"""Once per story, on each channel, for all of its topics together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.app.house import open_house
from monitor.settings import AlertPolicy
from tests.build import a_topic
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site, article_page
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, local, to

FIRST = FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])
BEIJING = FeedEntry(KIM, "/news/2", description=f"{PARAGRAPHS[0]} {PARAGRAPHS[2]}")


def plan(sink: JsonSink, *urls: str, topics: tuple[str, ...] = ("Korea Utara Rusia",), **policy: Any) -> dict[str, Any]:
    names = ("Kabar Nusantara", "Warta Timur")
    feeds = [local(url, name=name, full_text="never") for url, name in zip(urls, names, strict=False)]
    settings = AlertPolicy(**policy)
    watched = tuple(a_topic(name, channels=("sink",), policy=settings) for name in topics)
    return {"feeds": tuple(feeds), "channels": (to(sink),), "topics": watched}


async def test_an_article_in_two_feeds_is_one(desk: Desk, site: Site, sink: JsonSink) -> None:
    """Whatever trackers its link has, and wherever the page lies that names the article's own address."""
    page = article_page(KIM, PARAGRAPHS, canonical=site.url_of("/berita/1"))
    site.page("/berita/1?utm_source=rss", page)
    site.page("/rss-tautan/1", page)
    one = site.feed("/rss/dunia", [FeedEntry(KIM, "/berita/1?utm_source=rss", guid="d-1")])
    other = site.feed("/rss/terkini", [FeedEntry(KIM, "/rss-tautan/1", guid="t-1")])
    feeds = (local(one), local(other, name="Terkini"))
    topic = a_topic(channels=("sink",))
    summary = await desk.round(feeds=feeds, channels=(to(sink),), topics=(topic,))
    assert (summary.entries, summary.articles, summary.copies) == (2, 1, 0)
    assert len(desk.archived()) == len(sink.messages) == 1


async def test_an_equal_title_of_the_same_day_is_the_same_story(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), other_site.feed("/rss", [BEIJING]))
    summary = await desk.round(**watching)
    assert summary.stories == {"opened": 1, "joined": 1}
    assert len(desk.archived()) == 2
    (message,) = sink.messages
    assert "Kabar Nusantara, Warta Timur" in message["message"] or "Warta Timur, Kabar Nusantara" in message["message"]


async def test_a_story_is_not_told_again_when_it_comes_again_unless_nobody_had_it_for_three_days(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), other_site.feed("/rss", []))
    await desk.round(**watching)
    other_site.feed("/rss", [BEIJING])
    desk.clock.forward(days=2)
    summary = await desk.round(**watching)
    assert (summary.stories, len(sink.messages)) == ({"opened": 0, "joined": 1}, 1)
    site.feed("/rss", [FeedEntry(KIM, "/berita/3", description=f"{PARAGRAPHS[0]} {PARAGRAPHS[1]}")])
    desk.clock.forward(days=3, minutes=1)
    summary = await desk.round(**watching)
    assert (summary.stories, len(sink.messages)) == ({"opened": 1, "joined": 0}, 2)


async def test_two_topics_on_one_story_are_one_message_that_names_both(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), topics=("Korea Utara Rusia", "Lavrov"))
    summary = await desk.round(**watching)
    (message,) = sink.messages
    assert message["title"] == f"Korea Utara Rusia, Lavrov: {KIM}"
    assert (summary.alerts["sent"], summary.deliveries["sent"]) == (2, 1)


async def test_a_topic_that_the_story_comes_to_later_is_told_as_a_short_further_message(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    urls = (site.feed("/rss", [FIRST]), other_site.feed("/rss", []))
    watching = plan(sink, *urls, topics=("Korea Utara Rusia", "Beijing"))
    await desk.round(**watching)
    other_site.feed("/rss", [BEIJING])
    desk.clock.forward(hours=2)
    await desk.round(**watching)
    first, second = sink.messages
    assert first["title"] == f"Korea Utara Rusia: {KIM}"
    assert second["title"] == f"Now also Beijing: {KIM}"
    assert len(second["message"]) < len(first["message"])


async def test_a_story_that_grows_is_told_again_when_enough_outlets_have_it(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), other_site.feed("/rss", []), follow_up=1)
    await desk.round(**watching)
    other_site.feed("/rss", [BEIJING])
    desk.clock.forward(hours=2)
    await desk.round(**watching)
    assert len(sink.messages) == 2
    assert "Warta Timur" in sink.messages[1]["message"]


async def test_a_new_topic_never_tells_what_was_seen_before_it(desk: Desk, site: Site, sink: JsonSink) -> None:
    url = site.feed("/rss", [FIRST])
    await desk.round(**plan(sink, url, topics=("Gempa",)))
    desk.clock.forward(hours=2)
    await desk.round(**plan(sink, url, topics=("Gempa", "Korea Utara Rusia")))
    assert sink.messages == []


