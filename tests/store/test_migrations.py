"""The tables of a new database, and their history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from sqlmodel import SQLModel

from monitor.store.database import Database
from monitor.store.migrations import HEAD
from monitor.store.migrations.upgrade import configuration, head


def test_the_newest_revision_is_the_one_the_program_asks_for() -> None:
    assert head() == HEAD


def test_the_history_ends_in_the_tables_the_program_uses(database: Database) -> None:
    with database._write_engine.connect() as connection:
        command.check(configuration(connection))


def test_preparing_twice_changes_nothing(database: Database) -> None:
    database.prepare()


def test_no_instant_is_stored_in_local_time() -> None:
    """`sa.DateTime(timezone=True)` stores local wall time on SQLite and reads it back naive."""
    instants = [
        column
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.DateTime) or "DateTime" in type(column.type).__name__
    ]
    assert instants
    assert {type(column.type).__name__ for column in instants} == {"UTCDateTime"}
