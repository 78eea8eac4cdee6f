"""How topics are looked up: whatever a query is like, it can be looked up, and finds what it should."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

import pytest

from monitor.topics.index import Wildcards
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.topics.ways import ways_of
from tests.topics.test_watchlist import a_topic, an_article

NOTHING_KNOWN = Vocabulary()


def looking_for(*queries: str) -> Watchlist:
    topics = [a_topic(str(number), query=query, language="none") for number, query in enumerate(queries)]
    watchlist, errors = compile_all(topics, NOTHING_KNOWN)
    assert not errors
    return watchlist


def words(name: str, length: int) -> list[str]:
    return [name + "".join(letters) for letters in product(ascii_lowercase, repeat=2)][:length]


def a_list(name: str, length: int, *also: str) -> str:
    return f"({' OR '.join([*also, *words(name, length)])})"


@pytest.mark.parametrize("also", [("url:ab*",), ("feed:xy*",), ("author:an*", "url:ab*"), ()])
@pytest.mark.parametrize("lists", [2, 3])
@pytest.mark.parametrize("length", [5, 20, 40])
def test_a_query_of_several_lists_is_looked_up_in_few_ways(also: tuple[str, ...], lists: int, length: int) -> None:
    query = " ".join(a_list(name, length, *also) for name in "kmn"[:lists])
    (watch,) = looking_for(query).watches
    assert len(ways_of(watch.question.root)) <= max(32, length)


@pytest.mark.parametrize("length", [3, 20])
def test_lists_of_addresses_and_words_are_found_by_either(length: int) -> None:
    watchlist = looking_for(" ".join(a_list(name, length, "url:ab*") for name in "km"))
    first, last = words("k", length)[0], words("m", length)[-1]
    for text, url in product(("kota", first, last, f"{last} {first}"), ("https://abc.example/", "https://tempo.co/")):
        is_wanted = "abc" in url or " " in text
        assert bool(watchlist.match(an_article(text, url=url))) is is_wanted


def test_a_list_without_words_does_not_hide_the_words_of_another() -> None:
    """It is looked up by the words; an article that has none of them is not even looked at."""
    (watch,) = looking_for(f"{a_list('k', 40)} (url:ab* OR url:cd* OR url:ef*)").watches
    assert all(way.needs for way in ways_of(watch.question.root))


# -- wildcards -----------------------------------------------------------------------------------


def wildcards_of(query: str) -> Wildcards:
    (watch,) = looking_for(query).watches
    return Wildcards(piece for clause, _ in watch.question.clauses for row in clause.rows for piece in row)


def held_by(wildcards: Wildcards, forms: Iterator[str]) -> int:
    """How many bytes are in use once they have seen these."""
    tracemalloc.start()
    try:
        for form in forms:
            wildcards.found({form})
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def test_words_without_end_are_not_remembered() -> None:
    """Some pages carry pictures and keys as text: a "word" of many thousands of letters, never the same again."""
    wildcards = wildcards_of("rudal*")
    assert held_by(wildcards, (f"{number}{'x' * 50_000}" for number in range(50))) < 100_000


def test_a_wildcard_finds_a_long_word_each_time_that_it_comes() -> None:
    wildcards = wildcards_of("서울")
    word = "서울" + "에서" * 60
    for _ in range(2):
        assert len(wildcards.found({word, "부산에서"})) == 1


# -- the tree ------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [45, 60, 2000])
def test_topics_that_share_a_long_text_are_told_apart_by_what_they_do_not_share(length: int) -> None:
    shared = [f"{one}{two}" for one, two in product(words("k", 50), words("m", 40))][:length]
    watchlist = looking_for(*(f'"{" ".join([*shared, own])}"' for own in words("z", 6)), " ".join(shared))
    whole = " ".join(shared)
    assert [watchlist.topics(an_article(f"{whole} {own}")) for own in (*words("z", 6), "", "kota")] == [
        *((str(number), "6") for number in range(6)),
        ("6",),
        ("6",),
    ]
    assert watchlist.topics(an_article(f"{' '.join(shared[1:])} {words('z', 1)[0]}")) == ()
