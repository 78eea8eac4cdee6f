"""The one place where async work hops to the sync store: `run` reads, `exclusive` judges and writes, one at a time."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Concatenate, Final, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from monitor.errors import Refused, StoreError, UsageError
from monitor.store.fitting import fitted
from monitor.store.migrations import HEAD, NEWER
from monitor.text import one_line

__all__ = ["Database", "Session"]

P = ParamSpec("P")
T = TypeVar("T")

READERS: Final = 4
PATIENCE: Final = 10_000  # milliseconds that somebody else may keep us from writing
TURN: Final = 600  # seconds that a thread waits for the writing connection; it has nothing else to do
_REFUSALS: Final = (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.ProgrammingError)
# Any number will do, as long as nobody else in this database uses it.
JUDGING: Final = 0x6D6F6E69
RUNNING: Final = 0x6D6F6E6A
LOCK_NOT_AVAILABLE: Final = "55P03"


class Database:
    """SQLite (one writing connection, readers that can't write) or PostgreSQL (psycopg, sync, in threads).

    `after_commit` is called in the writing thread with the name of what was just committed.
    """

    def __init__(self, url: str, *, after_commit: Callable[[str], None] = lambda _name: None) -> None:
        self.url = _read(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._after_commit = after_commit
        if self.is_sqlite:
            self._write_engine = _sqlite(self.url, begin="BEGIN IMMEDIATE", pragmas=_WRITING, **_only_one(self.url))
            # In memory each engine would have a database of its own.
            self._read_engine = (
                self._write_engine if self.path is None else _sqlite(self.url, begin="BEGIN", pragmas=_READING)
            )
        else:
            self._write_engine = self._read_engine = _postgresql(self.url)
        self._lock: sa.Connection | None = None  # that of `sole_runner` on PostgreSQL
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")

    @property
    def path(self) -> Path | None:
        """Where the SQLite file is; None for PostgreSQL and for a database in memory."""
        return None if not self.is_sqlite or _is_in_memory(self.url) else Path(str(self.url.database))

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
        with self._session(self._write_engine) as session:
            if not self.is_sqlite:
                session.execute(sa.select(sa.func.pg_advisory_xact_lock(JUDGING)))
            result = fn(session, *args, **kwargs)
            session.commit()
        self._after_commit(_name_of(fn))
        return result

    @contextmanager
    def _session(self, engine: sa.Engine) -> Iterator[Session]:
        with _in_words(), Session(engine, expire_on_commit=False) as session:
            yield session

    # -- set-up -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Bring the tables to this version; a database that is newer than the program is refused."""
        if (path := self.path) is not None:
            _make_folder(path.parent)
        with self._opened(self._write_engine) as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(JUDGING)))
            if _version(connection) != HEAD:
                _upgrade(connection)

    def has_tables(self) -> bool:
        """Whether there is anything to look at. Changes nothing and waits for nobody; another version is refused."""
        with self._opened(self._read_engine) as connection:
            version = _version(connection)
        if version is None or version == HEAD:
            return version is not None
        if version > HEAD:
            raise UsageError(NEWER)
        raise UsageError("this database was written by an older version of monitor; stop that one and start this one")

    def _shown(self) -> str:
        """Without its login, and what else may be secret."""
        return str(self.path or f"{self.url.host or 'of this machine'}/{self.url.database or ''}")

    @contextmanager
    def _opened(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        try:
            with engine.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            # A server may be back soon, which whoever starts us again should know; a file will not mend itself.
            kind = UsageError if self.is_sqlite else StoreError
            raise kind(f"the database {self._shown()} can't be opened: {one_line(str(error.orig))}") from None

    # -- the only one -------------------------------------------------------------------------

    @contextmanager
    def sole_runner(self) -> Iterator[None]:
        """Hold the lock that one `run` or `once` has; a second one is told so."""
        if self.path is not None:
            _make_folder(self.path.parent)
        taken = _locked_file(self.path) if self.path else self._advisory_lock()
        with taken:
            yield

    @contextmanager
    def _advisory_lock(self) -> Iterator[None]:
        if self.is_sqlite:
            yield
            return
        with self._opened(self._read_engine) as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(RUNNING))):
                raise UsageError("another monitor is running on this database; stop it first")
            connection.commit()
            self._lock = connection
            try:
                yield
            finally:
                self._lock = None
                # A connection that broke has given it up already; one that goes back to the pool has not.
                with suppress(sa.exc.SQLAlchemyError):
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(RUNNING)))
                    connection.commit()

    async def is_alone(self) -> bool:
        """Whether the lock of `sole_runner` still holds; PostgreSQL gives it up with its connection."""
        if self._lock is None:
            return True
        return await asyncio.get_running_loop().run_in_executor(self._readers, _holds_lock, self._lock)


