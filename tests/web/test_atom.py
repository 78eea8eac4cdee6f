"""Feed readers get each story once, and what a channel that is a feed was told."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest

from monitor.settings import Web
from tests.build import a_channel, a_topic, settings
from tests.site import FeedEntry, Site
from tests.web.test_pages import HOSTILE, browser, desk, failed, told
from tests.work.desk import KIM, Desk, local

__all__ = ["desk", "failed", "told"]  # fixtures
SPACE: Final = "{http://www.w3.org/2005/Atom}"
TOPIC: Final = "/topics/Korea%20Utara%20Rusia/atom"


async def read(client: httpx.AsyncClient, path: str) -> feedparser.FeedParserDict:
    answer = await client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    document = feedparser.parse(answer.content)
    assert not document.bozo
    return document


@pytest.mark.parametrize("path", ["/atom", TOPIC])
async def test_a_story_that_two_outlets_report_is_one_entry(told: httpx.AsyncClient, path: str) -> None:
    (entry,) = (await read(told, path)).entries
    assert entry.title == KIM
    begun_by = {"/berita/1": "Kabar Nusantara", "/news/9": "Warta Timur"}[httpx.URL(entry.link).path]
    assert (entry.author, begun_by in entry.summary) == (begun_by, True)
    assert [tag.term for tag in entry.tags] == ["Korea Utara Rusia"]


async def test_entries_keep_their_ids(told: httpx.AsyncClient) -> None:
    one, other = (await read(told, "/atom")).entries[0], (await read(told, TOPIC)).entries[0]
    assert one.id == (await read(told, "/atom")).entries[0].id
    assert one.id.startswith("urn:uuid:")
    assert one.id != other.id


async def test_addresses_in_it_are_those_by_which_the_page_is_known(desk: Desk) -> None:
    wanted = settings(storage=desk.storage, web=Web(url="https://pantau.example/"))
    async with browser(desk, wanted) as client:
        document = await read(client, TOPIC)
        links = {link.rel: link.href for link in document.feed.links}
        assert links == {
            "self": f"https://pantau.example{TOPIC}",
            "alternate": "https://pantau.example/topics/Korea%20Utara%20Rusia",
        }
        assert document.entries == []


async def test_a_channel_that_is_a_feed_shows_what_it_was_told(desk: Desk, site: Site) -> None:
    site.article("/berita/1", KIM, [HOSTILE, HOSTILE])
    feeds = (local(site.feed("/rss", [FeedEntry(KIM, "/berita/1")])),)
    channels, topics = (a_channel("umpan", "atom"),), (a_topic("Korea Utara Rusia", channels=("umpan",)),)
    wanted = settings(feeds=feeds, channels=channels, topics=topics, storage=desk.storage)
    await desk.round(feeds=feeds, channels=channels, topics=topics)
    async with browser(desk, wanted) as client:
        (entry,) = (await read(client, "/channels/umpan/atom")).entries
        assert KIM in entry.title
        assert entry.link.endswith("/berita/1")
        assert 'href="/channels/umpan/atom" type="application/atom+xml"' in (await client.get("/deliveries")).text
        assert (await client.get("/channels/lain/atom")).status_code == 404


async def test_other_channels_are_no_feeds(told: httpx.AsyncClient) -> None:
    assert (await told.get("/channels/terminal/atom")).status_code == 404


async def test_a_topic_may_be_called_like_a_feed(desk: Desk) -> None:
    topics = (a_topic("berita/atom"), a_topic('a/b <x> & "y"'))
    async with browser(desk, settings(topics=topics, storage=desk.storage)) as client:
        assert 'href="/topics/berita%2Fatom/"' in (await client.get("/topics")).text
        assert "<h1>berita/atom</h1>" in (await client.get("/topics/berita%2Fatom/")).text
        for path in ("/topics/berita%2Fatom/atom", "/topics/a%2Fb%20%3Cx%3E%20%26%20%22y%22/atom"):
            assert (await read(client, path)).feed.title in {topic.name for topic in topics}


async def test_what_feeds_write_is_text_in_it(desk: Desk, site: Site) -> None:
    entry = FeedEntry(f"{HOSTILE}\x0b]]>", "javascript:alert(1)", guid="1", description=HOSTILE)
    feeds = (local(site.feed("/rss", [entry]), name="<i>feed</i>", full_text="never"),)
    await desk.round(feeds=feeds)
    async with browser(desk, settings(feeds=feeds, storage=desk.storage)) as client:
        for path in ("/atom", TOPIC):
            answer = await client.get(path)
            tree = ET.fromstring(answer.content)
            assert {element.tag.removeprefix(SPACE) for element in tree.iter()} <= {
                "feed", "id", "title", "updated", "published", "link", "entry", "author", "name", "category", "summary",
            }  # fmt: skip
            assert all(link.get("href", "").startswith("http://127.0.0.1") for link in tree.iter(f"{SPACE}link"))
            assert all(element.get("type") != "html" for element in tree.iter())
