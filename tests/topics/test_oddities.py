"""What a topic's writer is warned of: operators that are words, stop words, short wildcards, names of two meanings."""

from __future__ import annotations

import pytest

from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import Aliases
from monitor.topics.oddities import ROOM, ambiguities, oddities

Odd = tuple[str | int, ...]


def a_topic(**said: object) -> Topic:
    return Topic.model_validate({"name": "Topik", "language": "none", "channels": (), "policy": AlertPolicy(), **said})


def odd(**said: object) -> list[tuple[Odd, int, str, str]]:
    return [(each.path, each.column, each.what, each.hint) for each in oddities(a_topic(**said))]


@pytest.mark.parametrize(
    ("key", "item", "column", "hint"),
    [
        ("any", "gempa OR tsunami", 7, "write any: [gempa, tsunami], or query: gempa OR tsunami"),
        ("none", "gempa OR tsunami", 7, "write none: [gempa, tsunami], or query: gempa OR tsunami"),
        ("all", "gempa bumi AND Maluku", 12, "write all: [gempa bumi, Maluku], or query: gempa bumi AND Maluku"),
        ("any", "NOT gempa", 1, "write none: [gempa], or query: NOT gempa"),
        ("any", "gempa NEAR/5 aceh", 7, "write query: gempa NEAR/5 aceh"),
        ("all", "gempa AND bumi NEAR aceh", 7, "write query: gempa AND bumi NEAR aceh"),
        ("any", "gempa OR " + "x" * 90, 7, "write one word or phrase an item, or use query"),
    ],
)
def test_an_operator_within_an_item_is_told(key: str, item: str, column: int, hint: str) -> None:
    ((path, at, what, found),) = odd(**{key: ("kata", item)})
    assert (path, at, found) == ((key, 1), column, hint)
    assert "is a word here" in what


@pytest.mark.parametrize(
    ("item", "column", "hint"),
    [
        ("gempa, tsunami", 6, """write any: [gempa, tsunami], or '"…"' if it is one phrase"""),
        ("gempa,tsunami , banjir", 6, """write any: [gempa, tsunami, banjir], or '"…"' if it is one phrase"""),
        ("gempa, " + "x" * 90, 6, """write an item for each, or '"…"' if it is one phrase"""),
    ],
)
def test_a_comma_within_an_item_is_told(item: str, column: int, hint: str) -> None:
    ((path, at, what, found),) = odd(any=(item,))
    assert (path, at, found) == (("any", 0), column, hint)
    assert "separates nothing" in what


@pytest.mark.parametrize(
    ("name", "column"), [("gempa OR banjir", 7), ("NOT gempa", 1), ("gempa AND (banjir)", 7), ("Gempa -simulasi", 7)]
)
def test_an_operator_in_a_name_that_stands_alone_is_told(name: str, column: int) -> None:
    ((path, at, what, hint),) = odd(name=name)
    assert (path, at, hint) == (("name",), column, f"write query: {name}")
    assert "no meaning in a name" in what


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("gempa or tsunami", 7, "write OR, or put quotes around the word"),
        ('"Korea Utara" and Rusia', 15, "write AND, or put quotes around the word"),
        ("gempa Not simulasi", 7, "write NOT, or put quotes around the word"),
        ("gempa AND not simulasi", 11, "write NOT, or put quotes around the word"),
        ("(gempa) or (tsunami)", 9, "write OR, or put quotes around the word"),
        ("gempa near aceh", 7, "write NEAR, or put quotes around the word"),
        ("gempa near/5 aceh", 7, "write NEAR/5, or put quotes around the word"),
        ("gempa oNear/3 title:aceh", 7, "write ONEAR/3, or put quotes around the word"),
        ("aceh atleast/2(gempa)", 6, "write ATLEAST/2, or put quotes around the word"),
        ("atleast/2(gempa)", 1, "write ATLEAST/2, or put quotes around the word"),
    ],
)
def test_an_operator_in_small_letters_is_told_at_its_column(query: str, column: int, hint: str) -> None:
    assert [(at, said) for _, at, _, said in odd(query=query)] == [(column, hint)]


@pytest.mark.parametrize(
    ("said", "path", "column", "word"),
    [
        ({"query": "dan OR gempa"}, ("query",), 1, "dan"),
        ({"query": 'gempa "di aceh" title:(Yang pulau)'}, ("query",), 24, "Yang"),
        ({"query": "gempa -the"}, ("query",), 8, "the"),
        ({"name": "Gempa dan tsunami"}, ("name",), 7, "dan"),
        ({"any": ("gempa", "di")}, ("any", 1), 1, "di"),
        ({"none": ("exact:itu",), "regex": ("a",)}, ("none", 0), 1, "itu"),
        ({"query": "gempa the", "language": "en"}, ("query",), 7, "the"),
        ({"query": "gempa the", "language": "id-ID"}, ("query",), 7, "the"),
    ],
)
def test_a_word_that_stands_in_nearly_every_article_is_told(
    said: dict[str, object], path: Odd, column: int, word: str
) -> None:
    hint = "leave it away" if path == ("name",) else "leave it away, or put quotes around it if it is meant"
    assert odd(**said) == [(path, column, f"'{word}' stands in nearly every article", hint)]


