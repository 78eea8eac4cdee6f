"""The engine: what is due is done, a few at a time; what it lets go of can be taken again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from monitor.errors import LeaseLost, StoreError
from monitor.model import Claim
from monitor.store import feeds, leases
from monitor.store.database import Database, Session
from monitor.store.tables import FEED
from monitor.work.engine import LocalEngine, Stage, TakeRows, each
from tests.build import NOON, a_feed
from tests.prepared import prepared
from tests.work.desk import Clock

NO_TIME = timedelta(0)
LONG = timedelta(minutes=2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = prepared(tmp_path / "monitor.db")
    yield database
    database.close()


def due(database: Database, count: int) -> None:
    """So many rows of work."""
    database.write(feeds.configure, [a_feed(f"https://{n}.example.com/") for n in range(count)], now=NOON)


def take(session: Session, *, now: datetime, limit: int) -> list[Claim[int]]:
    token, ids = leases.take(session, FEED, now=now, lease=LONG, limit=limit)
    return [Claim(row_id, token, row_id) for row_id in ids]


def close(session: Session, claim: Claim[Any], due_at: datetime | None = None) -> None:
    leases.close(session, FEED, claim.id, claim.token, due_at=due_at)


def stage(
    work: Callable[[Claim[Any]], Awaitable[None]], name: str = "work", take: TakeRows = take, **changes: Any
) -> Stage:
    return Stage(name, leases.FEEDS, take=take, work=each(work), **{"lease": LONG, **changes})


def rows(database: Database) -> list[sa.Row[Any]]:
    return database.read(lambda session: list(session.execute(sa.select(FEED).order_by(FEED.c.id))))


def free(database: Database) -> list[bool]:
    """Which rows nobody holds."""
    return [row.lease_token is None for row in rows(database)]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - it happens in rows, which set no event
            await asyncio.sleep(0.01)


# What is written fails as it does on a full disk.
FULL = "CREATE TRIGGER full_disk BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'disk full'); END"


class Work:
    """Closes its rows, one after the other as the gate lets them through; counts how many are there at a time."""

    def __init__(self, database: Database, *, is_open: bool = True) -> None:
        self.database = database
        self.gate = asyncio.Event()
        if is_open:
            self.gate.set()
        self.begun: list[int] = []
        self.done: list[int] = []
        self.most = 0

    async def __call__(self, claim: Claim[int]) -> None:
        self.begun.append(claim.id)
        self.most = max(self.most, len(self.begun) - len(self.done))
        await self.gate.wait()
        await self.database.exclusive(close, claim)
        self.done.append(claim.id)


async def test_what_is_due_is_done_a_few_at_a_time_and_the_longest_due_first(database: Database) -> None:
    due(database, 20)
    work = Work(database)
    engine = LocalEngine(database, [stage(work, slots=4)], clock=Clock())
    await engine.drain("work")
    assert work.begun == sorted(work.done) == list(range(1, 21))
    assert work.most <= 4
    assert all(free(database))


async def test_a_tick_fills_the_free_slots_and_returns(database: Database) -> None:
    due(database, 5)
    work = Work(database, is_open=False)
    engine = LocalEngine(database, [stage(work, slots=3)], clock=Clock())
    await engine.tick()
    await engine.tick()
    await until(lambda: len(work.begun) == 3)
    assert free(database) == [False, False, False, True, True]
    work.gate.set()
    await until(lambda: len(work.done) == 5)  # what ended made room, without another tick
    await engine.stop(grace=LONG)


async def test_rows_that_belong_together_are_worked_on_together(database: Database) -> None:
    due(database, 5)
    batches: list[list[int]] = []

    async def work(batch: Any) -> None:
        batches.append([claim.id for claim in batch])
        for claim in batch:
            await database.exclusive(close, claim)

    engine = LocalEngine(database, [Stage("work", leases.FEEDS, LONG, take, work, batch=3)], clock=Clock())
    await engine.drain("work")
    assert batches == [[1, 2, 3], [4, 5]]


async def test_a_stage_wakes_the_one_that_comes_after_it(database: Database) -> None:
    due(database, 1)
    after = Work(database)
    clock = Clock()

    async def first(claim: Claim[int]) -> None:
        await database.exclusive(close, claim, due_at=NOON + LONG)
        clock.forward(minutes=2)

    def take_early(session: Session, *, now: datetime, limit: int) -> list[Claim[int]]:
        return take(session, now=min(now, NOON), limit=limit)

    def take_late(session: Session, *, now: datetime, limit: int) -> list[Claim[int]]:
        return take(session, now=now, limit=limit) if now > NOON else []

    stages = [stage(first, "first", take_early, wakes=("after",)), stage(after, "after", take_late)]
    engine = LocalEngine(database, stages, clock=clock)
    await engine.tick()
    await until(lambda: after.done == [1])
    await engine.stop(grace=LONG)


# -- failures ------------------------------------------------------------------------------------


async def test_work_that_fails_in_an_unforeseen_way_keeps_its_lease_and_harms_no_other(database: Database) -> None:
    due(database, 3)
    good = Work(database)

    async def work(claim: Claim[int]) -> None:
        if claim.id == 2:
            raise ZeroDivisionError
        await good(claim)

    clock = Clock()
    engine = LocalEngine(database, [stage(work)], clock=clock)
    await engine.drain("work")
    assert (good.done, free(database)) == ([1, 3], [True, False, True])
    clock.forward(minutes=3)
    await engine.drain("work")
    assert rows(database)[1].claims == 2  # it was tried again when the lease ran out


async def test_a_row_that_stops_its_worker_three_times_is_set_aside(database: Database) -> None:
    due(database, 2)
    tried: list[int] = []

    async def work(claim: Claim[Any]) -> None:
        tried.append(claim.id)
        if claim.id == 1:
            raise ZeroDivisionError
        await database.exclusive(close, claim, due_at=NOON)

    clock = Clock()
    for _ in range(5):
        engine = LocalEngine(database, [stage(work, take=feeds.claim, slots=2)], clock=clock)
        await engine.tick()
        await engine.stop(grace=LONG)
        clock.forward(minutes=3)
    assert tried.count(1) == 3
    assert rows(database)[0].paused == "it stopped the program three times"
    assert tried.count(2) >= 5


async def test_a_full_disk_is_nobody_s_fault(database: Database) -> None:
    """However often it can't be written, the row is not set aside, and is done when there is room again."""
    due(database, 1)
    done: list[int] = []

    async def work(claim: Claim[Any]) -> None:
        if len(tries) <= 5:
            raise StoreError("the database said no: database or disk is full")
        await database.exclusive(close, claim)
        done.append(claim.id)

    tries: list[int] = []
    clock = Clock()
    engine = LocalEngine(database, [stage(work, take=feeds.claim)], clock=clock)
    for _ in range(6):
        tries.append(1)
        await engine.drain("work")
        assert (free(database), rows(database)[0].claims) == ([True], 0)
        clock.forward(seconds=29)
        await engine.drain("work")
        clock.forward(seconds=1)
    assert (done, rows(database)[0].paused) == ([1], None)


