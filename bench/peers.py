"""Who is measured: this program, the library `reader`, and bare requests as the floor.

Each is a command run from its start to its end, and each can be asked afterwards how many entries it stores, so that a
quick wrong run is caught.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from bench.measure import Cost, cost_of
from bench.prose import RARE


class WrongRunError(Exception):
    """A run ended well but did not do what was asked of it."""


def alone(cost: Cost) -> Cost:
    """The round without the start of its process, as the process itself says it on its last line."""
    said = json.loads(cost.output.splitlines()[-1])
    return replace(
        cost, cpu=said["cpu"], wall=said["wall"], rest=said.get("rest", 0.0), main_mb=said.get("main_mb", 0.0)
    )


class Peer(Protocol):
    """One of those who are measured, with a folder of its own."""

    @property
    def name(self) -> str: ...

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        """What it needs to know before its first round; not measured."""

    def round(self, folder: Path) -> Cost:
        """Every feed, once."""

    def entries(self, folder: Path) -> int | None:
        """How many it stores by now; None: it stores none."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """This program, a round as `monitor once --all` has it, on SQLite, with one topic that one entry in a hundred matches."""

    full_text: Literal["never", "always"] = "never"
    backlog: Literal["alert", "skip"] = "alert"  # alert: the first round reads and judges every entry

    @property
    def name(self) -> str:
        return "monitor"

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        feed = {"full_text": self.full_text, "backlog": self.backlog, "allow_private": True}
        settings = {
            "channels": {"terminal": "console"},
            "feeds": [{"url": url, "name": f"Warta {number}", **feed} for number, url in enumerate(urls)],
            "topics": [{"name": "Rare", "any": [RARE]}],
            "alerts": {"channels": ["terminal"], "wait": "0s", "limit": "off"},
            "storage": {"url": f"sqlite:///{folder / 'monitor.db'}", "archive": str(folder / "articles")},
        }
        (folder / "config.yaml").write_text(json.dumps(settings, indent=1))  # JSON is YAML

    def round(self, folder: Path) -> Cost:
        cost = alone(cost_of([sys.executable, "-m", "bench.ours", str(folder / "config.yaml")]))
        if json.loads(cost.output)["failed"]:
            raise WrongRunError(f"monitor: {cost.output}")
        return cost

    def entries(self, folder: Path) -> int | None:
        """Entries, and with `backlog: alert` an article of each."""
        with closing(sqlite3.connect(folder / "monitor.db")) as database:
            (entries,) = database.execute("SELECT count(*) FROM entry").fetchone()
            (articles,) = database.execute("SELECT count(*) FROM article").fetchone()
        if self.backlog == "alert" and articles != entries:
            raise WrongRunError(f"monitor stores {entries} entries, but {articles} articles")
        return int(entries)


@dataclass(frozen=True, slots=True)
class Reader:
    """The library `reader`: entries stored, nobody told."""

    @property
    def name(self) -> str:
        return "reader"

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        listed = folder / "feeds.txt"
        listed.write_text("\n".join(urls))
        self._run("add", folder, str(listed))

    def round(self, folder: Path) -> Cost:
        return alone(self._run("update", folder))

    def entries(self, folder: Path) -> int | None:
        return int(self._run("count", folder).output)

    def _run(self, verb: str, folder: Path, *rest: str) -> Cost:
        return cost_of([sys.executable, "-m", "bench.rival", verb, str(folder / "reader.sqlite"), *rest])


@dataclass(frozen=True, slots=True)
class Floor:
    """Bare requests: nothing parsed, nothing stored."""

    @property
    def name(self) -> str:
        return "floor"

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "feeds.txt").write_text("\n".join(urls))

    def round(self, folder: Path) -> Cost:
        asked = [sys.executable, "-m", "bench.floor", str(folder / "etags.json"), str(folder / "feeds.txt")]
        return alone(cost_of(asked))

    def entries(self, folder: Path) -> int | None:  # noqa: ARG002 - the floor has a folder, but no entries in it
        return None


def monitor_is_there() -> bool:
    asked = subprocess.run([sys.executable, "-m", "monitor", "once", "--help"], capture_output=True, check=False)
    return asked.returncode == 0


def reader_is_there() -> bool:
    return importlib.util.find_spec("reader") is not None
