"""Whether time went by as it should between two looks for work: clocks that jump, a machine that slept. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

JUMP: Final = timedelta(minutes=1)
LATE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Moment:
    """The same moment by three clocks; the last two never go back, and their zero means nothing."""

    wall: datetime
    steady: float  # seconds; counts on while the machine sleeps
    awake: float  # seconds; stands still meanwhile


@dataclass(frozen=True, slots=True)
class Jumped:
    """The clock was set, or the machine was halted and nobody told it."""

    by: timedelta  # below zero: back
    at: datetime


@dataclass(frozen=True, slots=True)
class Slept:
    lasted: timedelta
    at: datetime


@dataclass(frozen=True, slots=True)
class Stalled:
    """It was awake, and yet nobody looked for work."""

    lasted: timedelta
    at: datetime


Happening = Jumped | Slept | Stalled


@dataclass(slots=True)
class Steadiness:
    """Looks at each look for work, which come `every` so often."""

    every: timedelta
    has_own_clock: bool = True  # else another machine's, of which nothing is said
    _last: Moment | None = field(default=None, init=False)

    def step(self, now: Moment) -> list[Happening]:
        last, self._last = self._last, now
        if last is None:
            return []
        passed = timedelta(seconds=now.steady - last.steady)
        awake = timedelta(seconds=now.awake - last.awake)
        found: list[Happening] = []
        by = now.wall - last.wall - passed
        if self.has_own_clock and abs(by) >= JUMP:
            found.append(Jumped(by, now.wall))
        if passed - awake >= LATE:
            found.append(Slept(passed - awake, now.wall))
        elif passed - self.every >= LATE:
            found.append(Stalled(passed - self.every, now.wall))
        return found
