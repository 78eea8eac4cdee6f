"""The outbox: what was decided to be told and has not gone yet. A delivery is marked only after it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Claim, Delivery, Notification
from monitor.store import leases
from monitor.store.tables import ALERT, CHANNEL_STATE, DELIVERY, NOTIFICATION, DeliveryState

log = structlog.get_logger()
LEASE: Final = timedelta(seconds=90)
NOTIFICATIONS: Final = TypeAdapter(Notification)


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """A channel as `monitor status` shows it."""

    name: str
    last_success_at: datetime | None
    last_error: str | None
    failures: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification with what it stands for."""

    notification: Notification
    key: str
    uid: str
    outlets_told: Mapping[int, int] = field(default_factory=dict)  # by alert: how many it names of its story


def put(session: Session, letter: Letter, *, now: datetime) -> None:
    """Write the notification, its waiting delivery, and which alerts it tells, in the transaction that decided it."""
    adding = sa.insert(NOTIFICATION).values(
        key=letter.key,
        channel=letter.notification.channel,
        kind=letter.notification.kind,
        content=NOTIFICATIONS.dump_json(letter.notification).decode(),
        created_at=now,
    )
    notification_id = session.execute(adding.returning(NOTIFICATION.c.id)).scalar_one()
    for alert_id, outlets in letter.outlets_told.items():
        told = {"notification_id": notification_id, "outlets_told": outlets}
        session.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(**told))
    waiting = sa.insert(DELIVERY).values(
        notification_id=notification_id,
        channel=letter.notification.channel,
        uid=letter.uid,
        state=DeliveryState.WAITING,
        created_at=now,
        due_at=now,
        attempts=0,
        claims=0,
    )
    session.execute(waiting)


def claim(session: Session, channel: str, *, now: datetime, limit: int) -> list[Claim[Delivery]]:
    """One that can't be read is dead, and holds up no other."""
    c = DELIVERY.c
    if ids := leases.poisoned(session, DELIVERY, now=now):
        _bury(session, c.id.in_(ids), "sending it stopped the program three times")
    ready = (c.channel == channel, c.state == DeliveryState.WAITING, leases.is_sound(DELIVERY))
    claims: list[Claim[Delivery]] = []
    while len(claims) < limit:
        token, ids = leases.take(session, DELIVERY, *ready, now=now, lease=LEASE, limit=limit - len(claims))
        deliveries = _deliveries(session, ids)
        claims += [Claim(row_id, token, deliveries[row_id]) for row_id in ids if row_id in deliveries]
        if len(deliveries) == len(ids):
            break
        _bury(session, c.id.in_([row_id for row_id in ids if row_id not in deliveries]), leases.UNREADABLE)
    return claims


def _deliveries(session: Session, ids: Sequence[int]) -> dict[int, Delivery]:
    joined = sa.select(DELIVERY, NOTIFICATION.c.content).join(
        NOTIFICATION, NOTIFICATION.c.id == DELIVERY.c.notification_id
    )
    deliveries = {}
    for row in session.execute(joined.where(DELIVERY.c.id.in_(ids))):
        with suppress(ValidationError):
            deliveries[row.id] = _delivery(row)
    return deliveries


def _delivery(row: sa.Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        uid=row.uid,
        notification=NOTIFICATIONS.validate_json(row.content),
        attempts=row.attempts,
        created_at=row.created_at,
    )


# -- outcomes ------------------------------------------------------------------------------------


def sent(session: Session, claim: Claim[Delivery], *, now: datetime) -> None:
    done = {"state": DeliveryState.SENT, "due_at": None, "sent_at": now, "attempts": claim.value.attempts + 1}
    leases.close(session, DELIVERY, claim.id, claim.token, last_error=None, **done)
    _note(session, claim.value.notification.channel, last_success_at=now, last_error=None, failures=0)


