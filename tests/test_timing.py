"""When next? The user's wish first, then the server's, and patience with what is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.timing import Why, eased, next_poll, next_try, page_retry_at, retry_at

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

spans = st.timedeltas(timedelta(0), 400 * DAY)
maybe = st.none() | spans


@pytest.mark.parametrize("every", [2 * SECOND, 30 * SECOND, 15 * MINUTE, 7 * DAY])
def test_a_good_poll_is_followed_by_the_next_after_every(every: timedelta) -> None:
    assert next_poll(every, now=NOW).at == NOW + every


def test_nothing_is_asked_more_often_than_every_two_seconds() -> None:
    assert next_poll(SECOND / 10, now=NOW).at == NOW + 2 * SECOND
    assert next_try(timedelta(0), now=NOW, failures=3).at == NOW + 2 * SECOND


@pytest.mark.parametrize(
    ("every", "max_age", "ttl", "delay"),
    [
        (15 * MINUTE, 5 * MINUTE, None, 15 * MINUTE),
        (15 * MINUTE, 40 * MINUTE, None, 40 * MINUTE),
        (15 * MINUTE, None, 40 * MINUTE, 40 * MINUTE),
        (15 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE),
        (15 * MINUTE, DAY, None, HOUR),
        (15 * MINUTE, None, 365 * DAY, HOUR),
        (2 * HOUR, DAY, DAY, 2 * HOUR),
        (5 * SECOND, 30 * SECOND, None, 30 * SECOND),
    ],
)
def test_a_server_may_ask_for_longer_but_not_beyond_an_hour(
    every: timedelta, max_age: timedelta | None, ttl: timedelta | None, delay: timedelta
) -> None:
    assert next_poll(every, now=NOW, max_age=max_age, ttl=ttl).at == NOW + delay


@pytest.mark.parametrize(
    ("every", "failures", "delay"),
    [
        (15 * MINUTE, 1, 15 * MINUTE),
        (15 * MINUTE, 2, 30 * MINUTE),
        (15 * MINUTE, 5, 4 * HOUR),
        (15 * MINUTE, 8, DAY),
        (15 * MINUTE, 1_000_000, DAY),
        (2 * SECOND, 3, 8 * SECOND),
        (2 * SECOND, 1_000_000, DAY),
        (7 * DAY, 3, 7 * DAY),
    ],
)
def test_a_feed_that_fails_is_asked_ever_less_often(every: timedelta, failures: int, delay: timedelta) -> None:
    assert next_try(every, now=NOW, failures=failures).at == NOW + delay


def test_what_a_server_asked_for_is_honoured_up_to_a_day() -> None:
    assert next_try(MINUTE, now=NOW, failures=1, retry_after=HOUR, spread=0).at == NOW + HOUR
    assert next_try(HOUR, now=NOW, failures=1, retry_after=MINUTE).at == NOW + HOUR
    assert next_try(MINUTE, now=NOW, failures=1, retry_after=300 * DAY).at == NOW + DAY


def test_feeds_that_were_added_together_drift_apart() -> None:
    assert next_poll(10 * MINUTE, now=NOW, spread=0).at == NOW + 9 * MINUTE
    assert next_poll(10 * MINUTE, now=NOW, spread=1).at == NOW + 11 * MINUTE


@pytest.mark.parametrize("spread", [0, 1])
def test_below_a_minute_every_is_exact(spread: float) -> None:
    assert next_poll(59 * SECOND, now=NOW, spread=spread).at == NOW + 59 * SECOND


@given(every=spans, hurry=st.integers(0, 100), max_age=maybe, ttl=maybe, spread=st.floats(0, 1))
def test_the_next_poll_is_never_too_soon_and_never_out_of_sight(
    every: timedelta, hurry: int, max_age: timedelta | None, ttl: timedelta | None, spread: float
) -> None:
    pause = next_poll(every, now=NOW, hurry=hurry, max_age=max_age, ttl=ttl, spread=spread).at - NOW
    assert max(min(every, 2 * MINUTE) * 0.89, 2 * SECOND) <= pause <= 1.11 * max(every, HOUR)


@given(every=spans, failures=st.integers(1, 10_000), retry_after=maybe, spread=st.floats(0, 1))
def test_a_feed_that_fails_is_never_given_up(
    every: timedelta, failures: int, retry_after: timedelta | None, spread: float
) -> None:
    pause = next_try(every, now=NOW, failures=failures, retry_after=retry_after, spread=spread).at - NOW
    assert max(every * 0.89, 2 * SECOND) <= pause <= 1.11 * max(every, DAY)
    assert pause >= min(retry_after or timedelta(0), DAY)


# -- entries that were missed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "hurry", "pause"),
    [
        (15 * MINUTE, 1, 7.5 * MINUTE),
        (15 * MINUTE, 2, 3.75 * MINUTE),
        (15 * MINUTE, 3, 2 * MINUTE),
        (15 * MINUTE, 1_000_000, 2 * MINUTE),
        (MINUTE, 1, MINUTE),
        (DAY, 1, 12 * HOUR),
    ],
)
def test_where_entries_were_missed_the_pause_is_halved_down_to_two_minutes(
    every: timedelta, hurry: int, pause: timedelta
) -> None:
    assert next_poll(every, now=NOW, hurry=hurry).at == NOW + pause


def test_a_ttl_that_was_too_long_no_longer_counts_but_what_the_server_keeps_does() -> None:
    assert next_poll(15 * MINUTE, now=NOW, hurry=1, ttl=HOUR).at == NOW + 7.5 * MINUTE
    assert next_poll(15 * MINUTE, now=NOW, hurry=1, max_age=10 * MINUTE).at == NOW + 10 * MINUTE


def test_the_hurry_ends_step_by_step_with_the_days() -> None:
    assert [eased(3, NOW, now=NOW + days * DAY) for days in (0, 0.9, 1, 2, 3, 400)] == [3, 3, 2, 1, 0, 0]
    assert eased(0, None, now=NOW) == 0


def test_it_says_why_a_feed_is_asked_then() -> None:
    every = 15 * MINUTE
    assert next_poll(every, now=NOW).why is Why.EVERY
    assert next_poll(every, now=NOW, max_age=HOUR).why is Why.SERVER
    assert next_poll(every, now=NOW, max_age=MINUTE).why is Why.EVERY
    assert next_poll(every, now=NOW, hurry=2).why is Why.GAP
    assert next_poll(every, now=NOW, hurry=2, max_age=HOUR).why is Why.SERVER
    assert next_try(every, now=NOW, failures=2).why is Why.FAILURE
    assert next_try(every, now=NOW, failures=2, retry_after=HOUR).why is Why.RETRY_AFTER


# -- deliveries and pages --------------------------------------------------------------------------


def test_a_delivery_is_tried_again_soon_and_then_ever_later_up_to_an_hour() -> None:
    delays = [(retry_at(attempts, now=NOW) - NOW) / SECOND for attempts in range(12)]
    assert delays == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


@pytest.mark.parametrize("spread", [0, 0.5, 1])
def test_a_delivery_is_never_given_up_nor_later_than_an_hour(spread: float) -> None:
    assert 0.9 * HOUR <= retry_at(1_000_000, now=NOW, spread=spread) - NOW <= HOUR


def test_what_a_service_asked_for_is_honoured() -> None:
    assert retry_at(0, now=NOW, retry_after=30 * SECOND) == NOW + 30 * SECOND
    assert retry_at(10, now=NOW, retry_after=30 * SECOND) == NOW + HOUR
    assert retry_at(0, now=NOW, retry_after=90 * DAY) == NOW + DAY


def test_deliveries_that_failed_together_are_not_tried_together() -> None:
    assert retry_at(2, now=NOW, spread=0) == NOW + 18 * SECOND
    assert retry_at(2, now=NOW, spread=1) == NOW + 22 * SECOND


def test_the_page_of_an_article_is_tried_three_times() -> None:
    assert page_retry_at(0, now=NOW) == NOW + MINUTE
    assert page_retry_at(1, now=NOW) == NOW + 5 * MINUTE
    assert page_retry_at(2, now=NOW) is None
    assert page_retry_at(9, now=NOW) is None
