"""What the pages show of stories: newest first, a page at a time, by where the last one ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Evidence, Quality
from monitor.store.articles import evidence_of
from monitor.store.days import after as after_day
from monitor.store.days import first_of
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, MATCH, NOTIFICATION, STORY

Span = tuple[int, int]  # of numbers of articles, the last not included
MOST: Final = 500  # articles of one story that are shown
_QUALITIES: Final = frozenset(Quality)


@dataclass(frozen=True, slots=True)
class Carrier:
    """An outlet of a story."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class ToldOn:
    """A message about a story: to which channel, what kind, and how far it came."""

    channel: str
    kind: str
    at: datetime  # when it was sent, else when it was decided
    state: str  # of its delivery
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryCard:
    id: int
    title: str
    opened_at: datetime
    updated_at: datetime
    outlets: tuple[Carrier, ...]  # that have an article of their own, the first reporter first
    articles: int  # of these
    copies: int
    topics: tuple[str, ...]
    told: tuple[ToldOn, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An article of a story."""

    id: int
    title: str
    url: str
    outlet: str
    author: str | None
    published_at: datetime | None
    first_seen_at: datetime
    quality: Quality
    quality_reason: str
    copy_of: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """An article concerns a topic, and why."""

    topic: str
    score: int
    title: str  # of the article
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WholeStory:
    card: StoryCard
    reports: tuple[Report, ...]  # in order of arrival, at most `MOST`
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a list, and where the next one begins; None at the end."""

    items: tuple[Any, ...]
    after: int | None


# -- stories -------------------------------------------------------------------------------------


def stories(
    session: Session,
    *,
    topic: str | None = None,
    days: tuple[date, date] | None = None,
    after: int | None = None,
    limit: int = 20,
) -> Sheet:
    """Those that concern a topic (or this one), by their newest article that does; `days`: local, both included."""
    span = (first_of(session, days[0]), after_day(session, days[1])) if days else None
    newest = _newest(session, topic=topic, span=span, after=after, limit=limit)
    ids = [story_id for story_id, _ in newest]
    cards = _cards(session, ids)
    shown = tuple(cards[story_id] for story_id in ids if story_id in cards)
    return Sheet(shown, newest[-1][1] if len(newest) == limit else None)


def _newest(
    session: Session, *, topic: str | None, span: Span | None, after: int | None, limit: int
) -> list[tuple[int, int]]:
    """Stories with their newest match before `after`, each once: those that stood on an earlier page are left out."""
    found: dict[int, int] = {}
    while len(found) < limit:
        wanted = _matched(topic, span).order_by(MATCH.c.article_id.desc()).limit(4 * limit)
        if after is not None:
            wanted = wanted.where(MATCH.c.article_id < after)
        rows = session.execute(wanted).all()
        fresh = {row.story_id for row in rows} - found.keys()
        first = _latest(session, fresh, topic=topic, span=span)
        for row in rows:
            if len(found) < limit and first.get(row.story_id) == row.article_id:
                found.setdefault(row.story_id, row.article_id)
        if len(rows) < 4 * limit:
            break
        after = rows[-1].article_id
    return list(found.items())


def _matched(topic: str | None, span: Span | None) -> sa.Select[Any]:
    wanted = sa.select(ARTICLE.c.story_id, MATCH.c.article_id).join(ARTICLE, ARTICLE.c.id == MATCH.c.article_id)
    if topic is not None:
        wanted = wanted.where(MATCH.c.topic == topic)
    return wanted.where(MATCH.c.article_id >= span[0], MATCH.c.article_id < span[1]) if span else wanted


def _latest(session: Session, ids: Collection[int], *, topic: str | None, span: Span | None) -> Mapping[int, int]:
    matched = _matched(topic, span).where(ARTICLE.c.story_id.in_(ids)).subquery()
    newest = sa.select(matched.c.story_id, sa.func.max(matched.c.article_id)).group_by(matched.c.story_id)
    return {row[0]: row[1] for row in session.execute(newest)} if ids else {}


def _cards(session: Session, ids: Sequence[int]) -> dict[int, StoryCard]:
    outlets, copies = _carriers(session, ids)
    topics, told = _topics(session, ids), _told(session, ids)
    rows = session.execute(sa.select(STORY).where(STORY.c.id.in_(ids)))
    return {
        row.id: StoryCard(
            id=row.id,
            title=row.title,
            opened_at=row.opened_at,
            updated_at=row.updated_at,
            outlets=tuple(outlets[row.id]),
            articles=sum(each.articles for each in outlets[row.id]),
            copies=copies[row.id],
            topics=tuple(topics[row.id]),
            told=tuple(told[row.id]),
        )
        for row in rows
    }


def _carriers(session: Session, ids: Collection[int]) -> tuple[Mapping[int, list[Carrier]], Mapping[int, int]]:
    c = ARTICLE.c
    is_copy = c.copy_of.is_not(None)
    wanted = (
        sa.select(c.story_id, c.outlet, is_copy.label("is_copy"), sa.func.count().label("number"))
        .where(c.story_id.in_(ids))
        .group_by(c.story_id, c.outlet, is_copy)
        .order_by(sa.func.min(c.id))
    )
    outlets: defaultdict[int, list[Carrier]] = defaultdict(list)
    copies: defaultdict[int, int] = defaultdict(int)
    for row in session.execute(wanted):
        if row.is_copy:
            copies[row.story_id] += row.number
        else:
            outlets[row.story_id].append(Carrier(row.outlet, row.number))
    return outlets, copies


def _topics(session: Session, ids: Collection[int]) -> Mapping[int, list[str]]:
    wanted = (
        sa.select(ARTICLE.c.story_id, MATCH.c.topic)
        .join(MATCH, MATCH.c.article_id == ARTICLE.c.id)
        .where(ARTICLE.c.story_id.in_(ids))
        .distinct()
        .order_by(MATCH.c.topic)
    )
    topics: defaultdict[int, list[str]] = defaultdict(list)
    for row in session.execute(wanted):
        topics[row.story_id].append(row.topic)
    return topics


def _told(session: Session, ids: Collection[int]) -> Mapping[int, list[ToldOn]]:
    """Messages that were put into the outbox, each once, with all the topics it was for."""
    a, n, d = ALERT.c, NOTIFICATION.c, DELIVERY.c
    wanted = (
        sa.select(a.story_id, a.topic, n.id, n.kind, n.created_at, d.channel, d.state, d.sent_at)
        .join(NOTIFICATION, n.id == a.notification_id)
        .join(DELIVERY, d.notification_id == n.id)
        .where(a.story_id.in_(ids))
        .order_by(n.created_at, n.id)
    )
    told: defaultdict[int, dict[tuple[int, str], ToldOn]] = defaultdict(dict)
    for row in session.execute(wanted):
        known = told[row.story_id].get((row.id, row.channel))
        topics = tuple(sorted({*(known.topics if known else ()), row.topic}))
        at = row.sent_at or row.created_at
        told[row.story_id][(row.id, row.channel)] = ToldOn(row.channel, row.kind, at, row.state, topics)
    return defaultdict(list, {story_id: list(each.values()) for story_id, each in told.items()})


def story(session: Session, story_id: int) -> WholeStory | None:
    card = _cards(session, [story_id]).get(story_id)
    if card is None:
        return None
    c = ARTICLE.c
    columns = (c.id, c.title, c.url, c.outlet, c.author, c.published_at, c.first_seen_at, c.quality, c.quality_reason)
    rows = session.execute(sa.select(*columns, c.copy_of).where(c.story_id == story_id).order_by(c.id).limit(MOST))
    return WholeStory(card, tuple(_report(row) for row in rows), tuple(_reasons(session, story_id)))


def _report(row: Any) -> Report:
    quality = Quality(row.quality) if row.quality in _QUALITIES else Quality.FULL  # a later version's word
    return Report(
        row.id, row.title, row.url, row.outlet, row.author, row.published_at, row.first_seen_at, quality,
        row.quality_reason, row.copy_of,
    )  # fmt: skip


def _reasons(session: Session, story_id: int) -> list[Reason]:
    """Of each topic the article that concerns it most."""
    m = MATCH.c
    wanted = (
        sa.select(m.topic, m.score, m.article_id, ARTICLE.c.title)
        .join(ARTICLE, ARTICLE.c.id == m.article_id)
        .where(ARTICLE.c.story_id == story_id)
        .order_by(m.topic, m.score.desc(), m.article_id)
    )
    best: dict[str, Any] = {}
    for row in session.execute(wanted):
        best.setdefault(row.topic, row)
    return [
        Reason(row.topic, row.score, row.title, evidence_of(session, row.article_id, row.topic))
        for row in best.values()
    ]
