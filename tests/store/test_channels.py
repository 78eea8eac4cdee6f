"""How a channel fares, and what becomes of its messages: it rests, pauses, is broken; another takes over; a day is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.model import Claim, Delivery, DeliveryState, Failed, HeldBy, Kind, Notification
from monitor.store import channels, leases, outbox
from monitor.store.channels import ChannelHealth
from monitor.store.database import Database
from monitor.store.outbox import Letter, Marked, Route
from monitor.store.tables import DELIVERY, NOTIFICATION
from tests.store.steps import HOUR, MINUTE, claim_deliveries, claim_delivery, outbox_of, post, rows

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ALONE = Route("phone")
PHONE = Route("phone", "mail")
MAIL = Route("mail", "phone")  # each is the other's fallback
WAITING, SENT, MAYBE, DEAD, MOVED = DeliveryState


def take(database: Database, route: Route, *, now: datetime, limit: int = 1) -> list[Claim[Delivery]]:
    return database.write(outbox.claim, route, now=now, limit=limit)


def taken(database: Database, route: Route, *, now: datetime) -> Claim[Delivery]:
    (claim,) = take(database, route, now=now)
    return claim


def fail(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.retry, taken(database, route, now=now), route, Failed("HTTP 502"), now=now)


def refuse(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.refused, taken(database, route, now=now), route, "HTTP 404", now=now)


def hear_nothing(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.unanswered, taken(database, route, now=now), "no answer", now=now)


def limit_rate(database: Database, route: Route, until: datetime, *, now: datetime) -> None:
    database.write(outbox.wait, taken(database, route, now=now), "HTTP 429", now=now, until=until)


def send(database: Database, route: Route, *, now: datetime) -> list[str]:
    """The names of what is better told together."""
    waited = database.write(outbox.sent, taken(database, route, now=now), now=now)
    return [delivery.uid for delivery in waited]


def put(database: Database, *names: str, channel: str = "phone", now: datetime) -> None:
    for name in names:
        post(database, name, channel=channel, now=now)


def keep_failing(database: Database, route: Route, *, now: datetime, until: datetime) -> None:
    """Tried whenever it may be."""
    while now <= until:
        due_at = None
        for claim in take(database, route, now=now):
            due_at = database.write(outbox.retry, claim, route, Failed("HTTP 502"), now=now).due_at
        now = due_at or now + MINUTE


def standing(database: Database) -> list[tuple[str, str]]:
    """Every delivery and its state, in order of their names."""
    return [(uid, state) for uid, state in rows(database, DELIVERY.c.uid, DELIVERY.c.state)]


def health(database: Database, name: str = "phone", *, now: datetime) -> ChannelHealth:
    (found,) = database.read(channels.health, [name], now=now)
    return found


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


# -- somebody asks for it again ------------------------------------------------------------------


def again(database: Database, *names: str, to: str | None = None, now: datetime) -> int:
    return database.write(outbox.send_again, channels=names, to=to, now=now)


def test_what_is_dead_and_what_may_have_arrived_is_sent_again_with_another_day(
    database: Database, now: datetime
) -> None:
    put(database, "sent", "dead", "maybe", now=now)
    put(database, "other", channel="mail", now=now)
    refuse(database, Route("mail"), now=now)
    for outcome in (send, refuse, hear_nothing):
        outcome(database, ALONE, now=now)
    hear_nothing(database, ALONE, now=now + MINUTE)
    now += 3 * DAY

    assert again(database, "phone", now=now) == 2
    taken_up = [claim.value for claim in take(database, ALONE, now=now, limit=9)]
    assert {delivery.uid for delivery in taken_up} == {"uid-dead", "uid-maybe"}
    assert {(d.attempts, d.silences, d.trying_since) for d in taken_up} == {(0, 0, now)}
    assert database.read(outbox.totals) == outbox_of(waiting=2, sent=1, dead=1)
    assert again(database, "phone", now=now) == 0


def test_who_asks_again_need_not_wait_until_a_broken_channel_has_rested(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", "4", now=now)
    for _ in range(3):
        refuse(database, ALONE, now=now)
    assert again(database, "phone", now=now + MINUTE) == 3

    assert len(take(database, PHONE, now=now + MINUTE, limit=9)) == 4
    assert standing(database) == [(f"uid-{n}", WAITING) for n in "1234"]


def test_what_was_for_a_channel_that_left_is_told_through_another(database: Database, now: datetime) -> None:
    put(database, "1", "2", now=now)
    database.write(outbox.bury_removed, ["mail"], now=now)

    assert again(database, "phone", to="mail", now=now) == 2
    assert len(take(database, MAIL, now=now, limit=9)) == 2
    assert again(database, "phone", to="mail", now=now) == 0


def test_what_the_fallback_could_not_tell_goes_back_to_where_it_came_from_when_somebody_asks(
    database: Database, now: datetime
) -> None:
    put(database, "1", now=now)
    refuse(database, PHONE, now=now)
    refuse(database, MAIL, now=now)

    assert again(database, "mail", to="phone", now=now) == 1
    assert standing(database) == [("uid-1", WAITING), ("uid-1-mail", MOVED)]
    assert taken(database, PHONE, now=now).value.attempts == 0


def test_what_is_dead_on_that_channel_itself_is_sent_again_there(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    put(database, "2", channel="mail", now=now)
    refuse(database, Route("mail"), now=now)
    refuse(database, ALONE, now=now)

    assert again(database, "phone", "mail", to="mail", now=now) == 2
    assert {claim.value.uid for claim in take(database, MAIL, now=now, limit=9)} == {"uid-2", "uid-1-mail"}


def test_what_another_channel_told_already_is_not_told_there_again(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    hear_nothing(database, PHONE, now=now)
    refuse(database, PHONE, now=now + MINUTE)
    send(database, MAIL, now=now + MINUTE)

    assert again(database, "phone", "mail", to="phone", now=now + HOUR) == 0
    assert database.read(outbox.totals) == outbox_of(sent=1)


# -- told together -------------------------------------------------------------------------------


def after_an_outage(database: Database, minutes: int, *, now: datetime) -> list[str]:
    put(database, "1", "2", "3", now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now + minutes * MINUTE)
    return send(database, ALONE, now=now + minutes * MINUTE + HOUR)


def test_what_waited_for_the_end_of_an_outage_is_better_told_together(database: Database, now: datetime) -> None:
    assert len(after_an_outage(database, 5, now=now)) == 2


def test_after_a_hiccup_each_message_goes_by_itself(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", now=now)
    fail(database, ALONE, now=now)
    fail(database, ALONE, now=now)

    assert send(database, ALONE, now=now + 5 * MINUTE - SECOND) == []


def test_what_came_after_the_outage_goes_by_itself(database: Database, now: datetime) -> None:
    """The last that was heard of the channel was a silence days ago; today it works."""
    put(database, "old", now=now)
    hear_nothing(database, ALONE, now=now)
    hear_nothing(database, ALONE, now=now + MINUTE)
    now += 3 * DAY
    put(database, "1", "2", "3", now=now)

    assert send(database, ALONE, now=now) == []


def test_what_may_have_arrived_already_goes_by_itself_so_that_it_can_say_so(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", now=now)
    hear_nothing(database, ALONE, now=now)
    fail(database, ALONE, now=now)
    now += 10 * MINUTE

    waited = send(database, ALONE, now=now)
    assert len(waited) == 1
    assert waited != ["uid-1"]


def test_what_waited_for_a_broken_channel_is_told_together_too(database: Database, now: datetime) -> None:
    put(database, *"12345", now=now)
    for _ in range(3):
        refuse(database, ALONE, now=now)

    assert send(database, ALONE, now=now + HOUR) == ["uid-5"]


def test_one_message_takes_the_place_of_many_and_none_is_told_twice(database: Database, now: datetime) -> None:
    put(database, "1", "2", "3", now=now)
    waiting = [claim.value for claim in take(database, ALONE, now=now, limit=2)]
    database.write(leases.clear_all)
    digest = Notification("phone", Kind.DIGEST, waiting[0].notification.cards, held_by=HeldBy.OUTAGE)
    database.write(outbox.replace, waiting, Letter(digest, key="together", uid="together"), now=now)

    assert standing(database) == [("together", WAITING), ("uid-1", MOVED), ("uid-2", MOVED), ("uid-3", WAITING)]
    assert {claim.value.uid for claim in take(database, PHONE, now=now, limit=9)} == {"together", "uid-3"}
    assert len(rows(database, NOTIFICATION.c.key)) == 4


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
