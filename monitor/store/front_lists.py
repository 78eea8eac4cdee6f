"""What programs ask of articles and alerts: newest first, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.parse.links import file_id
from monitor.store.front import Sheet
from monitor.store.search import Where, found_ids
from monitor.store.search_words import terms_of
from monitor.store.tables import ALERT, ARTICLE, MATCH, STORY

MOST: Final = 4_000_000  # signs of text in a page


@dataclass(frozen=True, slots=True)
class StoredArticle:
    id: int
    file_id: str  # by which its file in the archive, and an export, name it
    url: str
    title: str
    text: str
    author: str | None
    published_at: datetime | None
    first_seen_at: datetime
    feed: str
    outlet: str
    language: str | None
    quality: str
    image: str | None
    story: int
    copy_of: int | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredAlert:
    id: int
    story: int
    title: str  # of the story
    topic: str
    channel: str
    turn: int
    decision: str
    reason: str
    is_urgent: bool
    created_at: datetime
    decided_at: datetime
    due_at: datetime | None
    article: int


def articles(
    session: Session,
    *,
    topic: str | None = None,
    story: int | None = None,
    outlet: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sheet:
    """Each of these may be left out."""
    c = ARTICLE.c
    wanted = sa.select(c.id, sa.func.length(c.text).label("size")).order_by(c.id.desc()).limit(limit)
    if topic is not None:
        m = MATCH.c
        wanted = wanted.join(MATCH, m.article_id == c.id).where(m.topic == topic).order_by(None)
        wanted = wanted.order_by(m.article_id.desc())
    if story is not None:
        wanted = wanted.where(c.story_id == story)
    if outlet is not None:
        wanted = wanted.where(c.outlet == outlet)
    if after is not None:
        wanted = wanted.where((MATCH.c.article_id if topic is not None else c.id) < after)
    sized = session.execute(wanted).all()
    ids = _that_fit(sized)
    return Sheet(_articles(session, ids), ids[-1] if len(ids) < len(sized) or len(ids) == limit else None)


def _that_fit(sized: Sequence[Any]) -> list[int]:
    """The first one, and as many more as a page may hold."""
    sums = accumulate(row.size for row in sized)
    return [row.id for place, (row, total) in enumerate(zip(sized, sums, strict=True)) if not place or total <= MOST]


def _articles(session: Session, ids: Sequence[int]) -> tuple[StoredArticle, ...]:
    """In the order of these numbers."""
    rows = {row.id: row for row in session.execute(sa.select(*_columns()).where(ARTICLE.c.id.in_(ids)))}
    topics = _topics(session, ids)
    return tuple(_article(rows[each], topics) for each in ids if each in rows)


def searched(session: Session, query: str, where: Where, *, after: int | None = None, limit: int = 50) -> Sheet:
    """Articles that hold what was asked for (see search.py)."""
    terms = terms_of(query)
    ids, further = found_ids(session, terms, where, after=after, limit=limit) if terms else ([], None)
    if not ids:
        return Sheet((), further)
    sizes = sa.select(ARTICLE.c.id, sa.func.length(ARTICLE.c.text).label("size")).where(ARTICLE.c.id.in_(ids))
    fitting = _that_fit(session.execute(sizes.order_by(ARTICLE.c.id.desc())).all())
    return Sheet(_articles(session, fitting), fitting[-1] if len(fitting) < len(ids) else further)


def article(session: Session, article_id: int) -> StoredArticle | None:
    row = session.execute(sa.select(*_columns()).where(ARTICLE.c.id == article_id)).one_or_none()
    return None if row is None else _article(row, _topics(session, [row.id]))


def _columns() -> list[sa.Column[Any]]:
    c = ARTICLE.c
    return [
        c.id, c.key, c.url, c.title, c.text, c.author, c.published_at, c.first_seen_at, c.feed, c.outlet, c.language,
        c.quality, c.image, c.story_id, c.copy_of,
    ]  # fmt: skip


def _article(row: sa.Row[Any], topics: Mapping[int, list[str]]) -> StoredArticle:
    return StoredArticle(
        id=row.id,
        file_id=file_id(row.key, row.url),
        url=row.url,
        title=row.title,
        text=row.text,
        author=row.author,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        feed=row.feed,
        outlet=row.outlet,
        language=row.language,
        quality=row.quality,
        image=row.image,
        story=row.story_id,
        copy_of=row.copy_of,
        topics=tuple(topics.get(row.id, ())),
    )


def _topics(session: Session, ids: Collection[int]) -> Mapping[int, list[str]]:
    found = sa.select(MATCH.c.article_id, MATCH.c.topic).where(MATCH.c.article_id.in_(ids)).order_by(MATCH.c.topic)
    topics: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, topic in session.execute(found) if ids else ():
        topics[article_id].append(topic)
    return topics


def alerts(
    session: Session,
    *,
    topic: str | None = None,
    decision: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sheet:
    """What was decided about a story, for a topic, on a channel."""
    a = ALERT.c
    wanted = sa.select(ALERT, STORY.c.title).join(STORY, STORY.c.id == a.story_id).order_by(a.id.desc()).limit(limit)
    if topic is not None:
        wanted = wanted.where(a.topic == topic)
    if decision is not None:
        wanted = wanted.where(a.decision == decision)
    rows = session.execute(wanted.where(a.id < after) if after is not None else wanted).all()
    found = tuple(
        StoredAlert(
            row.id, row.story_id, row.title, row.topic, row.channel, row.turn, row.decision, row.reason, row.is_urgent,
            row.created_at, row.decided_at, row.due_at, row.article_id,
        )
        for row in rows
    )  # fmt: skip
    return Sheet(found, rows[-1].id if len(rows) == limit else None)
