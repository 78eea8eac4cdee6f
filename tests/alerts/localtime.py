"""Instants as a person reads them off the clock on the wall: "Sun 2026-03-29 01:59"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from monitor.settings import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")  # 2026: 29 March 02:00 becomes 03:00, 25 October 03:00 becomes 02:00
NEW_YORK = ZoneInfo("America/New_York")  # 8 March 02:00 becomes 03:00, 1 November 02:00 becomes 01:00
JAKARTA = ZoneInfo("Asia/Jakarta")  # never changed
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # 5 April 02:00 becomes 01:30, 4 October 02:00 becomes 02:30
SCORESBYSUND = ZoneInfo("America/Scoresbysund")  # 28 March 23:00 becomes midnight, 25 October 00:00 becomes 23:00
SANTIAGO = ZoneInfo("America/Santiago")  # 4 April 24:00 becomes 23:00, 6 September 00:00 becomes 01:00

ZONES = (BERLIN, NEW_YORK, JAKARTA, LORD_HOWE, SCORESBYSUND, SANTIAGO)

FORM = "%a %Y-%m-%d %H:%M"
AGAIN = " again"  # an hour is shown twice where the clock is put back


def instant(text: str, zone: ZoneInfo) -> datetime:
    is_again = text.endswith(AGAIN)
    local = datetime.fromisoformat(text.removesuffix(AGAIN).partition(" ")[2])
    moment = local.replace(tzinfo=zone, fold=is_again).astimezone(UTC)
    assert shown(moment, zone) == text, "a wrong weekday, or a time that is not shown that day"
    return moment


def shown(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    seconds = f"{local:%S}"
    return f"{local:{FORM}}" + (f":{seconds}" if seconds != "00" else "") + (AGAIN if local.fold else "")


def says_quiet(hours: QuietHours, wall: time) -> bool:
    """What one sees who knows the hours and looks at the clock."""
    if hours.start < hours.end:
        return hours.start <= wall < hours.end
    return hours.start > hours.end and not hours.end <= wall < hours.start


def leave_some_time(all_hours: Collection[QuietHours]) -> bool:
    day = [time(hour, minute) for hour in range(24) for minute in range(60)]
    return any(not any(says_quiet(hours, minute) for hours in all_hours) for minute in day)


MINUTE = timedelta(minutes=1)
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = [
    datetime.fromisoformat(f"2026-{day}T12:00+00:00")
    for day in ("03-07", "03-28", "04-04", "09-05", "10-03", "10-24", "10-31")
]
any_minute = st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: SOME_DAY + minutes * MINUTE)
near_a_change = st.builds(
    lambda day, minutes: day + minutes * MINUTE, st.sampled_from(CHANGES), st.integers(-1000, 2000)
)
minutes = any_minute | near_a_change
zones = st.sampled_from(ZONES)
