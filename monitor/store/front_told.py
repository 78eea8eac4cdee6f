"""What the pages show of messages: how many went out when, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import DeliveryState, Notification
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.front import Sheet
from monitor.store.tables import ALERT, DELIVERY, NOTIFICATION


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery: a message to a channel."""

    id: int
    notification: Notification
    channel: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    last_error: str | None
    story_id: int | None  # where it tells of one alone
    provider_id: str | None


def sent(session: Session, *, since: datetime) -> list[datetime]:
    """When each message went out."""
    c = DELIVERY.c
    wanted = sa.select(c.sent_at).where(c.state == DeliveryState.SENT, c.sent_at >= since).order_by(c.sent_at)
    return list(session.scalars(wanted))


def last_sent(session: Session) -> datetime | None:
    c = DELIVERY.c
    return session.scalar(sa.select(c.sent_at).where(c.state == DeliveryState.SENT).order_by(c.id.desc()).limit(1))


def deliveries(session: Session, *, state: str | None = None, after: int | None = None, limit: int = 50) -> Sheet:
    """Newest first."""
    d = DELIVERY.c
    wanted = (
        sa.select(DELIVERY, NOTIFICATION.c.content)
        .join(NOTIFICATION, NOTIFICATION.c.id == d.notification_id)
        .order_by(d.id.desc())
        .limit(limit)
    )
    if state is not None:
        wanted = wanted.where(d.state == state)
    if after is not None:
        wanted = wanted.where(d.id < after)
    rows = session.execute(wanted).all()
    stories = _stories(session, [row.notification_id for row in rows])
    return Sheet(
        tuple(_posted(row, stories.get(row.notification_id, set())) for row in rows),
        rows[-1].id if len(rows) == limit else None,
    )


def _stories(session: Session, notifications: list[int]) -> dict[int, set[int]]:
    wanted = sa.select(ALERT.c.notification_id, ALERT.c.story_id).where(ALERT.c.notification_id.in_(notifications))
    stories: dict[int, set[int]] = {}
    for row in session.execute(wanted):
        stories.setdefault(row.notification_id, set()).add(row.story_id)
    return stories


def _posted(row: sa.Row[Any], stories: set[int]) -> Posted:
    return Posted(
        id=row.id,
        notification=NOTIFICATIONS.validate_json(row.content),
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
        provider_id=row.provider_id,
        story_id=next(iter(stories)) if len(stories) == 1 else None,
    )
