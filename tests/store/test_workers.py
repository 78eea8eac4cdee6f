"""Many processes on one database: who lives, what is handed on, what becomes of the rows of one that died."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor.model import Claim
from monitor.store import entries, feeds, hosts, leases, outbox, workers
from monitor.store.database import TURN_ENDS, Database
from monitor.store.tables import ENTRY, FEED, HOST
from monitor.store.workers import LOST, Worker
from tests.build import an_entry
from tests.store.steps import MINUTE, claim_feeds, post, rows, wait_to_be_read, watch

FEED_URL = "https://example.com/rss"
QUEUED = 2 * MINUTE


def a_worker(now: datetime, *stages: str, name: str = "mesin:1", concurrency: int = 16) -> Worker:
    stages = stages or ("poll", "ingest", "deliver")
    return Worker(name.replace(":", ""), name, "worker", stages, concurrency, "0.1.0", now, now)


def the_one_that_hands_on(now: datetime) -> Worker:
    return Worker("run1", "mesin:9", "run", (), 0, "0.1.0", now, now)


def handed_on(database: Database, *, now: datetime) -> Claim[object]:
    [claim] = claim_feeds(database, now=now)
    database.write(leases.queue, leases.FEEDS, [claim], until=now + QUEUED)
    return claim


# -- handing on ------------------------------------------------------------------------------------


def test_what_was_handed_on_is_held_by_whom_it_came_to(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    claim = handed_on(database, now=now)

    [held] = database.write(feeds.start, [claim.id], claim.token, mine="w:1", now=now)
    assert (held.id, held.token, held.value.url) == (claim.id, "w:1", FEED_URL)
    assert claim_feeds(database, now=now + MINUTE) == []


def test_a_job_that_comes_twice_finds_nothing_to_do(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    claim = handed_on(database, now=now)
    database.write(feeds.start, [claim.id], claim.token, mine="w:1", now=now)

    assert database.write(feeds.start, [claim.id], claim.token, mine="w:2", now=now) == []


def test_a_job_that_comes_after_its_row_was_handed_on_again_finds_nothing_to_do(
    database: Database, now: datetime
) -> None:
    watch(database, FEED_URL, now=now)
    late = handed_on(database, now=now)
    handed_on(database, now=now + 3 * MINUTE)

    assert database.write(feeds.start, [late.id], late.token, mine="w:1", now=now + 3 * MINUTE) == []


def test_jobs_that_get_lost_never_make_a_row_poison(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for lost in range(9):
        handed_on(database, now=now + lost * 3 * MINUTE)

    assert rows(database, FEED.c.paused, FEED.c.claims) == [(None, 0)]


def test_one_that_dies_three_times_with_a_row_in_hand_makes_it_poison(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for death in range(3):
        claim = handed_on(database, now=now + death * 9 * MINUTE)
        database.write(feeds.start, [claim.id], claim.token, mine=f"w:{death}", now=now + death * 9 * MINUTE)

    assert claim_feeds(database, now=now + 40 * MINUTE) == []
    assert rows(database, FEED.c.paused) == [("it stopped the program three times",)]


def test_what_was_handed_on_and_given_back_is_due_as_before(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    claim = handed_on(database, now=now)
    database.write(leases.give_back, leases.FEEDS, [claim])

    assert rows(database, FEED.c.claims) == [(0,)]
    assert len(claim_feeds(database, now=now)) == 1


def test_entries_and_deliveries_are_handed_on_too(database: Database, now: datetime) -> None:
    [entry] = wait_to_be_read(database, an_entry(), now=now)
    database.write(leases.queue, leases.ENTRIES, [entry], until=now + QUEUED)
    assert database.read(leases.held, leases.ENTRIES, now=now) == 1
    [read] = database.write(entries.start, [entry.id], entry.token, mine="w:1", now=now)
    assert read.value == entry.value
    assert rows(database, ENTRY.c.claims) == [(1,)]


def test_a_channel_has_one_delivery_on_its_way_wherever(database: Database, now: datetime) -> None:
    post(database, "1", channel="telepon", now=now)
    post(database, "2", channel="telepon", now=now)
    [first] = database.write(outbox.claim, outbox.Route("telepon"), now=now, limit=1)
    database.write(leases.queue, leases.DELIVERIES, [first], until=now + QUEUED)
    assert database.read(outbox.in_hand, "telepon", now=now) == 1
    assert database.read(outbox.in_hand, "surat", now=now) == 0
    [held] = database.write(outbox.start, [first.id], first.token, mine="w:1", now=now)
    assert held.value == first.value


# -- who lives -------------------------------------------------------------------------------------


def test_as_much_is_handed_on_as_those_that_live_can_do(database: Database, now: datetime) -> None:
    database.write(workers.beat, a_worker(now, "poll", concurrency=8), now=now)
    database.write(workers.beat, a_worker(now, name="mesin:2", concurrency=4), now=now)
    assert [database.read(workers.capacity, stage, now=now) for stage in workers.STAGES] == [12, 4, 4]

    database.write(workers.beat, a_worker(now, name="mesin:2", concurrency=4), now=now + LOST)
    assert database.read(workers.capacity, "poll", now=now + LOST) == 4


def test_the_rows_of_one_that_died_are_free_at_once(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    database.write(workers.beat, worker := a_worker(now), now=now)
    claim = handed_on(database, now=now)
    database.write(feeds.start, [claim.id], claim.token, mine=f"{worker.id}:1", now=now)

    assert database.write(workers.bury, now=now + LOST - timedelta(seconds=1)) == []
    assert database.write(workers.bury, now=now + LOST) == ["mesin:1"]
    assert len(claim_feeds(database, now=now + LOST)) == 1
    assert database.write(workers.bury, now=now + LOST) == []


def test_the_rows_of_others_stay_in_their_hands(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    database.write(workers.beat, a_worker(now, name="m1"), now=now)
    claim = handed_on(database, now=now)
    database.write(feeds.start, [claim.id], claim.token, mine="m11:1", now=now)  # begins alike

    database.write(workers.bury, now=now + LOST)
    assert claim_feeds(database, now=now + LOST) == []


def test_a_worker_that_leaves_is_forgotten_and_a_dead_one_is_shown_for_a_while(
    database: Database, now: datetime
) -> None:
    database.write(workers.beat, a_worker(now), now=now)
    database.write(workers.beat, a_worker(now, name="mesin:2"), now=now)
    database.write(workers.leave, "mesin1")
    assert [worker.name for worker in database.read(workers.known)] == ["mesin:2"]

    database.write(workers.bury, now=now + LOST)
    assert [worker.is_alive(now=now + LOST) for worker in database.read(workers.known)] == [False]
    database.write(workers.bury, now=now + timedelta(hours=1))
    assert database.read(workers.known) == []


def test_one_that_was_taken_for_dead_works_again(database: Database, now: datetime) -> None:
    database.write(workers.beat, worker := a_worker(now), now=now)
    database.write(workers.bury, now=now + LOST)
    database.write(workers.beat, worker, now=now + 2 * LOST)
    assert database.read(workers.capacity, "poll", now=now + 2 * LOST) == 16


def test_what_nobody_does_is_known(database: Database, now: datetime) -> None:
    def idle() -> tuple[str, ...]:
        return workers.idle_stages(database.read(workers.known), now=now)

    assert idle() == ()  # one alone does it all
    database.write(workers.beat, the_one_that_hands_on(now), now=now)
    assert idle() == ("poll", "ingest", "deliver")
    database.write(workers.beat, a_worker(now, "poll", "deliver"), now=now)
    assert idle() == ("ingest",)


# -- hosts -----------------------------------------------------------------------------------------


@pytest.fixture
def postgresql(shared_postgres: str) -> Iterator[Database]:
    """Many machines meet at no other."""
    database = Database(shared_postgres)
    database.write(lambda session: session.execute(sa.delete(HOST)))
    yield database
    database.close()


def test_a_host_is_asked_a_second_apart_whoever_asks(postgresql: Database) -> None:
    apart = timedelta(seconds=10)

    def asked(_: int) -> float:
        return postgresql.write(hosts.reserve, "situs.example:443", apart=apart)

    with ThreadPoolExecutor(4) as pool:
        waits = sorted(pool.map(asked, range(8)))
    assert waits[0] == 0
    for number, wait in enumerate(waits):
        assert 10 * number - 9 < wait <= 10 * number


def test_another_host_is_asked_at_once_and_so_is_one_that_asked_for_a_rest_before(
    postgresql: Database, now: datetime
) -> None:
    postgresql.write(hosts.asks_to_wait, "situs.example:443", until=now)
    apart = timedelta(seconds=10)
    assert postgresql.write(hosts.reserve, "situs.example:443", apart=apart) == 0
    assert postgresql.write(hosts.reserve, "lain.example:443", apart=apart) == 0


def test_the_servers_clock_is_what_counts(postgresql: Database) -> None:
    first, second = postgresql.read(workers.time), postgresql.read(workers.time)
    assert first <= second
    assert first.utcoffset() == timedelta(0)


def test_a_machine_that_vanishes_while_it_judges_does_not_hold_up_the_others_for_ever(postgresql: Database) -> None:
    asked = sa.text("SHOW idle_in_transaction_session_timeout")
    assert postgresql.write(lambda session: session.scalar(asked)) == f"{TURN_ENDS // 60}min"
    assert postgresql.read(lambda session: session.scalar(asked)) == "0"


def test_what_is_on_its_way_to_a_hand_is_left_to_whoever_takes_it(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    database.write(workers.beat, a_worker(now), now=now)
    claim = handed_on(database, now=now)
    database.write(workers.bury, now=now + LOST)
    assert rows(database, FEED.c.lease_token, FEED.c.claims) == [(claim.token, 0)]