def _holds_lock(connection: sa.Connection) -> bool:
    mine = "locktype = 'advisory' AND pid = pg_backend_pid() AND objid = :number AND granted"
    try:
        held = connection.scalar(sa.text(f"SELECT count(*) FROM pg_locks WHERE {mine}"), {"number": RUNNING})  # noqa: S608  # no text of others
        connection.commit()
    except sa.exc.SQLAlchemyError:
        return False
    return bool(held)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        kind = Refused if isinstance(error, _REFUSALS) else StoreError
        raise kind(f"the database said no: {_why(error)}") from error
    except sa.exc.TimeoutError as error:  # no connection left
        raise StoreError(f"the database said no: {one_line(str(error))}") from error


def _why(error: sa.exc.DBAPIError) -> str:
    if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
        return f"somebody else has kept it locked for {PATIENCE // 1000} s"
    return one_line(str(error.orig))


def _read(url: str) -> sa.URL:
    scheme, colon, rest = url.partition(":")
    with_driver = f"postgresql+psycopg{colon}{rest}" if scheme in {"postgresql", "postgres"} else url
    try:
        return sa.make_url(with_driver)
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError("storage.url is not the address of a database") from None


def _name_of(fn: Callable[..., object]) -> str:
    while isinstance(fn, partial):
        fn = fn.func
    return getattr(fn, "__name__", type(fn).__name__)


def _postgresql(url: sa.URL) -> sa.Engine:
    """READ COMMITTED: who waited for the lock must see what was written meanwhile."""
    engine = sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {PATIENCE}")
        connection.commit()

    sa.event.listen(engine, "before_cursor_execute", _fit, retval=True)
    return engine


def _fit(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
    return statement, fitted(parameters)


def _is_in_memory(url: sa.URL) -> bool:
    return url.database in (None, "", ":memory:")


def _only_one(url: sa.URL) -> dict[str, Any]:
    """One connection: those that wait for it have their turns, which SQLite's own waiting does not promise."""
    if _is_in_memory(url):
        return {"poolclass": StaticPool}
    return {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": TURN}


def _sqlite(url: sa.URL, *, begin: str, pragmas: tuple[str, ...], **pool: Any) -> sa.Engine:
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
_WRITING: Final = (
    f"busy_timeout={PATIENCE}",
    "auto_vacuum=INCREMENTAL",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
)
# Some of those write (auto_vacuum does): a reader would wait for whoever is writing.
_READING: Final = (f"busy_timeout={PATIENCE}", "temp_store=MEMORY", "query_only=ON")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {folder} can't be made: {error.strerror}") from error


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _upgrade(connection: sa.Connection) -> None:
    # Alembic is needed once per version, so a daily start need not load it.
    from monitor.store.migrations.upgrade import upgrade

    upgrade(connection)


@contextmanager
def _locked_file(database: Path) -> Iterator[None]:
    path = database.with_name(database.name + ".lock")
    try:
        file: IO[str] = path.open("a")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another monitor is running on {database}; stop it first") from error
        yield
