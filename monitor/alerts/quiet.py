"""Quiet hours: whether it is quiet now, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.alerts import wallclock
from monitor.settings import QuietHours

DAY: Final = timedelta(days=1)
FOREVER: Final = timedelta(days=3)  # no hours that leave a minute of the day free last so long, clock changes and all

Then = Literal["hold", "drop"]


@dataclass(frozen=True, slots=True, order=True)
class Quiet:
    """Quiet hours on a certain day, as instants: from their first beginning to their last end by the local clock."""

    starts_at: datetime
    ends_at: datetime
    then: Then

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


def ends_at(hours: Sequence[QuietHours], *, now: datetime, zone: ZoneInfo) -> tuple[datetime, Then] | None:
    """When the quiet is over, and what becomes of an alert meanwhile; None: it is not quiet now.

    Hours that adjoin or overlap are one quiet, to the end of the last; `drop` wins where it covers `now`. Hours that
    end when they begin are empty. Hours that leave no minute of the day free hold nothing back: it would never go out.
    """
    coming = sorted(_coming(hours, now=now, zone=zone))
    covering = {quiet.then for quiet in coming if quiet.covers(now)}
    if not covering:
        return None
    end = _end(coming, now)
    if "drop" in covering:
        return end, "drop"
    return (end, "hold") if end - now < FOREVER else None


def _coming(hours: Iterable[QuietHours], *, now: datetime, zone: ZoneInfo) -> Iterator[Quiet]:
    """Those of yesterday, which may last over midnight, and of all days until FOREVER is over."""
    today = now.astimezone(zone).date()
    for each in hours:
        for day in (today + n * DAY for n in range(-1, 5)):
            end_day = day + DAY if each.end < each.start else day
            start, end = wallclock.first(day, each.start, zone), wallclock.last(end_day, each.end, zone)
            if each.start != each.end:
                yield Quiet(start, end, each.then)


def _end(coming: Iterable[Quiet], now: datetime) -> datetime:
    """From one to the next, as long as they leave no gap. `coming` is sorted."""
    end = now
    for quiet in coming:
        if quiet.covers(end):
            end = quiet.ends_at
    return end
