"""The outbox: what was decided to be told stays until it went, and nothing is lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.errors import LeaseLost, StoreError
from monitor.model import DeliveryState, Failed, Kind, Notification, Passage
from monitor.store import channels, history, leases, outbox
from monitor.store.channels import ChannelState
from monitor.store.database import Database
from monitor.store.outbox import Letter, Marked, Route
from monitor.store.tables import ALERT, DELIVERY, NOTIFICATION
from tests.build import a_notification
from tests.store.steps import (
    HOUR,
    MINUTE,
    alert,
    claim_deliveries,
    claim_delivery,
    count,
    decide,
    outbox_of,
    post,
    rows,
    store,
)

ROUTE = Route("terminal")
SECOND = timedelta(seconds=1)


def put(database: Database, notification: Notification, *, now: datetime, **changes: Any) -> None:
    letter = Letter(notification, key="alert:1", uid="uid-1", **changes)
    database.write(outbox.put, letter, now=now)


# -- putting -------------------------------------------------------------------------------------


def test_what_is_to_be_told_comes_out_as_it_was_put_in(database: Database, now: datetime) -> None:
    story = a_notification(title="Kim tiba di “Wonsan” 😀\x00")
    (card,) = story.cards
    put(database, story, now=now)
    (claim,) = claim_deliveries(database, now=now)

    delivery = claim.value
    assert delivery.notification == Notification("terminal", Kind.STORY, (card,))
    assert (delivery.id, delivery.uid, delivery.attempts, delivery.created_at) == (claim.id, "uid-1", 0, now)
    assert (delivery.channel, delivery.trying_since, delivery.silences, delivery.cards_sent) == ("terminal", now, 0, 0)


def test_a_card_keeps_its_passages_and_times(database: Database, now: datetime) -> None:
    plain = a_notification()
    (card,) = plain.cards
    full = type(card)(
        topics=("b", "a"),
        title="Kim",
        url="https://example.com/1",
        outlets=("tempo.co", "bbc.com"),
        first_seen_at=now,
        published_at=now - HOUR,
        passages=(Passage("Rusia dan Korea Utara", ((0, 5), (10, 21))),),
    )
    put(database, Notification("terminal", Kind.NOW_ALSO, (full, card)), now=now)

    (claim,) = claim_deliveries(database, now=now)
    assert claim.value.notification.cards == (full, card)


def test_a_notice_stands_for_no_alert(database: Database, now: datetime) -> None:
    notice = Notification("terminal", Kind.NOTICE, text="Antara has not answered for a day.")
    put(database, notice, now=now)

    (claim,) = claim_deliveries(database, now=now)
    assert claim.value.notification == notice


def test_alerts_know_the_notification_that_tells_them(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    ids = [decide(database, alert(story_id, topic=topic), article_id=article_id, now=now) for topic in ("a", "b", "c")]
    post(database, now=now, outlets_told=dict.fromkeys(ids[:2], 1))

    ((notification_id,),) = rows(database, NOTIFICATION.c.id)
    told = rows(database, ALERT.c.topic, ALERT.c.notification_id)
    assert told == [("a", notification_id), ("b", notification_id), ("c", None)]


def test_an_alert_and_its_notification_are_written_together_or_not_at_all(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)

    def crash(session: Session) -> None:
        alert_id = history.record(session, alert(story_id), article_id=article_id, now=now)
        outbox.put(session, Letter(a_notification(), "alert:1", "uid", {alert_id: 1}), now=now)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(crash)
    assert [count(database, table) for table in (ALERT, NOTIFICATION, DELIVERY)] == [0, 0, 0]


def test_nothing_is_put_in_twice(database: Database, now: datetime) -> None:
    put(database, a_notification(), now=now)
    with pytest.raises(StoreError):
        put(database, a_notification(), now=now)
    assert count(database, DELIVERY) == 1


# -- taking --------------------------------------------------------------------------------------


def test_each_channel_takes_its_own(database: Database, now: datetime) -> None:
    post(database, "1", channel="phone", now=now)
    post(database, "2", channel="mail", now=now)

    assert claim_deliveries(database, "terminal", now=now) == []
    assert [claim.value.uid for claim in claim_deliveries(database, "mail", now=now)] == ["uid-2"]
    assert [claim.value.uid for claim in claim_deliveries(database, "phone", now=now)] == ["uid-1"]


def test_the_oldest_goes_first(database: Database, now: datetime) -> None:
    post(database, "2", now=now)
    post(database, "1", now=now - MINUTE)

    assert [claim.value.uid for claim in claim_deliveries(database, now=now, limit=1)] == ["uid-1"]


# -- outcomes ------------------------------------------------------------------------------------


def test_what_went_is_never_taken_again(database: Database, now: datetime) -> None:
    post(database, now=now)
    database.write(outbox.sent, claim_delivery(database, now=now), now=now, provider_id="4711")

    assert claim_deliveries(database, now=now + 999 * HOUR) == []
    assert database.read(outbox.totals) == outbox_of(sent=1)
    columns = (DELIVERY.c.attempts, DELIVERY.c.sent_at, DELIVERY.c.provider_id, DELIVERY.c.last_error)
    assert rows(database, *columns) == [(1, now, "4711", None)]


def test_what_could_not_go_is_tried_again_with_the_same_uid_ever_less_often(database: Database, now: datetime) -> None:
    post(database, now=now)
    waits = []
    for attempts in range(12):
        claim = claim_delivery(database, now=now)
        assert (claim.value.uid, claim.value.attempts) == ("uid-1", attempts)
        marked = database.write(outbox.retry, claim, ROUTE, Failed("HTTP 502"), now=now)
        assert marked.state is DeliveryState.WAITING
        assert marked.due_at is not None
        assert claim_deliveries(database, now=marked.due_at - SECOND) == []
        waits.append((marked.due_at - now).total_seconds())
        now = marked.due_at

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert database.read(outbox.totals) == outbox_of(waiting=1)
    assert rows(database, DELIVERY.c.last_error) == [("HTTP 502",)]


def test_a_service_that_is_busy_says_how_long(database: Database, now: datetime) -> None:
    post(database, now=now)
    failed = Failed("HTTP 503", retry_after=2 * HOUR)
    marked = database.write(outbox.retry, claim_delivery(database, now=now), ROUTE, failed, now=now)
    assert marked == Marked(DeliveryState.WAITING, now + 2 * HOUR)


def test_what_can_not_go_at_all_is_kept_and_shown(database: Database, now: datetime) -> None:
    post(database, now=now)
    marked = database.write(outbox.refused, claim_delivery(database, now=now), ROUTE, "chat not found", now=now)

    assert marked == Marked(DeliveryState.DEAD)
    assert claim_deliveries(database, now=now + 999 * HOUR) == []
    assert database.read(outbox.totals) == outbox_of(dead=1)
    assert rows(database, DELIVERY.c.last_error, DELIVERY.c.attempts) == [("chat not found", 1)]


def test_a_mark_that_comes_too_late_is_not_written(database: Database, now: datetime) -> None:
    post(database, now=now)
    late = claim_delivery(database, now=now)
    now += outbox.LEASE + MINUTE
    claim_deliveries(database, now=now)

    for mark in (
        partial(outbox.sent, claim=late, now=now),
        partial(outbox.sent_in_part, claim=late, cards=1),
        partial(outbox.wait, claim=late, what="HTTP 429", now=now, until=now + HOUR),
        partial(outbox.retry, claim=late, route=ROUTE, failed=Failed("timed out"), now=now),
        partial(outbox.unanswered, claim=late, what="silence", now=now),
        partial(outbox.refused, claim=late, route=Route("terminal", "phone"), what="HTTP 404", now=now),
    ):
        with pytest.raises(LeaseLost):
            database.write(mark)
    assert rows(database, DELIVERY.c.state, DELIVERY.c.attempts, DELIVERY.c.cards_sent) == [("waiting", 0, 0)]
    assert database.read(channels.state, "terminal") == ChannelState("terminal")


def test_what_a_crash_left_in_hand_is_always_sent_again(database: Database, now: datetime) -> None:
    post(database, now=now)
    claim_delivery(database, now=now)
    assert claim_deliveries(database, now=now + outbox.LEASE) == []

    again = claim_delivery(database, now=now + outbox.LEASE + SECOND)
    assert (again.value.uid, again.value.attempts, again.value.silences) == ("uid-1", 0, 0)


# -- a message in several parts ------------------------------------------------------------------


def test_after_a_crash_a_long_digest_goes_on_where_it_stopped(database: Database, now: datetime) -> None:
    post(database, now=now)
    claim = claim_delivery(database, now=now)
    database.write(outbox.sent_in_part, claim, cards=3)
    assert claim_deliveries(database, now=now) == []

    database.write(leases.clear_all)
    assert claim_delivery(database, now=now).value.cards_sent == 3


def test_a_digest_that_gets_on_is_no_poison(database: Database, now: datetime) -> None:
    post(database, now=now)
    for part in range(leases.POISON + 1):
        database.write(outbox.sent_in_part, claim_delivery(database, now=now), cards=part)
        database.write(leases.clear_all)

    assert len(claim_deliveries(database, now=now)) == 1


# -- channels that left --------------------------------------------------------------------------


def test_what_waits_for_a_channel_that_was_removed_is_dead_with_that_reason(database: Database, now: datetime) -> None:
    for n, channel in enumerate(("phone", "phone", "mail")):
        post(database, str(n), channel=channel, now=now)
    database.write(outbox.sent, claim_delivery(database, "phone", now=now), now=now)
    database.write(outbox.bury_removed, ["mail", "terminal"], now=now)

    assert database.read(outbox.totals) == outbox_of(waiting=1, sent=1, dead=1)
    assert rows(database, DELIVERY.c.state, DELIVERY.c.last_error) == [
        ("dead", "the channel was removed"),
        ("sent", None),
        ("waiting", None),
    ]
    assert len(claim_deliveries(database, "mail", now=now)) == 1


def test_a_message_that_is_going_out_is_marked_though_its_channel_was_removed(
    database: Database, now: datetime
) -> None:
    post(database, "1", channel="phone", now=now)
    post(database, "2", channel="phone", now=now)
    sent, lost = claim_deliveries(database, "phone", now=now)
    database.write(outbox.bury_removed, ["mail"], now=now)
    database.write(outbox.sent, sent, now=now)
    database.write(outbox.retry, lost, Route("phone"), Failed("timed out"), now=now)
    database.write(outbox.bury_removed, ["mail"], now=now)
    assert rows(database, DELIVERY.c.state, DELIVERY.c.last_error) == [
        ("dead", "the channel was removed"),
        ("sent", None),
    ]


# -- what is shown -------------------------------------------------------------------------------


def test_an_empty_outbox_says_so(database: Database) -> None:
    assert database.read(outbox.totals) == outbox_of()


def test_what_was_put_in_is_told_in_that_order(database: Database, now: datetime) -> None:
    for n in range(3):
        post(database, str(n), now=now - n * HOUR)

    assert [posted.at for posted in database.read(outbox.posted)] == [now - 2 * HOUR, now - HOUR, now]


def test_what_can_not_be_read_is_dead_and_holds_up_no_other(database: Database, now: datetime) -> None:
    for n in range(3):
        post(database, str(n), now=now + n * MINUTE)
    odd = sa.update(NOTIFICATION).where(NOTIFICATION.c.key == "alert:0").values(content='{"channel": "terminal"}')
    database.write(lambda session: session.execute(odd))

    assert [claim.value.uid for claim in claim_deliveries(database, now=now + HOUR, limit=1)] == ["uid-1"]
    assert database.read(outbox.totals) == outbox_of(waiting=2, dead=1)
    why = "what is stored of it can't be read by this version of monitor"
    assert rows(database, DELIVERY.c.uid, DELIVERY.c.last_error)[0] == ("uid-0", why)
