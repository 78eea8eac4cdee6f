"""Sweep what is of no use any more, a little at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from monitor.alerts.links import LASTING
from monitor.store import hosts, muting, retention, stories
from monitor.store.database import Database
from monitor.work.live import Live

log = structlog.get_logger()
DAY: Final = timedelta(days=1)
LONG_AGO: Final = timedelta(days=7)
SEEN: Final = timedelta(days=730)  # so long at the least it is known what was seen and told
BETWEEN: Final = 0.02  # seconds for others, between two pieces


@dataclass(frozen=True, slots=True)
class Tidy:
    database: Database
    live: Live
    clock: Callable[[], datetime]

    async def tidy(self) -> None:
        """What articles were like helps to place others only within the window; judging goes on between two pieces."""
        before = self.clock() - self.live.plan.settings.stories.window
        await self._piece_by_piece(stories.sweep, before=before)
        await self.database.exclusive(hosts.sweep, before=self.clock() - LONG_AGO)
        await self.database.exclusive(muting.sweep, before=self.clock() - 2 * LASTING)
        if (keep := self.live.plan.settings.storage.keep) is not None:
            await self._forget(keep)

    async def _forget(self, keep: timedelta) -> None:
        """Texts and messages first; twice as long, or two years, it is known what was seen and told."""
        now, settings = self.clock(), self.live.plan.settings
        before = min(now - keep, now - settings.stories.window - DAY)
        examples = self.live.plan.like.addresses
        emptied = await self._piece_by_piece(retention.empty, before=before, but=examples, now=now)
        await self._piece_by_piece(retention.forget_messages, before=before)
        long_ago = now - max(2 * keep, SEEN)
        await self._piece_by_piece(retention.forget_articles, before=long_ago)
        await self._piece_by_piece(retention.forget_entries, before=long_ago)
        await self._piece_by_piece(retention.give_back_pages)
        if emptied:
            log.info("texts that are older than storage.keep were deleted", articles=emptied)

    async def _piece_by_piece(self, forget: Callable[..., int], **what: Any) -> int:
        """How much it was in all."""
        total = 0
        while done := await self.database.exclusive(forget, **what):
            total += done
            await asyncio.sleep(BETWEEN)
        return total
