"""What is silenced is told to nobody, from the minute on that somebody asks for it to the minute that it ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.config import parse
from monitor.settings import AlertPolicy, Feed, QuietHours, Silenced, Topic
from monitor.store import silences
from monitor.store.silences import Silence
from monitor.store.tables import ALERT
from tests.build import a_topic
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, local

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def feed(site: Site) -> Feed:
    site.article("/berita/1", KIM, PARAGRAPHS)
    return local(site.feed("/rss", [FeedEntry(KIM, "/berita/1")]))


def silence(desk: Desk, said: Silence) -> None:
    desk.database.write(silences.add, said, now=desk.clock())


def notes(desk: Desk) -> list[tuple[str, str]]:
    """What was decided about each alert, and what silenced it."""
    wanted = sa.select(ALERT.c.decision, ALERT.c.note).order_by(ALERT.c.id)
    return [tuple(row) for row in desk.database.read(lambda session: session.execute(wanted).all())]


def topics(**policy: object) -> tuple[Topic, ...]:
    return (a_topic(policy=AlertPolicy.model_validate({"wait": timedelta(0), **policy})),)


@pytest.mark.parametrize(
    ("words", "is_told"),
    [("Lavrov", False), ('"kota Wonsan" OR gajah', False), ("title:Beijing", True), ("gajah", True)],
)
async def test_words_are_asked_of_the_article(desk: Desk, feed: Feed, words: str, *, is_told: bool) -> None:
    silence(desk, Silence(desk.clock() + HOUR, words=words, reason="sudah tahu"))
    await desk.round(feeds=(feed,), topics=topics())
    assert (KIM in desk.console.getvalue()) is is_told
    until = "2026-03-10 20:00: sudah tahu"
    assert notes(desk) == [("send", "")] if is_told else [("drop", f"words {words}, until {until}")]


async def test_of_a_topic_only_that_one_is_silent_however_urgent(desk: Desk, feed: Feed) -> None:
    silence(desk, Silence(desk.clock() + HOUR, topic="Korea Utara Rusia"))
    await desk.round(feeds=(feed,), topics=(*topics(urgent=True), a_topic("Menteri", query="menteri")))
    assert [decision for decision, _ in notes(desk)] == ["drop", "send"]
    assert "Menteri" in desk.console.getvalue()


async def test_of_a_story_what_grows_is_not_told_either(desk: Desk, feed: Feed, other_site: Site) -> None:
    await desk.round(feeds=(feed,), topics=topics(follow_up=1))
    silence(desk, Silence(desk.clock() + timedelta(days=1), story_id=1))
    desk.clock.forward(minutes=30)
    other_site.article("/news/9", KIM, [*PARAGRAPHS, "Kantor berita setempat menyiarkannya."], outlet="Warta Timur")
    more = local(other_site.feed("/rss", [FeedEntry(KIM, "/news/9")]), name="Warta Timur")
    await desk.round(feeds=(feed, more), topics=topics(follow_up=1))
    assert [decision for decision, _ in notes(desk)] == ["send", "drop"]


async def test_what_was_held_when_the_silence_began_is_silenced_too(desk: Desk, feed: Feed) -> None:
    night = (QuietHours(start=time(18), end=time(5, 30)),)
    await desk.round(feeds=(feed,), topics=topics(quiet_hours=night))
    assert notes(desk) == [("hold", "")]
    silence(desk, Silence(desk.clock() + 24 * HOUR, topic="Korea Utara Rusia"))
    desk.clock.forward(hours=11)
    await desk.round(feeds=(feed,), topics=topics(quiet_hours=night))
    assert notes(desk) == [("drop", "topic 'Korea Utara Rusia', until 2026-03-11 19:00")]


async def test_the_next_story_after_its_end_is_told(desk: Desk, feed: Feed, site: Site) -> None:
    silence(desk, Silence(desk.clock() + HOUR, topic="Korea Utara Rusia"))
    await desk.round(feeds=(feed,), topics=topics())
    desk.clock.forward(minutes=60)
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
    await desk.round(feeds=(feed,), topics=topics())
    assert [decision for decision, _ in notes(desk)] == ["drop", "send"]
    assert MISSILE in desk.console.getvalue()


def test_its_end_is_a_moment_whatever_the_clocks_do(desk: Desk) -> None:
    """Asked for six hours in the evening before Berlin's clocks go back: they end at two, not at three."""
    berlin, asked = ZoneInfo("Europe/Berlin"), datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
    assert asked.astimezone(berlin).hour == 21
    desk.database.write(silences.add, Silence(asked + 6 * HOUR, topic="Gempa"), now=asked)
    end = datetime(2026, 10, 25, 2, 0, tzinfo=berlin, fold=1)
    for moment, count in ((end - MINUTE, 1), (end, 0)):
        assert len(desk.database.read(silences.active, now=moment.astimezone(UTC))) == count


