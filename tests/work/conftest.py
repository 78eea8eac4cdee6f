"""A desk on SQLite, a sink: what most of these tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.database import Database
from tests.sinks import JsonSink
from tests.work.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(tmp_path, f"sqlite:///{tmp_path / 'monitor.db'}")


@pytest.fixture
def any_desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """On SQLite and on PostgreSQL."""
    yield from _desk(tmp_path, database_url)


def _desk(folder: Path, url: str) -> Iterator[Desk]:
    database = Database(url)
    database.prepare()
    yield Desk(folder, database)
    database.close()


@pytest.fixture
def sink() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink
