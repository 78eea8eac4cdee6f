"""Of which articles a query is true: words and phrases, NEAR, ATLEAST, within, fields, patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.model import Field
from monitor.topics.analysis import Place
from monitor.topics.evaluate import Fields, Whole, is_true
from monitor.topics.tree import And, AtLeast, Near, Not, Or, Phrase, Query, Within, Word, parts_of
from tests.topics.trees import (
    alias,
    at_least,
    either,
    every,
    near,
    no,
    phrase,
    question,
    read,
    regex,
    within,
    word,
)

YES, NO = True, False


def found(query: Query | str, body: str, title: str = "") -> bool:
    return is_true(question(query), read(body, title))


def places_of(query: Query, article: Fields) -> dict[Field, list[Place]]:
    """Where the article has what the query looks for; nowhere if the query is not true."""
    found = Whole(article).hits(question(query).root)
    return {name: sorted({hit[:2] for hit in each}) for name, each in found.items()}


# -- words and phrases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("rusia", "Presiden Rusia tiba", YES),
        ("rusia", "Belarusia", NO),
        ("bank rakyat indonesia", "Bank, “Rakyat” (Indonesia)", YES),
        ("bank rakyat indonesia", "Bank Indonesia Rakyat", NO),
        ("bank rakyat", "bank\nrakyat", NO),
        ("dari dari dari", "dari dari dari dari", YES),
        ("dari dari dari", "dari dari", NO),
        # the rarest word leads, wherever it stands in the row
        ("di kota minsk", "di kota di kota di kota minsk", YES),
        ("di kota minsk", "di kota di minsk kota", NO),
        ("minsk di kota", "di kota minsk di kota di kota", YES),
        ("di minsk di", "di di minsk di", YES),
        ("di minsk di", "di di minsk kota di", NO),
        # a hyphen splits and joins
        ("Jong-un", "Kim Jong Un", YES),
        ("Jong-un", "Kim Jongun", YES),
        ("jongun", "Kim Jong-un", YES),
        ("kim jongun tiba", "Kim Jong-un tiba", YES),
        ("kim jong un tiba", "Kim Jong-un tiba", YES),
        ("kim jongun", "Kim Jong Un", NO),
        ("abab cd", "ab-ab-abab cd", YES),
        ("abab ab", "abab ab-abab-ab cd", YES),
        (word("AS", case=True), "AS dan Rusia", YES),
        (word("AS", case=True), "As dan as", NO),
        (phrase("Bank BRI", case=True), "bank BRI, lalu Bank BRI", YES),
        (phrase("Bank BRI", case=True), "bank BRI, lalu Bank Bri", NO),
        (alias("korea utara", "korut"), "Korut menembak", YES),
        (alias("korea utara", "korut"), "di utara Korea", NO),
        # wildcards
        (word("nuklir*"), "senjata nuklirnya", YES),
        (word("nuklir*"), "nukli", NO),
        (word("or?ng"), "orang", YES),
        (word("or?ng"), "orong-orong", YES),
        (word("or?ng"), "oraang", NO),
        (phrase("uji rud*"), "uji rudal", YES),
        (phrase("uji rud*"), "uji coba rudal", NO),
        (phrase("pres* rus*"), "presiden rusia", YES),
        (word("Rus*", case=True), "Rusia", YES),
        (word("Rus*", case=True), "rusia RUSIA", NO),
        # Hangul: particles stand behind
        ("러시아", "러시아는 오늘", YES),
        (word("러시아", exact=True), "러시아는 오늘", NO),
        ("北朝鮮", "今日北朝鮮は", YES),
        ("北朝鮮", "北の朝鮮", NO),
    ],
)
def test_words_and_phrases(query: Query | str, body: str, *, expected: bool) -> None:
    assert found(query, body) is expected
    assert found(query, "", body.replace("\n", " ")) is expected or "\n" in body


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        (every("minsk", "kyiv"), "kyiv\n\nminsk", YES),
        (every("minsk", "kyiv"), "minsk", NO),
        (either("minsk", "kyiv"), "kyiv", YES),
        (every("minsk", no("kyiv")), "minsk", YES),
        (every("minsk", no("kyiv")), "minsk kyiv", NO),
        (every("minsk", no(every("kyiv", "riga"))), "minsk kyiv", YES),
        (every("minsk", no(no("kyiv"))), "minsk", NO),
        (every("minsk", no(no("kyiv"))), "minsk kyiv", YES),
        (every("minsk", no(near("kyiv", "riga", 1))), "minsk kyiv di kota riga", YES),
        (every("minsk", no(near("kyiv", "riga", 1))), "minsk kyiv lalu riga", NO),
    ],
)
def test_and_or_not(query: Query, body: str, *, expected: bool) -> None:
    assert found(query, body) is expected


# -- NEAR ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        # at most n words between
        (near("minsk", "kyiv", 0), "minsk kyiv", YES),
        (near("minsk", "kyiv", 0), "kyiv minsk", YES),
        (near("minsk", "kyiv", 0), "minsk ke kyiv", NO),
        (near("minsk", "kyiv", 2), "minsk satu dua kyiv", YES),
        (near("minsk", "kyiv", 2), "kyiv satu dua minsk", YES),
        (near("minsk", "kyiv", 2), "minsk satu dua tiga kyiv", NO),
        (near("minsk", "kyiv", 2), "minsk " + "kata " * 9 + "kyiv minsk", YES),
        (near("kota minsk", "kota kyiv", 1), "kota minsk dan kota kyiv", YES),
        (near("kota minsk", "kota kyiv", 0), "kota minsk dan kota kyiv", NO),
        # in this order
        (near("minsk", "kyiv", 2, ordered=True), "minsk dan kyiv", YES),
        (near("minsk", "kyiv", 2, ordered=True), "kyiv dan minsk", NO),
        (near("minsk", "kyiv", 2, ordered=True), "kyiv dan minsk ke kyiv", YES),
        # not beyond a paragraph or a field, however far it may be
        (near("minsk", "kyiv", 99), "minsk\nkyiv", NO),
        (near("minsk", "kyiv", 99), "minsk" + " kata" * 99 + " kyiv", YES),
        (near("minsk", "kyiv", 99), "minsk" + " kata" * 100 + " kyiv", NO),
        # what overlaps is not near
        (near("minsk", "minsk"), "minsk", NO),
        (near("minsk", "minsk"), "minsk dan minsk", YES),
        (near("kota minsk", "minsk raya"), "kota minsk raya", NO),
        (near("kota minsk", "minsk raya"), "kota minsk raya kota minsk", YES),
        # chains: from the stretch that the first two make
        (near(near("a", "b", 5), "c", 3), "a x x x x x b x x x c", YES),
        (near(near("a", "b", 5), "c", 3), "a x x x x x b x x x x c", NO),
        (near(near("a", "b", 5), "c", 0), "a x c x b", YES),
        (near(near("a", "b", 5), "c", 0), "c a x b", YES),
        (near(near("a", "b", 5), "a", 0), "a x b", NO),
        (near(near("a", "b", 5), "a", 0), "a a b", YES),
        (near(near("a", "b", 5), "c", 3, ordered=True), "a b c", YES),
        (near(near("a", "b", 5), "c", 3, ordered=True), "a c b", NO),
        (near(near("a", "b", 5), "c", 3, ordered=True), "a b c b", YES),
        (near("a", near("b", "c", 5), 0), "b x a x c", YES),
        (near("a", near("b", "c", 1), 0), "b x a x c", NO),
        # brackets
        (near(either("minsk", "riga"), "kyiv", 0), "minsk x riga kyiv", YES),
        (near(either("minsk", "riga"), "kyiv", 0), "minsk x riga x kyiv", NO),
        (near(every("minsk", "riga"), "kyiv", 1), "minsk kyiv riga", YES),
        (near(every("minsk", "riga"), "kyiv", 1), "minsk kyiv x x riga", NO),
        (near(every("minsk", "riga"), "kyiv", 1), "minsk kyiv x x x riga kyiv", YES),
        (near("kyiv", either(every("minsk", "riga"), "oslo"), 0), "riga kyiv minsk", YES),
        (near("kyiv", either(every("minsk", "riga"), "oslo"), 0), "riga kyiv", NO),
        (near("kyiv", either(every("minsk", "riga"), "oslo"), 0), "oslo kyiv", YES),
        (near(at_least(2, "minsk"), "kyiv", 0), "minsk kyiv", NO),
        (near(at_least(2, "minsk"), "kyiv", 0), "minsk kyiv x x x x minsk", YES),
        (near(at_least(2, "minsk"), "kyiv", 0), "minsk x kyiv x x minsk", NO),
        (near(alias("korea utara", "korut"), "rusia", 0), "korea utara rusia", YES),
        (near("Jong-un", "tiba", 0), "Jong-un tiba", YES),
        (near("jongun", "tiba", 0), "Jong-un tiba", YES),
        (near("jongun", "un", 5), "Jong-un", NO),
        (near(word("rud*"), "uji", 0), "uji rudal", YES),
    ],
)
def test_near(query: Query, body: str, *, expected: bool) -> None:
    assert found(query, body) is expected


def test_nothing_is_near_across_the_border_of_title_and_body() -> None:
    assert not found(near("minsk", "kyiv", 99), "kyiv", "minsk")
    assert found(near("minsk", "kyiv", 99), "kyiv minsk", "minsk")


def test_near_holds_no_not() -> None:
    with pytest.raises(QueryError, match="NOT"):
        question(near(every("minsk", no("riga")), "kyiv"))


# -- ATLEAST -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        (at_least(2, "minsk"), "minsk", NO),
        (at_least(2, "minsk"), "minsk minsk", YES),
        (at_least(2, "minsk"), "minsk\nminsk", YES),
        (at_least(2, "a a"), "a a a", NO),
        (at_least(2, "a a"), "a a a a", YES),
        (at_least(2, either("minsk", "kyiv")), "minsk kyiv", YES),
        (at_least(2, either("kota minsk", "minsk")), "kota minsk", NO),
        (at_least(2, alias("korea utara", "korut")), "korut, korea utara", YES),
        (at_least(3, every("minsk", "kyiv")), "minsk minsk minsk", NO),
        (at_least(3, every("minsk", "kyiv")), "minsk minsk kyiv", YES),
        (at_least(2, every("minsk", no("kyiv"))), "minsk minsk kyiv", NO),
        (at_least(2, every("minsk", no("kyiv"))), "minsk minsk", YES),
        # of a NEAR: how often it is near
        (at_least(2, near("minsk", "kyiv", 1)), "minsk kyiv", NO),
        (at_least(2, near("minsk", "kyiv", 1)), "minsk kyiv dan lagi kyiv minsk", YES),
        (at_least(2, near("minsk", "kyiv", 1)), "minsk kyiv minsk", NO),
        (at_least(2, regex("[Mm]insk")), "Minsk minsk", YES),
        (at_least(2, regex("[Mm]insk")), "Minsk MINSK", NO),
        (every(at_least(2, "a"), no(at_least(3, "a"))), "a a", YES),
        (every(at_least(2, "a"), no(at_least(3, "a"))), "a a a", NO),
    ],
)
def test_at_least(query: Query, body: str, *, expected: bool) -> None:
    assert found(query, body) is expected


def test_title_and_body_count_together() -> None:
    assert found(at_least(2, "minsk"), "minsk", "minsk")


# -- within --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "body", "expected"),
    [
        (within("title", "minsk"), "di minsk", "", YES),
        (within("title", "minsk"), "di kota", "minsk", NO),
        (within("title", "minsk", no("kyiv")), "minsk", "kyiv", YES),
        (within("title", "minsk", no("kyiv")), "minsk kyiv", "", NO),
        (within("paragraph", "minsk", "kyiv"), "", "minsk\nkyiv", NO),
        (within("paragraph", "minsk", "kyiv"), "", "riga\nminsk. Lalu kyiv", YES),
        (within("paragraph", "minsk", "kyiv"), "minsk. kyiv", "", YES),
        (within("paragraph", "minsk", "kyiv"), "minsk", "kyiv", NO),
        (within("paragraph", "minsk", no("kyiv")), "", "minsk kyiv\nminsk", YES),
        (within("paragraph", "minsk", no("kyiv")), "", "minsk kyiv\nminsk kyiv", NO),
        (within("sentence", "minsk", "kyiv"), "", "Di minsk. Lalu kyiv.", NO),
        (within("sentence", "minsk", "kyiv"), "", "Di riga. Dari minsk ke kyiv.", YES),
        (within("sentence", "minsk", "kyiv"), "", "Di minsk\nkyiv", NO),
        (within("sentence", "minsk", "kyiv"), "Dari minsk. Ke kyiv", "", NO),
        (within(3, "minsk", "kyiv"), "", "minsk ke kyiv", YES),
        (within(3, "minsk", "kyiv"), "", "minsk lalu ke kyiv", NO),
        (within(3, "minsk", "kyiv"), "", "minsk\nkyiv", NO),
        (within(3, "minsk", "kyiv"), "", "kyiv minsk", YES),
        (within(2, "minsk", no("kyiv")), "", "kyiv minsk kyiv", NO),
        (within(2, "minsk", no("kyiv")), "", "kyiv minsk ke kyiv", YES),
        (within(2, "kota besar minsk"), "", "kota besar minsk", NO),
        (within(4, at_least(2, "minsk")), "", "minsk satu dua minsk", YES),
        (within(3, at_least(2, "minsk")), "", "minsk satu dua minsk", NO),
        (within(4, near("minsk", "kyiv", 5)), "", "minsk satu dua kyiv", YES),
        (within(3, near("minsk", "kyiv", 5)), "", "minsk satu dua kyiv", NO),
        (within("sentence", near(at_least(2, "minsk"), "kyiv")), "", "Minsk. Minsk kyiv.", NO),
        (within("sentence", near(at_least(2, "minsk"), "kyiv")), "", "Minsk, minsk kyiv.", YES),
        (within("paragraph", regex("M[a-z]+"), regex("K[a-z]+")), "", "Minsk\nKyiv", NO),
        (within("paragraph", regex("M[a-z]+"), regex("K[a-z]+")), "", "Minsk Kyiv", YES),
    ],
)
def test_within(query: Query, title: str, body: str, *, expected: bool) -> None:
    assert found(query, body, title) is expected


def test_what_is_no_text_is_seen_from_every_stretch() -> None:
    query = question(within("paragraph", "minsk", word("kompas", fields=("feed",))))
    assert is_true(query, read("riga\nminsk", others={"feed": "Kompas\nhttps://kompas.com"}))
    assert not is_true(query, read("riga\nminsk kompas", others={"feed": "Tempo"}))


# -- fields --------------------------------------------------------------------------------------


def test_a_clause_is_looked_for_in_its_fields_only() -> None:
    article = read("kyiv", "minsk", {"url": "https://tempo.co/bola/1", "author": "Ani", "feed": "Tempo"})
    for found_there in (
        word("minsk", fields=("title",)),
        word("bola", fields=("url",)),
        word("ani", fields=("author",)),
    ):
        assert is_true(question(found_there), article)
    for elsewhere in ("bola", "ani", word("minsk", fields=("body",)), word("kyiv", fields=("feed", "url"))):
        assert not is_true(question(elsewhere), article)


def test_a_field_that_an_article_lacks_holds_nothing() -> None:
    assert not is_true(question(word("ani", fields=("author",))), read("ani"))
    assert is_true(question(every("ani", no(word("ani", fields=("author",))))), read("ani"))


# -- patterns ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "body", "expected"),
    [
        (r"M \d,\d", "Gempa M 6,1 di Aceh", YES),
        (r"M \d,\d", "Gempa m 6,1 di Aceh", NO),
        (r"(?i)m \d,\d", "Gempa M 6,1", YES),
        ("kota.*minsk", "kota besar minsk", YES),
        ("kota.*minsk", "kota besar\nminsk", NO),
        (r"kota\s+minsk", "kota\nminsk", NO),
        (r"[!?]{3}", "Apa?!?", YES),
        ("(?m)^minsk", "kota\nminsk", YES),
        ("😀+", "wah 😀😀", YES),
        (r"\bx*$", "kota", NO),  # nothing is nothing found
    ],
)
def test_patterns(pattern: str, body: str, *, expected: bool) -> None:
    assert found(regex(pattern), body) is expected


def test_a_pattern_reads_text_with_broken_signs() -> None:
    assert found(regex("minsk"), "\ud800 minsk")


def test_a_pattern_is_near_by_the_words_it_touches() -> None:
    assert found(near(regex("M [0-9],[0-9]"), "aceh", 1), "gempa M 6,1 di Aceh")
    assert not found(near(regex("M [0-9],[0-9]"), "aceh", 0), "gempa M 6,1 di Aceh")


@pytest.mark.parametrize(
    ("pattern", "says", "column"),
    [
        ("kota (besar", "bracket is never closed", 1),
        ("kota)", "closes nothing", 1),
        ("kota [a-z", "square bracket is never closed", 6),
        ("*kota", "nothing before it to repeat", 1),
        ("kota a**", "repeated again", 7),
        ("kota(?=minsk)", "look-around", 5),
        (r"(kota) \1", "RE2 does not know it", 8),
        ("a{2000}", "repeats too often", 2),
        ("kota [z-a]", "no such range", 7),
        ("kota\\", "after the last", 1),
        ("", "every text", 1),
        ("kota|", "every text", 1),
        ("(kota)*", "every text", 1),
        ("kota\ud800", "broken sign", 5),
        ("k" * 1001, "longer than 1000", 1),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_in_words(pattern: str, says: str, column: int) -> None:
    with pytest.raises(QueryError, match=says) as refused:
        question(regex(pattern))
    assert refused.value.column == column
    assert "\n" not in str(refused.value)


def test_the_column_of_a_pattern_is_counted_from_where_it_stands() -> None:
    with pytest.raises(QueryError) as refused:
        question(regex("a**", column=10))
    assert refused.value.column == 11


# -- where ---------------------------------------------------------------------------------------


def test_the_places_of_a_near_are_the_stretches_it_makes() -> None:
    article = read("dari minsk ke kyiv lalu jauh sekali dari minsk")
    assert places_of(near("minsk", "kyiv", 1), article) == {"body": [(1, 3)]}


def test_what_is_not_true_has_no_places() -> None:
    assert places_of(every("minsk", "kyiv"), read("minsk")) == {}
    assert places_of(either(every("minsk", "kyiv"), "riga"), read("minsk riga", "riga")) == {
        "title": [(0, 0)],
        "body": [(1, 1)],
    }


# -- texts with very many places -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        (near(near("a", "b", 99), "c", 5), "a b " * 100, "\nlalu a b c"),
        (near(near("a", "b", 99), "c", 0), "a b " * 100 + "x " * 99, "a x b c"),
        (near(near("a", "b", 99), "c", 0, ordered=True), "a b " * 100, "a c b"),
        (near(near(either("a", "b"), either("c", "d"), 50), "e", 3), "a c b d " * 90, "\na c e"),
        (near("c", near("a", "b", 99), 0), "a b " * 100, "\na x c b"),
        (near("a", "b", 5), "a " * 5001 + "x " * 20, "a b"),
        (near("a b", "c", 5), "a b " * 5001 + "x " * 20, "a b x c"),
        (near(word("aa*"), "c", 5), "aab " * 5001 + "x " * 20, "c aac"),
        (near(regex("aa"), "c", 5), "aa " * 5001 + "x " * 20, "aa c"),
        (every("a", at_least(101, near("a", "b", 99))), "a b " * 100, "\na b"),
        (at_least(203, near(either("a", "b"), either("c", "d"), 9)), "a c b d " * 100, "\na c x b d x d a"),
    ],
)
def test_what_stands_late_in_a_text_is_found_however_much_stands_before(query: Query, before: str, after: str) -> None:
    assert not found(query, before)
    assert found(query, before + after)


def test_what_is_excluded_is_seen_however_late() -> None:
    query = within(20, "a", "b", no("c"))
    assert not found(query, "a c b c " * 6000)
    assert found(query, "a c b c " * 6000 + "x " * 20 + "a b" + " x" * 20 + " c")


# -- articles made to take long ------------------------------------------------------------------

ONE_WORD = read("kata " * 30_000)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (near("kata", "kata", 99), YES),
        (near("kata", "lain", 99), NO),
        (near(near(near("kata", "kata", 99), "kata", 99), "kata", 99), YES),
        (near(near("kata", "kata", 99), "lain", 99), NO),
        (near("kata kata kata kata", "kata lain", 99), NO),
        (at_least(999, "kata kata kata"), YES),
        (every(at_least(999, "kata"), "kata kata lain"), NO),
        (within(500, at_least(501, "kata")), NO),
        (within(500, at_least(500, "kata")), YES),
        (within(50, every("kata", no("kata kata"))), NO),
        (at_least(999, word("kat*")), YES),
        (at_least(999, regex("kata")), YES),
    ],
)
def test_an_article_of_one_word_does_not_hold_it_up(query: Query, *, expected: bool) -> None:
    assert is_true(question(query), ONE_WORD) is expected


# -- against the plainest evaluator --------------------------------------------------------------

VOCABULARY = ["a", "b", "c", "d"]
Paragraph = list[str]
Own = frozenset[int]  # the words that something found is made of
TEXTS = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=12), max_size=3)
LEAVES = st.one_of(st.sampled_from(VOCABULARY).map(word), st.sampled_from(["a b", "b b", "c a b"]).map(phrase))
DISTANCES = st.integers(0, 4)
NEARS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(near, inner, inner, DISTANCES, ordered=st.booleans()),
        st.builds(near, inner, inner, DISTANCES),
        st.builds(either, inner, inner),
        st.builds(every, inner, inner),
    ),
    max_leaves=5,
)
QUERIES = st.recursive(
    NEARS,
    lambda inner: st.one_of(
        st.builds(every, inner, inner),
        st.builds(either, inner, inner),
        st.builds(no, inner),
        st.builds(at_least, st.integers(1, 4), inner),
    ),
    max_leaves=4,
)


def plainly_true(query: Query, texts: Sequence[Paragraph]) -> bool:  # noqa: PLR0911  a return for each kind
    match query:
        case Not(part):
            return not plainly_true(part, texts)
        case And(parts):
            return all(plainly_true(part, texts) for part in parts)
        case Or(parts):
            return any(plainly_true(part, texts) for part in parts)
        case AtLeast(count, part):
            return plainly_true(part, texts) and most_apart(plain_places(part, texts)) >= count
        case Near():
            if has_and(query):
                return any(plainly_true(each, texts) for each in spread(query))
            return any(found_in(query, paragraph) for paragraph in texts)
        case Within(int() as size, part):
            windows = [
                paragraph[at : at + size] for paragraph in texts for at in range(max(1, len(paragraph) - size + 1))
            ]
            return any(plainly_true(part, [window]) for window in windows if window)
        case _:
            return any(found_in(query, paragraph) for paragraph in texts)


def has_and(query: Query) -> bool:
    return isinstance(query, And) or any(map(has_and, parts_of(query)))


def spread(query: Near) -> Iterator[Query]:
    """The NEAR without an AND in it: each way in which it can be true."""
    for these, those in product(ways(query.left), ways(query.right)):
        pairs = [near(one, other, query.distance, ordered=query.ordered) for one, other in product(these, those)]
        yield every(*pairs)


def ways(query: Query) -> Iterator[tuple[Query, ...]]:
    match query:
        case And(parts):
            for each in product(*map(ways, parts)):
                yield tuple(part for way in each for part in way)
        case Or(parts):
            # What is near each part of an AND may be another of these each time.
            any_of = [way for part in parts for way in ways(part)]
            if alone := [way[0] for way in any_of if len(way) == 1]:
                yield (either(*alone),)
            yield from (way for way in any_of if len(way) > 1)
        case Near() if has_and(query):
            for spread_out in spread(query):
                yield spread_out.parts if isinstance(spread_out, And) else (spread_out,)
        case _:
            yield (query,)


def found_in(query: Query, paragraph: Paragraph) -> set[Own]:
    """Every way to find it in one paragraph, tried one by one."""
    match query:
        case Word(text) | Phrase(text):
            row = text.split()
            starts = [at for at in range(len(paragraph)) if paragraph[at : at + len(row)] == row]
            return {frozenset(range(at, at + len(row))) for at in starts}
        case Or(parts):
            return {own for part in parts for own in found_in(part, paragraph)}
        case Near(left, right, distance, ordered):
            both = product(found_in(left, paragraph), found_in(right, paragraph))
            return {a | b for a, b in both if not a & b and words_between(a, b, ordered=ordered) <= distance}
        case _:
            raise AssertionError(query)


def words_between(left: Own, right: Own, *, ordered: bool) -> float:
    if max(left) < min(right):
        return min(right) - max(left) - 1
    if ordered:
        return float("inf")
    return max(0, min(left) - max(right) - 1)


def plain_places(query: Query, texts: Sequence[Paragraph]) -> set[tuple[int, int, int]]:
    """Paragraph, first word, last word."""
    match query:
        case Not():
            return set()
        case And(parts) | Or(parts):
            if not plainly_true(query, texts):
                return set()
            return {place for part in parts for place in plain_places(part, texts)}
        case AtLeast(_, part):
            return plain_places(part, texts) if plainly_true(query, texts) else set()
        case Near() if has_and(query):
            return {place for way in spread(query) for place in plain_places(way, texts)}
        case _:
            return {
                (number, min(own), max(own))
                for number, paragraph in enumerate(texts)
                for own in found_in(query, paragraph)
            }


def most_apart(places: set[tuple[int, int, int]]) -> int:
    """The largest number of places of which none overlaps another."""
    count, end = 0, (-1, -1)
    for number, first, last in sorted(places, key=lambda place: (place[0], place[2])):
        if (number, first) > end:
            count, end = count + 1, (number, last)
    return count


def body_of(texts: Sequence[Paragraph]) -> str:
    return "\n".join(" ".join(paragraph) for paragraph in texts)


@given(NEARS, TEXTS)
def test_near_is_what_trying_all_pairs_finds(query: Query, texts: list[Paragraph]) -> None:
    assert found(query, body_of(texts)) is plainly_true(query, texts)


@given(QUERIES, TEXTS, st.lists(st.sampled_from(VOCABULARY), max_size=6))
def test_the_whole_language_is_what_trying_everything_finds(
    query: Query, texts: list[Paragraph], title: Paragraph
) -> None:
    assert found(query, body_of(texts), " ".join(title)) is plainly_true(query, [title, *texts])


@given(st.integers(1, 6), QUERIES, TEXTS)
def test_within_some_words_is_what_trying_every_window_finds(size: int, query: Query, texts: list[Paragraph]) -> None:
    asked = within(size, query)
    assert found(asked, body_of(texts)) is plainly_true(asked, texts)


@given(QUERIES, TEXTS)
def test_what_is_true_has_places_and_what_is_not_has_none(query: Query, texts: list[Paragraph]) -> None:
    places = places_of(query, read(body_of(texts)))
    assert bool(places) is bool(plain_places(query, texts))
    assert {place for each in places.values() for place in each} or not plain_places(query, texts)
