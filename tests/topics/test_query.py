"""Reading a query: what it means, and where it is wrong."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.topics.aliases import Aliases, TopicError
from monitor.topics.query import parse
from monitor.topics.tree import WHERE, Alias, And, AtLeast, Near, Or, Phrase, leaves
from tests.topics.shapes import shape

ALIASES = Aliases.compile(
    {
        "Korea Utara": ("Korut", "DPRK", "Pyongyang", "North Korea"),
        "Korea": ("Semenanjung",),
        "Rusia": ("Moskow", "Korea Utara"),
        "Amerika Serikat": ("case:AS", "U.S."),
        "F16": ("Falcon",),
    }
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
        ("tentar* wom?n", "(tentar* & wom?n)"),
        ('"bank ind*"', '"bank ind*"'),
        ("«a b» ＂c d„", '("a b" & "c d")'),
        ("a \u200b-b \ufeffOR\u200b c", "((a & -b) | c)"),
        ("a \u200b", "a"),
        # NEAR
        ("a NEAR b", "<a 5 b>"),
        ("a NEAR/0 b", "<a 0 b>"),
        ("a NEAR/99 b", "<a 99 b>"),
        ("a ONEAR/3 b", "<a 3> b>"),
        ("a ONEAR b", "<a 5> b>"),
        ("a b NEAR c d", "(a & <b 5 c> & d)"),
        ("a NEAR/5 b NEAR/3 c", "<<a 5 b> 3 c>"),
        ("a NEAR/5 (b NEAR/3 c)", "<a 5 <b 3 c>>"),
        ("-a NEAR/2 b c", "(-<a 2 b> & c)"),
        ('("a b" NEAR/10(c OR d)) e', '(<"a b" 10 (c | d)> & e)'),
        ("(a b) NEAR c", "<(a & b) 5 c>"),
        ("near a onear b near/5 c atleast", "(near & a & onear & b & near/5 & c & atleast)"),
        # ATLEAST
        ("ATLEAST/2(a)", "2×a"),
        ("ATLEAST/999 (a OR b) c", "(999×(a | b) & c)"),
        ("ATLEAST/2(a -b) -ATLEAST/3(c)", "(2×(a & -b) & -3×c)"),
        ("ATLEAST/2(a) NEAR b", "<2×a 5 b>"),
        # fields
        ("title:a b", "(a@title & b)"),
        ('url:"a b" author:a feed:a body:a', '("a b"@url & a@author & a@feed & a@body)'),
        ("title:(a OR b) c", "((a@title | b@title) & c)"),
        ("title:(a body:b c)", "(a@title & b@body & c@title)"),
        ("title:case:AS case:title:AS", "(case:AS@title & case:AS@title)"),
        ("title:(case:A exact:(b body:c))", "(case:A@title & (exact:b@title & exact:c@body))"),
        ("title:ATLEAST/2(a b)", "2×(a@title & b@title)"),
        ("-title:a b", "(-a@title & b)"),
        ("title:a NEAR/3 b", "<a@title 3 b>"),
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
        ("title:korea utara", "({korea, Semenanjung}@title & utara)"),
        ("title:(korea utara)", '{"korea utara", Korut, DPRK, Pyongyang, "North Korea"}@title'),
        ('title:"korea utara"', '{"korea utara", Korut, DPRK, Pyongyang, "North Korea"}@title'),
        ("korea title:utara", "({korea, Semenanjung} & utara@title)"),
        ("a NEAR/3 korea utara", '<a 3 {"korea utara", Korut, DPRK, Pyongyang, "North Korea"}>'),
        ("korea utara NEAR/3 a", '<{"korea utara", Korut, DPRK, Pyongyang, "North Korea"} 3 a>'),
        ("korea utar*", "({korea, Semenanjung} & utar*)"),
        ('korea* "korea utar*"', '(korea* & "korea utar*")'),
        ("F-16 f16 F 16", '({F-16, Falcon} & {f16, Falcon} & {"F 16", Falcon})'),
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
        ("a b*", 4, "only one letter"),
        ('"a b-c*"', 7, "only one letter"),
        ("te*x*i*l*e*s*", 11, "more than 4 *"),
        ("a NEAR/ b", 3, "NEAR/ has no number after it"),
        ("a ONEAR/ b", 3, "ONEAR/ has no number after it"),
        ("a NEAR/100 b", 3, "from 0 to 99"),
        ("a NEAR/-1 b", 3, "from 0 to 99"),
        ("a NEAR/x b", 3, "from 0 to 99"),
        ("a NEAR/5x b", 3, "from 0 to 99"),
        ("a NEAR/1.5 b", 3, "from 0 to 99"),
        ("a NEAR/٥ b", 3, "from 0 to 99"),
        ("a NEAR/" + "9" * 5000 + " b", 3, "from 0 to 99"),
        ("a NEAR:5 b", 3, "NEAR takes no colon"),
        ("a NEAR/5", 3, "nothing after"),
        ("a NEAR/5 OR b", 3, "nothing after"),
        ("a NEAR/5 NEAR/5 b", 3, "nothing after"),
        ("(a NEAR) b", 4, "nothing after"),
        ("NEAR/5 a", 1, "nothing before"),
        ("a OR NEAR b", 3, "nothing after"),
        ("(NEAR b)", 2, "nothing before"),
        ("a NEAR/5 -b", 10, "NEAR can't hold a NOT"),
        ("a NEAR NOT b", 8, "NEAR can't hold a NOT"),
        ("(a -b) NEAR c", 4, "NEAR can't hold a NOT"),
        ("c NEAR (a OR (b NOT d))", 17, "NEAR can't hold a NOT"),
        ("c NEAR a NEAR ATLEAST/2(b -d)", 27, "NEAR can't hold a NOT"),
        ("a NEAR (-b)", 9, "NEAR can't hold a NOT"),
        ("x (" + "(a OR b c) " * 7 + ") NEAR y", 3, "too much within NEAR"),
        ("a" + " NEAR a" * 41, 283, "more than 40 NEARs"),
        ("(a" + " NEAR a" * 30 + ")" + " NEAR a" * 30, 1, "more than 40 NEARs"),
        ("a ATLEAST b", 3, "ATLEAST has no number after it"),
        ("a ATLEAST(b)", 3, "ATLEAST has no number after it"),
        ("a ATLEAST/(b)", 3, "ATLEAST/ has no number after it"),
        ("a ATLEAST/0(b)", 3, "from 1 to 999"),
        ("a ATLEAST/1000(b)", 3, "from 1 to 999"),
        ("a ATLEAST/2 b", 3, "ATLEAST/2 has no bracket after it"),
        ("a ATLEAST/2", 3, "ATLEAST/2 has no bracket after it"),
        ("ATLEAST/2()", 10, "nothing between"),
        ("ATLEAST/2(a", 10, "never closed"),
        ("a ATLEAST/2(-b)", 13, "only excludes"),
        ("title:body:a", 7, "before one word"),
        ("title: a", 1, "nothing right after"),
        ("a title:", 3, "nothing right after"),
        ("title:-a", 1, "nothing right after"),
        ("title:NEAR a", 1, "nothing right after"),
        ("Title:a", 1, "no field Title:"),
        ("a judul:b", 3, "no field judul:"),
        ("https://tempo.co", 1, "no field https:"),
        ("case: a", 1, "nothing right after"),
        ("a case:", 3, "nothing right after"),
        ("(case:) a", 2, "nothing right after"),
        ("case:-a", 1, "nothing right after"),
        ("(" * 500 + "a" + ")" * 500, 41, "within each other"),
        ("a " + "NOT " * 500 + "b", 163, "within each other"),
        ("a " + "-(" * 500 + "b" + ")" * 500, 43, "within each other"),
    ],
)
def test_what_is_wrong_and_where(written: str, column: int, what: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(written)
    assert what in caught.value.what
    assert caught.value.column == column
    assert 0 < len(caught.value.hint) <= 100
    assert len(caught.value.what) <= 100


def test_a_flat_query_may_be_long() -> None:
    query = parse(" OR ".join(f"kata{number}" for number in range(5000)))
    assert isinstance(query, Or)
    assert len(query.parts) == 5000


def test_a_near_may_hold_many_words_where_any_of_them_will_do() -> None:
    query = parse("(" + " OR ".join(f"kata{number}" for number in range(5000)) + ") NEAR/3 (a (b OR c d))")
    assert isinstance(query, Near)
    assert isinstance(query.left, Or)


def test_a_clause_is_looked_for_in_the_fields_of_its_topic_where_it_names_none() -> None:
    query = parse('a "b c" title:d rusia', ALIASES, fields=("url", "feed"))
    assert [leaf.fields for leaf, _ in leaves(query)] == [("url", "feed"), ("url", "feed"), ("title",), ("url", "feed")]
    assert all(leaf.fields == WHERE for leaf, _ in leaves(parse("a OR b")))


def test_the_parts_of_a_near_and_a_count_know_their_place_and_text() -> None:
    query = parse('a  title:"b c" NEAR/3 (d  OR e) ATLEAST/2( f )')
    assert isinstance(query, And)
    assert [(part.source, part.column) for part in query.parts] == [
        ("a", 1),
        ('title:"b c" NEAR/3 (d  OR e)', 4),
        ("ATLEAST/2( f )", 33),
    ]
    _, near, often = query.parts
    assert isinstance(near, Near)
    assert isinstance(often, AtLeast)
    assert isinstance(near.left, Phrase)
    assert (near.left.source, near.left.column, near.left.text) == ('title:"b c"', 4, "b c")
    assert (near.right.source, near.right.column) == ("d  OR e", 24)
    assert (often.part.source, often.part.column) == ("f", 44)


@pytest.mark.parametrize(
    ("key", "option", "path", "column", "what"),
    [
        ("Rusia", '"Kremlin', ("aliases", "Rusia", 0), 1, "never closed"),
        ("Rusia", "title:Moskow", ("aliases", "Rusia", 0), 1, "can't hold title:"),
        ("Rusia", " case:feed:Moskow", ("aliases", "Rusia", 0), 7, "can't hold feed:"),
        ("Rusia", "*ow", ("aliases", "Rusia", 0), 1, "can't begin"),
        ("Rusi*", "Moskow", ("aliases", "Rusi*"), 5, "can't stand for *"),
        ("case:AS", "Amerika", ("aliases", "case:AS"), 1, "can't begin with case:"),
        ("!", "Amerika", ("aliases", "!"), 1, "no word"),
    ],
)
def test_an_alias_that_cannot_be_read_is_named(
    key: str, option: str, path: tuple[str | int, ...], column: int, what: str
) -> None:
    with pytest.raises(TopicError) as caught:
        Aliases.compile({key: (option,)})
    assert (caught.value.path, caught.value.column) == (path, column)
    assert what in caught.value.what


def test_an_alias_of_the_users_stands_instead_of_a_packs() -> None:
    packs: list[dict[str, tuple[str, ...]]] = [
        {"Rusia": ("Moskow",), "AS": ("Amerika",)},
        {"as": ("Amerika", "Paman Sam")},
    ]
    aliases = Aliases.compile({"RUSIA": ("Kremlin",)}, packs)
    assert shape(parse("rusia as", aliases)) == '({rusia, Kremlin} & {as, Amerika, "Paman Sam"})'


def test_an_alias_may_have_a_wildcard_among_what_it_stands_for() -> None:
    query = parse("rusia", Aliases.compile({"Rusia": ("Belarus*", "case:RF")}))
    assert isinstance(query, Alias)
    assert shape(query) == "{rusia, Belarus*, case:RF}"


@pytest.mark.parametrize(
    ("written", "what", "column"),
    [
        ("kim NEAR3 putin", "NEAR3 has no slash", 5),
        ("kim ONEAR12 putin", "ONEAR12 has no slash", 5),
        ("kim NEAR /3 putin", "/3 is not understood", 10),
        ("kim W/3 putin", "W/3 is not understood", 5),
        ('"korea utara"~5', "~5 is not understood", 14),
        ("rusia --ukraina", "-- excludes nothing", 7),
        ("gempa !simulasi", "! is not understood", 7),
        ("gempa^2 aceh", "^2 is not understood", 6),
        ("gempa~", "~ is not understood", 6),
    ],
)
def test_what_other_programs_write_is_never_read_as_words(written: str, what: str, column: int) -> None:
    with pytest.raises(QueryError) as error:
        parse(written)
    assert (error.value.what, error.value.column) == (what, column)
    assert error.value.hint
