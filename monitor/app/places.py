"""What must be right on this machine before the work starts: the folders, whose they are, and the clock."""

from __future__ import annotations

import errno
import os
import re
import shlex
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.app.machine import HERE, Machine, status
from monitor.settings import Settings
from monitor.store.backup import copies_of, way_back
from monitor.work.heartbeat import Heartbeat

EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a clock that says less was never set
BACK: Final = timedelta(minutes=5)
LOW: Final = 50_000_000  # bytes
TRIAL: Final = bytes(65536)

# What others use too must not become ours by a `chown -R`.
SHARED: Final = re.compile(r"/+([^/]*|(home|usr|var)/[^/]*)")
FAR_AWAY: Final = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|fuse\.(sshfs|s3fs|rclone|glusterfs|ceph\w*|smbnetfs|curlftpfs)"
)
SPELT_OUT: Final = re.compile(r"(<[^>]+>|[A-Za-z]{3,})[+-]?\d")  # a zone such as WIB-7


def problems(settings: Settings, *, now: datetime, machine: Machine = HERE) -> list[str]:
    """Each a line that says what is wrong and what to type; with any of them there is no point in starting."""
    clock = [_unset_clock(now, machine)] if now < EARLIEST else []
    return [*clock, *unwritable(settings, now=now, machine=machine), *_emptied(settings)]


def unwritable(settings: Settings, *, now: datetime, machine: Machine = HERE) -> list[str]:
    """What keeps us from writing where we must."""
    return [_in_words(trouble, machine) for trouble in _troubles(settings, now)]


def _emptied(settings: Settings) -> Iterator[str]:
    """A file without a byte beside what was archived: a crash of the machine, or a full disk, may leave that behind.

    To begin anew would tell again what was told.
    """
    file, archive = database_file(settings), Path(settings.storage.archive)
    found = status(file) if file else None
    if file is None or found is None or found.st_size or status(file.with_name(f"{file.name}-wal")):
        return
    days: list[Path] = []
    with suppress(OSError):  # it is not there, or closed to us, which is told elsewhere
        days = [day for day in archive.iterdir() if _is_folder(day)]
    if days or copies_of(file):
        yield f"{file} is empty, though much was archived: {way_back(file)}"


def clock_oddities(settings: Settings, *, now: datetime, machine: Machine = HERE) -> list[str]:
    """What can be seen of the clock without another one."""
    unset = _unset_clock(now, machine) if now < EARLIEST else ""
    return [line for line in (unset, _clock_went_back(settings, now, machine), _unknown_zone(machine)) if line]


def warnings(settings: Settings, *, now: datetime, machine: Machine = HERE) -> list[str]:
    """What works for now; each a line that says what may come of it and what to do."""
    grounds = dict.fromkeys(_ground(folder) for folder in _folders(settings))
    disks = {found.st_dev: ground for ground in grounds if (found := status(ground))}
    lines = (
        *map(little_room, disks.values()),
        far_away(settings, machine),
        _clock_went_back(settings, now, machine),
        _unknown_zone(machine),
    )
    return [line for line in lines if line]


# -- which places --------------------------------------------------------------------------------


def database_file(settings: Settings) -> Path | None:
    """Where the SQLite file is; None for PostgreSQL and for a database in memory."""
    return path.absolute() if (path := settings.storage.path) else None


def _folders(settings: Settings) -> tuple[Path, Path]:
    """That of the database, where it is a file, and that of the archive."""
    archive, file = Path(settings.storage.archive).absolute(), database_file(settings)
    return file.parent if file else archive, archive


def _files(settings: Settings) -> list[Path]:
    """What a run before this one may have left beside the database, or of its heartbeat alone."""
    file, beat = database_file(settings), settings.storage.heartbeat.absolute()
    own = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", ".lock")] if file else []
    return [*own, beat]


def ours(settings: Settings) -> tuple[Path, ...]:
    """What we write again and again, wherever it lies."""
    file, draft = database_file(settings), Heartbeat(settings.storage.heartbeat).draft
    journal = [file.with_name(f"{file.name}-journal")] if file else []
    return (*_files(settings), *journal, draft)


def _ground(folder: Path) -> Path:
    """It, or the folder in which it would be made."""
    return next((path for path in (folder, *folder.parents) if status(path, follow=False)), folder)


# -- what keeps us from writing ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trouble:
    paths: tuple[Path, ...]  # what can't be written
    error: int
    wanted: Path | None = None  # the folder that is to be made in there


