"""Writes that come at the same time are one transaction: a commit costs more than what is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from monitor.store.database import Database, Session

Item = TypeVar("Item")
Waiting = list[tuple[Any, "asyncio.Future[None]"]]


class Together(Generic[Item]):
    """Build it inside the running loop. While one commit is on its way, what comes meanwhile makes up the next."""

    def __init__(self, database: Database, write: Callable[[Session, Sequence[Item]], object]) -> None:
        self._database = database
        self._write = write
        self._waiting: Waiting = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> None:
        """Returns when it is committed; raises what the commit raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        await asyncio.sleep(0)  # whoever is ready now comes along
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._database.exclusive(self._write, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  # it belongs to those who wait for it
                _settle(batch, error)
            else:
                _settle(batch, None)
        self._writing = None


def _settle(batch: Waiting, error: Exception | None) -> None:
    for _, done in batch:
        if done.done():  # whoever waited was told to stop
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
