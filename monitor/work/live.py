"""What is in force: the configuration, and how common words are; each one reference, swapped as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.notify.channel import OpenChannel
from monitor.settings import Feed, Settings
from monitor.stories.frequencies import Frequencies
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
    """Whoever works reads `plan` when it begins a step, never before; it is set by a reload alone, while nobody judges.

    `frequencies` is set at the start and at the end of a count (work/count.py) alone.
    """

    plan: Plan
    frequencies: Frequencies
    uncounted: int = 0  # articles since then
