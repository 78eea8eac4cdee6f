"""What it takes to try a topic on the archive, beside reading the archive and looking for letters in it.

    python -m bench.workshop [--articles N]

An archive of invented articles of some 2 KB in stories of three; in one of a thousand stories stands what the rare query
asks for, in one of fifty what the frequent one does. The articles of another one of a thousand begin with the same forty
words, and the topic `like` has one of them as its only example; words are as rare as in the first 5,000 articles. All in one process, in seconds of CPU: the floor reads all titles
and texts from the database, the scan also looks for one word in them as `grep -i` does; `try` finds, judges and tells.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from pydantic import SecretStr

from bench.prose import words
from monitor.app.workshop import Bench
from monitor.model import Article
from monitor.settings import AlertPolicy, Channel, Sample, Settings, Topic
from monitor.store import archived, frequencies
from monitor.store.archived import Arrived, Opened
from monitor.store.database import Database, Session
from monitor.store.tables import ARTICLE
from monitor.stories.frequencies import words_in
from monitor.trial import Trial
from monitor.work.replay import Span

SPAN = timedelta(days=30)
NOW = datetime(2026, 1, 31, tzinfo=UTC)
OF_A_STORY = 3
WORDS = 280  # of a text
RARE, FREQUENT = 1000, 50  # one story in so many
QUERIES = {"rare": "gempa NEAR/5 Maluku", "frequent": "korupsi (menteri OR gubernur)"}
ALIKE = 1  # of a thousand stories the one that begins alike
LEAD = 40
COUNTED = 5000  # articles whose words are counted
AT_ONCE = 3000


@dataclass(frozen=True, slots=True)
class Lap:
    name: str
    seconds: float
    said: str = ""


def fill(database: Database, count: int) -> None:
    database.write(archived.make_tables)
    for start in range(0, count, AT_ONCE):
        database.write(_add, [_arrived(number, count) for number in range(start, min(start + AT_ONCE, count))])
    database.write(_count)


def _count(session: Session) -> None:
    found = frequencies.uncounted(session, COUNTED)
    frequencies.add(session, Counter(word for text in found.texts for word in words_in(text)), found)


def _add(session: Session, arrived: list[Arrived]) -> None:
    first = {each.story_id: each for each in reversed(arrived)}
    archived.copy_stories(session, [Opened(story, each.article.title, each.at) for story, each in first.items()])
    archived.copy_articles(session, arrived)


def _arrived(number: int, count: int) -> Arrived:
    rng, story = random.Random(number), number // OF_A_STORY + 1
    said = words(rng, WORDS)
    if story % RARE == 0:
        said[20:20] = ["gempa", "di", "Maluku"]
    if story % RARE == ALIKE:
        said[:0] = words(random.Random(-story), LEAD)
    if story % FREQUENT == 0:
        said[30:30] = ["dugaan", "korupsi", "seorang", "menteri"]
    at = NOW - SPAN + SPAN * (number / count)
    outlet = f"kabar{number % 200}.example"
    address = f"https://{outlet}/berita/{number}"
    text = "\n\n".join(" ".join(said[place : place + 40]).capitalize() + "." for place in range(0, len(said), 40))
    article = Article(
        address, address, " ".join(words(rng, 9)), text, at, outlet, f"https://{outlet}/rss", "", published_at=at
    )
    return Arrived(number + 1, article, story)


def read(session: Session) -> str:
    """What anybody must at least do who looks at all of it."""
    return f"{sum(1 for _ in _texts(session)):,} articles"


def scan(session: Session) -> str:
    return f"{sum('gempa' in title.lower() or 'gempa' in text.lower() for title, text in _texts(session)):,} with gempa"


def _texts(session: Session) -> Iterator[tuple[str, str]]:
    c = ARTICLE.c
    wanted = sa.select(c.title, c.text).where(c.first_seen_at <= NOW).order_by(c.id)
    for rows in session.execute(wanted.execution_options(yield_per=1000)).partitions():
        yield from ((title, text) for title, text in rows)


def attempt(session: Session, query: str) -> str:
    settings = Settings(channels=(), feeds=(), topics=(), language="id")
    return _said(Bench.of_query(query, settings).trial(session, Span(NOW - SPAN, NOW)))


def by_example(session: Session) -> str:
    """A topic that has no words, but one article of the archive."""
    article = _arrived(OF_A_STORY * RARE * (ALIKE - 1), 1).article
    example = Sample(name="contoh.txt", title=article.title, text=article.text)
    topic = Topic(name="contoh", like=(example,), language="id", channels=("t",), policy=AlertPolicy())
    settings = Settings(channels=(Channel(name="t", url=SecretStr("console")),), feeds=(), topics=(), language="id")
    return _said(Bench.of(topic, settings).trial(session, Span(NOW - SPAN, NOW)))


def _said(trial: Trial) -> str:
    return f"{trial.articles:,} match, in {len(trial.stories):,} stories, {trial.messages:,} messages"


def measured(name: str, call: Callable[[], str]) -> Lap:
    started = time.process_time()
    said = call()
    return Lap(name, time.process_time() - started, said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    count: int = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder, 'archive.db')}")
        fill(database, count)
        calls = {"read": read, "scan": scan} | {name: partial(attempt, query=each) for name, each in QUERIES.items()}
        calls["like"] = by_example
        laps = [measured(name, partial(database.read, call)) for name, call in calls.items()]
        database.close()
    for lap in laps:
        ratio = lap.seconds / laps[0].seconds
        print(
            f"{lap.name:10} {lap.seconds:7.2f} s  {count / lap.seconds:9,.0f} articles/s/core  ×{ratio:5.1f}  {lap.said}"
        )


if __name__ == "__main__":
    main()
