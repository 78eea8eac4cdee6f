"""What people ask afterwards: what became of an address at every stage, and which stories are the largest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Article, Correction, Likeness, Match, Nearest, Story
from monitor.parse.links import canonical_url, text_id
from monitor.store import articles, stories
from monitor.store.fitting import indexable
from monitor.store.listings import ENTRIES
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY, FEED, MATCH, STORY, EntryState

CORRECTIONS: Final = TypeAdapter(Correction)
UNREAD: Final = (EntryState.WAITING, EntryState.POISONED)
FURTHEST: Final = 5  # times that a delivery is followed to where it was moved


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, read in every way it may be meant."""

    keys: frozenset[str]  # addresses, in each way they are known by; guids
    id: str | None = None  # 16 hex digits of an article


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry: that a feed listed it, and how far it came."""

    feed: str  # as configured
    feed_name: str
    state: str
    first_seen_at: datetime
    due_at: datetime | None
    tries: int  # of its page that failed
    readings: int  # anew, as its listing changed
    has_article: bool
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An article where it stands: in the archive, and in its story."""

    article: Article
    day: date
    number: int
    archived_at: datetime | None
    matches: tuple[Match, ...]
    story: Story
    is_first: bool  # of its story
    placing: Likeness | Nearest | None  # the numbers that decided, where there were any
    nearest: Article | None  # that these are about
    original: Article | None  # of which it is a copy


@dataclass(frozen=True, slots=True)
class Carried:
    """A delivery of a message that tells the story."""

    channel: str
    state: str
    attempts: int
    due_at: datetime | None
    sent_at: datetime | None
    provider_id: str | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Telling:
    """What was decided about the story, for one topic on one channel, and what came of it."""

    topic: str
    channel: str
    turn: int
    decision: str
    reason: str
    until: datetime | None  # of a held one: when it is judged again
    decided_at: datetime
    is_urgent: bool
    is_correction: bool
    correction: Correction | None  # what was corrected
    note: str  # what silenced or hid it, or how weak it was
    occasion: Article
    deliveries: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of what was asked for."""

    entries: tuple[Listed, ...] = ()
    placed: Placed | None = None
    alerts: tuple[Telling, ...] = ()
    others: tuple[Article, ...] = ()  # earlier ones that the same address, or guid, showed


@dataclass(frozen=True, slots=True)
class Sized:
    """A story, and how many articles it has."""

    story: Story
    articles: int


def largest(session: Session, *, since: datetime, limit: int) -> list[Sized]:
    """Of the stories that were opened since then those with most outlets, copies not counted; of equal ones the newest."""
    c, s = ARTICLE.c, STORY.c
    own = sa.func.count(sa.distinct(sa.case((c.copy_of.is_(None), c.outlet))))
    count = sa.func.count(c.id)
    sizes = sa.select(c.story_id, count).join(STORY, s.id == c.story_id).where(s.opened_at >= since)
    chosen = sizes.group_by(c.story_id).order_by(own.desc(), count.desc(), c.story_id.desc()).limit(limit)
    return [Sized(stories.story(session, story_id), many) for story_id, many in session.execute(chosen)]


def account(session: Session, asked: Asked) -> Account:
    """Of several articles under one address the newest is told in full."""
    by_key = _entries_by_key(session, asked.keys)
    of_entries = {row.article_id for row in by_key if row.article_id is not None}
    found = sorted(_articles(session, asked) | of_entries, reverse=True)
    rows = {row.id: row for row in [*by_key, *_unread(session, asked.keys), *_entries_of(session, found)]}
    listed = tuple(_listed(row) for _, row in sorted(rows.items()))
    if not found:
        return Account(listed)
    placed = _placed(session, found[0])
    others = tuple(articles.get(session, article_id) for article_id in found[1:])
    return Account(listed, placed, _tellings(session, placed.story.id), others)


def feeds_with(session: Session, outlet: str) -> list[str]:
    """The feeds that listed articles of this outlet, whoever's they are; first that which listed most."""
    c = ARTICLE.c
    found = sa.select(c.feed).where(c.outlet == outlet).group_by(c.feed).order_by(sa.func.count().desc(), c.feed)
    return list(session.scalars(found))


# -- what is meant -------------------------------------------------------------------------------


def _articles(session: Session, asked: Asked) -> set[int]:
    c = ARTICLE.c
    keys = [indexable(key) for key in asked.keys]
    found = set(session.scalars(sa.select(c.id).where(sa.or_(c.key.in_(keys), c.guid.in_(keys)))))
    # An address that shows something else each time: its key is that of the address, then that of the entry.
    further = sa.or_(sa.false(), *(sa.func.substr(c.key, 1, len(key) + 1) == f"{key}#" for key in keys))
    found.update(session.scalars(sa.select(c.id).where(further)))
    return found | _by_id(session, asked.id) if asked.id else found


def _by_id(session: Session, asked: str) -> set[int]:
    """A file's own id stands in its key; that of an address is made from it, so all have to be looked at."""
    c = ARTICLE.c
    if own := set(session.scalars(sa.select(c.id).where(c.key == f"text:{asked}"))):
        return own
    rows = session.execute(sa.select(c.id, c.key, c.url).execution_options(yield_per=1_000))
    alike = [row for row in rows if asked in (text_id(row.url), text_id(row.key))]
    return {row.id for row in alike if asked == text_id(row.url if canonical_url(row.url) == row.key else row.key)}


