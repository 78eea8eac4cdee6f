"""What ended is sent again when somebody asks; what waited for a channel is told together when it returns."""

from __future__ import annotations

from datetime import datetime

from monitor.model import HeldBy, Kind, Notification
from monitor.store import leases, outbox
from monitor.store.database import Database
from monitor.store.outbox import Letter, Route
from monitor.store.tables import NOTIFICATION
from tests.store.steps import HOUR, MINUTE, outbox_of, rows
from tests.store.tries import (
    ALONE,
    DAY,
    MAIL,
    MOVED,
    PHONE,
    SECOND,
    WAITING,
    fail,
    hear_nothing,
    put,
    refuse,
    send,
    standing,
    take,
    taken,
)

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
    assert {(d.attempts, d.trying_since) for d in taken_up} == {(0, now)}
    assert {d.uid: d.silences for d in taken_up} == {"uid-dead": 0, "uid-maybe": 1}  # that still may come twice
    assert database.read(outbox.totals) == outbox_of(waiting=2, sent=1, dead=1)
    assert again(database, "phone", now=now) == 0


def test_who_asks_again_need_not_wait_for_the_next_try_of_what_failed(database: Database, now: datetime) -> None:
    put(database, "1", now=now)
    fail(database, ALONE, now=now)
    assert again(database, "phone", now=now) == 1
    assert taken(database, ALONE, now=now).value.attempts == 1
    assert again(database, "phone", now=now) == 0  # it is in hand


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
