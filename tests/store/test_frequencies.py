"""The words of our own stream: each article counts once, and the table stays small."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.store import frequencies
from monitor.store.database import Database
from monitor.store.frequencies import Uncounted
from monitor.store.tables import STREAM, TERM_FREQUENCY
from monitor.stories.frequencies import READ
from tests.build import an_article
from tests.store.steps import rows, store

COUNTED = (TERM_FREQUENCY.c.term, TERM_FREQUENCY.c.documents)


def add(database: Database, documents: int, **counts: int) -> None:
    """So many articles more, which need not be there."""
    after = database.read(frequencies.uncounted, 0).after
    found = Uncounted([""] * documents, after, after + documents)
    assert database.write(frequencies.add, counts, found)


def halve(database: Database, *, longest: int = 1_000_000, widest: int = 500_000) -> None:
    database.write(frequencies.halve, longest, widest)


# -- which articles are new ----------------------------------------------------------------------


def test_articles_are_counted_in_order_of_arrival_some_at_a_time(database: Database, now: datetime) -> None:
    ids = [store(database, an_article(title, text="Teks."), now=now)[1] for title in ("Satu", "Dua", "Tiga")]
    some = database.read(frequencies.uncounted, 2)
    assert some == Uncounted(["Satu\nTeks.", "Dua\nTeks."], 0, ids[1])

    database.write(frequencies.add, {"satu": 1, "dua": 1}, some)
    rest = database.read(frequencies.uncounted, 2)
    assert rest == Uncounted(["Tiga\nTeks."], ids[1], ids[2])


def test_when_all_are_counted_there_are_none(database: Database, now: datetime) -> None:
    _, article_id = store(database, an_article(), now=now)
    database.write(frequencies.add, {}, database.read(frequencies.uncounted, 100))
    assert database.read(frequencies.uncounted, 100) == Uncounted([], article_id, article_id)


@pytest.mark.parametrize("char", ["a", "€", "😀"])
def test_of_a_long_text_only_its_beginning_is_read(database: Database, now: datetime, char: str) -> None:
    store(database, an_article("Judul", text=char * (READ + 1)), now=now)
    assert database.read(frequencies.uncounted, 9).texts == [f"Judul\n{char * READ}"]


def test_many_articles_are_read_with_as_many_questions_as_few(database: Database, now: datetime) -> None:
    asked: list[str] = []

    def asks(*event: Any) -> None:
        asked.append(event[2])

    sa.event.listen(database._read_engine, "before_cursor_execute", asks)
    for title in ("Satu", "Dua", "Tiga"):
        store(database, an_article(title), now=now)
    asked.clear()
    database.read(frequencies.uncounted, 1)
    few = len(asked)
    asked.clear()
    database.read(frequencies.uncounted, 3)
    assert len(asked) == few


# -- counting ------------------------------------------------------------------------------------


def test_counts_add_up(database: Database) -> None:
    add(database, 2, rusia=2, kim=1)
    add(database, 1, rusia=1, lavrov=1)
    assert rows(database, *COUNTED) == [("kim", 1), ("lavrov", 1), ("rusia", 3)]
    assert rows(database, STREAM.c.documents, STREAM.c.counted_up_to) == [(3, 3)]


def test_an_article_counts_once_though_it_be_counted_again(database: Database, now: datetime) -> None:
    """As after a kill between reading and writing."""
    store(database, now=now)
    found = database.read(frequencies.uncounted, 9)
    assert [database.write(frequencies.add, {"rusia": 1}, found) for _ in range(2)] == [True, False]
    assert rows(database, *COUNTED) == [("rusia", 1)]


@pytest.mark.parametrize("most", [(1, 9), (9, 1)], ids=["the shorter first", "the longer first"])
def test_of_two_counts_that_overlap_one_counts(database: Database, now: datetime, most: tuple[int, int]) -> None:
    for title in ("Satu", "Dua", "Tiga"):
        store(database, an_article(title), now=now)
    one, other = (database.read(frequencies.uncounted, limit) for limit in most)

    assert database.write(frequencies.add, {"rusia": len(one.texts)}, one)
    assert not database.write(frequencies.add, {"rusia": len(other.texts)}, other)
    assert rows(database, STREAM.c.documents, STREAM.c.counted_up_to) == [(len(one.texts), one.up_to)]
    assert rows(database, *COUNTED) == [("rusia", len(one.texts))]


def test_an_article_without_a_word_counts_as_an_article(database: Database) -> None:
    add(database, 1)
    assert database.read(frequencies.snapshot).documents == 1


def test_the_words_of_any_script_can_be_counted(database: Database) -> None:
    words = {"الرئيس": 1, "北": 2, "đầu": 3, "ß" * 40: 4}
    add(database, 4, **words)
    assert database.read(frequencies.snapshot).counts == words


# -- the snapshot --------------------------------------------------------------------------------


def test_before_anything_is_counted_there_is_what_was_known_beforehand(database: Database) -> None:
    first_day = database.read(frequencies.snapshot)
    assert (first_day.documents, first_day.counts) == (0, {})
    assert first_day.rarity("dan") < first_day.rarity("wonsan")


def test_a_snapshot_holds_the_commonest_words(database: Database) -> None:
    add(database, 9, rusia=9, korea=5, kim=5, wonsan=1)
    assert database.read(frequencies.snapshot, 3).counts == {"rusia": 9, "korea": 5, "kim": 5}


def test_words_are_as_rare_as_their_counts_say(database: Database) -> None:
    add(database, 100_000, rusia=50_000, wonsan=10)
    counted = database.read(frequencies.snapshot)
    assert counted.rarity("rusia") < 1
    assert counted.rarity("wonsan") > 8


# -- staying small -------------------------------------------------------------------------------


def test_in_a_long_stream_what_is_old_counts_half(database: Database) -> None:
    add(database, 11, rusia=10, korea=3, wonsan=1)
    halve(database, longest=10)
    assert rows(database, *COUNTED) == [("korea", 1), ("rusia", 5)]
    assert rows(database, STREAM.c.documents, STREAM.c.counted_up_to) == [(5, 11)]


def test_a_stream_that_is_not_long_is_left_as_it_is(database: Database) -> None:
    add(database, 10, rusia=10, wonsan=1)
    assert not database.read(frequencies.is_full)
    halve(database, longest=10)
    assert rows(database, *COUNTED) == [("rusia", 10), ("wonsan", 1)]


def test_from_a_table_that_is_too_wide_the_rarest_words_leave(database: Database) -> None:
    add(database, 10, rusia=10, korea=4, kim=3, lavrov=1, wonsan=1)
    halve(database, widest=3)
    assert rows(database, *COUNTED) == [("kim", 3), ("korea", 4), ("rusia", 10)]
    halve(database, widest=2)
    assert rows(database, *COUNTED) == [("rusia", 10)]


def test_a_very_long_stream_says_that_it_is_full(database: Database) -> None:
    add(database, frequencies.LONGEST + 1, rusia=10)
    assert database.read(frequencies.is_full)
