"""The rows of the outbox: added, read, moved to another channel, taken up anew, buried."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Delivery, DeliveryState, Notification
from monitor.store.tables import DELIVERY, NOTIFICATION

log = structlog.get_logger()
NOTIFICATIONS: Final = TypeAdapter(Notification)
KEPT: Final = (DeliveryState.DEAD, DeliveryState.MAYBE)  # ended, but not well: shown until somebody asks for them


def add(session: Session, notification_id: int, channel: str, uid: str, *, now: datetime, **more: Any) -> int:
    waiting: dict[str, Any] = {
        "notification_id": notification_id,
        "channel": channel,
        "uid": uid,
        "state": DeliveryState.WAITING,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "silences": 0,
        "cards_sent": 0,
        "claims": 0,
    }
    added: int = session.execute(sa.insert(DELIVERY).values(**waiting | more).returning(DELIVERY.c.id)).scalar_one()
    return added


def read(session: Session, ids: Sequence[int]) -> dict[int, Delivery]:
    """Without those that this version of the program can't read."""
    joined = sa.select(DELIVERY, NOTIFICATION.c.content).join(
        NOTIFICATION, NOTIFICATION.c.id == DELIVERY.c.notification_id
    )
    deliveries = {}
    for row in session.execute(joined.where(DELIVERY.c.id.in_(ids)).order_by(DELIVERY.c.id)):
        with suppress(ValidationError):
            deliveries[row.id] = _delivery(row)
    return deliveries


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        uid=row.uid,
        channel=row.channel,
        notification=NOTIFICATIONS.validate_json(row.content),
        attempts=row.attempts,
        created_at=row.created_at,
        trying_since=row.trying_since or row.created_at,
        silences=row.silences,
        cards_sent=row.cards_sent,
    )


def is_free(now: datetime) -> sa.ColumnElement[bool]:
    """It waits, and is in nobody's hand: what is in hand may be going out just now."""
    c = DELIVERY.c
    return sa.and_(c.state == DeliveryState.WAITING, sa.or_(c.lease_until.is_(None), c.lease_until < now))


# -- on another way ------------------------------------------------------------------------------


def move(session: Session, which: sa.ColumnElement[bool], to: str, *, now: datetime) -> int:
    """To that channel, unless they came from there; how many went."""
    there = sa.select(DELIVERY.c.notification_id).where(DELIVERY.c.channel == to)
    moving = sa.select(DELIVERY).where(which, DELIVERY.c.notification_id.not_in(there)).order_by(DELIVERY.c.id)
    rows = session.execute(moving).all()
    for row in rows:
        # Where a try got no answer it may come twice, whichever way it goes.
        more = {"created_at": row.created_at, "trying_since": now}
        more |= {"cards_sent": row.cards_sent, "silences": min(row.silences, 1)}
        new = add(session, row.notification_id, to, f"{row.uid}-{to}", now=now, **more)
        replace(session, [row.id], new)
    return len(rows)


def move_back(session: Session, which: sa.ColumnElement[bool], to: str, *, now: datetime) -> int:
    """Somebody asks for it: those that came from there, or went there too, are taken up there anew."""
    here, there = DELIVERY.alias("here"), DELIVERY.alias("there")
    both = sa.join(here, there, sa.and_(here.c.notification_id == there.c.notification_id, there.c.channel == to))
    ids = sa.select(DELIVERY.c.id).where(which, DELIVERY.c.channel != to)
    pairs = sa.select(here.c.id, here.c.cards_sent, there.c.id).select_from(both).where(here.c.id.in_(ids))
    ended = there.c.state.in_((*KEPT, DeliveryState.MOVED))
    rows = session.execute(pairs.where(ended).order_by(here.c.id)).all()
    for old, cards_sent, new in rows:
        anew(session, DELIVERY.c.id == new, now=now, more={"moved_to": None, "cards_sent": cards_sent})
        replace(session, [old], new)
    return len({new for _, _, new in rows})


def replace(session: Session, ids: Collection[int], by: int) -> None:
    """Another delivery tells what these would have told."""
    gone = {"state": DeliveryState.MOVED, "moved_to": by, "due_at": None, "lease_until": None, "lease_token": None}
    session.execute(sa.update(DELIVERY).where(DELIVERY.c.id.in_(list(ids))).values(**gone))


def anew(
    session: Session, which: sa.ColumnElement[bool], *, now: datetime, more: Mapping[str, int | None] | None = None
) -> int:
    """As if it were put in now, but for what may have arrived: that still says so; how many."""
    waiting = {"state": DeliveryState.WAITING, "due_at": now, "trying_since": now}
    counts = {"attempts": 0, "silences": sa.case((DELIVERY.c.silences > 0, 1), else_=0), "claims": 0}
    taking_up = sa.update(DELIVERY).where(which).values(**waiting, **counts, **more or {})
    return len(session.scalars(taking_up.returning(DELIVERY.c.id)).all())


def hasten(session: Session, which: sa.ColumnElement[bool], *, now: datetime) -> int:
    """What waits until later is due at once; how many."""
    c = DELIVERY.c
    hastening = sa.update(DELIVERY).where(which, is_free(now), c.due_at > now).values(due_at=now)
    return len(session.scalars(hastening.returning(c.id)).all())


def bury(session: Session, which: sa.ColumnElement[bool], what: str) -> None:
    """Kept and shown, but not tried any more."""
    changes = {"state": DeliveryState.DEAD, "due_at": None, "lease_until": None, "lease_token": None, "claims": 0}
    burying = sa.update(DELIVERY).where(which).values(last_error=what, **changes)
    for channel, uid in session.execute(burying.returning(DELIVERY.c.channel, DELIVERY.c.uid)):
        log.error("delivery is dead", channel=channel, why=what, delivery=uid)
