"""The outbox: what was decided to be told and has not gone yet. A delivery is marked only after it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from monitor.model import Claim, Delivery, DeliveryState, Failed, Notification
from monitor.store import channels, leases
from monitor.store.tables import ALERT, DELIVERY, NOTIFICATION
from monitor.timing import LONGEST_RETRY, retry_at

log = structlog.get_logger()
LEASE: Final = timedelta(seconds=90)
GIVEN_UP: Final = timedelta(hours=24)  # tries go on so long
AGAIN: Final = timedelta(minutes=1)  # after the first try without an answer
NOTIFICATIONS: Final = TypeAdapter(Notification)


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification with what it stands for."""

    notification: Notification
    key: str
    uid: str
    outlets_told: Mapping[int, int] = field(default_factory=dict)  # by alert: how many it names of its story


@dataclass(frozen=True, slots=True)
class Route:
    """A channel as the configuration has it: where to turn when it fails."""

    channel: str
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands in a delivery's row after a try."""

    state: DeliveryState
    due_at: datetime | None = None


def put(session: Session, letter: Letter, *, now: datetime) -> int:
    """Write the notification, its waiting delivery, and which alerts it tells, in the transaction that decided it."""
    adding = sa.insert(NOTIFICATION).values(
        key=letter.key,
        channel=letter.notification.channel,
        kind=letter.notification.kind,
        content=NOTIFICATIONS.dump_json(letter.notification).decode(),
        created_at=now,
    )
    notification_id: int = session.execute(adding.returning(NOTIFICATION.c.id)).scalar_one()
    for alert_id, outlets in letter.outlets_told.items():
        told = {"notification_id": notification_id, "outlets_told": outlets}
        session.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(**told))
    return _add(session, notification_id, letter.notification.channel, letter.uid, now=now)


def _add(session: Session, notification_id: int, channel: str, uid: str, *, now: datetime, **more: Any) -> int:
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


def claim(session: Session, route: Route, *, now: datetime, limit: int) -> list[Claim[Delivery]]:
    """Nothing while the channel rests; one that can't be read is dead, and holds up no other."""
    c = DELIVERY.c
    if ids := leases.poisoned(session, DELIVERY, now=now):
        _bury(session, c.id.in_(ids), "sending it stopped the program three times")
    state = channels.state(session, route.channel)
    if state.is_paused(now=now):
        if state.is_given_up(now=now):
            _turn_to_fallback(session, route, now=now)
            _bury_overdue(session, route.channel, state.last_error or "no try could help", now=now)
        return []
    ready = (c.channel == route.channel, c.state == DeliveryState.WAITING, leases.is_sound(DELIVERY))
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


# -- outcomes ------------------------------------------------------------------------------------


def sent(session: Session, claim: Claim[Delivery], *, now: datetime, provider_id: str | None = None) -> bool:
    """True where the channel was away for a while: what still waits for it is better told together."""
    attempts = claim.value.attempts + 1
    done = {"state": DeliveryState.SENT, "due_at": None, "sent_at": now, "attempts": attempts}
    leases.close(session, DELIVERY, claim.id, claim.token, last_error=None, provider_id=provider_id, **done)
    was_away = channels.state(session, claim.value.channel).was_away(now=now)
    channels.worked(session, claim.value.channel, now=now)
    return was_away


def sent_in_part(session: Session, claim: Claim[Delivery], *, cards: int) -> None:
    """So many of its stories went; it stays in hand."""
    mine = sa.and_(DELIVERY.c.id == claim.id, DELIVERY.c.lease_token == claim.token)
    session.execute(sa.update(DELIVERY).where(mine).values(cards_sent=cards))


def wait(session: Session, claim: Claim[Delivery], what: str, *, now: datetime, until: datetime) -> None:
    """The channel asked to be left alone; that costs this delivery no try."""
    leases.close(session, DELIVERY, claim.id, claim.token, due_at=until, last_error=what)
    channels.paused(session, channels.state(session, claim.value.channel), what, now=now, until=until)


