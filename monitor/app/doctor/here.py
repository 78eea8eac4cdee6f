"""This machine: versions, rights, disks, memory, the daemon, the clock."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from monitor.app import places
from monitor.app.doctor.finding import Finding, lasting, parted, said, size
from monitor.app.machine import Machine
from monitor.settings import Settings
from monitor.work.heartbeat import Heartbeat
from monitor.work.watch import disks_of

MEGABYTE: Final = 1_000_000
TAKEN: Final = 250 * MEGABYTE  # by a service with a hundred feeds, at most (docs/operations.md)
SPARE: Final = 50 * MEGABYTE  # while it runs already
UNLIMITED: Final = 1 << 60  # what version 1 of cgroups says where there is no limit
OFF: Final = timedelta(minutes=1)


def versions(engine: str) -> Iterator[Finding]:
    try:
        ours = version("news-monitor")
    except PackageNotFoundError:
        ours = "of unknown version"
    yield Finding("versions", "ok", f"monitor {ours}, Python {platform.python_version()}, {engine}")


def rights(settings: Settings, *, now: datetime, machine: Machine) -> Iterator[Finding]:
    """Little is really written, and gone again at once."""
    lines = places.unwritable(settings, now=now, machine=machine)
    yield from (parted("rights", "wrong", line) for line in lines)
    if not lines:
        yield Finding("rights", "ok", "the folders of the database and the archive can be written")


def disk(settings: Settings, *, machine: Machine) -> Iterator[Finding]:
    if line := places.far_away(settings, machine):
        yield parted("disk", "look", line)
    for each in disks_of(settings.storage):
        free = f"{size(each.free)} of {size(each.size)} are free"
        if each.is_low(is_known=False):
            do = "make room, or keep less (storage.keep); when nothing more can be written, nothing is read or told"
            yield Finding("disk", "look" if each.free > places.LOW else "wrong", free, each.name, do)
        else:
            yield Finding("disk", "ok", free, each.name)


# -- memory --------------------------------------------------------------------------------------


def memory(*, is_running: bool, machine: Machine) -> Iterator[Finding]:
    free = min(filter(None, (_of_machine(machine.root), _of_group(machine.root))), default=None)
    if free is None:
        return
    wanted = SPARE if is_running else TAKEN
    what = f"{size(free)} are free"
    if free >= wanted:
        yield Finding("memory", "ok", what)
        return
    do = f"monitor takes some {TAKEN // MEGABYTE} MB with a hundred feeds: stop what else runs here, or give it more"
    yield Finding("memory", "look", what, do=do)


def _of_machine(root: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in (root / "proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _of_group(root: Path) -> int | None:
    """What the limit of a container leaves; both versions of cgroups."""
    groups = root / "sys/fs/cgroup"
    names = (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"))
    for limit, used in names:
        with suppress(OSError, ValueError):
            most = int((groups / limit).read_text())
            return max(most - int((groups / used).read_text()), 1) if most < UNLIMITED else None
    return None


# -- daemon and clock ----------------------------------------------------------------------------


def daemon(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    heartbeat = Heartbeat(settings.storage.heartbeat)
    last = heartbeat.last
    if heartbeat.is_on_time(now=now):
        yield Finding("daemon", "ok", "monitor runs, and looks for work")
    elif last is None:
        yield Finding("daemon", "look", "monitor does not run", do="say monitor run, or start its service")
    else:
        what = f"monitor was killed, or hangs: it last looked for work at {said(last, settings.timezone, now=now)}"
        yield Finding("daemon", "wrong", what, do="start it again; its log says what it did last")


def clock(settings: Settings, *, now: datetime, machine: Machine) -> Iterator[Finding]:
    lines = places.clock_oddities(settings, now=now, machine=machine)
    yield from (parted("clock", "wrong" if now < places.EARLIEST else "look", line) for line in lines)
    if not lines:
        local = now.astimezone(settings.timezone)
        yield Finding("clock", "ok", f"it is {local:%Y-%m-%d %H:%M} in {settings.timezone.key}")


def against(off: timedelta | None, whose: str) -> Iterator[Finding]:
    """`off`: by how much their clock is ahead of ours."""
    if off is None:
        return
    if abs(off) <= OFF:
        yield Finding("clock", "ok", f"it agrees with {whose}")
        return
    what = f"this clock is {lasting(abs(off))} {'behind' if off > timedelta(0) else 'ahead of'} {whose}"
    yield Finding("clock", "wrong", what, do="set it: sudo timedatectl set-ntp true (in a container: on the host)")
