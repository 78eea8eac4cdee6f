"""When a report of quiet goes, and what it says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.report import Matched, Quiet, Reading, asked, span_of, text_of
from monitor.settings import AlertPolicy, QuietHours, Send
from tests.build import NOON, a_channel, a_topic, settings

NEW_YORK = ZoneInfo("America/New_York")
JAKARTA = ZoneInfo("Asia/Jakarta")
DAILY = Send(when="daily", at=time(7))
MONDAYS = Send(when="weekly", at=time(7), weekday=0)
MINUTE = timedelta(minutes=1)


def local(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def hours(start: str, end: str, then: Any = "hold") -> QuietHours:
    return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end), then=then)


def spans(send: Send, first: str, last: str, *quiet: QuietHours, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """Each report that was due in this time, with the moment when it was first, by the local clock."""
    found: dict[str, str] = {}
    now, end = local(first, zone).astimezone(ZoneInfo("UTC")), local(last, zone)
    while now < end:
        if span := span_of(send, quiet, now=now, zone=zone):
            shown = now.astimezone(zone)
            since = span.since.astimezone(zone)
            found.setdefault(str(span.day), f"{shown:%a %d %H:%M} since {since:%a %d %H:%M}")
        now += MINUTE
    return list(found.values())


# -- when ----------------------------------------------------------------------------------------


def test_a_daily_report_is_about_the_day_before_it() -> None:
    assert spans(DAILY, "2026-06-02 06:00", "2026-06-04 08:00") == [
        "Tue 02 07:00 since Mon 01 07:00",
        "Wed 03 07:00 since Tue 02 07:00",
        "Thu 04 07:00 since Wed 03 07:00",
    ]


def test_a_weekly_report_is_about_a_week() -> None:
    assert spans(MONDAYS, "2026-06-02 06:00", "2026-06-16 08:00") == [
        "Mon 08 07:00 since Mon 01 07:00",
        "Mon 15 07:00 since Mon 08 07:00",
    ]


def test_clocks_that_are_put_forward_and_back_make_neither_a_report_more_nor_one_less() -> None:
    assert spans(DAILY, "2026-03-07 06:00", "2026-03-09 09:00") == [
        "Sat 07 07:00 since Fri 06 07:00",
        "Sun 08 07:00 since Sat 07 07:00",
        "Mon 09 07:00 since Sun 08 07:00",
    ]
    assert len(spans(DAILY, "2026-10-30 06:00", "2026-11-04 09:00")) == 6


def test_a_time_that_the_clock_skips_comes_when_the_skipping_is_over() -> None:
    early = Send(when="daily", at=time(2, 30))
    assert spans(early, "2026-03-07 12:00", "2026-03-09 12:00") == [
        "Sun 08 03:00 since Sat 07 02:30",
        "Mon 09 02:30 since Sun 08 03:00",
    ]


def test_a_time_that_the_clock_shows_twice_comes_once() -> None:
    early = Send(when="daily", at=time(1, 30))
    found = spans(early, "2026-10-31 12:00", "2026-11-02 12:00")
    assert found == ["Sun 01 01:30 since Sat 31 01:30", "Mon 02 01:30 since Sun 01 01:30"]
    assert (
        span_of(early, (), now=local("2026-11-01 01:30", fold=1), zone=NEW_YORK) is not None
    )  # an hour late, the same


def test_what_comes_two_hours_late_is_not_said_any_more() -> None:
    assert span_of(DAILY, (), now=local("2026-06-02 09:00"), zone=NEW_YORK) is not None
    assert span_of(DAILY, (), now=local("2026-06-02 09:01"), zone=NEW_YORK) is None


def test_quiet_hours_hold_it_until_they_are_over() -> None:
    assert spans(DAILY, "2026-06-02 00:00", "2026-06-03 00:00", hours("22:00", "10:30")) == [
        "Tue 02 10:30 since Mon 01 07:00"
    ]


def test_over_midnight_it_is_still_the_report_of_its_own_day() -> None:
    late = Send(when="daily", at=time(23))
    span = span_of(late, [hours("22:00", "06:00")], now=local("2026-06-03 06:00"), zone=NEW_YORK)
    assert span
    assert str(span.day) == "2026-06-02"


def test_quiet_hours_that_drop_drop_it() -> None:
    assert spans(DAILY, "2026-06-02 00:00", "2026-06-03 00:00", hours("22:00", "10:30", "drop")) == []


def test_nothing_goes_in_quiet_hours_where_it_comes_late() -> None:
    assert spans(DAILY, "2026-06-02 07:30", "2026-06-03 00:00", hours("07:20", "08:20")) == [
        "Tue 02 08:20 since Mon 01 07:00"
    ]


# -- who -----------------------------------------------------------------------------------------


def a_quiet_topic(name: str, send: Send | None = DAILY, **changes: Any) -> Any:
    return a_topic(name, policy=AlertPolicy(quiet_report=send), **changes)


def test_topics_of_one_channel_are_one_report_and_who_did_not_ask_is_in_none() -> None:
    wanted = settings(
        timezone=JAKARTA,
        channels=(a_channel("phone"), a_channel("mail")),
        topics=(
            a_quiet_topic("Gempa", channels=("phone", "mail")),
            a_quiet_topic("Beras", channels=("mail",)),
            a_quiet_topic("Bola", None, channels=("mail",)),
            a_quiet_topic("Pilkada", MONDAYS, channels=("mail",)),
        ),
    )
    found = asked(wanted, now=local("2026-06-02 07:01", JAKARTA))
    assert [(each.channel, each.topics) for each in found] == [("phone", ("Gempa",)), ("mail", ("Gempa", "Beras"))]


def test_a_channels_own_quiet_hours_count_before_those_of_the_topic() -> None:
    quiet = AlertPolicy(quiet_report=DAILY, quiet_hours=(hours("06:00", "08:00"),))
    wanted = settings(
        timezone=JAKARTA,
        channels=(a_channel("phone", quiet_hours=()), a_channel("mail")),
        topics=(a_topic("Gempa", channels=("phone", "mail"), policy=quiet),),
    )
    assert [each.channel for each in asked(wanted, now=local("2026-06-02 07:01", JAKARTA))] == ["phone"]


# -- in words ------------------------------------------------------------------------------------

ALL_WELL = Reading(feeds=214, feeds_read=214, articles=3180)


def said(reading: Reading, *topics: str, **matched: Matched) -> list[str]:
    return text_of(Quiet(NOON, topics or ("Gempa Maluku",), reading, matched), JAKARTA).splitlines()


def test_it_says_how_much_was_read_and_for_which_topics() -> None:
    assert said(ALL_WELL, "Gempa Maluku", "Beras", "Pilkada") == [
        "All quiet: 214 feeds, 3,180 articles read, nothing matched",
        "Since 2026-03-10 19:00 there was nothing to tell for Gempa Maluku, Beras and Pilkada.",
    ]


def test_it_says_what_could_not_be_read() -> None:
    reading = Reading(214, 203, 8, 2, 3180, 41, 1)
    lacks = (
        "8 feeds could not be read at all",
        "2 feeds could be read at first, and can't be now",
        "41 articles could be read only in part",
        "1 article could not be read so far",
    )
    assert said(reading) == [
        "All quiet: 203 of 214 feeds, 3,180 articles read, nothing matched",
        "Since 2026-03-10 19:00 there was nothing to tell for Gempa Maluku.",
        f"{', '.join(lacks[:-1])} and {lacks[-1]}.",
        "How all feeds are: monitor status",
    ]


def test_it_says_what_matched_and_was_not_told() -> None:
    assert said(ALL_WELL, Gempa=Matched(2, ("already told", "too old")))[::2] == [
        "All quiet: 214 feeds, 3,180 articles read, nothing to tell",
        "- Gempa: 2 articles matched and went untold: already told, too old",
    ]


def test_where_nothing_was_read_it_does_not_say_that_all_is_quiet() -> None:
    lines = said(Reading(feeds=3, feeds_unread=3))
    assert lines[0] == "Nothing to tell, but nothing was read either: none of 3 feeds could be"


@pytest.mark.parametrize(("count", "end"), [(30, "T29."), (33, "T29 and 3 more.")])
def test_of_many_topics_some_are_counted(count: int, end: str) -> None:
    assert said(ALL_WELL, *(f"T{number}" for number in range(count)))[1].endswith(end)
