"""What was told and then corrected: who was told it, and what the correction says until it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Correction
from monitor.store.tables import ALERT, ARTICLE

CORRECTIONS: Final = TypeAdapter(Correction)


@dataclass(frozen=True, slots=True)
class Telling:
    """An alert that went out, or waits to."""

    alert_id: int
    channel: str
    topic: str
    is_sent: bool
    is_correction: bool
    article_id: int  # its occasion
    outlet: str
    title: str


def tellings(session: Session, story_id: int) -> Sequence[Telling]:
    """Of one story, in order."""
    c, a = ALERT.c, ARTICLE.c
    columns = (c.id, c.channel, c.topic, c.decision == "send", c.is_correction, c.article_id, a.outlet, a.title)
    joined = sa.select(*columns).join(ARTICLE, a.id == c.article_id)
    of_story = joined.where(c.story_id == story_id, c.decision.in_(("send", "hold")))
    return [Telling(*row) for row in session.execute(of_story.order_by(c.turn, c.id))]


def note(session: Session, alert_id: int, correction: Correction) -> None:
    """What this alert is to say; it may be held for long."""
    said = CORRECTIONS.dump_json(correction).decode()
    session.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(correction=said))


def noted(session: Session, alert_id: int) -> Correction:
    said = session.scalar(sa.select(ALERT.c.correction).where(ALERT.c.id == alert_id))
    try:
        return CORRECTIONS.validate_json(said or "{}")
    except ValidationError:  # of another version: it goes out without its sentences
        return Correction()
