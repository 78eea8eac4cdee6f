"""What a site asks programs not to read (RFC 9309). It is asked for pages of articles, not for feeds: those the user chose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from monitor.errors import FetchError
from monitor.fetch.client import Client, Limits
from monitor.fetch.hosts import Hosts
from monitor.model import Page
from monitor.settings import Feed, host_of

NAME: Final = "news-monitor"  # by which a site may speak to us
ROBOTS: Final = Limits(bytes=5_000_000, seconds=20)
READ: Final = 512_000  # bytes of it that count: RFC 9309 asks for 500 KiB at the least
KEPT: Final = timedelta(days=1)
KEPT_UNREACHABLE: Final = timedelta(minutes=15)
REMEMBERED: Final = 1000  # sites


@dataclass(frozen=True, slots=True)
class _Rules:
    said: Protego | None  # None: everything may be read
    until: datetime


class Robots:
    """One for the whole process. Of one site nobody asks twice at a time."""

    def __init__(self, client: Client, hosts: Hosts, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._hosts = hosts
        self._clock = clock
        self._known: dict[str, _Rules] = {}
        self._asking: dict[str, asyncio.Task[_Rules]] = {}

    def __len__(self) -> int:
        """How many sites are remembered."""
        return len(self._known)

    async def allows(self, url: str, feed: Feed) -> bool:
        """Whether this page may be read for the feed. A site whose robots.txt can't be had is read: it says nothing against it.

        RFC 9309 lets a site that is down (5xx) be taken for one that forbids everything; then its page would be down as well,
        and where it is not, its readers are let in.
        """
        site = _site(url)
        rules = self._known.get(site)
        if rules is None or rules.until <= self._clock():
            rules = await self._asked(site, feed)
        if rules.said is None:
            return True
        return bool(rules.said.can_fetch(url, feed.user_agent or NAME))

    async def _asked(self, site: str, feed: Feed) -> _Rules:
        if site not in self._asking:
            task = asyncio.create_task(self._read(site, feed), name=f"robots.txt of {host_of(site)}")
            self._asking[site] = task
            task.add_done_callback(lambda _: self._asking.pop(site, None))
        rules = await asyncio.shield(self._asking[site])
        self._forget_some()
        self._known[site] = rules
        return rules

    async def _read(self, site: str, feed: Feed) -> _Rules:
        now = self._clock()
        try:
            async with self._hosts.turn(site, private=feed.allow_private):
                answer = await self._client.get(
                    f"{site}/robots.txt",
                    limits=ROBOTS,
                    allow_private=feed.allow_private,
                    proxy=feed.proxy.get_secret_value() if feed.proxy else None,
                    user_agent=feed.user_agent,
                    accept="text/plain, */*;q=0.1",
                )
        except FetchError as error:
            passing = (None, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
            is_theirs = error.status not in passing and (error.status or 0) < HTTPStatus.INTERNAL_SERVER_ERROR
            return _Rules(None, now + (KEPT if is_theirs else KEPT_UNREACHABLE))
        return _Rules(_parsed(answer) if isinstance(answer, Page) else None, now + KEPT)

    def _forget_some(self) -> None:
        now = self._clock()
        if len(self._known) >= REMEMBERED:
            self._known = {site: rules for site, rules in self._known.items() if rules.until > now}
        while len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))


def _parsed(page: Page) -> Protego | None:
    text = page.content[:READ].decode("utf-8-sig", "replace")
    if "<html" in text[:1000].lower():  # the site's page for what is not there
        return None
    try:
        return Protego.parse(text)
    except Exception:  # noqa: BLE001  whatever an odd text does to the library, it forbids nothing
        return None


def _site(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
