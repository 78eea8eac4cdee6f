"""A database as half a year of a busy newsroom leaves it: invented articles, stories, matches and messages."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from bench.prose import words
from monitor.model import Card, Kind, Notification
from monitor.store.database import Database, Session
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY, FEED, MATCH, NOTIFICATION, STORY

SPAN: Final = timedelta(days=180)
WORDS: Final = 150  # of a text
MESSAGES: Final = 20_000
OF_A_STORY: Final = 3  # articles
MATCHES: Final = 50  # one article in so many concerns a topic, and then two of them


@dataclass(frozen=True, slots=True)
class House:
    articles: int
    feeds: Sequence[str]  # URLs
    topics: Sequence[str]


def fill(path: Path, house: House) -> None:
    database = Database(f"sqlite:///{path}")
    database.prepare()
    now = datetime.now(UTC).replace(microsecond=0)
    database.write(_feeds, house, now=now)
    for numbers in _in_parts(range(house.articles), 5_000):
        database.write(_articles, house, numbers, now=now)
    database.write(_messages, house, now=now)
    database.close()


def readdress(path: Path, house: House) -> None:
    """The origin listens elsewhere in each run; its feeds are those of the run before."""
    database = Database(f"sqlite:///{path}")
    database.prepare()
    moved = (
        sa.update(FEED)
        .where(FEED.c.id == sa.bindparam("feed"))
        .values(url=sa.bindparam("to"), host=None, first_read_at=None)
    )
    rows = [{"feed": number, "to": url} for number, url in enumerate(house.feeds, start=1)]
    database.write(lambda session: session.connection().execute(moved, rows))
    database.close()


def _in_parts(numbers: range, size: int) -> Iterator[range]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _feeds(session: Session, house: House, *, now: datetime) -> None:
    rng = random.Random(1)
    known = {
        "is_active": True,
        "last_polled_at": now,
        "new_at": now,
        "due_for": "as configured",
    }
    rows = [
        {
            "url": url,
            "name": f"Kabar {number}",
            "due_at": now + timedelta(seconds=900 * number / len(house.feeds)),
            "last_success_at": now,
            "failures": 3 if number % 50 == 0 else 0,
            "last_error": "HTTP 500 of the server" if number % 50 == 0 else None,
            "polls": "".join(rng.choices("nuf", (10, 60, 2), k=96)),
            **known,
        }
        for number, url in enumerate(house.feeds)
    ]  # fmt: skip
    session.execute(sa.insert(FEED), [_whole(FEED, row) for row in rows])


def _articles(session: Session, house: House, numbers: Sequence[int], *, now: datetime) -> None:
    rng = random.Random(numbers[0])
    articles = [_article(rng, house, number, now=now) for number in numbers]
    stories = {each["story_id"]: each for each in reversed(articles)}
    known = set(session.scalars(sa.select(STORY.c.id).where(STORY.c.id.in_(stories))))
    opened = [
        {"id": story, "title": each["title"], "opened_at": each["first_seen_at"], "updated_at": each["first_seen_at"]}
        for story, each in sorted(stories.items())
        if story not in known
    ]
    session.execute(sa.insert(STORY), opened)
    session.execute(sa.insert(ARTICLE), [_whole(ARTICLE, each) for each in articles])
    session.execute(sa.insert(ENTRY), [_whole(ENTRY, _entry(house, each)) for each in articles])
    if matches := list(_matches(rng, house, numbers)):
        session.execute(sa.insert(MATCH), matches)


def _article(rng: random.Random, house: House, number: int, *, now: datetime) -> dict[str, Any]:
    at = now - SPAN + SPAN * (number / house.articles)
    feed = number % len(house.feeds)
    return {
        "id": number + 1,
        "key": f"https://kabar{feed}.example/berita/{number}",
        "guid": f"guid-{number}",
        "content_hash": f"{number:064x}",
        "story_id": number // OF_A_STORY + 1,
        "copy_of": number if number % 10 == 1 else None,
        "url": f"https://kabar{feed}.example/berita/{number}",
        "title": " ".join(words(rng, 9)),
        "text": " ".join(words(rng, WORDS)),
        "outlet": f"Kabar {feed}",
        "feed": house.feeds[feed],
        "language": "id",
        "quality": "full",
        "published_at": at,
        "first_seen_at": at,
        "archived_at": at,
        "day": (at + timedelta(hours=7)).date(),
        "number": number,
    }


def _entry(house: House, article: dict[str, Any]) -> dict[str, Any]:
    number = article["id"] - 1
    return {
        "feed_id": number % len(house.feeds) + 1,
        "key": article["guid"],
        "state": "read",
        "first_seen_at": article["first_seen_at"],
        "published_at": article["published_at"] - timedelta(minutes=5),
        "article_id": article["id"],
    }


def _matches(rng: random.Random, house: House, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for topic in rng.sample(house.topics, 2) if number % MATCHES == 0 else ():
            passage = {
                "term": "kata",
                "field": "body",
                "start": 0,
                "end": 4,
                "snippet": " ".join(words(rng, 20)),
                "hits": [[0, 4]],
            }
            yield {"article_id": number + 1, "topic": topic, "score": 60, "evidence": json.dumps([passage])}


def _messages(session: Session, house: House, *, now: datetime) -> None:
    rng, rows = random.Random(2), []
    last = house.articles // OF_A_STORY
    for number in range(1, min(MESSAGES, last) + 1):
        at = now - SPAN * ((MESSAGES - number) / MESSAGES)
        topic = house.topics[number % len(house.topics)]
        card = Card((topic,), " ".join(words(rng, 9)), "https://kabar.example/1", ("Kabar 1", "Kabar 2"), at)
        content = NOTIFICATIONS.dump_json(Notification("terminal", Kind.STORY, (card,))).decode()
        rows.append((number, at, topic, content, last - min(MESSAGES, last) + number))
    session.execute(
        sa.insert(NOTIFICATION),
        [
            {
                "id": number,
                "key": f"bench:{number}",
                "channel": "terminal",
                "kind": "story",
                "content": content,
                "created_at": at,
            }
            for number, at, _, content, _ in rows
        ],
    )
    session.execute(sa.insert(DELIVERY), [_whole(DELIVERY, _delivery(number, at)) for number, at, *_ in rows])
    session.execute(
        sa.insert(ALERT), [_whole(ALERT, _alert(number, at, topic, story)) for number, at, topic, _, story in rows]
    )


def _delivery(number: int, at: datetime) -> dict[str, Any]:
    is_sent = number % 100 != 0
    went = {"state": "sent", "sent_at": at, "last_error": None}
    dead = {"state": "dead", "sent_at": None, "last_error": "HTTP 404 (Not Found)"}
    ids = {"id": number, "notification_id": number, "channel": "terminal", "uid": f"bench-{number}"}
    return ids | (went if is_sent else dead) | {"created_at": at, "attempts": 1}


def _alert(number: int, at: datetime, topic: str, story: int) -> dict[str, Any]:
    ids = {"id": number, "story_id": story, "article_id": (story - 1) * OF_A_STORY + 1, "notification_id": number}
    decided = {"decision": "send", "reason": "new story", "created_at": at, "decided_at": at}
    return ids | decided | {"topic": topic, "channel": "terminal", "turn": 0, "outlets_told": 2}


def _whole(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """With what the tables themselves put in where nothing is said."""
    filled = {column.name: getattr(column.default, "arg", None) for column in table.c if column.default is not None}
    return filled | row
