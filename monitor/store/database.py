"""The one place where async work hops to the sync store: `run` reads, `exclusive` judges and writes, one at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.errors import Damaged, Refused, StoreError, UsageError
from monitor.store import backup, engines
from monitor.store.lockfile import locked_file, make_folder
from monitor.store.migrations import HEAD, MARK, NEWER, UNFINISHED
from monitor.text import one_line

__all__ = ["Database", "Session"]

P = ParamSpec("P")
T = TypeVar("T")

READERS: Final = 4
_REFUSALS: Final = (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.ProgrammingError)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# Any number will do, as long as nobody else in this database uses it.
JUDGING: Final = 0x6D6F6E69
RUNNING: Final = 0x6D6F6E6A
LOCK_NOT_AVAILABLE: Final = "55P03"
TURN_ENDS: Final = 60  # seconds in which whoever judges asks the database for nothing


class Database:
    """SQLite (one writing connection, readers that can't write) or PostgreSQL (psycopg, sync, in threads).

    `after_commit` is called in the writing thread with the name of what was just committed.
    """

    def __init__(self, url: str, *, after_commit: Callable[[str], None] = lambda _name: None) -> None:
        self.url = engines.address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._after_commit = after_commit
        if self.is_sqlite:
            self._write_engine = engines.sqlite(
                self.url, begin="BEGIN IMMEDIATE", pragmas=engines.WRITING, **engines.only_one(self.url)
            )
            # In memory each engine would have a database of its own.
            self._read_engine = (
                self._write_engine
                if self.path is None
                else engines.sqlite(self.url, begin="BEGIN", pragmas=engines.READING)
            )
        else:
            self._write_engine = self._read_engine = engines.postgresql(self.url)
        self._lock: sa.Connection | None = None  # that of `sole_runner` on PostgreSQL
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")

    @property
    def path(self) -> Path | None:
        """Where the SQLite file is; None for PostgreSQL and for a database in memory."""
        return None if not self.is_sqlite or engines.is_in_memory(self.url) else Path(str(self.url.database))

    @property
    def conninfo(self) -> str:
        """For another client of the same server; with its password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        self._write_engine.dispose()
        self._read_engine.dispose()

    # -- sessions -----------------------------------------------------------------------------

    async def run(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Read."""
        call = partial(self.read, fn, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    async def exclusive(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Judge and write, in one transaction, while nobody else does."""
        call = partial(self.write, fn, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writer, call)

    async def beside(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write what only its holder writes, which need not wait for those who judge (on SQLite, everybody waits)."""
        if self.is_sqlite:
            return await self.exclusive(fn, *args, **kwargs)
        call = partial(self._write, lambda session: fn(session, *args, **kwargs), named=_name_of(fn))
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    async def exclusive_then(self, fn: Callable[[Session], None], then: Callable[[], None]) -> None:
        """Write; once that is committed, and before anybody else judges, do the other."""

        def call() -> None:
            self.write(fn)
            then()

        await asyncio.get_running_loop().run_in_executor(self._writer, call)

    def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._session(self._read_engine) as session:
            return fn(session, *args, **kwargs)

    def write(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        lock = None if self.is_sqlite else JUDGING
        return self._write(lambda session: fn(session, *args, **kwargs), named=_name_of(fn), lock=lock)

    def _write(self, fn: Callable[[Session], T], *, named: str, lock: int | None = None) -> T:
        with self._session(self._write_engine) as session:
            if lock is not None:
                # Of a machine that vanished the server would hear only after hours, and all others wait for its turn to end.
                until = sa.func.set_config(
                    "idle_in_transaction_session_timeout", f"{TURN_ENDS}s", True
                )  # for this transaction
                session.execute(sa.select(until, sa.func.pg_advisory_xact_lock(lock)))
            result = fn(session)
            session.commit()
        self._after_commit(named)
        return result

    @contextmanager
    def _session(self, engine: sa.Engine) -> Iterator[Session]:
        with self._in_words(), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            self._refuse_if_damaged(error)
            kind = Refused if isinstance(error, _REFUSALS) else StoreError
            raise kind(f"the database said no: {_why(error)}") from error
        except sa.exc.TimeoutError as error:  # no connection left
            raise StoreError(f"the database said no: {one_line(str(error))}") from error

    def _refuse_if_damaged(self, error: sa.exc.DBAPIError) -> None:
        if self.path is None or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            return
        what = f"the database {self.path} is damaged ({one_line(str(error.orig))})"
        raise Damaged(f"{what}; {backup.way_back(self.path)}") from None

    # -- set-up -------------------------------------------------------------------------------

    def prepare(self, *, is_for_a_copy: bool = False) -> None:
        """Bring the tables to this version; a database that is newer than the program is refused, or half copied."""
        if (path := self.path) is not None:
            make_folder(path.parent)
        with self._opened(self._write_engine) as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(JUDGING)))
            if not is_for_a_copy and sa.inspect(connection).has_table(MARK):
                raise UsageError(UNFINISHED)
            revision = _version(connection)
            if revision == HEAD:
                return
            if path is not None and revision is not None and revision < HEAD:
                backup.copy_before_upgrade(path)
            _upgrade(connection)

    def revision(self) -> str | None:
        """Of its tables; None where there are none."""
        if self.path is not None and not self.path.exists():
            return None
        with self._opened(self._read_engine) as connection:
            return _version(connection)

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """To look at the tables themselves."""
        with self._opened(self._read_engine) as connection:
            yield connection

    def has_any_table(self) -> bool:
        """Whose ever it is."""
        with self._opened(self._read_engine) as connection:
            return bool(sa.inspect(connection).get_table_names())

    def has_tables(self) -> bool:
        """Whether there is anything to look at. Changes nothing and waits for nobody; another version is refused."""
        with self._opened(self._read_engine) as connection:
            version = _version(connection)
        if version is None or version == HEAD:
            return version is not None
        if version > HEAD:
            raise UsageError(NEWER)
        raise UsageError("this database was written by an older version of monitor; stop that one and start this one")

    @property
    def shown(self) -> str:
        """Without its login, and what else may be secret."""
        return str(self.path or f"{self.url.host or 'of this machine'}/{self.url.database or ''}")

    @contextmanager
    def _opened(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        try:
            with engine.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            self._refuse_if_damaged(error)
            # A server may be back soon, which whoever starts us again should know; a file will not mend itself.
            kind = UsageError if self.is_sqlite else StoreError
            raise kind(f"the database {self.shown} can't be opened: {one_line(str(error.orig))}") from None

    # -- the only one -------------------------------------------------------------------------

    @contextmanager
    def sole_runner(self) -> Iterator[None]:
        """Hold the lock that one `run` or `once` has; a second one is told so."""
        if self.path is not None:
            make_folder(self.path.parent)
        taken = locked_file(self.path) if self.path else self._advisory_lock()
        with taken:
            yield

    @contextmanager
    def in_company(self) -> Iterator[None]:
        """Hold the lock that any number hold who work with others; whoever must be alone is kept out by it."""
        with self._advisory_lock(is_shared=True):
            yield

    @contextmanager
    def _advisory_lock(self, *, is_shared: bool = False) -> Iterator[None]:
        if self.is_sqlite:
            yield
            return
        take = sa.func.pg_try_advisory_lock_shared if is_shared else sa.func.pg_try_advisory_lock
        give_up = sa.func.pg_advisory_unlock_shared if is_shared else sa.func.pg_advisory_unlock
        with self._opened(self._read_engine) as connection:
            if not connection.scalar(sa.select(take(RUNNING))):
                raise UsageError("another monitor is running on this database; stop it first")
            connection.commit()
            self._lock = connection
            try:
                yield
            finally:
                self._lock = None
                # A connection that broke has given it up already; one that goes back to the pool has not.
                with suppress(sa.exc.SQLAlchemyError):
                    connection.execute(sa.select(give_up(RUNNING)))
                    connection.commit()

    async def is_alone(self) -> bool:
        """Whether our lock still holds; PostgreSQL gives it up with its connection."""
        if self._lock is None:
            return True
        return await asyncio.get_running_loop().run_in_executor(self._readers, _holds_lock, self._lock)

    async def rejoin(self) -> None:
        """The lock of `in_company`, taken anew where the server lost it; refused where somebody else is alone by now."""
        if self._lock is None:
            return
        with self._in_words():
            is_ours = await asyncio.get_running_loop().run_in_executor(self._readers, _rejoined, self._lock)
        if not is_ours:
            raise UsageError(
                "another monitor took this database for itself alone; stop it, or start with engine: local"
            )


def _rejoined(connection: sa.Connection) -> bool:
    """A connection that broke is a new one when it is used again."""
    if _holds_lock(connection):
        return True
    connection.rollback()
    is_ours = connection.scalar(sa.select(sa.func.pg_try_advisory_lock_shared(RUNNING)))
    connection.commit()
    return bool(is_ours)


def _holds_lock(connection: sa.Connection) -> bool:
    mine = "locktype = 'advisory' AND pid = pg_backend_pid() AND objid = :number AND granted"
    try:
        held = connection.scalar(sa.text(f"SELECT count(*) FROM pg_locks WHERE {mine}"), {"number": RUNNING})  # noqa: S608  # no text of others
        connection.commit()
    except sa.exc.SQLAlchemyError:
        return False
    return bool(held)


def _why(error: sa.exc.DBAPIError) -> str:
    if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
        return f"somebody else has kept it locked for {engines.PATIENCE // 1000} s"
    return one_line(str(error.orig))


def _name_of(fn: Callable[..., object]) -> str:
    while isinstance(fn, partial):
        fn = fn.func
    return getattr(fn, "__name__", type(fn).__name__)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _upgrade(connection: sa.Connection) -> None:
    # Alembic is needed once per version, so a daily start need not load it.
    from monitor.store.migrations.upgrade import upgrade

    upgrade(connection)
