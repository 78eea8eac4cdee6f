"""Near misses: what nearly matched, what was missing, and which words may be other names of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model import Article
from monitor.topics.likeness import Thinned
from monitor.topics.nearly import Nearly, Told, near_misses
from monitor.topics.offers import is_short
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from tests.topics.test_watchlist import a_topic, an_article

NO_ALIASES: Mapping[str, tuple[str, ...]] = {}


def watching(query: str, aliases: Mapping[str, tuple[str, ...]] = NO_ALIASES, **changes: Any) -> Watchlist:
    watchlist, errors = compile_all([a_topic("t", query=query, **changes)], Vocabulary(aliases))
    assert not errors
    return watchlist


def a_stream(*bodies: str) -> list[Article]:
    return [an_article(body, title=f"judul {number}", key=f"{number:04}") for number, body in enumerate(bodies)]


def told(query: str, *bodies: str, aliases: Mapping[str, tuple[str, ...]] = NO_ALIASES, **changes: Any) -> Told:
    return near_misses(watching(query, aliases, **changes), "t", a_stream(*bodies))


def said(told: Told) -> list[tuple[str, str]]:
    return [(each.article.text, each.line) for each in told.misses]


# -- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "body", "line"),
    [
        ("gempa maluku", "gempa di aceh", "'maluku' is not in it"),
        ("gempa maluku", "banjir di maluku", "'gempa' is not in it"),
        ("gempa maluku", "banjir di aceh", None),
        ("gempa maluku", "gempa di maluku", None),
        ("gempa maluku ambon", "gempa di aceh", None),
        ("gempa maluku ambon", "gempa di ambon", "'maluku' is not in it"),
        ('"korea utara" rusia', "korea selatan dan rusia", "\"korea utara\" is not in it; nearest: 'korea' (a part of it)"),
        ('"korea utara" rusia', "utara dari korea, rusia", "\"korea utara\" is not in it; nearest: 'utara dari korea' (in another order)"),
        # of an OR all is missing, or what one alternative needs
        ("gempa (maluku OR ambon)", "gempa di aceh", "nothing of 'maluku OR ambon' is in it"),
        ("gempa (maluku OR (kota ambon))", "gempa di ambon", "'kota' is not in it"),
        ("(gempa maluku) OR (banjir aceh)", "banjir di garut", "'aceh' is not in it"),
        ("(gempa maluku) OR (banjir aceh)", "longsor di garut", None),
        ("gempa ((maluku OR ambon) OR (kota tual))", "gempa di aceh", "nothing of '(maluku OR ambon) OR (kota tual)' is in it"),
        # what must not be there
        ("gempa -simulasi", "simulasi gempa", "'simulasi' is in it, and must not be"),
        ("gempa -simulasi -latihan", "simulasi dan latihan gempa", None),
        ("gempa maluku -simulasi", "simulasi gempa", None),
        # all is there, but not so
        ("gempa NEAR/2 maluku", "gempa yang kuat sekali di maluku", "'gempa' and 'maluku' are in it, but not near each other, with 2 words between at most; they come closest in 'gempa … maluku' (with 4 words between)"),
        ("gempa NEAR/2 maluku", "gempa di aceh", "'maluku' is not in it"),
        ("maluku ATLEAST/2(gempa)", "gempa di maluku", "'gempa' is in it 1 time only, not 2 times or more"),
        ("title:gempa maluku", "gempa di maluku", "'title:gempa' is not in the title; but 'gempa' is in the body"),
        # other names
        ("russia maluku", "moskow dan aceh", "'maluku' is not in it"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(query: str, body: str, line: str | None) -> None:
    assert said(told(query, body, aliases={"russia": ("moskow",)})) == ([] if line is None else [(body, line)])


@pytest.mark.parametrize("query", ["gempa", "gempa OR tsunami", "gempa -simulasi"])
def test_what_has_nothing_of_a_query_is_a_near_miss_only_if_it_is_as_like_to_the_matches_as_they_are(
    query: str,
) -> None:
    matches = [
        f"gempa mengguncang ambon magnitudo {number} kedalaman kilometer" for number in ["lima", "enam", "tujuh"]
    ]
    other = [f"harga {number} naik di pasar" for number in ["beras", "gula", "cabai", "telur", "daging", "susu"]]
    like = "lindu mengguncang ambon magnitudo delapan kedalaman kilometer"
    assert [each for each, _ in said(told(query, *matches, *other, like))] == [like]


def test_the_likest_to_the_matches_comes_first() -> None:
    matches = [f"korut dan rusia: rudal {number} diuji kim" for number in ["satu", "dua", "tiga", "empat"]]
    far, near = "rusia menang di piala dunia voli", "rusia menguji rudal bersama kim"
    found = told("korut rusia", *matches, far, near, *["harga beras"] * 5)
    assert said(found) == [(near, "'korut' is not in it"), (far, "'korut' is not in it")]
    assert found.misses[0].likeness > found.misses[1].likeness
    assert (found.matches, found.looked_at) == (4, 11)


def test_without_matches_an_article_is_likened_to_what_has_the_clause_that_it_lacks() -> None:
    of_korut = [f"korut: rudal {number} diuji kim" for number in ["satu", "dua", "tiga"]]
    far, near = "rusia menang di piala dunia voli", "rusia menguji rudal bersama kim"
    found = [body for body, line in said(told("korut rusia", *of_korut, far, near)) if "korut" in line]
    assert found == [near, far]


@pytest.mark.parametrize(
    "changes", [{"feeds": ("https://tempo.co/rss",)}, {"except_feeds": ("f",)}, {"languages": ("en",)}]
)
def test_what_a_filter_refuses_is_no_near_miss(changes: dict[str, Any]) -> None:
    article = an_article("gempa di aceh", language="id")
    assert len(near_misses(watching("gempa maluku"), "t", [article]).misses) == 1
    assert near_misses(watching("gempa maluku", **changes), "t", [article]).misses == ()


def test_articles_of_one_title_are_told_once() -> None:
    articles = [an_article("gempa di aceh", title="Gempa", key=str(number)) for number in range(5)]
    assert len(near_misses(watching("gempa maluku"), "t", articles).misses) == 1


def test_no_more_are_told_than_are_wanted() -> None:
    bodies = [f"gempa di kota {number}" for number in range(30)]
    assert len(told("gempa maluku", *bodies).misses) == 20
    assert len(near_misses(watching("gempa maluku"), "t", a_stream(*bodies), most=3).misses) == 3


def test_of_a_topic_that_is_not_there_nothing_is_told() -> None:
    with pytest.raises(UsageError, match="no topic called x"):
        Nearly(watching("gempa"), "x")


def test_an_empty_stream_tells_nothing() -> None:
    assert told("gempa maluku") == Told("t", 0, 0, (), ())


# -- words that are offered ----------------------------------------------------------------------

_OTHERS = [f"harga {word} naik di pasar" for word in ["beras", "gula", "cabai", "telur", "daging", "susu"]] * 10


def of_korut(name: str) -> list[str]:
    """Articles about it without Russia, and with it."""
    alone = [f"{name} menguji rudal {number} dekat Pyongyang" for number in range(8)]
    both = [f"{name} dan Rusia bertemu, hari {number}" for number in range(8)]
    return [*alone, *both]


def test_what_many_near_misses_have_and_few_others_is_offered_as_another_name() -> None:
    found = told('"Korea Utara" Rusia', *of_korut("Korea Utara"), *of_korut("Korut"), *_OTHERS)
    (offer,) = found.offers
    assert offer.line == (
        'Korut occurs in 8 of 8 near misses without "Korea Utara" and in 8 of 76 other articles: add it as an alias of'
        ' "Korea Utara"?'
    )


def test_another_name_that_is_not_short_for_a_clause_is_offered_where_it_stands_beside_it() -> None:
    alone = [f"Rusia, kata Kremlin: {number}" for number in range(8)]
    near = [f"Kremlin membahas gas lewat pipa {number}" for number in range(8)]
    matches = [f"Rusia menjual gas lewat pipa {number}" for number in range(4)]
    around = [f"harga gas elpiji {number} di warung" for number in range(40)]
    found = told("Rusia gas", *alone, *near, *matches, *around, *_OTHERS)
    assert [(each.clause, each.word, each.misses, each.of) for each in found.offers] == [("Rusia", "Kremlin", 8, 30)]


def test_what_belongs_to_the_rest_of_the_query_is_not_offered() -> None:
    alone = [f"Korut menguji rudal {number}" for number in range(8)]
    near = [f"Rusia dan Putin, hari {number}" for number in range(8)]
    assert told("Korut Rusia", *alone, *near, *_OTHERS).offers == ()


def test_what_the_query_has_already_is_not_offered() -> None:
    bodies = [*of_korut("Korea Utara"), *of_korut("Korut"), *_OTHERS]
    assert told('"Korea Utara" Rusia', *bodies, aliases={"Korea Utara": ("Korut",)}).offers == ()


def test_of_an_or_it_is_asked_whether_to_add_the_word() -> None:
    alone = [f"rudal dan torpedo: {number}" for number in range(8)]
    near = [f"torpedo Rusia: {number}" for number in range(8)]
    (offer,) = told("Rusia (rudal OR roket)", *alone, *near, *_OTHERS).offers
    assert offer.line == (
        'torpedo occurs in 8 of 8 near misses without "rudal OR roket" and in 0 of 60 other articles: add it beside'
        ' "rudal OR roket"?'
    )
    assert offer.share == 1


@pytest.mark.parametrize(
    ("word", "clause", "expected"),
    [
        ("Korut", '"Korea Utara"', True),
        ("KPK", "Komisi Pemberantasan Korupsi", True),
        ("Kemenkeu", "Kementerian Keuangan", True),
        ("AS", '"Amerika Serikat"', True),
        ("Korsel", '"Korea Utara"', False),
        ("Korea", '"Korea Utara"', False),
        ("Rus", "Rusia", False),
        ("KPU", "Komisi Pemberantasan Korupsi", False),
    ],
)
def test_what_is_short_for_a_clause(word: str, clause: str, *, expected: bool) -> None:
    assert is_short(word, clause) is expected


# -- of any stream -------------------------------------------------------------------------------

WORDS = ("gempa", "maluku", "ambon", "tsunami", "simulasi", "korban")
BODIES = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=12)
PART = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3, unique=True).map(lambda words: f"({' OR '.join(words)})"),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2, unique=True).map(" NEAR/1 ".join),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2, unique=True).map(lambda words: f'"{" ".join(words)}"'),
)
ASKED = st.builds(
    lambda parts, never: " ".join([*parts, *(f"-{word}" for word in never)]),
    st.lists(PART, min_size=1, max_size=3),
    st.lists(st.sampled_from(WORDS), max_size=2, unique=True),
)


@given(ASKED, BODIES)
def test_near_misses_are_never_matches_and_lack_one_thing(query: str, bodies: Sequence[str]) -> None:
    watchlist = watching(query)
    found = near_misses(watchlist, "t", a_stream(*bodies))
    for miss in found.misses:
        assert watchlist.topics(miss.article) == ()
        assert not miss.why.is_hit
        assert not miss.missing.is_hit
        assert miss.line
        assert 0 <= miss.likeness <= 1 + 1e-9
    assert found.matches == len([each for each in a_stream(*bodies) if watchlist.topics(each)])


LISTS = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True)


@given(LISTS, st.lists(st.sampled_from(WORDS), max_size=1), BODIES)
def test_of_words_every_article_that_lacks_just_one_is_told(
    words: Sequence[str], never: Sequence[str], bodies: Sequence[str]
) -> None:
    found = near_misses(watching(" ".join([*words, *(f"-{word}" for word in never)])), "t", a_stream(*bodies))
    amiss = [[*(set(words) - set(body.split())), *(set(never) & set(body.split()))] for body in bodies]
    assert sorted(each.article.text for each in found.misses) == sorted(
        body for body, missing in zip(bodies, amiss, strict=True) if len(missing) == 1
    )


@given(LISTS, BODIES)
def test_with_a_word_of_its_own_as_alias_of_what_is_missing_a_near_miss_matches(
    words: Sequence[str], bodies: Sequence[str]
) -> None:
    for miss in told(" ".join(words), *bodies).misses:
        other = next(iter(set(miss.article.text.split())))
        assert watching(" ".join(words), {miss.missing.source: (other,)}).topics(miss.article) == ("t",)


@given(st.integers(1, 12), st.integers(0, 300))
def test_a_part_of_a_stream_is_even_and_never_too_much(most: int, length: int) -> None:
    thinned: Thinned[int] = Thinned(most)
    for number in range(length):
        thinned.add(number)
    kept = list(thinned)
    assert thinned.seen == length
    assert len(kept) <= most
    assert len(kept) >= min(length, most // 2)
    assert steps(kept) <= 1


def steps(kept: Iterable[int]) -> int:
    """How many different steps there are from one to the next."""
    numbers = list(kept)
    return len({after - before for before, after in pairwise(numbers)})
