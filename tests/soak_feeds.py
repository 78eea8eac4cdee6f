"""`python -m tests.soak_feeds [--minutes 30] [--feeds 1000] [--seed 1]`: feeds with faults of every kind, and a daemon.

It must go on as if nothing were: no more memory, file handles or threads than at first, no look for work late by more
than five seconds, no feed that is not asked. Each entry that a feed ever showed in an answer without fault is stored
exactly once, and told exactly once where it is to be told. Ends with 1 otherwise, and says why.
"""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.measure import descendants
from tests.faults import Origin, Plan
from tests.press import CONCERN
from tests.sinks import JsonSink
from tests.soak import daemon, free_port
from tests.soak_verdict import Books, FeedLook, Result, Sample

EVERY: Final = (10, 15, 20, 30, 60)  # seconds, in turn
PAGES: Final = 25  # one feed in so many has its pages read
LOOK: Final = 5.0  # seconds between two samples
BOOKS: Final = 30.0  # and between two looks into the database
PATIENCE: Final = 180.0  # for what waits when all are well again
PAGE_SIZE: Final = 4096


def config(origin: Origin, sink: JsonSink, *, port: int, every: tuple[int, ...]) -> str:
    """JSON is YAML."""
    feeds = [
        {
            "url": url,
            "name": f"Warta {number}",
            "every": f"{every[number % len(every)]}s",
            "backlog": "alert",
            "allow_private": True,
            "full_text": "never" if number % PAGES else "always",
        }
        for number, url in enumerate(origin.urls)
    ]
    settings = {
        "timezone": "Asia/Jakarta",
        "channels": {"sink": sink.channel},
        "feeds": feeds,
        "topics": [{"name": "Korvania", "any": [CONCERN]}],
        "alerts": {"channels": ["sink"], "ops": [], "wait": "0s", "limit": "off", "max_age": "off"},
        "web": {"listen": f"127.0.0.1:{port}"},
    }
    return json.dumps(settings, indent=1)


# -- what is seen of the daemon --------------------------------------------------------------------


class Look:
    """At a running daemon, from outside."""

    def __init__(self, process: int, folder: Path, *, port: int) -> None:
        self._process, self._port = process, port
        self._file = folder / "data/monitor.db"

    def sample(self, at: float) -> Sample:
        workers = [resident for pid in descendants(self._process) if (resident := _resident(pid))]
        said = self._metrics()
        handles = _handles(self._process)
        sockets = sum(handle.startswith("socket:") for handle in handles)
        return Sample(
            at=at,
            main_mb=_resident(self._process),
            workers_mb=sum(workers),
            workers=len(workers),
            files=len(handles) - sockets,
            sockets=sockets,
            threads=sum(1 for _ in Path(f"/proc/{self._process}/task").iterdir()),
            cpu=_cpu_seconds(self._process) + sum(map(_cpu_seconds, descendants(self._process))),
            late=said.get("monitor_tick_late_seconds", 0.0),
            silent=time.time() - (said.get("monitor_last_tick_timestamp_seconds") or time.time()),
            polls=int(sum(value for name, value in said.items() if name.startswith("monitor_polls_total"))),
        )

    def _metrics(self) -> dict[str, float]:
        """Without a proxy, which would be asked for loopback too."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with suppress(OSError), opener.open(f"http://127.0.0.1:{self._port}/metrics", timeout=10) as answer:
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
            return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}
        return {}

    def feeds(self) -> list[FeedLook]:
        columns = "due_at, last_polled_at, lease_until, lease_token, failures, paused, last_error, slot_at"
        return [
            FeedLook(number, _instant(row[0]), _instant(row[1]), _instant(row[2]), *row[3:7])
            for number, row in enumerate(self._ask(f"SELECT {columns} FROM feed ORDER BY id"))
        ]

    def books(self, *, by: datetime) -> Books:
        """What waits is asked first: what is read meanwhile stands in both."""
        waiting = [content for (content,) in self._ask("SELECT content FROM entry WHERE state = 'waiting'")]
        held = "SELECT url FROM article JOIN alert ON alert.article_id = article.id WHERE alert.decision = 'hold'"
        return Books(
            articles=[url for (url,) in self._ask("SELECT url FROM article")],
            waiting=waiting,
            held=[url for (url,) in self._ask(held)],
            due=self.due(by=by),
        )

    def due(self, *, by: datetime) -> int:
        """Entries, alerts and messages that wait for nothing but their turn."""
        until = by.strftime("%Y-%m-%d %H:%M:%S")
        kinds = ("entry WHERE state = 'waiting'", "delivery WHERE state = 'waiting'", "alert WHERE decision = 'hold'")
        return sum(self._ask(f"SELECT count(*) FROM {kind} AND due_at <= ?", until)[0][0] for kind in kinds)

    def in_hand(self) -> set[str]:
        """The tokens of those who hold feeds."""
        return {token for (token,) in self._ask("SELECT DISTINCT lease_token FROM feed WHERE lease_token IS NOT NULL")}

    def is_there(self) -> bool:
        """Whether it came so far as to make its database."""
        return bool(self._file.exists() and self._ask("SELECT 1 FROM sqlite_master WHERE name = 'feed'"))

    def _ask(self, query: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(query, values).fetchall()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _resident(pid: int) -> float:
    """Megabytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_SIZE / 1e6
    except OSError:  # it ended while we looked
        return 0.0


