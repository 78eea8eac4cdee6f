"""The folder of a database file, and the lock beside it that keeps out a second one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from monitor.errors import UsageError


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {folder} can't be made: {error.strerror}") from error


@contextmanager
def locked_file(database: Path) -> Iterator[None]:
    path = database.with_name(database.name + ".lock")
    try:
        file: IO[str] = path.open("a")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another monitor is running on {database}; stop it first") from error
        yield
