"""The same stream through the real store: each article judged in a transaction of its own, durable, in a SQLite file."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

from pydantic import SecretStr

from bench.grouping import Grouping, fingerprints, placed
from monitor.model import Article, Claim, Entry, Fingerprint, Member, Reading, WaitingEntry
from monitor.settings import AlertPolicy, Channel, Feed, Settings, Topic
from monitor.store import articles, entries, feeds, readings, stories
from monitor.store.database import Database, Session
from monitor.timing import NextPoll
from monitor.work.judge import Judge

FEED: Final = Feed(url="https://bench.example/rss", name="bench", backlog="alert")
# Nothing matches, so that nothing but the grouping is measured.
TOPIC: Final = Topic(name="nothing", any=("nothing",), language="none", channels=("bench",), policy=AlertPolicy())
SETTINGS: Final = Settings(channels=(Channel(name="bench", url=SecretStr("console")),), feeds=(FEED,), topics=(TOPIC,))
SOON: Final = timedelta(seconds=1)
JUDGED: Final = 300  # articles beside many live stories
PIECE: Final = 1000  # live stories in one transaction


@dataclass(slots=True)
class Judging:
    """What it took, article by article."""

    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0
    stories: list[int] = field(default_factory=list)


def through_the_store(stream: Sequence[Article], prints: Sequence[Fingerprint]) -> Judging:
    with opened() as database:
        return _judged(database, stream, prints)


@contextmanager
def opened() -> Iterator[Database]:
    """In the folder that TMPDIR names; a disk in memory makes no commit durable."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{Path(folder) / 'bench.db'}")) as database,
    ):
        database.prepare()
        yield database


def _judged(database: Database, stream: Sequence[Article], prints: Sequence[Fingerprint]) -> Judging:
    stream = [replace(article, feed=FEED.url) for article in stream]
    claims, judge, took = _listed(database, stream), Judge(SETTINGS), Judging()
    started_cpu = time.process_time()
    for number, (article, fingerprint) in enumerate(zip(stream, prints, strict=True)):
        started = time.perf_counter()
        reading = Reading(article, (), fingerprint)
        database.write(judge.judge, claims[str(number)], reading, now=article.first_seen_at)
        took.wall.append(time.perf_counter() - started)
    took.cpu = time.process_time() - started_cpu
    took.stories = [_story(database, article) for article in stream]
    return took


def _listed(database: Database, stream: Sequence[Article]) -> dict[str, Claim[WaitingEntry]]:
    """All entries wait to be read, and all are in hand: by the place of their article in the stream."""
    now = stream[0].first_seen_at
    listing = [Entry(key=str(number), url=article.url, title=article.title) for number, article in enumerate(stream)]
    database.write(feeds.configure, [FEED], now=now - SOON)
    (feed,) = database.write(feeds.claim, now=now, limit=1)
    changed = readings.Changed(listing, "bench", "alert", readings.Good(NextPoll(now)))
    database.write(readings.changed, feed, changed, now=now)
    count = len(listing)
    claims = database.write(entries.claim, now=now, limit=count, of_a_feed=count)
    return {claim.value.entry.key: claim for claim in claims}


def _story(database: Database, article: Article) -> int:
    known = database.read(articles.same, article)
    assert known, "each article was stored, or is the same as one that was"
    return known[0].story_id


# -- beside many live stories ----------------------------------------------------------------------


def beside(live: int, stream: Sequence[Article], prints: Sequence[Fingerprint]) -> Judging:
    """The end of the stream, judged when there are so many live stories already."""
    last = max(0, len(stream) - JUDGED)
    with opened() as database:
        for start in range(0, live, PIECE):
            numbers = range(start, min(live, start + PIECE))
            database.write(_live, numbers, stream, prints, now=stream[last].first_seen_at - SOON)
        return _judged(database, stream[last:], prints[last:])


def _live(
    session: Session, numbers: Iterable[int], stream: Sequence[Article], prints: Sequence[Fingerprint], *, now: datetime
) -> None:
    """Stories like those of the stream, but about something else: most of their words are made up."""
    for number in numbers:
        like = number % len(stream)
        key = f"https://live.example/{number}"
        article = replace(stream[like], key=key, url=key, feed=FEED.url, content_hash=key, first_seen_at=now)
        terms = {_made_up(term, number): weight for term, weight in prints[like].terms.items()}
        story_id = stories.open_story(session, article.title, now=now)
        article_id = articles.add(session, article, story_id=story_id, day=now.date(), now=now)
        fingerprint = replace(prints[like], terms=terms, sketch=())
        stories.admit(session, story_id, Member(article_id, fingerprint, now, article.outlet))


def _made_up(term: str, number: int) -> str:
    """One in five stays, so that it leads to many stories."""
    return term if crc32(f"{term} {number}".encode()) % 5 == 0 else f"{term}{number}"


def live_line(live: int, stream: Sequence[Article], by: Grouping) -> str:
    took = beside(live, stream, fingerprints(stream, by))
    return f"beside {live:,} live stories: {len(took.wall) / sum(took.wall):.0f} articles a second, {_each(took)}"


# -- the table -----------------------------------------------------------------------------------


def store_table(stream: Sequence[Article], by: Grouping) -> tuple[str, list[int]]:
    """And the stories that the store made of the stream."""
    prints = fingerprints(stream, by)
    took = through_the_store(stream, prints)
    otherwise = differing(took.stories, [each.story for each in placed(stream, prints, by)])
    count, wall = len(stream), sum(took.wall)
    tenths = pairwise(sorted({count * tenth // 10 for tenth in range(11)}))
    pace = " ".join(f"{(end - start) / sum(took.wall[start:end]):.0f}" for start, end in tenths)
    lines = (
        f"through SQLite, one durable transaction each: {count / wall:.0f} a second, {count / took.cpu:.0f} per CPU second",
        _each(took),
        f"a second, by tenths of the stream: {pace}",
        f"of {count} articles, {otherwise} stand in another story than with candidates from memory",
    )
    return "\n".join(lines), took.stories


def _each(took: Judging) -> str:
    median, slow = statistics.median(took.wall), statistics.quantiles(took.wall, n=100)[-1]
    return f"one article: median {1000 * median:.1f} ms, 99 of 100 within {1000 * slow:.1f} ms"


def differing(some: Iterable[int], others: Iterable[int]) -> int:
    """How many articles stand with others than before, by the article that came first in their story."""
    return sum(one != other for one, other in zip(_openers(some), _openers(others), strict=True))


def _openers(stories: Iterable[int]) -> list[int]:
    first: dict[int, int] = {}
    return [first.setdefault(story, number) for number, story in enumerate(stories)]
