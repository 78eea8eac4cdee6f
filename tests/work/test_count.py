"""The words of the stream are counted while it runs, and weigh from then on."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.app.house import open_house
from monitor.store import frequencies
from monitor.stories.frequencies import Frequencies
from monitor.work import count
from tests.build import a_topic
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, PARAGRAPHS, Desk, local


def counted(desk: Desk) -> Frequencies:
    return desk.database.read(frequencies.snapshot)


def listing(site: Site, *titles: str) -> dict[str, Any]:
    listed = [FeedEntry(title, f"/berita/{title[:5]}", description=PARAGRAPHS[0]) for title in titles]
    return {"feeds": (local(site.feed("/rss", listed), full_text="never"),), "topics": (a_topic(),)}


async def test_a_round_counts_the_words_of_its_articles(any_desk: Desk, site: Site) -> None:
    await any_desk.round(**listing(site, KIM, MISSILE))
    words = counted(any_desk)
    assert words.documents == 2
    assert (words.counts["wonsan"], words.counts["rudal"]) == (2, 1)


async def test_a_second_round_counts_only_what_is_new(desk: Desk, site: Site) -> None:
    await desk.round(**listing(site, KIM))
    desk.clock.forward(hours=1)
    await desk.round(**listing(site, KIM, MISSILE))
    assert counted(desk).documents == 2


async def test_a_start_weighs_words_by_what_was_counted_before(desk: Desk, site: Site) -> None:
    await desk.round(**listing(site, KIM))
    async with open_house(desk.ground(**listing(site, KIM))) as house:
        assert house.live.frequencies.documents == 1
        assert "wonsan" in house.live.frequencies.counts


async def test_the_words_in_force_change_with_a_count_and_at_no_other_moment(desk: Desk, site: Site) -> None:
    async with open_house(desk.ground(**listing(site, KIM))) as house:
        before = house.live.frequencies
        await house.engine.drain("poll", "ingest")
        assert house.live.frequencies is before

        await house.crew.count.count()
        assert house.live.frequencies.documents == 1


async def test_a_count_with_nothing_new_changes_nothing(desk: Desk, site: Site) -> None:
    await desk.round(**listing(site, KIM))
    async with open_house(desk.ground(**listing(site, KIM))) as house:
        before = house.live.frequencies
        await house.crew.count.count()
        assert house.live.frequencies is before


async def test_many_articles_are_counted_in_several_transactions(desk: Desk, site: Site) -> None:
    titles = [f"Banjir {number:03} di Demak" for number in range(count.PIECE + 1)]
    listed = [FeedEntry(title, f"/berita/{number}", description=title) for number, title in enumerate(titles)]
    feed = local(site.feed("/rss", listed), full_text="never")
    await desk.round(feeds=(feed,))
    assert counted(desk).documents == len(titles)
    assert counted(desk).rarity("demak") == pytest.approx(counted(desk).rarity("banjir"), abs=3)
