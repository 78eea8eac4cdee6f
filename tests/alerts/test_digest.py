"""When a digest goes out, also where the clock is changed, and in which order it tells."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.digest import arranged, next_digest
from monitor.model import Card, Change, Passage, Quality
from monitor.settings import Send
from tests.alerts.localtime import (
    BERLIN,
    JAKARTA,
    LORD_HOWE,
    MINUTE,
    NEW_YORK,
    SANTIAGO,
    SCORESBYSUND,
    ZONES,
    instant,
    minutes,
    shown,
    zones,
)

HOURLY = Send(when="hourly")


def daily(at: str) -> Send:
    return Send(when="daily", at=time.fromisoformat(at))


def weekly(day: str, at: str) -> Send:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return Send(when="weekly", at=time.fromisoformat(at), weekday=days.index(day))


def in_a_row(send: Send, after: str, zone: ZoneInfo, *, count: int) -> list[str]:
    moment, moments = instant(after, zone), []
    for _ in range(count):
        moment = next_digest(send, after=moment, zone=zone)
        moments.append(shown(moment, zone))
    return moments


ORDINARY = [
    # send, an alert that came at, is told at
    (daily("07:00"), "Tue 2026-11-24 06:59", "Tue 2026-11-24 07:00"),
    (daily("07:00"), "Tue 2026-11-24 07:00", "Wed 2026-11-25 07:00"),
    (daily("07:00"), "Tue 2026-11-24 07:01", "Wed 2026-11-25 07:00"),
    (daily("00:00"), "Thu 2026-12-31 23:59", "Fri 2027-01-01 00:00"),
    (daily("00:00"), "Thu 2026-12-31 00:00", "Fri 2027-01-01 00:00"),
    (daily("23:59"), "Tue 2026-11-24 00:00", "Tue 2026-11-24 23:59"),
    (weekly("Monday", "07:00"), "Tue 2026-11-24 06:00", "Mon 2026-11-30 07:00"),
    (weekly("Monday", "07:00"), "Mon 2026-11-30 06:59", "Mon 2026-11-30 07:00"),
    (weekly("Monday", "07:00"), "Mon 2026-11-30 07:00", "Mon 2026-12-07 07:00"),
    (weekly("Sunday", "23:30"), "Mon 2026-11-30 07:00", "Sun 2026-12-06 23:30"),
    (HOURLY, "Tue 2026-11-24 06:59", "Tue 2026-11-24 07:00"),
    (HOURLY, "Tue 2026-11-24 07:00", "Tue 2026-11-24 08:00"),
    (HOURLY, "Tue 2026-11-24 23:01", "Wed 2026-11-25 00:00"),
]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(("send", "came", "told"), ORDINARY)
def test_on_an_ordinary_day(send: Send, came: str, told: str, zone: ZoneInfo) -> None:
    assert in_a_row(send, came, zone, count=1) == [told]


CHANGES = [
    # sentence, send, zone, after, the next ones
    (
        "02:30 is skipped: the digest comes when the skipping is over", daily("02:30"), BERLIN, "Sat 2026-03-28 02:00",
        ["Sat 2026-03-28 02:30", "Sun 2026-03-29 03:00", "Mon 2026-03-30 02:30"],
    ),
    (
        "02:30 comes twice: the digest does not", daily("02:30"), BERLIN, "Sat 2026-10-24 12:00",
        ["Sun 2026-10-25 02:30", "Mon 2026-10-26 02:30"],
    ),
    (
        "what comes between the two waits for tomorrow", daily("02:30"), BERLIN, "Sun 2026-10-25 02:15 again",
        ["Mon 2026-10-26 02:30"],
    ),
    (
        "in New York too, in spring", daily("02:30"), NEW_YORK, "Sat 2026-03-07 02:30",
        ["Sun 2026-03-08 03:00", "Mon 2026-03-09 02:30"],
    ),
    (
        "and in autumn", daily("01:30"), NEW_YORK, "Sat 2026-10-31 01:30",
        ["Sun 2026-11-01 01:30", "Mon 2026-11-02 01:30"],
    ),
    (
        "seven in the morning is seven in the morning", daily("07:00"), BERLIN, "Fri 2026-03-27 12:00",
        ["Sat 2026-03-28 07:00", "Sun 2026-03-29 07:00", "Mon 2026-03-30 07:00"],
    ),
    (
        "where half an hour is skipped", daily("02:15"), LORD_HOWE, "Sat 2026-10-03 12:00",
        ["Sun 2026-10-04 02:30", "Mon 2026-10-05 02:15"],
    ),
    (
        "where half an hour comes twice", daily("01:45"), LORD_HOWE, "Sat 2026-04-04 12:00",
        ["Sun 2026-04-05 01:45", "Mon 2026-04-06 01:45"],
    ),
    (
        "where midnight is skipped", daily("00:00"), SANTIAGO, "Sat 2026-09-05 12:00",
        ["Sun 2026-09-06 01:00", "Mon 2026-09-07 00:00"],
    ),
    (
        "where the hour before midnight is skipped", daily("23:30"), SCORESBYSUND, "Sat 2026-03-28 12:00",
        ["Sun 2026-03-29 00:00", "Sun 2026-03-29 23:30"],
    ),
    (
        "where the hour before midnight comes twice", daily("23:30"), SANTIAGO, "Sat 2026-04-04 12:00",
        ["Sat 2026-04-04 23:30", "Sun 2026-04-05 23:30"],
    ),
    (
        "no change, none seen", daily("02:30"), JAKARTA, "Sat 2026-03-28 12:00",
        ["Sun 2026-03-29 02:30", "Mon 2026-03-30 02:30"],
    ),
    (
        "weekly, on the day of the change", weekly("Sunday", "02:30"), BERLIN, "Sun 2026-03-22 02:30",
        ["Sun 2026-03-29 03:00", "Sun 2026-04-05 02:30"],
    ),
    (
        "weekly, on the day with 25 hours", weekly("Sunday", "02:30"), BERLIN, "Sun 2026-10-18 02:30",
        ["Sun 2026-10-25 02:30", "Sun 2026-11-01 02:30"],
    ),
    (
        "weekly, over the change", weekly("Monday", "07:00"), BERLIN, "Mon 2026-03-23 07:00",
        ["Mon 2026-03-30 07:00", "Mon 2026-04-06 07:00"],
    ),
    (
        "hourly, the hour that is shown twice has two", HOURLY, BERLIN, "Sun 2026-10-25 01:00",
        ["Sun 2026-10-25 02:00", "Sun 2026-10-25 02:00 again", "Sun 2026-10-25 03:00"],
    ),
    (
        "hourly, the hour that is skipped has none", HOURLY, BERLIN, "Sun 2026-03-29 00:00",
        ["Sun 2026-03-29 01:00", "Sun 2026-03-29 03:00", "Sun 2026-03-29 04:00"],
    ),
    (
        "hourly, half an hour comes twice: on the full hour by the clock", HOURLY, LORD_HOWE, "Sun 2026-04-05 00:00",
        ["Sun 2026-04-05 01:00", "Sun 2026-04-05 02:00", "Sun 2026-04-05 03:00"],
    ),
    (
        "hourly, half an hour is skipped", HOURLY, LORD_HOWE, "Sun 2026-10-04 00:00",
        ["Sun 2026-10-04 01:00", "Sun 2026-10-04 03:00", "Sun 2026-10-04 04:00"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "send", "zone", "after", "following"), CHANGES)
def test_when_the_clock_is_changed(sentence: str, send: Send, zone: ZoneInfo, after: str, following: list[str]) -> None:
    assert in_a_row(send, after, zone, count=len(following)) == following, sentence


def test_hours_are_full_by_the_local_clock_wherever_it_differs_by_a_half_or_a_quarter() -> None:
    assert in_a_row(HOURLY, "Tue 2026-11-24 06:10", ZoneInfo("Asia/Kolkata"), count=1) == ["Tue 2026-11-24 07:00"]
    assert in_a_row(HOURLY, "Tue 2026-11-24 06:50", ZoneInfo("Asia/Kathmandu"), count=1) == ["Tue 2026-11-24 07:00"]


def test_a_clock_that_shows_no_full_hour_by_ours_is_waited_for_an_hour_at_most() -> None:
    """A machine without a battery starts in 1970, when Monrovia was 44 minutes and 30 seconds behind."""
    start = datetime(1970, 1, 1, 0, 20, tzinfo=UTC)
    assert start < next_digest(HOURLY, after=start, zone=ZoneInfo("Africa/Monrovia")) <= start + 60 * MINUTE


def test_who_is_told_as_it_happens_waits_for_no_digest() -> None:
    now = datetime(2026, 11, 24, 6, 59, 1, tzinfo=UTC)
    assert next_digest(Send(), after=now, zone=BERLIN) == now


def by_watching_the_clock(send: Send, after: datetime, zone: ZoneInfo) -> datetime:
    """Minute by minute: the first at which the hands reach or pass the time for the first time on a day that counts."""
    moment = after - timedelta(days=1)
    latest = moment.astimezone(zone).replace(tzinfo=None)
    while True:
        moment += MINUTE
        wall = moment.astimezone(zone).replace(tzinfo=None)
        days = {latest.date(), wall.date()}
        wanted = {datetime.combine(day, send.at or time(0)) for day in days if send.weekday in {None, day.weekday()}}
        if any(latest < each <= wall for each in wanted) and moment > after:
            return moment
        latest = max(latest, wall)


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days_and_weeks = st.one_of(
    st.builds(Send, when=st.just("daily"), at=times),
    st.builds(Send, when=st.just("weekly"), at=times, weekday=st.integers(0, 6)),
)


@given(send=days_and_weeks, after=minutes, zone=zones)
def test_a_digest_goes_out_when_the_clock_on_the_wall_first_says_so(
    send: Send, after: datetime, zone: ZoneInfo
) -> None:
    assert next_digest(send, after=after, zone=zone) == by_watching_the_clock(send, after, zone)


@given(after=minutes, zone=zones)
def test_every_full_hour_that_the_clock_shows_has_a_digest(after: datetime, zone: ZoneInfo) -> None:
    told = next_digest(HOURLY, after=after, zone=zone)
    between = [after + n * MINUTE for n in range(1, int((told - after) / MINUTE))]
    assert told > after
    assert told.astimezone(zone).minute == 0
    assert all(moment.astimezone(zone).minute for moment in between)
    assert told - after <= timedelta(minutes=90)


# -- in which order ------------------------------------------------------------------------------

SEEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def a_card(title: str, topics: str = "Gempa", outlets: str = "a.id", **facts: Any) -> Card:
    usual: dict[str, Any] = {"url": f"https://example.com/{title}", "first_seen_at": SEEN}
    return Card(topics=tuple(topics.split()), title=title, outlets=tuple(outlets.split()), **{**usual, **facts})


def test_stories_stand_under_their_topics_by_the_alphabet_whatever_the_case() -> None:
    cards = [a_card("4", "pemilu"), a_card("2", "Gempa Pemilu"), a_card("3", "Korea"), a_card("1", "gempa")]
    assert [card.title for card in arranged(cards)] == ["1", "2", "3", "4"]


def test_stories_of_one_topic_stand_together_even_if_another_differs_only_in_case() -> None:
    cards = [a_card("1", "AS"), a_card("2", "as", "a b"), a_card("3", "AS")]
    assert [card.topics[0] for card in arranged(cards)] == ["AS", "AS", "as"]


def test_what_most_report_comes_first_then_the_newest() -> None:
    cards = [
        a_card("old", outlets="a b"),
        a_card("older, by what its outlet says", outlets="a b", published_at=SEEN - 5 * MINUTE),
        a_card("new", outlets="a b", first_seen_at=SEEN + MINUTE),
        a_card("big", outlets="a b c", first_seen_at=SEEN - 60 * MINUTE),
    ]
    assert [card.title for card in arranged(cards)] == ["big", "new", "old", "older, by what its outlet says"]


def test_the_same_story_is_told_once_with_all_topics_outlets_and_passages() -> None:
    early = a_card("x", "Rusia", "a b", passages=(Passage("Korea dan Rusia", ((10, 15),)),), quality=Quality.TEASER)
    late = a_card(
        "x",
        "Korea",
        "a c",
        first_seen_at=SEEN + MINUTE,
        passages=(Passage("Korea dan Rusia", ((0, 5),)), Passage("Kim")),
    )
    together = a_card(
        "x", "Korea Rusia", "a b c", passages=(Passage("Korea dan Rusia", ((0, 5), (10, 15))), Passage("Kim"))
    )
    assert arranged([early, late]) == (together,)


def test_two_stories_with_one_title_are_two() -> None:
    assert len(arranged([a_card("x"), a_card("x", url="https://example.com/other")])) == 2


def test_a_follow_up_beside_the_first_telling_is_the_first_telling() -> None:
    first, further = a_card("x", outlets="a b"), a_card("x", outlets="a b c", new_outlets=("c",))
    assert arranged([first, further]) == (a_card("x", outlets="a b c"),)


def test_two_follow_ups_are_one() -> None:
    one, two = a_card("x", outlets="a b", new_outlets=("b",)), a_card("x", outlets="a b c", new_outlets=("c",))
    assert arranged([one, two]) == (a_card("x", outlets="a b c", new_outlets=("b", "c")),)


def test_what_is_new_in_two_follow_ups_and_who_carries_copies_is_told_once() -> None:
    one = a_card("x", outlets="a b", new_outlets=("b",), news=("Satu.", "Dua."), carried_by=("c", "d"))
    two = a_card("x", outlets="a b c", new_outlets=("c",), news=("Dua.", "Tiga."), carried_by=("d", "e"))
    together = a_card(
        "x", outlets="a b c", new_outlets=("b", "c"), news=("Satu.", "Dua.", "Tiga."), carried_by=("d", "e")
    )
    assert arranged([one, two]) == (together,)


def test_a_correction_stays_one_beside_another_telling_and_names_who_corrected_first() -> None:
    deaths, place = Change("12 orang", "21 orang"), Change("di Bali", "di Ambon")
    telling = a_card("x", outlets="a b c")
    corrected = a_card("x", outlets="b a", was="y", changes=(deaths,))
    further = a_card("x", "Pemilu", outlets="b a", changes=(deaths, place))
    together = a_card("x", "Gempa Pemilu", outlets="b a c", was="y", changes=(deaths, place))
    assert arranged([telling, corrected, further]) == (together,)


def test_an_empty_digest_holds_nothing() -> None:
    assert arranged([]) == ()
