"""The outbox: what was decided to be told and has not gone yet. A delivery is marked only after it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from monitor.model import Claim, Delivery, DeliveryState, Failed, Notification
from monitor.store import channels as states
from monitor.store import deliveries, leases
from monitor.store.channels import ChannelState
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.tables import ALERT, DELIVERY, NOTIFICATION
from monitor.timing import LONGEST_RETRY, retry_at

log = structlog.get_logger()
LEASE: Final = timedelta(seconds=90)
GIVEN_UP: Final = timedelta(hours=24)  # tries go on so long
TRIES: Final = 20  # of one message that fails while others go through: no fewer within that time
AGAIN: Final = timedelta(minutes=1)  # after the first try without an answer


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification with what it stands for."""

    notification: Notification
    key: str
    uid: str
    outlets_told: Mapping[int, int] = field(default_factory=dict)  # by alert: how many it names of its story
    told_up_to: Mapping[int, int] = field(default_factory=dict)  # by alert: the newest article of its story


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
        told = {
            "notification_id": notification_id,
            "outlets_told": outlets,
            "told_up_to": letter.told_up_to.get(alert_id),
        }
        session.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(**told))
    return deliveries.add(session, notification_id, letter.notification.channel, letter.uid, now=now)


def claim(session: Session, route: Route, *, now: datetime, limit: int) -> list[Claim[Delivery]]:
    """Nothing while the channel rests; one that can't be read is dead, and holds up no other."""
    c = DELIVERY.c
    _set_poison_aside(session, route, now=now)
    state = states.state(session, route.channel)
    if state.is_paused(now=now):
        _give_up(session, route, state, state.last_error or "no try could help", now=now)
        return []
    ready = (c.channel == route.channel, c.state == DeliveryState.WAITING, leases.is_sound(DELIVERY))
    claims: list[Claim[Delivery]] = []
    while len(claims) < limit:
        token, ids = leases.take(session, DELIVERY, *ready, now=now, lease=LEASE, limit=limit - len(claims))
        readable = deliveries.read(session, ids)
        claims += [Claim(row_id, token, readable[row_id]) for row_id in ids if row_id in readable]
        if len(readable) == len(ids):
            break
        deliveries.bury(session, c.id.in_([row_id for row_id in ids if row_id not in readable]), leases.UNREADABLE)
    return claims


def in_hand(session: Session, channel: str, *, now: datetime) -> int:
    return leases.held(session, leases.DELIVERIES, DELIVERY.c.channel == channel, now=now)


def start(
    session: Session, ids: Sequence[int], token: str, *, mine: str, now: datetime, lease: timedelta = LEASE
) -> list[Claim[Delivery]]:
    """Those of these that were handed on to us (leases.queue)."""
    ours = leases.start(session, DELIVERY, ids, token, mine=mine, until=now + lease)
    readable = deliveries.read(session, ours)
    if unreadable := [row_id for row_id in ours if row_id not in readable]:
        deliveries.bury(session, DELIVERY.c.id.in_(unreadable), leases.UNREADABLE)
    return [Claim(row_id, mine, readable[row_id]) for row_id in ours if row_id in readable]


def _set_poison_aside(session: Session, route: Route, *, now: datetime) -> None:
    """Its channel may have nothing to do with it; another way is tried all the same."""
    is_poison = DELIVERY.c.id.in_(leases.poisoned(session, DELIVERY, now=now))
    mine = session.scalars(sa.select(DELIVERY.c.id).where(is_poison, DELIVERY.c.channel == route.channel)).all()
    if mine:
        deliveries.bury(session, DELIVERY.c.id.in_(mine), "sending it stopped the program three times")
    if mine and route.fallback is not None:
        deliveries.move(session, DELIVERY.c.id.in_(mine), route.fallback, now=now)


# -- outcomes ------------------------------------------------------------------------------------


def sent(
    session: Session, claim: Claim[Delivery], *, now: datetime, provider_id: str | None = None
) -> Sequence[Delivery]:
    """What the channel kept waiting while it was away: that is better told together."""
    state = states.state(session, claim.value.channel)
    done = {"state": DeliveryState.SENT, "due_at": None, "sent_at": now, "attempts": claim.value.attempts + 1}
    leases.close(session, DELIVERY, claim.id, claim.token, last_error=None, provider_id=provider_id, **done)
    states.worked(session, state, now=now)
    return _kept_waiting(session, state, now=now) if state.was_away(now=now) else ()


def _kept_waiting(session: Session, state: ChannelState, *, now: datetime) -> Sequence[Delivery]:
    """One that got no answer goes again by itself, so that it can say that it may come twice."""
    c = DELIVERY.c
    before = sa.and_(c.channel == state.name, c.created_at <= (state.in_trouble_until or now), c.silences == 0)
    ids = session.scalars(sa.select(c.id).where(deliveries.is_free(now), before)).all()
    return tuple(deliveries.read(session, ids).values())


def sent_in_part(session: Session, claim: Claim[Delivery], *, cards: int) -> None:
    """So many of its stories went; it stays in hand."""
    leases.note(session, DELIVERY, claim.id, claim.token, cards_sent=cards, claims=1)


def wait(session: Session, claim: Claim[Delivery], what: str, *, now: datetime, until: datetime) -> None:
    """The channel asked to be left alone; that costs this delivery no try."""
    leases.close(session, DELIVERY, claim.id, claim.token, due_at=until, last_error=what)
    states.paused(session, _state(session, claim, now=now), what, now=now, until=until)


