"""When the local clock shows a time of day, also on the days when it is changed. Pure."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def first(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first time that it is `at` on this day; a time that is skipped comes when the skipping is over."""
    return _moment(datetime.combine(day, at, zone))


def last(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The last time that it is `at` on this day: another one than the first only where the clock is put back."""
    return _moment(datetime.combine(day, at, zone).replace(fold=1))


def _moment(local: datetime) -> datetime:
    instant = local.astimezone(UTC)
    exists = instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
    return instant if exists else _after_the_gap(local)


def _after_the_gap(local: datetime) -> datetime:
    """Read by the offset after the gap, a skipped time lies before the change; by the one before it, after."""
    early, late = (local.replace(fold=fold).astimezone(UTC) for fold in (1, 0))

    def is_changed(second: int) -> bool:
        moment = (early + timedelta(seconds=second)).astimezone(local.tzinfo)
        return moment.utcoffset() != early.astimezone(local.tzinfo).utcoffset()

    seconds = range(int((late - early).total_seconds()))
    return early + timedelta(seconds=bisect_left(seconds, True, key=is_changed))
