"""Which pages a site asks programs not to read: a real server on loopback, a sentence each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.fetch import robots
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.fetch.robots import Robots
from monitor.settings import Feed
from tests.build import NOON, a_feed
from tests.site import Site

OURS = "User-agent: *\nDisallow: /rahasia/\nAllow: /rahasia/terbuka\nDisallow: /*.pdf$\n"


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Visitor:
    site: Site
    robots: Robots
    clock: Clock
    feed: Feed = field(default_factory=lambda: a_feed(allow_private=True))

    async def may(self, path: str, feed: Feed | None = None) -> bool:
        return await self.robots.allows(self.site.url_of(path), feed or self.feed)


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    clock = Clock()
    async with Client() as client:
        yield Visitor(site, Robots(client, Hosts(), clock), clock)


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/berita/1", True),
        ("/rahasia/1", False),
        ("/rahasia/terbuka/1", True),
        ("/laporan.pdf", False),
        ("/laporan.pdf?halaman=2", True),
        ("/", True),
    ],
)
async def test_a_page_is_read_unless_the_site_asks_not_to(visitor: Visitor, path: str, is_allowed: bool) -> None:
    visitor.site.page("/robots.txt", OURS)
    assert await visitor.may(path) is is_allowed


async def test_a_site_may_speak_to_us_by_name_and_to_a_feeds_own_name(visitor: Visitor) -> None:
    visitor.site.page("/robots.txt", "User-agent: News-Monitor\nDisallow: /\n\nUser-agent: redaksi\nDisallow: /x\n")
    assert not await visitor.may("/berita/1")
    assert await visitor.may("/berita/1", a_feed(allow_private=True, user_agent="redaksi/1.0 (kantor)"))
    assert not await visitor.may("/x", a_feed(allow_private=True, user_agent="redaksi/1.0 (kantor)"))


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
async def test_a_site_without_such_a_file_forbids_nothing(visitor: Visitor, status: int) -> None:
    visitor.site.fail("/robots.txt", status)
    assert await visitor.may("/rahasia/1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html><body>Disallow: /</body></html>",
        b"Disallow",
        b"User-agent\nDisallow: /",
        b"\x00" * 5000,
    ],
)
async def test_a_file_that_says_nothing_forbids_nothing(visitor: Visitor, content: bytes) -> None:
    visitor.site.page("/robots.txt", content)
    assert await visitor.may("/rahasia/1")


@pytest.mark.parametrize("start", ["\ufeff", "# Selamat datang\r\n", "Sitemap: /sitemap.xml\n\n"])
async def test_what_stands_before_the_rules_does_not_matter(visitor: Visitor, start: str) -> None:
    visitor.site.page("/robots.txt", start + OURS.replace("\n", "\r\n"))
    assert not await visitor.may("/rahasia/1")


async def test_it_is_asked_once_a_day_and_by_many_at_once_only_once(visitor: Visitor) -> None:
    visitor.site.page("/robots.txt", OURS)
    await asyncio.gather(*(visitor.may(f"/berita/{number}") for number in range(20)))
    visitor.clock.now += timedelta(hours=23)
    await visitor.may("/berita/1")
    assert len(visitor.site.asked("/robots.txt")) == 1
    visitor.clock.now += timedelta(hours=2)
    await visitor.may("/berita/1")
    assert len(visitor.site.asked("/robots.txt")) == 2


async def test_one_that_could_not_be_had_is_asked_again_soon(visitor: Visitor) -> None:
    visitor.site.fail("/robots.txt", 503)
    assert await visitor.may("/rahasia/1")
    visitor.site.page("/robots.txt", OURS)
    visitor.clock.now += robots.KEPT_UNREACHABLE + timedelta(seconds=1)
    assert not await visitor.may("/rahasia/1")


async def test_it_may_stand_elsewhere_and_other_ports_are_other_sites(visitor: Visitor, other_site: Site) -> None:
    visitor.site.redirect("/robots.txt", other_site.page("/aturan.txt", OURS))
    assert not await visitor.may("/rahasia/1")
    assert await visitor.robots.allows(other_site.url_of("/rahasia/1"), visitor.feed)


async def test_an_inner_site_is_not_asked_for_a_public_feed(visitor: Visitor) -> None:
    visitor.site.page("/robots.txt", OURS)
    assert await visitor.may("/rahasia/1", a_feed())
    assert visitor.site.requests == []


async def test_a_huge_one_forbids_nothing_and_sites_are_forgotten(visitor: Visitor) -> None:
    visitor.site.page("/robots.txt", OURS + "#" * 6_000_000)
    assert await visitor.may("/rahasia/1")
    for number in range(robots.REMEMBERED + 5):
        await visitor.robots.allows(f"http://127.0.0.1:{1 + number % 9}/{number}", a_feed())
    assert len(visitor.robots) <= robots.REMEMBERED


async def test_of_an_endless_one_the_beginning_counts(visitor: Visitor) -> None:
    visitor.site.page("/robots.txt", OURS + "# \n" * 500_000)
    assert not await visitor.may("/rahasia/1")
