"""What is shown of a match: the score, and for each clause the passage where it was found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given

from monitor.model import Field, Match
from monitor.topics.evaluate import is_true
from monitor.topics.explain import explain
from monitor.topics.tree import Query
from tests.topics.test_evaluate import QUERIES, TEXTS, Paragraph, body_of
from tests.topics.trees import (
    alias,
    at_least,
    either,
    every,
    near,
    no,
    question,
    read,
    regex,
    within,
    word,
)


def shown(query: Query | str, body: str = "", *, title: str = "", others: Mapping[Field, str] | None = None) -> Match:
    asked, article = question(query), read(body, title, others)
    assert is_true(asked, article)
    return explain("topic", asked, article)


def places(match: Match) -> list[tuple[str, str, int, int]]:
    return [(each.term, each.field, each.start, each.end) for each in match.evidence]


# -- the score -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "body", "score"),
    [
        # .4·1 + .3·0 + .2·1 + .1·1/5
        ("rusia", "", "rusia", 62),
        ("rusia", "rusia", "", 92),
        (alias("rusia", "moskow"), "rusia", "rusia rusia moskow moskow", 100),
        # one of two clauses: .4·½ + 0 + .2 + .1·1/5
        (either("rusia", "minsk"), "", "minsk", 42),
        # a side of an OR that is not true does not count, though a part of it is there
        (either("minsk", every("kyiv", "riga")), "", "minsk kyiv", 35),
        # two clauses side by side, then far from each other
        (every("minsk", "kyiv"), "", "minsk kyiv", 64),
        (every("minsk", "kyiv"), "", "minsk\nkyiv", 44),
        # a NEAR counts by its words; places that are not near do not count
        (near("minsk", "kyiv", 5), "", "minsk kyiv", 64),
        (near("minsk", "kyiv", 5), "minsk", "minsk kyiv", 64),
        (every("minsk", no("kyiv")), "", "minsk", 62),
        (at_least(2, "minsk"), "", "minsk minsk", 64),
        (within("paragraph", "minsk", "kyiv"), "minsk", "kyiv minsk", 64),
        (regex("mi[a-z]+"), "", "minsk mi", 62),
    ],
)
def test_the_score(query: Query | str, title: str, body: str, score: int) -> None:
    assert shown(query, body, title=title).score == score


# -- the evidence --------------------------------------------------------------------------------


def test_evidence_names_the_clause_as_written_and_shows_what_was_found() -> None:
    (evidence,) = shown(alias("Korea Utara", "korut"), "Kata Korut kemarin").evidence
    assert (evidence.term, evidence.field, evidence.start, evidence.end) == ("Korea Utara", "body", 5, 10)
    assert (evidence.snippet, evidence.hits) == ("Kata Korut kemarin", ((5, 10),))


def test_of_a_near_only_what_is_near_is_shown() -> None:
    match = shown(near("minsk", "kyiv", 1), "minsk lalu jauh sekali, dari minsk ke kyiv", title="minsk")
    assert places(match) == [("minsk", "body", 29, 34), ("kyiv", "body", 38, 42)]


def test_of_what_stands_in_one_stretch_only_that_stretch_is_shown() -> None:
    match = shown(within("sentence", "minsk", "kyiv"), "Minsk. Dari minsk ke kyiv. Kyiv.")
    assert places(match) == [("minsk", "body", 12, 17), ("kyiv", "body", 21, 25)]


def test_a_side_that_is_not_true_is_no_evidence() -> None:
    assert places(shown(either("minsk", every("kyiv", "riga")), "minsk kyiv")) == [("minsk", "body", 0, 5)]


def test_what_is_excluded_twice_is_evidence() -> None:
    assert places(shown(every("minsk", no(no("kyiv"))), "minsk kyiv")) == [
        ("minsk", "body", 0, 5),
        ("kyiv", "body", 6, 10),
    ]


def test_address_author_and_feed_are_evidence_too_after_title_and_body() -> None:
    query = every(
        "minsk", word("bola", fields=("url",)), word("ani", fields=("author",)), word("tempo", fields=("feed",))
    )
    others: Mapping[Field, str] = {"feed": "Tempo\nhttps://t.co", "author": "Ani", "url": "https://t.co/bola/1"}
    match = shown(query, "minsk", title="minsk", others=others)
    assert places(match) == [
        ("minsk", "title", 0, 5),
        ("minsk", "body", 0, 5),
        ("bola", "url", 13, 17),
        ("ani", "author", 0, 3),
        ("tempo", "feed", 0, 5),
    ]
    assert match.evidence[-1].snippet == "Tempo"


def test_what_a_pattern_found_is_shown_to_the_letter() -> None:
    (evidence,) = shown(regex(r"\d,\d di A"), "😀 Gempa M 6,1 di Aceh").evidence
    assert evidence.snippet[slice(*evidence.hits[0])] == "6,1 di A"
    assert (evidence.start, evidence.end) == (10, 18)
    (signs,) = shown(regex("[!?]{2}"), "Apa kata mereka?! Tidak ada.").evidence
    assert signs.snippet[slice(*signs.hits[0])] == "?!"


def test_the_passage_shows_the_clauses_together() -> None:
    far = "minsk " + "kata " * 90
    match = shown(every("minsk", "kyiv"), f"{far}\nkemarin minsk bertemu kyiv lagi\n{far} minsk minsk minsk")
    assert {each.snippet for each in match.evidence} == {"kemarin minsk bertemu kyiv lagi"}
    assert match.evidence[0].hits == ((8, 13), (22, 26))


def test_marks_never_overlap() -> None:
    (first, *_) = shown(either("bank rakyat", "rakyat indonesia", "rakyat"), "bank rakyat indonesia").evidence
    assert first.hits == ((0, 21),)


@pytest.mark.parametrize(
    "query", [near("kata", "kata", 99), at_least(999, "kata kata"), within(50, "kata", "kata kata"), regex("kata")]
)
def test_an_article_of_one_word_is_explained_too(query: Query) -> None:
    match = shown(query, "kata " * 30_000)
    assert match.evidence
    assert all(len(each.snippet) <= 200 for each in match.evidence)


def steps(work: Callable[[], object]) -> int:
    """How many functions are called and generators gone on with."""
    count = 0

    def step(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def a_list_of_names(count: int) -> str:
    """Each name once in a paragraph of its own, far from the others."""
    return "\n".join(f"name{number} " + "kata " * 30 for number in range(count))


def test_what_it_takes_to_explain_grows_with_the_clauses_not_with_their_square() -> None:
    few, many = (
        (question(either(*(f"name{number}" for number in range(count)))), read(a_list_of_names(count)))
        for count in (100, 400)
    )
    assert steps(lambda: explain("topic", *many)) < 6 * steps(lambda: explain("topic", *few))
    match = explain("topic", *many)
    assert [each.term for each in match.evidence] == [f"name{number}" for number in range(400)]
    assert all(each.snippet[slice(*each.hits[0])] == each.term for each in match.evidence)


def test_a_place_of_a_pattern_that_is_near_is_shown_however_many_are_not() -> None:
    match = shown(near(regex("Minsk"), "kyiv", 1), "Minsk " * 2500 + "lalu " * 9 + "Minsk kyiv")
    assert places(match) == [("Minsk", "body", 15045, 15050), ("kyiv", "body", 15051, 15055)]


def test_what_is_looked_for_in_windows_takes_no_look_at_each() -> None:
    article = read("a c b c " * 2000)
    asked = question(within(20, "a", "b", no("c")))
    is_true(asked, article)
    assert steps(lambda: is_true(asked, article)) < 16 * 8000


@given(QUERIES, TEXTS)
def test_evidence_always_stands_within_its_field(query: Query, texts: list[Paragraph]) -> None:
    body = body_of(texts)
    asked, article = question(either(query, "a", "b")), read(body, "a c")
    match = explain("topic", asked, article)
    assert 0 <= match.score <= 100
    assert match.evidence
    for evidence in match.evidence:
        text = article[evidence.field].text
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert len(evidence.snippet) <= 200
        assert evidence.snippet in text
        assert text[evidence.start : evidence.end] in evidence.snippet
        assert all(0 <= start < end <= len(evidence.snippet) for start, end in evidence.hits)
