"""One story as it is told: its article, who reports it, what was found in it, what is new, what was corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.model import Article, Card, Evidence, Kind, Passage, Reason, Story
from monitor.store import articles, corrections, history
from monitor.store.database import Session
from monitor.stories.novelty import TEXTS, news

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


def cards_of(
    session: Session, story: Story, channel: str, told: Sequence[Going], *, is_digest: bool = False
) -> list[Card]:
    """One for the story; each article that was corrected has its own, and the first of them tells the rest too.

    Only in a digest there is room for a follow-up beside it.
    """
    by_article: defaultdict[int, list[Going]] = defaultdict(list)
    rest: list[Going] = []
    for item in told:
        (by_article[item.article_id] if item.reason is Reason.CORRECTED else rest).append(item)
    if not by_article:
        return [_card(session, story, channel, rest)]
    corrected = [_correction(session, story, items) for items in by_article.values()]
    if is_digest and any(item.reason is Reason.STORY_GREW for item in rest):
        return [_card(session, story, channel, rest), *corrected]
    topics = {*corrected[0].topics, *(item.topic for item in rest)}
    return [replace(corrected[0], topics=tuple(sorted(topics))), *corrected[1:]]


def _card(session: Session, story: Story, channel: str, told: Sequence[Going]) -> Card:
    """With the first article of those that are its occasion."""
    article = articles.get(session, min(item.article_id for item in told))
    card = _plain(session, story, article, told)
    if kind_of(told) is not Kind.FOLLOW_UP:
        return card
    new_outlets = story.outlets[max(item.outlets_told for item in told) :]
    return replace(card, new_outlets=new_outlets, news=_news(session, story, channel))


def _correction(session: Session, story: Story, told: Sequence[Going]) -> Card:
    """The outlet that corrected its article comes first."""
    article = articles.get(session, told[0].article_id)
    said = corrections.noted(session, told[0].alert_id)
    return replace(
        _plain(session, story, article, told),
        outlets=(article.outlet, *(outlet for outlet in story.outlets if outlet != article.outlet)),
        carried_by=tuple(outlet for outlet in story.carried_by if outlet != article.outlet),
        was=said.was if said.was != article.title else "",
        changes=said.changes,
    )


def _plain(session: Session, story: Story, article: Article, told: Sequence[Going]) -> Card:
    evidence = [found for item in told for found in articles.evidence_of(session, item.article_id, item.topic)]
    return Card(
        topics=tuple(sorted({item.topic for item in told})),
        title=article.title,
        url=article.url,
        outlets=story.outlets,
        carried_by=story.carried_by,
        first_seen_at=article.first_seen_at,
        published_at=article.published_at,
        passages=_passages(evidence),
        quality=article.quality,
        story_id=story.id,
    )


def _news(session: Session, story: Story, channel: str) -> tuple[str, ...]:
    """What the articles say that came since the channel was told; those before them are known."""
    up_to = history.told_up_to(session, story_id=story.id, channel=channel)
    known, new = articles.told_in(session, story.id, up_to=up_to, most=TEXTS)
    return news([article.text for article in new], [f"{article.title}\n{article.text}" for article in known])


def _passages(evidence: Sequence[Evidence]) -> tuple[Passage, ...]:
    hits: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)  # of all topics, where they share a passage
    for found in evidence:
        if found.field == "body":
            hits[found.snippet] |= set(found.hits)
    passages = [Passage(text, tuple(sorted(spans))) for text, spans in hits.items()]
    return tuple(passages)[:PASSAGES]
