"""Feeds: which are due, what their last reading was, which of their entries we know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from monitor.model import Claim, Entry, FeedState, Validators
from monitor.settings import Feed
from monitor.store import leases, listings
from monitor.store.fitting import indexable
from monitor.store.tables import ENTRY, FEED, HOST, EntryState

log = structlog.get_logger()
LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as `monitor status` shows it."""

    url: str
    name: str
    last_success_at: datetime | None
    last_error: str | None
    next_poll_at: datetime | None
    failures: int


def configure(session: Session, feeds: Iterable[Feed], *, before: Iterable[Feed] | None = None, now: datetime) -> None:
    """Take over the configured feeds: new ones are due at once, removed ones rest with all they remember.

    `before` is what was configured until now; None at a start, when nobody knows.
    """
    configured = {feed.url: feed for feed in feeds}
    every = None if before is None else {feed.url: feed.every for feed in before}
    known = {row.url: row for row in session.execute(sa.select(FEED.c.url, FEED.c.is_active, FEED.c.due_at))}
    new = [feed for url, feed in configured.items() if url not in known]
    if new:
        rows = [
            {"url": feed.url, "name": feed.name, "is_active": True, "due_at": now, "claims": 0, "failures": 0}
            for feed in new
        ]
        session.execute(sa.insert(FEED), rows)
    for url in known:
        if url not in configured:
            session.execute(sa.update(FEED).where(FEED.c.url == url).values(is_active=False))
            continue
        feed = configured[url]
        # An interval that was made shorter counts from now on, not after the long one is over; polls are spread a little.
        # Where it stayed as it was, the server asked for longer.
        is_shorter = every is None or feed.every < every.get(url, feed.every)
        is_far = sa.and_(sa.literal(is_shorter), FEED.c.failures == 0, FEED.c.due_at > now + 1.2 * feed.every)
        soon = sa.case((is_far, now), else_=FEED.c.due_at)
        again = sa.case((FEED.c.is_active.is_(False), now), else_=soon)
        due_at = sa.case((FEED.c.paused.is_(None), again), else_=None)
        # Back after a while outside of the configuration: that gap was no outage, so old news of it is too old.
        last = sa.case((FEED.c.is_active.is_(False), None), else_=FEED.c.last_success_at)
        changes = {"is_active": True, "name": feed.name, "due_at": due_at, "last_success_at": last}
        session.execute(sa.update(FEED).where(FEED.c.url == url).values(**changes))


def claim(session: Session, *, now: datetime, limit: int) -> list[Claim[FeedState]]:
    for feed_id in leases.poisoned(session, FEED, now=now):
        _pause(session, feed_id, "it stopped the program three times")
    ready = (FEED.c.is_active, leases.is_sound(FEED))
    token, ids = leases.take(session, FEED, *ready, now=now, lease=LEASE, limit=limit)
    rows = {row.id: row for row in session.execute(sa.select(FEED).where(FEED.c.id.in_(ids)))}
    return [Claim(feed_id, token, _state(rows[feed_id])) for feed_id in ids]


def _state(row: sa.Row[tuple[object, ...]]) -> FeedState:
    return FeedState(
        url=row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        last_success_at=row.last_success_at,
        failures=row.failures,
        is_first=row.first_read_at is None,
        complaint=None if row.failures else row.last_error,
    )


def _pause(session: Session, feed_id: int, why: str) -> None:
    changes = {"due_at": None, "lease_until": None, "lease_token": None, "claims": 0, "paused": why, "last_error": why}
    pausing = sa.update(FEED).where(FEED.c.id == feed_id).values(**changes).returning(FEED.c.name)
    log.error("a feed is paused", feed=session.scalar(pausing), why=why)


def make_all_due(session: Session, *, now: datetime) -> None:
    """`once --all`: also those not due, backing off, paused or gone."""
    session.execute(sa.update(FEED).where(FEED.c.is_active).values(due_at=now, paused=None, claims=0))
    session.execute(sa.delete(HOST))


# -- outcomes ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Good:
    """A reading that went well."""

    due_at: datetime  # when the next one is
    validators: Validators | None = None  # new ones; None leaves those we have
    complaint: str | None = None  # part of it could not be read


