"""The tables of a new database, and their history."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import SQLModel

from monitor.errors import Refused
from monitor.model import Match
from monitor.store import articles, entries
from monitor.store.database import Database
from monitor.store.migrations import HEAD
from monitor.store.migrations.upgrade import configuration, head
from monitor.store.tables import ALERT, ARTICLE, ENTRY, MATCH, STORY
from tests.build import an_article, an_entry
from tests.store.steps import alert, as_of, count, decide, store, wait_to_be_read


def test_the_newest_revision_is_the_one_the_program_asks_for() -> None:
    assert head() == HEAD


def test_the_history_ends_in_the_tables_the_program_uses(database: Database) -> None:
    with database._write_engine.connect() as connection:
        command.check(configuration(connection))


def test_preparing_twice_changes_nothing(database: Database) -> None:
    database.prepare()


def test_a_database_in_use_is_brought_to_this_version_with_all_that_it_holds(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, an_entry(), now=now)
    story_id, article_id = store(database, now=now)
    database.write(entries.read, claim, article_id=article_id)
    database.write(articles.add_matches, article_id, (Match("Korea Utara Rusia", 3, ()),))
    decide(database, alert(story_id), article_id=article_id, now=now)
    as_of(database, "0003")

    database.prepare()
    assert [count(database, table) for table in (ENTRY, STORY, ARTICLE, MATCH, ALERT)] == [1, 1, 1, 1, 1]
    assert database.read(articles.get, article_id).title == an_article().title
    with pytest.raises(Refused):  # what refers to nothing
        database.write(articles.add_matches, article_id + 1, (Match("Korea Utara Rusia", 3, ()),))


def test_no_instant_is_stored_in_local_time() -> None:
    """`sa.DateTime(timezone=True)` stores local wall time on SQLite and reads it back naive."""
    instants = [
        column
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.DateTime) or "DateTime" in type(column.type).__name__
    ]
    assert instants
    assert {type(column.type).__name__ for column in instants} == {"UTCDateTime"}
