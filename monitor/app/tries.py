"""What is tried out on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.app import workshop
from monitor.settings import Settings
from monitor.store.database import Database, Session
from monitor.trial import Attempt, Attempted, Closely, Progress
from monitor.work.replay import Span

T = TypeVar("T")


class Tries:
    """One at a time: each keeps a processor busy."""

    def __init__(self, database: Database, settings: Callable[[], Settings], clock: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._turn = asyncio.Semaphore(1)

    async def attempt(self, asked: Attempt, progress: Progress) -> Attempted:
        return await self._tried(workshop.attempt, asked, progress)

    async def closely(self, asked: Attempt, progress: Progress) -> Closely:
        """Of what was tried before; raises `UsageError` where its query can't be read."""
        return await self._tried(workshop.closely, asked, progress)

    async def _tried(
        self, look: Callable[[Session, Attempt, Settings, Span, Progress], T], asked: Attempt, progress: Progress
    ) -> T:
        async with self._turn:
            now = self._clock()
            span = Span(now - timedelta(days=asked.days), now)
            return await self._database.run(look, asked, self._settings(), span, progress)
