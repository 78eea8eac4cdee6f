"""The configuration in force: one reference, swapped as a whole when an edit is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.notify.channel import OpenChannel
from monitor.settings import Feed, Settings
from monitor.topics.watchlist import Watchlist
from monitor.work.judge import Judge


@dataclass(frozen=True, slots=True)
class Plan:
    """What one configuration asks of the stages, ready for work."""

    settings: Settings
    watchlist: Watchlist
    judge: Judge
    feeds: Mapping[str, Feed]  # by url
    channels: Mapping[str, OpenChannel]  # by name


@dataclass(slots=True)
class Live:
    """Whoever works reads `plan` when it begins a step, never before; it is set by a reload alone, while nobody judges."""

    plan: Plan
