"""What goes on beside the work: wishes from outside, edits of the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from monitor.app.edits import edits
from monitor.app.reload import Reload
from monitor.errors import StoreError

log = structlog.get_logger()
GRACE: Final = timedelta(seconds=7)  # `docker stop` kills after ten
MINUTE: Final = timedelta(minutes=1)
UNSEEN: Final = "an edit of the configuration could not be looked at"
UNWATCHED: Final = "the configuration can't be watched; the next try is in a minute"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the daemon is asked from outside while it works."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)


async def on_edits(reload: Reload, own: Collection[Path]) -> None:
    async def watch() -> None:
        async for _ in edits(lambda: reload.looked_at, own=own):
            await walled(UNSEEN, reload.look)

    while True:
        await walled(UNWATCHED, watch)
        await asyncio.sleep(MINUTE.total_seconds())


async def on_demand(reload: Reload, wishes: Wishes) -> None:
    while True:
        await wishes.reload.wait()
        wishes.reload.clear()
        await walled(UNSEEN, partial(reload.look, even_if_unchanged=True))


async def walled(otherwise: str, step: Callable[[], Awaitable[None]]) -> None:
    """What fails here is tried again, and must not end the trying."""
    try:
        await step()
    except StoreError as error:
        log.error(otherwise, why=str(error))
    except Exception as error:  # noqa: BLE001  # whatever it is
        log.error(otherwise, why=f"in a way nobody foresaw: {error!r}")
