"""When the configuration may have changed: its folders are watched, and looked at every minute all the same."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread
from watchfiles import Change, awatch

log = structlog.get_logger()
MINUTE: Final = timedelta(minutes=1)
STEP: Final = 200  # milliseconds without a change that end a burst of them
BURST: Final = 1_000  # milliseconds that one may last
WAKE: Final = 1_000  # milliseconds after which the watch looks whether its folders are still the same


@dataclass(frozen=True, slots=True)
class Folder:
    """With what tells it from one made anew."""

    path: Path
    inode: int
    is_open: bool  # to be watched it must be readable; what lies in it may be read all the same


Folders = frozenset[Folder]


@dataclass(slots=True)
class _Watch:
    looked_at: Callable[[], Iterable[str]]
    own: frozenset[str]
    every: float
    told: set[str] = field(default_factory=set)

    async def folders(self) -> Folders:
        return await to_thread.run_sync(folders_of, tuple(self.looked_at()))  # a far disk may take its time

    def warn(self, what: str, **details: str) -> None:
        """Once each."""
        if (said := f"{what} {details}") not in self.told:
            self.told.add(said)
            log.warning(what, **details)


async def edits(
    looked_at: Callable[[], Iterable[str]], *, own: Collection[Path] = (), every: timedelta = MINUTE
) -> AsyncIterator[None]:
    """Whenever something changed beside the files, and once a minute: not every file system tells of changes.

    `own` are files that we write ourselves, wherever they lie.
    """
    forms = (form for path in own for form in (path.absolute(), path.parent.resolve() / path.name))
    watch = _Watch(looked_at, frozenset(map(str, forms)), every.total_seconds())
    while True:
        try:
            async for _ in _told(watch):
                yield
        except (OSError, RuntimeError) as error:
            watch.warn("the configuration's folder can't be watched; it is looked at every minute", why=str(error))
            await asyncio.sleep(watch.every)
            yield


async def _told(watch: _Watch) -> AsyncIterator[None]:
    """Also once it is open: what happened before was seen by nobody. Until the folders are no longer the same."""
    folders = await watch.folders()
    for folder in sorted(str(folder.path) for folder in folders if not folder.is_open):
        watch.warn("a folder of the configuration can't be watched; it is looked at every minute", folder=folder)
    loop, last = asyncio.get_running_loop(), -inf
    async with aclosing(_changes(folders)) as watching:
        async for changes in watching:
            is_edit = any(path not in watch.own for _, path in changes)
            if is_edit or loop.time() - last >= watch.every:
                last = loop.time()
                yield
            if _is_gone(folders, changes) or await watch.folders() != folders:
                return


def _changes(folders: Folders) -> AsyncGenerator[set[tuple[Change, str]]]:
    """Empty where nothing happened for a second."""
    return awatch(
        *(folder.path for folder in folders if folder.is_open),
        watch_filter=None,
        recursive=False,  # the data may be in a folder below
        step=STEP,
        debounce=BURST,
        rust_timeout=WAKE,
        yield_on_timeout=True,
    )


def _is_gone(folders: Folders, changes: set[tuple[Change, str]]) -> bool:
    """A folder that was made anew may have the number of the old one, and is not watched."""
    paths = {str(folder.path) for folder in folders}
    return any(change is Change.deleted and path in paths for change, path in changes)


def folders_of(names: Iterable[str]) -> Folders:
    """Those that hold the files, and where links point to."""
    paths = {path for name in names for path in _around(name)}
    return frozenset(folder for path in paths if (folder := _folder(path)))


def _around(name: str) -> tuple[Path, ...]:
    with suppress(OSError, ValueError, RuntimeError):  # a name that no file can have, links that turn in a circle
        return _certain(Path(name)), Path(name).resolve().parent
    return ()


def _folder(path: Path) -> Folder | None:
    with suppress(OSError, ValueError):
        if path.is_dir():
            return Folder(path, path.stat().st_ino, os.access(path, os.R_OK))
    return None


def _certain(name: Path) -> Path:
    """The folder of a file, or the one above the first wildcard of a pattern."""
    parts = name.parent.parts
    wild = next((place for place, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    return Path(*parts[:wild])
