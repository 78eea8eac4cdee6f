"""How well predicted stories agree with gold ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

Story = Hashable


@dataclass(frozen=True, slots=True)
class Label:
    """What gold says of one article."""

    id: str
    cluster: str | None  # the event; None: in the stream, but not scored
    topic: str | None = None  # the running story that the event is part of


@dataclass(frozen=True, slots=True)
class Agreement:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Tellings:
    """How often each of some events is told, if each predicted story is told once."""

    events: int
    alerts: float  # per event: the predicted stories that hold an article of it
    once: float  # share of the events with exactly one


@dataclass(frozen=True, slots=True)
class Scores:
    articles: int
    events: int
    stories: int  # predicted ones
    standard: Agreement  # over pairs of articles (Miranda et al. 2018)
    bcubed: Agreement  # the same averaged over articles (Amigó et al. 2009)
    two_level: Agreement  # precision against running stories, recall against events: joining two events of one
    two_level_bcubed: (
        Agreement  # running story is no error, nor is keeping them apart; as above without running stories
    )
    swallowed: float  # share of the events whose first article joined a story that another event had opened
    excess: float  # repeated alerts per event
    several_articles: Tellings
    several_outlets: Tellings


def score(stories: Mapping[str, Story], gold: Sequence[Label], outlets: Mapping[str, str]) -> Scores:
    """`stories` and `outlets` by article; `gold` in the order of the stream. What has no story is one of its own."""
    judged = [label for label in gold if label.cluster is not None]
    everything = {label.id: stories.get(label.id, ("alone", label.id)) for label in gold}
    told = {label.id: everything[label.id] for label in judged}
    events = {label.id: label.cluster for label in judged}
    topics = {label.id: label.topic for label in gold if label.topic is not None}
    fine = _agreements(told, events)
    coarse = _agreements({name: everything[name] for name in topics}, topics) if topics else fine
    spread = _gathered(events, told)
    return Scores(
        articles=len(judged),
        events=len(spread),
        stories=len(set(told.values())),
        standard=fine[0],
        bcubed=fine[1],
        two_level=Agreement(coarse[0].precision, fine[0].recall),
        two_level_bcubed=Agreement(coarse[1].precision, fine[1].recall),
        swallowed=_swallowed(events, told) / len(spread) if spread else 0.0,
        excess=fmean(len(among) - 1 for among in spread.values()) if spread else 0.0,
        several_articles=_tellings(spread, _several(events, {name: name for name in events})),
        several_outlets=_tellings(spread, _several(events, outlets)),
    )


def _agreements(told: Mapping[str, Story], events: Mapping[str, Hashable]) -> tuple[Agreement, Agreement]:
    """Over pairs, and averaged over articles."""
    shared = Counter((events[name], told[name]) for name in told)
    of_event, of_story = Counter(events[name] for name in told), Counter(told.values())
    both, joined, belonging = (sum(map(_pairs, sizes.values())) for sizes in (shared, of_story, of_event))
    standard = Agreement(both / joined if joined else 1.0, both / belonging if belonging else 1.0)
    if not told:
        return standard, Agreement(0.0, 0.0)
    precision = sum(count**2 / of_story[story] for (_, story), count in shared.items()) / len(told)
    recall = sum(count**2 / of_event[event] for (event, _), count in shared.items()) / len(told)
    return standard, Agreement(precision, recall)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _gathered(by: Mapping[str, Hashable], what: Mapping[str, Hashable]) -> dict[Hashable, set[Hashable]]:
    found: dict[Hashable, set[Hashable]] = {}
    for name, key in by.items():
        found.setdefault(key, set()).add(what[name])
    return found


def _swallowed(events: Mapping[str, Hashable], told: Mapping[str, Story]) -> int:
    opened_by: dict[Story, Hashable] = {}
    seen: set[Hashable] = set()
    count = 0
    for name, event in events.items():
        opener = opened_by.setdefault(told[name], event)
        count += event not in seen and opener != event
        seen.add(event)
    return count


def _several(events: Mapping[str, Hashable], what: Mapping[str, str]) -> list[Hashable]:
    return [event for event, things in _gathered(events, what).items() if len(things) > 1]


def _tellings(spread: Mapping[Hashable, set[Hashable]], chosen: Iterable[Hashable]) -> Tellings:
    alerts = [len(spread[event]) for event in chosen]
    if not alerts:
        return Tellings(0, 0.0, 0.0)
    return Tellings(len(alerts), fmean(alerts), alerts.count(1) / len(alerts))
