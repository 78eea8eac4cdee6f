"""What is in hand while an edit is taken over: an article is judged by the new plan, what left is left alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app.house import House, open_house
from monitor.model import Claim
from monitor.settings import AlertPolicy, Topic
from monitor.store import entries, feeds, outbox
from monitor.store.tables import ALERT, DELIVERY, FEED, MATCH
from monitor.work.deliver import route_to
from tests.build import a_topic, settings
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS, Desk, configuration_of, local, to

AT_ONCE = AlertPolicy(wait=timedelta(0))
KOREA = a_topic(channels=("sink",), policy=AT_ONCE)
RICE = a_topic("Beras", any=("beras",), channels=("sink",), policy=AT_ONCE)


class Edited:
    """A house whose configuration is edited while it has something in hand."""

    def __init__(self, desk: Desk, house: House) -> None:
        self.desk, self.house = desk, house

    async def edit(self, **changes: Any) -> None:
        await self.house.adopt(configuration_of(settings(storage=self.desk.storage, **changes)))

    async def feed(self) -> Claim[Any]:
        (claim,) = await self.desk.database.exclusive(feeds.claim, now=self.desk.clock(), limit=9)
        return claim

    async def entry(self) -> Claim[Any]:
        await self.house.crew.poll.poll(await self.feed())
        (claim,) = await self.desk.database.exclusive(entries.claim, now=self.desk.clock(), limit=9)
        return claim

    async def delivery(self) -> Claim[Any]:
        await self.house.crew.ingest.ingest(await self.entry())
        route = route_to("sink", self.house.live.plan.settings)
        (claim,) = await self.desk.database.exclusive(outbox.claim, route, now=self.desk.clock(), limit=9)
        return claim

    def rows(self, *columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
        def read(session: Session) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.execute(sa.select(*columns))]

        return self.desk.database.read(read)


@asynccontextmanager
async def edited(desk: Desk, **plan: Any) -> AsyncIterator[Edited]:
    async with open_house(desk.ground(**plan)) as house:
        yield Edited(desk, house)


@contextmanager
def nobody_judges(desk: Desk) -> Iterator[None]:
    """Whoever wants to waits in the order of coming."""
    go_on = threading.Event()
    waiting = asyncio.ensure_future(desk.database.exclusive(lambda _session: go_on.wait(timeout=20)))
    try:
        yield
    finally:
        go_on.set()
        assert not waiting.cancelled()


@pytest.mark.parametrize(
    ("before", "after", "matched"),
    [((RICE,), (RICE, KOREA), [KOREA.name]), ((KOREA,), (RICE,), [])],
    ids=["a topic came", "a topic left"],
)
async def test_an_article_that_was_read_by_the_old_plan_is_judged_by_the_new_one(
    any_desk: Desk, site: Site, sink: JsonSink, before: tuple[Topic, ...], after: tuple[Topic, ...], matched: list[str]
) -> None:
    feed = local(site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])]), full_text="never")
    plan = {"feeds": (feed,), "channels": (to(sink),)}
    async with edited(any_desk, **plan, topics=before) as hand:
        entry = await hand.entry()
        with nobody_judges(any_desk):
            await asyncio.sleep(0)
            adopting = asyncio.create_task(hand.edit(**plan, topics=after))
            await asyncio.sleep(0)
            judging = asyncio.create_task(hand.house.crew.ingest.ingest(entry))
            await asyncio.sleep(0)
        await asyncio.gather(adopting, judging)
        assert [topic for (topic,) in hand.rows(MATCH.c.topic)] == matched
        assert [topic for (topic,) in hand.rows(ALERT.c.topic)] == matched


async def test_a_feed_that_left_while_it_was_in_hand_is_not_asked(any_desk: Desk, site: Site, sink: JsonSink) -> None:
    plan = {"channels": (to(sink),), "topics": (KOREA,)}
    async with edited(any_desk, **plan, feeds=(local(site.feed("/rss", [])),)) as hand:
        claim = await hand.feed()
        await hand.edit(**plan, feeds=(local(site.url_of("/other")),))
        await hand.house.crew.poll.poll(claim)
        assert site.requests == []
        assert sorted(hand.rows(FEED.c.url, FEED.c.lease_token, FEED.c.claims)) == [
            (site.url_of("/other"), None, 0),
            (site.url_of("/rss"), None, 0),
        ]


async def test_a_channel_that_left_while_a_delivery_was_in_hand_is_not_told(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    feed = local(site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])]), full_text="never")
    with JsonSink() as other:
        async with edited(any_desk, feeds=(feed,), channels=(to(sink),), topics=(KOREA,)) as hand:
            claim = await hand.delivery()
            new = to(other).model_copy(update={"name": "other"})
            topic = KOREA.model_copy(update={"channels": ("other",)})
            await hand.edit(feeds=(feed,), channels=(new,), topics=(topic,))
            await hand.house.crew.deliver.deliver(claim)
            state = (DELIVERY.c.state, DELIVERY.c.lease_token, DELIVERY.c.claims)
            assert hand.rows(*state) == [("waiting", None, 0)]
            await hand.house.bury_removed()
            assert hand.rows(DELIVERY.c.state, DELIVERY.c.last_error) == [("dead", "the channel was removed")]
    assert sink.tries == other.tries == []
