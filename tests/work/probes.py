"""What the tests let a worker process do. It imports next to nothing, so that a worker loads no more for it."""

from __future__ import annotations

import os
import signal
import sys
import time

from monitor.errors import ParseError


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def process_id_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def eat(size: int) -> int:
    return len(bytearray(size))


def refuse() -> None:
    raise ParseError("not a feed: it is a poem")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nest() -> None:
    nest()


def process_id() -> int:
    return os.getpid()


def loaded() -> frozenset[str]:
    """The packages this process has loaded."""
    return frozenset(name.partition(".")[0] for name in sys.modules)


def memory() -> int:
    """Resident bytes of this process, by now."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # pathlib would be loaded for it
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
