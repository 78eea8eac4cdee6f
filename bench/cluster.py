"""Many machines: what workers add, and what handing on costs.

    python -m bench.cluster [--feeds 200] [--entries 5] [--workers 1,2,4] [--rows 10000,100000,1000000]

The same feeds, all new (`backlog: alert`, `full_text: never`), are read once: by one process on SQLite and on PostgreSQL,
which are the floors (the server waits for no disk), and by `monitor run` with so many workers, each a process of its own. Seconds are counted from the
moment at which all are at work until the last article is stored; CPU is that of these processes and of the server's.
Then: one transaction that hands on 64 feeds, among so many feeds of which few or all are due, rolled back again.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.measure import descendants
from bench.origin import Origin, running
from monitor.store import feeds, leases, workers
from monitor.store.database import Database
from monitor.store.tables import ARTICLE, FEED
from monitor.work.engine import Stage
from monitor.work.procrastinate import hand_on
from tests.own_postgres import OwnServer, own_server

TICKS: Final = os.sysconf("SC_CLK_TCK")
PATIENCE: Final = 240.0  # seconds for one row of the table
LIMIT: Final = 64
TIMES: Final = 30
FAR: Final = timedelta(days=1)
CONFIG: Final = """
channels: {{terminal: "atom"}}
feeds:
{feeds}
topics: [{{name: Korea Utara Rusia}}]
alerts: {{channels: [terminal]}}
engine: {engine}
storage: {{url: "{url}", archive: {folder}/articles}}
web: {{listen: "127.0.0.1:{port}"}}
"""
FEED_LINE: Final = "  - {{url: '{url}', allow_private: true, backlog: alert, full_text: never, every: 1d}}"


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of reading the feeds cost."""

    name: str
    wall: float
    cpu: float  # of the program's processes
    server: float  # of the database's
    articles: int


class TooSlow(Exception):
    """It took too long."""


def written(folder: Path, origin: Origin, *, url: str, engine: str) -> Path:
    listed = "\n".join(FEED_LINE.format(url=each) for each in origin.urls)
    path = folder / "config.yaml"
    path.write_text(CONFIG.format(feeds=listed, engine=engine, url=url, folder=folder, port=0), encoding="utf-8")
    return path


# -- one process -------------------------------------------------------------------------------------


def alone(folder: Path, origin: Origin, *, name: str, url: str, server: Callable[[], float]) -> Row:
    config, before, began = written(folder, origin, url=url, engine="local"), server(), time.monotonic()
    children = os.times()
    subprocess.run(
        [sys.executable, "-m", "monitor", "once", "-c", str(config)], check=True, capture_output=True, timeout=PATIENCE
    )
    wall, ended = time.monotonic() - began, os.times()
    cpu = ended.children_user + ended.children_system - children.children_user - children.children_system
    return Row(name, wall, cpu, server() - before, count(url, ARTICLE))