async def test_what_can_not_even_be_given_back_is_when_there_is_room_again(database: Database) -> None:
    due(database, 1)

    async def work(claim: Claim[Any]) -> None:
        """While it works the disk becomes full."""
        await database.exclusive(Session.execute, sa.text(FULL))
        raise StoreError("the database said no: database or disk is full")

    clock = Clock()
    engine = LocalEngine(database, [stage(work, take=feeds.claim)], clock=clock)
    await engine.tick()
    await until(lambda: not engine._busy(("work",)))
    for _ in range(5):
        clock.forward(minutes=10)
        with pytest.raises(StoreError, match="disk full"):
            await engine.tick()
    await engine.stop(grace=NO_TIME)
    assert rows(database)[0].claims == 1
    database.write(Session.execute, sa.text("DROP TRIGGER full_disk"))
    await engine.stop(grace=NO_TIME)
    assert (free(database), rows(database)[0].claims) == ([True], 0)


async def test_what_a_stage_that_left_could_not_write_is_given_back_at_the_next_look(database: Database) -> None:
    due(database, 1)
    work = Work(database, is_open=False)

    async def fail(claim: Claim[Any]) -> None:
        await work.gate.wait()
        raise StoreError("the database said no: database or disk is full")

    engine = LocalEngine(database, [stage(fail, take=feeds.claim)], clock=Clock())
    await engine.tick()
    engine.replace([])
    work.gate.set()
    await until(lambda: not engine._busy(("work",)))
    await engine.tick()
    assert (free(database), rows(database)[0].claims) == ([True], 0)


async def test_a_row_that_the_database_refuses_three_times_is_set_aside(database: Database) -> None:
    due(database, 1)

    async def work(claim: Claim[Any]) -> None:
        broken = sa.update(FEED).values(name=None)
        await database.exclusive(Session.execute, broken)

    clock = Clock()
    for _ in range(4):
        engine = LocalEngine(database, [stage(work, take=feeds.claim)], clock=clock)
        await engine.drain("work")
        clock.forward(minutes=3)
    assert rows(database)[0].paused == "it stopped the program three times"