def _handles(pid: int) -> list[str]:
    """What they are handles of."""
    found = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it was closed while we looked
            found.append(str(handle.readlink()))
    return found


def _cpu_seconds(pid: int) -> float:
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, ticks)) / 100


# -- the soak --------------------------------------------------------------------------------------


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = daemon(folder)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of a soak."""

    plan: Plan
    feeds: int
    seed: int = 1
    every: tuple[int, ...] = EVERY
    publishes: float = 120.0  # seconds between two entries of a feed, on average
    look: float = LOOK
    is_timed: bool = True  # and how long things took matters


def soak(folder: Path, asked: Asked, *, report: Callable[[str], None]) -> Result:
    port, seconds = free_port(), asked.plan.seconds
    publishing = Origin(feeds=asked.feeds, seed=asked.seed, plan=asked.plan, every=asked.publishes)
    with publishing as origin, JsonSink() as sink:
        (folder / "config.yaml").write_text(config(origin, sink, port=port, every=asked.every), encoding="utf-8")
        with running(folder) as process:
            look = Look(process.pid, folder, port=port)
            samples, looks = watch(process, look, origin, asked, report=report)
            books, last = (calm(process, look), look.feeds()) if look.is_there() else (Books([], [], [], 0), [])
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
        told = [json.dumps(message, ensure_ascii=False) for message in sink.messages]
    return Result.of(
        origin,
        samples=samples,
        looks=[*looks, (datetime.now(UTC), last)],
        books=books,
        told=told,
        log=log,
        exit_status=process.returncode,
        until=seconds,
        is_timed=asked.is_timed,
    )


Looks = list[tuple[datetime, Sequence[FeedLook]]]


def watch(
    process: subprocess.Popen[bytes], look: Look, origin: Origin, asked: Asked, *, report: Callable[[str], None]
) -> tuple[list[Sample], Looks]:
    samples: list[Sample] = []
    looks: Looks = []
    said = books = 0.0
    while (at := origin.now()) < asked.plan.seconds and process.poll() is None:
        with suppress(OSError):
            samples.append(look.sample(at))
        if at - books >= BOOKS:
            books = at
            with suppress(sqlite3.Error):  # it is just being made
                looks.append((datetime.now(UTC), look.feeds()))
        if at - said >= 60:
            said = at
            report(f"{at / 60:.0f} min: {samples[-1]}; {origin.unwell().total()} feeds unwell")
        time.sleep(asked.look)
    return samples, looks


def calm(process: subprocess.Popen[bytes], look: Look) -> Books:
    """What is stored when all that was shown until now is stored, judged and told."""
    now, in_hand, end = datetime.now(UTC), look.in_hand(), time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if not in_hand & look.in_hand() and not look.due(by=datetime.now(UTC)):
            time.sleep(1)  # a message that should not come would come now
            break
        time.sleep(0.5)
    return look.books(by=now)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak_feeds", description="Feeds with faults of every kind.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="this fault alone, or these")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log, to look at afterwards")
    asked = parser.parse_args()
    seconds = asked.minutes * 60
    with TemporaryDirectory(prefix="monitor-soak-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = Asked(Plan(seconds, only=tuple(asked.only)), feeds=asked.feeds, seed=asked.seed)
        result = soak(folder, wanted, report=lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{asked.feeds} feeds, {asked.minutes:g} minutes, seed {asked.seed}\n{result}")
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
