"""An empty database of each kind, quicker than making one: a file is copied, a PostgreSQL database emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlmodel import SQLModel

from tests.conftest import KINDS
from tests.prepared import prepared_file


@pytest.fixture(scope="session")
def shared_postgres(postgres: str) -> str:
    """One database for all tests of the store; it need not survive a power cut."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE store TEMPLATE prepared")
    return postgres.replace("/postgres?", "/store?")


@pytest.fixture(scope="session")
def broom(shared_postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_postgres, application_name="broom", autocommit=True) as connection:
        yield connection


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """In place of the one for all tests."""
    if request.param == "sqlite":
        (tmp_path / "monitor.db").write_bytes(prepared_file())
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    _empty(request.getfixturevalue("broom"))
    uri: str = request.getfixturevalue("shared_postgres")
    return uri


def _empty(connection: psycopg.Connection) -> None:
    deletes = [
        sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name))
        for table in reversed(SQLModel.metadata.sorted_tables)
    ]
    connection.execute(sql.SQL("; ").join(deletes))
