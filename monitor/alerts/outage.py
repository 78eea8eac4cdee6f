"""Most feeds out of reach at once: that is this machine, or its line, and told as one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from monitor.alerts.condition import DAY, Condition, Told, Trouble

LEAST: Final = 3  # feeds
NOT_TOLD: Final = "not told"  # a second outage of a day

Marks = dict[tuple[int, Trouble], Told | None]


@dataclass(frozen=True, slots=True)
class Outage:
    """What is to be told of it, and which feeds are not broken by themselves."""

    to_tell: Sequence[Condition] = ()
    in_reach: Sequence[Condition] = ()  # it is over; these were told to be in it
    holds: frozenset[int] = frozenset()
    marks: Mapping[tuple[int, Trouble], Told | None] = field(default_factory=dict)


def outage_of(conditions: Sequence[Condition], *, asked: int, now: datetime) -> Outage:
    """Whether at least half of the feeds (3 or more) are out of reach, of those that were not broken before.

    `asked`: how many feeds were asked since the first of these failed; of the others nothing is known.

    It is told when the first of them would be told to be broken, and once a day; feeds that come to be out of reach
    later are taken to be in it without a word.
    """
    out = cut_off(conditions, asked=asked)
    in_it = [c for c in conditions if c.stands(Trouble.OFFLINE)]
    is_on = bool(out)
    holds = frozenset(c.id for c in (*in_it, *out))
    is_told = any(c.told[Trouble.OFFLINE].about != NOT_TOLD for c in in_it)
    if not is_on:
        over: Marks = {(c.id, Trouble.OFFLINE): replace(c.told[Trouble.OFFLINE], over_at=now) for c in in_it}
        return Outage((), in_it if is_told else (), holds, over)
    late = [c for c in out if c.is_broken(now=now)]
    last = max((c.told[Trouble.OFFLINE].at for c in conditions if Trouble.OFFLINE in c.told), default=None)
    if late and not is_told and (last is None or now - last >= DAY):
        return Outage(out, (), holds, {(c.id, Trouble.OFFLINE): Told(now) for c in out})
    joins = Told(last or now, "" if is_told else NOT_TOLD)
    return Outage((), (), holds, {(c.id, Trouble.OFFLINE): joins for c in late if c not in in_it})


def cut_off(conditions: Sequence[Condition], *, asked: int) -> Sequence[Condition]:
    """Those out of reach, where they are most of those that were asked; else none."""
    out = [c for c in conditions if c.is_out_of_reach and not c.is_known_broken]
    broken = [c for c in conditions if c.host and c.is_known_broken and _is_asked_since(begin(conditions), c)]
    return out if len(out) >= LEAST and 2 * len(out) >= asked - len(broken) else ()


def begin(conditions: Iterable[Condition]) -> datetime | None:
    """When the first of those failed that are out of reach and were not broken before."""
    out = (c.failing_since for c in conditions if c.is_out_of_reach and not c.is_known_broken and c.failing_since)
    return min(out, default=None)


def _is_asked_since(moment: datetime | None, feed: Condition) -> bool:
    return moment is not None and feed.last_polled_at is not None and feed.last_polled_at >= moment
