"""Channels that refuse, hang or leave: what was decided to be told goes when it can, once, and harms no other."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from monitor.app.house import plan_of
from monitor.errors import LeaseLost
from monitor.metrics import Metrics
from monitor.model import Claim, Delivery
from monitor.settings import Channel
from monitor.store import leases, outbox
from monitor.store.tables import DELIVERY
from monitor.stories.frequencies import Frequencies
from monitor.work.deliver import UNWRITTEN, Deliver, Patience
from monitor.work.live import Live
from tests.build import a_channel, a_notification, a_topic, settings
from tests.sinks import JsonSink, MailSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, configuration_of, local, to


def watching(site: Site, sink: JsonSink, *titles: str) -> dict[str, Any]:
    texts = {KIM: PARAGRAPHS, MISSILE: MISSILE_PARAGRAPHS}
    listed = [FeedEntry(title, f"/berita/{title[:5]}", description=texts[title][0]) for title in titles or (KIM,)]
    feed = local(site.feed("/rss", listed), full_text="never")
    return {"feeds": (feed,), "channels": (to(sink),), "topics": (a_topic(channels=("sink",)),)}


def in_outbox(desk: Desk) -> dict[str, int]:
    """How many deliveries are waiting, sent, maybe delivered and dead; what there is none of is left out."""
    return {state: count for state, count in desk.database.read(outbox.totals).items() if count}


async def test_a_channel_that_is_down_gets_it_once_when_it_is_up_again(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    sink.refuse(500, times=2)
    plan = watching(site, sink)
    summary = await any_desk.round(**plan)
    assert summary.deliveries == {"sent": 0, "waiting": 1, "dead": 0}
    assert any_desk.channel_health("sink").last_error == "HTTP 500 (Internal Server Error): no"
    for _ in range(4):
        any_desk.clock.forward(hours=1)
        await any_desk.round(**plan)
    assert (len(sink.tries), len(sink.messages)) == (3, 1)
    assert in_outbox(any_desk) == {"sent": 1}
    assert any_desk.channel_health("sink").last_error is None


async def test_a_service_that_asks_to_wait_is_left_alone_so_long(desk: Desk, site: Site, sink: JsonSink) -> None:
    """With all that waits for it: the second message would only be refused too."""
    sink.refuse(429, retry_after=600)
    plan = watching(site, sink, KIM, MISSILE)
    await desk.round(**plan)
    assert desk.channel_health("sink").state == "paused"
    desk.clock.forward(minutes=9, seconds=59)
    await desk.round(**plan)
    assert len(sink.tries) == 1
    desk.clock.forward(minutes=1, seconds=1)  # up to a tenth longer than asked
    await desk.round(**plan)
    assert len(sink.messages) == 2


async def test_a_channel_that_will_never_take_it_is_dead_and_shown(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(404)
    plan = watching(site, sink)
    await desk.round(**plan)
    desk.clock.forward(days=1)
    await desk.round(**plan)
    assert len(sink.tries) == 1
    assert in_outbox(desk) == {"dead": 1}
    health = desk.channel_health("sink")
    assert (health.dead, health.last_error) == (1, "HTTP 404 (Not Found): no")


async def test_a_mail_that_is_refused_for_now_is_sent_later(desk: Desk, site: Site, sink: JsonSink) -> None:
    with MailSink() as mail:
        mail.refuse("451 try later")
        plan = {**watching(site, sink), "channels": (a_channel("sink", mail.channel),)}
        await desk.round(**plan)
        assert in_outbox(desk) == {"waiting": 1}
        desk.clock.forward(minutes=1)
        await desk.round(**plan)
        assert [letter["To"] for letter in mail.messages] == ["ana@example.org"]
    assert in_outbox(desk) == {"sent": 1}


async def test_a_channel_that_hangs_delays_no_other(desk: Desk, site: Site, sink: JsonSink) -> None:
    plan = watching(site, sink, KIM, MISSILE)
    with JsonSink() as hanging:
        hanging.hang(times=2)
        channels = (a_channel("hanging", hanging.channel), to(sink))
        plan |= {"channels": channels, "topics": (a_topic(channels=("hanging", "sink")),)}
        round_ = asyncio.create_task(desk.round(**plan))
        assert len(await asyncio.to_thread(sink.wait_for, 2)) == 2
        assert not round_.done()
    summary = await round_  # the hanging connection broke off when its sink closed
    assert summary.deliveries == {"sent": 2, "waiting": 2, "dead": 0}


async def test_what_waits_for_a_channel_that_was_removed_is_dead_with_that_reason(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    sink.refuse(500)
    plan = watching(site, sink)
    await desk.round(**plan)
    await desk.round(feeds=plan["feeds"])
    assert in_outbox(desk) == {"dead": 1}
    assert desk.database.read(_last_errors) == ["the channel was removed"]
    desk.clock.forward(days=1)
    await desk.round(**plan)
    assert sink.messages == []


@pytest.mark.parametrize("gone", ["feed", "topic"])
async def test_what_was_decided_is_told_though_its_feed_or_topic_was_removed(
    desk: Desk, site: Site, sink: JsonSink, gone: str
) -> None:
    """A message that stands in the outbox was promised."""
    sink.refuse(500)
    plan = watching(site, sink)
    await desk.round(**plan)
    other = local(site.feed("/atom", [], "atom"))
    plan |= {"feeds": (other,)} if gone == "feed" else {"topics": (a_topic("Gempa", channels=("sink",)),)}
    desk.clock.forward(hours=1)
    await desk.round(**plan)
    assert len(sink.messages) == 1


# -- one delivery --------------------------------------------------------------------------------


def delivering(desk: Desk, channel: Channel, *, send: float = 60) -> Deliver:
    live = Live(plan_of(configuration_of(settings(channels=(channel,))), console=desk.console), Frequencies.of(0, {}))
    patience = Patience(send=timedelta(seconds=send), mark=timedelta(milliseconds=10))
    return Deliver(desk.database, Metrics(), live, Random(0), desk.clock, patience)


def due(desk: Desk, channel: Channel) -> Claim[Delivery]:
    """A message that is to go, in hand."""
    letter = outbox.Letter(a_notification(channel.name), key="k", uid="d-1")
    desk.database.write(outbox.put, letter, now=desk.clock())
    return desk.database.write(outbox.claim, outbox.Route(channel.name), now=desk.clock(), limit=1)[0]


def make_unwritable(desk: Desk) -> None:
    """No outcome of a delivery can be written, as when the disk is full."""
    no = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    statement = f"CREATE TRIGGER full BEFORE UPDATE ON delivery WHEN NEW.attempts > OLD.attempts {no}"
    desk.database.write(lambda session: session.execute(sa.text(statement)))


def make_writable(desk: Desk) -> None:
    desk.database.write(lambda session: session.execute(sa.text("DROP TRIGGER full")))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, {"sent": 1}),
        (404, {"dead": 1}),
        (500, {"waiting": 1}),
    ],
)
async def test_what_became_of_a_message_is_written_as_soon_as_it_can_be(
    desk: Desk, sink: JsonSink, status: int, outcome: dict[str, int]
) -> None:
    """Else its lease would run out, and it would go once more."""
    if status != 200:
        sink.refuse(status)
    claim = due(desk, to(sink))
    make_unwritable(desk)
    with capture_logs() as said:
        task = asyncio.create_task(delivering(desk, to(sink)).deliver(claim))
        while not said:  # noqa: ASYNC110 - a log sets no event
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # further tries, of which nothing is said
        make_writable(desk)
        await task
    assert in_outbox(desk) == outcome
    assert len(sink.tries) == 1
    (line,) = [line for line in said if line["event"] == UNWRITTEN]
    assert line["why"] == "the database said no: the disk is full"
    assert desk.database.read(_attempts) == [1]


async def test_a_stop_ends_the_tries_to_write_what_became_of_a_message(desk: Desk, sink: JsonSink) -> None:
    claim = due(desk, to(sink))
    make_unwritable(desk)
    task = asyncio.create_task(delivering(desk, to(sink)).deliver(claim))
    await asyncio.to_thread(sink.wait_for, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_another_worker_took_over_is_left_to_it(desk: Desk, sink: JsonSink) -> None:
    claim = due(desk, to(sink))
    desk.database.write(leases.clear_all)
    with pytest.raises(LeaseLost):
        await delivering(desk, to(sink)).deliver(claim)


@contextmanager
def dripping() -> Iterator[Channel]:
    """A server that never falls silent and never comes to an end, until the block is over."""
    over = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not over.wait(0.01):
                connection.sendall(b".")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        yield a_channel("drip", f"json://127.0.0.1:{server.getsockname()[1]}/alerts")
        over.set()
        thread.join(10)


async def test_a_server_that_drips_is_given_up_and_asked_again_later(desk: Desk) -> None:
    with dripping() as channel:
        claim = due(desk, channel)
        await delivering(desk, channel, send=0.3).deliver(claim)
        assert in_outbox(desk) == {"waiting": 1}
        assert desk.database.read(_last_errors) == ["no answer within 0.3 s"]


async def test_a_channel_whose_last_send_was_given_up_can_send_the_next(desk: Desk, sink: JsonSink) -> None:
    sink.hang()
    deliver = delivering(desk, to(sink), send=0.3)
    await deliver.deliver(due(desk, to(sink)))
    desk.clock.forward(hours=1)
    (claim,) = desk.database.write(outbox.claim, outbox.Route("sink"), now=desk.clock(), limit=1)
    await deliver.deliver(claim)
    assert in_outbox(desk) == {"sent": 1}


def test_a_send_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    lines = (
        "import threading",
        "from monitor.work.deliver import in_thread",
        "in_thread(threading.Event().wait, name='channel-hangs')",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=20)


def _attempts(session: Session) -> list[int]:
    return list(session.scalars(sa.select(DELIVERY.c.attempts)))


def _last_errors(session: Session) -> list[str]:
    return list(session.scalars(sa.select(DELIVERY.c.last_error)))
