"""`doctor`: what is well, what is wrong and what to do; nothing is sent, and nothing is changed."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monitor.app import utc_now
from monitor.app.doctor.finding import Finding
from monitor.cli.doctor import PLAIN, SIGNS, lines_of
from monitor.work.heartbeat import Heartbeat
from tests.cli.conftest import Ended, Monitor
from tests.sinks import JsonSink, MailSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS

CONFIG = """\
timezone: Asia/Jakarta
channels: {channels}
feeds:
{feeds}
topics:
  - name: Korea Utara Rusia
alerts: {{channels: [desk], wait: 0s, follow_up: never, max_age: off}}
"""
CHECKS = (
    *("configuration", "versions", "database", "rights", "disk", "memory", "daemon"),
    *("clock", "dns", "outbound", "feed", "channel", "outbox", "topics"),
)
Found = dict[str, Any]


@pytest.fixture
def closed() -> Iterator[int]:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def feed_line(url: str, name: str, more: str = "") -> str:
    return f"  - {{url: '{url}', name: {name}, allow_private: true, backlog: alert, every: 1h{more}}}"


def configure(home: Path, feeds: list[str], **channels: str) -> None:
    named = ", ".join(f'{name}: "{url}"' for name, url in channels.items())
    (home / "config.yaml").write_text(CONFIG.format(channels=f"{{{named}}}", feeds="\n".join(feeds)))


def found(ended: Ended, check: str, subject: str | None = None) -> Found:
    """The one that there is of it."""
    (one,) = [line for line in ended.lines if line["check"] == check and line["subject"] in {subject, None}]
    return dict(one)


def rows(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "data/monitor.db")) as connection:
        return list(connection.iterdump())


@pytest.fixture
def watched(monitor: Monitor, home: Path, site: Site) -> Iterator[Monitor]:
    """A site is watched, one story was told to a desk and by mail, and the daemon lives."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    site.feed("/rss", [FeedEntry(KIM, "/berita/1")], headers={"Date": format_datetime(datetime.now(UTC), usegmt=True)})
    with JsonSink() as sink, MailSink() as mail:
        feeds = [feed_line(site.url_of("/rss"), "Nusantara"), "  - seeds/"]
        configure(home, feeds, desk=sink.channel, surat=mail.channel, halaman="atom")
        monitor.round()
        assert len(sink.messages) == 1
        Heartbeat(home / "data/monitor.db.heartbeat").beat(now=utc_now())
        yield monitor
        assert len(sink.tries) == 1, "the doctor sent something"
        assert not mail.messages


def test_where_all_is_well_it_says_so_and_changes_nothing(watched: Monitor, home: Path, site: Site) -> None:
    before, asked = rows(home), len(site.requests)
    ended = watched("doctor", "--json")
    assert [line for line in ended.lines if line["result"] != "ok"] == []
    assert ended.status == 0
    assert list(dict.fromkeys(line["check"] for line in ended.lines)) == list(CHECKS)
    assert {tuple(line) for line in ended.lines} == {("check", "result", "what", "subject", "do")}
    assert found(ended, "channel", "surat")["what"] == "mailto: its server answers"
    assert rows(home) == before
    assert [request.path for request in site.requests[asked:]] == ["/rss"], "each feed is asked once, and no page"


def test_in_words_it_ends_with_one_sentence(watched: Monitor) -> None:
    ended = watched("doctor")
    assert ended.status == 0
    assert "✓ database       sound, version" in ended.out
    assert "✓ feed           Nusantara: 1 entry" in ended.out
    assert ended.out.endswith("\nall is well\n")
    assert ended.err == ""


