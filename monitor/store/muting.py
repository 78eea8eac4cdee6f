"""What a link of a message may silence, and that each asks once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Notification
from monitor.store import deliveries, silences
from monitor.store.days import BEYOND
from monitor.store.silences import Silence
from monitor.store.tables import USED_LINK


def told(session: Session, delivery_id: int) -> Notification | None:
    """What this delivery tells; None where it is no longer there, or can't be read."""
    found = deliveries.read(session, [delivery_id]) if delivery_id < BEYOND else {}
    return found[delivery_id].notification if delivery_id in found else None


def mute(session: Session, link: str, wanted: Sequence[Silence], *, now: datetime) -> bool:
    """Be silent about all of these; False, and nothing changed, where the link was used before."""
    c = USED_LINK.c
    if session.scalar(sa.select(sa.exists().where(c.link == link))):
        return False
    session.execute(sa.insert(USED_LINK).values(link=link, used_at=now))
    for silence in wanted:
        known = silences.until(session, silence)
        if known is None or known < silence.until:  # who asked for longer is not cut short
            silences.add(session, silence, now=now)
    return True


def sweep(session: Session, *, before: datetime) -> None:
    """Forget links that have long expired."""
    session.execute(sa.delete(USED_LINK).where(USED_LINK.c.used_at < before))
