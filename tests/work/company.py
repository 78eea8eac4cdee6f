"""Several of many in the test's own loop: those that hand on, and workers, each with connections of its own."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from monitor.app import daemon
from monitor.app.beside import Wishes
from monitor.app.company import Offer, work
from monitor.app.configuration import configuration
from monitor.app.house import Ground
from monitor.cli.worker import STAGES
from monitor.store.database import Database
from tests.own_postgres import Place
from tests.work.live_daemon import QUICK, until

AT_A_TIME = 4


@dataclass
class Company:
    """In a folder with a config.yaml, on a database of its own."""

    folder: Path
    place: Place
    log: list[structlog.typing.EventDict] = field(default_factory=list)

    def said(self, event: str) -> list[structlog.typing.EventDict]:
        return [entry for entry in self.log if entry["event"] == event]

    def count(self, what: str) -> int:
        number: int = self.place.execute(f"SELECT count(*) FROM {what}")[0][0]
        return number

    @asynccontextmanager
    async def run(self, config: str = "config.yaml") -> AsyncIterator[None]:
        """One that hands on, until the block is left."""
        async with self._one_of_many(daemon.run, config, "watching"):
            yield

    @asynccontextmanager
    async def worker(self, *stages: str) -> AsyncIterator[None]:
        """One that does these stages, or all."""
        working = partial(work, offer=Offer(stages or STAGES, AT_A_TIME))
        async with self._one_of_many(working, "config.yaml", "working"):
            yield

    @asynccontextmanager
    async def _one_of_many(self, live: Callable[..., Awaitable[None]], config: str, says: str) -> AsyncIterator[None]:
        wishes, file, said = Wishes(), self.folder / config, len(self.said(says))
        wanted = configuration(file, environ=os.environ)
        database = Database(wanted.settings.storage.url.get_secret_value())
        with database.in_company():
            ground = Ground(wanted, database, io.StringIO())
            running: asyncio.Task[Any] = asyncio.ensure_future(live(ground, wishes, config=file, stillness=QUICK))
            try:
                await until(lambda: running.done() or len(self.said(says)) > said)
                yield
            finally:
                wishes.stop.set()
                await running
        database.close()
