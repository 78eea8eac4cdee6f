"""Sweep what is of no use any more, a little at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.links import LASTING
from monitor.store import hosts, muting, stories
from monitor.store.database import Database
from monitor.work.live import Live

LONG_AGO: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tidy:
    database: Database
    live: Live
    clock: Callable[[], datetime]

    async def tidy(self) -> None:
        """What articles were like helps to place others only within the window; judging goes on between two pieces."""
        before = self.clock() - self.live.plan.settings.stories.window
        while await self.database.exclusive(stories.sweep, before=before):
            pass
        await self.database.exclusive(hosts.sweep, before=self.clock() - LONG_AGO)
        await self.database.exclusive(muting.sweep, before=self.clock() - 2 * LASTING)
