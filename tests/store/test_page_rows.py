"""What the page asks the store to keep: what polls gave, and a key that lasts."""

from __future__ import annotations

from datetime import datetime

from monitor.store import signing
from monitor.store.database import Database
from tests.build import an_entry
from tests.store.steps import HOUR, claim_feed, document, fail, feed_health, poll, say_the_same, watch


def test_a_feed_remembers_what_its_last_polls_gave(database: Database, now: datetime) -> None:
    watch(database, "https://antara.example/rss", now=now)
    poll(database, document(an_entry(key="1")), now=now)
    say_the_same(database, claim_feed(database, now=now + HOUR), due_at=now + 2 * HOUR, now=now + HOUR)
    fail(database, claim_feed(database, now=now + 2 * HOUR), "HTTP 500", due_at=now + 3 * HOUR, now=now + 2 * HOUR)
    poll(database, document(an_entry(key="1"), body_hash="2"), now=now + 3 * HOUR)

    (feed,) = feed_health(database, now=now)
    assert feed.polls == "nufu"


def test_only_the_last_96_polls_are_remembered(database: Database, now: datetime) -> None:
    watch(database, "https://antara.example/rss", now=now)
    fail(database, claim_feed(database, now=now), "HTTP 500", due_at=now + HOUR, now=now)
    for hour in range(1, 97):
        at = now + hour * HOUR
        say_the_same(database, claim_feed(database, now=at), due_at=at + HOUR, now=at)

    (feed,) = feed_health(database, now=now)
    assert feed.polls == "u" * 96


def test_the_signing_key_is_made_once(database: Database) -> None:
    first = database.write(signing.key)

    assert len(first) == 32
    assert database.write(signing.key) == first
