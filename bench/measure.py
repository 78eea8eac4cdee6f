"""What a command and all its children cost: CPU seconds, wall seconds, peak memory.

The command runs under a small process that adopts its orphans (Linux), so that worker processes count even if nobody
waited for them. CPU is exact (user and system, from the kernel, of every process); memory is the highest sum of the
resident sizes of all its processes, looked at every 20 ms (what they share is counted in each).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ADOPT_ORPHANS: Final = 36  # PR_SET_CHILD_SUBREAPER
LOOK_EVERY: Final = 0.02
GRACE: Final = 5.0  # how long orphans may outlive the command


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak_mb: float
    output: str = ""  # what it said on stdout
    rest: float = 0.0  # CPU seconds of what others do not do
    main_mb: float = 0.0  # the peak of its main process


class CommandError(Exception):
    """The measured command did not end well; the text holds the end of what it said."""


def cost_of(command: Sequence[str], *, timeout: float = 3600) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        report, said, errors = (Path(folder) / name for name in ("report", "stdout", "stderr"))
        under = [sys.executable, "-m", "bench.measure", str(report), *command]
        with said.open("wb") as stdout, errors.open("wb") as stderr:
            ended = subprocess.run(under, stdout=stdout, stderr=stderr, timeout=timeout, check=False)
        if ended.returncode:
            tail = errors.read_text(errors="replace")[-2000:]
            raise CommandError(f"{' '.join(command)} ended with {ended.returncode}:\n{tail}")
        return Cost(**json.loads(report.read_text()), output=said.read_text())


def main(report: Path, command: list[str]) -> int:
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    peak = Peak()
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    peak.watch()
    status = _wait_for(child)
    wall = time.perf_counter() - started
    _reap_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    largest = max(peak.bytes, used.ru_maxrss * 1024)
    cost = Cost(used.ru_utime + used.ru_stime, wall, largest / 1e6)
    report.write_text(
        json.dumps({name: value for name, value in asdict(cost).items() if name in {"cpu", "wall", "peak_mb"}})
    )
    return os.waitstatus_to_exitcode(status)


def _wait_for(child: int) -> int:
    """Reaps whatever ends until it is the command itself."""
    while True:
        pid, status = os.wait()
        if pid == child:
            return status


def _reap_orphans() -> None:
    deadline = time.monotonic() + GRACE
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            continue
        if time.monotonic() > deadline:
            for left in descendants():
                os.kill(left, signal.SIGKILL)
        time.sleep(LOOK_EVERY)


class Peak:
    """The highest sum of the resident sizes of all descendants of this process."""

    def __init__(self) -> None:
        self.bytes = 0

    def watch(self) -> None:
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self.bytes = max(self.bytes, sum(map(_resident, descendants())))
            time.sleep(LOOK_EVERY)


class Lap:
    """CPU and wall seconds from here on, of this process and all that it starts."""

    def __init__(self) -> None:
        self._cpu, self._wall = _spent(), time.perf_counter()

    def so_far(self) -> dict[str, float]:
        return {"cpu": round(_spent() - self._cpu, 3), "wall": round(time.perf_counter() - self._wall, 3)}


def _spent() -> float:
    """Of those that still run, the kernel tells by the hundredth."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(map(_used, descendants()))


def used(pid: int) -> float:
    """CPU seconds so far, of a process, of those that it started and of those of them that ended, by the hundredth."""
    return sum(map(_used, (pid, *descendants(pid))))


def _used(pid: int) -> float:
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, said[11:15])) / os.sysconf("SC_CLK_TCK")


def descendants(of: int | None = None) -> list[int]:
    """All children and theirs, of this process or another."""
    found: list[int] = []
    waiting = [of or os.getpid()]
    while waiting:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def _children(pid: int) -> list[int]:
    """A process is listed under that of its parent's threads which started it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended while we looked
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
