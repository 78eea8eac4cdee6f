"""What can't be like the examples is passed over by its letters; what is as like as it must be never is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.parse import textfile
from monitor.settings import Sample, Topic
from monitor.stories.alike import Bound, Neighbours
from monitor.stories.fingerprint import READ, READ_OF_TEXT, heaviest, said, weighed
from monitor.stories.frequencies import Frequencies
from monitor.topics.sieve import passes
from monitor.topics.watchlist import Vocabulary, compile_all
from monitor.work.like import ON_THE_FIRST_DAY, Like
from monitor.work.reach import Reach
from tests.build import a_topic

SEEDS = tuple(sorted((Path(__file__).parents[2] / "seeds").iterdir()))
# News in many scripts; what is written in several ways; what is no word; and what stands in every text.
NEWS = (
    "Lavrov tiba di Wonsan dan bertemu Kim Jong Un", "The U.S. and O'Brien’s e-mail reached us", "“Korut” menguji rudal—lagi", "Perancis Pérancis FRANCE",
    "Überfall in der Straße, STRASSE", "Der Bundestag beschließt", "Россия и Украина ведут переговоры", "俄罗斯外长拉夫罗夫访问朝鲜元山", "ロシアのラブロフ外相がウォンサンを訪問",
    "ｳｫﾝｻﾝ を訪問", "รัฐมนตรีต่างประเทศรัสเซียเยือนวอนซาน", "북한은 러시아와 회담했다", "وزير الخارجية الروسي في ونسان", "Bộ trưởng Ngoại giao Nga thăm Triều Tiên", "रूस के विदेश मंत्री",
    "İstanbul istanbul ISTANBUL ıstanbul", "ko\u00adrut ko\u200brut", "Rp1.500.000,- F-16 covid19 12㎞ Ⅷ", "foo\xa0bar\x0bbaz", "_Budi_ 'Budi' `Budi` budi.", "@wonsan #Kim http://example.com/kim?un=1",
    "yang di dan itu ini dengan untuk pada tidak", "... — “” 😀 ½", "\ud800Lavrov", "a b c I",
)  # fmt: skip
WORDS = sorted({word for line in NEWS for word in line.split(" ")})
LINES = st.lists(st.sampled_from((*WORDS, *NEWS)), max_size=12).map(" ".join)
NOISE = st.text(max_size=30)
BODIES = st.one_of(LINES, st.builds("{}{}{}".format, LINES, NOISE, LINES), st.lists(LINES, max_size=20).map("\n".join))
ARTICLES = st.tuples(st.one_of(LINES, NOISE), BODIES)
COUNTED = st.one_of(
    st.just(ON_THE_FIRST_DAY),
    st.builds(
        Frequencies.of,
        st.integers(900, 5000),
        st.dictionaries(st.sampled_from([word.casefold() for word in WORDS]), st.integers(0, 900)),
    ),
)


@cache
def seeds() -> tuple[tuple[str, str], ...]:
    read = [textfile.read(file.read_bytes(), file.name) for file in SEEDS]
    return tuple((each.title, each.text) for each in read)


def by_example(wanted: int, *articles: tuple[str, str], name: str = "a") -> Topic:
    like = tuple(Sample(name=str(at), title=title, text=text) for at, (title, text) in enumerate(articles))
    return a_topic(name, like=like, like_score=wanted)


def score(like: Like, topic: Topic, article: tuple[str, str]) -> int:
    near = like(*article).get(topic.name)
    return near.score if near else 0


SCORES = st.one_of(st.integers(1, 100), st.sampled_from([1, 19, 20, 21, 100]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ARTICLES, min_size=1, max_size=3), ARTICLES, SCORES, SCORES, COUNTED)
def test_what_is_as_like_as_a_topic_wants_is_let_through(
    examples: list[tuple[str, str]], other: tuple[str, str], wanted: int, more: int, counted: Frequencies
) -> None:
    topics = (by_example(wanted, *examples), by_example(more, *examples[:1], name="b"))
    like = Like(topics, counted)
    mixed = (other[0], f"{examples[0][1]}\n{other[1]}")
    for names in ({"a"}, {"b"}, {"a", "b"}):
        is_let = like.passes(frozenset(names))
        for article in (*examples, other, mixed, ("", other[1]), (other[0], "")):
            is_like = any(score(like, topic, article) >= topic.like_score for topic in topics if topic.name in names)
            assert is_let(*article) or not is_like


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ARTICLES, min_size=1, max_size=3), ARTICLES, st.floats(0.005, 1), COUNTED, st.sampled_from([0, 2000]))
def test_nothing_in_reach_is_refused_by_its_letters(
    examples: list[tuple[str, str]], other: tuple[str, str], least: float, counted: Frequencies, most: int
) -> None:
    vectors = [heaviest(weighed(said(*each), counted)) for each in examples]
    may_reach = Reach(vectors, [least] * len(vectors), most=most)
    for title, text in (*examples, other, (examples[0][0], other[1]), (other[0], f"{other[1]} {examples[0][1]}")):
        near = Neighbours(vectors).near(heaviest(weighed(said(title, text), counted)))
        assert may_reach(title, text) or max(near.values(), default=0) < least


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 9)), min_size=2), st.floats(0.005, 1))
def test_no_two_vectors_are_more_alike_than_the_bound(weights: list[dict[str, float]], least: float) -> None:
    other, *vectors = [heaviest(each) for each in weights]
    bound = Bound(vectors, [least] * len(vectors))
    near = Neighbours(vectors).near(other)
    found = [term for term in other if term in bound.words]
    assert bound.is_reached(found) or max(near.values(), default=0) < least


@pytest.mark.parametrize("wanted", [20, 40])
def test_a_report_of_the_same_is_let_through_and_other_news_is_not(wanted: int) -> None:
    first, second = seeds()
    is_let = Like([by_example(wanted, first)]).passes(frozenset("a"))
    assert is_let(*first)
    assert is_let(*second)
    assert not is_let(
        "Harga beras naik", "Pedagang beras di Cipinang mengeluh bahwa harga naik sejak pekan lalu. " * 20
    )


def test_what_stands_behind_the_words_that_are_read_does_not_count() -> None:
    first, _ = seeds()
    is_let = Like([by_example(20, first)]).passes(frozenset("a"))
    assert not is_let("Harga beras", f"{'beras ' * READ}{first[1]}")
    assert not is_let("Harga beras", f"{'beras ' * READ_OF_TEXT}{first[1]}")


def test_rarities_of_the_moment_count() -> None:
    first, second = seeds()
    like = Like([by_example(20, first)])
    assert like.passes(frozenset("a"))(*second)
    words = said(*second)
    like.weigh(Frequencies.of(1_000_000, dict.fromkeys(words, 999_999)))
    assert not like.passes(frozenset("a"))(*second)


def test_topics_by_example_and_by_words_are_asked_side_by_side() -> None:
    first, second = seeds()
    topics = [by_example(20, first), a_topic("b", query="beras"), a_topic("c", query="url:tempo", like=())]
    words = compile_all(topics[:2], Vocabulary())[0]
    like = Like(topics)
    is_let = passes(words.groups, like.passes)
    assert is_let is not None
    assert [is_let(*each) for each in (second, ("Beras", "naik"), ("Cabai", "turun"))] == [True, True, False]
    assert passes(words.groups) is None
    assert passes(compile_all(topics, Vocabulary())[0].groups, like.passes) is None


def test_beside_a_query_of_what_is_no_text_examples_tell() -> None:
    first, second = seeds()
    topic = by_example(20, first).model_copy(update={"query": "url:tempo"})
    is_let = passes(compile_all([topic], Vocabulary())[0].groups, Like([topic]).passes)
    assert is_let is not None
    assert (is_let(*second), is_let("Cabai", "turun")) == (True, False)


def test_an_example_whose_text_is_not_known_yet_lets_nothing_through() -> None:
    topic = a_topic("a", like=(Sample(name="https://a.example/b", key="a.example/b"),))
    assert not Like([topic]).passes(frozenset("a"))(*seeds()[0])
