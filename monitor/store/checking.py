"""Whether a database is sound: whole, of this version, with the tables that the program uses. Only looks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from monitor.store.database import Database
from monitor.store.migrations import HEAD
from monitor.text import one_line

MOST: int = 5


def is_locked(path: Path, *, seconds: float) -> bool:
    """Whether somebody keeps an SQLite file from being written for so long. Who may not write can't know, and is told no."""
    address = f"{path.resolve().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=seconds, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:  # damaged, which is told elsewhere
        return False
    return False


def engine_of(database: Database) -> str:
    """Its name and version."""
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    with database.connected() as connection:
        return f"PostgreSQL {connection.scalar(sa.text('SHOW server_version'))}"


def wrong_with(database: Database) -> list[str]:
    """A line each; empty where all is well."""
    revision = database.revision()
    if revision is not None and revision < HEAD:
        return [f"the tables are of version {revision}, the program of {HEAD}; say monitor db upgrade"]
    with database.connected() as connection:
        wrong = _damage(connection) if database.is_sqlite else []
        return wrong or _differences(connection)


def _damage(connection: sa.Connection) -> list[str]:
    said = connection.execute(sa.text(f"PRAGMA quick_check({MOST})")).scalars().all()
    wrong = [f"the file is damaged: {one_line(str(line))}" for line in said if line != "ok"]
    rows = connection.execute(sa.text("PRAGMA foreign_key_check")).fetchmany(MOST)
    return wrong + [f"a row of {row[0]} refers to one of {row[2]} that is not there" for row in rows]


def _differences(connection: sa.Connection) -> list[str]:
    """Between the tables that are there and those that this version makes."""
    from alembic.autogenerate import compare_metadata  # only whoever checks
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    from monitor.store.migrations.described import is_described

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_described})
    found = compare_metadata(context, SQLModel.metadata)
    return [f"the tables are not as this version makes them: {one_line(str(each))[:200]}" for each in found[:MOST]]
