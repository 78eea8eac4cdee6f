"""The archive in order of arrival, to be judged once more; and its stories, copied to where that is tried out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Article
from monitor.store.articles import article_of
from monitor.store.tables import ARTICLE, MATCH, STORY

AT_ONCE: Final = 1000  # rows read together
NAMED: Final = 500  # stories of one question


Passes = Callable[[str, str], bool]  # by title and text


@dataclass(frozen=True, slots=True)
class Arrived:
    """An article, and where it was put."""

    id: int
    article: Article
    story_id: int
    copy_of: int | None = None

    @property
    def at(self) -> datetime:
        return self.article.first_seen_at


@dataclass(frozen=True, slots=True)
class Opened:
    """A story as it stands in the archive."""

    id: int
    title: str
    opened_at: datetime


def count(session: Session, *, since: datetime, until: datetime) -> int:
    """How many articles came within this time."""
    return session.scalar(sa.select(sa.func.count()).where(_within(since, until))) or 0


def arrivals(session: Session, *, since: datetime, until: datetime) -> Iterator[Arrived]:
    """All articles of this time, in order of arrival, `until` included."""
    wanted = sa.select(ARTICLE).where(_within(since, until)).order_by(ARTICLE.c.id)
    for rows in session.execute(wanted.execution_options(yield_per=AT_ONCE)).partitions():
        yield from map(_arrived, rows)


def that_pass(
    session: Session, passes: Passes, *, since: datetime, until: datetime
) -> Iterator[tuple[int, Arrived | None]]:
    """How many articles were looked at so far, and each that passes by its title and text, in order of arrival."""
    c = ARTICLE.c
    wanted = sa.select(c.id, c.title, c.text).where(_within(since, until)).order_by(c.id)
    looked_at = 0
    for rows in session.execute(wanted.execution_options(yield_per=AT_ONCE)).partitions():
        ids = [row_id for row_id, title, text in rows if passes(title, text)]
        looked_at += len(rows)
        yield looked_at, None
        for start in range(0, len(ids), NAMED):
            some = sa.select(ARTICLE).where(c.id.in_(ids[start : start + NAMED])).order_by(c.id)
            for row in session.execute(some):
                yield looked_at, _arrived(row)


def matched(session: Session, *, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Topic and article of each match of this time, as they were found then."""
    found = sa.select(MATCH.c.topic, MATCH.c.article_id).join(ARTICLE, ARTICLE.c.id == MATCH.c.article_id)
    return [(row.topic, row.article_id) for row in session.execute(found.where(_within(since, until)))]


def of_stories(session: Session, story_ids: Collection[int], *, until: datetime) -> list[Arrived]:
    """All articles of these stories, in order of arrival."""
    c, known = ARTICLE.c, sorted(story_ids)
    found: list[Arrived] = []
    for start in range(0, len(known), NAMED):
        part = c.story_id.in_(known[start : start + NAMED])
        found += map(_arrived, session.execute(sa.select(ARTICLE).where(part, c.first_seen_at <= until)))
    return sorted(found, key=lambda each: (each.at, each.id))


def stories(session: Session, story_ids: Collection[int]) -> dict[int, Opened]:
    c, known = STORY.c, sorted(story_ids)
    found: dict[int, Opened] = {}
    for start in range(0, len(known), NAMED):
        rows = session.execute(sa.select(c.id, c.title, c.opened_at).where(c.id.in_(known[start : start + NAMED])))
        found |= {row.id: Opened(row.id, row.title, row.opened_at) for row in rows}
    return found


def _within(since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    c = ARTICLE.c
    return sa.and_(c.first_seen_at >= since, c.first_seen_at <= until, c.emptied_at.is_(None))


def _arrived(row: sa.Row[Any]) -> Arrived:
    return Arrived(row.id, article_of(row), row.story_id, row.copy_of)


# -- copied --------------------------------------------------------------------------------------


def copy_stories(session: Session, opened: Sequence[Opened]) -> None:
    """With their numbers; their articles are for `copy_articles`."""
    rows = [
        {"id": each.id, "title": each.title, "opened_at": each.opened_at, "updated_at": each.opened_at}
        for each in opened
    ]
    if rows:
        session.execute(sa.insert(STORY), rows)


def copy_articles(session: Session, arrived: Sequence[Arrived]) -> None:
    """With their numbers; they are no work for anybody."""
    rows = [
        asdict(each.article)
        | {"day": each.at.date(), "number": each.id, "claims": 0}
        | {"id": each.id, "story_id": each.story_id, "copy_of": each.copy_of}
        for each in arrived
    ]
    if rows:
        session.execute(sa.insert(ARTICLE), rows)


def make_tables(session: Session) -> None:
    """Those of a database that is thrown away: nobody searches it for words, and it has no past."""
    ARTICLE.metadata.create_all(session.connection())
