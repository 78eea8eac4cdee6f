"""A topic, however it is written, as one query."""

from __future__ import annotations

import pytest

from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import Aliases, TopicError
from monitor.topics.sugar import of_topic, read_parts
from monitor.topics.tree import leaves
from tests.topics.shapes import shape

ALIASES = Aliases.compile(
    {"Korea Utara": ("Korut", "North Korea"), "Korea": ("Semenanjung",), "Rusia": ("Moskow", "Korea Utara")}
)
KORUT = 'Korut, "North Korea"'


def a_topic(**said: object) -> Topic:
    return Topic.model_validate(
        {"name": "Topik", "language": "id", "channels": (), "policy": AlertPolicy(), **said}, strict=False
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"query": "a OR b"}, "(a | b)"),
        ({"any": ("a", "b c")}, '(a | "b c")'),
        ({"any": ("a",)}, "a"),
        ({"all": ("a", "b"), "any": ("c", "d"), "none": ("e", "f g")}, '(a & b & (c | d) & -e & -"f g")'),
        (
            {"any": ("case:BRI", '"Bank Rakyat"', "exact:bank bri")},
            '(case:BRI | ""Bank Rakyat"" | exact:"bank bri")',
        ),
        ({"any": ("A OR B", "c-d", "(d)", "AT&T")}, '("A OR B" | c-d | (d) | AT&T)'),
        ({"any": ('Film "Dirty Vote"', "Pukul 12:30")}, '("Film "Dirty Vote"" | "Pukul 12:30")'),
        ({"any": ("korea utara",)}, f'{{"korea utara", {KORUT}}}'),
        ({"any": ("tentar*", "bank ind*", "title:gempa", "title:case:AS")}, '(tentar* | "bank ind*" | gempa@title | case:AS@title)'),
        ({"name": "Korea Utara Rusia"}, f'({{"Korea Utara", {KORUT}}} & {{Rusia, Moskow, "Korea Utara"}})'),
        ({"name": "perang Korea"}, "(perang & {Korea, Semenanjung})"),
        ({"name": "NOT a OR -b (c)"}, "(NOT & a & OR & -b & c)"),
        ({"name": 'title:a "b" & c* – d? NEAR/5 e'}, "(title:a & b & c & d & NEAR & 5 & e)"),
        ({"name": "case:AS"}, "case:AS"),
    ],
)  # fmt: skip
def test_a_topic_is_read_as_it_is_written(said: dict[str, object], meant: str) -> None:
    assert shape(of_topic(a_topic(**said), ALIASES)) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"regex": ("a+",)}, "/a+/"),
        ({"regex": ("a+", "b")}, "(/a+/ | /b/)"),
        ({"all": ("a",), "any": ("b", "c"), "regex": ("d", "e"), "none": ("f",)}, "(a & (b | c) & (/d/ | /e/) & -f)"),
        ({"query": "a OR b", "regex": ("d", "e")}, "((a | b) & (/d/ | /e/))"),
        ({"regex": ("d",), "none": ("e",)}, "(/d/ & -e)"),
        ({"all": ("a", "b"), "none": ("c",), "min_count": 3}, "(3×(a & b) & -c)"),
        ({"any": ("a",), "min_count": 1}, "a"),
        ({"query": "a -b", "min_count": 2}, "2×(a & -b)"),
        ({"name": "a b", "min_count": 2}, "2×(a & b)"),
        ({"all": ("a",), "none": ("b",), "within": "sentence"}, "[sentence: (a & -b)]"),
        ({"query": "a b", "within": "20 words"}, "[20: (a & b)]"),
        ({"name": "a b", "within": "paragraph"}, "[paragraph: (a & b)]"),
        ({"name": "a b", "within": "article"}, "(a & b)"),
        ({"any": ("a", "b"), "within": "title", "min_count": 2, "none": ("c",)}, "[title: (2×(a | b) & -c)]"),
        ({"any": ("a", "b c"), "regex": ("d",), "fields": ("url",)}, '((a@url | "b c"@url) & /d/@url)'),
        ({"query": "a title:b", "fields": ("url", "feed")}, "(a@url,feed & b@title)"),
        ({"name": "Korea Utara", "fields": ("body",)}, f'{{"Korea Utara", {KORUT}}}@body'),
    ],
)
def test_what_a_topic_says_beside_its_words(said: dict[str, object], meant: str) -> None:
    assert shape(of_topic(a_topic(**said), ALIASES)) == meant


@pytest.mark.parametrize(
    ("said", "path", "column", "what"),
    [
        ({"query": "a OR"}, ("query",), 3, "nothing after"),
        ({"query": ""}, ("query",), 1, "empty"),
        ({"query": "-a", "regex": ("b",)}, ("query",), 1, "only excludes"),
        ({"any": ("a", "-b")}, ("any", 1), 1, "can't exclude"),
        ({"any": ("a",), "none": ("–b",)}, ("none", 0), 1, "can't exclude"),
        ({"none": ("a",)}, ("none", 0), 1, "only excludes"),
        ({"any": ("a", 'b "c')}, ("any", 1), 3, "never closed"),
        ({"any": ("a",), "all": ("b", "c", " ")}, ("all", 2), 2, "no word"),
        ({"any": ("a",), "none": ("case:",)}, ("none", 0), 6, "no word"),
        ({"any": ("title:body:a",)}, ("any", 0), 1, "before one word"),
        ({"any": ("a", "bank *")}, ("any", 1), 6, "can't begin"),
        ({"any": ("exact:a*",)}, ("any", 0), 8, "only one letter"),
        ({"regex": ("a", "b(c")}, ("regex", 1), None, "pattern can't be read"),
        ({"regex": ("a*",)}, ("regex", 0), 1, "found in every text"),
        ({"name": "a", "within": "a page"}, ("within",), 1, "no such stretch"),
        ({"name": "a", "within": "0 words"}, ("within",), 1, "no such stretch"),
        ({"name": "—"}, ("name",), 1, "no word"),
        ({"name": "?*"}, ("name",), 1, "no word"),
    ],
)
def test_a_topic_error_names_the_key_and_the_item(
    said: dict[str, object], path: tuple[str | int, ...], column: int | None, what: str
) -> None:
    with pytest.raises(TopicError) as caught:
        of_topic(a_topic(**said), ALIASES)
    assert caught.value.path == path
    assert column in {None, caught.value.column}
    assert what in caught.value.what


def test_a_clause_knows_its_column_in_its_item() -> None:
    query = of_topic(a_topic(all=(" case:AS",), any=("gempa", "bumi")))
    assert [(leaf.column, leaf.source) for leaf, _ in leaves(query)] == [(2, "case:AS"), (1, "gempa"), (1, "bumi")]
    assert query.source == "case:AS AND (gempa OR bumi)"


def test_the_parts_of_a_topic_can_be_read_one_by_one_though_one_is_wrong() -> None:
    topic = a_topic(all=("a",), any=('b "', "c d"), none=("korea",))
    assert [(path, shape(query)) for path, query in read_parts(topic, ALIASES)] == [
        (("all", 0), "a"),
        (("any", 1), '"c d"'),
        (("none", 0), "{korea, Semenanjung}"),
    ]
