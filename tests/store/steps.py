"""What has to have happened before a test of the store begins, one commit a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import command

from monitor.model import (
    Alert,
    Article,
    Claim,
    Decision,
    Delivery,
    Entry,
    FeedState,
    Reason,
    Send,
    Validators,
    WaitingEntry,
)
from monitor.store import articles, entries, feeds, health, history, outbox, readings, stories
from monitor.store.database import Database
from monitor.store.migrations.upgrade import configuration, tables_copied
from monitor.store.outbox import Route
from monitor.timing import NextPoll, Why
from tests.build import NOON, a_feed, a_notification, an_article

DAY = date(2026, 3, 10)
SENT = Send(Reason.NEW_STORY)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def rows(database: Database, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    """What stands in these columns, in order of their first one."""
    found = sa.select(*columns).order_by(columns[0])
    return [tuple(row) for row in database.read(lambda session: session.execute(found).all())]


def count(database: Database, table: sa.Table) -> int:
    return database.read(lambda session: session.scalar(sa.select(sa.func.count()).select_from(table))) or 0


def as_of(database: Database, revision: str) -> None:
    """As an older version would have left it."""
    with database._write_engine.connect() as connection, tables_copied(connection):
        command.downgrade(configuration(connection), revision)
        connection.commit()


# -- feeds and entries ---------------------------------------------------------------------------


def watch(database: Database, *urls: str, now: datetime) -> None:
    """Feeds that do not wait for each other, though they may be of one host."""
    database.write(feeds.configure, [a_feed(url, allow_private=True) for url in urls], now=now)


def claim_feeds(database: Database, *, now: datetime, limit: int = 100) -> list[Claim[FeedState]]:
    return database.write(feeds.claim, now=now, limit=limit)


def claim_feed(database: Database, *, now: datetime) -> Claim[FeedState]:
    (claim,) = claim_feeds(database, now=now)
    return claim


def document(*listed: Entry, validators: Validators | None = None, **changes: Any) -> readings.Changed:
    good = readings.Good(NextPoll(NOON + HOUR), validators or Validators())
    return readings.Changed(listed, **{"body_hash": "1", "backlog": "alert", "good": good, **changes})


def poll(database: Database, reading: readings.Changed, *, now: datetime) -> int:
    """One reading of the one feed that is due, and how many of its entries are to be read; due again an hour later."""
    claim = claim_feed(database, now=now)
    reading = replace(reading, good=replace(reading.good, following=NextPoll(now + HOUR)))
    return database.write(readings.changed, claim, reading, now=now).new


def say_the_same(
    database: Database,
    claim: Claim[FeedState],
    validators: Validators | None = None,
    *,
    due_at: datetime,
    now: datetime,
) -> int:
    """A reading without anything new; 0 where the claim was no longer held."""
    good = readings.Good(NextPoll(due_at), validators)
    return database.write(readings.unchanged, [readings.Same(claim, good)], now=now)


def fail(database: Database, claim: Claim[FeedState], what: str, *, due_at: datetime, now: datetime) -> None:
    failure = readings.Failure(what, NextPoll(due_at, Why.FAILURE))
    database.write(readings.failed, claim, failure, now=now)


def feed_health(database: Database, *, now: datetime) -> list[health.FeedHealth]:
    return database.read(health.feeds, now=now)


def claim_entries(database: Database, *, now: datetime, limit: int = 1000) -> list[Claim[WaitingEntry]]:
    return database.write(entries.claim, now=now, limit=limit, of_a_feed=limit)


def wait_to_be_read(database: Database, *listed: Entry, now: datetime) -> list[Claim[WaitingEntry]]:
    """A feed listed these, and they are in hand."""
    watch(database, "https://example.com/rss", now=now)
    poll(database, document(*listed), now=now)
    return claim_entries(database, now=now)


# -- articles, alerts, deliveries ----------------------------------------------------------------


def store(database: Database, article: Article | None = None, *, now: datetime) -> tuple[int, int]:
    """An article that opens its own story: the ids of both."""
    article = article or an_article()
    story_id = database.write(stories.open_story, article.title, now=now)
    return story_id, database.write(articles.add, article, story_id=story_id, day=DAY, now=now)


def alert(story_id: int, decision: Decision = SENT, **changes: Any) -> Alert:
    values: dict[str, Any] = {"topic": "Korea Utara Rusia", "channel": "terminal", "turn": 0}
    return Alert(**{**values, "story_id": story_id, "decision": decision, **changes})


def decide(database: Database, decided: Alert, *, article_id: int, now: datetime) -> int:
    return database.write(history.record, decided, article_id=article_id, now=now)


def post(database: Database, name: str = "1", *, channel: str = "terminal", now: datetime, **changes: Any) -> None:
    letter = outbox.Letter(a_notification(channel), key=f"alert:{name}", uid=f"uid-{name}", **changes)
    database.write(outbox.put, letter, now=now)


def claim_deliveries(
    database: Database, channel: str = "terminal", *, fallback: str | None = None, now: datetime, limit: int = 100
) -> Sequence[Claim[Delivery]]:
    return database.write(outbox.claim, Route(channel, fallback), now=now, limit=limit)


def claim_delivery(database: Database, channel: str = "terminal", *, now: datetime) -> Claim[Delivery]:
    (claim,) = claim_deliveries(database, channel, now=now, limit=1)
    return claim


def outbox_of(**counts: int) -> dict[str, int]:
    """What `outbox.totals` says where nothing else is in it."""
    return {"waiting": 0, "sent": 0, "maybe": 0, "dead": 0, **counts}
