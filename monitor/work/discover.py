"""Find the feeds of an address because a person asked: each candidate is really asked and read, politely and a few only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from monitor.errors import FetchError, ParseError
from monitor.fetch.client import FEED, Client
from monitor.fetch.hosts import Hosts
from monitor.model import Page, ParsedFeed
from monitor.parse import opml
from monitor.parse.discover import How, Link, feed_links, starts, usual_places
from monitor.parse.feed import parse_feed
from monitor.work.cpu import Cpu

MOST_ASKED: Final = 30  # addresses, whatever a page names

_ENOUGH: Final = frozenset({429, 503})  # a host that says so is asked no more


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that is there."""

    url: str
    how: How
    title: str
    entries: int
    newest_at: datetime | None
    allow_private: bool  # it is of the inner network, as far as can be told: it was only asked because that was allowed


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to."""

    feeds: tuple[Found, ...]
    asked: int
    failed: tuple[tuple[str, str], ...]  # what the page names, but is no feed: address and why


async def discover(address: str, *, allow_private: bool) -> Search:
    """The feeds of an address: itself, or those of the page or the site. Raises FetchError where it can't be asked."""
    if not (urls := starts(address)):
        raise FetchError("not an http(s) address", permanent=True)
    async with Client() as client:
        return await _Walk(client, Hosts(), Cpu(1), allow_private, urlsplit(urls[0]).hostname).search(urls)


async def in_list(content: bytes) -> opml.Subscriptions:
    """The feeds of an OPML file, which comes from elsewhere: read where it can do no harm. Raises ParseError."""
    return await Cpu(1).call(opml.read, content)


@dataclass(slots=True)
class _Walk:
    """From the address on, step by step; a step is taken only where those before it found nothing."""

    client: Client
    hosts: Hosts
    cpu: Cpu
    allow_private: bool
    home: str | None  # the host that was named: it alone may be of the inner network
    asked: int = 0
    seen: set[str] = field(default_factory=set)  # also where redirects led
    feeds: dict[str, Found] = field(default_factory=dict)  # by where they were read
    failed: dict[str, str] = field(default_factory=dict)
    refusing: set[str | None] = field(default_factory=set)

    async def search(self, urls: tuple[str, ...]) -> Search:
        page, url = await self._start(urls)
        links = await self._links(page) if page else ()
        for step in ("declared", "linked"):
            if not self.feeds:
                await self._all(link for link in links if link.how == step)
        for place in usual_places(url):
            if not self.feeds:
                await self._all([place])
        return Search(tuple(self.feeds.values()), self.asked, tuple(self.failed.items()))

    async def _start(self, urls: tuple[str, ...]) -> tuple[Page | None, str]:
        """The page at the address; none where it is a feed itself, or its server answers with an error."""
        failures: list[FetchError] = []
        for url in urls:
            try:
                page = await self._page(url)
                return await self._unless_feed(Link(url, "itself"), page), page.url
            except FetchError as error:
                failures.append(error)
                if error.status in _ENOUGH:
                    raise
                if error.status is not None:  # there is a site
                    return None, url
        raise failures[0]

    async def _all(self, links: Iterable[Link]) -> None:
        """Each of these; what turns out to be a page that lists feeds is looked through as well."""
        pages = {link.url: page for link in links if (page := await self._ask(link))}
        for url, page in pages.items() if not self.feeds else ():
            for link in await self._links(page):
                await self._ask(link)
            if self.feeds:
                self.failed.pop(url, None)

    async def _ask(self, link: Link) -> Page | None:
        """A feed is noted; a page that is none is handed back."""
        host = urlsplit(link.url).hostname
        if link.url in self.seen or self.asked >= MOST_ASKED or host in self.refusing:
            return None
        try:
            page = await self._page(link.url)
        except FetchError as error:
            if error.status in _ENOUGH:
                self.refusing.add(host)
            self._note_failed(link, str(error))
            return None
        return await self._unless_feed(link, page)

    async def _page(self, url: str) -> Page:
        self.seen.add(url)
        self.asked += 1
        private = self._may_be_private(url)
        async with self.hosts.turn(url, private=private):
            answer = await self.client.get(url, limits=FEED, allow_private=private)
        if not isinstance(answer, Page):
            raise FetchError("HTTP 304", status=304)
        return answer

    def _may_be_private(self, url: str) -> bool:
        return self.allow_private and urlsplit(url).hostname == self.home

    async def _unless_feed(self, link: Link, page: Page) -> Page | None:
        self.seen.add(page.url)
        try:
            feed = await self.cpu.call(partial(parse_feed, page.content, url=page.url, content_type=page.content_type))
        except ParseError as error:
            self._note_failed(link, str(error))
            return page
        self.feeds.setdefault(page.url, self._found(link, page, feed))
        return None

    def _found(self, link: Link, page: Page, feed: ParsedFeed) -> Found:
        newest = max((entry.published_at for entry in feed.entries if entry.published_at), default=None)
        url = page.moved_to or link.url
        return Found(url, link.how, feed.title, len(feed.entries), newest, self._may_be_private(url))

    def _note_failed(self, link: Link, why: str) -> None:
        if link.how in {"declared", "linked"}:
            self.failed[link.url] = why

    async def _links(self, page: Page) -> tuple[Link, ...]:
        try:
            return await self.cpu.call(partial(feed_links, page.content, page.content_type, page.url))
        except ParseError:
            return ()
