"""Reading a query: what it means, and where it is wrong."""

from __future__ import annotations

from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import Aliases, TopicError
from monitor.topics.query import of_topic, parse
from monitor.topics.tree import Alias, And, Not, Or, Phrase, Query, Word

ALIASES = Aliases.compile(
    {
        "Korea Utara": ("Korut", "DPRK", "Pyongyang", "North Korea"),
        "Korea": ("Semenanjung",),
        "Rusia": ("Moskow", "Korea Utara"),
        "Amerika Serikat": ("case:AS", "U.S."),
    }
)


def shape(query: Query) -> str:
    """The query with all its brackets."""
    match query:
        case Word(text, case=case, exact=exact):
            return "case:" * case + "exact:" * exact + text
        case Phrase(text, case=case, exact=exact):
            return "case:" * case + "exact:" * exact + f'"{text}"'
        case Alias(options):
            return "{" + ", ".join(map(shape, options)) + "}"
        case Not(part):
            return f"-{shape(part)}"
        case And(parts):
            return "(" + " & ".join(map(shape, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(shape, parts)) + ")"
        case _:
            assert_never(query)


def a_topic(
    *,
    name: str = "Topik",
    query: str | None = None,
    every: tuple[str, ...] = (),
    some: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
) -> Topic:
    return Topic(
        name=name, query=query, all=every, any=some, none=never, language="id", channels=(), policy=AlertPolicy()
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a", "a"),
        ("a b", "(a & b)"),
        ("a AND b c", "(a & b & c)"),
        ("a OR b c", "(a | (b & c))"),
        ("a b OR c d", "((a & b) | (c & d))"),
        ("(a OR b) c", "((a | b) & c)"),
        ("a NOT b", "(a & -b)"),
        ("a -b c", "(a & -b & c)"),
        ("a AND NOT b OR c", "((a & -b) | c)"),
        ("a -(b OR c)", "(a & -(b | c))"),
        ("a NOT NOT b", "(a & --b)"),
        ("((a))", "a"),
        ('"a b" c', '("a b" & c)'),
        ("“a b” „c d“", '("a b" & "c d")'),
        ('a"b"c', '(a & "b" & c)'),
        ("a and b or not c", "(a & and & b & or & not & c)"),
        ("ANDI ORANG NOTA NEARBY", "(ANDI & ORANG & NOTA & NEARBY)"),
        ("Jong-un", "Jong-un"),
        ("12:30 a", "(12:30 & a)"),
        ("case:AS exact:apel", "(case:AS & exact:apel)"),
        ('case:"Bank BRI" -case:BRI', '(case:"Bank BRI" & -case:BRI)'),
        ("case:exact:AS", "case:exact:AS"),
        ("case:(AS OR US) eu", "((case:AS | case:US) & eu)"),
        ("a\n  OR\tb", "(a | b)"),
    ],
)
def test_reading(written: str, meant: str) -> None:
    assert shape(parse(written)) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("rusia", '{rusia, Moskow, "Korea Utara"}'),
        ("korea utara", '{"korea utara", Korut, DPRK, Pyongyang, "North Korea"}'),
        ('"Korea Utara"', '{"Korea Utara", Korut, DPRK, Pyongyang, "North Korea"}'),
        ("Korea-Utara", '{Korea-Utara, Korut, DPRK, Pyongyang, "North Korea"}'),
        ("Korea Selatan", "({Korea, Semenanjung} & Selatan)"),
        ("Korea AND Utara", "({Korea, Semenanjung} & Utara)"),
        ('"Presiden Rusia"', '"Presiden Rusia"'),
        ("case:Rusia exact:Korea", "(case:Rusia & exact:Korea)"),
        ("case:(Korea Utara)", "(case:Korea & case:Utara)"),
        ("sepakbola -korea utara", '(sepakbola & -{"korea utara", Korut, DPRK, Pyongyang, "North Korea"})'),
        ("Amerika Serikat", '{"Amerika Serikat", case:AS, U.S.}'),
        ("Korut", "Korut"),
    ],
)
def test_aliases(written: str, meant: str) -> None:
    assert shape(parse(written, ALIASES)) == meant


