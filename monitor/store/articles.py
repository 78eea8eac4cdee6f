"""Articles, which of them are the same, and their place in the archive."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Article, Claim, Evidence, Likeness, Match, Nearest, Quality
from monitor.store import leases
from monitor.store.fitting import indexable
from monitor.store.tables import ARTICLE, MATCH, STORY

LEASE: Final = timedelta(minutes=3)
EVIDENCE: Final = TypeAdapter(tuple[Evidence, ...])
PLACING: Final[TypeAdapter[Nearest | Likeness]] = TypeAdapter(Nearest | Likeness)
# A title alone, or a line or two, may well stand over two different articles.
SAME_TEXT: Final = 200
_QUALITIES: Final = frozenset(Quality)
SAME: Final = 3  # articles looked at, of those that may be the same by key or guid, and of those by text


@dataclass(frozen=True, slots=True)
class Filed:
    """An article with its place in the archive: local day and number within it."""

    article: Article
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as it is exported."""

    article: Article
    story_id: int
    topics: tuple[str, ...]
    original: Article | None = None  # of which it is a copy


# -- identity ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """An article we have that is the same."""

    id: int
    is_copy: bool  # it has the same text; else it is the same by key or guid
    copy_of: int | None  # itself a copy of this one
    article: Article
    story_id: int
    topics: frozenset[str]  # that it matched


def same(
    session: Session, article: Article, *, since: datetime | None = None, window: timedelta = timedelta()
) -> list[Known]:
    """Articles we have that may be the same, the surest first: by key, by guid within the outlet, by title and text.

    A text that comes again after a while is news again, as each month's reminder is: only what was seen `since` then
    counts. Of older ones, what bears a figure in its title, as a date, a score and a price do not come again; but not
    where the new one says that it was published more than the window later.
    """
    c = ARTICLE.c
    is_key = c.key == indexable(article.key)
    itself = is_key
    if article.guid:
        itself = sa.or_(is_key, sa.and_(c.guid == indexable(article.guid), c.outlet == article.outlet))
    found = _known(session, itself, sa.case((is_key, 0), else_=1), c.id.desc(), is_copy=False)
    if len(article.text) < SAME_TEXT:
        return found
    is_same_text = c.content_hash == article.content_hash
    is_recent = c.first_seen_at >= since if since is not None else sa.true()
    counts = sa.or_(is_recent, _is_of_the_same_day(article, window))
    by_age, by_outlet = sa.case((is_recent, 0), else_=1), sa.case((c.outlet == article.outlet, 0), else_=1)
    which = sa.and_(is_same_text, counts)
    return found + _known(session, which, by_age, by_outlet, c.copy_of.is_not(None), c.id, is_copy=True)


def _is_of_the_same_day(article: Article, window: timedelta) -> sa.ColumnElement[bool]:
    """Though it was seen long ago: a title with a figure comes once, unless what was published says otherwise."""
    if not any(char.isdigit() for char in article.title):
        return sa.false()
    if article.published_at is None:
        return sa.true()
    return sa.func.coalesce(ARTICLE.c.published_at, ARTICLE.c.first_seen_at) >= article.published_at - window


def known(session: Session, article_id: int) -> Known:
    (found,) = _known(session, ARTICLE.c.id == article_id, ARTICLE.c.id, is_copy=False)
    return found


def _known(
    session: Session, which: sa.ColumnElement[bool], *order: sa.ColumnElement[Any], is_copy: bool
) -> list[Known]:
    rows = session.execute(sa.select(ARTICLE).where(which).order_by(*order).limit(SAME)).all()
    topics = _topics(session, [row.id for row in rows]) if rows else {}
    return [
        Known(row.id, is_copy, row.copy_of, article_of(row), row.story_id, frozenset(topics.get(row.id, ())))
        for row in rows
    ]


def update(session: Session, article_id: int, article: Article, *, now: datetime) -> None:
    """It says something else by now, or more; its file is written again. Its key, address and place stay as they were."""
    values = asdict(article)
    told = ("title", "text", "content_hash", "quality", "quality_reason", "author", "language", "published_at", "image")
    changes = {name: values[name] for name in told}
    session.execute(sa.update(ARTICLE).where(ARTICLE.c.id == article_id).values(**changes, due_at=now))


