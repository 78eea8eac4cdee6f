"""What a channel refuses or can not take for long goes to its fallback; what can go nowhere is dead after a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Failed
from monitor.store import leases, outbox
from monitor.store.database import Database
from monitor.store.outbox import Marked, Route
from monitor.store.tables import DELIVERY
from tests.store.steps import HOUR, MINUTE, outbox_of, rows
from tests.store.tries import (
    ALONE,
    DAY,
    DEAD,
    MAIL,
    MOVED,
    PHONE,
    SECOND,
    WAITING,
    fail,
    health,
    keep_failing,
    limit_rate,
    put,
    refuse,
    send,
    standing,
    take,
    taken,
)

# -- refused for good ----------------------------------------------------------------------------


def test_what_is_refused_goes_to_the_fallback_at_once_as_the_same_notification(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", now=now)
    assert refuse(database, PHONE, now=now + HOUR) == Marked(MOVED)

    moved = taken(database, MAIL, now=now + HOUR).value
    assert (moved.channel, moved.notification.channel, moved.attempts) == ("mail", "phone", 0)
    assert (moved.created_at, moved.trying_since) == (now, now + HOUR)
    assert standing(database)[-1] == ("uid-2", WAITING)


def test_a_digest_that_went_in_part_goes_on_through_the_fallback(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    claim = taken(database, PHONE, now=now)
    database.write(outbox.sent_in_part, claim, cards=4)
    database.write(outbox.refused, claim, PHONE, "HTTP 404", now=now)

    assert taken(database, MAIL, now=now).value.cards_sent == 4


def test_three_refusals_in_a_row_and_the_channel_is_broken_and_rests(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", "4", now=now)
    refuse(database, ALONE, now=now)
    refuse(database, ALONE, now=now)
    assert health(database, now=now).state == "ok"

    refuse(database, ALONE, now=now)
    assert health(database, now=now).state == "broken"
    assert take(database, ALONE, now=now + HOUR - SECOND) == []
    assert taken(database, ALONE, now=now + HOUR).value.uid == "uid-4"


def test_a_success_between_them_begins_the_count_anew(database: Database, now: datetime) -> None:
    put(database, *"12345", now=now)
    for outcome in (refuse, refuse, send, refuse, refuse):
        outcome(database, ALONE, now=now)

    assert health(database, now=now).state == "ok"


def test_what_waits_for_a_broken_channel_moves_and_what_comes_later_too(database: Database, now: datetime) -> None:
    put(database, *"12345", now=now)
    in_hand = taken(database, PHONE, now=now)
    for _ in range(3):
        refuse(database, PHONE, now=now)
    put(database, "6", now=now + MINUTE)
    assert take(database, PHONE, now=now + MINUTE) == []

    assert [uid for uid, state in standing(database) if state == MOVED] == [f"uid-{n}" for n in "23456"]
    assert [claim.value.uid for claim in take(database, MAIL, now=now + MINUTE, limit=9)] == [
        f"uid-{n}-mail" for n in "23456"
    ]
    database.write(outbox.sent, in_hand, now=now + MINUTE)
    assert database.read(outbox.totals) == outbox_of(sent=1, waiting=5)


def test_after_an_hour_a_broken_channel_is_asked_again_and_is_well_if_it_answers(
    database: Database, now: datetime
) -> None:
    put(database, "1", "2", "3", now=now)
    for _ in range(3):
        refuse(database, PHONE, now=now)
    put(database, "4", now=now + HOUR)

    assert send(database, PHONE, now=now + HOUR) == []
    assert health(database, now=now + HOUR).state == "ok"


# -- the fallback --------------------------------------------------------------------------------


def test_after_half_an_hour_of_failures_the_fallback_takes_over_what_waits(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    keep_failing(database, PHONE, now=now, until=now + 30 * MINUTE - SECOND)
    assert standing(database) == [("uid-1", WAITING)]

    put(database, "2", now=now + 29 * MINUTE)
    assert take(database, PHONE, now=now + 30 * MINUTE) == []
    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", WAITING), ("uid-2", MOVED), ("uid-2-mail", WAITING)]


def test_the_try_that_fails_after_half_an_hour_is_told_by_the_fallback(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    fail(database, PHONE, now=now)

    assert fail(database, PHONE, now=now + 31 * MINUTE) == Marked(MOVED)


def test_what_is_in_hand_is_not_moved_until_its_outcome_is_known(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    fail(database, PHONE, now=now)
    later = now + 31 * MINUTE
    first, second = take(database, PHONE, now=later, limit=2)
    assert database.write(outbox.retry, first, PHONE, Failed("HTTP 502"), now=later).state is MOVED
    assert (second.value.uid, WAITING) in standing(database)

    database.write(outbox.sent, second, now=later)
    assert database.read(outbox.totals) == outbox_of(sent=1, waiting=1)


def test_a_fallback_gets_nothing_twice(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    fail(database, PHONE, now=now)
    for minutes in range(30, 50):
        take(database, PHONE, now=now + minutes * MINUTE)
        database.write(leases.clear_all)
        if minutes == 30:
            fail(database, PHONE, now=now + minutes * MINUTE)

    assert {claim.value.uid for claim in take(database, MAIL, now=now + HOUR, limit=9)} == {"uid-1-mail", "uid-2-mail"}
    assert len(standing(database)) == 4


def test_nothing_goes_to_and_fro_between_two_channels_that_both_fail(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    refuse(database, PHONE, now=now)
    assert refuse(database, MAIL, now=now) == Marked(DEAD)

    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", DEAD)]


def test_what_came_from_a_channel_waits_where_it_is_though_both_fail_for_long(
    database: Database, now: datetime
) -> None:
    put(database, "1", now=now)
    fail(database, PHONE, now=now)
    fail(database, PHONE, now=now + 30 * MINUTE)
    now += 30 * MINUTE
    keep_failing(database, MAIL, now=now, until=now + 3 * HOUR)

    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", WAITING)]


def test_a_fallback_that_is_broken_hands_on_to_its_own(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    refuse(database, PHONE, now=now)
    assert refuse(database, Route("mail", "terminal"), now=now) == Marked(MOVED)
    assert refuse(database, Route("terminal", "phone"), now=now) == Marked(DEAD)

    assert rows(database, DELIVERY.c.id, DELIVERY.c.channel, DELIVERY.c.moved_to) == [
        (first := rows(database, DELIVERY.c.id)[0][0], "phone", first + 1),
        (first + 1, "mail", first + 2),
        (first + 2, "terminal", None),
    ]


@pytest.mark.parametrize("at", [datetime(2026, 3, 29, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)])
def test_a_clock_change_makes_no_half_hour_and_no_day_longer_or_shorter(database: Database, at: datetime) -> None:
    put(database, "1", now=at)
    put(database, "2", channel="mail", now=at)
    limit_rate(database, PHONE, at + 2 * DAY, now=at)
    limit_rate(database, Route("mail"), at + 2 * DAY, now=at)
    for late, states in ((-SECOND, [WAITING, WAITING]), (timedelta(), [MOVED, WAITING, WAITING])):
        take(database, PHONE, now=at + 30 * MINUTE + late)
        assert [state for _, state in standing(database)] == states

    for late, state in ((-SECOND, WAITING), (timedelta(), DEAD)):
        take(database, Route("mail"), now=at + DAY + late)
        assert standing(database)[-1] == ("uid-2", state)


# -- a day ---------------------------------------------------------------------------------------


def test_tries_go_on_for_a_day_then_it_is_dead_with_its_reason(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    keep_failing(database, ALONE, now=now, until=now + DAY - SECOND)
    assert standing(database) == [("uid-1", WAITING)]
    assert rows(database, DELIVERY.c.attempts)[0][0] > 20

    keep_failing(database, ALONE, now=now + DAY, until=now + DAY + HOUR)
    assert rows(database, DELIVERY.c.state, DELIVERY.c.last_error) == [(DEAD, "tried for a day: HTTP 502")]


def test_each_message_has_its_own_day(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    put(database, "2", now=now + 12 * HOUR)
    keep_failing(database, ALONE, now=now, until=now + 26 * HOUR)

    assert standing(database) == [("uid-1", DEAD), ("uid-2", WAITING)]


def test_a_message_that_fails_while_others_go_through_is_dead_after_a_day_too(
    database: Database, now: datetime
) -> None:
    put(database, "1", now=now)
    for hours in range(25):
        fail(database, ALONE, now=now + hours * HOUR)
        put(database, f"good {hours}", now=now + hours * HOUR)
        send(database, ALONE, now=now + hours * HOUR)

    assert [uid for uid, state in standing(database) if state == DEAD] == ["uid-1"]
    assert database.read(outbox.totals) == outbox_of(sent=25, dead=1)


def test_days_on_which_nobody_was_there_to_try_do_not_count(database: Database, now: datetime) -> None:
    """A computer that was shut for the weekend, and whose network comes a moment after it."""
    put(database, "1", now=now)
    fail(database, ALONE, now=now)
    now += 3 * DAY
    assert fail(database, ALONE, now=now).state is WAITING

    keep_failing(database, ALONE, now=now + MINUTE, until=now + DAY + 2 * HOUR)
    assert standing(database) == [("uid-1", DEAD)]


def test_the_fallback_has_a_day_of_its_own(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    limit_rate(database, ALONE, now + 23 * HOUR, now=now)
    refuse(database, PHONE, now=now + 23 * HOUR)
    now += 23 * HOUR
    keep_failing(database, Route("mail"), now=now, until=now + DAY - SECOND)

    assert standing(database) == [("uid-1", MOVED), ("uid-1-mail", WAITING)]


# -- what stops the program ----------------------------------------------------------------------


def test_what_stopped_the_program_three_times_goes_the_other_way(database: Database, now: datetime) -> None:
    """Its channel may be well: three power cuts at the wrong moment are enough."""
    put(database, "phone", now=now)
    for _ in range(leases.POISON):
        assert take(database, PHONE, now=now)
        now += outbox.LEASE + MINUTE
    assert take(database, PHONE, now=now) == []
    assert rows(database, DELIVERY.c.channel, DELIVERY.c.state) == [("mail", "waiting"), ("phone", "moved")]
