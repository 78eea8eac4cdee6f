"""Who works on a database among many: counted while it lives, and what it had is free when it does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store import feeds, leases, workers
from monitor.store.database import TURN_ENDS, Database
from monitor.store.tables import FEED
from monitor.store.workers import LOST, Worker
from tests.build import a_feed


def a_worker(now: datetime, name: str = "one") -> Worker:
    return Worker(
        id=name,
        name=f"{name}:1",
        kind="worker",
        stages=("poll", "ingest"),
        concurrency=8,
        version="1",
        started_at=now,
        beat_at=now,
    )


def test_one_that_was_taken_for_dead_counts_again_as_soon_as_it_speaks(database: Database, now: datetime) -> None:
    one = a_worker(now)
    database.write(workers.beat, one, now=now)
    assert database.write(workers.bury, now=now + LOST) == ["one:1"]
    assert database.read(workers.capacity, "poll", now=now + LOST) == 0

    database.write(workers.beat, one, now=now + LOST)
    assert database.read(workers.capacity, "poll", now=now + LOST) == 8
    assert database.write(workers.bury, now=now + LOST) == []


def test_what_a_dead_one_had_in_hand_is_free_and_counts_against_it(database: Database, now: datetime) -> None:
    database.write(feeds.configure, [a_feed()], now=now)
    database.write(workers.beat, a_worker(now), now=now)
    (claim,) = database.write(feeds.claim, now=now, limit=1)
    database.write(leases.queue, leases.FEEDS, [claim], until=now + timedelta(minutes=2))
    database.write(feeds.start, [claim.id], claim.token, mine="one:abc", now=now)

    database.write(workers.bury, now=now + LOST)
    assert database.read(_feed) == (None, 1)


def test_what_is_on_its_way_to_a_hand_is_left_to_whoever_takes_it(database: Database, now: datetime) -> None:
    database.write(feeds.configure, [a_feed()], now=now)
    database.write(workers.beat, a_worker(now), now=now)
    (claim,) = database.write(feeds.claim, now=now, limit=1)
    database.write(leases.queue, leases.FEEDS, [claim], until=now + timedelta(minutes=2))

    database.write(workers.bury, now=now + LOST)
    assert database.read(_feed) == (claim.token, 0)


def test_a_machine_that_vanishes_while_it_judges_does_not_hold_up_the_others_for_ever(database: Database) -> None:
    if database.is_sqlite:
        return
    asked = sa.text("SHOW idle_in_transaction_session_timeout")
    assert database.write(lambda session: session.scalar(asked)) == f"{TURN_ENDS // 60}min"
    assert database.read(lambda session: session.scalar(asked)) == "0"


def _feed(session: Session) -> tuple[str | None, int]:
    token, claims = session.execute(sa.select(FEED.c.lease_token, FEED.c.claims)).one()
    return token, claims
