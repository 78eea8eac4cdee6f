"""What feed readers are given: stories with the report that began them, and messages as they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import DeliveryState, Evidence, Notification
from monitor.store.articles import passages
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.front import StoryCard, stories
from monitor.store.tables import ARTICLE, DELIVERY, MATCH, NOTIFICATION


@dataclass(frozen=True, slots=True)
class Lead:
    """A story, and its first report that concerns a topic (or this one)."""

    card: StoryCard
    url: str
    outlet: str
    evidence: tuple[Evidence, ...]


def leads(session: Session, *, topic: str | None = None, limit: int = 50) -> list[Lead]:
    """Of the stories with the newest matches."""
    cards: Sequence[StoryCard] = stories(session, topic=topic, limit=limit).items
    a, m = ARTICLE.c, MATCH.c
    wanted = (
        sa.select(a.story_id, m.article_id, m.evidence, a.url, a.outlet)
        .join(ARTICLE, a.id == m.article_id)
        .where(a.story_id.in_([card.id for card in cards]))
        .order_by(m.article_id, m.score.desc(), m.topic)
    )
    first: dict[int, Any] = {}
    for row in session.execute(wanted if topic is None else wanted.where(m.topic == topic)):
        first.setdefault(row.story_id, row)
    return [
        Lead(card, first[card.id].url, first[card.id].outlet, passages(first[card.id].evidence))
        for card in cards
        if card.id in first
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """A message that went out."""

    uid: str
    at: datetime
    notification: Notification


def told(session: Session, channel: str, *, limit: int = 50) -> list[Told]:
    """On this channel, the newest first."""
    d = DELIVERY.c
    wanted = (
        sa.select(d.uid, d.sent_at, NOTIFICATION.c.content)
        .join(NOTIFICATION, NOTIFICATION.c.id == d.notification_id)
        .where(d.channel == channel, d.state == DeliveryState.SENT)
        .order_by(d.id.desc())
        .limit(limit)
    )
    return [Told(row.uid, row.sent_at, NOTIFICATIONS.validate_json(row.content)) for row in session.execute(wanted)]