def test_an_alias_is_named_as_it_was_written() -> None:
    query = parse("perang korea  UTARA", ALIASES)
    assert isinstance(query, And)
    assert [(part.source, part.column) for part in query.parts] == [("perang", 1), ("korea  UTARA", 8)]


def test_every_part_knows_its_place_and_text() -> None:
    query = parse('a (b OR case:"c d") -e')
    assert isinstance(query, And)
    assert [(part.source, part.column) for part in query.parts] == [
        ("a", 1),
        ('b OR case:"c d"', 4),
        ("-e", 21),
    ]


@pytest.mark.parametrize(
    ("written", "column", "what"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("-a", 1, "only excludes"),
        ("NOT a", 1, "only excludes"),
        ("-a -b", 1, "only excludes"),
        ("a OR -b", 6, "only excludes"),
        ("a (b OR NOT c)", 9, "only excludes"),
        ("a NOT (-b OR c)", 8, "only excludes"),
        ("(a", 1, "never closed"),
        ("a (b (c)", 3, "never closed"),
        ('a "b', 3, "never closed"),
        ("a “b c", 3, "never closed"),
        ("a)", 2, "closes nothing"),
        (") a", 1, "closes nothing"),
        ("a ()", 3, "nothing between"),
        ('a ""', 3, "no word between"),
        ("a AND", 3, "nothing after"),
        ("a OR", 3, "nothing after"),
        ("a OR (", 6, "never closed"),
        ("a (b OR)", 6, "nothing after"),
        ("a NOT", 3, "nothing after"),
        ("a AND OR b", 3, "nothing after"),
        ("AND a", 1, "nothing before"),
        ("OR a", 1, "nothing before"),
        ("(OR a)", 2, "nothing before"),
        ("a - b", 3, "stands alone"),
        ("a –b", 3, "no minus"),
        ("a & b", 3, "no word in &"),
        ("*lan", 1, "can't begin"),
        ("a ?b", 3, "can't begin"),
        ('"a *b"', 4, "can't begin"),
        ("a tentar*", 9, "not understood yet"),
        ("wom?n", 4, "not understood yet"),
        ('"bank ind*"', 10, "not understood yet"),
        ("a NEAR b", 3, "NEAR is not understood yet"),
        ("a NEAR/5 b", 3, "NEAR is not understood yet"),
        ("a NEAR/ b", 3, "NEAR is not understood yet"),
        ("a ONEAR/2 b", 3, "ONEAR is not understood yet"),
        ("a ATLEAST/2(b OR c)", 3, "ATLEAST is not understood yet"),
        ("a title:b", 3, "title: is not understood yet"),
        ("body:b", 1, "body: is not understood yet"),
        ("url:b", 1, "url: is not understood yet"),
        ("author:b", 1, "author: is not understood yet"),
        ('feed:"b"', 1, "feed: is not understood yet"),
        ("case:title:b", 6, "title: is not understood yet"),
        ("a judul:b", 3, "no field judul:"),
        ("https://tempo.co", 1, "no field https:"),
        ("case: a", 1, "nothing right after"),
        ("a case:", 3, "nothing right after"),
        ("(case:) a", 2, "nothing right after"),
        ("case:-a", 1, "nothing right after"),
        ("(" * 500 + "a" + ")" * 500, 41, "within each other"),
        ("a " + "NOT " * 500 + "b", 163, "within each other"),
        ("a " + "-" * 500 + "b", 43, "within each other"),
    ],
)
def test_what_is_wrong_and_where(written: str, column: int, what: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(written)
    assert what in caught.value.what
    assert caught.value.column == column
    assert caught.value.hint


def test_a_flat_query_may_be_long() -> None:
    query = parse(" OR ".join(f"kata{number}" for number in range(5000)))
    assert isinstance(query, Or)
    assert len(query.parts) == 5000


# fmt: off
PIECES = st.sampled_from([
    "a", "Korea", "Utara", "Rusia", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "case:", "exact:", "title:", "x:",
    "*", "NEAR/5", "&", "北", " ", " ", " ", "\n", "\u200b", "–",
])
# fmt: on


def read(written: str) -> Query | QueryError:
    try:
        return parse(written, ALIASES)
    except QueryError as error:
        return error


@given(st.one_of(st.lists(PIECES).map("".join), st.text()))
def test_any_text_is_a_query_or_wrong_at_a_place_inside_it(written: str) -> None:
    answer = read(written)
    if isinstance(answer, QueryError):
        assert 1 <= answer.column <= len(written) + 1
        assert "\n" not in str(answer)
        return
    assert answer.source in written


# -- topics --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "meant"),
    [
        (a_topic(query="a OR b"), "(a | b)"),
        (a_topic(some=("a", "b c")), '(a | "b c")'),
        (a_topic(some=("a",)), "a"),
        (a_topic(every=("a", "b"), some=("c", "d"), never=("e", "f g")), '(a & b & (c | d) & -e & -"f g")'),
        (
            a_topic(some=("case:BRI", '"Bank Rakyat"', "exact:bank bri")),
            '(case:BRI | ""Bank Rakyat"" | exact:"bank bri")',
        ),
        (a_topic(some=("A OR B", "c-d", "(d)", "AT&T")), '("A OR B" | c-d | (d) | AT&T)'),
        (a_topic(some=('Film "Dirty Vote"', "Pukul 12:30")), '("Film "Dirty Vote"" | "Pukul 12:30")'),
        (a_topic(some=("korea utara",)), '{"korea utara", Korut, DPRK, Pyongyang, "North Korea"}'),
        (
            a_topic(name="Korea Utara Rusia"),
            '({"Korea Utara", Korut, DPRK, Pyongyang, "North Korea"} & {Rusia, Moskow, "Korea Utara"})',
        ),
        (a_topic(name="perang Korea"), "(perang & {Korea, Semenanjung})"),
        (a_topic(name="NOT a OR -b (c)"), "(NOT & a & OR & -b & c)"),
        (a_topic(name='title:a "b" & c* – d?'), "(title:a & b & c* & d?)"),
        (a_topic(name="case:AS"), "case:AS"),
    ],
)
def test_a_topic_is_read_as_it_is_written(topic: Topic, meant: str) -> None:
    assert shape(of_topic(topic, ALIASES)) == meant


