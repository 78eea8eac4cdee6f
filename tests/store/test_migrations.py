"""The tables of a new database, and their history."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from procrastinate.schema import SchemaManager
from sqlmodel import SQLModel

from monitor.errors import Refused
from monitor.model import Match
from monitor.store import articles, entries
from monitor.store.database import Database
from monitor.store.migrations import HEAD
from monitor.store.migrations.upgrade import configuration, head
from monitor.store.tables import ALERT, ARTICLE, ENTRY, FEED, MATCH, STORY
from tests.build import an_article, an_entry
from tests.store.steps import HOUR, alert, as_of, claim_feeds, count, decide, rows, store, wait_to_be_read, watch


def test_the_newest_revision_is_the_one_the_program_asks_for() -> None:
    assert head() == HEAD


def test_the_history_ends_in_the_tables_the_program_uses(database: Database) -> None:
    with database._write_engine.connect() as connection:
        command.check(configuration(connection))


def test_the_queue_has_the_tables_that_its_version_wants() -> None:
    """Revision 0013 made them; where a newer version of the queue changes them, a revision of ours must do so too."""
    changes = sorted(file.name for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert changes[-1] == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


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


def test_feeds_of_an_older_version_seem_neither_silent_nor_newly_broken(database: Database, now: datetime) -> None:
    watch(database, "https://example.com/a", "https://example.com/b", now=now)
    a, b = (claim.id for claim in claim_feeds(database, now=now))
    seen = [
        {"feed_id": feed, "key": str(hour), "first_seen_at": now + hour * HOUR} for feed in (a, b) for hour in (0, 5)
    ]
    state = {"state": "done", "claims": 0, "tries": 0}
    database.write(lambda session: session.execute(sa.insert(ENTRY), [row | state for row in seen[:3]]))
    known = {"first_read_at": now, "last_success_at": now + 6 * HOUR}
    database.write(lambda session: session.execute(sa.update(FEED).values(**known)))
    database.write(lambda session: session.execute(sa.update(FEED).where(FEED.c.id == b).values(failures=2)))
    as_of(database, "0005")

    database.prepare()
    assert rows(database, FEED.c.id, FEED.c.new_at, FEED.c.failing_since) == [
        (a, now + 5 * HOUR, None),
        (b, None, now + 6 * HOUR),
    ]


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
