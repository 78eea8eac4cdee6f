"""When the configuration may have changed: its folders are watched, and looked at every minute all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from watchfiles import awatch

log = structlog.get_logger()
MINUTE: Final = timedelta(minutes=1)
STEP: Final = 200  # milliseconds without a change that end a burst of them
BURST: Final = 1_000  # milliseconds that one may last
Folders = frozenset[tuple[Path, int]]


async def edits(looked_at: Callable[[], Iterable[str]], *, every: timedelta = MINUTE) -> AsyncIterator[None]:
    """Whenever something changed beside the files, and once a minute: not every file system tells of changes."""
    while True:
        try:
            async for _ in _told(looked_at, every):
                yield
        except (OSError, RuntimeError) as error:
            log.warning("the configuration's folder can't be watched; it is looked at every minute", why=str(error))
            await asyncio.sleep(every.total_seconds())
        yield  # other folders now, or the same made anew: what happened meanwhile was seen by nobody


async def _told(looked_at: Callable[[], Iterable[str]], every: timedelta) -> AsyncIterator[None]:
    """Until the folders are no longer the same."""
    folders = folders_of(looked_at())
    watching = awatch(
        *(folder for folder, _ in folders),
        watch_filter=None,
        recursive=False,  # the data may be in a folder below
        step=STEP,
        debounce=BURST,
        rust_timeout=int(every.total_seconds() * 1000),
        yield_on_timeout=True,
    )
    async with aclosing(watching):
        async for _ in watching:
            yield
            if folders_of(looked_at()) != folders:
                return


def folders_of(names: Iterable[str]) -> Folders:
    """Those that hold the files, and where links point to; with what tells a folder from one made anew."""
    folders = {folder for name in names for folder in (_certain(Path(name)), Path(name).resolve().parent)}
    return frozenset((folder, folder.stat().st_ino) for folder in folders if folder.is_dir())


def _certain(name: Path) -> Path:
    """The folder of a file, or the one above the first wildcard of a pattern."""
    parts = name.parent.parts
    wild = next((place for place, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    return Path(*parts[:wild])