# -- articles ------------------------------------------------------------------------------------


def add(
    session: Session,
    article: Article,
    *,
    story_id: int,
    day: date,
    now: datetime,
    copy_of: int | None = None,
    placing: Likeness | Nearest | None = None,
) -> int:
    """Store it with its place in the archive, and why it stands in its story; its file is due."""
    guid = indexable(article.guid) if article.guid else None
    values: dict[str, Any] = asdict(article) | {"key": indexable(article.key), "guid": guid}
    number = sa.select(sa.func.coalesce(sa.func.max(ARTICLE.c.number) + 1, 0)).where(ARTICLE.c.day == day)
    adding = sa.insert(ARTICLE).values(
        **values,
        story_id=story_id,
        copy_of=copy_of,
        placing=PLACING.dump_json(placing).decode() if placing else None,
        day=day,
        number=number.scalar_subquery(),
        due_at=now,
        claims=0,
    )
    article_id: int = session.execute(adding.returning(ARTICLE.c.id)).scalar_one()
    session.execute(sa.update(STORY).where(STORY.c.id == story_id).values(updated_at=now))
    return article_id


def add_matches(session: Session, article_id: int, matches: tuple[Match, ...]) -> None:
    if not matches:
        return
    rows = [
        {"article_id": article_id, "topic": match.topic, "score": match.score, "evidence": _evidence(match)}
        for match in matches
    ]
    session.execute(sa.insert(MATCH), rows)


def match_again(session: Session, article_id: int, matches: tuple[Match, ...]) -> None:
    """Its text was replaced: what was found in the old one is no longer there, and stands for no topic."""
    c = MATCH.c
    mine = c.article_id == article_id
    session.execute(sa.update(MATCH).where(mine).values(evidence="[]"))
    known = set(session.scalars(sa.select(c.topic).where(mine)))
    for match in matches:
        if match.topic in known:
            found = {"score": match.score, "evidence": _evidence(match)}
            session.execute(sa.update(MATCH).where(mine, c.topic == match.topic).values(**found))
    add_matches(session, article_id, tuple(match for match in matches if match.topic not in known))


def _evidence(match: Match) -> str:
    return json.dumps([asdict(evidence) for evidence in match.evidence], ensure_ascii=False)


def get(session: Session, article_id: int) -> Article:
    return article_of(session.execute(sa.select(ARTICLE).where(ARTICLE.c.id == article_id)).one())


def by_key(session: Session, keys: Collection[str]) -> dict[str, Article]:
    """Those of these keys that there are; of what stood at an address one after the other the newest."""
    found = sa.select(ARTICLE).where(ARTICLE.c.key.in_(map(indexable, keys))).order_by(ARTICLE.c.id) if keys else None
    rows = {row.key: article_of(row) for row in session.execute(found)} if found is not None else {}
    return {key: rows[indexable(key)] for key in keys if indexable(key) in rows}


def newest(session: Session, story_id: int) -> int:
    """The last article that joined the story."""
    return session.scalar(sa.select(sa.func.max(ARTICLE.c.id)).where(ARTICLE.c.story_id == story_id)) or 0


def told_in(session: Session, story_id: int, *, up_to: int, most: int) -> tuple[Sequence[Article], Sequence[Article]]:
    """The newest articles of the story up to this one, and those after it; copies say nothing of their own."""
    c = ARTICLE.c
    own = sa.select(ARTICLE).where(c.story_id == story_id, c.copy_of.is_(None)).order_by(c.id.desc()).limit(most)
    before, after = (session.execute(own.where(part)).all() for part in (c.id <= up_to, c.id > up_to))
    return [article_of(row) for row in before], [article_of(row) for row in after]


def evidence_of(session: Session, article_id: int, topic: str) -> tuple[Evidence, ...]:
    found = sa.select(MATCH.c.evidence).where(MATCH.c.article_id == article_id, MATCH.c.topic == topic)
    return passages(session.scalar(found) or "[]")


