"""When it is quiet, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.quiet import ends_at
from monitor.settings import QuietHours
from tests.alerts.localtime import (
    BERLIN,
    JAKARTA,
    LORD_HOWE,
    NEW_YORK,
    SANTIAGO,
    SCORESBYSUND,
    ZONES,
    instant,
    leave_some_time,
    minutes,
    says_quiet,
    shown,
    zones,
)


def hours(text: str) -> tuple[QuietHours, ...]:
    """As in: 22:00-05:30, 12:00-13:00 drop"""
    return tuple(_one(*each.split()) for each in text.split(", "))


def _one(span: str, then: Any = "hold") -> QuietHours:
    start, end = (time.fromisoformat(each) for each in span.split("-"))
    return QuietHours(start=start, end=end, then=then)


def quiet(text: str, now: str, zone: ZoneInfo) -> str:
    """As in: hold until Tue 2026-11-24 05:30"""
    found = ends_at(hours(text), now=instant(now, zone), zone=zone)
    return f"{found[1]} until {shown(found[0], zone)}" if found else "no"


NIGHT = "22:00-05:30"
ORDINARY = [
    # quiet hours, now, quiet?
    (NIGHT, "Mon 2026-11-23 21:59", "no"),
    (NIGHT, "Mon 2026-11-23 22:00", "hold until Tue 2026-11-24 05:30"),
    (NIGHT, "Mon 2026-11-23 23:59", "hold until Tue 2026-11-24 05:30"),
    (NIGHT, "Tue 2026-11-24 00:00", "hold until Tue 2026-11-24 05:30"),
    (NIGHT, "Tue 2026-11-24 05:29", "hold until Tue 2026-11-24 05:30"),
    (NIGHT, "Tue 2026-11-24 05:30", "no"),
    ("22:00-05:30 drop", "Mon 2026-11-23 22:00", "drop until Tue 2026-11-24 05:30"),
    ("12:00-13:30", "Mon 2026-11-23 12:00", "hold until Mon 2026-11-23 13:30"),
    ("12:00-13:30", "Mon 2026-11-23 13:30", "no"),
    ("22:00-00:00", "Mon 2026-11-23 23:59", "hold until Tue 2026-11-24 00:00"),
    ("00:00-05:30", "Tue 2026-11-24 00:00", "hold until Tue 2026-11-24 05:30"),
    ("22:00-05:30, 12:00-13:00", "Mon 2026-11-23 12:30", "hold until Mon 2026-11-23 13:00"),
    # hours that adjoin or overlap are one quiet
    ("22:00-00:00, 00:00-05:30", "Mon 2026-11-23 22:00", "hold until Tue 2026-11-24 05:30"),
    ("04:00-08:00, 22:00-05:30", "Mon 2026-11-23 22:00", "hold until Tue 2026-11-24 08:00"),
    ("22:00-05:30, 23:00-01:00", "Mon 2026-11-23 23:30", "hold until Tue 2026-11-24 05:30"),
    ("09:00-10:00, 10:00-11:00, 11:00-12:00, 12:01-13:00", "Mon 2026-11-23 09:30", "hold until Mon 2026-11-23 12:00"),
    # what is held is not handed to hours that would drop it, and drop wins where both say something
    ("22:00-02:00, 02:00-05:30 drop", "Mon 2026-11-23 22:00", "hold until Tue 2026-11-24 05:30"),
    ("22:00-02:00, 02:00-05:30 drop", "Tue 2026-11-24 02:00", "drop until Tue 2026-11-24 05:30"),
    ("22:00-05:30, 01:00-02:00 drop", "Tue 2026-11-24 01:30", "drop until Tue 2026-11-24 05:30"),
    ("22:00-05:30, 01:00-02:00 drop", "Tue 2026-11-24 02:30", "hold until Tue 2026-11-24 05:30"),
    # nearly the whole day
    ("05:31-05:30", "Mon 2026-11-23 05:31", "hold until Tue 2026-11-24 05:30"),
    ("05:31-05:30", "Mon 2026-11-23 05:30", "no"),
    # hours that never end would lose what they hold; hours that end when they begin are empty
    ("00:00-12:00, 12:00-00:00", "Mon 2026-11-23 11:00", "no"),
    ("06:00-20:00, 18:00-07:00", "Mon 2026-11-23 11:00", "no"),
    ("22:00-22:00", "Mon 2026-11-23 22:00", "no"),
    ("22:00-22:00 drop", "Mon 2026-11-23 23:00", "no"),
]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(("text", "now", "expected"), ORDINARY)
def test_on_an_ordinary_day(text: str, now: str, expected: str, zone: ZoneInfo) -> None:
    assert quiet(text, now, zone) == expected


def test_drop_goes_on_for_ever_if_the_user_says_so() -> None:
    found = ends_at(
        hours("00:00-12:00 drop, 12:00-00:00 drop"), now=instant("Mon 2026-11-23 11:00", BERLIN), zone=BERLIN
    )
    assert found is not None
    assert found[1] == "drop"


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert ends_at((), now=datetime(2026, 11, 23, tzinfo=UTC), zone=BERLIN) is None


CHANGES = [
    # sentence, quiet hours, zone, now, quiet?
    ("a short night", NIGHT, BERLIN, "Sat 2026-03-28 22:00", "hold until Sun 2026-03-29 05:30"),
    ("a short night, late", NIGHT, BERLIN, "Sun 2026-03-29 05:29", "hold until Sun 2026-03-29 05:30"),
    ("and over", NIGHT, BERLIN, "Sun 2026-03-29 05:30", "no"),
    ("a long night", NIGHT, BERLIN, "Sat 2026-10-24 22:00", "hold until Sun 2026-10-25 05:30"),
    ("in its second half", NIGHT, BERLIN, "Sun 2026-10-25 02:30 again", "hold until Sun 2026-10-25 05:30"),
    ("a short night in New York", NIGHT, NEW_YORK, "Sun 2026-03-08 01:59", "hold until Sun 2026-03-08 05:30"),
    ("a long one", NIGHT, NEW_YORK, "Sun 2026-11-01 01:30", "hold until Sun 2026-11-01 05:30"),
    ("no change", NIGHT, JAKARTA, "Sat 2026-03-28 22:00", "hold until Sun 2026-03-29 05:30"),
    ("half an hour shorter", NIGHT, LORD_HOWE, "Sat 2026-10-03 22:00", "hold until Sun 2026-10-04 05:30"),
    ("half an hour longer", NIGHT, LORD_HOWE, "Sun 2026-04-05 01:45 again", "hold until Sun 2026-04-05 05:30"),
    ("an end that is skipped", "22:00-02:30", BERLIN, "Sat 2026-03-28 22:00", "hold until Sun 2026-03-29 03:00"),
    ("a beginning that is skipped", "02:30-06:00", BERLIN, "Sun 2026-03-29 01:59", "no"),
    ("is when the skipping is over", "02:30-06:00", BERLIN, "Sun 2026-03-29 03:00", "hold until Sun 2026-03-29 06:00"),
    ("skipped wholly", "02:00-03:00", BERLIN, "Sun 2026-03-29 03:00", "no"),
    ("an end that comes twice", "22:00-02:30", BERLIN, "Sun 2026-10-25 01:00", "hold until Sun 2026-10-25 02:30 again"),
    ("is kept at its second coming", "22:00-02:30", BERLIN, "Sun 2026-10-25 02:15 again", "hold until Sun 2026-10-25 02:30 again"),
    ("a beginning that comes twice", "02:30-06:00", BERLIN, "Sun 2026-10-25 02:30", "hold until Sun 2026-10-25 06:00"),
    ("once begun it goes on", "02:30-06:00", BERLIN, "Sun 2026-10-25 02:15 again", "hold until Sun 2026-10-25 06:00"),
    ("hours without a minute", "02:30-02:30", BERLIN, "Sun 2026-10-25 02:15 again", "no"),
    ("all but a skipped minute", "02:31-02:30", BERLIN, "Sat 2026-03-28 12:00", "hold until Mon 2026-03-30 02:30"),
    ("midnight that is skipped", "22:00-00:30", SANTIAGO, "Sat 2026-09-05 23:00", "hold until Sun 2026-09-06 01:00"),
    ("an evening that comes twice", "22:00-00:30", SCORESBYSUND, "Sat 2026-10-24 23:10 again", "hold until Sun 2026-10-25 00:30"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "text", "zone", "now", "expected"), CHANGES)
def test_when_the_clock_is_changed(sentence: str, text: str, zone: ZoneInfo, now: str, expected: str) -> None:
    assert quiet(text, now, zone) == expected, sentence


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
some_hours = st.lists(st.builds(QuietHours, start=times, end=times), max_size=3)


@given(some=some_hours.filter(leave_some_time), now=minutes, zone=zones)
def test_it_is_quiet_whenever_the_clock_says_so_and_ends_in_a_minute_that_is_not(
    some: list[QuietHours], now: datetime, zone: ZoneInfo
) -> None:
    found = ends_at(some, now=now, zone=zone)
    if any(says_quiet(each, now.astimezone(zone).time()) for each in some):
        assert found is not None
    if found:
        assert now < found[0] <= now + timedelta(days=2, hours=2)
        assert ends_at(some, now=found[0], zone=zone) is None