def count(url: str, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    database = Database(url)
    try:
        counting = sa.select(sa.func.count()).select_from(table).where(*where)
        return database.read(lambda session: session.scalar(counting)) or 0
    finally:
        database.close()


# -- many --------------------------------------------------------------------------------------------


def together(folder: Path, origin: Origin, *, url: str, workers_: int, server: Callable[[], float]) -> Row:
    """Workers are there first, and wait; `run` begins the work."""
    config = written(folder, origin, url=url, engine="procrastinate")
    wanted = len(origin.urls) * origin.entries
    with at_work(config, ["worker"] * workers_) as those:
        wait_until(lambda: alive(url) == workers_)
        before, used, began = server(), used_by(those), time.monotonic()
        with at_work(config, ["run"]) as run:
            wait_until(lambda: count(url, ARTICLE) >= wanted)
            wall = time.monotonic() - began
            cpu = used_by(those) - used + used_by(run)
        return Row(f"{workers_} workers", wall, cpu, server() - before, wanted)


def alive(url: str) -> int:
    database = Database(url)
    try:
        return len(database.read(workers.known)) if database.has_any_table() else 0
    finally:
        database.close()


@contextmanager
def at_work(config: Path, commands: list[str]) -> Iterator[list[int]]:
    those = [
        subprocess.Popen(
            [sys.executable, "-m", "monitor", command, "-c", str(config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield [each.pid for each in those]
    finally:
        for each in those:
            each.terminate()
        for each in those:
            each.wait(timeout=60)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise TooSlow("this takes too long here")
        time.sleep(0.2)


def used_by(pids: list[int]) -> float:
    """CPU seconds of these and of all that they started."""
    return sum(_used(pid) for each in pids for pid in (each, *descendants(each)))


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS  # its own and those of its ended children


def server_cpu(folder: Path) -> Callable[[], float]:
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    return lambda: used_by([postmaster])


# -- handing on --------------------------------------------------------------------------------------


def claims(database: Database, rows: int) -> Iterator[tuple[str, float, float]]:
    now = datetime.now(UTC)
    database.write(_fill, rows, now=now)
    for name, due in (("few due", rows // 900), ("all due", rows)):
        database.write(_make_due, due, now=now)
        spent = sorted(_handed_on(database, now=now) for _ in range(TIMES))
        yield name, statistics.median(spent) * 1000, spent[-1] * 1000


def _fill(session: Session, rows: int, *, now: datetime) -> None:
    session.execute(sa.delete(FEED))
    session.execute(
        sa.text(
            "INSERT INTO feed(url, name, is_active, failures, is_paced, keyed_by, rekeyed, hurry, gaps, breakdowns, polls, claims, due_at) "
            "SELECT 'https://h' || n || '.example/rss', 'f' || n, true, 0, false, 'guid', 0, 0, 0, 0, '', 0, :due FROM generate_series(1, :rows) n"
        ),
        {"rows": rows, "due": now + FAR},
    )
    one = workers.Worker("b", "bench:1", "worker", workers.STAGES, 10_000, "0", now, now)
    workers.beat(session, one, now=now)


def _make_due(session: Session, many: int, *, now: datetime) -> None:
    first = sa.select(FEED.c.id).order_by(FEED.c.id).limit(many)
    session.execute(sa.update(FEED).where(FEED.c.id.in_(first)).values(due_at=now - timedelta(seconds=1)))


class _Enough(Exception):
    """Nothing of it shall stay."""


def _handed_on(database: Database, *, now: datetime) -> float:
    spent = 0.0

    def one(session: Session) -> None:
        nonlocal spent
        stage = Stage("poll", leases.FEEDS, feeds.LEASE, feeds.claim, _nothing)
        began = time.perf_counter()
        taken = hand_on(session, stage=stage, pace=workers.Pace(), now=now, limit=LIMIT)
        spent = time.perf_counter() - began
        assert taken
        raise _Enough

    try:
        database.write(one)
    except _Enough:
        return spent
    raise AssertionError


async def _nothing(_rows: object) -> None:
    """No work."""


# -- the tables --------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=5)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--rows", default="10000,100000")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as folder, own_server(Path(folder)) as server:
        _throughput(Path(folder), server, options)
        _claims(server, [int(rows) for rows in options.rows.split(",")])
    return 0


def _throughput(folder: Path, server: OwnServer, options: argparse.Namespace) -> None:
    print(f"\n{options.feeds} feeds with {options.entries} new entries each")
    print(f"{'':<22}{'wall s':>8}{'CPU s':>8}{'server':>8}{'articles/s':>12}{'ms CPU/article':>16}{'x floor':>9}")
    cpu = server_cpu(folder)
    floor = 0.0
    ways = ["SQLite", "PostgreSQL", *options.workers.split(",")]
    for number, way in enumerate(ways):
        place = folder / str(number)
        place.mkdir()
        url = f"sqlite:///{place}/monitor.db" if way == "SQLite" else _database(server, f"way{number}")
        with running(feeds=options.feeds, entries=options.entries) as origin:
            if way.isdecimal():
                row = together(place, origin, url=url, workers_=int(way), server=cpu)
            else:
                row = alone(place, origin, name=f"alone, {way}", url=url, server=cpu)
        each = 1000 * (row.cpu + row.server) / max(row.articles, 1)
        floor = floor or each
        print(
            f"{row.name:<22}{row.wall:>8.1f}{row.cpu:>8.1f}{row.server:>8.1f}{row.articles / row.wall:>12.1f}"
            f"{each:>16.1f}{each / floor:>9.2f}",
            flush=True,
        )


def _database(server: OwnServer, name: str) -> str:
    server.execute(f"CREATE DATABASE {name}")
    return server.url.replace("/monitor?", f"/{name}?")


def _claims(server: OwnServer, sizes: list[int]) -> None:
    print(f"\nhanding on {LIMIT} feeds, ms")
    print(f"{'feeds':>10}  {'':<8}{'p50':>8}{'worst':>8}")
    for rows in sizes:
        database = Database(_database(server, f"rows{rows}"))
        database.prepare()
        for name, median, worst in claims(database, rows):
            print(f"{rows:>10,}  {name:<8}{median:>8.2f}{worst:>8.2f}", flush=True)
        database.close()


if __name__ == "__main__":
    raise SystemExit(main())
