"""What is in force: the configuration, and how common words are; each one reference, swapped as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.notify.channel import OpenChannel
from monitor.settings import Feed, Settings
from monitor.stories.frequencies import Frequencies
from monitor.topics.watchlist import Watchlist
from monitor.work.judge import Judge
from monitor.work.like import Like


@dataclass(frozen=True, slots=True)
class Plan:
    """What one configuration asks of the stages, ready for work."""

    settings: Settings
    watchlist: Watchlist
    judge: Judge
    feeds: Mapping[str, Feed]  # by url
    channels: Mapping[str, OpenChannel]  # by name
    like: Like  # by which the watchlist compares


@dataclass(slots=True)
class Live:
    """Whoever works reads `plan` when it begins a step, never before; it is set by a reload alone, while nobody judges.

    `frequencies` is set at the start and at the end of a count (work/count.py) alone.
    """

    plan: Plan
    frequencies: Frequencies
    uncounted: int = 0  # articles since then

    def weigh(self, frequencies: Frequencies) -> None:
        """Words weigh so from now on; first said, then done, so that a plan that comes meanwhile is weighed by itself."""
        self.frequencies = frequencies
        self.plan.like.weigh(frequencies)

    def follow(self, plan: Plan) -> None:
        """This plan counts from now on, by what words weigh at the moment."""
        self.plan = plan
        plan.like.weigh(self.frequencies)
