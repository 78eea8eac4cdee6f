"""A copy of all that is remembered, made while others work; and the way back.

SQLite copies itself (`VACUUM INTO`: one reading transaction, nobody waits); of PostgreSQL its own tools make the copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.errors import UsageError
from monitor.model import DeliveryState
from monitor.store.migrations import HEAD, NEWER
from monitor.store.tables import DELIVERY
from monitor.text import one_line

BESIDE: Final = ("-wal", "-shm")  # what belongs to a file of SQLite
REPLACED: Final = ".replaced-"  # and when
BEFORE: Final = ".before-"  # and the revision that it was brought to: a copy made on the way


# -- SQLite ------------------------------------------------------------------------------------------


def copy_file(database: Path, to: Path) -> None:
    """Whole or not at all: it gets its name when it is on the disk. UsageError where it can't be made."""
    draft = to.with_name(f".{to.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(database, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        _sync(draft)
        draft.replace(to)
    except (sqlite3.Error, OSError) as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"the copy {to} can't be made: {_in_words(error)}") from error


def look_into(copy: Path) -> str:
    """The revision of its tables. UsageError where it is no sound database of ours, or one of a newer version."""
    if not copy.is_file():
        raise UsageError(f"there is no file {copy}")
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            [wrong] = connection.execute("PRAGMA quick_check(1)").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise UsageError(f"{copy} is no copy of a monitor's database: {one_line(str(error))}") from error
    if wrong != "ok":
        raise UsageError(f"{copy} is damaged: {one_line(str(wrong))}")
    revision = str(row[0]) if row else ""
    if revision > HEAD:
        raise UsageError(f"{copy}: {NEWER}")
    return revision


def put_back(copy: Path, database: Path, *, now: datetime) -> Path | None:
    """The copy in place of the database, which is kept under another name; that name."""
    look_into(copy)
    kept = None
    draft = database.with_name(f".{database.name}.part")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, draft)
        _sync(draft)
        if database.exists():
            kept = database.with_name(f"{database.name}{REPLACED}{now:%Y%m%d-%H%M%S}")
            for end in ("", *BESIDE):
                _move(database.with_name(database.name + end), kept.with_name(kept.name + end))
        draft.replace(database)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{database} can't be replaced: {_in_words(error)}") from error
    return kept


def copies_of(database: Path) -> list[Path]:
    """Whole ones that lie beside it: of an upgrade, or what a copy was put in place of."""
    found = [*database.parent.glob(f"{database.name}{BEFORE}*"), *database.parent.glob(f"{database.name}{REPLACED}*")]
    return sorted(copy for copy in found if not copy.name.endswith(BESIDE))


def way_back(database: Path) -> str:
    """What to do where a database is damaged or gone."""
    copies = ", ".join(str(copy) for copy in copies_of(database))
    beside = f" (beside it lies {copies})" if copies else ""
    return f"put a copy back: monitor restore FILE{beside}; without one, move it away, and the next start begins anew"


def copy_before_upgrade(database: Path) -> None:
    """What an upgrade spoils can be had back; the copy of the upgrade before this one goes."""
    copy = database.with_name(f"{database.name}{BEFORE}{HEAD}")
    if not copy.exists():  # else it is of this upgrade, which was cut off
        copy_file(database, copy)
    for other in database.parent.glob(f"{database.name}{BEFORE}*"):
        if other != copy:
            other.unlink(missing_ok=True)


def _move(file: Path, to: Path) -> None:
    if file.exists():
        file.replace(to)


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _in_words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or one_line(str(error))


# -- PostgreSQL --------------------------------------------------------------------------------------


def dump(url: sa.URL, to: Path) -> None:
    """In the format of pg_dump, for pg_restore."""
    draft = to.with_name(f".{to.name}.part")
    _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
    draft.replace(to)


def undump(copy: Path, url: sa.URL) -> None:
    """Into a database that is empty: all of it, or nothing."""
    if not copy.is_file():
        raise UsageError(f"there is no file {copy}")
    _run(url, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(copy))


def _run(url: sa.URL, tool: str, *arguments: str) -> None:
    if (found := shutil.which(tool)) is None:
        raise UsageError(f"{tool} is not there; install the client tools of PostgreSQL (postgresql-client)")
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    login = {"PGPASSWORD": str(url.password)} if url.password else {}
    # What is run is PostgreSQL's own tool; its password never stands among its arguments, which others can read.
    ended = subprocess.run(  # noqa: S603
        [found, f"--dbname={shown}", *arguments],
        env={**os.environ, **login},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise UsageError(f"{tool} failed: {one_line(ended.stderr)[:300] or ended.returncode}")


# -- after the way back ------------------------------------------------------------------------------


def doubt_what_waits(session: Session) -> int:
    """What waited when the copy was made may have gone since: it goes and says that it may come twice. How many."""
    waiting = DELIVERY.c.state == DeliveryState.WAITING
    doubted = sa.update(DELIVERY).where(waiting, DELIVERY.c.silences == 0).values(silences=1)
    count: int = session.execute(doubted).rowcount  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
    return count
