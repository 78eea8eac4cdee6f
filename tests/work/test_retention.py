"""What is old is forgotten, and does not come back as new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from monitor.settings import AlertPolicy
from monitor.store import retention, search
from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY, MATCH, NOTIFICATION, STORY
from monitor.web.site import site as page_of
from tests.build import a_topic, settings
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local, to

A_DAY = timedelta(days=1)
ALWAYS = AlertPolicy(max_age=None, wait=timedelta(0))


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> Desk:
    return Desk(tmp_path, database)


def count(desk: Desk, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    counting = sa.select(sa.func.count()).select_from(table).where(*where)
    return desk.database.read(lambda session: session.scalar(counting)) or 0


def found(desk: Desk, words: str) -> int:
    return len(desk.database.read(search.search, words).items)


class Newsroom:
    """One feed, told by one channel, whatever the age of what it lists."""

    def __init__(self, desk: Desk, site: Site, sink: JsonSink) -> None:
        self.desk, self.site, self.sink = desk, site, sink
        site.article("/berita/1", KIM, PARAGRAPHS)
        self.list((KIM, "/berita/1", "g1"))

    def list(self, *those: tuple[str, str, str]) -> None:
        self.site.feed("/rss", [FeedEntry(title, path, guid=guid) for title, path, guid in those])

    async def round(self, *, days: int = 0) -> None:
        self.desk.clock.now += days * A_DAY
        feed = local(self.site.url_of("/rss"), backlog="alert")
        topic = a_topic("Korea Utara Rusia", channels=("sink",), policy=ALWAYS)
        await self.desk.round(feeds=(feed,), topics=(topic,), channels=(to(self.sink),))


@pytest.fixture
async def newsroom(desk: Desk, site: Site, sink: JsonSink) -> Newsroom:
    room = Newsroom(desk, site, sink)
    await room.round()
    assert len(sink.messages) == 1
    return room


async def test_within_its_time_nothing_is_forgotten(newsroom: Newsroom) -> None:
    await newsroom.round(days=179)
    assert count(newsroom.desk, ARTICLE, ARTICLE.c.emptied_at.is_not(None)) == 0
    assert found(newsroom.desk, "Wonsan") == 1


async def test_after_its_time_the_text_is_gone_and_can_not_be_found(newsroom: Newsroom) -> None:
    await newsroom.round(days=181)
    desk = newsroom.desk
    texts = desk.database.read(lambda session: session.scalars(sa.select(ARTICLE.c.text)).all())
    assert list(texts) == [""]
    assert found(desk, "menteri") == 0
    assert [count(desk, table) for table in (MATCH, NOTIFICATION, DELIVERY)] == [0, 0, 0]
    assert count(desk, ALERT, ALERT.c.decision == "send") == 1


async def test_a_feed_that_still_lists_it_tells_nothing_new(newsroom: Newsroom) -> None:
    await newsroom.round(days=181)
    await newsroom.round(days=1)
    assert len(newsroom.sink.messages) == 1


async def test_its_address_under_another_key_tells_nothing_new(newsroom: Newsroom) -> None:
    await newsroom.round(days=181)
    newsroom.list((KIM, "/berita/1?utm_source=rss", "g2"))
    await newsroom.round(days=1)
    assert len(newsroom.sink.messages) == 1


async def test_years_later_nothing_of_it_is_left_but_that_the_feed_listed_it(newsroom: Newsroom) -> None:
    await newsroom.round(days=181)
    await newsroom.round(days=600)
    desk = newsroom.desk
    assert [count(desk, table) for table in (ARTICLE, STORY, ALERT)] == [0, 0, 0]
    assert count(desk, ENTRY) == 1
    await newsroom.round(days=1)
    assert len(newsroom.sink.messages) == 1


async def test_the_archives_files_stay(newsroom: Newsroom) -> None:
    before = newsroom.desk.archived()
    await newsroom.round(days=181)
    assert before == newsroom.desk.archived() != []


async def test_its_page_says_what_became_of_its_text(newsroom: Newsroom) -> None:
    await newsroom.round(days=181)
    desk = newsroom.desk
    transport = httpx.ASGITransport(page_of(tools_for(desk.database, settings(), desk.clock)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
        shown = (await browser.get("/articles/1")).text
    assert KIM in shown
    assert "Its text was deleted after some time" in shown


async def test_what_is_still_to_be_told_is_kept(newsroom: Newsroom) -> None:
    desk, database = newsroom.desk, newsroom.desk.database
    held = sa.update(ALERT).values(decision="hold", due_at=desk.clock.now + 400 * A_DAY)
    database.write(lambda session: session.execute(held))
    waiting = sa.update(DELIVERY).values(state="dead")
    database.write(lambda session: session.execute(waiting))
    await newsroom.round(days=181)
    assert count(desk, ARTICLE, ARTICLE.c.emptied_at.is_not(None)) == 0
    assert [count(desk, NOTIFICATION), count(desk, DELIVERY)] == [1, 1]


def test_it_is_done_in_small_pieces(database: Database, desk: Desk) -> None:
    rows = [_row(desk, number) for number in range(250)]
    database.write(
        lambda session: session.execute(
            sa.insert(STORY).values(id=1, title="x", opened_at=desk.clock.now, updated_at=desk.clock.now)
        )
    )
    database.write(lambda session: session.execute(sa.insert(ARTICLE), rows))
    later = desk.clock.now + A_DAY

    def empty() -> int:
        return database.write(retention.empty, before=later, now=later)

    assert [empty() for _ in range(4)] == [100, 100, 50, 0]


def _row(desk: Desk, number: int) -> dict[str, Any]:
    words = {"title": RICE, "text": RICE_PARAGRAPHS[0], "url": "", "outlet": "x", "feed": "x", "quality": "full"}
    place = {"key": str(number), "content_hash": str(number), "story_id": 1, "day": desk.clock.now.date()}
    return words | place | {"number": number, "first_seen_at": desk.clock.now, "claims": 0}
