"""A clock that went back: rows written by the old one wait for a time that was not meant."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import ALERT, DELIVERY, ENTRY, FEED

# What is due, and when it was put there by the clock of that time.
WRITTEN: tuple[tuple[sa.Table, sa.Column[datetime]], ...] = (
    (FEED, FEED.c.last_polled_at),
    (ENTRY, ENTRY.c.first_seen_at),
    (ALERT, ALERT.c.decided_at),
    (DELIVERY, DELIVERY.c.created_at),
)


def ahead(session: Session, *, now: datetime) -> float:
    """By how many seconds the last row that waits was written in the future; 0 where none was."""
    found = (
        session.scalar(sa.select(sa.func.max(written_at)).where(table.c.due_at > now, written_at > now))
        for table, written_at in WRITTEN
    )
    return max(((last - now).total_seconds() for last in found if last), default=0.0)


def make_up(session: Session, *, now: datetime) -> None:
    """What was written later than now is due now.

    A feed is asked once more than it would be, and an alert that was held is judged again, by this clock's hours. What
    a host asked for stands.
    """
    for table, written_at in WRITTEN:
        is_ahead = sa.and_(table.c.due_at > now, written_at > now)
        session.execute(sa.update(table).where(is_ahead).values(due_at=now))
    session.execute(sa.update(FEED).where(FEED.c.last_polled_at > now).values(last_polled_at=now, slot_at=None))
