"""Entries: what feeds listed, until each has been read. Their keys outlive their articles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Claim, WaitingEntry
from monitor.store import leases
from monitor.store.feeds import ENTRIES
from monitor.store.tables import ENTRY, FEED, EntryState

LEASE: Final = timedelta(minutes=3)


def claim(session: Session, *, now: datetime, limit: int) -> list[Claim[WaitingEntry]]:
    _set_poisoned_aside(session, now=now)
    token, ids = leases.take(session, ENTRY, leases.is_sound(ENTRY), now=now, lease=LEASE, limit=limit)
    joined = sa.select(ENTRY, FEED.c.url).join(FEED, FEED.c.id == ENTRY.c.feed_id).where(ENTRY.c.id.in_(ids))
    rows = {row.id: row for row in session.execute(joined)}
    return [Claim(entry_id, token, _waiting(rows[entry_id])) for entry_id in ids]


def _waiting(row: sa.Row[tuple[object, ...]]) -> WaitingEntry:
    return WaitingEntry(
        entry=ENTRIES.validate_json(row.content),
        feed=row.url,
        first_seen_at=row.first_seen_at,
        feed_last_success_at=row.feed_last_success_at,
        tries=row.tries,
    )


def _set_poisoned_aside(session: Session, *, now: datetime) -> None:
    if ids := leases.poisoned(session, ENTRY, now=now):
        changes = {"state": EntryState.POISONED, "due_at": None, "lease_until": None, "lease_token": None}
        why = "reading it stopped the program three times"
        session.execute(sa.update(ENTRY).where(ENTRY.c.id.in_(ids)).values(last_error=why, **changes))


def read(session: Session, claim: Claim[WaitingEntry], *, article_id: int) -> None:
    """It became this article, or turned out to be it."""
    changes = {"state": EntryState.READ, "content": None, "article_id": article_id, "due_at": None}
    leases.close(session, ENTRY, claim.id, claim.token, **changes)


def later(session: Session, claim: Claim[WaitingEntry], what: str, *, due_at: datetime) -> None:
    """Its page could not be read now."""
    tries = claim.value.tries + 1
    leases.close(session, ENTRY, claim.id, claim.token, due_at=due_at, tries=tries, last_error=what)
