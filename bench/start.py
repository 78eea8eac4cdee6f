"""Starts, and what an idle service takes: seconds and memory, beside floors of the same run.

    python -m bench.start [--repeat 7] [--feeds 100] [--cores 1] [--memory-mb 512] [--channel json://127.0.0.1:9]

Commands are whole processes, the least of all repetitions, which come in turn so that a busy moment meets all of them.
The floors are Python alone, and Python with the libraries that no command which reads the configuration can do without.

The daemon works on a small machine: one core, and a cgroup of 512 MB where one can be made (else it says so); whoever
needs more is killed there. It starts on an empty database, with feeds on one host each; the first poll is when one of
them has been asked. Then each feed gets three new articles, whose pages are read, judged and stored. Memory is the sum
over all processes of RSS (what they share counted in each) and of PSS (counted once): the most of all looks, and once
more when nothing is new and the worker processes have ended.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import box
from bench.measure import Cost, cost_of, descendants, used
from bench.origin import Origin, running

PYTHON: Final = sys.executable
ROOT: Final = Path(__file__).parents[1]
FLOOR: Final = "python -c 'import pydantic, yaml, typer'"
COMMANDS: Final = {
    "python -c pass": [PYTHON, "-c", "pass"],
    FLOOR: [PYTHON, "-c", "import pydantic, yaml, typer"],
    "monitor --help": [PYTHON, "-m", "monitor", "--help"],
    "monitor check (as shipped)": [PYTHON, "-m", "monitor", "check", "-c", str(ROOT / "config.yaml")],
}
FIVE: Final = (
    "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/-100123456",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/%23general",
    "discord://417429632418316298/JHZ7lQml277CDHmQKMHI8qBe7bk2ZwO5UKjCiOAF7711o33MyqU344Qpgv7YTpadV_js",
    "mailtos://user:password@smtp.example.org?from=watch@example.org&to=ana@example.org",
    "json://127.0.0.1:9/",
)
OFTEN: Final = 0.01  # seconds between looks
START_LIMIT: Final = 60.0
WORK_LIMIT: Final = 300.0
IDLE_LIMIT: Final = 180.0
SETTLED: Final = 5.0
QUIET: Final = 30.0
EVERY: Final = "20s"
NEW: Final = 3  # articles a feed


class StartError(Exception):
    """The daemon did not do what is measured."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Of all processes of one program."""

    processes: int
    rss_mb: float
    pss_mb: float

    def __str__(self) -> str:
        return f"{self.processes} process(es)   RSS {self.rss_mb:.0f} MB   PSS {self.pss_mb:.0f} MB"


def memory_of(pid: int) -> Memory:
    told = []
    for each in (pid, *descendants(pid)):
        with suppress(OSError):  # it ended meanwhile
            told.append(Path(f"/proc/{each}/smaps_rollup").read_text())
    return Memory(len(told), *(sum(_megabytes(text, what) for text in told) for what in ("Rss", "Pss")))


