"""Whatever is written as a query: it is read, or it is told where it is wrong, and soon."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.model import Field
from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import Aliases, TopicError
from monitor.topics.oddities import oddities
from monitor.topics.query import parse
from monitor.topics.sugar import of_topic
from monitor.topics.tree import Alias, And, AtLeast, Near, Not, Or, Phrase, Query, Regex, Within, Word, parts_of
from tests.topics.shapes import shape

ALIASES = Aliases.compile({"Korea Utara": ("Korut",), "Rusia": ("Moskow", "Korea Utara"), "a b c": ("d",)})

# fmt: off
PIECES = st.sampled_from([
    "a", "b", "Korea", "Utara", "Rusia", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "»", "case:", "exact:", "title:",
    "feed:", "x:", "*", "?", "aa*", "a?", "NEAR", "NEAR/5", "ONEAR/0", "NEAR/100", "NEAR/", "NEAR/-1", "near/5",
    "ATLEAST/2(", "ATLEAST/2", "ATLEAST/0(", "ATLEAST", "&", "北", "ก", "한국", "\u0301", "\u200b", "–", "'", "/", "5", "½",
    " ", " ", " ", " ", "\n", "\u00a0", "\ud800", "\x00",
])
WORDS = st.sampled_from(["a", "Jong-un", "12:30", "U.S.", "tentar*", "wom?n", "北朝鮮", "AT&T", "andi", "near", "16"])
# fmt: on
FIELDS: st.SearchStrategy[tuple[Field, ...]] = st.sampled_from([("title", "body"), ("title",), ("url",), ("feed",)])
FLAGS = st.booleans()


def leaf_of(text: str, *, is_phrase: bool, flags: tuple[bool, bool], where: tuple[Field, ...]) -> Query:
    return (Phrase if is_phrase else Word)(text, 1, text, *flags, where)


LEAVES = st.builds(leaf_of, WORDS, is_phrase=FLAGS, flags=st.tuples(FLAGS, FLAGS), where=FIELDS)


def groups(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(And, several, st.just(1), st.just("")),
        st.builds(Or, several, st.just(1), st.just("")),
        st.builds(Not, parts, st.just(1), st.just("")),
        st.builds(AtLeast, st.integers(1, 999), parts, st.just(1), st.just("")),
        st.builds(Near, parts, parts, st.integers(0, 99), FLAGS, st.just(1), st.just("")),
    )


QUERIES = st.recursive(LEAVES, groups, max_leaves=8)
NEAR_VALID = st.lists(PIECES, max_size=25).map("".join)
TEXTS = st.one_of(NEAR_VALID, st.lists(PIECES, max_size=20).map(" ".join), st.text(max_size=60))


def read(written: str) -> Query | QueryError:
    try:
        return parse(written, ALIASES)
    except QueryError as error:
        return error


def sound(written: str) -> None:
    answer = read(written)
    if isinstance(answer, QueryError):
        is_told(answer, written)
        return
    first, last = answer.column - 1, answer.column - 1 + len(answer.source)
    assert written[first:last] == answer.source
    every_part_is_in_its_whole(answer)


def is_told(error: QueryError, written: str) -> None:
    assert 1 <= error.column <= len(written) + 1
    assert error.hint
    assert len(str(error)) < 120
    assert str(error).isprintable()


def every_part_is_in_its_whole(query: Query) -> None:
    for part in parts_of(query):
        start = part.column - query.column
        assert query.source[start : start + len(part.source)] == part.source
        every_part_is_in_its_whole(part)


def written(query: Query) -> str:
    """A query with all its brackets, as a user could write it."""
    match query:
        case Word(text) | Phrase(text):
            flags = "case:" * query.case + "exact:" * query.exact
            field = f"{query.fields[0]}:" if len(query.fields) == 1 else ""
            return field + flags + (f'"{text}"' if isinstance(query, Phrase) else text)
        case Not(part):
            return f"NOT ({written(part)})"
        case And(parts):
            return " ".join(f"({written(part)})" for part in parts)
        case Or(parts):
            return " OR ".join(f"({written(part)})" for part in parts)
        case AtLeast(count, part):
            return f"ATLEAST/{count}({written(part)})"
        case Near(left, right, distance, ordered):
            return f"({written(left)}) {'O' * ordered}NEAR/{distance} ({written(right)})"
        case Alias() | Regex() | Within():
            raise AssertionError(query)


def comes_back(query: Query) -> None:
    try:
        again = parse(written(query))
    except QueryError as error:
        assert any(what in error.what for what in ("only excludes", "NEAR can't hold", "too much within"))  # noqa: PT017
        return
    assert shape(again) == shape(query)


@given(TEXTS)
def test_any_text_is_a_query_or_wrong_at_a_place_inside_it(text: str) -> None:
    sound(text)


@given(QUERIES)
def test_a_query_that_is_written_out_is_read_as_the_same(query: Query) -> None:
    comes_back(query)


@given(TEXTS, st.lists(TEXTS, max_size=2), st.sampled_from(["query", "name", "any"]))
def test_any_topic_is_read_or_wrong_in_words_and_may_be_warned_of(text: str, items: list[str], key: str) -> None:
    topic = Topic.model_construct(
        name=text if key == "name" else "Topik",
        query=text if key == "query" else None,
        any=(text, *items) if key == "any" else (),
        none=tuple(items) if key != "name" else (),
        language="id",
        channels=(),
        policy=AlertPolicy(),
    )
    for odd in oddities(topic):
        is_in_its_key(odd, topic)
    try:
        of_topic(topic, ALIASES)
    except QueryError as error:
        is_in_its_key(error, topic)


def is_in_its_key(error: QueryError, topic: Topic) -> None:
    assert isinstance(error, TopicError)
    key, *place = error.path
    said = getattr(topic, str(key))
    assert 1 <= error.column <= len(said[place[0]] if place else said) + 1
    assert error.hint


@pytest.mark.fuzz
@pytest.mark.skipif("MONITOR_FUZZ" not in os.environ, reason="make fuzz")
@settings(max_examples=50_000, deadline=None)
@given(TEXTS)
def test_many_texts(text: str) -> None:
    sound(text)


@pytest.mark.fuzz
@pytest.mark.skipif("MONITOR_FUZZ" not in os.environ, reason="make fuzz")
@settings(max_examples=20_000, deadline=None)
@given(QUERIES)
def test_many_queries_written_out(query: Query) -> None:
    comes_back(query)


SIZE = 50_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * SIZE,
        "a" + ")" * SIZE,
        "a " * SIZE,
        "-" * SIZE + "a",
        "a " + "-" * SIZE + "b",
        "NOT " * SIZE,
        "a NEAR " * SIZE + "b",
        "(" * 39 + "a" + (" NEAR a" * 39 + ")") * 39,
        "(" * 39 + "-a " * SIZE + "b" + " OR c)" * 39,
        "(" + "(a OR b c) " * (SIZE // 10) + ") NEAR c",
        "(" * 30 + "a OR " * SIZE + "b" + ") NEAR c" * 30,
        'a "' * SIZE + "a",
        "“" * SIZE,
        "title:" * SIZE + "a",
        "case:" * SIZE + "a",
        "a" * SIZE + ":",
        "_" * SIZE,
        "&" * SIZE,
        "aa" + "*" * SIZE,
        "\u0301" * SIZE + "*",
        "\u200b" * SIZE + "a",
        "北" * SIZE,
        "a-" * SIZE,
        "NEAR/" + "9" * SIZE,
        "a NEAR/" + "0" * SIZE + "b",
        "a b " * SIZE,
        "ATLEAST/2(" * SIZE,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_a_query_made_to_hurt_is_read_or_refused(text: str) -> None:
    sound(text)