def best_score(session: Session, story_id: int, topic: str) -> int:
    """Of the topic's matches in the story; 0: there are none by now."""
    c, m = ARTICLE.c, MATCH.c
    best = sa.select(sa.func.max(m.score)).join(ARTICLE, c.id == m.article_id)
    return session.scalar(best.where(c.story_id == story_id, m.topic == topic)) or 0


def passages(written: str) -> tuple[Evidence, ...]:
    try:
        return EVIDENCE.validate_json(written)
    except ValidationError:  # of another version: the alert goes out without its passages
        return ()


def article_of(row: sa.Row[Any]) -> Article:
    return Article(
        key=row.key,
        url=row.url,
        title=row.title,
        text=row.text,
        first_seen_at=row.first_seen_at,
        outlet=row.outlet,
        feed=row.feed,
        content_hash=row.content_hash,
        published_at=row.published_at,
        guid=row.guid,
        author=row.author,
        language=row.language,
        quality=Quality(row.quality) if row.quality in _QUALITIES else Quality.FULL,  # a later version's word
        quality_reason=row.quality_reason,
        image=row.image,
    )


def kept(session: Session, *, topic: str | None, story_id: int | None, since: datetime | None) -> Iterator[Kept]:
    """Articles in order of arrival, a few at a time; those whose text was deleted are left out."""
    wanted = (
        sa.select(ARTICLE).where(ARTICLE.c.emptied_at.is_(None)).order_by(ARTICLE.c.id).execution_options(yield_per=200)
    )
    if topic is not None:
        wanted = wanted.join(MATCH, MATCH.c.article_id == ARTICLE.c.id).where(MATCH.c.topic == topic)
    if story_id is not None:
        wanted = wanted.where(ARTICLE.c.story_id == story_id)
    if since is not None:
        wanted = wanted.where(ARTICLE.c.first_seen_at >= since)
    for rows in session.execute(wanted).partitions():
        topics = _topics(session, [row.id for row in rows])
        originals = _originals(session, {row.copy_of for row in rows if row.copy_of is not None})
        for row in rows:
            yield Kept(article_of(row), row.story_id, tuple(topics[row.id]), originals.get(row.copy_of))


def _originals(session: Session, article_ids: set[int]) -> dict[int | None, Article]:
    found = session.execute(sa.select(ARTICLE).where(ARTICLE.c.id.in_(article_ids))) if article_ids else ()
    return {row.id: article_of(row) for row in found}


def _topics(session: Session, article_ids: list[int]) -> defaultdict[int, list[str]]:
    topics: defaultdict[int, list[str]] = defaultdict(list)
    some = MATCH.c.article_id.in_(article_ids)
    for row in session.execute(sa.select(MATCH.c.article_id, MATCH.c.topic).where(some).order_by(MATCH.c.topic)):
        topics[row.article_id].append(row.topic)
    return topics


def count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(ARTICLE)) or 0


# -- the archive ---------------------------------------------------------------------------------


def claim_unfiled(session: Session, *, now: datetime, limit: int) -> list[Claim[Filed]]:
    token, ids = leases.take(session, ARTICLE, now=now, lease=LEASE, limit=limit)
    rows = {row.id: row for row in session.execute(sa.select(ARTICLE).where(ARTICLE.c.id.in_(ids)))}
    filed = {row_id: Filed(article_of(row), row.day, row.number) for row_id, row in rows.items()}
    return [Claim(row_id, token, filed[row_id]) for row_id in ids]


def filed(session: Session, claims: list[Claim[Filed]], *, now: datetime) -> None:
    """What says something else meanwhile is written again."""
    c = ARTICLE.c
    for claim in claims:
        is_so = sa.and_(c.title == claim.value.article.title, c.text == claim.value.article.text)
        due_at = sa.case((is_so, None), else_=c.due_at)
        leases.close(session, ARTICLE, claim.id, claim.token, due_at=due_at, archived_at=now)


def file_later(session: Session, claims: list[Claim[Filed]], *, due_at: datetime) -> None:
    for claim in claims:
        leases.close(session, ARTICLE, claim.id, claim.token, due_at=due_at)
