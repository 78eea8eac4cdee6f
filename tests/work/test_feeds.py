"""Feeds that fail in every way: a line in `status`, in words, and the round goes on."""

from __future__ import annotations

from datetime import timedelta

from monitor.store import health
from monitor.work.cpu import Limits
from tests.site import FeedEntry, Site, article_page
from tests.work.desk import KIM, PARAGRAPHS, Desk, local

GOOD = FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])
HUGE = b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 400_000 + b"</channel></rss>"
# Its reader needs the square of the length of a name; and where a document is not well-formed, nothing spares it that.
NAME = b"<author>" + (b"a" * 400 + b"<b/>") * 400 + b"</author>"
HOSTILE = b"<rss version='2.0'><channel><item><title>x</title>" + NAME + b"</itemm></channel></rss>"


def broken(site: Site) -> dict[str, str]:
    """Addresses of feeds that can't be read, and what is said of each."""
    site.redirect("/circle", "/circle")
    return {
        site.page("/page", article_page(KIM, PARAGRAPHS)): "not a feed: it is a web page",
        site.page("/nothing", b""): "not a feed: an empty answer",
        site.page("/huge", HUGE): "too large (over 10 MB)",
        site.fail("/error", 500): "HTTP 500",
        site.url_of("/missing"): "HTTP 404",
        site.redirect("/inner", "http://169.254.169.254/"): "link-local or metadata address refused",
        site.url_of("/circle"): "too many redirects",
        "http://127.0.0.1:9/rss": "connection refused",
    }


async def test_feeds_that_fail_are_lines_in_status_and_harm_no_other(desk: Desk, site: Site, other_site: Site) -> None:
    expected = broken(site)
    good = other_site.feed("/rss", [GOOD])
    summary = await desk.round(feeds=(*map(local, expected), local(good, full_text="never")))
    assert summary.feeds == {"polled": 9, "changed": 1, "unchanged": 0, "failed": 8}
    states = desk.database.read(health.feeds, now=desk.clock())
    assert {state.url: state.last_error for state in states} == {**expected, good: None}
    assert {state.failures for state in states if state.url != good} == {1}
    assert desk.console.getvalue().count(KIM) == 1


async def test_a_feed_that_works_again_has_no_line_any_more(desk: Desk, site: Site) -> None:
    feed = local(site.fail("/rss", 500), full_text="never")
    await desk.round(feeds=(feed,))
    site.feed("/rss", [GOOD])
    desk.clock.forward(hours=1)
    await desk.round(feeds=(feed,))
    assert (desk.feed_health().last_error, desk.feed_health().failures) == (None, 0)
    assert KIM in desk.console.getvalue()


async def test_a_feed_that_holds_its_parser_for_too_long_is_ended_and_the_round_goes_on(
    desk: Desk, site: Site, other_site: Site
) -> None:
    hostile = site.page("/rss", HOSTILE, content_type="application/rss+xml")
    good = other_site.feed("/rss", [GOOD])
    summary = await desk.round(feeds=(local(hostile), local(good, full_text="never")), parsing=Limits(seconds=4))
    assert desk.feed_health().last_error == "took longer than 4 s to read"
    assert summary.feeds["failed"] == 1
    assert KIM in desk.console.getvalue()


async def test_a_feed_that_is_gone_is_not_asked_again(desk: Desk, site: Site) -> None:
    feed = local(site.fail("/rss", 410))
    for _ in range(3):
        await desk.round(feeds=(feed,))
        desk.clock.forward(days=2)
    assert len(site.asked("/rss")) == 1
    assert desk.feed_health().next_poll_at is None


async def test_a_host_that_asks_to_be_left_alone_is(desk: Desk, site: Site) -> None:
    """For all of its feeds, not only for the one it said so of."""
    busy, other = site.fail("/rss", 429, retry_after="7200"), site.feed("/terkini", [GOOD])
    feeds = (local(busy, every=timedelta(minutes=5)), local(other, full_text="never", every=timedelta(minutes=5)))
    await desk.round(feeds=feeds[:1])
    for _ in range(3):
        desk.clock.forward(minutes=30)
        await desk.round(feeds=feeds)
    assert site.paths == ["/rss"]
    desk.clock.forward(minutes=31)
    site.feed("/rss", [])
    await desk.round(feeds=feeds)
    assert sorted(site.paths) == ["/rss", "/rss", "/terkini"]


async def test_a_feed_that_left_the_configuration_is_not_asked_and_comes_back_with_all_it_remembers(
    desk: Desk, site: Site, other_site: Site
) -> None:
    feed = local(site.feed("/rss", [GOOD]), full_text="never")
    other = local(other_site.feed("/rss", []))
    await desk.round(feeds=(feed,))
    desk.clock.forward(hours=1)
    await desk.round(feeds=(other,))
    assert len(site.asked("/rss")) == 1
    await desk.round(feeds=(feed, other))
    assert len(site.asked("/rss")) == 2
    assert desk.console.getvalue().count(KIM) == 1


async def test_a_feed_that_did_not_change_is_asked_with_what_it_gave_us(desk: Desk, site: Site) -> None:
    feed = local(site.feed("/rss", [GOOD]), full_text="never")
    await desk.round(feeds=(feed,))
    desk.clock.forward(hours=1)
    summary = await desk.round(feeds=(feed,))
    assert summary.feeds["unchanged"] == 1
    assert "if-none-match" in site.asked("/rss")[1].headers
