"""What a feed listed before it was watched, and what is too old to be told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.settings import AlertPolicy
from tests.build import NOON, a_topic
from tests.events import CONCERNS, an_event
from tests.site import FeedEntry, Site
from tests.work.desk import PARAGRAPHS, Desk, local

PLACES = ("Wonsan", "Sinuiju", "Hamhung", "Kaesong", "Chongjin")


def story(place: str, published: datetime | None = None) -> FeedEntry:
    """Each place is a story of its own, with all that the topic asks for in the feed itself."""
    text = an_event(PLACES.index(place), also=CONCERNS).text
    return FeedEntry(title_of(place), f"/berita/{place}", description=text, published=published)


def title_of(place: str) -> str:
    return f"{place}: {an_event(PLACES.index(place)).title}"


def told(desk: Desk) -> list[str]:
    """The places that were told, in order."""
    lines = desk.console.getvalue().splitlines()
    return [place for line in lines for place in PLACES if line == title_of(place)]


async def test_the_first_poll_of_a_feed_only_remembers_what_it_lists(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", [story(place) for place in PLACES[:3]])
    feed = local(url, backlog="skip")
    first = await desk.round(feeds=(feed,))
    assert (first.entries, first.articles, site.paths) == (0, 0, ["/rss"])
    site.feed("/rss", [story(place) for place in reversed(PLACES[:4])])
    desk.clock.forward(hours=1)
    await desk.round(feeds=(feed,))
    assert told(desk) == ["Kaesong"]
    assert len(desk.archived()) == 1


async def test_a_number_tells_so_many_of_the_newest(desk: Desk, site: Site) -> None:
    published = [NOON - timedelta(hours=hours) for hours in (1, 2, 3, 4, 5)]
    url = site.feed("/rss", [story(place, at) for place, at in zip(PLACES, published, strict=True)])
    await desk.round(feeds=(local(url, backlog=2, full_text="never"),))
    assert sorted(told(desk)) == sorted(PLACES[:2])


async def test_a_feed_whose_first_good_reading_comes_late_is_still_at_its_first(desk: Desk, site: Site) -> None:
    feed = local(site.fail("/rss", 503), backlog="skip", full_text="never")
    await desk.round(feeds=(feed,))
    site.feed("/rss", [story("Wonsan")])
    desk.clock.forward(hours=1)
    await desk.round(feeds=(feed,))
    site.feed("/rss", [story("Sinuiju"), story("Wonsan")])
    desk.clock.forward(hours=1)
    await desk.round(feeds=(feed,))
    assert told(desk) == ["Sinuiju"]


async def test_a_well_formed_feed_without_entries_is_a_good_reading(desk: Desk, site: Site) -> None:
    feed = local(site.feed("/rss", []), backlog="skip", full_text="never")
    await desk.round(feeds=(feed,))
    assert desk.feed_health().last_error is None
    site.feed("/rss", [story("Wonsan")])
    desk.clock.forward(hours=1)
    await desk.round(feeds=(feed,))
    assert told(desk) == ["Wonsan"]


async def test_old_news_is_kept_and_not_told_but_news_without_a_date_or_of_tomorrow_is(desk: Desk, site: Site) -> None:
    listed = [
        story("Wonsan", NOON - timedelta(days=4)),
        story("Sinuiju", None),
        story("Hamhung", NOON + timedelta(days=2)),
        story("Kaesong", NOON - timedelta(days=2)),
    ]
    url = site.feed("/rss", listed)
    topic = a_topic(policy=AlertPolicy(max_age=timedelta(days=3)))
    summary = await desk.round(feeds=(local(url, full_text="never"),), topics=(topic,))
    assert sorted(told(desk)) == ["Hamhung", "Kaesong", "Sinuiju"]
    assert (summary.articles, summary.alerts) == (4, {"sent": 3, "held": 0, "dropped": 1})


AFTER = pytest.mark.parametrize(
    ("published_after", "expected"), [(timedelta(hours=1), ["Wonsan"]), (timedelta(hours=-1), [])]
)


@AFTER
async def test_an_outage_drops_nothing(desk: Desk, site: Site, published_after: timedelta, expected: list[str]) -> None:
    """Published after the last good poll it is told, however late; what was there before is as old as it is."""
    feed = local(site.feed("/rss", []), full_text="never")
    await desk.round(feeds=(feed,))
    site.fail("/rss", 500)
    desk.clock.forward(days=3)
    await desk.round(feeds=(feed,))
    site.feed("/rss", [story("Wonsan", NOON + published_after)])
    desk.clock.forward(days=7)
    await desk.round(feeds=(feed,))
    assert told(desk) == expected
    assert len(desk.archived()) == 1


@AFTER
async def test_nor_does_it_drop_what_only_its_page_dates(
    desk: Desk, site: Site, published_after: timedelta, expected: list[str]
) -> None:
    feed = local(site.feed("/rss", []))
    await desk.round(feeds=(feed,))
    site.feed("/rss", [story("Wonsan")])
    site.article("/berita/Wonsan", title_of("Wonsan"), PARAGRAPHS, published=NOON + published_after)
    desk.clock.forward(days=10)
    await desk.round(feeds=(feed,))
    assert told(desk) == expected
    assert len(desk.archived()) == 1
