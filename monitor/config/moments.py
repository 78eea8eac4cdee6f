"""A day, or a day and a time: text → what a clock shows then, or the moment itself where its offset is said. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts import wallclock
from monitor.config import habits
from monitor.config.words import Form, Misread

LIKE: Final = "2026-12-20 or 2026-12-20 08:00"
YEARS: Final = (2000, 2999)
MOST_OFFSET: Final = timedelta(hours=14)

_DAY: Final = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_CLOCK: Final = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?"
_OFFSET: Final = r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))"
_MOMENT: Final = re.compile(rf"{_DAY}(?:[T ]{_CLOCK}(?: ?({_OFFSET}))?)?")


def _moment(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if not found:
        meant = habits.moment(text)
        raise Misread("{it} is not a time", f"write {meant or LIKE}")
    day = _day(*(int(part) for part in found.group(1, 2, 3)))
    at = _time(*(int(part or 0) for part in found.group(4, 5, 6)))
    if not found[7]:
        return datetime.combine(day, at)
    sign, hours, minutes = found.group(8, 9, 10)
    return datetime.combine(day, at, _offset(sign == "-", int(hours or 0), int(minutes or 0)))


def _day(year: int, month: int, day: int) -> date:
    if not YEARS[0] <= year <= YEARS[1]:
        raise Misread("the year of {it} is not possible", f"write one from {YEARS[0]} to {YEARS[1]}")
    if not 1 <= month <= 12:  # noqa: PLR2004 - a calendar's own numbers
        raise Misread("there is no such month: {it}", "write the year, the month and the day, like 2026-12-20")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Misread("there is no such day: {it}", f"the last one of that month is {year}-{month:02}-{last}")
    return date(year, month, day)


def _time(hour: int, minute: int, second: int) -> time:
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - a clock's own numbers
        raise Misread("there is no such time of day: {it}", "write 00:00 to 23:59; midnight is 00:00")
    return time(hour, minute, second)


def _offset(is_west: bool, hours: int, minutes: int) -> timezone:
    distance = timedelta(hours=hours, minutes=minutes)
    if distance > MOST_OFFSET or minutes > 59:  # noqa: PLR2004 - a clock's own numbers
        raise Misread("no clock is so far from UTC: {it}", "write an offset like +07:00, or none")
    return timezone(-distance if is_west else distance)


moment: Final = Form(_moment, _MOMENT.pattern)


def end_of(said: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which something ends; a time that the clock shows twice is meant the second time, as in quiet hours."""
    return said.astimezone(UTC) if said.tzinfo else wallclock.last(said.date(), said.time(), zone)
