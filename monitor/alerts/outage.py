"""Most feeds out of reach at once: that is this machine, or its line, and told as one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def outage_of(conditions: Sequence[Condition], *, remote: int, now: datetime) -> Outage:
    """Whether at least half of the feeds (3 or more) that were not broken before are out of reach.

    It is told when the first of them would be told to be broken, and once a day; feeds that come to be out of reach
    later are taken to be in it without a word.
    """
    broken = [c for c in conditions if c.host and (c.paused or c.stands(Trouble.BROKEN, Trouble.STOPPED))]
    out = [c for c in conditions if c.is_out_of_reach and c not in broken]
    in_it = [c for c in conditions if c.stands(Trouble.OFFLINE)]
    is_on = len(out) >= LEAST and 2 * len(out) >= remote - len(broken)
    holds = frozenset(c.id for c in (*in_it, *(out if is_on else ())))
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
