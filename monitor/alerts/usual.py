"""Whether a topic finds as much as it uses to: by the days of its own last weeks. Pure.

News comes in bursts, and a topic may wait for years for what it is about. So nothing is said of one that found something
on less than half of the days, nor of a day that is only busy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

WEEKS: Final = timedelta(days=28)
BACK: Final = timedelta(days=84)  # of so many days it must be known what was found
REGULAR: Final = 14  # days of four weeks
LONG: Final = 3  # of its longest pauses, or of its busiest days
LEAST_PAUSE: Final = 3  # days
LEAST_LOUD: Final = 30  # articles
KNOWN: Final = timedelta(days=14)  # so long it must have found something now and then, before a day is loud for it


@dataclass(frozen=True, slots=True)
class Silent:
    """It was regular, and finds nothing any more."""

    last: date
    days: int  # since then, on which articles were read
    longest: int  # pause of the weeks before


@dataclass(frozen=True, slots=True)
class Loud:
    """It finds many times as much as on its busiest day."""

    today: int
    busiest: int


def unusual(found: Mapping[date, int], read: Collection[date], *, today: date) -> Silent | Loud | None:
    """`found`: articles that the topic found, by local day; `read`: the days on which any article came."""
    before = {day: count for day, count in found.items() if day < today and count}
    if not before:
        return None
    if loud := _loud(found.get(today, 0), before, today=today):
        return loud
    return None if found.get(today) else _silent(sorted(before), read, today=today)


def _loud(count: int, before: Mapping[date, int], *, today: date) -> Loud | None:
    weeks = [found for day, found in before.items() if today - day <= WEEKS]
    if today - min(before) < KNOWN or not weeks:
        return None
    busiest = max(weeks)
    return Loud(count, busiest) if count >= max(LEAST_LOUD, LONG * busiest) else None


def _silent(days: list[date], read: Collection[date], *, today: date) -> Silent | None:
    """Days on which nothing was read at all, as nobody was there, do not count."""
    last = days[-1]
    regular = [day for day in days if last - day <= WEEKS]
    if len(regular) < REGULAR or last - regular[0] < KNOWN:
        return None
    longest = max((after - day).days for day, after in pairwise(regular))
    pause = sum(1 for day in read if last < day < today)
    return Silent(last, pause, longest) if pause > max(LEAST_PAUSE, LONG * longest) else None
