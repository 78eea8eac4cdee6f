"""`monitor run` as a service: it says that it lives, tells, and ends when it is asked to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.database import Database
from monitor.store.tables import DELIVERY, ENTRY
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.soak import clean_environ, daemon, free_port, until
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS

SEEDS = Path(__file__).parents[2] / "seeds"
TITLE = "Kim Jong Un Dukung Rusia Terkait Soal Ukraina, Tegaskan Solidaritas Korea Utara"  # of the first of the two


@dataclass(frozen=True)
class Running:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def said(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False)


def configure(folder: Path, *, port: int, feeds: str, channel: str = "console", storage: str = "{}") -> None:
    (folder / "config.yaml").write_text(
        f"""
timezone: Asia/Jakarta
language: id
channels: {{here: "{channel}"}}
feeds: [{feeds}]
topics: [{{name: Korea Utara Rusia}}]
alerts: {{channels: [here], wait: 1s}}
web: {{listen: "127.0.0.1:{port}"}}
storage: {storage}
""",
        encoding="utf-8",
    )


def monitor(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(
        command, cwd=folder, env=clean_environ(), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A daemon that has told the seeds."""
    folder = tmp_path_factory.mktemp("running")
    shutil.copytree(SEEDS, folder / "seeds")
    port = free_port()
    configure(folder, port=port, feeds="seeds/")
    running = Running(folder, port, daemon(folder))
    try:
        assert until(lambda: TITLE in running.said(), running.process), running.said()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)


def test_the_seeds_are_told_once_as_the_one_story_that_they_are(running: Running) -> None:
    assert running.said().count(TITLE) == 1
    assert "Dukungan Militer Korea Utara" not in running.said()
    assert "Traceback" not in running.said()


def test_it_says_that_it_lives(running: Running) -> None:
    assert (running.get("/healthz").status_code, running.get("/healthz").text) == (200, "ok\n")
    assert running.get("/readyz").status_code == 200
    health = monitor(running.folder, "health")
    assert (health.returncode, health.stdout, health.stderr) == (0, "ok\n", "")


def test_it_shows_its_counters(running: Running) -> None:
    shown = running.get("/metrics").text.splitlines()
    assert 'monitor_polls_total{result="changed"} 1.0' in shown
    assert "monitor_articles_total 2.0" in shown
    assert 'monitor_deliveries_total{channel="here",result="sent"} 1.0' in shown
    assert "monitor_outbox_waiting 0.0" in shown
    assert "monitor_entries_poisoned 0.0" in shown


def test_status_works_beside_it(running: Running) -> None:
    status = monitor(running.folder, "status")
    assert status.returncode == 0
    assert "entries: 0 waiting, 0 set aside" in status.stdout
    assert "outbox: 0 waiting, 1 sent, " in status.stdout
    shown = json.loads(monitor(running.folder, "status", "--json").stdout)
    assert shown["entries"] == {"waiting": 0, "poisoned": 0}


def test_status_shows_an_edit_that_can_not_be_used_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    configure(tmp_path, port=free_port(), feeds="texts/")
    file = tmp_path / "config.yaml"
    good = file.read_text(encoding="utf-8")
    service = Running(tmp_path, 0, daemon(tmp_path))
    try:
        assert until(lambda: "watching" in service.said(), service.process), service.said()
        file.write_text(good.replace("feeds:", "\tfeeds:"), encoding="utf-8")
        assert until(lambda: "stays in force" in service.said(), service.process), service.said()
        status = monitor(tmp_path, "status")
        assert (status.returncode, status.stderr) == (0, "")
        assert "and can't be used; that of " in status.stdout
        assert "  config.yaml:5:1: a tab can't stand here" in status.stdout
        assert "texts: last read" in status.stdout
        shown = json.loads(monitor(tmp_path, "status", "--json").stdout)["configuration"]
        assert shown["refused_at"]
        file.write_text(good.replace("Korea Utara Rusia", "Rusia"), encoding="utf-8")
        service.process.send_signal(signal.SIGHUP)
        assert until(lambda: "is in force changed='1 topic added, 1 topic removed'" in service.said(), service.process)
        assert "stays in force" not in monitor(tmp_path, "status").stdout
    finally:
        service.process.terminate()
        assert service.process.wait(20) == 0
    assert "Traceback" not in service.said()


