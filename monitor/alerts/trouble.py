"""What those in `ops` are told of feeds: what broke, fell silent, moved, is well again; each once. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from monitor.alerts.condition import DAY, Condition, Told, Trouble
from monitor.alerts.outage import outage_of

_FIGURES: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told, and what is to be remembered of it: None, that nothing was told."""

    of: Mapping[Trouble, Sequence[Condition]]
    well: Sequence[Condition] = ()  # what was broken can be read again
    heard: Sequence[Condition] = ()  # what was silent lists something new
    in_reach: Sequence[Condition] = ()  # an outage is over; it was told of these
    asked: int = 0  # feeds that were asked since the outage began
    marks: Mapping[tuple[int, Trouble], Told | None] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        return not any((*self.of.values(), self.well, self.heard, self.in_reach))


def news(conditions: Sequence[Condition], *, asked: int, now: datetime) -> News:
    """What of this was not told yet. `asked`: see `outage_of`."""
    outage = outage_of(conditions, asked=asked, now=now)
    of = {
        Trouble.OFFLINE: outage.to_tell,
        Trouble.STOPPED: [c for c in conditions if c.paused and _is_new(c, Trouble.STOPPED, now=now)],
        Trouble.BROKEN: [c for c in conditions if c.id not in outage.holds and _broke(c, now=now)],
        Trouble.SILENT: [c for c in conditions if c.is_silent and _is_new(c, Trouble.SILENT, now=now)],
        Trouble.INCOMPLETE: [c for c in conditions if c.complaint and _is_other(c, Trouble.INCOMPLETE, now=now)],
        Trouble.MOVED: [c for c in conditions if c.moved_to and _is_other(c, Trouble.MOVED, now=now)],
    }
    well = [c for c in conditions if _is_well(c)]
    heard = [c for c in conditions if c.stands(Trouble.SILENT) and _is_after(c.new_at, c.told[Trouble.SILENT].at)]
    marks = {
        **outage.marks,
        **{(c.id, kind): Told(now, _about(c, kind)) for kind, feeds in of.items() for c in feeds},
        **{(c.id, Trouble.INCOMPLETE): None for c in conditions if _is_whole_again(c, now=now)},
        **_over(well, Trouble.BROKEN, now=now),
        **_over(well, Trouble.STOPPED, now=now),
        **_over(heard, Trouble.SILENT, now=now),
    }
    return News(of, well, [c for c in heard if c not in well], outage.in_reach, asked, marks)


def _is_new(feed: Condition, kind: Trouble, *, now: datetime) -> bool:
    """Neither does it stand, nor was it told within the day."""
    told = feed.told.get(kind)
    return told is None or (told.over_at is not None and now - told.at >= DAY)


def _is_other(feed: Condition, kind: Trouble, *, now: datetime) -> bool:
    told = feed.told.get(kind)
    return told is None or (told.about != _about(feed, kind) and now - told.at >= DAY)


def _broke(feed: Condition, *, now: datetime) -> bool:
    if feed.paused or feed.stands(Trouble.STOPPED) or not _is_new(feed, Trouble.BROKEN, now=now):
        return False
    outage = feed.told.get(Trouble.OFFLINE)
    if outage and outage.over_at and not _is_after(feed.last_polled_at, outage.over_at):
        return False  # nobody has asked it since
    return feed.is_broken(now=now)


def _is_well(feed: Condition) -> bool:
    """There was a good reading since it was told; one that was paused may merely be due."""
    told = [feed.told[kind].at for kind in (Trouble.BROKEN, Trouble.STOPPED) if feed.stands(kind)]
    return bool(told) and not feed.failures and not feed.paused and _is_after(feed.last_success_at, max(told))


def _is_whole_again(feed: Condition, *, now: datetime) -> bool:
    told = feed.told.get(Trouble.INCOMPLETE)
    return told is not None and not feed.failures and not feed.last_error and now - told.at >= DAY


def _about(feed: Condition, kind: Trouble) -> str:
    match kind:
        case Trouble.MOVED:
            return feed.moved_to or ""
        case Trouble.INCOMPLETE:  # how many entries were left out may differ at each reading
            return _FIGURES.sub("#", feed.complaint or "")
        case _:
            return ""


def _over(feeds: Sequence[Condition], kind: Trouble, *, now: datetime) -> dict[tuple[int, Trouble], Told]:
    return {(c.id, kind): replace(c.told[kind], over_at=now) for c in feeds if c.stands(kind)}


def _is_after(moment: datetime | None, other: datetime) -> bool:
    return moment is not None and moment > other
