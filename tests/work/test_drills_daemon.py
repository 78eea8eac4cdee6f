"""A daemon on a disk that is full, whose database is locked by somebody, then damaged: it says so, and tells all of it once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from monitor.app import utc_now
from monitor.cli import main
from monitor.work.heartbeat import Heartbeat
from tests.events import CONCERNS, an_event
from tests.site import FeedEntry, JsonSink, Site
from tests.soak import CONFIG, daemon, free_port, until

SIZE = 8_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder `data` that is a file system of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    wanted = ["-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if not mount or not umount or subprocess.run([mount, *wanted], capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be mounted here (that takes root)")
    yield folder
    subprocess.run([umount, "--lazy", str(folder)], check=True)


class Watched:
    """A site that publishes an event at a time, and a daemon that tells of each."""

    def __init__(self, folder: Path, site: Site, sink: JsonSink) -> None:
        self._site, self._sink, self._folder = site, sink, folder
        self.published: list[str] = []
        config = CONFIG.format(channel=sink.channel, feed=site.feed("/rss", []), port=free_port())
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        self.running = daemon(folder)

    def publish(self) -> None:
        number = len(self.published)
        event = an_event(number, also=CONCERNS)
        self._site.article(f"/{number}", event.title, event.paragraphs)
        self.published.append(event.title)
        listed = [FeedEntry(title, f"/{place}") for place, title in enumerate(self.published)]
        self._site.feed("/rss", listed[::-1])

    def told(self) -> list[str]:
        """Of the news; notices are not."""
        titles = [str(message["title"]) for message in list(self._sink.messages)]
        return sorted(title.partition(": ")[2] for title in titles if title.startswith("Korea"))

    def tells_all_once(self) -> bool:
        return until(lambda: len(self.told()) >= len(self.published), self.running) and self.told() == sorted(
            self.published
        )

    def log(self) -> str:
        return (self._folder / "log.txt").read_text(encoding="utf-8")

    def says(self, words: str) -> bool:
        return until(lambda: words in self.log(), self.running)


@pytest.fixture
def watched(small_disk: Path, site: Site) -> Iterator[Watched]:
    with JsonSink() as sink:
        watched = Watched(small_disk.parent, site, sink)
        try:
            watched.publish()
            assert watched.tells_all_once()
            yield watched
        finally:
            watched.running.kill()
            watched.running.wait()


def test_a_full_disk_a_locked_database_and_a_damaged_one(
    watched: Watched, small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_disk.parent)
    database = small_disk / "monitor.db"

    ballast = small_disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    watched.publish()
    assert watched.says("the database takes nothing; work waits, and goes on when it does")
    assert main(["backup", "data/copy.db"]) == 2
    assert "can't be made: database or disk is full" in capsys.readouterr().err
    assert list(small_disk.glob("*copy*")) == []
    watched.publish()
    ballast.unlink()
    assert watched.tells_all_once()
    assert watched.says("the database takes rows again")

    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN EXCLUSIVE")
        watched.publish()
        heartbeat = Heartbeat(small_disk / "monitor.db.heartbeat")
        assert until(lambda: not heartbeat.is_on_time(now=utc_now()), watched.running), "it says that it is not well"
        assert main(["status"]) == 0, "who looks is not kept out"
    assert watched.tells_all_once()

    for path in (database, database.with_name("monitor.db-wal")):
        path.write_bytes(b"garbage" * (path.stat().st_size // 7))
    assert watched.running.wait(60) == 2, "to go on writing would make it worse"
    last = watched.log().splitlines()[-1]
    assert "is damaged" in last
    assert "put a copy back: monitor restore FILE" in last
    assert "Traceback" not in watched.log()
    assert watched.log().count("the database takes nothing") <= 2, "once for each time"