@pytest.mark.parametrize("short", ["AS", "WHO", "IT"])
def test_a_short_form_that_is_a_stop_word_in_small_letters_is_better_looked_for_in_capitals(short: str) -> None:
    ((_, column, what, hint),) = odd(query=f"tentara {short}")
    assert (column, hint) == (9, f"write case:{short}")
    assert "in small letters" in what


@pytest.mark.parametrize(
    ("said", "path", "column", "words"),
    [
        ({"query": "gempa ru*"}, ("query",), 9, "'ru*' has only 2 letters before its *"),
        ({"query": 'gempa -title:"kim jon*"'}, ("query",), 22, "'jon*' has only 3 letters before its *"),
        ({"query": "wom?n"}, ("query",), 4, "'wom?n' has only 3 letters before its ?"),
        ({"any": ("gempa", "case:Pol*")}, ("any", 1), 9, "has only 3 letters before its *"),
    ],
)
def test_a_wildcard_after_few_letters_is_told(said: dict[str, object], path: Odd, column: int, words: str) -> None:
    ((found, at, what, hint),) = odd(**said)
    assert (found, at) == (path, column)
    assert words in what
    assert hint


PACK = Aliases.compile({"Mahkamah Agung": ("case:MA",), "Rusia": ("Moskow",)})


@pytest.mark.parametrize(
    ("said", "path", "column"),
    [
        ({"query": "putusan mahkamah agung"}, ("query",), 9),
        ({"query": 'putusan -"Mahkamah Agung"'}, ("query",), 10),
        ({"name": "Putusan Mahkamah Agung"}, ("name",), 9),
        ({"all": ("rusia", "Mahkamah Agung")}, ("all", 1), 1),
    ],
)
def test_a_pack_s_name_whose_short_form_means_something_else_too_is_told(
    said: dict[str, object], path: Odd, column: int
) -> None:
    ((found, at, what, hint),) = ambiguous(**said)
    assert (found, at) == (path, column)
    assert "MA, which can mean madrasah aliyah" in what
    assert hint


def test_a_name_that_is_clear_or_looked_for_alone_is_not_told() -> None:
    assert ambiguous(query='rusia exact:"mahkamah agung" agung mahkamah') == []


def ambiguous(**said: object) -> list[tuple[Odd, int, str, str]]:
    meanings = {"Mahkamah Agung": (("MA", "madrasah aliyah"),)}
    return [(each.path, each.column, each.what, each.hint) for each in ambiguities(a_topic(**said), PACK, meanings)]


@pytest.mark.parametrize(
    "topic",
    [
        {"query": 'gempa OR "rock and roll" -"to be or not"'},
        {"query": "gempa OR orang"},
        {"query": "gempa or"},
        {"query": 'gempa or "'},
        {"any": ("AT&T", "M 6,1", '"Washington, D.C."', "OR", "Operasi ORANG", "tsunami-gempa", "1,000 orang")},
        {"name": "Gempa – Maluku-Utara", "any": ("gempa",)},
        {"name": "Gempa OR Banjir", "query": "gempa"},
        {"name": "Gempa OR"},
        {"name": "Rusia - Ukraina"},
        {"query": "gempa near"},
        {"query": "kim NEAR/5 putin ATLEAST/2(gempa) ONEAR near"},
        {"query": '"near" gempa "dan" "di"'},
        {"query": "case:AS rusia dan-lain"},
        {"query": "gempa the di", "language": "de"},
        {"query": "gempa di", "language": "en"},
        {"query": "rusi* organi?ation*", "any": ()},
        {"name": "Berita dan lain", "any": ("gempa",)},
        {"name": "Berita di sini", "regex": ("di",)},
    ],
)
def test_what_is_meant_as_it_is_written_is_left_alone(topic: dict[str, object]) -> None:
    assert odd(**topic) == []


def test_a_hint_fits_its_line() -> None:
    for length in range(1, 120):
        word = "x" * length
        topics: list[dict[str, object]] = [
            {"name": f"a OR {word}"},
            {"any": (f"a OR {word}",)},
            {"any": (f"a, {word}",)},
        ]
        for topic in topics:
            assert all(len(hint) <= ROOM for *_, hint in odd(**topic))


@pytest.mark.parametrize(("query", "column"), [('"apa kabar?"', 11), ("siapa?", 6), ("(kapan?)", 7)])
def test_a_question_mark_at_the_end_is_told_to_stand_for_a_letter(query: str, column: int) -> None:
    assert [(at, what) for _, at, what, _ in odd(query=query)] == [(column, "this ? stands for one letter")]


def test_in_a_name_a_hint_names_no_operator() -> None:
    assert [hint for *_, hint in odd(name="Menlu AS")] == ["write query: Menlu case:AS"]


def test_a_stop_word_within_an_alias_is_meant() -> None:
    aliases = Aliases.compile({"kebakaran hutan dan lahan": ("karhutla",)})
    assert not list(oddities(a_topic(name="Kebakaran hutan dan lahan"), aliases))
    assert list(oddities(a_topic(name="Kebakaran hutan dan lahan")))


@pytest.mark.parametrize(("query", "hint"), [("rusia DAN tiba", "write AND"), ("rusia ATAU tiba", "write OR")])
def test_an_operator_in_indonesian_is_told(query: str, hint: str) -> None:
    assert [(at, said) for _, at, _, said in odd(query=query)] == [(7, hint)]
