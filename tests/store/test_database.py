"""The one place where work meets the database: who may write, when, and what is said when it can't."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.orm import Session

from monitor.errors import MonitorError, StoreError, UsageError
from monitor.store.database import JUDGING, Database
from monitor.store.tables import ARTICLE, FEED, HOST, STORY
from tests.conftest import KINDS
from tests.prepared import prepared_file
from tests.store.steps import count

PREPARE = "import sys; from monitor.store.database import Database; Database(sys.argv[1]).prepare()"
HOLD = """
import sys
from monitor.store.database import Database
database = Database(sys.argv[1])
with database.sole_runner():
    print("held", flush=True)
    sys.stdin.read()
"""


def add_host(session: Session, name: str, now: datetime) -> None:
    session.execute(sa.insert(HOST).values(name=name, next_at=now))


# -- reading and writing -------------------------------------------------------------------------


def test_who_only_reads_changes_nothing(database: Database, now: datetime) -> None:
    with suppress(StoreError):
        database.read(add_host, "example.com", now)
    assert count(database, HOST) == 0


def test_a_reader_of_sqlite_that_writes_is_told_so(tmp_path: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    database.prepare()
    with pytest.raises(StoreError, match="the database said no: attempt to write a readonly database"):
        database.read(add_host, "example.com", now)
    database.close()


def test_what_fails_halfway_has_not_happened(database: Database, now: datetime) -> None:
    def crash(session: Session) -> None:
        add_host(session, "example.com", now)
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        database.write(crash)
    assert count(database, HOST) == 0
    database.write(add_host, "example.com", now)  # and the next one is not in its way


def test_what_the_database_refuses_is_said_on_one_line(database: Database, now: datetime) -> None:
    database.write(add_host, "example.com", now)
    with pytest.raises(StoreError) as refused:
        database.write(add_host, "example.com", now)

    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("the database said no: ")


def test_foreign_keys_are_kept(database: Database) -> None:
    orphan = sa.insert(STORY.metadata.tables["story_term"]).values(story_id=99, term="kim", weight=1.0)
    with pytest.raises(StoreError):
        database.write(lambda session: session.execute(orphan))


async def test_writing_is_one_at_a_time(database: Database, database_url: str, now: datetime) -> None:
    """Each reads what stands there and writes one more: side by side, some would be lost."""

    def one_more(session: Session) -> None:
        so_far = session.scalar(sa.select(FEED.c.failures)) or 0
        session.execute(sa.update(FEED).values(failures=so_far + 1))

    row = {"url": "u", "name": "n", "is_active": True, "failures": 0, "claims": 0}
    database.write(lambda session: session.execute(sa.insert(FEED).values(row)))
    other = Database(database_url)
    await asyncio.gather(*(each.exclusive(one_more) for _ in range(20) for each in (database, other)))
    other.close()

    found = await database.run(lambda session: session.scalar(sa.select(FEED.c.failures)))
    assert found == 40


async def test_reading_goes_on_while_somebody_writes(database: Database, now: datetime) -> None:
    def write(session: Session, seen: list[int]) -> None:
        add_host(session, "example.com", now)
        seen.append(count(database, HOST))

    seen: list[int] = []
    await database.exclusive(write, seen)
    assert seen == [0]
    assert count(database, HOST) == 1


# -- the hook ------------------------------------------------------------------------------------


class Diary:
    """Notes the name of what was committed, and how many hosts another reader saw just then."""

    def __init__(self, url: str) -> None:
        self.reader = Database(url)
        self.lines: list[tuple[str, int]] = []

    def note(self, name: str) -> None:
        self.lines.append((name, count(self.reader, HOST)))


def test_the_hook_hears_what_was_done_after_it_was_done(database_url: str, now: datetime) -> None:
    diary = Diary(database_url)
    database = Database(database_url, after_commit=diary.note)
    database.write(add_host, "a", now)
    database.write(partial(partial(add_host, name="b"), now=now))
    database.read(lambda session: session.scalar(sa.select(HOST.c.name).limit(1)))
    with pytest.raises(StoreError):
        database.write(add_host, "a", now)
    database.close()
    diary.reader.close()

    assert diary.lines == [("add_host", 1), ("add_host", 2)]


# -- one runner ----------------------------------------------------------------------------------


@contextmanager
def another_runner(url: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_runner_is_told_that_there_is_one(database: Database, database_url: str) -> None:
    with another_runner(database_url) as process:
        with pytest.raises(UsageError, match="another monitor is running on"), database.sole_runner():
            pytest.fail("two of them")
        process.communicate("")
    with database.sole_runner():
        pass


def test_a_runner_that_was_killed_is_in_nobody_s_way(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    with another_runner(url) as process:
        process.kill()
        process.wait()
    with Database(url).sole_runner():
        pass


def test_a_runner_that_ended_leaves_no_lock_behind(database: Database, database_url: str) -> None:
    other = Database(database_url)
    for runner in (database, other, database):
        with runner.sole_runner():
            pass
    with suppress(KeyError), database.sole_runner():
        raise KeyError("a bug")
    with other.sole_runner():
        pass
    other.close()


def test_a_server_that_was_restarted_is_used_again(shared_postgres: str, now: datetime) -> None:
    database = Database(shared_postgres)
    with database.sole_runner():
        database.write(add_host, "before", now)
        hang_up(shared_postgres)
        database.write(add_host, "after", now)
    with database.sole_runner():
        database.write(lambda session: session.execute(sa.delete(HOST)))
    database.close()


async def test_a_runner_knows_that_it_is_alone(database: Database) -> None:
    assert await database.is_alone()  # nobody asked
    with database.sole_runner():
        assert await database.is_alone()
        assert await database.is_alone()


async def test_a_runner_whose_connection_broke_knows_that_it_may_not_be_alone(shared_postgres: str) -> None:
    database, other = Database(shared_postgres), Database(shared_postgres)
    with database.sole_runner():
        hang_up(shared_postgres)
        with other.sole_runner():
            assert not await database.is_alone()
            assert await other.is_alone()
        assert not await database.is_alone()
    database.close()
    other.close()


def hang_up(url: str) -> None:
    """As a server does that is restarted."""
    with psycopg.connect(url, autocommit=True) as connection:
        others = "datname = current_database() AND application_name = '' AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}".encode())


def test_who_waits_too_long_to_write_is_told_why(shared_postgres: str, now: datetime) -> None:
    database = Database(f"{shared_postgres}&application_name=impatient")
    with psycopg.connect(shared_postgres) as other, database._write_engine.connect() as ours:
        assert ours.scalar(sa.text("SHOW lock_timeout")) == "10s"
        other.execute("SELECT pg_advisory_xact_lock(%s)", [JUDGING])
        sooner = sa.text("SET LOCAL lock_timeout = 10")

        def wait(session: Session) -> None:
            session.execute(sooner)
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(JUDGING)))

        with pytest.raises(StoreError, match="the database said no: somebody else has kept it locked for 10 s"):
            database.read(wait)
    database.close()


def test_work_goes_on_under_the_lock(database: Database, database_url: str, now: datetime) -> None:
    other = Database(database_url)
    with database.sole_runner():
        database.write(add_host, "a", now)
        other.write(add_host, "b", now)
    other.close()
    assert count(database, HOST) == 2


# -- opening -------------------------------------------------------------------------------------


def refusal(url: str) -> str:
    database = Database(url)
    with pytest.raises(UsageError) as refused:
        database.prepare()
    database.close()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_database_of_a_newer_version_is_refused(database: Database, database_url: str) -> None:
    with set_version(database, "9999"):
        assert refusal(database_url) == "this database was written by a newer version of monitor; install that version"


# -- looking -------------------------------------------------------------------------------------


def test_who_looks_is_told_of_another_version(database: Database) -> None:
    assert database.has_tables()
    with set_version(database, "9999"), pytest.raises(UsageError, match="a newer version of monitor"):
        database.has_tables()
    with set_version(database, "0000"), pytest.raises(UsageError, match="an older version of monitor"):
        database.has_tables()


def test_who_looks_makes_no_tables(new_url: str) -> None:
    new = Database(new_url)
    assert not new.has_tables()
    assert not new.has_tables()
    new.close()


def test_who_looks_waits_for_nobody(database: Database, now: datetime) -> None:
    def looked(session: Session) -> bool:
        add_host(session, "example.com", now)
        return database.has_tables()

    assert database.write(looked)


# -- opening, as it fails ------------------------------------------------------------------------


@contextmanager
def set_version(database: Database, version: str) -> Iterator[None]:
    change = sa.text("UPDATE alembic_version SET version_num = :version")
    before = database.read(lambda session: session.scalar(sa.text("SELECT version_num FROM alembic_version")))
    database.write(lambda session: session.execute(change, {"version": version}))
    yield
    database.write(lambda session: session.execute(change, {"version": before}))


def test_the_folders_of_a_new_database_are_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a' / 'b' / 'monitor.db'}")
    database.prepare()
    assert count(database, ARTICLE) == 0
    database.close()


def test_a_path_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    below_a_file = refusal(f"sqlite:///{tmp_path / 'file' / 'monitor.db'}")
    assert below_a_file == f"the folder {tmp_path / 'file'} can't be made: File exists"
    assert refusal(f"sqlite:///{tmp_path / 'file' / 'data' / 'monitor.db'}").endswith("can't be made: Not a directory")
    in_place_of_a_folder = refusal(f"sqlite:///{tmp_path / 'folder'}")
    assert in_place_of_a_folder == f"the database {tmp_path / 'folder'} can't be opened: unable to open database file"


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(letter := b"Dear editor, " * 1000)

    (tmp_path / "monitor.db.before-0014").write_bytes(b"a copy")
    (tmp_path / "monitor.db.before-0014-wal").write_bytes(b"no copy")
    said = refusal(f"sqlite:///{path}")
    assert said.startswith(
        f"the database {path} is damaged (file is not a database); put a copy back: monitor restore FILE "
    )
    assert f"(beside it lies {path}.before-0014);" in said
    assert path.read_bytes() == letter


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    whole = prepared_file()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))

    assert "malformed" in refusal(f"sqlite:///{path}")


def test_damage_found_later_is_said_in_words(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "monitor.db"
    whole = prepared_file()
    path.write_bytes(whole[: len(whole) // 2])
    database = Database(f"sqlite:///{path}")

    def use_it() -> None:
        for n in range(100):
            database.prepare()
            database.write(add_host, str(n), now)
            database.read(lambda session: session.execute(sa.select(HOST, STORY)).all())

    with pytest.raises(MonitorError, match=r"malformed|disk I/O error"):
        use_it()
    database.close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    theirs = sa.create_engine(f"sqlite:///{path}")
    with theirs.begin() as connection:
        connection.execute(sa.text("CREATE TABLE article (headline TEXT)"))

    assert "table article already exists" in refusal(f"sqlite:///{path}")
    assert sa.inspect(theirs).get_table_names() == ["article"]
    theirs.dispose()


def test_a_server_that_does_not_answer_is_named_without_its_login() -> None:
    database = Database("postgresql://ana:hunter2@127.0.0.1:1/news")
    with pytest.raises(StoreError, match=r"^the database 127\.0\.0\.1/news can't be opened: ") as raised:
        database.prepare()
    database.close()
    assert "hunter2" not in str(raised.value)
    assert not raised.value.permanent  # it may be back soon


def test_an_address_that_can_not_be_read_is_not_shown() -> None:
    with pytest.raises(UsageError) as refused:
        Database("postgresql://ana:hunter2@127.0.0.1:abc/news")
    assert str(refused.value) == "storage.url is not the address of a database"


@pytest.fixture(params=KINDS)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that nothing was ever written to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    return _new(request.getfixturevalue("postgres"))


def test_several_that_start_at_once_prepare_a_new_database_once(new_url: str) -> None:
    command = [sys.executable, "-c", PREPARE, new_url]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[1] for process in starts] == ["", ""]

    database = Database(new_url)
    assert count(database, ARTICLE) == 0
    database.close()


def _new(uri: str) -> str:
    name = f"new_{os.urandom(4).hex()}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return uri.replace("/postgres?", f"/{name}?")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_lives_while_it_is_open(url: str, now: datetime) -> None:
    database = Database(url)
    database.prepare()
    database.write(add_host, "example.com", now)
    assert count(database, HOST) == 1
    assert database.path is None
    with database.sole_runner():
        pass
    database.close()
