"""What is forgotten after a while, a piece at a time: first texts, much later that they were ever seen.

What is left of an article whose text is gone is little, and keeps it from coming back as new: its key, its guid, the hash
of its text and the story that was told (miniflux#1510 tells what happens otherwise).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import DeliveryState
from monitor.store.tables import (
    ALERT,
    ARTICLE,
    DELIVERY,
    ENTRY,
    FEED,
    FINGERPRINT,
    MATCH,
    NOTIFICATION,
    SHINGLE,
    SILENCE,
    STORY,
    STORY_TERM,
)

PIECE: Final = 100  # rows of one transaction: nobody waits longer than 0.1 s for it
LISTED: Final = 1_000  # entries of a feed that are never forgotten, as it may list them still
PAGES: Final = 500  # of the file that are given back at a time
OPEN: Final = (DeliveryState.WAITING, DeliveryState.DEAD, DeliveryState.MAYBE)  # somebody may yet want them to go
DELETED: Final = "its text was deleted, as it is older than storage.keep"


def empty(session: Session, *, before: datetime, but: Collection[str] = (), now: datetime) -> int:
    """Take the texts, matches and authors of some articles that came before then; how many these were.

    Not of those of which something is still to be told, nor of those with the keys `but`.
    """
    c, a = ARTICLE.c, ALERT.c
    is_held = sa.exists().where(a.story_id == c.story_id, a.decision == "hold")
    is_old = sa.and_(c.first_seen_at < before, c.emptied_at.is_(None), c.due_at.is_(None))
    wanted = sa.select(c.id).where(is_old, ~is_held, c.key.not_in(list(but))).order_by(c.first_seen_at).limit(PIECE)
    if ids := session.scalars(wanted).all():
        session.execute(sa.delete(MATCH).where(MATCH.c.article_id.in_(ids)))
        nothing = {"text": "", "author": None, "image": None, "placing": None, "quality_reason": DELETED}
        session.execute(sa.update(ARTICLE).where(c.id.in_(ids)).values(**nothing, emptied_at=now))
    return len(ids)


def forget_messages(session: Session, *, before: datetime) -> int:
    """Delete some messages that went before then; how many."""
    n, d = NOTIFICATION.c, DELIVERY.c
    is_open = sa.exists().where(d.notification_id == n.id, d.state.in_(OPEN))
    ids = session.scalars(sa.select(n.id).where(n.created_at < before, ~is_open).order_by(n.id).limit(PIECE)).all()
    if not ids:
        return 0
    gone = sa.select(d.id).where(d.notification_id.in_(ids)).scalar_subquery()
    session.execute(sa.update(DELIVERY).where(d.moved_to.in_(gone)).values(moved_to=None))
    session.execute(sa.update(ALERT).where(ALERT.c.notification_id.in_(ids)).values(notification_id=None))
    session.execute(sa.delete(DELIVERY).where(d.notification_id.in_(ids)))
    session.execute(sa.delete(NOTIFICATION).where(n.id.in_(ids)))
    return len(ids)


def forget_articles(session: Session, *, before: datetime) -> int:
    """Delete what is left of some articles that came before then, with what was decided of them; how many."""
    c = ARTICLE.c
    wanted = sa.select(c.id, c.story_id).where(c.first_seen_at < before, c.emptied_at.is_not(None))
    rows = session.execute(wanted.order_by(c.first_seen_at).limit(PIECE)).all()
    if not rows:
        return 0
    ids, story_ids = [row.id for row in rows], {row.story_id for row in rows}
    session.execute(sa.update(ENTRY).where(ENTRY.c.article_id.in_(ids)).values(article_id=None))
    session.execute(sa.update(ARTICLE).where(c.copy_of.in_(ids)).values(copy_of=None))
    for table in (ALERT, FINGERPRINT, SHINGLE, STORY_TERM, MATCH):
        session.execute(sa.delete(table).where(table.c.article_id.in_(ids)))
    session.execute(sa.delete(ARTICLE).where(c.id.in_(ids)))
    _forget_stories(session, story_ids)
    return len(ids)


def _forget_stories(session: Session, story_ids: Collection[int]) -> None:
    """Those that have no article any more."""
    s = STORY.c
    left = set(session.scalars(sa.select(ARTICLE.c.story_id).where(ARTICLE.c.story_id.in_(story_ids))))
    if gone := sorted(set(story_ids) - left):
        for table in (SILENCE, ALERT, STORY_TERM, FINGERPRINT):
            session.execute(sa.delete(table).where(table.c.story_id.in_(gone)))
        session.execute(sa.delete(STORY).where(s.id.in_(gone)))


def forget_entries(session: Session, *, before: datetime) -> int:
    """Delete the keys of some entries that were listed before then, but for the newest of each feed; how many."""
    e = ENTRY.c
    for feed_id in _feeds_with(session, before):
        newest = sa.select(e.id).where(e.feed_id == feed_id).order_by(e.id.desc()).limit(LISTED)
        least = session.scalar(sa.select(sa.func.min(newest.subquery().c.id)))
        is_old = sa.and_(e.feed_id == feed_id, e.first_seen_at < before, e.id < least, e.due_at.is_(None))
        if ids := session.scalars(sa.select(e.id).where(is_old).limit(PIECE)).all():
            session.execute(sa.delete(ENTRY).where(e.id.in_(ids)))
            return len(ids)
    return 0


def _feeds_with(session: Session, before: datetime) -> Sequence[int]:
    """Feeds that listed more than is kept, and something before then."""
    e = ENTRY.c
    is_old = sa.exists().where(e.feed_id == FEED.c.id, e.first_seen_at < before)
    many = sa.select(sa.func.count()).where(e.feed_id == FEED.c.id).scalar_subquery() > LISTED
    return session.scalars(sa.select(FEED.c.id).where(is_old, many)).all()


def give_back_pages(session: Session) -> int:
    """Room that is free within the file of SQLite goes back to the disk, some at a time; how many pages.

    PostgreSQL does so by itself.
    """
    if session.get_bind().dialect.name != "sqlite":
        return 0
    free = _free_pages(session)
    cursor = session.connection().connection.cursor()
    cursor.execute(f"PRAGMA incremental_vacuum({PAGES})")
    cursor.fetchall()  # each step gives one page back
    cursor.close()
    return free - _free_pages(session)


def _free_pages(session: Session) -> int:
    pages: int = session.execute(sa.text("PRAGMA freelist_count")).scalar_one()
    return pages
