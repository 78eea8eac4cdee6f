"""What fails around us: the clock, the network, the machine in the middle of an upgrade. Nothing is lost or told twice."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.app.house import plan_of
from monitor.metrics import Metrics
from monitor.model import DeliveryState
from monitor.settings import AlertPolicy
from monitor.store import checking, outbox
from monitor.store.database import Database
from monitor.store.migrations import HEAD
from monitor.store.tables import FEED
from monitor.stories.frequencies import Frequencies
from monitor.work.live import Live
from monitor.work.tend import Tend
from tests.build import NOON, a_topic
from tests.prepared import prepared
from tests.site import FeedEntry, JsonSink, Site
from tests.store.steps import as_of, rows
from tests.work.days import OPS, Days
from tests.work.desk import (
    KIM,
    MISSILE,
    MISSILE_PARAGRAPHS,
    PARAGRAPHS,
    Clock,
    Desk,
    configuration_of,
    local,
    to,
)

LETTERS = "ABCDEFGHIJKLMNOPQRST"

# -- the network ---------------------------------------------------------------------------------


def tend_of(database: Database, clock: Clock) -> Tend:
    plan = plan_of(configuration_of(OPS), console=StringIO())
    return Tend(database, Metrics(), Live(plan, Frequencies.of(0, {})), clock)


async def test_when_names_are_known_again_after_ten_minutes_all_feeds_are_asked_at_once_and_nobody_is_told(
    database: Database,
) -> None:
    days, clock = Days(database, LETTERS), Clock(NOON)
    tend = tend_of(database, clock)
    days.happens("all reads 5 new", now=clock())
    for letter in LETTERS[:12]:
        clock.forward(seconds=50)
        days.happens(f"{letter} unknown host", now=clock())
        await tend.tend()
    clock.forward(minutes=1)
    assert due(database, now=clock()) == set()
    days.happens("M reads", now=clock())
    await tend.tend()
    assert due(database, now=clock()) == set(LETTERS[:12])
    assert database.read(outbox.posted) == []


async def test_a_feed_that_stays_dead_after_that_is_not_asked_again_and_again(database: Database) -> None:
    days, clock = Days(database, LETTERS[:6]), Clock(NOON)
    tend = tend_of(database, clock)
    days.happens("all reads 5 new", now=clock())
    for _ in range(3):
        clock.forward(minutes=1)
        days.happens("A,B,C,D unknown host", now=clock())
        await tend.tend()
        clock.forward(minutes=1)
        days.happens("E reads", now=clock())
        await tend.tend()
    assert due(database, now=clock()) == set()


def due(database: Database, *, now: object) -> set[str]:
    found = rows(database, FEED.c.name, FEED.c.due_at)
    return {name for name, due_at in found if due_at <= now}


# -- the clock -----------------------------------------------------------------------------------


async def test_a_clock_that_goes_back_an_hour_stops_neither_polls_nor_messages(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    desk = any_desk
    topic = a_topic(channels=("sink",), policy=AlertPolicy(wait=timedelta(0), follow_up=None))
    site.article("/1", KIM, PARAGRAPHS)
    site.article("/2", MISSILE, MISSILE_PARAGRAPHS)
    feed = site.feed("/rss", [FeedEntry(KIM, "/1")])
    watching = {"feeds": (local(feed),), "channels": (to(sink),), "topics": (topic,)}
    sink.refuse(503)
    await desk.round(**watching)
    assert desk.database.read(outbox.totals)[DeliveryState.WAITING] == 1
    site.feed("/rss", [FeedEntry(MISSILE, "/2"), FeedEntry(KIM, "/1")])
    desk.clock.forward(hours=-1)
    for _ in range(3):
        await desk.round(**watching)
        desk.clock.forward(minutes=1)
    assert sorted(message["title"] for message in sink.messages) == sorted(
        f"{topic.name}: {title}" for title in (KIM, MISSILE)
    )


# -- the machine, in the middle of an upgrade ----------------------------------------------------


def dies_upgrading(path: Path, after: int) -> bool:
    """Whether a process that brings this database to this version was killed after so many statements."""
    child = os.fork()
    if not child:
        try:
            _upgrade(path, after)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _upgrade(path: Path, after: int) -> None:
    done = 0

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        if done == after:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(f"sqlite:///{path}")
    sa.event.listen(database._write_engine, "after_cursor_execute", count)
    database.prepare()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the first version, with a feed."""
    path = tmp_path / "monitor.db"
    with closing(prepared(path)) as database:
        as_of(database, "0001")
        insert = "INSERT INTO feed (url, name, is_active, failures, claims) VALUES ('https://a.id/rss', 'A', 1, 0, 0)"
        with database._write_engine.connect() as connection:
            connection.execute(sa.text(insert))
            connection.commit()
    return path


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT name FROM feed").fetchall() == [("A",)]
        [version] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(version)


def test_killed_at_any_moment_of_an_upgrade_it_goes_on_and_the_copy_before_it_is_sound(old: Path) -> None:
    copy = old.with_name(f"{old.name}.before-{HEAD}")
    after, kills = 1, 0
    while dies_upgrading(old, after):
        kills += 1
        assert version_of(old) <= HEAD, "each step happens, or it does not"
        if copy.exists():
            assert version_of(copy) == "0001"
        after = after * 3 // 2 + 1
    assert kills > 8
    assert version_of(old) == HEAD
    with closing(Database(f"sqlite:///{old}")) as database:
        assert checking.wrong_with(database) == []
    assert version_of(copy) == "0001"
