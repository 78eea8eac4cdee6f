"""`/try`: what a topic would have found and told, before it stands in the file."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from monitor.store.database import Database
from monitor.web.site import site as pages
from tests.build import a_topic, settings
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local


@pytest.fixture
async def told(tmp_path: Path, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    database.prepare()
    desk = Desk(tmp_path, database)
    news = ((KIM, PARAGRAPHS), (MISSILE, MISSILE_PARAGRAPHS), (RICE, RICE_PARAGRAPHS))
    for number, (title, paragraphs) in enumerate(news):
        site.article(f"/berita/{number}", title, paragraphs)
    feed = local(site.feed("/rss", [FeedEntry(title, f"/berita/{number}") for number, (title, _) in enumerate(news)]))
    wanted = settings(feeds=(feed,), topics=(a_topic("Rudal", query="rudal"),), storage=desk.storage)
    await desk.round(feeds=wanted.feeds, topics=wanted.topics)
    desk.clock.forward(hours=1)
    transport = httpx.ASGITransport(pages(tools_for(database, wanted, desk.clock)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
        yield browser
    database.close()


async def test_a_query_shows_what_it_would_have_found_and_told(told: httpx.AsyncClient) -> None:
    page = (await told.get("/try", params={"query": '"korea utara" OR beras', "days": "7"})).text
    assert "3 articles read: 3 match, in 3 stories; 3 messages would have gone out." in page
    assert KIM in page
    assert "<mark>Korea Utara</mark>" in page or "<mark>Korea</mark>" in page
    assert "query: &#39;&#34;korea utara&#34; OR beras&#39;" in page


async def test_a_changed_topic_shows_what_comes_and_goes(told: httpx.AsyncClient) -> None:
    page = (await told.get("/try", params={"topic": "Rudal", "query": "beras"})).text
    assert "Rudal: +1 / −1, as before: 0" in page
    assert RICE in page
    assert MISSILE in page


async def test_a_topic_as_it_is_can_be_tried_from_its_page(told: httpx.AsyncClient) -> None:
    (link,) = re.findall(r'href="(/try\?topic=[^"]+)"', (await told.get("/topics/Rudal")).text)
    page = (await told.get(link)).text
    assert "1 matches, in 1 story; 1 message would have gone out." in page


async def test_a_query_that_can_not_be_read_says_where(told: httpx.AsyncClient) -> None:
    page = await told.get("/try", params={"query": "rudal AND ("})
    assert page.status_code == 200
    assert "the query can&#39;t be read" in page.text
    assert "column" in page.text


@pytest.mark.parametrize(
    "asked", [{}, {"topic": "Tidak ada"}, {"days": "9999999", "query": "beras"}, {"query": "<script>"}]
)
async def test_whatever_is_asked_the_page_is_shown(told: httpx.AsyncClient, asked: dict[str, str]) -> None:
    page = await told.get("/try", params=asked)
    assert page.status_code == 200
    assert "<script>" not in page.text


async def test_it_speaks_indonesian_too(told: httpx.AsyncClient) -> None:
    page = await told.get("/try", params={"query": "beras"}, headers={"Accept-Language": "id"})
    assert "3 artikel dibaca: 1 cocok" in page.text
