"""A folder as a new user has it: a configuration, the seeds, nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import structlog

from monitor.app.configuration import configuration
from monitor.app.house import Ground
from monitor.app.round import Summary
from monitor.app.round import once as one_round
from monitor.cli import main
from tests.prepared import prepared
from tests.work.desk import InThread

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


@dataclass(frozen=True, slots=True)
class Monitor:
    """Runs commands in this process: the same as the script does, but for the start of Python."""

    home: Path
    patch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        for name, value in variables.items():
            self.patch.setenv(name, value)
        self.patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = main(arguments)
        return Ended(out.getvalue(), err.getvalue(), status)

    def round(self, *, every_feed: bool = False) -> Summary:
        """What `once` does, without the start of a process that parses, for tests that are about what comes after it."""
        wanted = configuration(self.home / "config.yaml", environ=os.environ)
        path = wanted.settings.storage.path
        assert path is not None
        with closing(prepared(self.home / path)) as database, redirect_stderr(StringIO()):
            ground = Ground(wanted, database, StringIO(), cpu=InThread())
            return asyncio.run(one_round(ground, all_feeds=every_feed))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "config.yaml").write_text(SMALL)
    return tmp_path


@pytest.fixture
def monitor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    """Commands in that folder."""
    monkeypatch.chdir(home)
    yield Monitor(home, monkeypatch)
    structlog.reset_defaults()  # a command sets up its log for the rest of its process
