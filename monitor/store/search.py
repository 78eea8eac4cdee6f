"""Full-text search of the articles: FTS5 on SQLite, a tsvector on PostgreSQL; newest first, a page at a time.

The index is kept by the database itself (migration 0009), so that no way of writing an article can miss it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from monitor.store.days import after as after_day
from monitor.store.days import first_of
from monitor.store.front import Sheet
from monitor.store.search_words import Passage, Term, hits_in, passage, terms_of
from monitor.store.tables import ARTICLE, ENTRY, FEED

AT_ONCE: Final = 5_000  # articles with the words that are looked at for their feed
MOST: Final = 20_000  # of them for one page; the next one goes on from there


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    story_id: int
    title: Passage
    text: Passage  # a piece of it
    url: str
    outlet: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Where:
    """Where to look: local days, both included; URLs of feeds that listed the article, as configured."""

    from_day: date | None = None
    to_day: date | None = None
    feeds: Collection[str] | None = None


EVERYWHERE: Final = Where()


def search(
    session: Session, query: str, where: Where = EVERYWHERE, *, after: int | None = None, limit: int = 20
) -> Sheet:
    """Articles that hold what was asked for (see `search_words`). Where feeds are named a page may be short of some."""
    terms = terms_of(query)
    ids, further = found_ids(session, terms, where, after=after, limit=limit) if terms else ([], None)
    c = ARTICLE.c
    columns = (c.id, c.story_id, c.title, c.text, c.url, c.outlet, c.first_seen_at)
    rows: dict[int, Any] = {row.id: row for row in session.execute(sa.select(*columns).where(c.id.in_(ids)))}
    return Sheet(tuple(_found(rows[each], terms) for each in ids if each in rows), further)


def _found(row: Any, terms: Sequence[Term]) -> Found:
    title = Passage(row.title, tuple(hits_in(row.title, terms)))
    return Found(row.id, row.story_id, title, passage(row.text, terms), row.url, row.outlet, row.first_seen_at)


def unfound(session: Session, names: Sequence[str], *, since: date) -> list[str]:
    """Those of the names that no article since that day holds."""
    return [name for name in names if not _is_found(session, terms_of(f'"{name}"'), since)]


def _is_found(session: Session, terms: Sequence[Term], since: date) -> bool:
    """What can't be looked for so, as a name without a letter, is taken for found."""
    return not terms or bool(found_ids(session, terms, Where(from_day=since), after=None, limit=1)[0])


# -- the index -----------------------------------------------------------------------------------


def found_ids(
    session: Session, terms: Sequence[Term], where: Where, *, after: int | None, limit: int
) -> tuple[list[int], int | None]:
    """Numbers of articles, and where the next page begins."""
    wanted = _of_days(session, _index(session, terms), where)
    if where.feeds is None:
        ids = _below(session, wanted, after, limit)
        return ids, ids[-1] if len(ids) == limit else None
    found: list[int] = []
    for _ in range(MOST // AT_ONCE):
        some = _newest(wanted, after, AT_ONCE).subquery()
        found += session.scalars(_listed(some, where.feeds).limit(limit - len(found)))
        if len(found) == limit:
            return found, found[-1]
        last, count = session.execute(sa.select(sa.func.min(some.c[0]), sa.func.count()).select_from(some)).one()
        if count < AT_ONCE:
            return found, None
        after = last
    return found, after


def _below(session: Session, wanted: sa.Select[Any], after: int | None, limit: int) -> list[int]:
    return list(session.scalars(_newest(wanted, after, limit)))


def _newest(wanted: sa.Select[Any], after: int | None, limit: int) -> sa.Select[Any]:
    number = wanted.selected_columns[0]
    some = wanted if after is None else wanted.where(number < after)
    return some.order_by(number.desc()).limit(limit)


def _listed(some: sa.Subquery, feeds: Collection[str]) -> sa.Select[Any]:
    """Those of them that one of the feeds listed."""
    e, number = ENTRY.c, some.c[0]
    ids = sa.select(FEED.c.id).where(FEED.c.url.in_(feeds)).scalar_subquery()
    is_listed = sa.exists().where(e.article_id == number, e.feed_id.in_(ids))
    return sa.select(number).where(is_listed).order_by(number.desc())


def _of_days(session: Session, wanted: sa.Select[Any], where: Where) -> sa.Select[Any]:
    number = wanted.selected_columns[0]
    if where.from_day is not None:
        wanted = wanted.where(number >= first_of(session, where.from_day))
    if where.to_day is not None:
        wanted = wanted.where(number < after_day(session, where.to_day))
    return wanted


def _index(session: Session, terms: Sequence[Term]) -> sa.Select[Any]:
    if session.get_bind().dialect.name == "sqlite":
        table = sa.table("article_words", sa.column("rowid", sa.Integer))
        asked = sa.literal_column("article_words").op("MATCH")(_fts(terms))
        return sa.select(table.c.rowid).where(asked)
    asked = sa.literal_column("article.words").op("@@")(sa.cast(_tsquery(terms), TSQUERY))
    return sa.select(ARTICLE.c.id).where(asked)


def _fts(terms: Sequence[Term]) -> str:
    """In the language of FTS5. Words hold nothing but letters and digits."""
    said = [f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms if not term.is_excluded]
    never = [f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms if term.is_excluded]
    wanted = f"({' AND '.join(said)})"
    return f"{wanted} NOT ({' OR '.join(never)})" if never else wanted


def _tsquery(terms: Sequence[Term]) -> str:
    """In the language of PostgreSQL."""
    return " & ".join(f"{'!' if term.is_excluded else ''}({_in_a_row(term)})" for term in terms)


def _in_a_row(term: Term) -> str:
    *before, last = (f"'{word}'" for word in term.words)
    return " <-> ".join([*before, f"{last}:*" if term.is_prefix else last])
