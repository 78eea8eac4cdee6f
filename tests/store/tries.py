"""One try of a message, with each outcome it may have."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model import Claim, Delivery, DeliveryState, Failed
from monitor.store import channels, outbox
from monitor.store.channels import ChannelHealth
from monitor.store.database import Database
from monitor.store.outbox import Marked, Route
from monitor.store.tables import DELIVERY
from tests.store.steps import MINUTE, post, rows

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ALONE = Route("phone")
PHONE = Route("phone", "mail")
MAIL = Route("mail", "phone")  # each is the other's fallback
WAITING, SENT, MAYBE, DEAD, MOVED = DeliveryState


def take(database: Database, route: Route, *, now: datetime, limit: int = 1) -> list[Claim[Delivery]]:
    return database.write(outbox.claim, route, now=now, limit=limit)


def taken(database: Database, route: Route, *, now: datetime) -> Claim[Delivery]:
    (claim,) = take(database, route, now=now)
    return claim


def fail(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.retry, taken(database, route, now=now), route, Failed("HTTP 502"), now=now)


def refuse(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.refused, taken(database, route, now=now), route, "HTTP 404", now=now)


def hear_nothing(database: Database, route: Route, *, now: datetime) -> Marked:
    return database.write(outbox.unanswered, taken(database, route, now=now), "no answer", now=now)


def limit_rate(database: Database, route: Route, until: datetime, *, now: datetime) -> None:
    database.write(outbox.wait, taken(database, route, now=now), "HTTP 429", now=now, until=until)


def send(database: Database, route: Route, *, now: datetime) -> list[str]:
    """The names of what is better told together."""
    waited = database.write(outbox.sent, taken(database, route, now=now), now=now)
    return [delivery.uid for delivery in waited]


def put(database: Database, *names: str, channel: str = "phone", now: datetime) -> None:
    for name in names:
        post(database, name, channel=channel, now=now)


def keep_failing(database: Database, route: Route, *, now: datetime, until: datetime) -> None:
    """Tried whenever it may be."""
    while now <= until:
        due_at = None
        for claim in take(database, route, now=now):
            due_at = database.write(outbox.retry, claim, route, Failed("HTTP 502"), now=now).due_at
        now = due_at or now + MINUTE


def standing(database: Database) -> list[tuple[str, str]]:
    """Every delivery and its state, in order of their names."""
    return [(uid, state) for uid, state in rows(database, DELIVERY.c.uid, DELIVERY.c.state)]


def health(database: Database, name: str = "phone", *, now: datetime) -> ChannelHealth:
    (found,) = database.read(channels.health, [name], now=now)
    return found