def _entries_by_key(session: Session, keys: Collection[str]) -> Sequence[sa.Row[Any]]:
    c = ENTRY.c
    known = sa.and_(c.feed_id.in_(sa.select(FEED.c.id)), c.key.in_([indexable(key) for key in keys]))
    return session.execute(_with_feed().where(known)).all()


def _entries_of(session: Session, article_ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
    return session.execute(_with_feed().where(ENTRY.c.article_id.in_(article_ids[:1]))).all()


def _unread(session: Session, keys: Collection[str]) -> list[sa.Row[Any]]:
    """Those that wait, or were set aside, may be known by another name: their address stands in what the feed said."""
    c = ENTRY.c
    waiting = session.execute(_with_feed().where(c.state.in_(UNREAD), c.content.is_not(None))).all()
    return [row for row in waiting if _address(row.content) in keys]


def _address(content: str) -> str:
    try:
        return canonical_url(ENTRIES.validate_json(content).url)
    except ValidationError:  # of another version
        return ""


def _with_feed() -> sa.Select[Any]:
    return sa.select(ENTRY, FEED.c.url.label("feed"), FEED.c.name.label("feed_name")).join(
        FEED, FEED.c.id == ENTRY.c.feed_id
    )


def _listed(row: sa.Row[Any]) -> Listed:
    return Listed(
        feed=row.feed,
        feed_name=row.feed_name,
        state=row.state,
        first_seen_at=row.first_seen_at,
        due_at=row.due_at,
        tries=row.tries,
        readings=row.readings,
        has_article=row.article_id is not None,
        last_error=row.last_error,
    )


# -- the article and its story -------------------------------------------------------------------


def _placed(session: Session, article_id: int) -> Placed:
    c = ARTICLE.c
    columns = (c.day, c.number, c.archived_at, c.story_id, c.copy_of, c.placing)
    row = session.execute(sa.select(*columns).where(c.id == article_id)).one()
    first = session.scalar(sa.select(sa.func.min(c.id)).where(c.story_id == row.story_id))
    placing = _placing(row.placing)
    likeness = placing.likeness if isinstance(placing, Nearest) else placing
    return Placed(
        article=articles.get(session, article_id),
        day=row.day,
        number=row.number,
        archived_at=row.archived_at,
        matches=_matches(session, article_id),
        story=stories.story(session, row.story_id),
        is_first=first == article_id,
        placing=placing,
        nearest=_article(session, likeness.article_id) if likeness else None,
        original=_article(session, row.copy_of),
    )


def _placing(content: str | None) -> Likeness | Nearest | None:
    try:
        return articles.PLACING.validate_json(content) if content else None
    except ValidationError:  # of another version
        return None


def _article(session: Session, article_id: int | None) -> Article | None:
    if article_id is None or session.scalar(sa.select(ARTICLE.c.id).where(ARTICLE.c.id == article_id)) is None:
        return None
    return articles.get(session, article_id)


def _matches(session: Session, article_id: int) -> tuple[Match, ...]:
    c = MATCH.c
    rows = session.execute(sa.select(c.topic, c.score).where(c.article_id == article_id).order_by(c.topic)).all()
    return tuple(Match(row.topic, row.score, articles.evidence_of(session, article_id, row.topic)) for row in rows)


# -- who was told --------------------------------------------------------------------------------


def _tellings(session: Session, story_id: int) -> tuple[Telling, ...]:
    c = ALERT.c
    rows = session.execute(sa.select(ALERT).where(c.story_id == story_id).order_by(c.topic, c.channel, c.turn)).all()
    occasions = {article_id: articles.get(session, article_id) for article_id in {row.article_id for row in rows}}
    return tuple(
        Telling(
            topic=row.topic,
            channel=row.channel,
            turn=row.turn,
            decision=row.decision,
            reason=row.reason,
            note=row.note,
            until=row.due_at,
            decided_at=row.decided_at,
            is_urgent=row.is_urgent,
            is_correction=row.is_correction,
            correction=_correction(row.correction),
            occasion=occasions[row.article_id],
            deliveries=_deliveries(session, row.notification_id),
        )
        for row in rows
    )


def _correction(content: str | None) -> Correction | None:
    try:
        return CORRECTIONS.validate_json(content) if content else None
    except ValidationError:  # of another version
        return None


def _deliveries(session: Session, notification_id: int | None) -> tuple[Carried, ...]:
    """In the order in which they were made, with those that took over what they had to tell."""
    if notification_id is None:
        return ()
    c = DELIVERY.c
    found: dict[int, sa.Row[Any]] = {}
    which = c.notification_id == notification_id
    for _ in range(FURTHEST):
        new = [row for row in session.execute(sa.select(DELIVERY).where(which)) if row.id not in found]
        found |= {row.id: row for row in new}
        which = c.id.in_([row.moved_to for row in new if row.moved_to is not None])
    return tuple(_carried(row) for _, row in sorted(found.items()))


def _carried(row: sa.Row[Any]) -> Carried:
    return Carried(
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        sent_at=row.sent_at,
        provider_id=row.provider_id,
        last_error=row.last_error,
    )
