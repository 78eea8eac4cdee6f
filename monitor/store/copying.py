"""All rows into another database, as `db copy` does: in pieces, so that it may be cut off and go on.

How far each table is stands in a table of the target's, written with the rows themselves. It is dropped at the end, and
until then nobody works on the target.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from monitor.errors import UsageError
from monitor.store.database import Database
from monitor.store.migrations import MARK, UNFINISHED
from monitor.store.tables import SIGNING_KEY, WORKER

PIECE: Final = 500  # rows of one transaction
FREE: Final = {"lease_until": None, "lease_token": None}
TABLES: Final = tuple(table for table in SQLModel.metadata.sorted_tables if table is not WORKER)
_MARKS: Final = sa.Table(
    MARK,
    sa.MetaData(),
    sa.Column("name", sa.String, primary_key=True),  # a table; empty: whose rows they are
    sa.Column("after", sa.String, nullable=False),  # the key of the last row that was copied, as JSON
)
Said = Callable[[int, int], None]  # how many rows of how many are there


@dataclass(frozen=True, slots=True)
class Copied:
    rows: int
    tables: int


def copy(source: Database, target: Database, *, piece: int = PIECE, said: Said = lambda _done, _total: None) -> Copied:
    """Every row with its number; UsageError where the target holds something else, or counts differ at the end."""
    total = sum(source.read(counts).values())
    target.write(_begin, _name_of(source))
    done = 0
    for table in TABLES:
        done += target.read(_count, table)
        said(done, total)
        while rows := source.read(_next, table, target.read(_after, table), limit=piece):
            target.write(_put, table, rows)
            done += len(rows)
            said(done, total)
    for table in TABLES:
        _refer(source, target, table, piece)
    _verify(source.read(counts), target.read(counts))
    target.write(_end)
    return Copied(total, len(TABLES))


def counts(session: Session) -> dict[str, int]:
    """The rows of each table."""
    return {table.name: _count(session, table) for table in TABLES}


def _count(session: Session, table: sa.Table) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


# -- whose rows they are -----------------------------------------------------------------------------


def _name_of(source: Database) -> str:
    """By the key that this monitor signs with, which no other has."""
    key = source.read(lambda session: session.scalar(sa.select(SIGNING_KEY.c.key)))
    return sha256(key).hexdigest()[:16] if key else str(source.url.database)


def _begin(session: Session, name: str) -> None:
    if sa.inspect(session.connection()).has_table(MARK):
        if session.scalar(sa.select(_MARKS.c.after).where(_MARKS.c.name == "")) != name:
            raise UsageError("the target holds part of a copy of another database; take an empty one")
        return
    if held := [table.name for table in TABLES if _count(session, table)]:
        raise UsageError(f"the target is not empty (it has rows in {held[0]}); take an empty database")
    _MARKS.create(session.connection())
    session.execute(sa.insert(_MARKS).values(name="", after=name))


def _end(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            _count_on(session, table)
    _MARKS.drop(session.connection())


def _count_on(session: Session, table: sa.Table) -> None:
    """The next row gets the next number."""
    number = table.c.get("id")
    if number is None or not isinstance(number.type, sa.Integer):
        return
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    last = sa.select(sa.func.max(number)).scalar_subquery()
    session.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))


# -- a piece -----------------------------------------------------------------------------------------


def _after(session: Session, table: sa.Table) -> list[Any] | None:
    said = session.scalar(sa.select(_MARKS.c.after).where(_MARKS.c.name == table.name))
    return None if said is None else list(json.loads(said))


def _next(session: Session, table: sa.Table, after: list[Any] | None, *, limit: int) -> list[dict[str, Any]]:
    key = list(table.primary_key)
    wanted = sa.select(table).order_by(*key).limit(limit)
    if after is not None:
        wanted = wanted.where(sa.tuple_(*key) > sa.tuple_(*(sa.literal(part) for part in after)))
    return [dict(row) for row in session.execute(wanted).mappings()]


def _put(session: Session, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """What refers to a row of the same table does so at the end: that row may come later. Nobody holds any of them."""
    later = dict.fromkeys(_own_references(table)) | {name: FREE[name] for name in FREE if name in table.c}
    session.execute(sa.insert(table), [row | later for row in rows])
    after = json.dumps([rows[-1][column.name] for column in table.primary_key])
    if not session.execute(sa.update(_MARKS).where(_MARKS.c.name == table.name).values(after=after)).rowcount:  # type: ignore[attr-defined]  # CursorResult
        session.execute(sa.insert(_MARKS).values(name=table.name, after=after))


def _own_references(table: sa.Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _refer(source: Database, target: Database, table: sa.Table, piece: int) -> None:
    for name in _own_references(table):
        rows = source.read(_references, table.c[name])
        for start in range(0, len(rows), piece):
            target.write(_set_references, table.c[name], rows[start : start + piece])


def _references(session: Session, column: sa.Column[Any]) -> list[dict[str, Any]]:
    wanted = sa.select(column.table.c.id.label("row"), column.label("to")).where(column.is_not(None))
    return [dict(row) for row in session.execute(wanted).mappings()]


def _set_references(session: Session, column: sa.Column[Any], rows: Sequence[dict[str, Any]]) -> None:
    mine = sa.update(column.table).where(column.table.c.id == sa.bindparam("row"))
    session.connection().execute(mine.values({column.name: sa.bindparam("to")}), rows)


def _verify(wanted: dict[str, int], there: dict[str, int]) -> None:
    for name, count in wanted.items():
        if there[name] != count:
            raise UsageError(f"the copy has {there[name]} rows in {name}, and the source {count}: {UNFINISHED}")
