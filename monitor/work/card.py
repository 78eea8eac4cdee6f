"""One story as it is told: its article, who reports it, and what was found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.model import Card, Evidence, Kind, Passage, Reason, Story
from monitor.store import articles
from monitor.store.database import Session

PASSAGES: Final = 3  # in one message
KINDS: Final = {
    Reason.NEW_STORY: Kind.STORY,
    Reason.NOW_ALSO: Kind.NOW_ALSO,
    Reason.STORY_GREW: Kind.FOLLOW_UP,
    Reason.CORRECTED: Kind.CORRECTION,
}
BY_WEIGHT: Final = (Kind.STORY, Kind.CORRECTION, Kind.FOLLOW_UP, Kind.NOW_ALSO)


@dataclass(frozen=True, slots=True)
class Going:
    """An alert that goes out now."""

    alert_id: int
    topic: str
    story_id: int
    article_id: int
    reason: Reason
    outlets_told: int = 0  # that the channel has heard of


def kind_of(told: Iterable[Going]) -> Kind:
    """A new story is the greatest news, a further topic the smallest."""
    kinds = {KINDS[item.reason] for item in told}
    return next(kind for kind in BY_WEIGHT if kind in kinds)


def card_of(session: Session, story: Story, told: Sequence[Going]) -> Card:
    """With the first article of those that are its occasion."""
    article = articles.get(session, min(item.article_id for item in told))
    evidence = [found for item in told for found in articles.evidence_of(session, item.article_id, item.topic)]
    is_follow_up = kind_of(told) is Kind.FOLLOW_UP
    return Card(
        topics=tuple(sorted({item.topic for item in told})),
        title=article.title,
        url=article.url,
        outlets=story.outlets,
        new_outlets=story.outlets[max(item.outlets_told for item in told) :] if is_follow_up else (),
        first_seen_at=article.first_seen_at,
        published_at=article.published_at,
        passages=_passages(evidence),
        quality=article.quality,
    )


def _passages(evidence: Sequence[Evidence]) -> tuple[Passage, ...]:
    hits: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)  # of all topics, where they share a passage
    for found in evidence:
        if found.field == "body":
            hits[found.snippet] |= set(found.hits)
    passages = [Passage(text, tuple(sorted(spans))) for text, spans in hits.items()]
    return tuple(passages)[:PASSAGES]