def test_a_reload_that_is_asked_for_while_the_configuration_is_read_comes_after_the_start(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    configure(tmp_path, port=free_port(), feeds="texts/")
    file = tmp_path / "config.yaml"
    first = file.read_text(encoding="utf-8")
    file.unlink()
    os.mkfifo(file)
    service = Running(tmp_path, 0, daemon(tmp_path))
    try:
        with file.open("w", encoding="utf-8") as reading:  # as soon as it is being read
            service.process.send_signal(signal.SIGHUP)
            (tmp_path / "new").write_text(first.replace("Korea Utara Rusia", "Rusia"), encoding="utf-8")
            (tmp_path / "new").replace(file)
            reading.write(first)
        assert until(lambda: "is in force changed='1 topic added, 1 topic removed'" in service.said(), service.process)
    finally:
        service.process.terminate()
        assert service.process.wait(20) == 0
    assert "Traceback" not in service.said()


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_second_one_on_the_same_database_is_told_so(running: Running, command: str) -> None:
    second = monitor(running.folder, command)
    assert (second.returncode, second.stdout) == (2, "")
    (line,) = second.stderr.splitlines()
    assert "another monitor is running on" in line


def test_a_port_that_is_taken_is_told_in_one_line(running: Running, tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    configure(tmp_path, port=running.port, feeds="seeds/")
    other = monitor(tmp_path, "run")
    assert (other.returncode, other.stdout) == (2, "")
    (line,) = other.stderr.splitlines()
    assert f"web.listen: 127.0.0.1:{running.port} can't be used" in line


# -- the end -------------------------------------------------------------------------------------


def test_it_stops_rather_than_run_beside_another_when_its_server_was_restarted(tmp_path: Path, postgres: str) -> None:
    (tmp_path / "texts").mkdir()
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restarted TEMPLATE prepared")
        url = postgres.replace("/postgres?", "/restarted?")
        configure(tmp_path, port=free_port(), feeds="texts/", storage=f"{{url: '{url}'}}")
        alone = Running(tmp_path, 0, daemon(tmp_path))
        assert until(lambda: "watching" in alone.said(), alone.process), alone.said()
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'restarted'")
        assert alone.process.wait(20) == 1  # a service manager starts it again
    assert "the lock on the database is lost" in alone.said()
    assert "Traceback" not in alone.said()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_0_when_it_is_asked_to(tmp_path: Path, by: signal.Signals) -> None:
    (tmp_path / "texts").mkdir()
    configure(tmp_path, port=free_port(), feeds="texts/")
    alone = Running(tmp_path, 0, daemon(tmp_path))
    assert until(lambda: "watching" in alone.said(), alone.process)
    alone.process.send_signal(by)
    assert alone.process.wait(20) == 0
    assert "Traceback" not in alone.said()
    assert monitor(tmp_path, "health").returncode == 1


def test_it_ends_in_time_though_a_page_and_a_channel_hang_and_gives_back_what_it_held(ending: Running) -> None:
    assert ending.process.wait(20) == 0
    assert "Traceback" not in ending.said()
    database = Database(f"sqlite:///{ending.folder}/data/monitor.db")
    assert database.read(_in_hand) == [("waiting", None, 0), ("waiting", None, 0)]
    database.close()


@pytest.fixture(scope="module", autouse=True)
def ending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A daemon with a page and a channel that hang, asked to end; the other tests run while it takes its time."""
    folder = tmp_path_factory.mktemp("ending")
    with Site() as site, JsonSink() as sink:
        sink.hang()
        site.article("/berita/1", KIM, PARAGRAPHS)
        site.slow("/berita/1", 3600)
        told = FeedEntry(MISSILE, "/berita/2", description=MISSILE_PARAGRAPHS[0])
        url = site.feed("/rss", [FeedEntry(KIM, "/berita/1"), told])
        feed = f"{{url: '{url}', allow_private: true, backlog: alert}}"
        configure(folder, port=free_port(), feeds=feed, channel=sink.channel)
        ending = Running(folder, 0, daemon(folder))
        try:
            assert until(lambda: bool(sink.tries) and bool(site.asked("/berita/1")), ending.process), ending.said()
            ending.process.terminate()
            yield ending
        finally:
            ending.process.kill()
            ending.process.wait()


def _in_hand(session: Session) -> list[tuple[str, str | None, int]]:
    """The entry and the delivery that were not finished."""
    return [
        (row.state, row.lease_token, row.claims)
        for table in (ENTRY, DELIVERY)
        for row in session.execute(sa.select(table).where(table.c.state == "waiting"))
    ]
