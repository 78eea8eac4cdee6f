"""Do what is due, here, in this process. The rows are the truth: a lost task is a lease that runs out."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from monitor.errors import Damaged, LeaseLost, StoreError
from monitor.model import Claim
from monitor.store import leases
from monitor.store.database import Database, Session
from monitor.store.leases import Rows

log = structlog.get_logger()
AGAIN: Final = timedelta(seconds=30)  # what the database would not take is tried again then
LAST_MOMENT: Final = timedelta(seconds=2)  # for what was told to stop to do so
Batch = Sequence[Claim[Any]]


class TakeRows(Protocol):
    """Claim up to `limit` rows that are due."""

    def __call__(self, session: Session, *, now: datetime, limit: int) -> Batch: ...


class CountHeld(Protocol):
    """How many rows of a stage are in hand, or on their way to a hand, whoever's it is."""

    def __call__(self, session: Session, *, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of work: which rows, how many at a time, what is done with them."""

    name: str
    rows: Rows
    lease: timedelta
    take: TakeRows
    work: Callable[[Batch], Awaitable[None]]
    slots: int = 1  # batches in hand at a time
    batch: int = 1  # rows in a batch
    wakes: tuple[str, ...] = ()  # stages that may have work once a batch is done
    held: CountHeld | None = None  # where `slots` are all that there may be anywhere: how many rows are in hand


@dataclass(slots=True)
class _Hand:
    """What one stage has in hand."""

    rows: Rows
    running: dict[asyncio.Task[None], Batch] = field(default_factory=dict)
    owed: list[Claim[Any]] = field(default_factory=list)  # to be given back when the database takes them
    is_unwritten: bool = False  # the last of its outcomes could not be written, which was said
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    renewing: asyncio.Task[None] | None = None


class LocalEngine:
    """All stages in one process. A tick fills free slots and returns; a batch that ends wakes what comes after it."""

    def __init__(
        self,
        database: Database,
        stages: Iterable[Stage],
        *,
        clock: Callable[[], datetime],
        again: timedelta = AGAIN,
    ) -> None:
        self._database = database
        self._again = again
        self._stages: dict[str, Stage] = {}
        self._hands: dict[str, _Hand] = {}  # of every stage that ever was: one that left may have rows in hand
        self._clock = clock
        self._wakers: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self.replace(stages)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return tuple(self._stages.values())

    def replace(self, stages: Iterable[Stage]) -> None:
        """These are the stages from now on; one that is no more takes nothing, and finishes what it has in hand."""
        self._stages = {stage.name: stage for stage in stages}
        for name, stage in self._stages.items():
            self._hands.setdefault(name, _Hand(stage.rows))

    async def tick(self) -> None:
        """Every stage has its turn, also where another's rows can't be taken; that is raised at the end."""
        for outcome in await asyncio.gather(*map(self._fill, list(self._hands)), return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def drain(self, *names: str) -> None:
        """Work until nothing is due in these stages and nothing is in hand."""
        while True:
            # What ends while rows are being taken may have left new ones behind: only a look that began idle counts.
            if busy := self._busy(names):
                await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
            for name in names:
                await self._fill(name)
            if not busy and not self._busy(names):
                return

    def _busy(self, names: tuple[str, ...]) -> set[asyncio.Task[None]]:
        return self._wakers | {task for name in names for task in self._hands[name].running}

    async def carry(self, stage: Stage, rows: Batch) -> None:
        """What somebody else took and handed to us: ours until it is done. It is given back at a stop like all else."""
        self._hands.setdefault(stage.name, _Hand(stage.rows))
        if self._is_stopping:
            await self._give_back_safely(stage.name, rows)
            return
        await asyncio.wait([self._begin(stage, rows)])

    async def settle(self) -> None:
        """Give back what is owed, where no tick does."""
        for name, hand in list(self._hands.items()):
            async with hand.filling:
                try:
                    await self._give_back_owed(hand)
                except StoreError as error:
                    log.debug("rows can't be given back yet", stage=name, why=str(error))

    async def stop(self, *, grace: timedelta) -> None:
        """Take nothing more, let what runs finish within `grace`, give the rest back."""
        self._is_stopping = True
        for hand in self._hands.values():
            async with hand.filling:  # what is being taken just now is in hand then
                pass
        running = {task: name for name, hand in self._hands.items() for task in hand.running}
        in_hand = {task: self._hands[name].running[task] for task, name in running.items()}
        if running:
            _, late = await asyncio.wait(running, timeout=grace.total_seconds())
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=LAST_MOMENT.total_seconds())
            for task in late:
                await self._give_back_safely(running[task], in_hand[task])
        for name, hand in self._hands.items():
            if hand.renewing is not None:
                hand.renewing.cancel()
            await self._give_back_safely(name, hand.owed)

    # -- filling --------------------------------------------------------------------------------

    async def _fill(self, name: str) -> None:
        hand = self._hands[name]
        async with hand.filling:
            await self._give_back_owed(hand)
            stage = self._stages.get(name)
            if stage is None:  # it left, with what it has in hand
                return
            free = stage.slots - len(hand.running)
            if free <= 0 or self._is_stopping:
                return
            batch = await self._database.exclusive(stage.take, now=self._clock(), limit=free * stage.batch)
            for rows in _parts(batch, stage.batch):
                self._begin(stage, rows)

    def _begin(self, stage: Stage, rows: Batch) -> asyncio.Task[None]:
        hand = self._hands[stage.name]
        task = asyncio.create_task(self._run(stage, rows), name=f"{stage.name} {[row.id for row in rows]}")
        hand.running[task] = rows
        task.add_done_callback(lambda done: self._ended(stage, done))
        if hand.renewing is None or hand.renewing.done():
            hand.renewing = asyncio.create_task(self._renew(stage, hand), name=f"renew {stage.name}")
        return task

    def _ended(self, stage: Stage, task: asyncio.Task[None]) -> None:
        hand = self._hands[stage.name]
        hand.running.pop(task, None)
        if self._is_stopping or task.cancelled():
            return
        # Half empty is soon enough: taking rows is a commit, better done for several at once.
        if len(hand.running) <= stage.slots // 2:
            self._wake(stage.name)
        for name in stage.wakes:
            if name in self._stages and not self._hands[name].running:
                self._wake(name)

    def _wake(self, name: str) -> None:
        if name not in self._stages or self._hands[name].filling.locked():
            return
        waker = asyncio.create_task(self._fill_safely(name))
        self._wakers.add(waker)
        waker.add_done_callback(self._wakers.discard)

    async def _fill_safely(self, name: str) -> None:
        try:
            await self._fill(name)
        except StoreError as error:
            log.error("rows can't be taken", stage=name, why=str(error))
        except Exception as error:  # noqa: BLE001  # the next tick tries again
            log.error("rows can't be taken, in a way nobody foresaw", stage=name, why=repr(error), where=_where(error))

    # -- running --------------------------------------------------------------------------------

    async def _run(self, stage: Stage, rows: Batch) -> None:
        hand = self._hands[stage.name]
        try:
            await stage.work(rows)
            hand.is_unwritten = False
        except Damaged as error:  # the next look for work ends the program
            log.error("work could not be written", stage=stage.name, why=str(error))
        except LeaseLost as error:
            log.warning("work was taken over", stage=stage.name, why=str(error))
        except StoreError as error:
            # Where the database is away that is so for all that is in hand: one line says it.
            if error.permanent or not hand.is_unwritten:
                log.error("work could not be written", stage=stage.name, why=str(error))
            if not error.permanent:  # not the rows' fault: it does not count against them
                hand.is_unwritten = True
                hand.owed.extend(rows)
        except Exception as error:  # noqa: BLE001  # the hall's last wall: the lease runs out, and three times is poison
            log.error("work failed in a way nobody foresaw", stage=stage.name, why=repr(error), where=_where(error))

    async def _renew(self, stage: Stage, hand: _Hand) -> None:
        """All that is in hand, at each third of the lease, as long as anything is."""
        while hand.running:
            await asyncio.sleep(stage.lease.total_seconds() / 3)
            rows = [row for batch in hand.running.values() for row in batch]
            try:
                await self._database.beside(leases.renew, stage.rows, rows, until=self._clock() + stage.lease)
            except Exception as error:  # noqa: BLE001  # one more try before it runs out
                log.error("leases could not be renewed", stage=stage.name, why=str(error) or repr(error))

    async def _give_back_owed(self, hand: _Hand) -> None:
        """Before anything is taken: when a lease ran out meanwhile, taking it again would count."""
        if owed := hand.owed[:]:
            due_at = self._clock() + self._again
            await self._database.beside(leases.give_back, hand.rows, owed, due_at=due_at)
            del hand.owed[: len(owed)]

    async def _give_back_safely(self, name: str, rows: Batch) -> None:
        """At the end; what can't be given back is free at the next start."""
        try:
            await self._database.beside(leases.give_back, self._hands[name].rows, rows)
        except StoreError as error:
            log.error("rows can't be given back", stage=name, why=str(error))


def _where(error: Exception) -> str:
    """For a report: one line, not a traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _parts(rows: Batch, size: int) -> Iterator[Batch]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def each(work: Callable[[Claim[Any]], Awaitable[None]]) -> Callable[[Batch], Awaitable[None]]:
    """For work that takes one row at a time."""

    async def one(rows: Batch) -> None:
        for row in rows:
            await work(row)

    return one