@pytest.mark.parametrize(
    ("topic", "path", "column", "what"),
    [
        (a_topic(query="a OR"), ("query",), 3, "nothing after"),
        (a_topic(some=("a", "-b")), ("any", 1), 1, "can't exclude"),
        (a_topic(some=("a",), never=("–b",)), ("none", 0), 1, "can't exclude"),
        (a_topic(query=""), ("query",), 1, "empty"),
        (a_topic(never=("a",)), ("none", 0), 1, "only excludes"),
        (a_topic(some=("a", 'b "c')), ("any", 1), 3, "never closed"),
        (a_topic(some=("a",), every=("b", "c", " ")), ("all", 2), 2, "no word"),
        (a_topic(some=("a",), never=("case:",)), ("none", 0), 6, "no word"),
        (a_topic(some=("title:a",)), ("any", 0), 1, "not understood yet"),
        (a_topic(some=("tentar*",)), ("any", 0), 7, "not understood yet"),
        (a_topic(name="—"), ("name",), 1, "no word"),
    ],
)
def test_a_topic_error_names_the_key_and_the_item(
    topic: Topic, path: tuple[str | int, ...], column: int, what: str
) -> None:
    with pytest.raises(TopicError) as caught:
        of_topic(topic, ALIASES)
    assert caught.value.path == path
    assert caught.value.column == column
    assert what in caught.value.what


def test_an_alias_that_cannot_be_read_is_named() -> None:
    with pytest.raises(TopicError) as caught:
        Aliases.compile({"Rusia": ("Moskow", '"Kremlin')})
    assert (caught.value.path, caught.value.column) == (("aliases", "Rusia", 1), 1)
