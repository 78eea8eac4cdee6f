"""Work is rows that are due: taken by one only, for a while, and closed by whoever holds them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor.errors import LeaseLost
from monitor.model import DeliveryState, Hold, Reason
from monitor.store import articles, entries, feeds, history, leases, outbox, readings
from monitor.store.database import Database
from monitor.store.tables import DELIVERY, ENTRY, FEED, EntryState
from tests.build import a_feed, an_entry
from tests.store.steps import (
    HOUR,
    MINUTE,
    alert,
    claim_deliveries,
    claim_entries,
    claim_feed,
    claim_feeds,
    count,
    decide,
    document,
    fail,
    feed_health,
    outbox_of,
    poll,
    post,
    rows,
    say_the_same,
    store,
    wait_to_be_read,
    watch,
)

FEED_URL = "https://example.com/rss"


def test_a_row_in_hand_is_given_to_nobody_else(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)

    assert len(claim_feeds(database, now=now)) == 1
    assert claim_feeds(database, now=now + MINUTE) == []


def test_no_more_rows_are_taken_than_asked_for(database: Database, now: datetime) -> None:
    watch(database, *(f"https://example.com/{n}" for n in range(10)), now=now)

    assert [len(claim_feeds(database, now=now, limit=4)) for _ in range(4)] == [4, 4, 2, 0]


def test_rows_that_were_due_first_are_taken_first(database: Database, now: datetime) -> None:
    for n, late in enumerate((3, 1, 2)):
        feeds_so_far = [a_feed(f"https://example.com/{m}", allow_private=True) for m in range(n + 1)]
        database.write(feeds.configure, feeds_so_far, now=now - late * MINUTE)

    taken = [claim.value.url for _ in range(3) for claim in claim_feeds(database, now=now, limit=1)]
    assert taken == ["https://example.com/0", "https://example.com/2", "https://example.com/1"]


def test_a_batch_comes_in_the_order_in_which_it_was_due(database: Database, now: datetime) -> None:
    watch(database, "https://example.com/0", now=now - MINUTE)
    watch(database, "https://example.com/0", "https://example.com/1", now=now - 2 * MINUTE)

    assert [claim.value.url[-1] for claim in claim_feeds(database, now=now)] == ["1", "0"]


def test_workers_that_reach_for_rows_at_once_never_get_the_same_one(
    database: Database, database_url: str, now: datetime
) -> None:
    watch(database, *(f"https://{n}.example.com/rss" for n in range(60)), now=now)
    other = Database(database_url)

    def work(hers: Database) -> list[int]:
        taken: list[int] = []
        while batch := claim_feeds(hers, now=now, limit=4):
            taken += [claim.id for claim in batch]
        return taken

    with ThreadPoolExecutor(4) as threads:
        hands = list(threads.map(work, [database, other, database, other]))
    other.close()

    taken = [row_id for hand in hands for row_id in hand]
    assert len(taken) == len(set(taken)) == 60


def test_a_lease_that_ran_out_is_taken_by_another(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    first = claim_feed(database, now=now)
    second = claim_feed(database, now=now + feeds.LEASE + MINUTE)

    assert second.id == first.id
    assert second.token != first.token


def test_who_comes_back_after_the_lease_ran_out_writes_nothing(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    late = claim_feed(database, now=now)
    now += feeds.LEASE + MINUTE
    mine = claim_feed(database, now=now)

    with pytest.raises(LeaseLost, match="taken over by another worker"):
        database.write(readings.changed, late, document(an_entry(), body_hash="late"), now=now)

    assert count(database, ENTRY) == 0
    assert rows(database, FEED.c.body_hash, FEED.c.lease_token) == [(None, mine.token)]


def test_what_is_closed_can_not_be_closed_again(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    claim = claim_feed(database, now=now)
    say_the_same(database, claim, due_at=now + HOUR, now=now)

    with pytest.raises(LeaseLost):
        fail(database, claim, "HTTP 503", now=now, due_at=now)
    assert rows(database, FEED.c.last_error) == [(None,)]


# -- renewing, giving back -----------------------------------------------------------------------


def test_a_renewed_lease_holds_longer(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    claim = claim_feed(database, now=now)
    database.write(leases.renew, leases.FEEDS, [claim], until=now + HOUR)

    assert claim_feeds(database, now=now + feeds.LEASE + MINUTE) == []
    assert len(claim_feeds(database, now=now + HOUR + MINUTE)) == 1


def test_a_lease_that_was_lost_can_not_be_renewed(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    late = claim_feed(database, now=now)
    now += feeds.LEASE + MINUTE
    claim_feed(database, now=now)
    database.write(leases.renew, leases.FEEDS, [late], until=now + HOUR)

    assert len(claim_feeds(database, now=now + feeds.LEASE + MINUTE)) == 1


def test_a_row_given_back_is_free_at_once_and_was_never_taken(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for _ in range(leases.POISON + 1):
        claim = claim_feed(database, now=now)
        database.write(leases.give_back, leases.FEEDS, [claim])

    assert len(claim_feeds(database, now=now)) == 1


def test_only_one_s_own_rows_can_be_given_back(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    late = claim_feed(database, now=now)
    now += feeds.LEASE + MINUTE
    claim_feed(database, now=now)
    database.write(leases.give_back, leases.FEEDS, [late])

    assert claim_feeds(database, now=now) == []


def test_nothing_given_back_is_no_mistake(database: Database) -> None:
    database.write(leases.give_back, leases.FEEDS, [])


def test_at_a_start_everything_held_is_free_again(database: Database, now: datetime) -> None:
    wait_to_be_read(database, an_entry(), now=now)
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, Hold(Reason.SETTLING, until=now)), article_id=article_id, now=now)
    post(database, now=now)
    claim_deliveries(database, now=now)
    database.write(history.claim_held, now=now, limit=9)
    database.write(articles.claim_unfiled, now=now, limit=9)
    claim_feeds(database, now=now + 2 * HOUR)

    database.write(leases.clear_all)

    now += 2 * HOUR
    assert len(claim_feeds(database, now=now)) == 1
    assert len(claim_entries(database, now=now)) == 1
    assert len(claim_deliveries(database, now=now)) == 1
    assert len(database.write(history.claim_held, now=now, limit=9)) == 1
    assert len(database.write(articles.claim_unfiled, now=now, limit=9)) == 1


# -- poison --------------------------------------------------------------------------------------


def three_times(now: datetime, lease: timedelta) -> list[datetime]:
    return [now + n * (lease + MINUTE) for n in range(leases.POISON)]


def test_a_feed_that_stops_the_program_three_times_is_paused_and_shown(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for at in three_times(now, feeds.LEASE):
        claim_feed(database, now=at)

    assert claim_feeds(database, now=now + HOUR) == []
    (health,) = feed_health(database, now=now)
    assert health.last_error == "it stopped the program three times"
    assert health.next_poll_at is None


def test_crashes_count_when_the_program_starts_again_at_once(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for _ in range(leases.POISON):
        claim_feed(database, now=now)
        database.write(leases.clear_all)

    assert claim_feeds(database, now=now) == []


def test_a_paused_feed_stays_so_after_a_restart_until_it_is_asked_for(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for at in three_times(now, feeds.LEASE):
        claim_feed(database, now=at)
    claim_feeds(database, now=now + HOUR)
    watch(database, FEED_URL, now=now + HOUR)
    assert claim_feeds(database, now=now + HOUR) == []

    database.write(feeds.make_all_due, now=now + HOUR)
    assert len(claim_feeds(database, now=now + HOUR)) == 1


def test_an_entry_that_stops_the_program_three_times_is_set_aside_and_shown(database: Database, now: datetime) -> None:
    wait_to_be_read(database, an_entry("bad"), an_entry("good"), now=now)
    good = sa.select(ENTRY.c.id).where(ENTRY.c.key == "guid:good")
    for at in three_times(now, entries.LEASE)[1:]:
        for claim in claim_entries(database, now=at):
            if claim.id == database.read(lambda session: session.scalar(good)):
                database.write(entries.later, claim, "HTTP 503", due_at=at)

    after = now + HOUR
    assert [claim.value.entry.title for claim in claim_entries(database, now=after)] == ["good"]
    assert rows(database, ENTRY.c.key, ENTRY.c.state, ENTRY.c.last_error) == [
        ("guid:bad", EntryState.POISONED, "reading it stopped the program three times"),
        ("guid:good", EntryState.WAITING, "HTTP 503"),
    ]
    assert claim_entries(database, now=after) == []


def test_a_delivery_that_stops_the_program_three_times_is_dead_but_visible(database: Database, now: datetime) -> None:
    post(database, now=now)
    for at in three_times(now, outbox.LEASE):
        assert len(claim_deliveries(database, now=at)) == 1

    assert claim_deliveries(database, now=now + HOUR) == []
    assert database.read(outbox.totals) == outbox_of(dead=1)
    assert rows(database, DELIVERY.c.state, DELIVERY.c.last_error) == [
        (DeliveryState.DEAD, "sending it stopped the program three times")
    ]


def test_held_alerts_and_files_are_never_given_up(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, Hold(Reason.SETTLING, until=now)), article_id=article_id, now=now)
    for at in three_times(now, articles.LEASE):
        database.write(history.claim_held, now=at, limit=9)
        database.write(articles.claim_unfiled, now=at, limit=9)

    assert len(database.write(history.claim_held, now=now + HOUR, limit=9)) == 1
    assert len(database.write(articles.claim_unfiled, now=now + HOUR, limit=9)) == 1


def test_an_outcome_whatever_it_is_ends_the_count(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    for _ in range(leases.POISON + 1):
        claim = claim_feed(database, now=now)
        fail(database, claim, "timed out", now=now, due_at=now)

    assert len(claim_feeds(database, now=now)) == 1


def test_a_feed_due_later_is_not_taken(database: Database, now: datetime) -> None:
    watch(database, FEED_URL, now=now)
    poll(database, document(), now=now)

    assert claim_feeds(database, now=now + HOUR - MINUTE) == []
    assert len(claim_feeds(database, now=now + HOUR)) == 1
