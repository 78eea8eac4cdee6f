"""The report that all was quiet: once, to whom it concerns, and true."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.app.house import plan_of
from monitor.model import Kind
from monitor.settings import AlertPolicy, Limit, QuietHours, Send
from monitor.store import outbox, silences
from monitor.store.database import Database
from monitor.store.silences import Silence
from monitor.stories.frequencies import Frequencies
from monitor.work.live import Live
from monitor.work.report import Report
from tests.build import a_channel, a_topic
from tests.site import FeedEntry, JsonSink, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local, to

JAKARTA = ZoneInfo("Asia/Jakarta")
NEW_YORK = ZoneInfo("America/New_York")
AT_SEVEN = Send(when="daily", at=time(7))
KOREA = "Korea Utara Rusia"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        lists(site, RICE)
        yield site


def lists(site: Site, *titles: str) -> None:
    texts = {KIM: PARAGRAPHS, MISSILE: MISSILE_PARAGRAPHS, RICE: RICE_PARAGRAPHS}
    for title in titles:
        site.article(f"/{len(title)}", title, texts[title])
    site.feed("/rss", [FeedEntry(title, f"/{len(title)}") for title in titles])


def a_policy(send: Send | None = AT_SEVEN, **changes: Any) -> AlertPolicy:
    return AlertPolicy(**{"quiet_report": send, "wait": timedelta(0), **changes})


def plan(site: Site, sink: JsonSink, *, policy: AlertPolicy | None = None, **changes: Any) -> dict[str, Any]:
    topic = a_topic(KOREA, channels=("sink",), policy=policy or a_policy())
    return {"feeds": (local(site.url_of("/rss")),), "channels": (to(sink),), "topics": (topic,), **changes}


def at(desk: Desk, text: str, zone: ZoneInfo = JAKARTA) -> None:
    desk.clock.now = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def heard(sink: JsonSink) -> list[str]:
    """The titles since the last look."""
    titles = [message["title"] for message in sink.messages]
    sink.messages.clear()
    return titles


QUIET = "All quiet: 1 feed, 0 articles read, nothing matched"


async def test_a_topic_that_told_nothing_says_so_each_day_once(any_desk: Desk, site: Site, sink: JsonSink) -> None:
    wanted = plan(site, sink)
    at(any_desk, "2026-03-10 19:00")
    await any_desk.round(**wanted)
    assert heard(sink) == []
    at(any_desk, "2026-03-11 06:59")
    await any_desk.round(**wanted)
    assert heard(sink) == []
    at(any_desk, "2026-03-11 07:00")
    await any_desk.round(**wanted)
    assert sink.messages[0]["message"] == (
        "All quiet: 1 feed, 1 article read, nothing matched\n"
        "Since 2026-03-10 19:00 there was nothing to tell for Korea Utara Rusia."
    )
    assert len(heard(sink)) == 1
    for later in ("07:01", "07:30", "08:59", "12:00"):
        at(any_desk, f"2026-03-11 {later}")
        await any_desk.round(**wanted)
    assert heard(sink) == []
    at(any_desk, "2026-03-12 07:00")
    await any_desk.round(**wanted)
    assert heard(sink) == [QUIET]


async def test_who_does_not_ask_for_it_hears_nothing(desk: Desk, site: Site, sink: JsonSink) -> None:
    wanted = plan(site, sink, policy=a_policy(None))
    at(desk, "2026-03-10 19:00")
    await desk.round(**wanted)
    at(desk, "2026-03-11 07:00")
    await desk.round(**wanted)
    assert heard(sink) == []


async def test_a_topic_that_told_something_is_not_in_it_and_the_others_are(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    rice = a_topic("Gempa Maluku", channels=("sink",), policy=a_policy())
    wanted = plan(site, sink)
    wanted["topics"] = (*wanted["topics"], rice)
    at(desk, "2026-03-10 19:00")
    lists(site, KIM, RICE)
    await desk.round(**wanted)
    assert heard(sink) == [f"{KOREA}: {KIM}"]
    at(desk, "2026-03-11 07:00")
    await desk.round(**wanted)
    assert "nothing to tell for Gempa Maluku." in sink.messages[0]["message"]
    assert heard(sink) == ["All quiet: 1 feed, 2 articles read, nothing matched"]
    at(desk, "2026-03-12 07:00")
    await desk.round(**wanted)
    assert "for Korea Utara Rusia and Gempa Maluku." in sink.messages[0]["message"]
    assert len(heard(sink)) == 1


async def test_an_edit_of_its_time_makes_no_second_one_of_the_same_day(desk: Desk, site: Site, sink: JsonSink) -> None:
    at(desk, "2026-03-10 19:00")
    await desk.round(**plan(site, sink))
    at(desk, "2026-03-11 07:00")
    await desk.round(**plan(site, sink))
    assert len(heard(sink)) == 1
    later = plan(site, sink, policy=a_policy(Send(when="daily", at=time(8))))
    at(desk, "2026-03-11 08:00")
    await desk.round(**later)
    assert heard(sink) == []
    at(desk, "2026-03-12 08:00")
    await desk.round(**later)
    assert heard(sink) == [QUIET]


async def test_a_monitor_that_was_set_up_just_now_reports_from_the_next_day_on(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    at(desk, "2026-03-11 07:10")
    await desk.round(**plan(site, sink))
    assert heard(sink) == []


async def test_what_was_held_for_a_digest_of_the_same_minute_is_not_quiet_and_the_next_day_is(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    digest = a_channel("sink", sink.channel, send=AT_SEVEN)
    wanted = plan(site, sink, channels=(digest,))
    at(desk, "2026-03-10 19:00")
    lists(site, KIM, RICE)
    await desk.round(**wanted)
    at(desk, "2026-03-11 07:00")
    await desk.round(**wanted)
    assert heard(sink) == [f"Digest: 1 story ({KOREA})"]
    at(desk, "2026-03-12 07:00")
    await desk.round(**wanted)
    assert heard(sink) == [QUIET]


async def test_a_match_that_was_silenced_is_said(desk: Desk, site: Site, sink: JsonSink) -> None:
    at(desk, "2026-03-10 19:00")
    lists(site, KIM, RICE)
    until = desk.clock() + timedelta(days=9)
    desk.database.write(silences.add, Silence(topic=KOREA, until=until), now=desk.clock())
    await desk.round(**plan(site, sink))
    at(desk, "2026-03-11 07:00")
    await desk.round(**plan(site, sink))
    assert f"- {KOREA}: 1 article matched and went untold: silenced" in sink.messages[0]["message"]
    assert heard(sink) == ["All quiet: 1 feed, 2 articles read, nothing to tell"]


async def test_it_says_that_nothing_could_be_read(desk: Desk, site: Site, sink: JsonSink) -> None:
    at(desk, "2026-03-10 19:00")
    await desk.round(**plan(site, sink))
    site.fail("/rss", 503)
    at(desk, "2026-03-11 07:00")
    await desk.round(**plan(site, sink))
    heard(sink)
    at(desk, "2026-03-12 07:00")
    await desk.round(**plan(site, sink))
    assert "1 feed could not be read at all." in sink.messages[0]["message"]
    assert heard(sink) == ["Nothing to tell, but nothing was read either: none of 1 feed could be"]


async def test_it_is_no_alert_no_limit_counts_it_and_quiet_hours_hold_it(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    hours = (QuietHours(start=time(22), end=time(8)),)
    wanted = plan(site, sink, policy=a_policy(limit=Limit(count=1, per=timedelta(days=1)), quiet_hours=hours))
    at(desk, "2026-03-10 19:00")
    await desk.round(**wanted)
    at(desk, "2026-03-11 07:00")
    await desk.round(**wanted)
    assert heard(sink) == []
    at(desk, "2026-03-11 08:00")
    await desk.round(**wanted)
    assert len(heard(sink)) == 1
    lists(site, KIM, RICE)
    at(desk, "2026-03-11 09:00")
    await desk.round(**wanted)
    assert heard(sink) == [f"{KOREA}: {KIM}"]


# -- of a daemon ---------------------------------------------------------------------------------


def report_of(desk: Desk, database: Database, wanted: dict[str, Any]) -> Report:
    configuration = desk.ground(**wanted).configuration
    live = Live(plan_of(configuration, console=desk.console), Frequencies.of(0, {}))
    return Report(database, live, desk.clock)


def posted(database: Database) -> list[str]:
    told = [each.notification for each in database.read(outbox.posted)]
    return [each.text.partition("\n")[0] for each in told if each.kind is Kind.ALL_QUIET]


async def test_several_that_look_at_once_report_once(any_desk: Desk, site: Site, sink: JsonSink) -> None:
    wanted = plan(site, sink)
    at(any_desk, "2026-03-10 19:00")
    await any_desk.round(**wanted)
    at(any_desk, "2026-03-11 07:00")
    url = any_desk.database.url.render_as_string(hide_password=False)
    others = [Database(url) for _ in range(3)]
    try:
        reports = [report_of(any_desk, database, wanted) for database in (*others, any_desk.database)]
        catching_up = timedelta(minutes=30)  # the feed is overdue
        any_desk.clock.now += catching_up
        await asyncio.gather(*(report.report() for report in reports))
    finally:
        for database in others:
            database.close()
    assert len(posted(any_desk.database)) == 1


async def test_after_a_night_away_what_came_is_read_before_it_says_that_all_is_quiet(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    wanted = plan(site, sink)
    at(desk, "2026-03-10 19:00")
    await desk.round(**wanted)
    report = report_of(desk, desk.database, wanted)
    at(desk, "2026-03-11 07:05")
    await report.report()
    assert posted(desk.database) == []
    lists(site, KIM, RICE)
    await desk.round(**wanted)
    assert heard(sink) == [f"{KOREA}: {KIM}"]


@pytest.mark.parametrize("first", ["2026-03-01", "2026-10-25"], ids=["spring", "autumn"])
@pytest.mark.parametrize("send", [AT_SEVEN, Send(when="daily", at=time(1, 30)), Send(when="daily", at=time(2, 30))])
async def test_over_weeks_and_changes_of_the_clock_there_is_one_a_day(
    any_desk: Desk, site: Site, sink: JsonSink, send: Send, first: str
) -> None:
    wanted = plan(site, sink, policy=a_policy(send), timezone=NEW_YORK)
    at(any_desk, f"{first} 12:00", NEW_YORK)
    await any_desk.round(**wanted)
    report = report_of(any_desk, any_desk.database, wanted)
    for _ in range(14 * 24 * 2):
        any_desk.clock.forward(minutes=30)
        await report.report()
    reported = [each.at for each in any_desk.database.read(outbox.posted) if each.notification.kind is Kind.ALL_QUIET]
    start = datetime.fromisoformat(first).date()
    assert [at.astimezone(NEW_YORK).date() for at in reported] == [start + timedelta(days=n) for n in range(1, 15)]
