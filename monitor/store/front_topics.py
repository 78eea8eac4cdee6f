"""What the pages show of topics: how much each matched, and what."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Evidence
from monitor.store.articles import evidence_of
from monitor.store.front import Sheet
from monitor.store.tables import ARTICLE, MATCH

_NONE: Final = 2**62  # no article has so high a number


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


def matches_per_day(session: Session, *, days: Sequence[date], topic: str | None = None) -> dict[str, list[int]]:
    """How many articles of each of these days, which follow each other, concern a topic; topics without any are left out.

    Articles come in the order of their days, so a match is counted by the number of its article: looking each one up
    would take five times as long.
    """
    firsts = [_first_of(session, day) for day in days]
    wanted = sa.select(MATCH.c.topic, MATCH.c.article_id).where(MATCH.c.article_id >= firsts[0])
    wanted = wanted.where(MATCH.c.article_id < _first_of(session, days[-1] + timedelta(days=1)))
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(days))
    for name, article_id in session.execute(wanted if topic is None else wanted.where(MATCH.c.topic == topic)):
        counted[name][bisect_right(firsts, article_id) - 1] += 1
    return dict(counted)


def _first_of(session: Session, day: date) -> int:
    """The first article of this day, or of a later one."""
    c = ARTICLE.c
    first: int | None = session.scalar(sa.select(c.id).where(c.day >= day).order_by(c.day, c.number).limit(1))
    return first if first is not None else _NONE


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
