"""How a feed fares, and what was told of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MANY_FAILURES: Final = 3  # in a row, within an hour at least
FEW_FAILURES: Final = 2  # within a day at least: of a feed that is seldom asked
OUT_OF_REACH: Final = (
    "connection broke off",
    "connection refused",
    "no connection",
    "no TLS connection",
    "no way to the proxy",
    "the proxy refused the connection",
    "timed out",
    "TLS certificate not valid",  # what stands between us and all others has one of its own
    "unknown host",
)

State = Literal["new", "ok", "failing", "paused", "silent"]


class Trouble(StrEnum):
    """What may be told of a feed; stored as it is."""

    BROKEN = "broken"
    STOPPED = "stopped"  # gone, or left alone for a while
    SILENT = "silent"
    OFFLINE = "offline"  # out of reach, together with most others
    MOVED = "moved"
    INCOMPLETE = "incomplete"  # part of it can't be read


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a feed last, of one kind of trouble."""

    at: datetime
    about: str = ""
    over_at: datetime | None = None  # None: it still stands


@dataclass(frozen=True, slots=True)
class Condition:
    """How a feed fares."""

    id: int
    name: str
    host: str | None = None  # None: a folder
    failures: int = 0  # in a row
    last_error: str | None = None  # without a failure: what could not be read of it
    failing_since: datetime | None = None
    paused: str | None = None
    due_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    moved_to: str | None = None
    new_at: datetime | None = None  # when it last listed something new
    longest_pause: timedelta | None = None  # between two such times, ordinarily
    silent_after: timedelta | None = None  # None: its rhythm is not known
    told: Mapping[Trouble, Told] = field(default_factory=dict)

    @property
    def state(self) -> State:
        if self.paused is not None:
            return "paused"
        if self.failures:
            return "failing"
        if self.is_silent or self.stands(Trouble.SILENT):
            return "silent"
        return "ok" if self.last_success_at else "new"

    @property
    def is_silent(self) -> bool:
        """By its readings: of the time when nobody asked it nothing is known."""
        if self.failures or self.paused or not (self.silent_after and self.new_at and self.last_success_at):
            return False
        return self.last_success_at - self.new_at > self.silent_after

    @property
    def is_out_of_reach(self) -> bool:
        return self.host is not None and self.failures > 0 and (self.last_error or "").startswith(OUT_OF_REACH)

    @property
    def complaint(self) -> str | None:
        """What could not be read of it, though the reading was good."""
        return None if self.failures or self.paused else self.last_error

    @property
    def is_known_broken(self) -> bool:
        """By itself, not with others; and told."""
        return self.paused is not None or self.stands(Trouble.BROKEN, Trouble.STOPPED)

    def is_broken(self, *, now: datetime) -> bool:
        """It failed often and long enough; one that never worked is given a day, as somebody is just setting it up."""
        if not self.failures or self.failing_since is None:
            return False
        lasts = now - self.failing_since
        if self.failures >= FEW_FAILURES and lasts >= DAY:
            return True
        return self.last_success_at is not None and self.failures >= MANY_FAILURES and lasts >= HOUR

    def stands(self, *kinds: Trouble) -> bool:
        """Whether one of these was told and is not over."""
        return any(kind in self.told and self.told[kind].over_at is None for kind in kinds)
