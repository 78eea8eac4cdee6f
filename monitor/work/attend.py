"""One of many: it says that it lives, keeps its clock by the database's, and looks after those that died."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from monitor.errors import StoreError
from monitor.store import workers
from monitor.store.database import Database
from monitor.store.workers import Worker
from monitor.work.clock import DatabaseClock
from monitor.work.procrastinate import sweep

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attend:
    """What each process among many does now and then."""

    database: Database
    clock: DatabaseClock
    me: Worker

    async def beat(self) -> None:
        """Whoever is not heard of for a while is taken for dead. UsageError where somebody else works alone by now."""
        try:
            await self.database.rejoin()
            await self.clock.set()
            await self.database.beside(workers.beat, self.me, now=self.clock())
        except StoreError as error:
            log.error("the database can't be reached; it is tried again", why=str(error))

    async def look_after(self) -> None:
        """Those that died, and jobs that died with them."""
        for name in await self.database.exclusive(workers.bury, now=self.clock()):
            log.warning("a worker was not heard of any more; what it had in hand is done by others", worker=name)
        await sweep(self.database.conninfo)

    async def leave(self) -> None:
        try:
            await self.database.beside(workers.leave, self.me.id)
        except StoreError as error:
            log.error("our leaving can't be written", why=str(error))
