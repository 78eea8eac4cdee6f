"""Where we are: a container or not, what is mounted where, which time zones are known."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Mount:
    point: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Where we are; another one is handed in by who wants to see it elsewhere."""

    root: Path = Path("/")
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def is_container(self) -> bool:
        """The image says so itself; the marks of Docker and Podman are for other images."""
        marks = (self.root / mark for mark in (".dockerenv", "run/.containerenv"))
        return "container" in self.environ or any(map(status, marks))

    @property
    def as_root(self) -> str:
        """What a command of root's begins with; of Podman without root the users have other numbers outside."""
        with suppress(OSError):
            same = (self.root / "proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]
            if not same and status(self.root / "run/.containerenv"):
                return "podman unshare"
        return "sudo"

    def knows_zone(self, name: str) -> bool:
        found = status(self.root / "usr/share/zoneinfo" / name)
        return found is not None and stat.S_ISREG(found.st_mode)

    def mount(self, path: Path) -> Mount:
        """What this path lies on; of several at one place the last lies on top."""
        place, found = path.resolve(), Mount(Path("/"), "")
        for mount in self._mounts():
            if place.is_relative_to(mount.point) and len(mount.point.parts) >= len(found.point.parts):
                found = mount
        return found

    def _mounts(self) -> Iterator[Mount]:
        with suppress(OSError):
            for line in (self.root / "proc/self/mountinfo").read_text(errors="surrogateescape").splitlines():
                place, _, source = line.partition(" - ")
                yield Mount(Path(_unescaped(place.split()[4])), source.split()[0])


def _unescaped(place: str) -> str:
    """A blank is written as its number there."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place)


HERE: Final = Machine()


def status(path: Path, *, follow: bool = True) -> os.stat_result | None:
    with suppress(OSError, ValueError):
        return path.stat(follow_symlinks=follow)
    return None
