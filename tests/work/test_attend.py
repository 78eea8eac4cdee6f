"""Who looks after the dead first gives all that live the time to say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.store import workers
from monitor.store.database import Database
from monitor.store.workers import Pace, Worker
from monitor.work.attend import Attend
from monitor.work.clock import DatabaseClock
from tests.own_postgres import Place

SOME = timedelta(minutes=2)


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    database = Database(place.url)
    yield database
    database.close()


async def one_that(database: Database, pace: Pace) -> Attend:
    clock = DatabaseClock(database)
    await clock.set()
    silent = Worker("silent", "silent:1", "worker", ("poll",), 4, "1", clock(), clock())
    database.write(workers.beat, silent, now=clock() - SOME)
    attend = Attend(database, clock, Worker("me", "me:1", "run", (), 0, "1", clock(), clock()), pace)
    await attend.beat()
    return attend


async def test_nobody_is_buried_before_all_had_the_time_to_speak(database: Database) -> None:
    attend = await one_that(database, Pace(beat=timedelta(hours=1)))
    await attend.look_after()
    assert [one.stages for one in database.read(workers.known) if one.id == "silent"] == [("poll",)]


async def test_whoever_stays_silent_is_buried(database: Database) -> None:
    attend = await one_that(database, Pace(beat=timedelta(0)))
    await attend.look_after()
    assert [one.stages for one in database.read(workers.known) if one.id == "silent"] == [()]


async def test_while_the_database_is_away_nobody_looks_after_anybody(database: Database, place: Place) -> None:
    attend = await one_that(database, Pace(beat=timedelta(0)))
    attend.database = Database("postgresql://ana@127.0.0.1:9/nowhere")
    await attend.beat()
    await attend.look_after()  # and no word of it
    attend.database.close()
    assert place.execute("SELECT stages FROM worker WHERE id = 'silent'") == [("poll",)]
