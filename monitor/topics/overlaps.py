"""Topics that find nearly the same articles. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from monitor.topics.tongues import ENGLISH, Tongue

FEWEST: Final = 5  # articles in common
LEAST: Final = 0.8  # share of the smaller topic's


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two topics, and how much of the smaller lies within the larger; of two of one size the first by name is the smaller."""

    smaller: str
    larger: str
    common: int  # articles that both found
    of_smaller: int  # articles that it found
    of_larger: int

    @property
    def share(self) -> float:
        """0–1, of the smaller topic's articles."""
        return self.common / self.of_smaller

    @property
    def line(self) -> str:
        return self.said()

    def said(self, tongue: Tongue = ENGLISH) -> str:
        how = tongue.is_all_within if self.common == self.of_smaller else tongue.is_nearly_all_within
        common, n, m = map(tongue.number, (self.common, self.of_smaller, self.of_larger))
        return how.format(smaller=self.smaller, larger=self.larger, common=common, n=n, m=m)


def overlaps(
    matches: Iterable[tuple[str, Hashable]], *, fewest: int = FEWEST, least: float = LEAST
) -> tuple[Overlap, ...]:
    """Of pairs of a topic and the key of an article that it found, in any order: the largest share first."""
    found: defaultdict[Hashable, set[str]] = defaultdict(set)
    for topic, article in matches:
        found[article].add(topic)
    sizes = Counter(topic for topics in found.values() for topic in topics)
    common = Counter(pair for topics in found.values() for pair in combinations(sorted(topics), 2))
    told: list[Overlap] = []
    for pair, count in common.items():
        smaller, larger = sorted(pair, key=lambda topic: (sizes[topic], topic))
        if count >= fewest and count >= least * sizes[smaller]:
            told.append(Overlap(smaller, larger, count, sizes[smaller], sizes[larger]))
    return tuple(sorted(told, key=lambda each: (-each.share, -each.common, each.smaller, each.larger)))
