"""What each word of a topic is good for: found how often, and how often it alone made the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model import Article
from monitor.settings import Topic
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.topics.worth import Weighing, Worths, worths
from tests.topics.test_watchlist import a_topic, an_article

ALIASES = {"Korea Utara": ("Korut", "DPRK")}


def watching(topic: Topic) -> Watchlist:
    watchlist, errors = compile_all([topic], Vocabulary(ALIASES))
    assert not errors
    return watchlist


def a_stream(bodies: Sequence[str]) -> list[Article]:
    return [an_article(body, key=str(number)) for number, body in enumerate(bodies)]


def worth(bodies: Sequence[str], **written: Any) -> Worths:
    return worths(watching(a_topic("t", **written)), "t", a_stream(bodies))


def lines(bodies: Sequence[str], **written: Any) -> list[str]:
    return [each.line for each in worth(bodies, **written).words]


def test_a_word_decides_where_nothing_else_would_have_made_the_match() -> None:
    assert lines(["gempa", "gempa bumi", "bumi", "banjir"], any=("gempa", "bumi", "tsunami")) == [
        '"gempa" is in 2 of 3 matches, and decided 1 of them',
        '"bumi" is in 2 of 3 matches, and decided 1 of them',
        '"tsunami" is in no article',
    ]


def test_what_stands_beside_another_each_time_is_dead() -> None:
    found = worth(["gempa bumi", "gempa", "longsor"], query="gempa OR bumi")
    assert [(each.word, each.state) for each in found.words] == [("gempa", "decides"), ("bumi", "dead")]
    assert found.words[1].line == '"bumi" is in 1 of 2 matches, and decided none of them'


def test_what_is_in_the_stream_but_in_no_match_is_dead_and_not_unseen() -> None:
    found = worth(["gempa maluku", "ambon"], query="gempa (maluku OR ambon)")
    assert [(each.word, each.state, each.hits) for each in found.words] == [
        ("gempa", "decides", 1),
        ("maluku", "decides", 1),
        ("ambon", "dead", 0),
    ]


def test_each_name_of_an_alias_is_weighed_by_itself() -> None:
    bodies = ["Korea Utara dan Korut, rudal", "Korut: rudal", "Korea Utara"]
    assert lines(bodies, query='"Korea Utara" rudal') == [
        '"Korea Utara" is in 2 of 2 matches, and decided 2 of them',
        '"Korea Utara" by itself is in 1 of 2 matches, and decided none of them',
        '"Korut" for "Korea Utara" is in 2 of 2 matches, and decided 1 of them',
        '"DPRK" for "Korea Utara" is in no article',
        '"rudal" is in 2 of 2 matches, and decided 2 of them',
    ]


def test_what_must_not_be_there_decides_where_it_alone_kept_an_article_out() -> None:
    bodies = ["gempa", "gempa simulasi", "gempa simulasi latihan", "simulasi"]
    found = worth(bodies, query="gempa -simulasi -latihan -gladi")
    assert [each.line for each in found.words] == [
        '"gempa" is in 1 of 1 matches, and decided 1 of them',
        '"simulasi" is in 2 of 3 articles, and alone kept out 1 of them',
        '"latihan" is in 1 of 3 articles, and alone kept out none of them',
        '"gladi" is in no article',
    ]
    assert [each.state for each in found.words] == ["decides", "decides", "dead", "never hit"]
    assert [each.is_positive for each in found.words] == [True, False, False, False]


@pytest.mark.parametrize(
    ("query", "body", "state"),
    [
        ('"uji rudal"', "rudal yang lulus uji", "never hit"),
        ('"uji rudal"', "uji rudal", "decides"),
        ("case:AS", "seperti as roda", "never hit"),
        ("case:AS", "menlu AS", "decides"),
        ("rud*", "rudal", "decides"),
        ("title:rudal", "rudal", "never hit"),
        ("url:tempo", "apa saja", "decides"),
        ("feed:kompas", "apa saja", "never hit"),
        ("uji NEAR/1 rudal", "uji dan coba lagi rudal", "dead"),
        ("menembak", "penembakan", "decides"),
    ],
)
def test_a_word_is_seen_only_where_it_is_as_it_must_be(query: str, body: str, state: str) -> None:
    assert worth([body], query=query).words[0].state == state


@pytest.mark.parametrize(("body", "state"), [("rudal", "decides"), ("uji", "never hit")])
def test_a_pattern_is_weighed_like_a_word(body: str, state: str) -> None:
    assert worth([body], regex=("rud[a-z]+",)).words[0].state == state


def test_where_a_score_is_asked_for_a_word_decides_that_lifts_it_over() -> None:
    """Both words in the title: 100 with them close together, less without one."""
    article = an_article("gempa maluku", title="gempa maluku")
    found = worths(watching(a_topic("t", any=("gempa", "maluku"), min_score=80)), "t", [article])
    assert (found.matches, [each.decided for each in found.words]) == (1, [1, 1])
    found = worths(watching(a_topic("t", any=("gempa", "maluku"))), "t", [article])
    assert (found.matches, [each.decided for each in found.words]) == (1, [0, 0])


def test_what_a_filter_refuses_is_no_match() -> None:
    found = worth(["gempa"], query="gempa", feeds=("https://tempo.co/rss",))
    assert (found.matches, found.looked_at, found.words[0].state) == (0, 1, "dead")


def test_of_a_topic_that_is_not_there_nothing_is_told() -> None:
    with pytest.raises(UsageError, match="no topic called x"):
        Weighing(watching(a_topic("t", query="gempa")), "x")


# -- of any topic --------------------------------------------------------------------------------

WORDS = ("gempa", "maluku", "ambon", "tsunami", "simulasi", "korban")
BODIES = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=10)


@given(st.permutations(WORDS), st.integers(2, 4), st.integers(0, 2), BODIES)
def test_without_a_word_as_many_matches_are_others_as_it_decided(
    words: Sequence[str], alternatives: int, needed: int, bodies: Sequence[str]
) -> None:
    some, every = tuple(words[:alternatives]), tuple(words[alternatives:][:needed])
    never = tuple(words[alternatives + needed :])
    written = {"any": some, "all": every, "none": never}
    articles = a_stream(bodies)

    def matches(**changed: tuple[str, ...]) -> set[str]:
        watchlist = watching(a_topic("t", **{**written, **changed}))
        return {article.key for article in articles if watchlist.topics(article)}

    found = worth(bodies, **written)
    assert found.matches == len(matches())
    told = iter(found.words)
    for _ in every:
        each = next(told)
        assert each.decided == each.hits == found.matches  # all is lost without it
    for word in some:
        each = next(told)
        rest = tuple(other for other in some if other != word)
        assert each.decided == len(matches() - matches(any=rest)) == len(matches() ^ matches(any=rest))
        assert each.is_seen == any(word in body.split() for body in bodies)
    for word in never:
        each = next(told)
        rest = tuple(other for other in never if other != word)
        assert each.decided == len(matches(none=rest) - matches()) == len(matches() ^ matches(none=rest))
        assert not each.is_positive
    assert next(told, None) is None
    assert all(each.decided <= each.hits <= each.of for each in found.words)
