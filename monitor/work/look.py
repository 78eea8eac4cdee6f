"""Look at one page because a person asked for it. They chose the address, so one of their own network is fine."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from monitor.errors import FetchError
from monitor.fetch.client import ARTICLE, Client
from monitor.model import Article, NotModified, Page
from monitor.parse.article import read_page
from monitor.work.cpu import Cpu


async def at_address(url: str, *, now: datetime) -> Article:
    """The article that stands there."""
    async with Client() as client:
        match await client.get(url, limits=ARTICLE, allow_private=True):
            case Page() as page:
                return await in_page(page, now=now)
            case NotModified():
                raise FetchError("HTTP 304")


async def in_page(page: Page, *, now: datetime) -> Article:
    """The article of a page we have, read where it can do no harm."""
    return await Cpu(1).call(partial(read_page, page, now=now))