def test_each_ill_is_named_with_what_helps(monitor: Monitor, home: Path, site: Site, closed: int) -> None:
    site.page("/halaman", "<html><body>bukan umpan</body></html>")
    site.page("/mati", status=404)
    site.page("/sibuk", status=503)
    site.page("/tutup", status=403)
    site.feed("/kosong", [])
    new = site.feed("/baru", [FeedEntry(KIM, "/berita/1")])
    site.page("/pindah", status=301, headers={"Location": new})
    places = ("halaman", "mati", "sibuk", "tutup", "kosong", "pindah")
    feeds = [feed_line(site.url_of(f"/{place}"), place) for place in places]
    feeds += [feed_line(f"http://127.0.0.1:{closed}/rss", "diam"), feed_line("https://tidak-ada.invalid/rss", "asing")]
    with MailSink(password="benar") as mail:
        login = mail.channel.replace("mailto://", "mailto://ana:rahasia@")
        configure(home, feeds, desk=f"json://127.0.0.1:{closed}/rahasia", surat=login, layar="console")
        ended = monitor("doctor", "--json")
        assert mail.messages == []
    said = {line["subject"]: line for line in ended.lines if line["check"] in {"feed", "channel"}}
    assert {name: line["result"] for name, line in said.items()} == {
        **dict.fromkeys(("halaman", "mati", "sibuk", "tutup", "diam", "asing", "desk", "surat"), "wrong"),
        **dict.fromkeys(("kosong", "pindah"), "look"),
        "layar": "ok",
    }
    assert all(line["do"] for line in said.values() if line["result"] != "ok")
    assert said["mati"]["what"] == "HTTP 404"
    assert "monitor feeds discover" in said["mati"]["do"]
    assert said["diam"]["what"] == "connection refused"
    assert said["asing"]["what"] == "unknown host"
    assert new in said["pindah"]["what"]
    assert said["desk"]["what"] == "json: connection refused"
    assert "535" in said["surat"]["what"]
    assert "rahasia" not in ended.out
    assert found(ended, "dns")["result"] == "look", "one name may be a slip"
    assert found(ended, "outbound")["result"] == "ok"
    assert found(ended, "daemon")["do"] == "say monitor run, or start its service"
    assert found(ended, "database")["what"].startswith("nothing was watched yet")
    assert ended.status == 1
    assert not (home / "data").exists()


def test_a_clock_that_is_off_is_known_by_what_sites_say(monitor: Monitor, home: Path, site: Site) -> None:
    sent, age = datetime.now(UTC) + timedelta(minutes=50), timedelta(minutes=10)
    headers = {"Date": format_datetime(sent, usegmt=True), "Age": str(int(age.total_seconds()))}
    configure(home, [feed_line(site.feed("/rss", [], headers=headers), "Nusantara")], desk="console")
    ended = monitor("doctor", "--json")
    [wrong] = [line for line in ended.lines if line["check"] == "clock" and line["result"] == "wrong"]
    assert wrong["what"] in {
        "this clock is 1 hour behind that of 1 site",
        "this clock is 59 minutes behind that of 1 site",
    }
    assert "set-ntp" in wrong["do"]


def test_a_host_that_asked_for_rest_is_not_asked(watched: Monitor, home: Path, site: Site) -> None:
    site.page("/rss", status=429, headers={"Retry-After": "3600"})
    watched.round(every_feed=True)
    asked = len(site.requests)
    ended = watched("doctor", "--json")
    line = found(ended, "feed", "Nusantara")
    assert (line["result"], line["do"]) == ("look", "nothing: it is asked again then")
    assert "asked to be left alone until" in line["what"]
    assert len(site.requests) == asked


