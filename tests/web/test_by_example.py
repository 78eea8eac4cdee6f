"""A topic by example, on the page and for programs: the examples, how like they must be, and the words in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from monitor.settings import Sample
from monitor.web.site import site as pages
from tests.build import a_topic, settings
from tests.prepared import prepared
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local

EXAMPLE = Sample(name="wonsan.txt", title="Lavrov Bertemu Kim Jong Un di Wonsan", text="\n\n".join(PARAGRAPHS))


@pytest.fixture
async def told(tmp_path: Path, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    database = prepared(tmp_path / "monitor.db")
    desk = Desk(tmp_path, database)
    news = ((KIM, PARAGRAPHS), (MISSILE, MISSILE_PARAGRAPHS), (RICE, RICE_PARAGRAPHS))
    for number, (title, paragraphs) in enumerate(news):
        site.article(f"/berita/{number}", title, paragraphs)
    feed = local(site.feed("/rss", [FeedEntry(title, f"/berita/{number}") for number, (title, _) in enumerate(news)]))
    topic = a_topic("Kunjungan", like=(EXAMPLE,), like_score=40)
    wanted = settings(feeds=(feed,), topics=(topic,), storage=desk.storage)
    await desk.round(feeds=wanted.feeds, topics=wanted.topics)
    transport = httpx.ASGITransport(pages(tools_for(database, wanted, desk.clock)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
        yield browser
    database.close()


async def test_its_page_shows_the_examples_and_how_like_they_must_be(told: httpx.AsyncClient) -> None:
    page = unescape((await told.get("/topics/Kunjungan")).text)
    assert "<li>wonsan.txt</li>" in page
    assert "by 40 of 100 or more" in page


async def test_its_page_shows_which_words_a_match_shares(told: httpx.AsyncClient) -> None:
    page = unescape((await told.get("/topics/Kunjungan")).text)
    assert KIM in page
    assert RICE not in page
    assert "like wonsan.txt; in common: " in page
    said = unescape((await told.get("/topics/Kunjungan", headers={"Accept-Language": "id"})).text)
    assert "mirip wonsan.txt; kata yang sama: " in said


async def test_programs_are_told_the_same(told: httpx.AsyncClient) -> None:
    (topic,) = (await told.get("/api/v1/topics")).json()["items"]
    assert (topic["query"], topic["like"], topic["like_score"]) == (None, ["wonsan.txt"], 40)
    (story,) = (await told.get("/api/v1/stories")).json()["items"]
    (match,) = (await told.get(f"/api/v1/stories/{story['id']}")).json()["matches"]
    assert match["evidence"][0]["term"].startswith("like wonsan.txt: ")
    assert "wonsan" in match["evidence"][0]["term"].rpartition(": ")[2]


async def test_it_can_be_tried_and_looked_at_closely(told: httpx.AsyncClient) -> None:
    page = unescape((await told.get("/try?topic=Kunjungan&near=yes")).text)
    assert "like wonsan.txt; in common: " in page
    assert "Nothing failed by one clause alone." in page