# -- those of the configuration ------------------------------------------------------------------


def of_file(silence: str, zone: str = "Asia/Jakarta") -> tuple[Silenced, ...]:
    """What a file with this silence comes to."""
    lines = (
        f"timezone: {zone}",
        "channels: {terminal: console}",
        "feeds: [https://news.example/rss.xml]",
        "topics: [Korea Utara Rusia, Menteri]",
        "alerts: {channels: [terminal]}",
        f"silences: [{silence}]",
    )
    return parse("\n".join(lines).encode(), path=Path("config.yaml"), environ={}).settings.silences


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{topic: Korea Utara Rusia, until: 2026-03-11}", "topic 'Korea Utara Rusia', until 2026-03-11 00:00"),
        ("{story: 1, until: 2026-03-10 19:01, reason: cukup}", "story 1, until 2026-03-10 19:01: cukup"),
        ("{words: Lavrov OR gajah, until: 2026-03-10T13:00Z}", "words Lavrov OR gajah, until 2026-03-10 20:00"),
    ],
)
async def test_what_stands_in_the_file_is_silent_and_the_alert_says_by_what(
    desk: Desk, feed: Feed, written: str, said: str
) -> None:
    await desk.round(feeds=(feed,), topics=topics(urgent=True), silences=of_file(written))
    assert notes(desk) == [("drop", said)]
    assert KIM not in desk.console.getvalue()


@pytest.mark.parametrize("written", ["{topic: Menteri, until: 2026-03-11}", "{words: gajah, until: 2026-03-11}"])
async def test_what_stands_in_the_file_silences_nothing_else(desk: Desk, feed: Feed, written: str) -> None:
    await desk.round(feeds=(feed,), topics=topics(), silences=of_file(written))
    assert notes(desk) == [("send", "")]


async def test_one_of_the_file_and_one_of_the_database_both_hold(desk: Desk, feed: Feed) -> None:
    silence(desk, Silence(desk.clock() + HOUR, topic="Menteri"))
    await desk.round(
        feeds=(feed,),
        topics=(*topics(), a_topic("Menteri", query="menteri")),
        silences=of_file("{topic: Korea Utara Rusia, until: 2026-03-11}"),
    )
    assert [decision for decision, _ in notes(desk)] == ["drop", "drop"]


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026-11-01 01:30", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),  # shown twice: the second time counts
        ("2026-11-01 03:00", datetime(2026, 11, 1, 8, 0, tzinfo=UTC)),
        ("2026-11-02", datetime(2026, 11, 2, 5, 0, tzinfo=UTC)),
        ("2026-03-08 02:30", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),  # skipped: it ends when the skipping is over
        ("2026-03-08", datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
        ("2026-03-09", datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
    ],
)
async def test_it_ends_to_the_minute_by_the_clock_of_the_file_also_when_that_is_changed(
    desk: Desk, feed: Feed, site: Site, until: str, end: datetime
) -> None:
    wanted: dict[str, object] = {
        "feeds": (feed.model_copy(update={"every": MINUTE / 2}),),
        "topics": topics(),
        "timezone": ZoneInfo("America/New_York"),
        "silences": of_file(f"{{topic: Korea Utara Rusia, until: {until}}}", "America/New_York"),
    }
    desk.clock.now = end - MINUTE
    await desk.round(**wanted)
    desk.clock.forward(minutes=1)
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
    await desk.round(**wanted)
    assert [decision for decision, _ in notes(desk)] == ["drop", "send"]
