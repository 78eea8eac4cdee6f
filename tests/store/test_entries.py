"""Entries: kept word for word until each has been read, whatever the feed put into them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from monitor.errors import LeaseLost
from monitor.model import Entry
from monitor.store import entries, readings
from monitor.store.database import Database
from monitor.store.tables import ENTRY, EntryState
from tests.build import an_entry
from tests.store.steps import (
    HOUR,
    MINUTE,
    claim_entries,
    claim_feeds,
    count,
    document,
    poll,
    rows,
    store,
    wait_to_be_read,
    watch,
)

FULL = Entry(
    key="guid:1",
    url="https://example.com/1",
    title="Kim tiba di “Wonsan” 😀",
    text="Paragraf satu.\n\nПараграф два — 北朝鮮。",
    guid="1",
    published_at=datetime(2026, 3, 10, 18, 30, tzinfo=timezone(timedelta(hours=7))),
    author="Ana",
    language="id",
    source_url="https://example.org",
    is_file=True,
    shares_link=True,
)


def test_an_entry_comes_back_as_its_feed_listed_it(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, FULL, now=now)
    waiting = claim.value

    assert waiting.entry == FULL
    assert (waiting.feed, waiting.first_seen_at, waiting.tries) == ("https://example.com/rss", now, 0)
    assert waiting.first_seen_at.tzinfo is UTC


def test_a_plain_entry_comes_back_too(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, plain := Entry(key="1", url="", title=""), now=now)
    assert claim.value.entry == plain


def test_entries_are_read_in_the_order_of_their_feed(database: Database, now: datetime) -> None:
    titles = [f"berita {n}" for n in (3, 1, 2)]
    claims = wait_to_be_read(database, *map(an_entry, titles), now=now)
    assert [claim.value.entry.title for claim in claims] == titles


def test_an_entry_that_was_read_leads_to_its_article_and_is_not_due(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, an_entry(), now=now)
    _, article_id = store(database, now=now)
    database.write(entries.read, claim, article_id=article_id)

    assert claim_entries(database, now=now + HOUR) == []
    columns = (ENTRY.c.key, ENTRY.c.state, ENTRY.c.content, ENTRY.c.article_id)
    assert rows(database, *columns) == [(claim.value.entry.key, EntryState.READ, None, article_id)]


def test_an_entry_whose_page_can_not_be_had_comes_again_later(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, an_entry(), now=now)
    database.write(entries.later, claim, "HTTP 503", due_at=now + HOUR)

    assert claim_entries(database, now=now + HOUR - MINUTE) == []
    (again,) = claim_entries(database, now=now + HOUR)
    assert again.value == replace(claim.value, tries=1)
    assert rows(database, ENTRY.c.last_error) == [("HTTP 503",)]


def test_an_entry_is_read_once(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, an_entry(), now=now)
    _, article_id = store(database, now=now)
    database.write(entries.read, claim, article_id=article_id)

    with pytest.raises(LeaseLost):
        database.write(entries.later, claim, "HTTP 503", due_at=now)
    assert rows(database, ENTRY.c.state) == [(EntryState.READ,)]


def test_entries_of_a_feed_that_left_the_configuration_are_still_read(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, an_entry(), now=now)
    assert claim.value.feed == "https://example.com/rss"
    database.write(entries.later, claim, "HTTP 503", due_at=now)

    assert len(claim_entries(database, now=now)) == 1


@pytest.mark.parametrize(
    "key",
    ["nul\x00inside", "half a pair \udcff", "\udcff\x00", "x" * 100_000, "".join(map(chr, range(0x4E00, 0x9000)))],
    ids=["NUL", "surrogate", "both", "long", "long in Han"],
)
def test_no_key_is_too_odd_to_be_known_again(database: Database, now: datetime, key: str) -> None:
    odd, other = an_entry("Kim", key=key), an_entry("Lavrov", key=key + "2")
    assert len(wait_to_be_read(database, odd, other, now=now)) == 2
    assert poll(database, document(odd, other), now=now + HOUR) == 0
    assert count(database, ENTRY) == 2


def test_no_text_is_too_odd_to_be_kept(database: Database, now: datetime) -> None:
    odd = an_entry("Kim\x00 Jong\ud83d Un", url="seeds/\udcff.txt", text="a\x00b", guid="\x00", author="\udc00")
    (claim,) = wait_to_be_read(database, odd, now=now)

    entry = claim.value.entry
    assert (entry.title, entry.url, entry.text) == ("Kim\ufffd Jong\ufffd Un", "seeds/\ufffd.txt", "a\ufffdb")
    assert (entry.guid, entry.author) == ("\ufffd", "\ufffd")


@pytest.mark.parametrize("content", ['{"key": "1", "link": "/1"}', "{", None], ids=["renamed", "broken", "gone"])
def test_an_entry_that_can_not_be_read_is_set_aside_and_holds_up_no_other(
    database: Database, now: datetime, content: str | None
) -> None:
    for claim in wait_to_be_read(database, *(an_entry(f"berita {n}") for n in range(5)), now=now):
        database.write(entries.later, claim, "HTTP 503", due_at=now)
    first = database.read(lambda session: session.scalar(sa.select(sa.func.min(ENTRY.c.id)))) or 0
    odd = sa.update(ENTRY).where(ENTRY.c.id.in_([first, first + 1, first + 3])).values(content=content)
    database.write(lambda session: session.execute(odd))

    assert [claim.value.entry.title for claim in claim_entries(database, now=now, limit=2)] == ["berita 2", "berita 4"]
    assert database.read(entries.totals) == {"waiting": 2, "poisoned": 3}
    why = "what is stored of it can't be read by this version of monitor"
    assert rows(database, ENTRY.c.last_error, ENTRY.c.due_at).count((why, None)) == 3


def test_what_a_newer_version_knows_of_an_entry_does_no_harm(database: Database, now: datetime) -> None:
    wait_to_be_read(database, an_entry("berita"), now=now)
    newer = sa.update(ENTRY).values(
        content='{"key": "1", "url": "", "title": "berita", "mood": "calm"}', lease_until=now
    )
    database.write(lambda session: session.execute(newer))

    (claim,) = claim_entries(database, now=now + MINUTE)
    assert claim.value.entry == Entry(key="1", url="", title="berita")


def test_no_feed_has_more_than_its_share_in_hand(database: Database, now: datetime) -> None:
    many, few = "https://slow.example/rss", "https://example.com/rss"
    watch(database, many, few, now=now)
    for claim in claim_feeds(database, now=now):
        listed = [an_entry(f"{claim.value.url} {n}") for n in range(10 if claim.value.url == many else 2)]
        at = now - MINUTE if claim.value.url == many else now
        database.write(readings.changed, claim, document(*listed), now=at)

    def taken(at: datetime, limit: int = 16) -> Counter[str]:
        claims = database.write(entries.claim, now=at, limit=limit)
        return Counter(claim.value.feed for claim in claims)

    assert taken(now, limit=3) == {many: 3}
    assert taken(now) == {many: 1, few: 2}
    assert taken(now) == {}
    assert taken(now + entries.LEASE + MINUTE) == {many: 4, few: 2}  # those leases ran out


def test_an_entry_that_was_read_makes_room_for_the_next_of_its_feed(database: Database, now: datetime) -> None:
    watch(database, "https://example.com/rss", now=now)
    poll(database, document(*(an_entry(f"berita {n}") for n in range(6))), now=now)
    first, *_ = database.write(entries.claim, now=now, limit=16)
    assert database.write(entries.claim, now=now, limit=16) == []
    _, article_id = store(database, now=now)
    database.write(entries.read, first, article_id=article_id)

    (fifth,) = database.write(entries.claim, now=now, limit=16)
    assert fifth.value.entry.title == "berita 4"