def retry(session: Session, claim: Claim[Delivery], what: str, *, now: datetime, due_at: datetime) -> None:
    attempts = claim.value.attempts + 1
    leases.close(session, DELIVERY, claim.id, claim.token, due_at=due_at, attempts=attempts, last_error=what)
    _note_failure(session, claim.value.notification.channel, what, now=now)


def dead(session: Session, claim: Claim[Delivery], what: str, *, now: datetime) -> None:
    """No try can help: kept and shown."""
    done = {"state": DeliveryState.DEAD, "due_at": None, "attempts": claim.value.attempts + 1}
    leases.close(session, DELIVERY, claim.id, claim.token, last_error=what, **done)
    _note_failure(session, claim.value.notification.channel, what, now=now)


def bury_removed(session: Session, channels: Collection[str], *, now: datetime) -> None:
    """Deliveries to a channel that no longer stands in the configuration are dead with that reason.

    One in hand is left alone: it may be going out just now.
    """
    c = DELIVERY.c
    is_free = sa.or_(c.lease_until.is_(None), c.lease_until < now)
    waiting = sa.and_(c.state == DeliveryState.WAITING, c.channel.not_in(list(channels)), is_free)
    _bury(session, waiting, "the channel was removed")


def _bury(session: Session, which: sa.ColumnElement[bool], what: str) -> None:
    changes = {"state": DeliveryState.DEAD, "due_at": None, "lease_until": None, "lease_token": None, "claims": 0}
    burying = sa.update(DELIVERY).where(which).values(last_error=what, **changes)
    for channel, uid in session.execute(burying.returning(DELIVERY.c.channel, DELIVERY.c.uid)):
        log.error("delivery is dead", channel=channel, why=what, delivery=uid)


def _note_failure(session: Session, channel: str, what: str, *, now: datetime) -> None:
    failures = session.scalar(sa.select(CHANNEL_STATE.c.failures).where(CHANNEL_STATE.c.channel == channel)) or 0
    _note(session, channel, last_error=what, last_error_at=now, failures=failures + 1)


def _note(session: Session, channel: str, **changes: object) -> None:
    is_it = CHANNEL_STATE.c.channel == channel
    if session.execute(sa.update(CHANNEL_STATE).where(is_it).values(**changes)).rowcount:  # type: ignore[attr-defined]  # CursorResult
        return
    session.execute(sa.insert(CHANNEL_STATE).values(channel=channel, **{"failures": 0, **changes}))


# -- what is shown -------------------------------------------------------------------------------


def waiting(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).where(DELIVERY.c.due_at.is_not(None))) or 0


def totals(session: Session) -> dict[str, int]:
    """How many deliveries are waiting, sent and dead."""
    counted = session.execute(sa.select(DELIVERY.c.state, sa.func.count()).group_by(DELIVERY.c.state))
    return dict.fromkeys(DeliveryState, 0) | {row[0]: row[1] for row in counted}


def channels(session: Session) -> list[str]:
    """Those that were told something, or are to be."""
    return sorted(session.scalars(sa.select(DELIVERY.c.channel).distinct()))


def health(session: Session, channels: Sequence[str]) -> list[ChannelHealth]:
    c = DELIVERY.c
    counts = {
        (row.channel, row.state): row.n
        for row in session.execute(
            sa.select(c.channel, c.state, sa.func.count().label("n")).group_by(c.channel, c.state)
        )
    }
    states = {row.channel: row for row in session.execute(sa.select(CHANNEL_STATE))}
    return [_health(name, states.get(name), counts) for name in channels]


def _health(name: str, state: sa.Row[tuple[object, ...]] | None, counts: dict[tuple[str, str], int]) -> ChannelHealth:
    return ChannelHealth(
        name=name,
        last_success_at=state.last_success_at if state else None,
        last_error=state.last_error if state else None,
        failures=state.failures if state else 0,
        waiting=counts.get((name, DeliveryState.WAITING), 0),
        dead=counts.get((name, DeliveryState.DEAD), 0),
    )
