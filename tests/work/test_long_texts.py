"""Long texts: while one is looked through, everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from monitor.app.configuration import Configuration
from monitor.app.house import House, open_house
from monitor.model import Claim
from monitor.store import entries, feeds
from monitor.work.ingest import LONG_TEXT
from tests.build import a_topic
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS, Desk, configuration_of, local
from tests.work.test_between_plans import nobody_judges

LONG = "<p>" + "</p><p>".join(PARAGRAPHS * (LONG_TEXT // len(PARAGRAPHS[0]))) + "</p>"


class Probe:
    """How rare words are; whoever asks is looking through a text for the first time, and is told when others can work."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._loop = asyncio.get_running_loop()
        self.others_worked: bool | None = None

    def __call__(self, word: str) -> float:
        if self.others_worked is None:
            self.others_worked = False
            work = self._house.ground.database.exclusive(lambda _session: None)
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=3)
                self.others_worked = True
        return len(word)


async def adopt(house: House, rarity: Callable[[str], float]) -> None:
    """The same configuration; its topics are put in order when the first text is looked through."""
    wanted = configuration_of(house.ground.settings)
    groups = tuple(replace(group, rarity=rarity) for group in wanted.watchlist.groups)
    await house.adopt(Configuration(wanted.settings, replace(wanted.watchlist, groups=groups)))


async def entry_of(house: House) -> Claim[Any]:
    database, now = house.ground.database, house.ground.clock()
    (feed,) = await database.exclusive(feeds.claim, now=now, limit=9)
    await house.crew.poll.poll(feed)
    (entry,) = await database.exclusive(entries.claim, now=now, limit=9)
    return entry


def plan(site: Site, **changes: Any) -> dict[str, Any]:
    feed = site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=LONG)])
    return {"feeds": (local(feed, **changes),), "topics": (a_topic(),)}


async def test_others_work_while_the_feeds_own_text_is_looked_through_for_want_of_a_page(
    desk: Desk, site: Site
) -> None:
    site.fail("/berita/1", 503)
    async with open_house(desk.ground(**plan(site, full_text="always"))) as house:
        probe = Probe(house)
        await adopt(house, probe)
        await house.crew.ingest.ingest(await entry_of(house))
    assert probe.others_worked


async def test_others_work_while_a_text_is_looked_through_again_by_a_new_plan(desk: Desk, site: Site) -> None:
    async with open_house(desk.ground(**plan(site, full_text="never"))) as house:
        probe = Probe(house)
        entry = await entry_of(house)
        with nobody_judges(desk):
            await asyncio.sleep(0)
            adopting = asyncio.create_task(adopt(house, probe))
            await asyncio.sleep(0)
            judging = asyncio.create_task(house.crew.ingest.ingest(entry))
            await asyncio.sleep(0)
        await asyncio.gather(adopting, judging)
    assert probe.others_worked
