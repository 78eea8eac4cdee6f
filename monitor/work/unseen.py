"""Read an article that no feed listed, as if one had: by the same reader, with the same manners and the same guards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.fetch.robots import Robots
from monitor.model import Entry
from monitor.parse.article import Extracted, Pages, extract
from monitor.parse.links import canonical_url, same_site
from monitor.settings import Feed, Site, host_of
from monitor.work.cpu import Cpu
from monitor.work.reader import Reader, rule_for, whole


def feeds_of_site(url: str, feeds: Sequence[Feed]) -> list[Feed]:
    """Those of the publisher of this address, first what is asked at its very host."""
    found = [feed for feed in feeds if feed.host and same_site(url, feed.url)]
    return sorted(found, key=lambda feed: feed.host != host_of(url))


def through(of_site: Sequence[Feed], others: Sequence[Feed] = ()) -> Feed:
    """As which feed's entry it is read: the first of its site, else of those that it came through.

    Only a feed of its own site may allow addresses of the inner network.
    """
    allows = any(feed.allow_private for feed in of_site)
    feed, *_ = (*of_site, *others, Feed(url="", name=""))
    return feed.model_copy(update={"allow_private": allows})


def entry_of(url: str) -> Entry:
    """What a feed would have listed, as far as that can be known."""
    return Entry(key=canonical_url(url), url=url, title="")


async def read(url: str, feed: Feed, sites: dict[str, Site], *, clock: Callable[[], datetime]) -> Extracted:
    """With its further pages. Raises FetchError and ParseError."""
    async with Client() as client:
        hosts, cpu, entry = Hosts(), Cpu(1), entry_of(url)
        reader = Reader(client, hosts, Robots(client, hosts, clock))
        get = partial(reader.get, feed=feed, sites=sites)
        page = await get(url)
        found = Pages((page,), rule=rule_for(page, url, sites), language=feed.language)
        extraction = partial(extract, entry, feed=feed.url, feed_name=feed.name, first_seen_at=clock())

        async def extracted(pages: Pages) -> Extracted:
            return await cpu.call(partial(extraction, pages))

        return await whole(found, get=get, read=extracted)