def test_a_damaged_database_points_to_its_copies(watched: Monitor, home: Path) -> None:
    path = home / "data/monitor.db"
    whole = path.read_bytes()
    (home / "data/monitor.db.before-0014").write_bytes(whole)
    for damaged in (whole[: len(whole) // 2], b"not a database, but long enough to look like something" * 50):
        path.write_bytes(damaged)
        ended = watched("doctor", "--json")
        line = found(ended, "database")
        assert line["result"] == "wrong"
        assert "monitor restore FILE" in line["do"]
        assert "monitor.db.before-0014" in line["do"]
        assert not {"outbox", "topics"} & {line["check"] for line in ended.lines}, "of these nothing is known"
        assert ended.status == 1
        assert path.read_bytes() == damaged, "it only looks"


def test_a_database_that_somebody_keeps_locked_is_told(watched: Monitor, home: Path) -> None:
    with closing(sqlite3.connect(home / "data/monitor.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        line = found(watched("doctor", "--json"), "database")
    assert line["result"] == "wrong"
    assert line["what"].startswith("another program has kept ")
    assert "fuser" in line["do"]


def test_what_died_what_waits_and_what_was_refused_is_told(watched: Monitor, home: Path) -> None:
    with closing(sqlite3.connect(home / "data/monitor.db")) as connection, connection:
        connection.execute("UPDATE delivery SET state = 'dead', due_at = NULL")
        connection.execute("UPDATE entry SET state = 'poisoned'")
        file = str(home / "config.yaml")
        connection.execute("DELETE FROM configuration_state")
        values = (file, "2026-11-20 00:00:00", "2026-11-21 00:00:00")
        asked = "INSERT INTO configuration_state (file, in_force_since, refused_at) VALUES (?, ?, ?)"
        connection.execute(asked, values)
    Heartbeat(home / "data/monitor.db.heartbeat").beat(now=utc_now() - timedelta(hours=1))
    ended = watched("doctor", "--json")
    assert [line["result"] for line in ended.lines if line["check"] in {"outbox", "topics"}] == ["look"] * 3
    assert "monitor retry" in ended.out
    assert "monitor check" in ended.out
    assert found(ended, "daemon")["result"] == "wrong", "it did not stop of its own will"


def test_with_mistakes_in_the_file_the_database_is_still_looked_at(watched: Monitor, home: Path) -> None:
    path = home / "config.yaml"
    path.write_text(path.read_text().replace("wait: 0s", "wait: sebentar"))
    ended = watched("doctor", "--json")
    assert ended.status == 2
    assert found(ended, "configuration")["result"] == "wrong"
    assert found(ended, "database")["result"] == "ok"
    assert "feed" not in {line["check"] for line in ended.lines}
    assert "feeds and channels were not looked at" in watched("doctor").out


def test_without_a_file_it_ends_with_2_and_says_so(monitor: Monitor) -> None:
    ended = monitor("doctor", "-c", "tidak-ada.yaml")
    assert ended.status == 2
    assert "tidak-ada.yaml" in ended.out
    assert "nothing else was looked at" in ended.out


def test_of_a_postgresql_version_and_clock_are_told(watched: Monitor, home: Path, postgres: str) -> None:
    name = f"doctor_{os.urandom(6).hex()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE prepared".encode())
    path = home / "config.yaml"
    url = postgres.replace("/postgres?", f"/{name}?")
    path.write_text(f'{path.read_text()}storage: {{url: "{url}"}}\n')
    ended = watched("doctor", "--json")
    assert "PostgreSQL" in found(ended, "versions")["what"]
    assert found(ended, "database")["what"].startswith("sound, version")
    assert "it agrees with that of the database" in [line["what"] for line in ended.lines]
    path.write_text(path.read_text().replace(f"/{name}?", "/tidak_ada?"))
    line = found(watched("doctor", "--json"), "database")
    assert (line["result"], line["do"]) == ("wrong", "does its server run, and is storage.url right?")


# -- how it is shown -----------------------------------------------------------------------------


def test_many_feeds_that_are_well_are_one_line_and_what_fails_alike_another() -> None:
    well = [Finding("feed", "ok", "9 entries", f"Baik {number}") for number in range(212)]
    ill = [Finding("feed", "wrong", "unknown host", f"Asing {number}", "look for a slip") for number in range(5)]
    assert list(lines_of([*ill, *well, Finding("feed", "wrong", "HTTP 404", "Mati", "discover")], SIGNS)) == [
        "✓ feed           212 of 218 can be read",
        "✗                Asing 0, Asing 1, Asing 2, 2 more: unknown host",
        "                 → look for a slip",
        "✗                Mati: HTTP 404",
        "                 → discover",
    ]


def test_where_stdout_knows_no_such_marks_there_are_words() -> None:
    lines = list(lines_of([Finding("disk", "look", "3 MB are free", "data", "make room")], PLAIN))
    assert lines == ["look  disk           data: 3 MB are free", "                     -> make room"]
    assert "".join(lines).isascii()
