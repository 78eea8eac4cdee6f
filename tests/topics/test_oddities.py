"""What a topic's writer is warned of: operators and commas that stand where they are words."""

from __future__ import annotations

import pytest

from monitor.settings import AlertPolicy, Topic
from monitor.topics.oddities import ROOM, oddities

Odd = tuple[str | int, ...]


def odd(**lists: object) -> list[tuple[Odd, int, str, str]]:
    topic = Topic.model_validate(
        {"name": "Topik", "language": "none", "channels": (), "policy": AlertPolicy(), **lists}
    )
    return [(each.path, each.column, each.what, each.hint) for each in oddities(topic)]


@pytest.mark.parametrize(
    ("key", "item", "column", "hint"),
    [
        ("any", "gempa OR tsunami", 7, "write any: [gempa, tsunami], or query: gempa OR tsunami"),
        ("none", "gempa OR tsunami", 7, "write none: [gempa, tsunami], or query: gempa OR tsunami"),
        ("all", "gempa bumi AND Maluku", 12, "write all: [gempa bumi, Maluku], or query: gempa bumi AND Maluku"),
        ("any", "NOT gempa", 1, "write none: [gempa], or query: NOT gempa"),
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
    ],
)
def test_an_operator_in_small_letters_is_told_at_its_column(query: str, column: int, hint: str) -> None:
    assert [(at, said) for _, at, _, said in odd(query=query)] == [(column, hint)]


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
