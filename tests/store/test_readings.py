"""A feed that lists an entry in other words has it read again, three times at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from monitor.model import Claim, Entry, Validators, WaitingEntry
from monitor.store import entries
from monitor.store.database import Database
from monitor.store.tables import ENTRY, EntryState
from tests.build import an_article, an_entry
from tests.store.steps import (
    HOUR,
    MINUTE,
    claim_entries,
    claim_feed,
    document,
    poll,
    rows,
    store,
    wait_to_be_read,
    watch,
)

ENTRY_OF = an_entry("Gempa M 5,1 guncang Maluku", key="g-1", text="Tidak ada korban.")
OF_ITS_OWN = replace(ENTRY_OF, title="Lindu pagi ini", key="g-2")
CORRECTED = replace(ENTRY_OF, title="Ralat: Gempa M 6,1 guncang Maluku")


def read(database: Database, *listed: Entry, now: datetime) -> int:
    """A feed listed these, and they were read, all as one article."""
    _, article_id = store(database, now=now)
    for claim in wait_to_be_read(database, *listed, now=now):
        database.write(entries.read, claim, article_id=article_id)
    return article_id


def listed_again(database: Database, *listed: Entry, now: datetime) -> list[Claim[WaitingEntry]]:
    """What is to be read after the feed's next reading; nothing of it counts as new."""
    assert poll(database, document(*listed, body_hash=str(now)), now=now) == 0
    return claim_entries(database, now=now)


def states(database: Database) -> list[str]:
    return [state for _, state in rows(database, ENTRY.c.id, ENTRY.c.state)]


def test_an_entry_in_other_words_is_read_again_as_it_is_listed_now(database: Database, now: datetime) -> None:
    article_id = read(database, ENTRY_OF, now=now)
    (claim,) = listed_again(database, CORRECTED, now=now + HOUR)

    again = claim.value
    assert (again.entry, again.article_id, again.first_seen_at, again.tries) == (CORRECTED, article_id, now, 0)
    database.write(entries.read, claim, article_id=article_id)
    assert listed_again(database, CORRECTED, now=now + 2 * HOUR) == []


@pytest.mark.parametrize(
    "as_listed",
    [
        ENTRY_OF,
        replace(ENTRY_OF, url="https://example.com/26?utm_source=rss"),
        replace(ENTRY_OF, text="  Tidak  ada\nkorban. "),
        replace(ENTRY_OF, title="GEMPA M 5,1 GUNCANG MALUKU"),
        replace(ENTRY_OF, published_at=datetime.fromisoformat("2026-03-10T12:00Z"), author="Ana"),
    ],
    ids=["nothing", "its address", "white space", "capitals", "its date"],
)
def test_what_changes_nothing_of_substance_is_not_read_again(
    database: Database, now: datetime, as_listed: Entry
) -> None:
    read(database, ENTRY_OF, now=now)
    assert listed_again(database, as_listed, now=now + HOUR) == []


def test_an_entry_is_read_again_three_times_at_most(database: Database, now: datetime) -> None:
    article_id = read(database, ENTRY_OF, now=now)
    count = 0
    for hour in range(1, 6):
        for claim in listed_again(database, replace(ENTRY_OF, text=f"{hour} korban."), now=now + hour * HOUR):
            database.write(entries.read, claim, article_id=article_id)
            count += 1
    assert count == 3


