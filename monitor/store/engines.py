"""How each kind of database is reached: SQLite with one that writes and readers that can't, PostgreSQL with a pool."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from monitor.errors import UsageError
from monitor.store.fitting import fitted

PATIENCE: Final = 10_000  # milliseconds that somebody else may keep us from writing
CONNECTING: Final = 10  # seconds, for each address of a PostgreSQL's host
TURN: Final = 600  # seconds that a thread waits for the writing connection; it has nothing else to do


def address(url: str) -> sa.URL:
    scheme, colon, rest = url.partition(":")
    with_driver = f"postgresql+psycopg{colon}{rest}" if scheme in {"postgresql", "postgres"} else url
    try:
        return sa.make_url(with_driver)
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError("storage.url is not the address of a database") from None


def postgresql(url: sa.URL) -> sa.Engine:
    """READ COMMITTED: who waited for the lock must see what was written meanwhile."""
    if "connect_timeout" not in url.query:  # else a machine that swallows packets holds us for minutes
        url = url.update_query_dict({"connect_timeout": str(CONNECTING)})
    engine = sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {PATIENCE}")
        connection.commit()

    sa.event.listen(engine, "before_cursor_execute", _fit, retval=True)
    return engine


def _fit(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
    return statement, fitted(parameters)


def is_in_memory(url: sa.URL) -> bool:
    return url.database in (None, "", ":memory:")


def only_one(url: sa.URL) -> dict[str, Any]:
    """One connection: those that wait for it have their turns, which SQLite's own waiting does not promise."""
    if is_in_memory(url):
        return {"poolclass": StaticPool}
    return {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": TURN}


def sqlite(url: sa.URL, *, begin: str, pragmas: tuple[str, ...], **pool: Any) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"check_same_thread": False}, **pool)

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        # The driver's own BEGIN comes too late to be IMMEDIATE: ours is given below.
        connection.isolation_level = None  # type: ignore[attr-defined]  # a sqlite3.Connection
        cursor = connection.cursor()  # type: ignore[attr-defined]  # likewise
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    sa.event.listen(engine, "before_cursor_execute", _fit, retval=True)
    return engine


# Durable (WAL, synchronous=FULL): a lost mark would be an alert sent twice.
WRITING: Final = (
    f"busy_timeout={PATIENCE}",
    "auto_vacuum=INCREMENTAL",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
)
# Some of those write (auto_vacuum does): a reader would wait for whoever is writing.
READING: Final = (f"busy_timeout={PATIENCE}", "temp_store=MEMORY", "query_only=ON")
