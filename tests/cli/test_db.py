"""`db`: the tables brought up to date, checked, and copied from SQLite to PostgreSQL; nothing is told twice."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from monitor.store import copying
from monitor.store.database import Database
from monitor.store.tables import ARTICLE, DELIVERY
from tests.cli.conftest import Monitor
from tests.cli.test_backup import CONFIG
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.store.steps import as_of
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS


@pytest.fixture
def sink() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink


@pytest.fixture
def used(monitor: Monitor, home: Path, site: Site, sink: JsonSink) -> Monitor:
    """Two articles; one was told."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    site.article("/berita/2", RICE, RICE_PARAGRAPHS)
    listed = [FeedEntry(KIM, "/berita/1"), FeedEntry(RICE, "/berita/2")]
    feed = site.feed("/rss", listed)
    (home / "config.yaml").write_text(CONFIG.format(channel=sink.channel, feed=feed))
    monitor.round()
    assert len(sink.messages) == 1
    return monitor


@pytest.fixture
def empty(postgres: str) -> str:
    """The address of a PostgreSQL database in which nothing is."""
    name = f"copy_{os.urandom(6).hex()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.replace("/postgres?", f"/{name}?")


def move(home: Path, url: str) -> None:
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(f"{config}storage: {{url: '{url}', archive: data/articles}}\n")


def rows(url: str) -> dict[str, int]:
    database = Database(url)
    try:
        return database.read(copying.counts)
    finally:
        database.close()


def source(home: Path) -> str:
    return f"sqlite:///{home}/data/monitor.db"


