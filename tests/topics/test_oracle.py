"""The index finds just what the plain evaluator finds, whatever the queries and the texts."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.settings import AlertPolicy, Topic
from monitor.topics.evaluate import is_true
from monitor.topics.groups import Watch
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all

VOCABULARY = Vocabulary(
    aliases={"satu dua": ("Korut", "case:AS", "empat lima"), "tiga": ("dua dua", "tembak*"), "Kim": ("Jong-un",)},
    feed_names={"https://lima.example/rss": "Warta Satu"},
)
# Analysers and aliases are taken from here, so that they are read once.
READ = {language: compile_all([], VOCABULARY)[0] for language in ("none", "id")}

WORDS = ("satu", "dua", "tiga", "empat", "lima")
WRITTEN = (*WORDS, "Satu", "DUA", "Korut", "AS", "as", "menembak", "tembakan", "Jong-un", "Jong", "jongun", "Covid-19")
WRITTEN_TOO = (
    *WRITTEN,
    "covid19",
    "F16",
    "16",
    "satu-dua",
    "dua-dua",
    "laba-laba",
    "北京",
    "서울에서",
    "Satu's",
    "tiga.",
)
ONE = st.sampled_from((*WRITTEN_TOO, "kim", "laba", "北", "서울"))
WILD = st.sampled_from(("sat*", "du?", "te*an", "ti??", "em*t", "jo*", "cov*", "sa*u"))
ROWS = st.lists(st.one_of(st.sampled_from(WRITTEN), st.sampled_from(WORDS), WILD), min_size=1, max_size=3)
LEAVES = st.one_of(
    ONE,
    st.sampled_from(WORDS),
    WILD,
    ROWS.map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(("satu dua", '"satu dua"', "tiga", "kim")),
    st.tuples(
        st.sampled_from(("title:", "body:", "url:", "author:", "feed:", "case:", "exact:", "title:case:")), ONE
    ).map("".join),
    st.tuples(st.sampled_from(("title:", "body:", "feed:", "case:")), ROWS).map(
        lambda two: f'{two[0]}"{" ".join(two[1])}"'
    ),
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    near = st.sampled_from(("NEAR", "NEAR/0", "NEAR/1", "NEAR/3", "ONEAR/0", "ONEAR/2"))
    return st.one_of(
        two.map("({0[0]} {0[1]})".format),
        two.map("({0[0]} OR {0[1]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} OR {0[1]} OR {0[2]})".format),
        two.map("({0[0]} NOT {0[1]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} -({0[1]} OR {0[2]}))".format),
        two.map("({0[0]} NOT (dua NOT {0[1]}))".format),
        inner.map("title:({})".format),
        inner.map("case:({})".format),
        st.tuples(inner, near, inner).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(LEAVES, near, LEAVES).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(st.sampled_from((1, 2, 3)), inner).map("ATLEAST/{0[0]}({0[1]})".format),
    )


SOME = st.lists(ONE, min_size=1, max_size=2).map(tuple)
BESIDE: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.just({}),
    st.fixed_dictionaries({"within": st.sampled_from(("title", "paragraph", "sentence", "3 words"))}),
    st.fixed_dictionaries({"min_count": st.just(2)}),
    st.fixed_dictionaries({"fields": st.sampled_from((("body",), ("title",), ("title", "body", "feed")))}),
    st.fixed_dictionaries({"any": SOME}),
    st.fixed_dictionaries({"none": SOME, "within": st.sampled_from(("paragraph", "article"))}),
    st.fixed_dictionaries({"regex": st.sampled_from((("t[iu]ga",), ("(?i)dua.{1,9}satu", "lima")))}),
)
TOPICS = st.tuples(st.recursive(LEAVES, combined, max_leaves=6), BESIDE).map(
    lambda asked: Topic(name="", query=asked[0], **asked[1], language="none", channels=(), policy=AlertPolicy())
)
SENTENCES = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(WRITTEN_TOO)), max_size=10).map(" ".join)
PARAGRAPHS = st.lists(SENTENCES, max_size=2).map(". ".join)
ARTICLES = st.builds(
    Article,
    key=st.just("k"),
    url=st.sampled_from(("https://example.com/satu/dua-tiga", "https://example.com/empat")),
    title=SENTENCES,
    text=st.lists(PARAGRAPHS, max_size=3).map("\n".join),
    first_seen_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
    outlet=st.just("example.com"),
    feed=st.sampled_from(("https://lima.example/rss", "dua")),
    content_hash=st.just(""),
    author=st.sampled_from((None, "Kim Jong-un", "Satu Dua")),
)
EXAMPLE = {
    "asked": st.lists(TOPICS, min_size=2, max_size=4),
    "articles": st.lists(ARTICLES, min_size=1, max_size=2),
    "language": st.sampled_from(("none", "id")),
}


def found_one_by_one(watches: tuple[Watch, ...], article: Article) -> tuple[str, ...]:
    feed = f"Warta Satu\n{article.feed}" if article.feed in VOCABULARY.feed_names else article.feed
    texts = {
        "title": article.title,
        "body": article.text,
        "url": article.url,
        "author": article.author or "",
        "feed": feed,
    }
    return tuple(
        watch.topic.name
        for watch in watches
        if is_true(watch.question, {name: watch.analyser.read(text) for name, text in texts.items()})  # type: ignore[misc]  # they are names of fields
    )


def agree(asked: list[Topic], articles: list[Article], language: str) -> None:
    topics = [topic.model_copy(update={"name": str(n), "language": language}) for n, topic in enumerate(asked)]
    watchlist, _ = compile_all(topics, VOCABULARY, previous=READ[language])  # those that can't be read are left out
    for each in (watchlist, watchlist.weighed(lambda word: -len(word))):
        for article in articles:
            assert each.topics(article) == found_one_by_one(watchlist.watches, article)


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**EXAMPLE)
def test_the_index_finds_what_the_plain_evaluator_finds(
    asked: list[Topic], articles: list[Article], language: str
) -> None:
    agree(asked, articles, language)


# Queries of a few words, many at a time, over texts that are full of them: these the index decides alone.
FEW = st.sampled_from(("satu", "dua", "satu-dua", "satudua", "Dua", "tiga"))
SHORT = st.one_of(
    st.tuples(FEW, st.sampled_from(("NEAR/0", "NEAR/1", "ONEAR/0", "ONEAR/1")), FEW).map(" ".join),
    st.lists(FEW, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(st.sampled_from(("", "case:", "title:", "body:")), FEW).map("".join),
    st.tuples(FEW, st.sampled_from((" -", " ", " OR ")), FEW).map("".join),
    st.sampled_from(("du*", '"satu d?a"', "title:ti*", "case:Du*")),
)
SHORT_TEXTS = st.lists(FEW, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(SHORT, min_size=20, max_size=20), st.lists(st.tuples(SHORT_TEXTS, SHORT_TEXTS), min_size=3, max_size=5))
def test_it_does_so_for_many_short_queries(queries: list[str], texts: list[tuple[str, str]]) -> None:
    agree([a_topic(query) for query in queries], [an_article(text, title=title) for title, text in texts], "none")


@pytest.mark.fuzz
@pytest.mark.skipif("MONITOR_FUZZ" not in os.environ, reason="make fuzz")
@settings(max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**EXAMPLE)
def test_it_does_so_many_times(asked: list[Topic], articles: list[Article], language: str) -> None:
    agree(asked, articles, language)


def test_a_query_with_very_many_ways_is_found_too() -> None:
    groups = [f"({' OR '.join(f'kata{group}{word}' for word in 'abcdefghij')})" for group in "pqrst"]
    watchlist = Watchlist.compile([a_topic(" ".join(groups))], {})
    assert watchlist.topics(an_article("katapa kataqb katarc katasd kataej katate"))
    assert not watchlist.topics(an_article("katapa kataqb katarc katasd kataej"))


def test_a_topic_of_a_pattern_alone_is_always_tried() -> None:
    watchlist = Watchlist.compile([a_topic(None, regex=("M [6-9],[0-9]",)), a_topic("tsunami", name="other")], {})
    assert watchlist.topics(an_article("Gempa M 6,1")) == ("it",)


def test_wildcards_find_words_that_come_later() -> None:
    watchlist = Watchlist.compile([a_topic("rudal*"), a_topic('"uji rud?l"', name="other")], {})
    assert watchlist.topics(an_article("peluncuran roket")) == ()
    assert watchlist.topics(an_article("peluncuran rudalnya")) == ("it",)
    assert watchlist.topics(an_article("peluncuran roket")) == ()
    assert watchlist.topics(an_article("uji rudal")) == ("it", "other")


def a_topic(query: str | None, *, name: str = "it", regex: tuple[str, ...] = ()) -> Topic:
    return Topic(name=name, query=query, regex=regex, language="none", channels=(), policy=AlertPolicy())


def an_article(text: str, title: str = "") -> Article:
    return Article("k", "https://example.com/1", title, text, datetime(2026, 1, 1, tzinfo=UTC), "example.com", "f", "")
