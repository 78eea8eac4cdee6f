"""One of many: it says that it lives, keeps its clock by the database's, and looks after those that died."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

import structlog

from monitor.errors import StoreError
from monitor.store import workers
from monitor.store.database import Database
from monitor.store.workers import Pace, Worker
from monitor.work.clock import DatabaseClock
from monitor.work.procrastinate import sweep

log = structlog.get_logger()
SPEAKS_AGAIN: Final = 2  # beats, within which whoever lives has said so


@dataclass(slots=True)
class Attend:
    """What each process among many does now and then."""

    database: Database
    clock: DatabaseClock
    me: Worker
    pace: Pace = Pace()
    _there_since: float | None = field(default=None, init=False)  # the database, without a break; by the steady clock
    _is_said: bool = field(default=False, init=False)

    async def beat(self) -> None:
        """Whoever is not heard of for a while is taken for dead. UsageError where somebody else works alone by now."""
        try:
            await self.database.rejoin()
            await self.clock.set()
            await self.database.beside(workers.beat, self.me, now=self.clock())
        except StoreError as error:
            self._there_since = None
            if not self._is_said:
                log.error("the database can't be reached; it is tried again until it can", why=str(error))
            self._is_said = True
            return
        if self._is_said:
            log.info("the database is back")
        self._is_said = False
        self._there_since = time.monotonic() if self._there_since is None else self._there_since

    async def look_after(self) -> None:
        """Those that died, and jobs that died with them.

        While the database was away nobody could say that he lives: each must have had the time to say so again.
        """
        since, lost = self._there_since, self.pace.lost
        if since is None or time.monotonic() - since < SPEAKS_AGAIN * self.pace.beat.total_seconds():
            return
        try:
            for name in await self.database.exclusive(workers.bury, now=self.clock(), lost=lost):
                log.warning("a worker was not heard of any more; what it had in hand is done by others", worker=name)
        except StoreError:  # the next beat says it
            return
        await sweep(self.database.conninfo, lost=lost)

    async def leave(self) -> None:
        try:
            await self.database.beside(workers.leave, self.me.id)
        except StoreError as error:
            log.error("our leaving can't be written", why=str(error))