def test_all_rows_come_into_postgresql_and_it_goes_on_there(
    used: Monitor, home: Path, site: Site, sink: JsonSink, empty: str
) -> None:
    ended = used("db", "copy", "--to", empty)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("copied: ")
    assert rows(empty) == rows(source(home))
    move(home, empty)
    site.article("/berita/3", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/3"), FeedEntry(KIM, "/berita/1"), FeedEntry(RICE, "/berita/2")])
    used("once", "--all")
    assert [MISSILE in message["title"] for message in sink.messages] == [False, True]
    assert used("export", "--search", "gabah petani", "keluar").status == 0
    assert len(list((home / "keluar").glob("*.txt"))) == 1


def test_rows_that_refer_to_later_ones_of_their_table_come_too(used: Monitor, home: Path, empty: str) -> None:
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection, connection:
        connection.execute("UPDATE article SET copy_of = 2 WHERE id = 1")
    used("db", "copy", "--to", empty)
    database = Database(empty)
    found = sa.select(ARTICLE.c.id, ARTICLE.c.copy_of).order_by(ARTICLE.c.id)
    assert database.read(lambda session: session.execute(found).all()) == [(1, 2), (2, None)]
    database.close()


def test_and_back_again(used: Monitor, home: Path, sink: JsonSink, empty: str) -> None:
    used("db", "copy", "--to", empty)
    move(home, empty)
    assert used("db", "copy", "--to", "sqlite:///pulang.db").status == 0
    assert rows(f"sqlite:///{home}/pulang.db") == rows(source(home))


def test_a_message_that_waits_goes_once(used: Monitor, home: Path, site: Site, sink: JsonSink, empty: str) -> None:
    site.article("/berita/3", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/3")])
    sink.refuse(503)
    used("once", "--all")
    used("db", "copy", "--to", empty)
    database = Database(empty)
    now_due = sa.update(DELIVERY).where(DELIVERY.c.state == "waiting").values(due_at=DELIVERY.c.created_at)
    database.write(lambda session: session.execute(now_due))
    database.close()
    move(home, empty)
    used("once")
    used("once", "--all")
    assert sum(MISSILE in message["title"] for message in sink.messages) == 1


class CutOff(Exception):
    pass


@pytest.mark.parametrize("pieces", range(1, 12, 3))
def test_one_that_was_cut_off_goes_on_where_it_was(used: Monitor, home: Path, empty: str, pieces: int) -> None:
    left = iter(range(pieces))

    def cut_off(_done: int, _total: int) -> None:
        if next(left, None) is None:
            raise CutOff

    half, target = Database(source(home)), Database(empty)
    target.prepare(is_for_a_copy=True)
    with pytest.raises(CutOff):
        copying.copy(half, target, piece=1, said=cut_off)
    half.close()
    target.close()
    assert used("db", "copy", "--to", empty).status == 0
    assert rows(empty) == rows(source(home))


def test_nobody_works_on_half_a_copy(used: Monitor, home: Path, empty: str) -> None:
    begin_a_copy(home, empty)
    move(home, empty)
    ended = used("once")
    assert ended.status == 2
    assert "a copy into this database is not finished; say monitor db copy again" in ended.err


def begin_a_copy(home: Path, empty: str) -> None:
    half, target = Database(source(home)), Database(empty)
    target.prepare(is_for_a_copy=True)
    target.write(copying._begin, copying._name_of(half))
    half.close()
    target.close()


def test_a_target_that_holds_something_is_left_alone(used: Monitor, home: Path, empty: str) -> None:
    used("db", "copy", "--to", empty)
    ended = used("db", "copy", "--to", empty)
    assert ended.status == 2
    assert "the target is not empty (it has rows in " in ended.err


def test_nothing_of_the_source_changes(used: Monitor, home: Path, empty: str) -> None:
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection:
        before = list(connection.iterdump())
    used("db", "copy", "--to", empty)
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection:
        assert list(connection.iterdump()) == before


def test_it_is_refused_while_another_one_works_on_it(used: Monitor, home: Path, empty: str) -> None:
    with Database(source(home)).sole_runner():
        ended = used("db", "copy", "--to", empty)
    assert ended.status == 2
    assert "another monitor is running" in ended.err


def test_a_password_is_never_shown(used: Monitor) -> None:
    ended = used("db", "copy", "--to", "postgresql://ana:rahasia@127.0.0.1:1/monitor")
    assert ended.status in {1, 2}
    assert "rahasia" not in ended.err + ended.out
    assert ended.err.count("\n") == 1


def test_what_is_secret_is_filled_in_as_in_the_file(used: Monitor, home: Path, empty: str) -> None:
    ended = used("db", "copy", "--to", "${TARGET}", TARGET=empty)
    assert (ended.status, rows(empty)) == (0, rows(source(home)))
    assert "TIADA" in used("db", "copy", "--to", "postgresql://ana:${TIADA}@db/x").err


# -- upgrade and check -------------------------------------------------------------------------------


def older(home: Path) -> None:
    database = Database(source(home))
    as_of(database, "0012")
    database.close()


def test_the_tables_are_brought_up_to_date(used: Monitor, home: Path) -> None:
    older(home)
    ended = used("db", "check")
    assert ended.status == 1
    assert "the tables are of version 0012" in ended.out
    assert "; they were of 0012" in used("db", "upgrade").out
    assert used("db", "check").status == 0
    assert "they were" not in used("db", "upgrade").out


def test_sound_tables_are_called_so(used: Monitor) -> None:
    assert used("db", "check").out.startswith("sound: ")
    [said] = used("db", "check", "--json").lines
    assert said["wrong"] == []
    assert said["rows"]["article"] == 2


def lost_story(connection: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("UPDATE article SET story_id = 99 WHERE id = 1")


def lost_column(connection: Any) -> None:
    connection.execute("ALTER TABLE silence DROP COLUMN reason")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lost_story, "a row of article refers to one of story that is not there"),
        (lost_column, "the tables are not as this version makes them"),
    ],
)
def test_what_is_wrong_is_said(used: Monitor, home: Path, spoil: Any, said: str) -> None:
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection, connection:
        spoil(connection)
    ended = used("db", "check")
    assert ended.status == 1
    assert said in ended.out


def test_before_anything_was_watched_there_are_no_tables(monitor: Monitor) -> None:
    ended = monitor("db", "check")
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "there are no tables yet" in ended.err


def test_texts_that_postgresql_can_not_hold_are_copied_as_it_can(used: Monitor, home: Path, empty: str) -> None:
    with closing(sqlite3.connect(home / "data" / "monitor.db")) as connection, connection:
        connection.execute("UPDATE article SET author = 'A' || char(0) || 'na' WHERE id = 1")
    assert used("db", "copy", "--to", empty).status == 0
    database = Database(empty)
    first = sa.select(ARTICLE.c.author).where(ARTICLE.c.id == 1)
    assert "na" in str(database.read(lambda session: session.scalar(first)))
    database.close()
