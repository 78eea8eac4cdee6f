"""`/try`: what a topic would have found and told, before it stands in the file."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.settings import Topic
from monitor.web.site import site as pages
from tests.build import a_topic, settings
from tests.prepared import prepared
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = prepared(tmp_path / "monitor.db")
    yield Desk(tmp_path, database)
    database.close()


@asynccontextmanager
async def watched(
    desk: Desk, site: Site, news: Sequence[tuple[str, Sequence[str]]], *topics: Topic, **changes: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """An hour after this news was read."""
    for number, (title, paragraphs) in enumerate(news):
        site.article(f"/berita/{number}", title, paragraphs)
    feed = local(site.feed("/rss", [FeedEntry(title, f"/berita/{number}") for number, (title, _) in enumerate(news)]))
    wanted = settings(feeds=(feed,), topics=topics, storage=desk.storage, **changes)
    await desk.round(feeds=wanted.feeds, topics=wanted.topics, **changes)
    desk.clock.forward(hours=1)
    transport = httpx.ASGITransport(pages(tools_for(desk.database, wanted, desk.clock)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
        yield browser


NEWS = ((KIM, PARAGRAPHS), (MISSILE, MISSILE_PARAGRAPHS), (RICE, RICE_PARAGRAPHS))
MISSILES = a_topic("Rudal", query="rudal")


@pytest.fixture
async def told(desk: Desk, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with watched(desk, site, NEWS, MISSILES) as browser:
        yield browser


@pytest.fixture
async def told_in_vain(desk: Desk, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with watched(desk, site, NEWS, MISSILES, a_topic("Gajah", query="gajah")) as browser:
        yield browser


@pytest.fixture
async def many(desk: Desk, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Of North Korea's soldiers most write by a short name that the topic does not know."""
    places = ("Kursk", "Vladivostok", "Siberia", "Rostov", "Sakhalin", "Murmansk")
    named = [
        (f"Tentara {name} di {place}", [f"Tentara {name} tiba di {place}, Rusia, {day} lalu, kata para pengamat."])
        for place, (name, day) in zip(
            (*places, "Moskow", "Kazan"),
            (*[("Korut", f"{n} hari") for n in range(2, 8)], *[("Korea Utara", "sehari")] * 2),
            strict=True,
        )
    ]
    news = (*named, *NEWS[2:])
    topic = a_topic("Tentara", query='"Korea Utara" Rusia tentara')
    async with watched(desk, site, news, topic, aliases={"Korea Utara": ("DPRK",)}) as browser:
        yield browser


async def test_a_query_shows_what_it_would_have_found_and_told(told: httpx.AsyncClient) -> None:
    page = (await told.get("/try", params={"query": '"korea utara" OR beras', "days": "7"})).text
    assert "3 articles read: 3 match, in 3 stories; 3 messages would have gone out." in page
    assert KIM in page
    assert "<mark>Korea Utara</mark>" in page or "<mark>Korea</mark>" in page
    assert "query: &#39;&#34;korea utara&#34; OR beras&#39;" in page


async def test_a_changed_topic_shows_what_comes_and_goes(told: httpx.AsyncClient) -> None:
    page = (await told.get("/try", params={"topic": "Rudal", "query": "beras"})).text
    assert "Rudal: +1 / −1 stories in 30 days, as before: 0" in page
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


# -- a second look -------------------------------------------------------------------------------


async def test_a_second_look_says_what_was_just_missed_and_what_is_of_no_use(told: httpx.AsyncClient) -> None:
    asked = {"query": '"korea utara" lavrovv -gajah', "near": "yes", "days": "7"}
    page = unescape((await told.get("/try", params=asked)).text)
    assert '<h2 id="nearly">Near misses</h2>' in page
    assert "<p>'lavrovv' is not in it; nearest: 'Lavrov'</p>" in page
    assert "Of no use in 7 days" in page
    assert '<li>"lavrovv" is in no article</li>' in page
    assert 'href="/try?query=%22korea%20utara%22%20lavrovv%20-gajah&days=90&near=yes">And in 90 days?' in page


async def test_a_second_look_speaks_indonesian_too(told: httpx.AsyncClient) -> None:
    asked = {"query": "korea lavrovv", "near": "yes"}
    page = unescape((await told.get("/try", params=asked, headers={"Accept-Language": "id"})).text)
    assert "Yang nyaris ditemukan" in page
    assert "'lavrovv' tidak ada dalam artikel; paling dekat: 'Lavrov'" in page
    assert '"lavrovv" tidak ada dalam artikel mana pun' in page


async def test_without_a_second_look_there_is_a_way_to_it(told: httpx.AsyncClient) -> None:
    page = unescape((await told.get("/try", params={"topic": "Rudal", "query": "beras"})).text)
    assert "Near misses" not in page
    (link,) = re.findall(r'<p class="more"><a href="([^"]+)"', page)
    again = (await told.get(link)).text
    assert "Near misses" in again
    assert "Rudal: +1 / −1 stories in 30 days" in again


async def test_the_query_of_a_topic_is_there_to_be_changed(told: httpx.AsyncClient) -> None:
    page = (await told.get("/try", params={"topic": "Rudal"})).text
    assert 'name="query" value="rudal"' in page
    unchanged = (await told.get("/try", params={"topic": "Rudal", "query": "rudal"})).text
    assert "as before" not in unchanged


async def test_before_anything_is_tried_topics_of_no_use_are_named(told_in_vain: httpx.AsyncClient) -> None:
    page = (await told_in_vain.get("/try")).text
    assert "Topics that found nothing since 2026" in page
    assert '<a href="/try?topic=Gajah&amp;days=90&amp;near=yes">Gajah</a>' in page
    assert '">Rudal</a>' not in page


async def test_another_name_is_offered_with_what_to_copy(many: httpx.AsyncClient) -> None:
    asked = {"topic": "Tentara", "near": "yes"}
    page = unescape((await many.get("/try", params=asked)).text)
    assert 'Korut occurs in 6 of 6 near misses without "Korea Utara"' in page
    assert 'add it as an alias of "Korea Utara"?' in page
    assert "aliases:\n  Korea Utara: [DPRK, Korut]\n" in page
