"""Which wider topics are not told where a narrower one is: a match of the narrow one in any article of the story counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from monitor.alerts.company import hides
from monitor.alerts.decide import Case, is_weak
from monitor.model import Story
from monitor.settings import Topic
from monitor.store import articles, history
from monitor.store.database import Session


class Hiding:
    """That of one configuration."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in topics}
        narrower = _narrower(topics)
        self._ranks = _ranks(narrower)
        self._hiders: Mapping[str, Sequence[str]] = {
            wide: [name for name in self._topics if name in narrow and self._may_hide(name, wide)]
            for wide, narrow in narrower.items()
        }

    def _may_hide(self, name: str, wide: str) -> bool:
        """What is urgent waits for nothing that is not."""
        is_in_time = self._topics[name].policy.urgent or not self._topics[wide].policy.urgent
        return is_in_time and self._ranks[name] < self._ranks[wide]

    def narrow_first(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=self.rank)

    def rank(self, name: str) -> int:
        """That of a narrower topic is lower."""
        return self._ranks.get(name, 0)

    def among(self, cases: Mapping[str, Case], topic: str) -> str:
        """The narrower one of these that hides it, of the same occasion on the same channel; empty: none."""
        return next((name for name in self._hiders.get(topic, ()) if name in cases and hides(cases[name])), "")

    def before(self, session: Session, topic: str, story: Story, channel: str) -> str:
        """The narrower one that hides it by what was decided so far; empty: none."""
        names = [name for name in self._hiders.get(topic, ()) if channel in self._topics[name].channels]
        found = history.hiding(session, story_id=story.id, channel=channel, topics=names) if names else {}
        sure = (name for name in names if name in found)
        return next((name for name in sure if not (found[name] and self._is_weak(session, name, story))), "")

    def _is_weak(self, session: Session, name: str, story: Story) -> bool:
        """What merely waits, and may be dropped for that, must not keep the story from those who want it anyway."""
        score = articles.best_score(session, story.id, name)
        return is_weak(self._topics[name].policy, score=score, outlets=len(story.outlets))


def _narrower(topics: Sequence[Topic]) -> Mapping[str, set[str]]:
    """By wide topic those that hide it; the narrow ones have an entry too."""
    names = {topic.name for topic in topics}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for topic in topics:
        for wide in names.intersection(topic.hides) - {topic.name}:
            found[wide].add(topic.name)
            found[topic.name] |= set()
    return {topic.name: found[topic.name] for topic in topics if topic.name in found}


def _ranks(narrower: Mapping[str, set[str]]) -> Mapping[str, int]:
    """Each above all that hide it. A circle, which topics that keep their last good version may close, begins with the first."""
    ranks: dict[str, int] = {}
    left = dict(narrower)
    while left:
        ready = [name for name, hiders in left.items() if not hiders & left.keys()] or [next(iter(left))]
        ranks |= dict.fromkeys(ready, len(ranks))
        left = {name: hiders for name, hiders in left.items() if name not in ranks}
    return ranks
