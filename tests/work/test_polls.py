"""When a feed is asked, where, and what of what it lists is new: a scripted origin, a sentence each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.settings import Feed
from monitor.store.tables import ENTRY, FEED
from monitor.timing import Why
from monitor.work.cpu import Limits
from tests.build import a_topic
from tests.events import CONCERNS, an_event
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS, Desk, local, to

QUARTER = timedelta(minutes=15)
GOOD = FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])
# A name in pieces, in a document that is not well-formed: its reader needs the square of the length.
STOPS_ITS_READER = b"<rss version='2.0'><channel><item><author>" + (b"a" * 400 + b"<b/>") * 400 + b"</author></itemm>"


def news(*numbers: int) -> list[FeedEntry]:
    """Entries that concern the topic, each of its own event; the newest first, as feeds have it."""
    events = ((number, an_event(number)) for number in sorted(numbers, reverse=True))
    return [
        FeedEntry(event.title, f"/berita/{number}", description=" ".join((*event.paragraphs, CONCERNS)))
        for number, event in events
    ]


def quiet(url: str, **changes: Any) -> Feed:
    return local(url, **{"full_text": "never", **changes})


async def rounds(desk: Desk, feed: Feed, *, minutes: float, of: int) -> None:
    for _ in range(of):
        desk.clock.forward(minutes=minutes)
        await desk.round(feeds=(feed,))


def state(desk: Desk, *columns: sa.ColumnElement[Any]) -> tuple[Any, ...]:
    return tuple(desk.database.read(lambda session: session.execute(sa.select(*columns)).one()))


# -- when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "ttl", "minutes", "why"),
    [
        ({}, "", 15, Why.EVERY),
        ({"Cache-Control": "max-age=1800"}, "", 30, Why.SERVER),
        ({"Cache-Control": "max-age=86400"}, "", 60, Why.SERVER),
        ({"Cache-Control": "no-cache"}, "", 15, Why.EVERY),
        ({}, "40", 40, Why.SERVER),
        ({"Cache-Control": "max-age=60"}, "5", 15, Why.EVERY),
    ],
)
async def test_a_server_may_ask_for_a_longer_pause(
    desk: Desk, site: Site, headers: dict[str, str], ttl: str, minutes: int, why: Why
) -> None:
    url = site.feed("/rss", [GOOD])
    body = site._pages["/rss"].body.replace(
        b"<channel>", f"<channel><ttl>{ttl}</ttl>".encode() if ttl else b"<channel>"
    )
    site.page("/rss", body, content_type="application/rss+xml", headers=headers)
    await desk.round(feeds=(quiet(url),))

    due_at, said = state(desk, FEED.c.due_at, FEED.c.due_for)
    assert abs((due_at - desk.clock.now) / timedelta(minutes=minutes) - 1) <= 0.1
    assert said == why


@pytest.mark.parametrize("status", [429, 503])
async def test_what_a_server_asks_for_in_an_error_is_honoured(desk: Desk, site: Site, status: int) -> None:
    url = site.fail("/rss", status, retry_after="7200")
    await desk.round(feeds=(quiet(url),))
    await rounds(desk, quiet(url), minutes=30, of=3)
    assert len(site.asked("/rss")) == 1

    desk.clock.forward(minutes=31)
    await desk.round(feeds=(quiet(url),))
    assert len(site.asked("/rss")) == 2
    assert state(desk, FEED.c.due_for) == (Why.RETRY_AFTER,)


async def test_a_feed_that_fails_for_weeks_is_asked_once_a_day_and_never_given_up(desk: Desk, site: Site) -> None:
    url = site.fail("/rss", 500)
    await rounds(desk, quiet(url), minutes=30, of=2 * 24)
    assert 6 <= len(site.asked("/rss")) <= 9
    before = len(site.asked("/rss"))
    await rounds(desk, quiet(url), minutes=120, of=12 * 5)
    assert 4 <= len(site.asked("/rss")) - before <= 6

    site.feed("/rss", [GOOD])
    await rounds(desk, quiet(url), minutes=60 * 27, of=1)
    assert desk.console.getvalue().count(KIM) == 1


# -- where -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 308])
async def test_a_feed_that_moved_for_good_is_asked_there_and_keeps_its_history(
    desk: Desk, site: Site, status: int
) -> None:
    url = site.feed("/rss", news(1))
    await desk.round(feeds=(quiet(url),))
    site.feed("/baru", news(1, 2))
    site.redirect("/rss", "/baru", status=status)
    await rounds(desk, quiet(url), minutes=60, of=3)

    assert site.paths == ["/rss", "/rss", "/baru", "/baru", "/baru"]
    assert [desk.console.getvalue().count(entry.title) for entry in news(1, 2)] == [1, 1]
    assert state(desk, FEED.c.url, FEED.c.moved_to) == (url, site.url_of("/baru"))


@pytest.mark.parametrize("status", [302, 307])
async def test_a_feed_that_is_elsewhere_for_now_is_asked_where_it_was(desk: Desk, site: Site, status: int) -> None:
    site.feed("/baru", news(1))
    url = site.redirect("/rss", "/baru", status=status)
    await rounds(desk, quiet(url), minutes=60, of=2)
    assert site.paths == ["/rss", "/baru", "/rss", "/baru"]


async def test_where_the_new_place_fails_the_old_one_is_asked_again(desk: Desk, site: Site) -> None:
    site.feed("/baru", news(1))
    url = site.redirect("/rss", "/baru", status=301)
    await desk.round(feeds=(quiet(url),))
    site.fail("/baru", 410)
    site.feed("/rss", news(1, 2))
    await rounds(desk, quiet(url), minutes=60, of=2)

    assert site.paths[-2:] == ["/baru", "/rss"]
    assert desk.console.getvalue().count(news(2)[0].title) == 1


async def test_a_move_that_was_a_mistake_lasts_a_day_at_most(desk: Desk, site: Site) -> None:
    url = site.redirect("/rss", "/parkir", status=301)
    site.feed("/parkir", news(1))
    await desk.round(feeds=(quiet(url),))
    site.feed("/rss", news(1, 2))
    await rounds(desk, quiet(url), minutes=60, of=24)

    assert desk.console.getvalue().count(news(2)[0].title) == 1
    assert state(desk, FEED.c.moved_to) == (None,)
    assert site.paths[-2:] == ["/rss", "/rss"]


async def test_a_feed_that_moved_stays_there_when_the_old_place_is_gone(desk: Desk, site: Site) -> None:
    url = site.redirect("/rss", "/baru", status=301)
    site.feed("/baru", news(1))
    await desk.round(feeds=(quiet(url),))
    site.fail("/rss", 410)
    await rounds(desk, quiet(url), minutes=60, of=48)

    assert (site.paths.count("/rss"), site.paths.count("/baru")) == (3, 49)
    assert state(desk, FEED.c.moved_to, FEED.c.failures) == (site.url_of("/baru"), 0)


async def test_who_asks_to_wait_is_the_host_that_says_so(desk: Desk, site: Site, other_site: Site) -> None:
    busy = other_site.fail("/rss", 429, retry_after="7200")
    url, beside = site.redirect("/rss", busy, status=302), site.feed("/lain", news(1))
    await desk.round(feeds=(quiet(url), quiet(beside)))
    desk.clock.forward(minutes=60)
    await desk.round(feeds=(quiet(url), quiet(beside)))
    assert len(site.asked("/lain")) == 2
    assert len(other_site.asked("/rss")) == 1


async def test_of_a_feed_that_moved_the_new_host_is_left_alone_when_it_asks_so(
    desk: Desk, site: Site, other_site: Site
) -> None:
    new, busy = other_site.feed("/rss", news(1)), other_site.feed("/lain", news(3))
    moved = site.redirect("/rss", new, status=301)
    await desk.round(feeds=(quiet(moved), quiet(busy)))
    other_site.fail("/lain", 503, retry_after="7200")
    desk.clock.forward(minutes=31)
    await desk.round(feeds=(quiet(busy),))
    before = len(other_site.asked("/rss"))
    desk.clock.forward(minutes=31)
    await desk.round(feeds=(quiet(moved), quiet(busy)))
    assert len(other_site.asked("/rss")) == before


async def test_a_login_is_not_told_to_the_place_a_feed_moved_to(desk: Desk, site: Site, other_site: Site) -> None:
    other_site.feed("/rss", news(1))
    url = site.redirect("/rss", other_site.url_of("/rss"), status=301)
    feed = quiet(url, headers={"X-Key": "rahasia"})
    await rounds(desk, feed, minutes=60, of=2)

    assert [request.headers.get("x-key") for request in site.requests] == ["rahasia", "rahasia"]
    assert [request.headers.get("x-key") for request in other_site.requests] == [None, None]


# -- "not modified" for ever -----------------------------------------------------------------------


async def test_what_says_not_modified_for_a_day_is_asked_once_as_if_for_the_first_time(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1), headers={"ETag": '"beku"'})
    await desk.round(feeds=(quiet(url),))
    site.feed("/rss", news(1, 2), headers={"ETag": '"beku"'})  # it has something new, and does not know it
    await rounds(desk, quiet(url), minutes=120, of=11)
    assert desk.console.getvalue().count(news(2)[0].title) == 0

    await rounds(desk, quiet(url), minutes=120, of=1)
    assert desk.console.getvalue().count(news(2)[0].title) == 1
    assert "if-none-match" not in site.requests[-1].headers
    await rounds(desk, quiet(url), minutes=120, of=1)
    assert "if-none-match" in site.requests[-1].headers


# -- what is new -----------------------------------------------------------------------------------


async def test_entries_that_came_and_went_between_two_readings_are_a_gap_and_hurry_the_feed(
    desk: Desk, site: Site
) -> None:
    url = site.feed("/rss", news(1, 2, 3))
    await desk.round(feeds=(quiet(url),))
    site.feed("/rss", news(7, 8, 9))
    await rounds(desk, quiet(url), minutes=17, of=1)

    due_at, why, gaps, gap_at = state(desk, FEED.c.due_at, FEED.c.due_for, FEED.c.gaps, FEED.c.gap_at)
    assert (why, gaps, gap_at) == (Why.GAP, 1, desk.clock.now)
    assert due_at - desk.clock.now <= 0.55 * QUARTER

    site.feed("/rss", news(9, 10, 11))
    await rounds(desk, quiet(url), minutes=9, of=1)
    assert state(desk, FEED.c.gaps) == (1,)
    assert all(desk.console.getvalue().count(entry.title) == 1 for entry in news(7, 8, 9, 10, 11))


async def test_a_gap_that_our_own_absence_made_is_noted_and_hurries_nobody(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1, 2, 3))
    await desk.round(feeds=(quiet(url),))
    site.feed("/rss", news(7, 8, 9))
    await rounds(desk, quiet(url), minutes=60 * 48, of=1)

    assert state(desk, FEED.c.gaps, FEED.c.due_for, FEED.c.hurry) == (1, Why.EVERY, 0)


async def test_a_first_reading_and_an_empty_feed_that_fills_are_no_gaps(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1, 2, 3))
    await desk.round(feeds=(quiet(url),))
    assert state(desk, FEED.c.gaps) == (0,)
    site.feed("/rss", [])
    await rounds(desk, quiet(url), minutes=17, of=1)
    site.feed("/rss", news(3, 4))
    await rounds(desk, quiet(url), minutes=17, of=1)
    assert state(desk, FEED.c.gaps) == (0,)


async def test_an_old_entry_that_slides_back_or_returns_after_years_is_not_told_again(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1, 2, 3))
    await desk.round(feeds=(quiet(url),))
    for listed in (news(3, 4), news(2, 3), news(1, 4, 3)[::-1]):
        site.feed("/rss", listed)
        await rounds(desk, quiet(url), minutes=60 * 24 * 400, of=1)

    assert all(desk.console.getvalue().count(entry.title) == 1 for entry in news(1, 2, 3, 4))


async def test_hundreds_of_new_entries_at_once_are_a_flood(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1))
    await desk.round(feeds=(quiet(url),))
    site.feed("/rss", news(*range(1, 151)))
    await rounds(desk, quiet(url), minutes=17, of=1)

    flooded = sa.select(sa.func.count()).select_from(ENTRY).where(ENTRY.c.in_flood)
    assert desk.database.read(lambda session: session.scalar(flooded)) == 149


async def test_a_flood_is_one_digest_that_says_so(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1))
    with JsonSink() as sink:
        asked = {"feeds": (quiet(url),), "channels": (to(sink),), "topics": (a_topic(channels=("sink",)),)}
        await desk.round(**asked)
        site.feed("/rss", news(*range(1, 121)))
        desk.clock.forward(minutes=17)
        await desk.round(**asked)
        messages = [str(message) for message in sink.messages]

    assert len(messages) == 2
    assert "A feed listed hundreds of new entries at once: 119 stories" in messages[1]
    assert all(entry.title in messages[1] for entry in news(*range(2, 121)))


async def test_the_configured_language_counts_for_all_entries(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", news(1))
    await desk.round(feeds=(quiet(url, language="en"),))
    from monitor.store.tables import ARTICLE

    assert state(desk, ARTICLE.c.language) == ("en",)


# -- what stops its reader -------------------------------------------------------------------------


async def test_a_document_that_stops_its_reader_three_times_rests_a_day_and_is_asked_again(
    desk: Desk, site: Site
) -> None:
    url = site.page("/rss", STOPS_ITS_READER, content_type="application/rss+xml", headers={"ETag": ""})
    for _ in range(3):
        await desk.round(feeds=(quiet(url),), parsing=Limits(seconds=1))
        desk.clock.forward(hours=2)
    due_at, paused = state(desk, FEED.c.due_at, FEED.c.paused)
    assert due_at - desk.clock.now >= timedelta(hours=21)
    assert paused == "its document stopped the reader three times in a row; it is asked again once a day"

    site.feed("/rss", [GOOD])
    await rounds(desk, quiet(url), minutes=60 * 24, of=1)
    assert desk.console.getvalue().count(KIM) == 1
    assert state(desk, FEED.c.paused, FEED.c.breakdowns) == (None, 0)
