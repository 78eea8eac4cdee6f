"""The words of our own stream: each article counts once, and the table stays small."""

from __future__ import annotations

from datetime import datetime

from monitor.store import frequencies
from monitor.store.database import Database
from monitor.store.tables import STREAM, TERM_FREQUENCY
from tests.build import an_article
from tests.store.steps import rows, store

COUNTED = (TERM_FREQUENCY.c.term, TERM_FREQUENCY.c.documents)


def add(database: Database, up_to: int, documents: int = 1, **counts: int) -> None:
    database.write(frequencies.add, counts, documents, up_to)


def halve(database: Database, *, longest: int = 1_000_000, widest: int = 500_000) -> None:
    database.write(frequencies.halve, longest, widest)


# -- which articles are new ----------------------------------------------------------------------


def test_articles_are_counted_in_order_of_arrival_some_at_a_time(database: Database, now: datetime) -> None:
    ids = [store(database, an_article(title), now=now)[1] for title in ("Satu", "Dua", "Tiga")]
    some, up_to = database.read(frequencies.uncounted, 2)
    assert ([article.title for article in some], up_to) == (["Satu", "Dua"], ids[1])

    add(database, up_to, 2, satu=1, dua=1)
    rest, up_to = database.read(frequencies.uncounted, 2)
    assert ([article.title for article in rest], up_to) == (["Tiga"], ids[2])


def test_when_all_are_counted_there_are_none(database: Database, now: datetime) -> None:
    _, article_id = store(database, an_article(), now=now)
    add(database, article_id)
    assert database.read(frequencies.uncounted, 100) == ([], article_id)


# -- counting ------------------------------------------------------------------------------------


def test_counts_add_up(database: Database) -> None:
    add(database, 2, 2, rusia=2, kim=1)
    add(database, 3, 1, rusia=1, lavrov=1)
    assert rows(database, *COUNTED) == [("kim", 1), ("lavrov", 1), ("rusia", 3)]
    assert rows(database, STREAM.c.documents, STREAM.c.counted_up_to) == [(3, 3)]


def test_an_article_counts_once_though_it_be_counted_again(database: Database) -> None:
    """As after a kill between reading and writing, or by two processes at once."""
    add(database, 5, 1, rusia=1)
    add(database, 5, 1, rusia=1)
    assert rows(database, *COUNTED) == [("rusia", 1)]


def test_an_article_without_a_word_counts_as_an_article(database: Database) -> None:
    add(database, 1)
    assert database.read(frequencies.snapshot).documents == 1


def test_the_words_of_any_script_can_be_counted(database: Database) -> None:
    words = {"الرئيس": 1, "北": 2, "đầu": 3, "ß" * 40: 4}
    database.write(frequencies.add, words, 4, 1)
    assert database.read(frequencies.snapshot).counts == words


# -- the snapshot --------------------------------------------------------------------------------


def test_before_anything_is_counted_there_is_what_was_known_beforehand(database: Database) -> None:
    first_day = database.read(frequencies.snapshot)
    assert (first_day.documents, first_day.counts) == (0, {})
    assert first_day.rarity("dan") < first_day.rarity("wonsan")


def test_a_snapshot_holds_the_commonest_words(database: Database) -> None:
    add(database, 9, 9, rusia=9, korea=5, kim=5, wonsan=1)
    assert database.read(frequencies.snapshot, 3).counts == {"rusia": 9, "korea": 5, "kim": 5}


def test_words_are_as_rare_as_their_counts_say(database: Database) -> None:
    add(database, 1, 100_000, rusia=50_000, wonsan=10)
    counted = database.read(frequencies.snapshot)
    assert counted.rarity("rusia") < 1
    assert counted.rarity("wonsan") > 8


# -- staying small -------------------------------------------------------------------------------


def test_in_a_long_stream_what_is_old_counts_half(database: Database) -> None:
    add(database, 7, 11, rusia=10, korea=3, wonsan=1)
    halve(database, longest=10)
    assert rows(database, *COUNTED) == [("korea", 1), ("rusia", 5)]
    assert rows(database, STREAM.c.documents, STREAM.c.counted_up_to) == [(5, 7)]


def test_a_stream_that_is_not_long_is_left_as_it_is(database: Database) -> None:
    add(database, 7, 10, rusia=10, wonsan=1)
    assert not database.read(frequencies.is_full)
    halve(database, longest=10)
    assert rows(database, *COUNTED) == [("rusia", 10), ("wonsan", 1)]


def test_from_a_table_that_is_too_wide_the_rarest_words_leave(database: Database) -> None:
    add(database, 7, 10, rusia=10, korea=4, kim=3, lavrov=1, wonsan=1)
    halve(database, widest=3)
    assert rows(database, *COUNTED) == [("kim", 3), ("korea", 4), ("rusia", 10)]
    halve(database, widest=2)
    assert rows(database, *COUNTED) == [("rusia", 10)]


def test_a_very_long_stream_says_that_it_is_full(database: Database) -> None:
    add(database, 7, frequencies.LONGEST + 1, rusia=10)
    assert database.read(frequencies.is_full)
