"""Entries: what feeds listed, until each has been read. Their keys outlive their articles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from pydantic import ValidationError
from sqlalchemy.orm import Session

from monitor.model import Claim, WaitingEntry
from monitor.store import leases
from monitor.store.listings import ENTRIES, listed_hash
from monitor.store.tables import ENTRY, FEED, EntryState

log = structlog.get_logger()
LEASE: Final = timedelta(minutes=3)
OF_A_FEED: Final = 4  # entries in hand at a time: one slow host must not keep all others waiting


def claim(session: Session, *, now: datetime, limit: int, of_a_feed: int = OF_A_FEED) -> list[Claim[WaitingEntry]]:
    """One that can't be read is set aside, and harms no other."""
    _set_aside(session, leases.poisoned(session, ENTRY, now=now), "reading it stopped the program three times")
    ready = (leases.is_sound(ENTRY), _in_turn(now, of_a_feed))
    claims: list[Claim[WaitingEntry]] = []
    while len(claims) < limit:
        wanted = limit - len(claims)
        token, ids = leases.take(session, ENTRY, *ready, now=now, lease=LEASE, limit=wanted, last=ENTRY.c.in_flood)
        waiting = _waiting_of(session, ids)
        claims += [Claim(entry_id, token, waiting[entry_id]) for entry_id in ids if entry_id in waiting]
        if len(waiting) == len(ids):
            break
        _set_aside(session, [entry_id for entry_id in ids if entry_id not in waiting], leases.UNREADABLE)
    return claims


def start(session: Session, ids: Sequence[int], token: str, *, mine: str, now: datetime) -> list[Claim[WaitingEntry]]:
    """Those of these that were handed on to us (leases.queue)."""
    ours = leases.start(session, ENTRY, ids, token, mine=mine, until=now + LEASE)
    waiting = _waiting_of(session, ours)
    _set_aside(session, [entry_id for entry_id in ours if entry_id not in waiting], leases.UNREADABLE)
    return [Claim(entry_id, mine, waiting[entry_id]) for entry_id in ours if entry_id in waiting]


def _in_turn(now: datetime, of_a_feed: int) -> sa.ColumnElement[bool]:
    """The first few of each feed; those in hand count."""
    c = ENTRY.c
    held_first = sa.case((leases.is_due(ENTRY, now), 1), else_=0)
    place = sa.func.row_number().over(partition_by=c.feed_id, order_by=(held_first, c.due_at, c.id))
    due = sa.select(c.id, place.label("place")).where(c.due_at <= now).subquery()
    return c.id.in_(sa.select(due.c.id).where(due.c.place <= of_a_feed))


def _waiting_of(session: Session, ids: Sequence[int]) -> dict[int, WaitingEntry]:
    joined = sa.select(ENTRY, FEED.c.url).join(FEED, FEED.c.id == ENTRY.c.feed_id).where(ENTRY.c.id.in_(ids))
    waiting = {}
    for row in session.execute(joined):
        with suppress(ValidationError):
            waiting[row.id] = _waiting(row)
    return waiting


def _waiting(row: sa.Row[tuple[object, ...]]) -> WaitingEntry:
    return WaitingEntry(
        entry=ENTRIES.validate_json(row.content),
        feed=row.url,
        first_seen_at=row.first_seen_at,
        feed_last_success_at=row.feed_last_success_at,
        tries=row.tries,
        article_id=row.article_id,
        in_flood=row.in_flood,
    )


def _set_aside(session: Session, ids: Sequence[int], why: str) -> None:
    if not ids:
        return
    changes = {"state": EntryState.POISONED, "due_at": None, "lease_until": None, "lease_token": None, "claims": 0}
    session.execute(sa.update(ENTRY).where(ENTRY.c.id.in_(ids)).values(last_error=why, **changes))
    whose = sa.select(FEED.c.name, ENTRY.c.id).join(FEED, FEED.c.id == ENTRY.c.feed_id).where(ENTRY.c.id.in_(ids))
    for feed, entry in session.execute(whose):
        log.error("an entry is set aside", feed=feed, entry=entry, why=why)


def read(session: Session, claim: Claim[WaitingEntry], *, article_id: int) -> None:
    """It became this article, or turned out to be it. Of another article than before it was not yet read anew."""
    c = ENTRY.c
    changes: dict[str, Any] = {"state": EntryState.READ, "content": None, "article_id": article_id, "due_at": None}
    changes["readings"] = sa.case((c.article_id != article_id, 0), else_=c.readings)
    leases.close(session, ENTRY, claim.id, claim.token, listed_hash=listed_hash(claim.value.entry), **changes)


def later(session: Session, claim: Claim[WaitingEntry], what: str, *, due_at: datetime) -> None:
    """Its page could not be read now."""
    tries = claim.value.tries + 1
    leases.close(session, ENTRY, claim.id, claim.token, due_at=due_at, tries=tries, last_error=what)


def totals(session: Session) -> dict[str, int]:
    """How many entries wait to be read, and how many were set aside."""
    shown = (EntryState.WAITING, EntryState.POISONED)
    counting = sa.select(ENTRY.c.state, sa.func.count()).where(ENTRY.c.state.in_(shown)).group_by(ENTRY.c.state)
    return dict.fromkeys(map(str, shown), 0) | {row[0]: row[1] for row in session.execute(counting)}


def poisoned(session: Session) -> int:
    return totals(session)[EntryState.POISONED]