def _troubles(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """What lies in a folder that is in trouble is not named again."""
    folder, archive = _folders(settings)
    today = archive / now.astimezone(settings.timezone).date().isoformat()
    named: list[Path] = []
    left = _files(settings)
    for trouble in (_try(folder), _folder_instead(left), _closed(*left), _try(archive), _closed(today)):
        if trouble and not any(trouble.paths[0].is_relative_to(path) for path in named):
            named += trouble.paths
            yield trouble


def _try(folder: Path) -> Trouble | None:
    """Write a little into it, or where it would be made."""
    ground = _ground(folder)
    wanted = None if ground == folder else folder
    if not _is_folder(ground):
        return Trouble((ground,), errno.ENOTDIR, wanted)
    try:
        # It has no name where the file system can do without, else it is gone when it is closed.
        with tempfile.TemporaryFile(dir=ground) as file:
            file.write(TRIAL)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Trouble((ground,), error.errno or 0, wanted)
    return None


def _closed(*paths: Path) -> Trouble | None:
    """Leftovers that are not ours, though their folder is."""
    closed = tuple(path for path in paths if status(path) and not os.access(path, os.R_OK | os.W_OK))
    return Trouble(closed, errno.EACCES) if closed else None


def _folder_instead(paths: list[Path]) -> Trouble | None:
    """A container engine makes a folder of a file that it should mount and does not find."""
    folders = tuple(filter(_is_folder, paths))
    return Trouble(folders, errno.EISDIR) if folders else None


def _is_folder(path: Path) -> bool:
    found = status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


# -- in words ------------------------------------------------------------------------------------


def _in_words(trouble: Trouble, machine: Machine) -> str:
    path = trouble.paths[0]
    match trouble.error:
        case errno.EACCES | errno.EPERM:
            return _not_ours(trouble, machine)
        case errno.EROFS:
            return f"{path} is read-only: {_made_writable(trouble.wanted or path, machine)}"
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path} has no room left: delete what is not needed; {_do('df -h', (path,), machine)}"
        case errno.ENOTDIR:
            away = (path, path.with_name(f"{path.name}.old"))
            return f"{path} is a file, and should be a folder: move it away; {_do('mv', away, machine)}"
        case errno.EISDIR:
            return f"{path} is a folder, and should be a file: take it away; {_do('rmdir', (path,), machine)}"
        case _:
            return f"{path} can't be written: {os.strerror(trouble.error)}"


def _made_writable(folder: Path, machine: Machine) -> str:
    if machine.is_container:
        return f"take ':ro' from its volume, or mount a volume at {folder}"
    return f"mount it to be written; a systemd unit must name {folder} in ReadWritePaths="


def _not_ours(trouble: Trouble, machine: Machine) -> str:
    path, found = trouble.paths[0], trouble.paths[0].stat()
    uid, gid = os.geteuid(), os.getegid()
    if found.st_uid == uid and found.st_mode & stat.S_IWUSR:
        return f"{path} is ours and can't be written: where SELinux is on, add ':Z' to its volume"
    if found.st_uid == uid:
        return f"{path} is ours, and its mode forbids to write; {_do('chmod -R u+rwX', trouble.paths, machine)}"
    they = f"belongs to user {found.st_uid}, and monitor runs as {uid}:{gid}"
    if trouble.wanted:
        make = _do(f"{machine.as_root} install -d -o {uid} -g {gid}", (trouble.wanted,), machine)
        return f"{trouble.wanted} can't be made, as {path} {they}; {make}"
    if SHARED.fullmatch(str(path.resolve())) and not machine.is_container:
        return f"{path} {they}; name a folder of its own in storage, in config.yaml"
    return f"{path} {they}; {_do(f'{machine.as_root} chown -R {uid}:{gid}', trouble.paths, machine)}"


def _do(command: str, paths: tuple[Path, ...], machine: Machine) -> str:
    """What to type, and where: in a container nobody may, and the folder has another name outside."""
    if not machine.is_container:
        return f"type: {command} {shlex.join(map(str, paths))}"
    mounts = {path: mount for path in paths if (mount := machine.mount(path).point) != Path("/")}
    if not mounts:
        return f"mount a volume at {paths[0]}"
    outside = (f"./{path.resolve().relative_to(mount.parent)}" for path, mount in mounts.items())
    return f"type on the host, for the folder that is mounted there: {command} {shlex.join(outside)}"


def little_room(ground: Path, *, low: int = LOW) -> str:
    """Empty, where there is enough."""
    with suppress(OSError):
        disk = os.statvfs(ground)
        if (free := disk.f_bavail * disk.f_frsize) < low:
            return f"only {free // 1_000_000} MB are free where {ground} is; type: df -h {shlex.quote(str(ground))}"
    return ""


def far_away(settings: Settings, machine: Machine) -> str:
    """Empty, where the database is on a disk of this machine."""
    file = database_file(settings)
    if file is None or not FAR_AWAY.fullmatch(kind := machine.mount(file).kind):
        return ""
    return (
        f"{file} is on a network file system ({kind}), where SQLite may lose or damage it: "
        "name a file on a disk of this machine in storage.url, or PostgreSQL"
    )


def _unset_clock(now: datetime, machine: Machine) -> str:
    return f"the clock says {now:%Y-%m-%d %H:%M} UTC, and was never set; {_set_clock(machine)}"


def _clock_went_back(settings: Settings, now: datetime, machine: Machine) -> str:
    written = [found.st_mtime for path in _files(settings) if (found := status(path))]
    if not written or (last := datetime.fromtimestamp(max(written), UTC)) <= now + BACK:
        return ""
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} UTC, and the database was last written at {last:%Y-%m-%d %H:%M}: "
        f"what is due waits until then; if the clock is wrong, {_set_clock(machine)}"
    )


def _set_clock(machine: Machine) -> str:
    where = " on the host" if machine.is_container else ""
    return f"set it, type{where}: sudo timedatectl set-ntp true"


def _unknown_zone(machine: Machine) -> str:
    """The log's times are the C library's, which says nothing of a zone that it does not know."""
    zone = machine.environ.get("TZ", "")
    name = zone.removeprefix(":")
    if not name or SPELT_OUT.match(name) or machine.knows_zone(name):
        return ""
    return (
        f"TZ is '{zone}', which this machine does not know, so the log's times are UTC; write one such as Asia/Jakarta"
    )
