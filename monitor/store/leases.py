"""Work is rows that are due: take some for a while, close them with the token, or let the lease run out.

One UPDATE takes rows, so two workers never hold the same one; every closing update names the token, so a worker whose
lease ran out can't write over the one that took its place. A row taken three times without an outcome is poison.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.errors import LeaseLost
from monitor.model import Claim
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY, FEED

POISON: Final = 3
UNREADABLE: Final = "what is stored of it can't be read by this version of monitor"


@dataclass(frozen=True, slots=True)
class Rows:
    """One kind of work, for whoever need not know what it is kept in."""

    table: sa.Table  # for this room only


FEEDS: Final = Rows(FEED)
ENTRIES: Final = Rows(ENTRY)
HELD_ALERTS: Final = Rows(ALERT)
DELIVERIES: Final = Rows(DELIVERY)
FILES: Final = Rows(ARTICLE)


def take(
    session: Session,
    table: sa.Table,
    *where: sa.ColumnElement[bool],
    now: datetime,
    lease: timedelta,
    limit: int,
    last: sa.ColumnElement[bool] | None = None,
) -> tuple[str, list[int]]:
    """Hold up to `limit` rows that are due, the longest due first but those that come `last`; the token and their ids."""
    token = secrets.token_hex(8)
    c = table.c
    due = (
        sa.select(c.id)
        .where(is_due(table, now), *where)
        .order_by(*((last,) if last is not None else ()), c.due_at, c.id)
        .limit(limit)
    )
    # A CTE: PostgreSQL may run a subquery again for every row, and then takes more than the limit.
    chosen = due.with_for_update(skip_locked=True).cte("chosen")
    held = (
        sa.update(table)
        .where(c.id.in_(sa.select(chosen.c.id)))
        .values(lease_until=now + lease, lease_token=token, claims=c.claims + 1)
        .returning(c.id, c.due_at)
    )
    rows = session.execute(held).all()
    return token, [row.id for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def queue(session: Session, rows: Rows, claims: Sequence[Claim[Any]], *, until: datetime) -> None:
    """What was taken just now is handed on to somebody else, and so does not count as taken yet.

    Whoever it comes to holds it by `start`. Where nobody does until then, as it got lost on the way, it is due again.
    """
    c = rows.table.c
    for mine in _held(rows.table, claims):
        session.execute(mine.values(lease_until=until, claims=c.claims - 1))


def start(
    session: Session, table: sa.Table, ids: Sequence[int], token: str, *, mine: str, until: datetime
) -> list[int]:
    """Hold those of these rows that were handed on by this token, by a token that is ours."""
    c = table.c
    handed_on = sa.and_(c.id.in_(ids), c.lease_token == token)
    held = sa.update(table).where(handed_on).values(lease_until=until, lease_token=mine, claims=c.claims + 1)
    return sorted(session.scalars(held.returning(c.id)))


def held(session: Session, rows: Rows, *where: sa.ColumnElement[bool], now: datetime) -> int:
    """How many rows somebody has in hand, or they are on their way to somebody."""
    c = rows.table.c
    counting = sa.select(sa.func.count()).select_from(rows.table).where(c.lease_until > now, *where)
    return session.scalar(counting) or 0


def is_due(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    c = table.c
    return sa.and_(c.due_at <= now, sa.or_(c.lease_until.is_(None), c.lease_until < now))


def is_sound(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.claims < POISON


def poisoned(session: Session, table: sa.Table, *, now: datetime) -> Sequence[int]:
    """Rows whose leases ran out three times without an outcome."""
    return session.scalars(sa.select(table.c.id).where(is_due(table, now), table.c.claims >= POISON)).all()


def close(session: Session, table: sa.Table, row_id: int, token: str, **values: Any) -> None:
    """Write the outcome and give the row up; `LeaseLost` (and nothing written) where it is no longer ours."""
    note(session, table, row_id, token, lease_until=None, lease_token=None, claims=0, **values)


def note(session: Session, table: sa.Table, row_id: int, token: str, **values: Any) -> None:
    """Write how far it has come and keep the row in hand; `LeaseLost` likewise."""
    mine = sa.update(table).where(table.c.id == row_id, table.c.lease_token == token)
    done = session.execute(mine.values(**values))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise LeaseLost(f"{table.name} {row_id} was taken over by another worker")


def clear_all(session: Session) -> None:
    """At the start of the only worker: nobody is left who could hold anything."""
    for rows in (FEEDS, ENTRIES, HELD_ALERTS, DELIVERIES, FILES):
        table = rows.table
        held = sa.update(table).where(table.c.lease_token.is_not(None))
        session.execute(held.values(lease_until=None, lease_token=None))


# -- for whoever has rows in hand, of whatever kind ------------------------------------------------


def renew(session: Session, rows: Rows, claims: Sequence[Claim[Any]], *, until: datetime) -> None:
    for mine in _held(rows.table, claims):
        session.execute(mine.values(lease_until=until))


def give_back(session: Session, rows: Rows, claims: Sequence[Claim[Any]], *, due_at: datetime | None = None) -> None:
    """As if they had never been taken; due at their own time, or at this one."""
    c = rows.table.c
    later = {} if due_at is None else {"due_at": due_at}
    for mine in _held(rows.table, claims):
        claims_before = sa.case((c.claims > 0, c.claims - 1), else_=0)  # handed on, it did not count
        session.execute(mine.values(lease_until=None, lease_token=None, claims=claims_before, **later))


def _held(table: sa.Table, claims: Sequence[Claim[Any]]) -> list[sa.Update]:
    """Those of them that are still ours, by token."""
    by_token: defaultdict[str, list[int]] = defaultdict(list)
    for claim in claims:
        by_token[claim.token].append(claim.id)
    c = table.c
    return [sa.update(table).where(c.id.in_(ids), c.lease_token == token) for token, ids in by_token.items()]