async def test_each_topic_goes_to_its_own_channels(desk: Desk, site: Site, sink: JsonSink) -> None:
    with JsonSink() as other:
        watching = plan(sink, site.feed("/rss", [FIRST]), topics=("Korea Utara Rusia",))
        elsewhere = a_topic("Lavrov", channels=("other", "sink"))
        watching["channels"] = (to(sink), to(other).model_copy(update={"name": "other"}))
        watching["topics"] = (*watching["topics"], elsewhere)
        await desk.round(**watching)
        assert [message["title"] for message in sink.messages] == [f"Korea Utara Rusia, Lavrov: {KIM}"]
        assert [message["title"] for message in other.messages] == [f"Lavrov: {KIM}"]


async def test_a_round_tells_at_once_since_nobody_waits_for_company(desk: Desk, site: Site, sink: JsonSink) -> None:
    site.feed("/rss", [FIRST, FeedEntry(MISSILE, "/berita/2", description=MISSILE_PARAGRAPHS[0])])
    summary = await desk.round(**plan(sink, site.url_of("/rss"), wait=timedelta(hours=1)))
    assert (summary.alerts, len(sink.messages)) == ({"sent": 2, "held": 0, "dropped": 0}, 2)


async def test_an_address_that_always_shows_the_latest_is_told_each_time(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    """One entry a document, always with the same link: an earthquake's, a status page's."""
    for number, (title, text) in enumerate(
        {"Rusia dan Korea Utara bertemu": "Di Wonsan.", MISSILE: "Korea Utara."}.items()
    ):
        entry = FeedEntry(
            title, "/terkini", guid=f"g-{number}", description=f"{text} Kata Rusia dan Korea Utara, {title}."
        )
        summary = await desk.round(**plan(sink, site.feed("/rss", [entry])))
        assert summary.articles == 1
        desk.clock.forward(hours=1)
    assert len(sink.messages) == 2


async def test_a_guid_that_changes_tells_nothing_twice(desk: Desk, site: Site, sink: JsonSink) -> None:
    for number in range(3):
        entry = FeedEntry(KIM, "/berita/1", guid=f"g-{number}", description=PARAGRAPHS[0])
        await desk.round(**plan(sink, site.feed("/rss", [entry])))
        desk.clock.forward(hours=1)
    assert len(sink.messages) == 1


async def test_what_only_the_page_tells_is_told_though_another_feed_listed_it_before(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    """The first feed has only a line of it; the second lets its page be read."""
    title = "Lavrov tiba di bandara pada pagi hari"
    site.article("/berita/9", title, PARAGRAPHS)
    bare = site.feed("/bare", [FeedEntry(title, "/berita/9", description="Lavrov tiba.")])
    await desk.round(**plan(sink, bare))
    assert sink.messages == []
    full = site.feed("/full", [FeedEntry(title, "/berita/9", description="Lavrov tiba.")])
    watching = plan(sink, bare)
    summary = await desk.round(**{**watching, "feeds": (*watching["feeds"], local(full, name="Penuh"))})
    assert (summary.articles, summary.matches) == (0, 1)
    assert len(sink.messages) == 1
    (kept,) = desk.archived()
    assert PARAGRAPHS[0] in kept


async def test_a_page_that_says_less_than_its_feed_does_not_hide_what_the_feed_says(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    title = "Lavrov tiba di bandara pada pagi hari"
    stub = [f"{title}. Berlangganan untuk membaca artikel ini secara lengkap di situs kami. " * 3]
    site.article("/berita/9", title, stub)
    url = site.feed("/rss", [FeedEntry(title, "/berita/9", description="Rusia dan Korea Utara bertemu di Wonsan.")])
    watching = plan(sink, url)
    (feed,) = watching["feeds"]
    await desk.round(**{**watching, "feeds": (feed.model_copy(update={"full_text": "always"}),)})
    assert len(sink.messages) == 1


async def test_what_waits_on_a_channel_that_its_topic_left_is_told_where_the_topic_is_told_now(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), wait=timedelta(minutes=2))
    (topic,) = watching["topics"]
    async with open_house(desk.ground(**watching)) as house:
        await house.engine.drain("poll", "ingest")
    desk.clock.forward(minutes=3)
    with JsonSink() as other:
        channels = (*watching["channels"], to(other).model_copy(update={"name": "other"}))
        elsewhere = topic.model_copy(update={"channels": ("other",)})
        summary = await desk.round(**{**watching, "channels": channels, "topics": (elsewhere,)})
        assert sink.messages == []
        assert [message["title"] for message in other.messages] == [f"Korea Utara Rusia: {KIM}"]
    assert summary.alerts == {"sent": 1, "held": 0, "dropped": 1}


async def test_what_waits_for_a_topic_that_left_is_told_nowhere(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, site.feed("/rss", [FIRST]), wait=timedelta(minutes=2))
    async with open_house(desk.ground(**watching)) as house:
        await house.engine.drain("poll", "ingest")
    desk.clock.forward(minutes=3)
    summary = await desk.round(**{**watching, "topics": (a_topic("Gempa", channels=("sink",)),)})
    assert sink.messages == []
    assert summary.alerts == {"sent": 0, "held": 0, "dropped": 1}
