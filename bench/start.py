"""Starts, and what an idle service takes: seconds and memory, beside floors of the same run.

    python -m bench.start [--repeat 7] [--feeds 100] [--channel json://127.0.0.1:9]

Commands are whole processes, the least of all repetitions, which come in turn so that a busy moment meets all of them.
The floors are Python alone, and Python with the libraries that no command which reads the configuration can do without.

The daemon is started on an empty database, with feeds on one host each. The first poll is when one of them has been
asked. Memory is taken when all were read, and again a while after the last worker process ended: the sum over all
processes of RSS (what they share counted in each) and of PSS (counted once).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measure import Cost, cost_of, descendants
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
START_LIMIT: Final = 30.0
IDLE_LIMIT: Final = 120.0
SETTLED: Final = 5.0


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
    pids = [pid, *descendants(pid)]
    told = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in pids]
    return Memory(len(pids), *(sum(_megabytes(text, what) for text in told) for what in ("Rss", "Pss")))


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
            {"url": url, "name": f"Warta {number}", "allow_private": True, "backlog": "skip"}
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


def daemon(origin: Origin, folder: Path, channel: str) -> list[str]:
    """Its start and its idleness, in lines."""
    configure(folder / "config.yaml", folder, origin.urls, {"terminal": channel})
    command = [PYTHON, "-m", "monitor", "run", "-c", str(folder / "config.yaml")]
    started = time.perf_counter()
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:
        try:
            first = until(lambda: polled(origin) > 0, child, START_LIMIT) - started
            all_read = until(lambda: polled(origin) == origin.feeds, child, START_LIMIT) - started
            time.sleep(1)
            at_work = memory_of(child.pid)
            say("all feeds read; waiting for the workers to end …")
            alone = until(lambda: not descendants(child.pid), child, IDLE_LIMIT) - started - all_read
            time.sleep(SETTLED)
            idle = memory_of(child.pid)
        finally:
            child.terminate()
    return [
        f"start to first poll, empty database:  {first:.2f} s   ({origin.feeds} feeds asked after {all_read:.2f} s)",
        f"all feeds just read:                  {at_work}",
        f"idle, {alone:.0f} s later:                    {idle}",
    ]


def polled(origin: Origin) -> int:
    return origin.counts()["feed 200"]


def until(is_so: Callable[[], bool], child: subprocess.Popen[bytes], limit: float) -> float:
    """When it was so."""
    latest = time.perf_counter() + limit
    while not is_so():
        if child.poll() is not None or time.perf_counter() > latest:
            raise StartError(f"the daemon ended with {child.returncode}, or nothing came of it in {limit:.0f} s")
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
        lines = daemon(origin, Path(folder), options.channel)
    scheme = options.channel.partition(":")[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n")
    print(table(costs))
    print(f"\nmonitor run, {options.feeds} feeds on as many hosts, one channel ({scheme}):")
    print("\n".join(f"  {line}" for line in lines))


if __name__ == "__main__":
    try:
        main()
    except StartError as error:
        sys.exit(str(error))
