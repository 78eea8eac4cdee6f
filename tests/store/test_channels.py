"""How a channel fares: it rests, pauses, is broken, works again; and who hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.model import Failed
from monitor.store import channels, leases, outbox
from monitor.store.channels import ChannelHealth
from monitor.store.database import Database
from monitor.store.outbox import Marked
from monitor.store.tables import DELIVERY
from tests.store.steps import HOUR, MINUTE, claim_deliveries, claim_delivery, outbox_of, rows
from tests.store.tries import (
    ALONE,
    DAY,
    DEAD,
    MAIL,
    MAYBE,
    MOVED,
    PHONE,
    SECOND,
    SENT,
    WAITING,
    fail,
    health,
    hear_nothing,
    limit_rate,
    put,
    refuse,
    send,
    standing,
    take,
    taken,
)

# -- failures: it rests --------------------------------------------------------------------------


def test_after_one_failure_the_next_message_is_tried_at_once(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    fail(database, ALONE, now=now)

    assert taken(database, ALONE, now=now).value.uid == "uid-2"


def test_from_the_second_failure_on_the_channel_rests_and_nothing_else_fails_for_it(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", "3", now=now)
    fail(database, ALONE, now=now)
    assert fail(database, ALONE, now=now) == Marked(WAITING, now + 10 * SECOND)

    assert take(database, ALONE, now=now + 10 * SECOND - SECOND) == []
    assert len(take(database, ALONE, now=now + 10 * SECOND)) == 1


def test_a_channel_that_rests_delays_no_other(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    put(database, "3", channel="mail", now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now)

    assert taken(database, MAIL, now=now).value.uid == "uid-3"


def test_a_success_ends_every_rest(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", now=now)
    in_hand = taken(database, ALONE, now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now)
    database.write(outbox.sent, in_hand, now=now + SECOND)

    assert health(database, now=now + SECOND) == ChannelHealth("phone", "ok", now + SECOND, None, 0, None, 2, 0, 0)
    assert len(take(database, ALONE, now=now + 10 * SECOND, limit=9)) == 2


# -- asked to wait -------------------------------------------------------------------------------


def test_a_rate_limit_costs_no_try_and_pauses_the_whole_channel(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    limit_rate(database, ALONE, now + MINUTE, now=now)

    assert take(database, ALONE, now=now + MINUTE - SECOND) == []
    both = take(database, ALONE, now=now + MINUTE, limit=9)
    assert [(claim.value.uid, claim.value.attempts) for claim in both] == [("uid-2", 0), ("uid-1", 0)]


def test_what_was_sent_at_the_same_moment_does_not_end_the_pause_that_was_asked_for(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", "3", now=now)
    in_hand = taken(database, ALONE, now=now)
    limit_rate(database, ALONE, now + MINUTE, now=now)
    database.write(outbox.sent, in_hand, now=now + SECOND)

    assert take(database, ALONE, now=now + MINUTE - SECOND) == []
    assert health(database, now=now + SECOND).state == "paused"


def test_a_pause_of_a_minute_moves_nothing(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    limit_rate(database, PHONE, now + MINUTE, now=now)
    take(database, PHONE, now=now + MINUTE - SECOND)

    assert send(database, PHONE, now=now + MINUTE) == []
    assert standing(database) == [("uid-1", SENT)]


def test_a_pause_of_more_than_half_an_hour_is_too_long_where_there_is_a_fallback(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", now=now)
    limit_rate(database, PHONE, now + 3 * HOUR, now=now)
    take(database, PHONE, now=now + 30 * MINUTE - SECOND)
    assert standing(database) == [("uid-1", WAITING), ("uid-2", WAITING)]

    assert take(database, PHONE, now=now + 30 * MINUTE) == []
    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", WAITING), ("uid-2", MOVED), ("uid-2-mail", WAITING)]


def test_without_a_fallback_it_is_waited_for_and_then_sent(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    limit_rate(database, ALONE, now + 3 * HOUR, now=now)
    assert take(database, ALONE, now=now + 2 * HOUR) == []

    assert send(database, ALONE, now=now + 3 * HOUR) == ["uid-1"]
    assert database.read(outbox.totals) == outbox_of(sent=1, waiting=1)


def test_a_service_that_asks_to_wait_for_ever_is_waited_for_a_day(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    for hours in range(24):
        limit_rate(database, ALONE, now + (hours + 1) * HOUR, now=now + hours * HOUR)
    limit_rate(database, ALONE, now + 25 * HOUR, now=now + 24 * HOUR)
    take(database, ALONE, now=now + 24 * HOUR)

    assert rows(database, DELIVERY.c.state, DELIVERY.c.last_error) == [(DEAD, "tried for a day: HTTP 429")]


# -- no answer -----------------------------------------------------------------------------------


def test_what_got_no_answer_is_sent_once_more_and_says_so(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    assert taken(database, ALONE, now=now).value.silences == 0
    database.write(leases.clear_all)
    assert hear_nothing(database, ALONE, now=now) == Marked(WAITING, now + MINUTE)

    assert take(database, ALONE, now=now + MINUTE - SECOND) == []
    again = taken(database, ALONE, now=now + MINUTE).value
    assert (again.uid, again.silences, again.attempts) == ("uid-1", 1, 1)


def test_after_a_second_silence_it_may_have_arrived_and_is_sent_no_more(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    hear_nothing(database, ALONE, now=now)
    assert hear_nothing(database, ALONE, now=now + MINUTE) == Marked(MAYBE)

    assert take(database, ALONE, now=now + 99 * DAY) == []
    assert database.read(outbox.totals) == outbox_of(maybe=1)
    shown = health(database, now=now + MINUTE)
    assert (shown.maybe, shown.last_error, shown.failures) == (1, "no answer", 2)


def test_silences_count_though_other_failures_came_between(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    hear_nothing(database, ALONE, now=now)
    fail(database, ALONE, now=now + MINUTE)

    assert hear_nothing(database, ALONE, now=now + HOUR) == Marked(MAYBE)


def test_what_got_no_answer_says_so_on_the_fallback_too(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    hear_nothing(database, PHONE, now=now)
    refuse(database, PHONE, now=now + MINUTE)

    assert taken(database, MAIL, now=now + MINUTE).value.silences == 1


# -- news of it ----------------------------------------------------------------------------------


def is_news(database: Database, *, now: datetime) -> bool:
    return database.write(channels.is_news, "phone", now=now)


def test_that_a_channel_fails_is_news_after_half_an_hour_once_until_it_worked(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", now=now)
    assert not is_news(database, now=now)
    fail(database, ALONE, now=now)
    assert not is_news(database, now=now + 30 * MINUTE - SECOND)
    assert is_news(database, now=now + 30 * MINUTE)
    fail(database, ALONE, now=now + HOUR)
    assert not is_news(database, now=now + 2 * HOUR)

    send(database, ALONE, now=now + 3 * HOUR)
    put(database, "3", now=now + 4 * HOUR)
    fail(database, ALONE, now=now + 4 * HOUR)
    assert not is_news(database, now=now + 4 * HOUR)
    assert is_news(database, now=now + 5 * HOUR)


def test_that_a_channel_is_broken_is_news_at_once_and_only_once(database: Database, now: datetime) -> None:
    put(database, *"12345", now=now)
    news = []
    for hours in (0, 0, 0, 1, 2):
        refuse(database, ALONE, now=now + hours * HOUR)
        news.append(is_news(database, now=now + hours * HOUR))

    assert news == [False, False, True, False, False]


# -- changed channels, new starts ----------------------------------------------------------------


def test_a_channel_that_was_changed_is_tried_at_once_as_if_nothing_had_been(database: Database, now: datetime) -> None:
    put(database, *"1234", now=now)
    put(database, "mail", channel="mail", now=now)
    for _ in range(3):
        refuse(database, ALONE, now=now)
    limit_rate(database, MAIL, now + HOUR, now=now)
    database.write(channels.try_again, ["phone", "never heard of"])

    assert health(database, now=now).state == "ok"
    assert len(take(database, ALONE, now=now)) == 1
    assert take(database, MAIL, now=now) == []


def test_a_start_ends_a_rest_but_not_a_pause_that_was_asked_for(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    put(database, "3", "4", channel="mail", now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now)
    fail(database, MAIL, now=now)
    limit_rate(database, MAIL, now + HOUR, now=now)
    database.write(channels.start)

    now += 5 * SECOND
    assert len(take(database, ALONE, now=now)) == 1
    assert take(database, MAIL, now=now) == []


def test_a_round_a_minute_by_cron_finds_its_fallback_too(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    for minutes in range(0, 90, 10):
        database.write(channels.start)
        if take(database, PHONE, now=now + minutes * MINUTE):
            database.write(leases.clear_all)
            fail(database, PHONE, now=now + minutes * MINUTE)

    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", WAITING)]


# -- what is shown -------------------------------------------------------------------------------


def test_the_health_of_a_channel_tells_what_waits_what_died_and_why(database: Database, now: datetime) -> None:
    put(database, *"1234", now=now)
    first, second, third, _ = claim_deliveries(database, "phone", now=now)
    database.write(outbox.sent, first, now=now)
    database.write(outbox.retry, second, ALONE, Failed("HTTP 502"), now=now + MINUTE)
    database.write(outbox.refused, third, ALONE, "chat not found", now=now + 2 * MINUTE)

    assert database.read(channels.health, ["phone", "mail"], now=now + 3 * MINUTE) == [
        ChannelHealth("phone", "failing", now, "chat not found", 2, None, waiting=2, maybe=0, dead=1),
        ChannelHealth("mail", "ok", None, None, 0, None, waiting=0, maybe=0, dead=0),
    ]
    assert database.read(channels.health, [], now=now) == []
    assert database.read(channels.known) == ["phone"]


@pytest.mark.parametrize(
    ("outcomes", "condition", "rest"),
    [
        ((), "ok", None),
        ((fail,), "failing", None),
        ((fail, fail), "failing", 10 * SECOND),
        ((hear_nothing,), "failing", None),
        ((refuse,), "ok", None),
        ((refuse, refuse, refuse), "broken", HOUR),
        ((refuse, refuse, refuse, send), "ok", None),
    ],
)
def test_the_condition_of_a_channel_in_one_word(
    database: Database, now: datetime, outcomes: tuple[Any, ...], condition: str, rest: timedelta | None
) -> None:
    put(database, *"1234", now=now)
    for n, outcome in enumerate(outcomes):
        outcome(database, ALONE, now=now + (HOUR if n == 3 else timedelta()))

    shown = health(database, now=now)
    assert (shown.state, shown.paused_until) == (condition, now + rest if rest else None)


def test_a_channel_that_asked_to_be_left_alone_is_paused_until_then(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    limit_rate(database, ALONE, now + HOUR, now=now)

    shown = health(database, now=now)
    assert (shown.state, shown.paused_until, shown.last_error, shown.failures) == ("paused", now + HOUR, "HTTP 429", 0)
    assert claim_deliveries(database, "phone", now=now) == []
    assert claim_delivery(database, "phone", now=now + HOUR).value.attempts == 0