def retry(
    session: Session, claim: Claim[Delivery], route: Route, failed: Failed, *, now: datetime, spread: float = 0.5
) -> Marked:
    """Tried again later, for a day; the fallback takes over after half an hour of failures."""
    delivery, state = claim.value, _state(session, claim, now=now)
    due_at = retry_at(max(delivery.attempts, state.failures), now=now, retry_after=failed.retry_after, spread=spread)
    states.failed(session, state, failed.what, now=now, until=due_at)
    attempts = delivery.attempts + 1
    leases.close(session, DELIVERY, claim.id, claim.token, due_at=due_at, attempts=attempts, last_error=failed.what)
    _give_up(session, route, state, failed.what, now=now)
    return _marked(session, claim.id)


def unanswered(session: Session, claim: Claim[Delivery], what: str, *, now: datetime) -> Marked:
    """It may have arrived: sent once more, marked as such; a second silence is the end of it."""
    delivery, state = claim.value, _state(session, claim, now=now)
    again_at = max(now + AGAIN, retry_at(state.failures, now=now))
    states.failed(session, state, what, now=now, until=again_at)
    counts = {"attempts": delivery.attempts + 1, "silences": delivery.silences + 1, "last_error": what}
    close = {"state": DeliveryState.MAYBE, "due_at": None} if delivery.silences else {"due_at": again_at}
    leases.close(session, DELIVERY, claim.id, claim.token, **counts, **close)
    return _marked(session, claim.id)


def refused(session: Session, claim: Claim[Delivery], route: Route, what: str, *, now: datetime) -> Marked:
    """No try can help: the fallback takes over, else it is dead. Three in a row, and the channel is broken."""
    states.refused(session, _state(session, claim, now=now), what, now=now, until=now + LONGEST_RETRY)
    done = {"state": DeliveryState.DEAD, "due_at": None, "attempts": claim.value.attempts + 1, "last_error": what}
    leases.close(session, DELIVERY, claim.id, claim.token, **done)
    if route.fallback is not None:
        deliveries.move(session, DELIVERY.c.id == claim.id, route.fallback, now=now)
    if states.state(session, route.channel).broken_at is not None:
        _turn_to_fallback(session, route, now=now)
    return _marked(session, claim.id)


def _state(session: Session, claim: Claim[Delivery], *, now: datetime) -> ChannelState:
    return states.state(session, claim.value.channel).current(now=now)


def _marked(session: Session, delivery_id: int) -> Marked:
    row = session.execute(sa.select(DELIVERY.c.state, DELIVERY.c.due_at).where(DELIVERY.c.id == delivery_id)).one()
    return Marked(DeliveryState(row.state), row.due_at)


# -- on another way ------------------------------------------------------------------------------


def _give_up(session: Session, route: Route, state: ChannelState, what: str, *, now: datetime) -> None:
    """What waits goes to the fallback after half an hour of failures; what can't is dead after a day of them."""
    if state.is_given_up(now=now):
        _turn_to_fallback(session, route, now=now)
    c, long_ago = DELIVERY.c, now - GIVEN_UP
    # A day of tries: one on which nobody was there to try does not count.
    is_tried = sa.true() if state.failing_since and state.failing_since <= long_ago else c.attempts >= TRIES
    is_overdue = sa.and_(c.channel == route.channel, sa.func.coalesce(c.trying_since, c.created_at) <= long_ago)
    deliveries.bury(session, sa.and_(deliveries.is_free(now), is_overdue, is_tried), f"tried for a day: {what}")


def _turn_to_fallback(session: Session, route: Route, *, now: datetime) -> None:
    if route.fallback is None:
        return
    waits = sa.and_(deliveries.is_free(now), DELIVERY.c.channel == route.channel)
    if count := deliveries.move(session, waits, route.fallback, now=now):
        log.warning("deliveries go to the fallback", channel=route.channel, fallback=route.fallback, count=count)


def replace(session: Session, waiting: Sequence[Delivery], letter: Letter, *, now: datetime) -> None:
    """One message tells what these would have told."""
    deliveries.replace(session, [delivery.id for delivery in waiting], put(session, letter, now=now))


def send_again(session: Session, *, channels: Collection[str], to: str | None = None, now: datetime) -> int:
    """`monitor retry`: what is dead, and what may have arrived, for these channels; how many.

    Whoever asks believes that it works now: a channel that rests is tried at once, with what waits for a later try.
    """
    c = DELIVERY.c
    kept = sa.and_(c.state.in_(deliveries.KEPT), c.channel.in_(list(channels)))
    states.try_again(session, channels if to is None else [to])
    if to is None:
        hastened = deliveries.hasten(session, c.channel.in_(list(channels)), now=now)
        return hastened + deliveries.anew(session, kept, now=now)
    here = deliveries.anew(session, sa.and_(kept, c.channel == to), now=now)
    back = deliveries.move_back(session, kept, to, now=now)
    return here + back + deliveries.move(session, kept, to, now=now)


def send_one_again(session: Session, delivery_id: int, *, channels: Collection[str], now: datetime) -> bool:
    """One that is dead or may have arrived; False where it is neither, or its channel is none of these."""
    c = DELIVERY.c
    mine = sa.and_(c.id == delivery_id, c.state.in_(deliveries.KEPT), c.channel.in_(list(channels)))
    channel = session.scalar(sa.select(c.channel).where(mine))
    if channel is None:
        return False
    states.try_again(session, [channel])
    return deliveries.anew(session, mine, now=now) > 0


def bury_removed(session: Session, channels: Collection[str], *, now: datetime) -> None:
    """Deliveries to a channel that no longer stands in the configuration are dead with that reason.

    One in hand is left alone: it may be going out just now.
    """
    is_removed = sa.and_(deliveries.is_free(now), DELIVERY.c.channel.not_in(list(channels)))
    deliveries.bury(session, is_removed, "the channel was removed")


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
