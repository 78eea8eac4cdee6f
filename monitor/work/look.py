"""Look at one article because a person asked for it. They chose the address, so one of their own network is fine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from monitor.fetch.client import Client
from monitor.model import Page
from monitor.parse.article import Extracted, Pages, read_pages
from monitor.settings import Site
from monitor.work.cpu import Cpu
from monitor.work.reader import page_at, rule_for, whole


async def at_address(url: str, sites: Mapping[str, Site], *, now: datetime) -> Extracted:
    """The article that stands there, with its further pages."""
    async with Client() as client:
        get = partial(page_at, client, sites=sites, allow_private=True)
        page = await get(url)
        found = Pages((page,), rule=rule_for(page, url, sites))
        cpu = Cpu(1)

        async def read(pages: Pages) -> Extracted:
            return await cpu.call(partial(read_pages, pages, now=now))

        return await whole(found, get=get, read=read)


async def in_page(page: Page, sites: Mapping[str, Site], *, now: datetime) -> Extracted:
    """The article of a page we have, read where it can do no harm."""
    rule = rule_for(page, page.url, sites) if page.url else None
    return await Cpu(1).call(partial(read_pages, Pages((page,), rule=rule), now=now))
