"""Writes that come at the same time are one transaction: a commit costs more than what is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from monitor.errors import StoreError
from monitor.store.database import Database, Session

Item = TypeVar("Item")
Result = TypeVar("Result")
Write = Callable[[Session, Sequence[Item]], Sequence[Result | Exception]]

A_MOMENT: Final = 0.02  # seconds that the first of them waits for company


class Together(Generic[Item, Result]):
    """Build it inside the running loop. `write` gives for each item what became of it, or why nothing was written of it.

    What comes within a moment is written together, and while it is, what comes meanwhile makes up the next.
    """

    def __init__(self, database: Database, write: Write[Item, Result]) -> None:
        self._database = database
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """Returns when it is committed; raises what went wrong with it."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await done

    async def _write_all(self) -> None:
        await asyncio.sleep(A_MOMENT)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            if not await self._is_written(batch):  # which of them it was shows when each is alone
                for one in batch:
                    await self._is_written([one])
        self._writing = None

    async def _is_written(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> bool:
        try:
            results = await self._database.exclusive(self._write, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  # it belongs to whoever waits for it
            if len(batch) > 1 and not _is_down(error):
                return False
            results = [error] * len(batch)
        for (_, done), result in zip(batch, results, strict=True):
            _settle(done, result)
        return True


def _is_down(error: Exception) -> bool:
    """It is the database that fails, and none of what was to be written."""
    return isinstance(error, StoreError) and not error.permanent


def _settle(done: asyncio.Future[Result], result: Result | Exception) -> None:
    if done.done():  # whoever waited was told to stop
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