async def test_rows_that_were_taken_over_are_left_to_who_has_them(database: Database) -> None:
    due(database, 2)
    done: list[int] = []

    async def work(claim: Claim[int]) -> None:
        if claim.id == 1:
            raise LeaseLost("feed 1 was taken over by another worker")
        done.append(claim.id)
        await database.exclusive(close, claim)

    engine = LocalEngine(database, [stage(work)], clock=Clock())
    await engine.drain("work")
    assert (done, free(database)) == ([2], [False, True])


async def test_a_stage_whose_rows_can_not_be_taken_keeps_no_other_from_its_own(database: Database) -> None:
    due(database, 1)
    work = Work(database)

    def refuse(session: Session, *, now: datetime, limit: int) -> list[Claim[int]]:
        raise StoreError("the database said no: disk full")

    engine = LocalEngine(database, [stage(work, "broken", refuse), stage(work)], clock=Clock())
    with pytest.raises(StoreError):
        await engine.tick()
    await until(lambda: work.done == [1])
    await engine.stop(grace=LONG)


async def test_a_lease_is_renewed_as_long_as_the_work_goes_on(database: Database) -> None:
    due(database, 1)
    work, clock = Work(database, is_open=False), Clock()
    engine = LocalEngine(database, [stage(work, lease=timedelta(seconds=0.3))], clock=clock)
    await engine.tick()
    clock.forward(minutes=10)
    await until(lambda: rows(database)[0].lease_until > clock.now)
    await engine.tick()
    assert work.begun == [1]
    work.gate.set()
    await engine.stop(grace=LONG)
    assert work.done == [1]


# -- the end -------------------------------------------------------------------------------------


async def test_a_stop_lets_what_runs_finish_and_takes_nothing_more(database: Database) -> None:
    due(database, 4)
    work = Work(database, is_open=False)
    engine = LocalEngine(database, [stage(work, slots=2)], clock=Clock())
    await engine.tick()
    await until(lambda: len(work.begun) == 2)
    stopping = asyncio.create_task(engine.stop(grace=LONG))
    await asyncio.sleep(0)
    work.gate.set()
    await stopping
    await engine.tick()
    assert (work.done, all(free(database))) == ([1, 2], True)
    assert [row.due_at is None for row in rows(database)] == [True, True, False, False]


async def test_a_stop_gives_back_what_does_not_finish_in_time_as_if_it_had_never_been_taken(
    database: Database,
) -> None:
    due(database, 2)
    work = Work(database, is_open=False)
    engine = LocalEngine(database, [stage(work, slots=2)], clock=Clock())
    await engine.tick()
    await until(lambda: len(work.begun) == 2)
    await engine.stop(grace=NO_TIME)
    assert [(row.lease_token, row.claims, row.due_at) for row in rows(database)] == [(None, 0, NOON)] * 2


async def test_a_stop_also_gives_back_what_is_being_taken_just_then(database: Database) -> None:
    due(database, 1)
    work = Work(database, is_open=False)
    taking, go_on = threading.Event(), threading.Event()

    def slowly(session: Session, *, now: datetime, limit: int) -> list[Claim[int]]:
        taking.set()
        go_on.wait(timeout=20)
        return take(session, now=now, limit=limit)

    engine = LocalEngine(database, [stage(work, take=slowly)], clock=Clock())
    tick = asyncio.create_task(engine.tick())
    await asyncio.to_thread(taking.wait, 20)
    stopping = asyncio.create_task(engine.stop(grace=NO_TIME))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(tick, stopping)
    assert free(database) == [True]
    assert rows(database)[0].claims == 0


async def test_a_worker_that_has_no_tick_gives_back_what_could_not_be_written_and_says_it_once(
    database: Database,
) -> None:
    due(database, 3)

    async def work(claim: Claim[Any]) -> None:
        raise StoreError(f"the database is away ({claim.id})")

    engine = LocalEngine(database, [], clock=Clock())
    claims = database.write(take, now=NOON, limit=3)
    with structlog.testing.capture_logs() as log:
        await asyncio.gather(*(engine.carry(stage(work), [claim]) for claim in claims))
    assert [entry["event"] for entry in log] == ["work could not be written"]
    assert free(database) == [False] * 3

    await engine.settle()
    assert free(database) == [True] * 3
    assert {row.claims for row in rows(database)} == {0}
    await engine.stop(grace=NO_TIME)
