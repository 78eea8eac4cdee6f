"""What the pages show of topics: how much each matched, and what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Evidence
from monitor.store.articles import evidence_of
from monitor.store.days import bounds
from monitor.store.front import Sheet
from monitor.store.tables import ARTICLE, MATCH


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that concerns a topic."""

    id: int
    story_id: int
    title: str
    url: str
    outlet: str
    first_seen_at: datetime
    score: int
    evidence: tuple[Evidence, ...]


def matches_per_day(session: Session, topics: Sequence[str], *, days: Sequence[date]) -> dict[str, list[int]]:
    """How many articles of each of these days, which follow each other, concern each topic."""
    spans = [(place, *span) for place, span in enumerate(bounds(session, days)) if span[0] < span[1]]
    counted = {topic: [0] * len(days) for topic in topics}
    if not spans or not topics:
        return counted
    t = sa.values(sa.column("topic", sa.String), name="t").data([(topic,) for topic in topics]).cte()
    columns = (sa.column(name, sa.BigInteger) for name in ("place", "first", "next"))
    d = sa.values(*columns, name="d").data(spans).cte()
    m = MATCH.c
    is_of = sa.and_(m.topic == t.c.topic, m.article_id >= d.c.first, m.article_id < d.c.next)
    count = sa.select(sa.func.count()).select_from(MATCH).where(is_of).scalar_subquery()
    for topic, place, number in session.execute(
        sa.select(t.c.topic, d.c.place, count).select_from(t.join(d, sa.true()))
    ):
        counted[topic][place] = number
    return counted


def first_day(session: Session) -> date | None:
    """Of the oldest article that there is."""
    first: date | None = session.scalar(sa.select(sa.func.min(ARTICLE.c.day)))
    return first


def last_matches(session: Session, topics: Collection[str]) -> dict[str, datetime]:
    """When each of them matched last."""
    newest = (
        sa.select(MATCH.c.topic, sa.func.max(MATCH.c.article_id).label("id"))
        .where(MATCH.c.topic.in_(topics))
        .group_by(MATCH.c.topic)
        .subquery()
    )
    wanted = sa.select(newest.c.topic, ARTICLE.c.first_seen_at).join(ARTICLE, ARTICLE.c.id == newest.c.id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def hits(session: Session, topic: str, *, after: int | None = None, limit: int = 20) -> Sheet:
    """Articles that concern a topic."""
    a, m = ARTICLE.c, MATCH.c
    wanted = (
        sa.select(a.id, a.story_id, a.title, a.url, a.outlet, a.first_seen_at, m.score)
        .join(MATCH, m.article_id == a.id)
        .where(m.topic == topic)
        .order_by(m.article_id.desc())
        .limit(limit)
    )
    rows = session.execute(wanted.where(m.article_id < after) if after is not None else wanted).all()
    found = tuple(
        Hit(
            row.id, row.story_id, row.title, row.url, row.outlet, row.first_seen_at, row.score,
            evidence_of(session, row.id, topic),
        )
        for row in rows
    )  # fmt: skip
    return Sheet(found, rows[-1].id if len(rows) == limit else None)
