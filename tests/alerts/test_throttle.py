"""A limit: how much goes at once, and when there is room again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.throttle import free_at
from monitor.settings import Limit

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{text}+00:00")


TWO_AN_HOUR = Limit(count=2, per=HOUR)
CASES = [
    # limit, went at, now, room again at
    (TWO_AN_HOUR, "", "12:00", None),
    (TWO_AN_HOUR, "11:30", "12:00", None),
    (TWO_AN_HOUR, "11:30 11:40", "12:00", "12:30"),
    (TWO_AN_HOUR, "11:30 11:40", "12:29:59", "12:30"),
    (TWO_AN_HOUR, "11:30 11:40", "12:30", None),
    (TWO_AN_HOUR, "11:00 11:40", "12:00", None),
    (TWO_AN_HOUR, "11:00:01 11:40", "12:00", "12:00:01"),
    (TWO_AN_HOUR, "11:40 11:30", "12:00", "12:30"),
    (TWO_AN_HOUR, "12:00 12:00", "12:00", "13:00"),
    # a lower limit since then, or urgent ones that went all the same
    (TWO_AN_HOUR, "11:10 11:20 11:30 11:40", "12:00", "12:30"),
    (Limit(count=1, per=HOUR), "11:10 11:20 11:30", "12:00", "12:30"),
    # the clock was put right: nobody waits longer than one stretch
    (TWO_AN_HOUR, "18:00 19:00", "12:00", "13:00"),
    (Limit(count=3, per=timedelta(minutes=1)), "12:00:01 12:00:02 12:00:03", "12:00:30", "12:01:01"),
    (Limit(count=3, per=timedelta(hours=6)), "06:01 06:02 06:03", "12:00", "12:01"),
]


@pytest.mark.parametrize(("limit", "went", "now", "room"), CASES)
def test_room(limit: Limit, went: str, now: str, room: str | None) -> None:
    recent = [at(each) for each in went.split()]
    assert free_at(limit, recent, now=at(now)) == (at(room) if room else None)


START = datetime(2026, 11, 24, tzinfo=UTC)
limits = st.builds(Limit, count=st.integers(1, 5), per=st.sampled_from([HOUR, timedelta(minutes=1), timedelta(days=1)]))
moments = st.lists(st.integers(-90_000, 0).map(lambda n: START + n * SECOND), max_size=12).map(sorted)


def last_stretch(limit: Limit, went: list[datetime], moment: datetime) -> int:
    return sum(moment - limit.per < each <= moment for each in went)


@given(limit=limits, recent=moments)
def test_the_first_moment_with_room_is_named(limit: Limit, recent: list[datetime]) -> None:
    room = free_at(limit, recent, now=START)
    if room is None:
        assert last_stretch(limit, recent, START) < limit.count
        return
    assert START < room <= START + limit.per
    assert last_stretch(limit, recent, room) < limit.count
    assert last_stretch(limit, recent, room - SECOND) >= limit.count
    assert free_at(limit, recent, now=room) is None