class Highest:
    """The most memory of all looks."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = memory_of(pid)

    def look(self) -> None:
        self._most = max(self._most, memory_of(self._pid), key=lambda memory: memory.pss_mb)

    def __str__(self) -> str:
        return f"{self._most} at most"


def _megabytes(told: str, what: str) -> float:
    found = re.search(rf"^{what}:\s+(\d+) kB", told, re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


# -- commands ------------------------------------------------------------------------------------


def least(repeat: int, commands: dict[str, list[str]]) -> dict[str, Cost]:
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            costs[name].append(cost_of(command))
    return {name: min(measured, key=lambda cost: cost.wall) for name, measured in costs.items()}


def commands_in(folder: Path) -> dict[str, list[str]]:
    channels = {f"c{number}": url for number, url in enumerate(FIVE)}
    configure(folder / "five.yaml", folder, ["http://127.0.0.1:9/"], channels)
    five = [PYTHON, "-m", "monitor", "check", "-c", str(folder / "five.yaml")]
    return COMMANDS | {"monitor check (5 Apprise channels)": five}


# -- the daemon ----------------------------------------------------------------------------------


def configure(file: Path, folder: Path, urls: Sequence[str], channels: dict[str, str]) -> None:
    settings = {
        "channels": channels,
        "feeds": [
            {"url": url, "name": f"Warta {number}", "allow_private": True, "backlog": "skip", "every": EVERY}
            for number, url in enumerate(urls)
        ],
        "topics": [{"name": "Korea Utara Rusia"}],
        "alerts": {"channels": list(channels)},
        "storage": {"url": f"sqlite:///{folder / 'monitor.db'}", "archive": str(folder / "articles")},
        "web": {"listen": f"127.0.0.1:{free_port()}"},
    }
    file.write_text(json.dumps(settings))  # JSON is YAML


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def daemon(origin: Origin, folder: Path, options: argparse.Namespace) -> list[str]:
    """Its start, its work and its idleness on a small machine, in lines."""
    configure(folder / "config.yaml", folder, origin.urls, {"terminal": options.channel})
    limits = [f"--cores={options.cores}", f"--memory-mb={options.memory_mb}"]
    run = [PYTHON, "-m", "monitor", "run", "-c", str(folder / "config.yaml")]
    command = [PYTHON, "-m", "bench.box", *limits, "--", *run]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:
        try:
            return list(_measured(child, origin, folder / "monitor.db"))
        finally:
            child.terminate()
            child.wait()
            box.clear()


def _measured(child: subprocess.Popen[bytes], origin: Origin, database: Path) -> Iterator[str]:
    started = time.perf_counter()
    first = until(lambda: polled(origin) > 0, child, START_LIMIT) - started
    yield f"start to first poll, empty database:   {first:.2f} s"
    highest = Highest(child.pid)
    feeds_read = until(lambda: polled(origin) == origin.feeds, child, START_LIMIT, highest.look) - started
    yield f"all feeds asked, after {feeds_read:5.1f} s:        {highest}"
    stored, new = articles(database), origin.add(1.0, NEW)
    highest, added_at, spent = Highest(child.pid), time.perf_counter(), used(child.pid)
    until(lambda: articles(database) >= stored + new, child, WORK_LIMIT, highest.look)
    took, cpu = time.perf_counter() - added_at, used(child.pid) - spent
    yield f"{new} new articles, {took:5.1f} s, {cpu:5.1f} s CPU: {highest}"
    say("all is read; waiting for the workers to end …")
    until(lambda: not descendants(child.pid), child, IDLE_LIMIT)
    time.sleep(SETTLED)
    spent = used(child.pid)
    time.sleep(QUIET)
    busy = (used(child.pid) - spent) / QUIET
    yield f"idle, feeds asked every {EVERY}:           {memory_of(child.pid)}   {100 * busy:.1f} % of a core"


def polled(origin: Origin) -> int:
    return origin.counts()["feed 200"]


def articles(database: Path) -> int:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        [count] = connection.execute("SELECT count(*) FROM article").fetchone()
    return int(count)


def until(
    is_so: Callable[[], bool], child: subprocess.Popen[bytes], limit: float, meanwhile: Callable[[], None] | None = None
) -> float:
    """When it was so."""
    latest = time.perf_counter() + limit
    while not is_so():
        if child.poll() is not None or time.perf_counter() > latest:
            raise StartError(f"the daemon ended with {child.returncode}, or nothing came of it in {limit:.0f} s")
        if meanwhile is not None:
            meanwhile()
        time.sleep(OFTEN)
    return time.perf_counter()


# -- the table -----------------------------------------------------------------------------------


def table(costs: dict[str, Cost]) -> str:
    floor = costs[FLOOR]
    lines = [f"{'':<44}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'CPU/floor':>11}"]
    for name, cost in costs.items():
        lines.append(f"{name:<44}{cost.wall:>8.3f}{cost.cpu:>8.3f}{cost.peak_mb:>9.0f}{cost.cpu / floor.cpu:>11.1f}")
    return "\n".join(lines)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.start", description="Starts, and an idle service.")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--memory-mb", type=int, default=512)
    parser.add_argument("--channel", default=FIVE[-1], help="console, or an Apprise URL, which loads Apprise")
    return parser.parse_args()


def main() -> None:
    options = asked()
    with tempfile.TemporaryDirectory() as folder:
        costs = least(options.repeat, commands_in(Path(folder)))
    with (
        running(feeds=options.feeds, entries=30, ports=options.feeds) as origin,
        tempfile.TemporaryDirectory() as folder,
    ):
        lines = daemon(origin, Path(folder), options)
    scheme = options.channel.partition(":")[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n")
    print(table(costs))
    print(f"\nmonitor run, {options.feeds} feeds on as many hosts, one channel ({scheme}), on a small machine")
    print(f"({options.cores} core(s), {options.memory_mb} MB; the feeds are served by another core):")
    print("\n".join(f"  {line}" for line in lines))


if __name__ == "__main__":
    try:
        main()
    except StartError as error:
        sys.exit(str(error))