def retry(
    session: Session, claim: Claim[Delivery], route: Route, failed: Failed, *, now: datetime, spread: float = 0.5
) -> Marked:
    """Tried again later, for a day; the fallback takes over after half an hour of failures."""
    delivery, state = claim.value, channels.state(session, claim.value.channel)
    due_at = retry_at(max(delivery.attempts, state.failures), now=now, retry_after=failed.retry_after, spread=spread)
    channels.failed(session, state, failed.what, now=now, until=due_at)
    attempts = delivery.attempts + 1
    leases.close(session, DELIVERY, claim.id, claim.token, due_at=due_at, attempts=attempts, last_error=failed.what)
    if state.is_given_up(now=now):
        _turn_to_fallback(session, route, now=now)
    _bury_overdue(session, delivery.channel, failed.what, now=now)
    return _marked(session, claim.id)


def unanswered(session: Session, claim: Claim[Delivery], what: str, *, now: datetime) -> Marked:
    """It may have arrived: sent once more, marked as such; a second silence is the end of it."""
    delivery, state = claim.value, channels.state(session, claim.value.channel)
    again_at = max(now + AGAIN, retry_at(state.failures, now=now))
    channels.failed(session, state, what, now=now, until=again_at)
    counts = {"attempts": delivery.attempts + 1, "silences": delivery.silences + 1, "last_error": what}
    close = {"state": DeliveryState.MAYBE, "due_at": None} if delivery.silences else {"due_at": again_at}
    leases.close(session, DELIVERY, claim.id, claim.token, **counts, **close)
    return _marked(session, claim.id)


def refused(session: Session, claim: Claim[Delivery], route: Route, what: str, *, now: datetime) -> Marked:
    """No try can help: the fallback takes over, else it is dead; kept and shown. Three in a row, and the channel is broken."""
    state = channels.state(session, claim.value.channel)
    channels.refused(session, state, what, now=now, until=now + LONGEST_RETRY)
    done = {"state": DeliveryState.DEAD, "due_at": None, "attempts": claim.value.attempts + 1, "last_error": what}
    leases.close(session, DELIVERY, claim.id, claim.token, **done)
    _move(session, [claim.id], route.fallback, now=now)
    if channels.state(session, claim.value.channel).broken_at is not None:
        _turn_to_fallback(session, route, now=now)
    return _marked(session, claim.id)


def _marked(session: Session, delivery_id: int) -> Marked:
    row = session.execute(sa.select(DELIVERY.c.state, DELIVERY.c.due_at).where(DELIVERY.c.id == delivery_id)).one()
    return Marked(DeliveryState(row.state), row.due_at)


# -- on another way ------------------------------------------------------------------------------


def _turn_to_fallback(session: Session, route: Route, *, now: datetime) -> None:
    """All that waits and is in nobody's hand."""
    _move(session, [row.id for row in _free(session, route.channel, now=now)], route.fallback, now=now)


def _free(session: Session, channel: str, *more: sa.ColumnElement[bool], now: datetime) -> Sequence[sa.Row[Any]]:
    c = DELIVERY.c
    is_free = sa.or_(c.lease_until.is_(None), c.lease_until < now)
    waiting = sa.and_(c.channel == channel, c.state == DeliveryState.WAITING, is_free, *more)
    return session.execute(sa.select(DELIVERY).where(waiting).order_by(c.id)).all()


def _move(session: Session, ids: Sequence[int], to: str | None, *, now: datetime) -> int:
    """How many went there; not those that came from there."""
    if to is None or not ids:
        return 0
    c = DELIVERY.c
    there = sa.select(c.notification_id).where(c.channel == to)
    rows = session.execute(sa.select(DELIVERY).where(c.id.in_(list(ids)), c.notification_id.not_in(there))).all()
    for row in rows:
        more = {"cards_sent": row.cards_sent}
        new = _add(session, row.notification_id, to, f"{row.uid}-{to}", now=now, **more)
        _moved(session, [row.id], new)
    return len(rows)


