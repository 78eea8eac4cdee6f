"""Channels that refuse, hang or leave: what was decided to be told goes when it can, once, and harms no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store import outbox
from monitor.store.tables import DELIVERY
from tests.build import a_channel, a_topic
from tests.sinks import JsonSink, MailSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, PARAGRAPHS, Desk, local, to


def watching(site: Site, sink: JsonSink, *titles: str) -> dict[str, Any]:
    listed = [FeedEntry(title, f"/berita/{title[:5]}", description=PARAGRAPHS[0]) for title in titles or (KIM,)]
    feed = local(site.feed("/rss", listed), full_text="never")
    return {"feeds": (feed,), "channels": (to(sink),), "topics": (a_topic(channels=("sink",)),)}


def in_outbox(desk: Desk) -> dict[str, int]:
    return desk.database.read(outbox.totals)


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
    assert in_outbox(any_desk) == {"waiting": 0, "sent": 1, "dead": 0}
    assert any_desk.channel_health("sink").last_error is None


async def test_a_service_that_asks_to_wait_is_left_alone_so_long(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(429, retry_after=600)
    plan = watching(site, sink)
    await desk.round(**plan)
    desk.clock.forward(minutes=9)
    await desk.round(**plan)
    assert len(sink.tries) == 1
    desk.clock.forward(minutes=1)
    await desk.round(**plan)
    assert len(sink.messages) == 1


async def test_a_channel_that_will_never_take_it_is_dead_and_shown(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(404)
    plan = watching(site, sink)
    await desk.round(**plan)
    desk.clock.forward(days=1)
    await desk.round(**plan)
    assert len(sink.tries) == 1
    assert in_outbox(desk) == {"waiting": 0, "sent": 0, "dead": 1}
    health = desk.channel_health("sink")
    assert (health.dead, health.last_error) == (1, "HTTP 404 (Not Found): no")


async def test_a_mail_that_is_refused_for_now_is_sent_later(desk: Desk, site: Site, sink: JsonSink) -> None:
    with MailSink() as mail:
        mail.refuse("451 try later")
        plan = {**watching(site, sink), "channels": (a_channel("sink", mail.channel),)}
        await desk.round(**plan)
        assert in_outbox(desk)["waiting"] == 1
        desk.clock.forward(minutes=1)
        await desk.round(**plan)
        assert [letter["To"] for letter in mail.messages] == ["ana@example.org"]
    assert in_outbox(desk) == {"waiting": 0, "sent": 1, "dead": 0}


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
    assert in_outbox(desk) == {"waiting": 0, "sent": 0, "dead": 1}
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


def _last_errors(session: Session) -> list[str]:
    return list(session.scalars(sa.select(DELIVERY.c.last_error)))
