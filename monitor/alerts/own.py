"""What those in `ops` are told of monitor itself, its outbox and its topics: each once, and seldom again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.alerts.condition import DAY, Told

MEGABYTE: Final = 1_000_000
LITTLE: Final = 100 * MEGABYTE
SHARE: Final = 50  # of a disk
MOST: Final = 2_000 * MEGABYTE  # of which so much is never little
SMALL: Final = 5  # of a disk that is small itself
ENOUGH: Final = 1.5  # times what is little: then it is over
MANY: Final = 5  # messages


class Own(StrEnum):
    """Kinds of notices; stored as they are."""

    DISK = "disk"
    OUTBOX = "outbox"
    SILENT = "topic silent"
    LOUD = "topic loud"
    JUMPED = "clock jumped"
    SLEPT = "machine slept"
    STALLED = "work stalled"


# What happens and is over: who was told of it knows that it may happen again.
MOMENTS: Final = (Own.JUMPED, Own.SLEPT, Own.STALLED)
WEEK: Final = timedelta(days=7)

Key = tuple[Own, str]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that may be to tell: of which kind, of what, and in which words."""

    kind: Own
    subject: str
    words: str

    @property
    def key(self) -> Key:
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class OwnNews:
    """What is to be told, and what is to be remembered of it; None: that nothing was told."""

    begun: Sequence[Matter] = ()
    over: Sequence[Key] = ()
    marks: Mapping[Key, Told | None] = field(default_factory=dict)


def own_news(
    matters: Sequence[Matter], told: Mapping[Key, Told], *, looked_at: Collection[Key], now: datetime
) -> OwnNews:
    """What of this was not told yet. Of `looked_at` what is no matter any more is over."""
    begun = [matter for matter in matters if _is_new(matter.kind, told.get(matter.key), now=now)]
    still = {matter.key for matter in matters}
    over = [key for key, known in told.items() if known.over_at is None and key in looked_at and key not in still]
    marks = {matter.key: Told(now, over_at=now if matter.kind in MOMENTS else None) for matter in begun}
    return OwnNews(begun, over, {**marks, **{key: replace(told[key], over_at=now) for key in over}})


def _is_new(kind: Own, told: Told | None, *, now: datetime) -> bool:
    """Neither does it stand, nor was it told within the day; what may happen each night, not within the week."""
    pause = WEEK if kind in MOMENTS else DAY
    return told is None or (told.over_at is not None and now - told.at >= pause)


# -- a disk --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disk:
    """Where something of ours lies."""

    name: str  # what lies there
    size: int  # bytes
    free: int

    def is_low(self, *, is_known: bool) -> bool:
        """Soon nothing more can be written; once told, there must be clearly more until it is over."""
        little = min(max(LITTLE, self.size // SHARE), MOST, self.size // SMALL)
        return self.free < (little * ENOUGH if is_known else little)


# -- the outbox ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that wait for more than half an hour, though their channels work."""

    by_channel: Mapping[str, int]
    before: int = 0  # how many these were ten minutes ago
    since: datetime | None = None  # the oldest

    @property
    def count(self) -> int:
        return sum(self.by_channel.values())

    def is_growing(self, *, is_known: bool) -> bool:
        """Once told, it is over when none is left."""
        return self.count > 0 if is_known else self.count >= MANY and self.count > self.before
