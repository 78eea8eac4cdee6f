"""Run the history of the tables up to this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from monitor.errors import UsageError
from monitor.store.migrations import NEWER


def configuration(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection) -> None:
    with tables_copied(connection):
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise UsageError(NEWER) from error
        connection.commit()


@contextmanager
def tables_copied(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by copying it; what refers to it would forbid to drop the old one.

    A new database has nothing that refers: there the transaction goes on in which it was seen to be new.
    """
    if connection.dialect.name != "sqlite" or not sa.inspect(connection).has_table("alembic_version"):
        yield
        return
    _set_foreign_keys(connection, "OFF")
    try:
        yield
    finally:
        _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: sa.Connection, value: str) -> None:
    connection.rollback()  # inside a transaction it would do nothing
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={value}")
    cursor.close()


def head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()
