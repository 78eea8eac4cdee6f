"""What the pages show of topics: how much each matched, and what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Evidence
from monitor.store.articles import evidence_of
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


def matches_per_day(session: Session, *, since: date, topic: str | None = None) -> dict[str, dict[date, int]]:
    """By topic and local day."""
    wanted = (
        sa.select(MATCH.c.topic, ARTICLE.c.day, sa.func.count())
        .join(ARTICLE, ARTICLE.c.id == MATCH.c.article_id)
        .where(ARTICLE.c.day >= since)
        .group_by(MATCH.c.topic, ARTICLE.c.day)
    )
    if topic is not None:
        wanted = wanted.where(MATCH.c.topic == topic)
    counted: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for name, day, count in session.execute(wanted):
        counted[name][day] = count
    return dict(counted)


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