def unchanged(session: Session, claim: Claim[FeedState], reading: Good, *, now: datetime) -> None:
    changes: dict[str, object] = {
        "last_polled_at": now,
        "last_success_at": now,
        "last_error": reading.complaint,
        "failures": 0,
        "due_at": reading.due_at,
    }
    if reading.validators is not None:
        changes |= {"etag": reading.validators.etag, "last_modified": reading.validators.last_modified}
    if claim.value.is_first:
        changes["first_read_at"] = now
    leases.close(session, FEED, claim.id, claim.token, **changes)


def failed(session: Session, claim: Claim[FeedState], what: str, *, now: datetime, due_at: datetime) -> None:
    changes = {"last_polled_at": now, "last_error": what, "failures": claim.value.failures + 1, "due_at": due_at}
    leases.close(session, FEED, claim.id, claim.token, **changes)


def gone(session: Session, claim: Claim[FeedState], what: str, *, now: datetime) -> None:
    """410: it is not asked again, but by `once --all`."""
    changes = {"last_polled_at": now, "last_error": what, "failures": claim.value.failures + 1, "paused": what}
    leases.close(session, FEED, claim.id, claim.token, due_at=None, **changes)


@dataclass(frozen=True, slots=True)
class Changed:
    """A new document of a feed."""

    entries: Sequence[Entry]  # the oldest first
    body_hash: str
    backlog: Literal["skip", "alert"] | int
    good: Good


def changed(session: Session, claim: Claim[FeedState], reading: Changed, *, now: datetime) -> int:
    """Remember the new entries and the validators together, so that a crash reads them again; how many are to be read."""
    listed = {indexable(entry.key): entry for entry in reading.entries}
    known = listings.known(session, claim.id, list(listed))
    listings.compare(session, known, listed, now=now)
    new = [listings.kept(entry, key) for key, entry in listed.items() if key not in known]
    skipped = _backlog(len(new), reading.backlog) if claim.value.is_first else 0
    rows = [_row(claim, entry, now=now, skip=index < skipped) for index, entry in enumerate(new)]
    if rows:
        session.execute(sa.insert(ENTRY), rows)
    session.execute(sa.update(FEED).where(FEED.c.id == claim.id).values(body_hash=reading.body_hash))
    unchanged(session, claim, reading.good, now=now)
    return len(new) - skipped


def _backlog(count: int, backlog: Literal["skip", "alert"] | int) -> int:
    """How many of the oldest entries of a first reading are only remembered."""
    match backlog:
        case "skip":
            return count
        case "alert":
            return 0
        case int():
            return max(0, count - backlog)


def _row(claim: Claim[FeedState], entry: Entry, *, now: datetime, skip: bool) -> dict[str, object]:
    return {
        "feed_id": claim.id,
        "key": entry.key,
        "first_seen_at": now,
        "state": EntryState.SKIPPED if skip else EntryState.WAITING,
        "due_at": None if skip else now,
        "content": None if skip else listings.written(entry),
        "feed_last_success_at": claim.value.last_success_at,
        "claims": 0,
        "tries": 0,
    }


# -- manners -------------------------------------------------------------------------------------


def host_free_at(session: Session, host: str) -> datetime | None:
    return session.scalar(sa.select(HOST.c.next_at).where(HOST.c.name == host))


def host_asks_to_wait(session: Session, host: str, *, until: datetime) -> None:
    if session.scalar(sa.select(HOST.c.name).where(HOST.c.name == host)) is None:
        session.execute(sa.insert(HOST).values(name=host, next_at=until))
        return
    session.execute(sa.update(HOST).where(HOST.c.name == host, HOST.c.next_at < until).values(next_at=until))


def wait(session: Session, claim: Claim[FeedState], *, due_at: datetime) -> None:
    """Not asked at all: its host wants to be left alone."""
    leases.close(session, FEED, claim.id, claim.token, due_at=due_at)


# -- what is shown -------------------------------------------------------------------------------


def health(session: Session) -> list[FeedHealth]:
    c = FEED.c
    columns = (c.url, c.name, c.last_success_at, c.last_error, c.due_at, c.failures)
    rows = session.execute(sa.select(*columns).where(c.is_active).order_by(c.id))
    return [FeedHealth(*row) for row in rows]
