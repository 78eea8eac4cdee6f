"""Processes that are started quickly, to be killed (crash_child.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

CHECKOUT: Final = Path(__file__).parents[2]


class Victim:
    """Calls one function again and again, each time in another process."""

    def __init__(self, told: IO[str], heard: IO[str]) -> None:
        self._told, self._heard = told, heard

    def start(self, **arguments: object) -> int:
        """The id of the process."""
        self._told.write(json.dumps(arguments) + "\n")
        self._told.flush()
        return int(self._heard.readline())

    def ended(self) -> int:
        """How the last one ended, once it has; -9: it was killed."""
        return int(self._heard.readline())


@contextmanager
def victim(function: Callable[..., None], *, log: int | IO[bytes] = subprocess.DEVNULL) -> Iterator[Victim]:
    command = [sys.executable, "-m", "tests.work.crash_child", function.__module__, function.__name__]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield Victim(child.stdin, child.stdout)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
