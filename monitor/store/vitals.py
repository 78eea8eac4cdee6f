"""What rows say of whether feeds are asked and messages go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.alerts.able import Vitals, Way
from monitor.alerts.condition import Condition
from monitor.model import DeliveryState
from monitor.store import channels as states
from monitor.store.tables import DELIVERY, FEED

COLUMNS: Final = (
    "id",
    "name",
    "host",
    "failures",
    "last_error",
    "failing_since",
    "paused",
    "due_at",
    "last_polled_at",
    "last_success_at",
)


def vitals(session: Session, channels: Sequence[str], *, now: datetime) -> Vitals:
    rows = session.execute(sa.select(*(FEED.c[name] for name in COLUMNS)).where(FEED.c.is_active))
    d = DELIVERY.c
    is_due = sa.and_(d.state == DeliveryState.WAITING, d.due_at <= now)
    due = session.execute(sa.select(d.channel, sa.func.min(d.due_at)).where(is_due).group_by(d.channel))
    waiting = {row[0]: row[1] for row in due}
    return Vitals(
        feeds=[Condition(**row._asdict()) for row in rows],
        ways=[_way(states.state(session, name), waiting.get(name), now=now) for name in channels],
    )


def _way(state: states.ChannelState, waits_since: datetime | None, *, now: datetime) -> Way:
    moments = (state.last_success_at, state.last_error_at, state.paused_until)
    return Way(
        name=state.name,
        is_given_up=state.current(now=now).is_given_up(now=now),
        waits_since=waits_since,
        moved_at=max(filter(None, moments), default=None),
    )