def _moved(session: Session, ids: Sequence[int], to: int) -> None:
    gone = {"state": DeliveryState.MOVED, "moved_to": to, "due_at": None, "lease_until": None, "lease_token": None}
    session.execute(sa.update(DELIVERY).where(DELIVERY.c.id.in_(list(ids))).values(**gone))


def waiting_for(session: Session, channel: str, *, now: datetime) -> list[Delivery]:
    """What waits for a channel, in nobody's hand."""
    return list(_deliveries(session, [row.id for row in _free(session, channel, now=now)]).values())


def replace(session: Session, deliveries: Sequence[Delivery], letter: Letter, *, now: datetime) -> None:
    """One message tells what these would have told."""
    _moved(session, [delivery.id for delivery in deliveries], put(session, letter, now=now))


def send_again(session: Session, *, channels: Collection[str], to: str | None = None, now: datetime) -> int:
    """`monitor retry`: what is dead, and what may have arrived, for these channels; how many."""
    c = DELIVERY.c
    kept = sa.and_(c.state.in_((DeliveryState.DEAD, DeliveryState.MAYBE)), c.channel.in_(list(channels)))
    if to is not None:
        return _move(session, session.scalars(sa.select(c.id).where(kept)).all(), to, now=now)
    anew = {
        "state": DeliveryState.WAITING,
        "due_at": now,
        "trying_since": now,
        "attempts": 0,
        "silences": 0,
        "claims": 0,
    }
    return len(session.scalars(sa.update(DELIVERY).where(kept).values(**anew).returning(c.id)).all())


def bury_removed(session: Session, channels: Collection[str], *, now: datetime) -> None:
    """Deliveries to a channel that no longer stands in the configuration are dead with that reason.

    One in hand is left alone: it may be going out just now.
    """
    c = DELIVERY.c
    is_free = sa.or_(c.lease_until.is_(None), c.lease_until < now)
    waiting = sa.and_(c.state == DeliveryState.WAITING, c.channel.not_in(list(channels)), is_free)
    _bury(session, waiting, "the channel was removed")


def _bury_overdue(session: Session, channel: str, what: str, *, now: datetime) -> None:
    """Tries go on for a day."""
    c = DELIVERY.c
    is_overdue = sa.func.coalesce(c.trying_since, c.created_at) <= now - GIVEN_UP
    if overdue := [row.id for row in _free(session, channel, is_overdue, now=now)]:
        _bury(session, c.id.in_(overdue), f"tried for a day: {what}")


def _bury(session: Session, which: sa.ColumnElement[bool], what: str) -> None:
    changes = {"state": DeliveryState.DEAD, "due_at": None, "lease_until": None, "lease_token": None, "claims": 0}
    burying = sa.update(DELIVERY).where(which).values(last_error=what, **changes)
    for channel, uid in session.execute(burying.returning(DELIVERY.c.channel, DELIVERY.c.uid)):
        log.error("delivery is dead", channel=channel, why=what, delivery=uid)


# -- what is shown -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was put into the outbox, and when."""

    at: datetime
    notification: Notification


def posted(session: Session) -> list[Posted]:
    n = NOTIFICATION.c
    rows = session.execute(sa.select(n.created_at, n.content).order_by(n.created_at, n.id))
    return [Posted(row.created_at, NOTIFICATIONS.validate_json(row.content)) for row in rows]


def waiting(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).where(DELIVERY.c.due_at.is_not(None))) or 0


def totals(session: Session) -> dict[str, int]:
    """How many deliveries are waiting, sent, maybe delivered and dead."""
    counted = session.execute(sa.select(DELIVERY.c.state, sa.func.count()).group_by(DELIVERY.c.state))
    shown = (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.MAYBE, DeliveryState.DEAD)
    known = {row[0]: row[1] for row in counted}
    return {str(state): known.get(state, 0) for state in shown}
