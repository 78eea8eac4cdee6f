"""What a feed lists under other keys than before is no news, whatever became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.model import Entry
from monitor.parse.feed import parse_feed
from monitor.store import entries, readings
from monitor.store.database import Database
from monitor.store.tables import ARTICLE, ENTRY, FEED, EntryState
from tests.build import NOON, an_entry
from tests.store.steps import (
    HOUR,
    as_of,
    claim_entries,
    claim_feed,
    document,
    poll,
    rows,
    store,
    wait_to_be_read,
    watch,
)

SECOND = timedelta(seconds=1)
RSS = "https://example.com/rss"
TEXT = (
    "Pemimpin Korea Utara menyambut menteri luar negeri Rusia di kota pesisir Wonsan, kata kantor berita pada Selasa."
)


def news(n: int, **changes: Any) -> Entry:
    values: dict[str, Any] = {"key": f"g-{n}", "url": f"https://example.com/berita/{n}", "text": f"{n}. {TEXT}"}
    dates = {"published_at": NOON - timedelta(minutes=37 * n, seconds=11)}
    return an_entry(**{"title": f"Berita nomor {n} dari Wonsan", **values, **dates, **changes})


def anew(listed: Sequence[Entry], **changes: Any) -> list[Entry]:
    return [replace(entry, **{"key": f"new-{entry.key}", **changes}) for entry in listed]


NEWS = [news(n) for n in range(10)]


def known(database: Database, *listed: Entry, now: datetime) -> None:
    """As when we began to watch the feed: remembered, and never read."""
    watch(database, RSS, now=now)
    assert poll(database, document(*listed, backlog="skip"), now=now) == 0


def noted(database: Database, *listed: Entry, now: datetime, **changes: Any) -> readings.Noted:
    """What is new in the next document."""
    reading = document(*listed, body_hash=str(now), **changes)
    return database.write(readings.changed, claim_feed(database, now=now), reading, now=now)


def keys(database: Database) -> list[str]:
    return [key for (key,) in rows(database, ENTRY.c.key)]


def test_what_was_only_remembered_is_not_read_under_another_key(database: Database, now: datetime) -> None:
    known(database, *NEWS, now=now)
    assert noted(database, *anew(NEWS), now=now + HOUR) == readings.Noted(rekeyed=10)
    assert claim_entries(database, now=now + HOUR) == []
    assert keys(database) == [f"new-g-{n}" for n in range(10)]
    assert {state for _, state in rows(database, ENTRY.c.id, ENTRY.c.state)} == {EntryState.SKIPPED}


def test_what_is_new_beside_it_is_read(database: Database, now: datetime) -> None:
    known(database, *NEWS[1:], now=now)
    assert noted(database, *anew(NEWS), now=now + HOUR) == readings.Noted(new=1, rekeyed=9)
    (claim,) = claim_entries(database, now=now + HOUR)
    assert claim.value.entry.key == "new-g-0"


def test_it_is_known_by_both_keys_in_turn(database: Database, now: datetime) -> None:
    """Some servers do not agree with each other."""
    known(database, *NEWS, now=now)
    for hour in range(1, 5):
        listed = anew(NEWS) if hour % 2 else NEWS
        assert noted(database, *listed, now=now + hour * HOUR).new == 0
    assert len(keys(database)) == 10


def test_it_is_known_when_it_changes_again_and_again(database: Database, now: datetime) -> None:
    """Each time one of its signs, after its key: what it was known by last is what is remembered."""
    turned = news(1)
    known(database, turned, now=now)
    changes: list[dict[str, Any]] = [
        {"url": "https://example.com/?p=1"},
        {"title": "Lavrov tiba di Wonsan"},
        {"published_at": NOON - HOUR},
        {"text": f"Diperbarui. {TEXT}"},
    ]
    for hour, change in enumerate(changes, start=1):
        turned = replace(turned, key=f"g-1-{hour}", **change)
        assert noted(database, turned, now=now + hour * HOUR) == readings.Noted(rekeyed=1)


def test_what_changed_under_its_own_key_is_known_by_what_it_became(database: Database, now: datetime) -> None:
    known(database, news(1), now=now)
    edited = news(1, title="Lavrov tiba di Wonsan", url="https://example.com/lavrov", published_at=NOON + SECOND)
    assert noted(database, edited, now=now + HOUR) == readings.Noted()
    again = replace(edited, key="other", url="https://example.com/?p=1", text="")
    assert noted(database, again, now=now + 2 * HOUR) == readings.Noted(rekeyed=1)


def test_a_text_that_changed_under_its_own_key_is_known(database: Database, now: datetime) -> None:
    known(database, news(1), now=now)
    edited = news(1, text=f"Diperbarui. {TEXT}")
    assert noted(database, edited, now=now + HOUR) == readings.Noted()
    (again,) = anew([edited], title="Lavrov tiba di Wonsan", published_at=None)
    assert noted(database, again, now=now + 2 * HOUR) == readings.Noted(rekeyed=1)


def test_a_sign_that_is_gone_is_remembered(database: Database, now: datetime) -> None:
    known(database, news(1), now=now)
    (bare,) = anew([news(1)], url="")
    assert noted(database, bare, now=now + HOUR).rekeyed == 1
    (again,) = anew([news(1)], key="other", title="Lavrov tiba di Wonsan")
    assert noted(database, again, now=now + 2 * HOUR).rekeyed == 1


def test_what_was_read_is_that_article_still(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    for claim in wait_to_be_read(database, news(1), now=now):
        database.write(entries.read, claim, article_id=article_id)
    assert noted(database, *anew([news(1)]), now=now + HOUR) == readings.Noted(rekeyed=1)
    assert claim_entries(database, now=now + HOUR) == []

    (edited,) = anew([news(1)], title="Ralat: Berita nomor 1 dari Wonsan")
    assert noted(database, edited, now=now + 2 * HOUR) == readings.Noted()
    (claim,) = claim_entries(database, now=now + 2 * HOUR)
    assert (claim.value.entry, claim.value.article_id) == (edited, article_id)


def test_a_key_and_a_title_that_change_together_are_read_again(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    for claim in wait_to_be_read(database, news(1), now=now):
        database.write(entries.read, claim, article_id=article_id)
    (edited,) = anew([news(1)], title="Ralat: Berita nomor 1 dari Wonsan")
    assert noted(database, edited, now=now + HOUR) == readings.Noted(rekeyed=1)
    (claim,) = claim_entries(database, now=now + HOUR)
    assert (claim.value.entry, claim.value.article_id) == (edited, article_id)


def test_what_still_waits_is_read_once(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, news(1), now=now)
    database.write(entries.later, claim, "HTTP 503", due_at=now + 2 * HOUR)
    assert noted(database, *anew([news(1)]), now=now + HOUR) == readings.Noted(rekeyed=1)
    (claim,) = claim_entries(database, now=now + 2 * HOUR)
    assert claim.value.entry.key == "new-g-1"


def test_what_is_in_hand_is_read_once(database: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(database, news(1), now=now)
    assert noted(database, *anew([news(1)]), now=now + HOUR) == readings.Noted(rekeyed=1)
    _, article_id = store(database, now=now)
    database.write(entries.read, claim, article_id=article_id)
    assert noted(database, *anew([news(1)]), now=now + 2 * HOUR) == readings.Noted()
    assert claim_entries(database, now=now + 3 * HOUR) == []


def test_it_is_known_after_years_though_its_article_is_gone(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    for claim in wait_to_be_read(database, news(1), now=now):
        database.write(entries.read, claim, article_id=article_id)
    database.write(lambda session: session.execute(sa.update(ENTRY).values(article_id=None)))
    database.write(lambda session: session.execute(sa.delete(ARTICLE)))
    years = timedelta(days=1_000)
    assert noted(database, news(2), now=now + HOUR).new == 1
    assert noted(database, *anew([news(1)]), news(2), now=now + years) == readings.Noted(rekeyed=1)


def test_another_feed_may_list_the_same(database: Database, now: datetime) -> None:
    known(database, *NEWS, now=now)
    watch(database, "https://example.com/atom", now=now)
    assert poll(database, document(*anew(NEWS[:3])), now=now) == 3


def test_a_page_that_is_written_over_is_new_each_day(database: Database, now: datetime) -> None:
    page = news(1, title="Prakiraan cuaca hari ini")
    known(database, page, now=now)
    for day in range(1, 4):
        tomorrow = replace(page, key=f"g-{day + 1}", text=f"Hari {day}: {TEXT}", published_at=NOON + day * 24 * HOUR)
        assert noted(database, tomorrow, now=now + day * 24 * HOUR).new == 1


def test_what_is_left_out_of_a_document_is_listed_all_the_same(database: Database, now: datetime) -> None:
    """A second piece under its title, of the same second, is no other than news."""
    item = "<item><title>{1}</title><link>https://example.com/{0}</link><guid>{0}</guid>"
    item += "<pubDate>Tue, 10 Mar 2026 11:42:17 GMT</pubDate></item>"
    frame = '<rss version="2.0"><channel><title>Contoh</title><link>https://example.com</link>{}</channel></rss>'
    title = "Pengumuman hasil lelang jabatan"
    both = [item.format("a", title), item.format("b", title)]
    first = parse_feed(frame.format(both[0]).encode(), url=RSS)
    second = parse_feed(frame.format("".join(both)).encode(), url=RSS, listed=first.listed)
    assert (len(second.entries), second.unchanged) == (1, 1)

    known(database, *first.entries, now=now)
    reading = {"unchanged": second.unchanged, "listed": second.listed}
    assert noted(database, *second.entries, now=now + HOUR, **reading).new == 1


def test_what_an_older_version_remembered_gets_its_marks_when_it_is_listed_again(
    database: Database, now: datetime
) -> None:
    known(database, *NEWS, now=now)
    as_of(database, "0005")
    database.prepare()
    assert noted(database, *NEWS, now=now + HOUR) == readings.Noted()
    assert noted(database, *anew(NEWS), now=now + 2 * HOUR) == readings.Noted(rekeyed=10)


def test_hundreds_are_known_again(database: Database, now: datetime) -> None:
    many = [news(n) for n in range(700)]
    known(database, *many, now=now)
    assert noted(database, *anew(many), now=now + HOUR) == readings.Noted(rekeyed=700)


def test_a_feed_whose_keys_change_each_time_is_known_by_its_links(database: Database, now: datetime) -> None:
    """Also then, all keys are other ones once more; and new guids are no new keys from then on."""

    def by_link(listed: Sequence[Entry]) -> list[Entry]:
        return [replace(entry, key=entry.url) for entry in listed]

    known(database, *NEWS, now=now)
    for hour in (1, 2):
        assert keyed_by(database) == "guid"
        listed = [replace(entry, key=f"{hour}-{entry.key}") for entry in NEWS]
        assert noted(database, *listed, now=now + hour * HOUR) == readings.Noted(rekeyed=10)
    assert keyed_by(database) == "link"
    for hour in (3, 4):
        listed = by_link([news(10 + hour), *NEWS])
        assert noted(database, *listed, now=now + hour * HOUR).new == 1
    assert keyed_by(database) == "link"
    assert len(keys(database)) == 12


def keyed_by(database: Database) -> str:
    ((_, found),) = rows(database, FEED.c.id, FEED.c.keyed_by)
    return str(found)


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d\udcff", "é" * 3_000])
def test_odd_keys_and_titles_are_no_trouble(database: Database, now: datetime, text: str) -> None:
    odd = news(1, key=f"1{text}", title=f"Berita {text} dari Wonsan")
    known(database, odd, now=now)
    assert noted(database, replace(odd, key=f"2{text}"), now=now + HOUR) == readings.Noted(rekeyed=1)
