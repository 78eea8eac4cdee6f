"""Feeds: which are configured, and which are due. What their readings were is store/readings.py's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from monitor.model import Claim, FeedState, Validators
from monitor.settings import Feed, host_of
from monitor.store import hosts, leases
from monitor.store.tables import FEED, HOST, NOTICE
from monitor.timing import eased

log = structlog.get_logger()
LEASE: Final = timedelta(minutes=2)


def configure(session: Session, feeds: Iterable[Feed], *, before: Iterable[Feed] | None = None, now: datetime) -> None:
    """Take over the configured feeds: new ones are due at once, removed ones rest with all they remember.

    `before` is what was configured until now; None at a start, when nobody knows.
    """
    configured = {feed.url: feed for feed in feeds}
    every = None if before is None else {feed.url: feed.every for feed in before}
    company = Counter(feed.host for feed in configured.values() if not feed.allow_private)
    names = ("url", "name", "is_active", "host", "is_paced", "due_at", "failures", "moved_to")
    columns = [FEED.c[name] for name in names]
    known = {row.url: row for row in session.execute(sa.select(*columns))}
    known = _followed(session, known, configured)
    places: dict[str, dict[str, object]] = {
        url: {"host": _host(feed, known.get(url)), "is_paced": not feed.allow_private and company[feed.host] > 1}
        for url, feed in configured.items()
    }
    new = [_new(feed, places[url], now=now) for url, feed in configured.items() if url not in known]
    if new:
        session.execute(sa.insert(FEED), new)
    left = [row.url for url, row in known.items() if url not in configured and row.is_active]
    for url in left:
        session.execute(sa.update(FEED).where(FEED.c.url == url).values(is_active=False))
    if left:  # one that comes back is told of anew
        is_left = NOTICE.c.feed_id.in_(sa.select(FEED.c.id).where(~FEED.c.is_active))
        session.execute(sa.delete(NOTICE).where(is_left))
    for url, row in known.items():
        if feed := configured.get(url):
            changes = _changes(row, feed, every, now=now) | _moves(row, feed.name, places[url])
            if changes:
                session.execute(sa.update(FEED).where(FEED.c.url == url).values(**changes))


def _followed(session: Session, known: Mapping[str, Any], configured: Mapping[str, Feed]) -> dict[str, Any]:
    """A feed that moved for good, and is configured at its new address now, stays the feed that it was."""
    moved = {row.moved_to: url for url, row in known.items() if row.moved_to and url not in configured}
    new = {url: moved[url] for url in configured if url in moved and url not in known}
    for url, before in new.items():
        session.execute(sa.update(FEED).where(FEED.c.url == before).values(url=url, moved_to=None))
    return {url: row for url, row in known.items() if url not in new.values()} | {
        url: known[before] for url, before in new.items()
    }


def _host(feed: Feed, row: Any) -> str | None:
    """Where it is asked: one that moved, at the host that it moved to."""
    return feed.host if row is None or not row.moved_to else host_of(row.moved_to)


def _new(feed: Feed, place: Mapping[str, object], *, now: datetime) -> dict[str, object]:
    row = {"url": feed.url, "name": feed.name, "is_active": True, "due_at": now, "claims": 0, "failures": 0}
    return {**row, **place}


def _changes(row: Any, feed: Feed, every: Mapping[str, timedelta] | None, *, now: datetime) -> dict[str, object]:
    """Back after a while outside of the configuration, that gap was no outage, so old news of it is too old.

    An interval that was made shorter counts from now on, not after the long one is over; polls are spread a little.
    Where it stayed as it was, the server asked for longer.
    """
    if not row.is_active:
        begun = {"is_active": True, "due_at": now, "slot_at": None, "paused": None}
        return begun | {"last_success_at": None, "failing_since": None}
    is_shorter = every is None or feed.every < every.get(feed.url, feed.every)
    if not is_shorter or row.failures or row.due_at is None or row.due_at <= now + 1.2 * feed.every:
        return {}
    return {"due_at": now, "slot_at": None}


def _moves(row: Any, name: str, place: Mapping[str, object]) -> dict[str, object]:
    """Its name and its place, where these changed."""
    said = {"name": name, **place}
    return {column: value for column, value in said.items() if getattr(row, column) != value}


def claim(session: Session, *, now: datetime, limit: int, is_round: bool = False) -> list[Claim[FeedState]]:
    """Feeds that are due and whose hosts may be asked now.

    Several feeds of one public host are asked a second apart: each that is due gets a moment of its own and is due then.
    In a round nobody comes back for those, so they are taken and wait in hand (fetch/hosts.py).
    """
    for feed_id in leases.poisoned(session, FEED, now=now):
        _pause(session, feed_id, "it stopped the program three times")
    ready = (FEED.c.is_active, leases.is_sound(FEED))
    claims: list[Claim[FeedState]] = []
    while len(claims) < limit:
        token, ids = leases.take(session, FEED, *ready, now=now, lease=LEASE, limit=limit - len(claims))
        found = {row.id: row for row in session.execute(sa.select(FEED).where(FEED.c.id.in_(ids)))} if ids else {}
        rows = [found[feed_id] for feed_id in ids]
        later = hosts.later(session, rows, is_round=is_round, now=now)
        for feed_id, moment in later.items():
            leases.give_back(session, leases.FEEDS, [Claim(feed_id, token, None)], due_at=moment)
        claims += [Claim(row.id, token, _state(row, now=now)) for row in rows if row.id not in later]
        if not later:
            break
    return claims


def start(session: Session, ids: Sequence[int], token: str, *, mine: str, now: datetime) -> list[Claim[FeedState]]:
    """Those of these that were handed on to us (leases.queue)."""
    ours = leases.start(session, FEED, ids, token, mine=mine, until=now + LEASE)
    rows = session.execute(sa.select(FEED).where(FEED.c.id.in_(ours)).order_by(FEED.c.id))
    return [Claim(row.id, mine, _state(row, now=now)) for row in rows]


def _state(row: sa.Row[Any], *, now: datetime) -> FeedState:
    return FeedState(
        url=row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        last_success_at=row.last_success_at,
        failures=row.failures,
        first_read_at=row.first_read_at,
        complaint=None if row.failures else row.last_error,
        moved_to=row.moved_to,
        listed=row.listed or b"",
        keyed_by=row.keyed_by,
        rekeyed=row.rekeyed,
        hurry=eased(row.hurry, row.gap_at, now=now),
        full_at=row.full_at,
        breakdowns=row.breakdowns,
    )


def _pause(session: Session, feed_id: int, why: str) -> None:
    changes = {"due_at": None, "lease_until": None, "lease_token": None, "claims": 0, "paused": why, "last_error": why}
    pausing = sa.update(FEED).where(FEED.c.id == feed_id).values(**changes).returning(FEED.c.name)
    log.error("a feed is paused", feed=session.scalar(pausing), why=why)


def ask_soon(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """What stood in their way is gone."""
    waiting = sa.and_(FEED.c.id.in_(ids), FEED.c.is_active, FEED.c.paused.is_(None), FEED.c.due_at > now)
    if ids:
        session.execute(sa.update(FEED).where(waiting).values(due_at=now, slot_at=None))


def make_all_due(session: Session, *, now: datetime) -> None:
    """`once --all`: also those not due, backing off, paused or gone."""
    changes = {"due_at": now, "paused": None, "claims": 0, "slot_at": None}
    session.execute(sa.update(FEED).where(FEED.c.is_active).values(**changes))
    session.execute(sa.delete(HOST))