def test_what_was_read_again_three_times_is_read_again_where_its_title_is_of_something_else(
    database: Database, now: datetime
) -> None:
    """And as another article it may be read again as often. A title that only its feed gives it is none."""
    read(database, ENTRY_OF, OF_ITS_OWN, now=now)
    for hour in range(1, 4):
        changed = [replace(each, text=f"{hour} korban.") for each in (ENTRY_OF, OF_ITS_OWN)]
        for claim in listed_again(database, *changed, now=now + hour * HOUR):
            assert claim.value.article_id is not None
            database.write(entries.read, claim, article_id=claim.value.article_id)
    assert sorted(rows(database, ENTRY.c.readings)) == [(3,), (3,)]

    another = replace(ENTRY_OF, title="Aceh diguncang gempa", text="Warga berhamburan.")
    changed = [another, replace(OF_ITS_OWN, text="Sembilan korban.")]
    (claim,) = listed_again(database, *changed, now=now + 4 * HOUR)
    assert claim.value.entry == another
    _, article_id = store(database, an_article(another.title), now=now)
    database.write(entries.read, claim, article_id=article_id)
    assert sorted(rows(database, ENTRY.c.readings)) == [(0,), (3,)]


def test_only_what_changed_is_read_again(database: Database, now: datetime) -> None:
    others = [an_entry(f"berita {n}") for n in range(3)]
    read(database, *others, ENTRY_OF, now=now)
    (claim,) = listed_again(database, CORRECTED, *others, now=now + HOUR)
    assert claim.value.entry == CORRECTED


def test_what_was_only_remembered_is_never_read(database: Database, now: datetime) -> None:
    watch(database, "https://example.com/rss", now=now)
    poll(database, document(ENTRY_OF, backlog="skip"), now=now)
    assert listed_again(database, CORRECTED, now=now + HOUR) == []
    assert states(database) == [EntryState.SKIPPED]


def test_what_an_older_version_read_is_read_again_only_when_it_changes_from_now_on(
    database: Database, now: datetime
) -> None:
    read(database, ENTRY_OF, now=now)
    database.write(lambda session: session.execute(sa.update(ENTRY).values(listed_hash=None)))
    assert listed_again(database, CORRECTED, now=now + HOUR) == []
    assert len(listed_again(database, ENTRY_OF, now=now + 2 * HOUR)) == 1


def test_what_still_waits_is_read_as_it_is_listed_now(database: Database, now: datetime) -> None:
    """Its page could not be had; that is no further reading of it."""
    (claim,) = wait_to_be_read(database, ENTRY_OF, now=now)
    database.write(entries.later, claim, "HTTP 503", due_at=now + 2 * HOUR)
    assert listed_again(database, CORRECTED, now=now + HOUR) == []

    (claim,) = claim_entries(database, now=now + 2 * HOUR)
    assert (claim.value.entry, claim.value.tries, claim.value.article_id) == (CORRECTED, 1, None)
    assert rows(database, ENTRY.c.readings) == [(0,)]


def test_what_is_in_hand_is_read_again_once_that_is_done(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, ENTRY_OF, now=now)
    assert poll(database, document(CORRECTED, body_hash="2"), now=now + HOUR) == 0
    _, article_id = store(database, now=now)
    database.write(entries.read, claim, article_id=article_id)

    (again,) = listed_again(database, CORRECTED, now=now + 2 * HOUR)
    assert again.value.entry == CORRECTED


def test_an_odd_text_is_no_other_when_it_comes_again(database: Database, now: datetime) -> None:
    odd = replace(ENTRY_OF, title="Kim\x00 Jong\ud83d Un", text="a\x00b\udcff")
    read(database, odd, now=now)
    assert listed_again(database, odd, now=now + MINUTE * 61) == []


def test_words_that_changed_while_the_entry_was_in_hand_are_looked_at_at_the_next_poll(
    database: Database, now: datetime
) -> None:
    (in_hand,) = wait_to_be_read(database, an_entry("Gempa", key="1"), now=now)
    now += HOUR
    poll(database, document(an_entry("Gempa besar", key="1"), validators=Validators('"2"'), body_hash="2"), now=now)
    _, article_id = store(database, now=now)
    database.write(entries.read, in_hand, article_id=article_id)

    now += HOUR
    state = claim_feed(database, now=now).value
    assert (state.validators, state.body_hash, state.listed) == (Validators(), None, b"")
