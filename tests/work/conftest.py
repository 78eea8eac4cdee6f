"""A desk on SQLite, a sink: what most of these tests need."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from monitor.store.database import Database
from tests.own_postgres import Place
from tests.prepared import prepared
from tests.sinks import JsonSink
from tests.work.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(tmp_path, prepared(tmp_path / "monitor.db"))


@pytest.fixture
def any_desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """On SQLite and on PostgreSQL."""
    yield from _desk(tmp_path, Database(database_url))


def _desk(folder: Path, database: Database) -> Iterator[Desk]:
    yield Desk(folder, database)
    database.close()


@pytest.fixture
def place(postgres: str) -> Place:
    """A prepared database of one's own on PostgreSQL."""
    name = f"many_{os.urandom(6).hex()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE prepared".encode())
    return Place(postgres.replace("/postgres?", f"/{name}?"))


@pytest.fixture
def sink() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink
