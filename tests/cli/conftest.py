"""A folder as a new user has it: a configuration, the seeds, nothing else."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import structlog

from monitor.cli import main

ROOT = Path(__file__).parents[2]

SMALL = """\
timezone: Asia/Jakarta
language: id
channels: {terminal: console}
feeds: [seeds/]
aliases:
  Korea Utara: [Korut, DPRK, Pyongyang, North Korea]
  Rusia: [Moskow, Kremlin, Russia]
topics:
  - name: Korea Utara Rusia
alerts: {channels: [terminal], wait: 10s}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and how it ended."""

    out: str
    err: str
    status: int

    @property
    def lines(self) -> list[Any]:
        """Of `--json`: an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Monitor = Callable[..., Ended]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "config.yaml").write_text(SMALL)
    return tmp_path


@pytest.fixture
def monitor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    """Run a command there, in this process: the same as the script does, but for the start of Python."""
    monkeypatch.chdir(home)

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = main(arguments)
        return Ended(out.getvalue(), err.getvalue(), status)

    yield run
    structlog.reset_defaults()  # a command sets up its log for the rest of its process
