"""Ask a feed once because a person wants to know whether it can be read. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from anyio import to_thread

from monitor.errors import FetchError, ParseError
from monitor.fetch import folder
from monitor.fetch.client import FEED, Client
from monitor.fetch.hosts import Hosts
from monitor.model import Page
from monitor.parse.feed import parse_feed
from monitor.settings import Feed
from monitor.work.ask import ask
from monitor.work.cpu import Caller

LIMITS: Final = replace(FEED, seconds=30)  # once it is its turn; a person waits
UNKNOWN: Final = "unknown host"  # as fetch/guard.py says it


@dataclass(frozen=True, slots=True)
class Read:
    """What it lists."""

    entries: int
    newest_at: datetime | None = None
    complaint: str | None = None
    moved_to: str | None = None
    off: timedelta | None = None  # by how much its server's clock is ahead of ours; None: it does not say


@dataclass(frozen=True, slots=True)
class Unread:
    """Why it can't be read."""

    why: str
    is_reached: bool = False  # something answered
    is_known: bool = True  # its name was resolved


Probed = Read | Unread


@dataclass(frozen=True, slots=True)
class Probe:
    """Asks for feeds with the manners that polling has. Build it inside the running loop."""

    client: Client
    hosts: Hosts
    cpu: Caller
    clock: Callable[[], datetime]

    async def read(self, feed: Feed) -> Probed:
        if feed.path is not None:
            return await to_thread.run_sync(_folder, feed.path)
        try:
            return await self._ask(feed)
        except FetchError as error:
            return Unread(str(error), is_reached=error.status is not None, is_known=str(error) != UNKNOWN)
        except ParseError as error:
            return Unread(str(error), is_reached=True)

    async def _ask(self, feed: Feed) -> Probed:
        page = await ask(self.client, self.hosts, feed, feed.address, limits=LIMITS)
        if not isinstance(page, Page):  # nothing was said of what we know
            return Unread("HTTP 304", is_reached=True)
        off = page.said_at - self.clock() if page.said_at else None
        reading = partial(parse_feed, page.content, url=page.url or feed.address, content_type=page.content_type)
        parsed = await self.cpu.call(reading)
        newest = max((entry.published_at for entry in parsed.entries if entry.published_at), default=None)
        return Read(len(parsed.entries), newest, parsed.complaint, page.moved_to, off)


def _folder(path: str) -> Probed:
    try:
        return Read(len(folder.listing(path).names))
    except FetchError as error:
        return Unread(str(error), is_reached=True)
