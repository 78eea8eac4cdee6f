"""Feeds: when each is asked, what its last reading was, which of its entries are news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import pytest
from sqlalchemy.orm import Session

from monitor.model import Validators
from monitor.settings import Feed
from monitor.store import feeds, hosts, listings, readings
from monitor.store.database import Database
from monitor.store.tables import ENTRY, FEED, HOST, EntryState
from monitor.timing import NextPoll
from tests.build import a_feed, an_entry
from tests.store.steps import (
    HOUR,
    MINUTE,
    claim_entries,
    claim_feed,
    claim_feeds,
    document,
    fail,
    feed_health,
    poll,
    rows,
    say_the_same,
    watch,
)

URL = "https://example.com/rss"
OTHER = "https://example.org/rss"


def urls(database: Database, *, now: datetime) -> set[str]:
    return {claim.value.url for claim in claim_feeds(database, now=now)}


def configure(database: Database, *configured: Feed, now: datetime) -> None:
    database.write(feeds.configure, configured, now=now)


# -- the configuration ---------------------------------------------------------------------------


def test_a_feed_is_asked_as_soon_as_it_stands_in_the_configuration(database: Database, now: datetime) -> None:
    watch(database, URL, OTHER, now=now)
    assert urls(database, now=now) == {URL, OTHER}


def test_a_feed_that_left_the_configuration_is_not_asked_and_not_shown(database: Database, now: datetime) -> None:
    watch(database, URL, OTHER, now=now)
    watch(database, OTHER, now=now)

    assert [health.url for health in feed_health(database, now=now)] == [OTHER]
    assert urls(database, now=now) == {OTHER}


def test_a_feed_that_comes_back_is_asked_at_once_and_tells_only_what_is_new(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry("old")), now=now)
    watch(database, now=now)
    now += MINUTE
    watch(database, URL, now=now)

    assert poll(database, document(an_entry("old"), an_entry("new")), now=now) == 1


def test_a_new_name_is_shown_at_once(database: Database, now: datetime) -> None:
    configure(database, a_feed(URL, name="Lama"), now=now)
    configure(database, a_feed(URL, name="Baru"), now=now)

    assert [health.name for health in feed_health(database, now=now)] == ["Baru"]


def test_a_restart_does_not_hurry_anything(database: Database, now: datetime) -> None:
    configure(database, a_feed(URL, every=2 * HOUR), now=now)
    poll(database, document(), now=now)
    configure(database, a_feed(URL, every=2 * HOUR), now=now + MINUTE)

    assert urls(database, now=now + HOUR - MINUTE) == set()
    assert urls(database, now=now + HOUR) == {URL}


def test_a_shorter_interval_counts_from_now(database: Database, now: datetime) -> None:
    configure(database, a_feed(URL, every=2 * HOUR), now=now)
    poll(database, document(), now=now)
    now += MINUTE
    configure(database, a_feed(URL, every=timedelta(minutes=5)), now=now)

    assert urls(database, now=now) == {URL}


def test_an_edit_of_something_else_asks_no_feed_sooner_than_its_server_wished(
    database: Database, now: datetime
) -> None:
    feed = a_feed(URL, every=timedelta(minutes=5))
    configure(database, feed, now=now)
    say_the_same(database, claim_feed(database, now=now), due_at=now + HOUR, now=now)
    for minutes in (1, 2):
        new = a_feed(OTHER, every=timedelta(minutes=5), name=f"Baru {minutes}")
        database.write(feeds.configure, [feed, new], before=[feed], now=now + minutes * MINUTE)
    assert urls(database, now=now + 3 * MINUTE) == {OTHER}

    hurried = a_feed(URL, every=timedelta(minutes=4))
    database.write(feeds.configure, [hurried], before=[feed], now=now + 4 * MINUTE)
    assert urls(database, now=now + 4 * MINUTE) == {URL}


def test_a_shorter_interval_is_no_reason_to_press_a_feed_that_fails(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    claim = claim_feed(database, now=now)
    fail(database, claim, "HTTP 503", now=now, due_at=now + HOUR)
    configure(database, a_feed(URL, every=MINUTE), now=now + MINUTE)

    assert urls(database, now=now + MINUTE) == set()
    assert urls(database, now=now + HOUR) == {URL}


def test_many_feeds_are_taken_over_at_once(database: Database, now: datetime) -> None:
    many = [f"https://{n}.example.com/" for n in range(500)]
    watch(database, *many, now=now)

    assert len(claim_feeds(database, now=now, limit=1000)) == 500


# -- the first reading ---------------------------------------------------------------------------


def listed(many: int) -> readings.Changed:
    return document(*(an_entry(f"berita {n}", published_at=None) for n in range(many)))


@pytest.mark.parametrize(
    ("backlog", "read"),
    [("skip", []), ("alert", ["berita 0", "berita 1", "berita 2"]), (2, ["berita 1", "berita 2"]), (9, None), (0, [])],
)
def test_of_a_first_reading_as_much_is_read_as_was_asked(
    database: Database, now: datetime, backlog: Literal["skip", "alert"] | int, read: list[str] | None
) -> None:
    watch(database, URL, now=now)
    entries = listed(3).entries
    new = poll(database, document(*entries, backlog=backlog), now=now)

    titles = [claim.value.entry.title for claim in claim_entries(database, now=now)]
    assert titles == (["berita 0", "berita 1", "berita 2"] if read is None else read)
    assert new == len(titles)


def test_what_was_skipped_is_remembered_by_its_key_only(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry("old"), backlog="skip"), now=now)

    columns = (ENTRY.c.key, ENTRY.c.state, ENTRY.c.content, ENTRY.c.due_at)
    assert rows(database, *columns) == [("guid:old", EntryState.SKIPPED, None, None)]
    assert poll(database, document(an_entry("old"), an_entry("new"), backlog="skip"), now=now + HOUR) == 1


def test_a_feed_without_entries_has_had_its_first_reading(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(backlog="skip"), now=now)

    assert poll(database, document(an_entry(), backlog="skip"), now=now + HOUR) == 1


def test_a_first_good_reading_that_comes_late_is_still_the_first(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    for n in range(3):
        claim = claim_feed(database, now=now + n * HOUR)
        assert claim.value.is_first
        fail(database, claim, "timed out", now=now + n * HOUR, due_at=now + (n + 1) * HOUR)

    assert poll(database, document(an_entry(), backlog="skip"), now=now + 3 * HOUR) == 0
    assert not claim_feed(database, now=now + 5 * HOUR).value.is_first


def test_a_first_answer_without_change_is_a_first_reading_too(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    say_the_same(database, claim_feed(database, now=now), due_at=now, now=now)

    assert not claim_feed(database, now=now).value.is_first


# -- further readings ----------------------------------------------------------------------------


def test_only_entries_not_seen_before_are_new(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    assert poll(database, listed(3), now=now) == 3
    assert poll(database, listed(3), now=now + HOUR) == 0
    assert poll(database, listed(5), now=now + 2 * HOUR) == 2


def test_two_feeds_may_list_the_same_entry(database: Database, now: datetime) -> None:
    watch(database, URL, OTHER, now=now)
    both = claim_feeds(database, now=now)
    new = [database.write(readings.changed, claim, listed(2), now=now).new for claim in both]
    assert new == [2, 2]


def test_a_feed_may_list_more_than_one_statement_can_ask_for(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    many = listed(listings.CHUNK + 1)
    assert poll(database, document(*many.entries, backlog="skip"), now=now) == 0
    assert poll(database, document(*many.entries, an_entry("new")), now=now + HOUR) == 1


def test_validators_and_the_document_are_remembered_with_its_entries(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    validators = Validators('"7b"', "Tue, 10 Mar 2026 12:00:00 GMT")
    poll(database, document(an_entry(), validators=validators, body_hash="aa"), now=now)

    state = claim_feed(database, now=now + HOUR).value
    assert (state.validators, state.body_hash, state.last_success_at) == (validators, "aa", now)


def test_new_validators_for_the_same_document_are_remembered(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(validators=Validators('"1"'), body_hash="aa"), now=now)
    for validators in (Validators('"2"', "yesterday"), None):
        now += HOUR
        claim = claim_feed(database, now=now)
        say_the_same(database, claim, validators, due_at=now + HOUR, now=now)

    state = claim_feed(database, now=now + HOUR).value
    assert (state.validators, state.body_hash) == (Validators('"2"', "yesterday"), "aa")


def test_a_reading_that_can_not_be_written_is_asked_for_again_as_if_it_had_not_come(
    database: Database, now: datetime
) -> None:
    watch(database, URL, now=now)
    claim = claim_feed(database, now=now)
    reading = document(an_entry(), validators=Validators('"new"'), body_hash="new")

    def crash(session: Session) -> None:
        readings.changed(session, claim, reading, now=now)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(crash)
    again = claim_feed(database, now=now + feeds.LEASE + MINUTE).value
    assert (again.validators, again.body_hash, again.is_first) == (Validators(), None, True)
    assert rows(database, ENTRY.c.key) == []


def test_an_entry_knows_when_its_feed_was_last_read_before_it(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(), now=now)
    claim = claim_feed(database, now=now + HOUR)
    fail(database, claim, "timed out", now=now + HOUR, due_at=now + 2 * HOUR)
    poll(database, document(an_entry(published_at=None)), now=now + 9 * HOUR)

    (waiting,) = claim_entries(database, now=now + 9 * HOUR)
    assert waiting.value.feed_last_success_at == now


def test_an_entry_of_a_first_reading_has_none_before_it(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry(published_at=now - HOUR)), now=now)

    assert [claim.value.feed_last_success_at for claim in claim_entries(database, now=now)] == [None]


# -- failures ------------------------------------------------------------------------------------


def test_failures_in_a_row_are_counted_and_shown_until_a_reading_succeeds(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    for n in range(2):
        claim = claim_feed(database, now=now)
        assert claim.value.failures == n
        fail(database, claim, f"HTTP 50{n}", now=now, due_at=now)
    (health,) = feed_health(database, now=now)
    assert (health.failures, health.last_error, health.last_success_at) == (2, "HTTP 501", None)

    say_the_same(database, claim_feed(database, now=now), due_at=now + HOUR, now=now)
    (health,) = feed_health(database, now=now)
    assert (health.failures, health.last_error, health.last_success_at) == (0, None, now)
    assert health.next_poll_at == now + HOUR


def test_a_feed_that_is_gone_is_asked_again_only_by_hand(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    database.write(readings.gone, claim_feed(database, now=now), "HTTP 410", now=now)
    watch(database, URL, now=now)

    (health,) = feed_health(database, now=now)
    assert (health.last_error, health.next_poll_at) == ("HTTP 410", None)
    assert urls(database, now=now + 999 * HOUR) == set()
    database.write(feeds.make_all_due, now=now)
    assert urls(database, now=now) == {URL}


def test_by_hand_every_feed_of_the_configuration_is_due(database: Database, now: datetime) -> None:
    third = "https://example.net/rss"
    watch(database, URL, OTHER, third, now=now)
    for claim in claim_feeds(database, now=now):
        fail(database, claim, "timed out", now=now, due_at=now + HOUR)
    watch(database, URL, OTHER, now=now)
    database.write(hosts.asks_to_wait, "example.com:443", until=now + HOUR)
    database.write(feeds.make_all_due, now=now)

    assert urls(database, now=now) == {URL, OTHER}


# -- manners -------------------------------------------------------------------------------------


def test_a_host_is_left_alone_as_long_as_it_asked_last(database: Database, now: datetime) -> None:
    watch(database, URL, OTHER, now=now)
    for minutes in (5, 9, 3):
        database.write(hosts.asks_to_wait, "example.com:443", until=now + minutes * MINUTE)

    assert urls(database, now=now + 8 * MINUTE) == {OTHER}
    assert urls(database, now=now + 9 * MINUTE) == {URL}


def test_another_port_is_another_host(database: Database, now: datetime) -> None:
    watch(database, "https://example.com:8443/rss", now=now)
    database.write(hosts.asks_to_wait, "example.com:443", until=now + HOUR)

    assert urls(database, now=now) == {"https://example.com:8443/rss"}


def test_a_feed_whose_host_wants_rest_has_not_failed(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    database.write(hosts.asks_to_wait, "example.com:443", until=now + HOUR)
    assert urls(database, now=now) == set()

    assert rows(database, FEED.c.failures, FEED.c.claims, FEED.c.due_at) == [(0, 0, now + HOUR)]


def test_feeds_of_one_host_are_asked_a_second_apart(database: Database, now: datetime) -> None:
    many = [f"https://example.com/{n}" for n in range(4)]
    configure(database, *map(a_feed, [*many, OTHER]), now=now)

    asked = [urls(database, now=now + timedelta(seconds=second)) for second in range(6)]

    assert OTHER in asked[0]
    assert [len(those - {OTHER}) for those in asked] == [1, 1, 1, 1, 0, 0]


def test_after_a_rest_the_feeds_of_a_host_do_not_come_all_at_once(database: Database, now: datetime) -> None:
    many = [f"https://example.com/{n}" for n in range(4)]
    configure(database, *map(a_feed, many), now=now)
    database.write(hosts.asks_to_wait, "example.com:443", until=now + MINUTE)

    assert urls(database, now=now) == set()
    asked = [len(urls(database, now=now + timedelta(seconds=60 + second))) for second in range(6)]
    assert asked == [1, 1, 1, 1, 0, 0]


def test_feeds_of_the_inner_network_do_not_wait_for_each_other(database: Database, now: datetime) -> None:
    many = [f"https://example.com/{n}" for n in range(5)]
    configure(database, *(a_feed(url, allow_private=True) for url in many), now=now)

    assert urls(database, now=now) == set(many)


def test_a_round_takes_all_that_is_due(database: Database, now: datetime) -> None:
    many = [f"https://example.com/{n}" for n in range(5)]
    configure(database, *map(a_feed, many), now=now)

    assert len(database.write(feeds.claim, now=now, limit=100, is_round=True)) == 5


def test_hosts_that_nobody_asks_any_more_are_forgotten(database: Database, now: datetime) -> None:
    database.write(hosts.asks_to_wait, "old.example:443", until=now - HOUR)
    database.write(hosts.asks_to_wait, "new.example:443", until=now + HOUR)
    database.write(hosts.sweep, before=now)

    assert rows(database, HOST.c.name) == [("new.example:443",)]


def test_a_feed_that_comes_back_into_the_configuration_had_no_outage(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, listed(1), now=now)
    watch(database, OTHER, now=now + HOUR)
    watch(database, URL, now=now + 2 * HOUR)
    assert claim_feed(database, now=now + 2 * HOUR).value.last_success_at is None


def test_feeds_of_a_host_that_hangs_do_not_keep_others_from_being_asked(database: Database, now: datetime) -> None:
    configure(database, *(a_feed(f"https://example.com/{n}") for n in range(20)), now=now)
    held = [url for second in range(20) for url in urls(database, now=now + timedelta(seconds=second))]

    assert len(held) == hosts.OF_A_HOST
    configure(database, *(a_feed(f"https://example.com/{n}") for n in range(20)), a_feed(OTHER), now=now + MINUTE)
    assert OTHER in urls(database, now=now + MINUTE)


def test_a_feed_that_is_configured_where_it_moved_to_stays_the_feed_that_it_was(
    database: Database, now: datetime
) -> None:
    watch(database, URL, now=now)
    poll(database, document(*listed(3).entries), now=now)
    good = readings.Good(NextPoll(now + 2 * HOUR), moved_to=OTHER)
    database.write(readings.unchanged, [readings.Same(claim_feed(database, now=now + HOUR), good)], now=now + HOUR)
    watch(database, OTHER, now=now + HOUR)

    assert rows(database, FEED.c.url, FEED.c.moved_to) == [(OTHER, None)]
    assert poll(database, document(*listed(4).entries), now=now + 2 * HOUR) == 1
