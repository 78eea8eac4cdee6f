"""Which articles a topic finds, and how it says why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model import Article, Match
from monitor.settings import AlertPolicy, Examples, Topic
from monitor.topics.aliases import Aliases, TopicError
from monitor.topics.query import parse
from monitor.topics.tree import Alias, And, Not, Or, Query
from monitor.topics.watchlist import Watchlist, compile_all, failed_examples, match_query

ALIASES = {
    "Korea Utara": ("Korut", "DPRK", "Pyongyang", "North Korea"),
    "Rusia": ("Moskow", "Kremlin", "Russia"),
    "Amerika Serikat": ("case:AS", "U.S."),
}
READ_ALIASES = Aliases.compile(ALIASES)


def an_article(body: str = "", *, title: str = "") -> Article:
    return Article(
        key="k",
        url="https://tempo.co/1",
        title=title,
        text=body,
        first_seen_at=datetime(2026, 1, 1, tzinfo=UTC),
        outlet="tempo.co",
        feed="f",
        content_hash="",
    )


def a_topic(name: str, *, query: str | None = None, examples: Examples | None = None, language: str = "id") -> Topic:
    return Topic(
        name=name,
        query=query,
        examples=examples or Examples(),
        language=language,
        channels=(),
        policy=AlertPolicy(),
    )


def matched(query: str, body: str, *, title: str = "") -> Match | None:
    return match_query(parse(query, READ_ALIASES), an_article(body, title=title))


YES, NO = True, False


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        # words
        ("rusia", "Presiden Rusia tiba.", YES),
        ("rusia", "Belarusia", NO),
        ("RUSIA", "rusia", YES),
        ("erdogan", "Presiden Erdoğan", YES),
        ("Erdoğan", "presiden erdogan", YES),
        ("Lodz", "kota Łódź", YES),
        ("strasse", "Straße", YES),
        ("korut", "ko\u200brut", YES),
        ("korut", "ko\u00adrut", YES),
        ("tokyo", "ＴＯＫＹＯ", YES),
        ("obrien", "kata O’Brien", YES),
        ("O'Brien", "kata OBrien", YES),
        ("Al-Quran", "membaca Al-Qur’an", YES),
        ("Ukraine", "Ukraine's army", YES),
        ("Ukraine's", "Ukraine's army", YES),
        ("McDonalds", "di McDonald’s", YES),
        ("US", "the U.S. army", YES),
        ("U.S.", "the US army", YES),
        ("1500000", "Rp1.500.000 per orang", YES),
        ("1.500.000", "1,500,000 people", YES),
        ("500", "1.500 orang", NO),
        ("G20", "KTT G20 di Bali", YES),
        ("Jong-un", "Kim Jong Un", YES),
        ("Jong Un", "Kim Jong-un", YES),
        ("Jong-un", "Un dan Jong", NO),
        ("kata-kata", "kata kata itu", YES),
        ("北朝鮮", "今日北朝鮮は", YES),
        ("北朝鮮", "北の朝鮮", NO),
        ("กิน", "ฉันกินข้าว", YES),
        ("AT&T", "raksasa AT&T", YES),
        # phrases
        ('"bank rakyat indonesia"', "Bank Rakyat Indonesia", YES),
        ('"bank rakyat indonesia"', "Bank, “Rakyat” (Indonesia)", YES),
        ('"bank rakyat indonesia"', "Bank Indonesia Rakyat", NO),
        ('"bank rakyat"', "bank untuk rakyat", NO),
        ("“bank rakyat”", "bank rakyat", YES),
        ('"kim jong un"', "Kim\nJong Un", NO),
        ('"kim jong un"', "Kim\n\nJong Un", NO),
        ('"dari dari dari"', "dari dari dari dari", YES),
        ('"dari dari dari"', "dari dari", NO),
        # AND, OR, NOT
        ("a b", "b dan a", YES),
        ("a b", "a saja", NO),
        ("a AND b", "a\n\nb", YES),
        ("a OR b", "b", YES),
        ("a OR b c", "a", YES),
        ("a OR b c", "b", NO),
        ("(a OR b) c", "b c", YES),
        ("(a OR b) c", "a", NO),
        ("a -b", "a", YES),
        ("a -b", "a b", NO),
        ("a NOT b", "a\n\nb", NO),
        ("a NOT (b c)", "a b", YES),
        ("a NOT (b c)", "a b c", NO),
        ('a -"b c"', "a c b", YES),
        ('a -"b c"', "a b c", NO),
        ("a NOT NOT b", "a", NO),
        ("a NOT NOT b", "a b", YES),
        ("a NOT b OR c", "a b c", YES),
        ("a and b", "a b", NO),
        ("a and b", "a and b", YES),
        # aliases
        ("korea utara", "Korut menembakkan rudal", YES),
        ("korea utara", "Pyongyang membantah", YES),
        ("korea utara", "North Korea said", YES),
        ("korea utara", "di utara Korea", NO),
        ('"Korea Utara"', "DPRK", YES),
        ("Korea Utara Rusia", "Korut dan Moskow", YES),
        ("Korea Utara Rusia", "Korut dan Minsk", NO),
        ("korut", "Korea Utara", NO),
        ("exact:rusia", "Moskow", NO),
        ("exact:rusia", "RUSIA", YES),
        ("berita -korea utara", "berita Korut", NO),
        ("berita -korea utara", "berita Korea Selatan", YES),
        ("amerika serikat", "kata AS kemarin", YES),
        ("amerika serikat", "as roda", NO),
        ("amerika serikat", "the us and them", YES),
        # case
        ("case:AS", "AS dan Rusia", YES),
        ("case:AS", "As dan as", NO),
        ("case:US", "the U.S. army", YES),
        ("case:Ukraine", "Ukraine's army", YES),
        ('case:"Bank BRI"', "Bank BRI", YES),
        ('case:"Bank BRI"', "bank BRI", NO),
        ("case:(AS OR UE)", "UE", YES),
        ("case:Erdogan", "Erdoğan", YES),
        ("rusia -case:AS", "Rusia as roda", YES),
        ("rusia -case:AS", "Rusia AS", NO),
    ],
)
def test_what_a_query_finds(query: str, body: str, *, expected: bool) -> None:
    assert (matched(query, body) is not None) is expected
    assert (matched(query, "", title=body.replace("\n", " ")) is not None) is expected or "\n" in body


def test_no_phrase_reaches_from_the_title_into_the_body() -> None:
    assert not matched('"kim jong"', "Jong Un", title="Kim")
    assert matched("kim jong", "Jong Un", title="Kim")


def test_what_is_excluded_is_so_in_title_and_body() -> None:
    assert not matched("gempa -simulasi", "gempa", title="Simulasi")
    assert not matched("gempa -simulasi", "simulasi", title="Gempa")


SEEDS = sorted(Path(__file__).parent.parent.parent.glob("seeds/*.txt"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_shipped_topic_finds_the_seeds(seed: Path) -> None:
    title, _, body = seed.read_text(encoding="utf-8").partition("\n\n")
    article = an_article(body, title=title)
    (match,) = Watchlist.compile([a_topic("Korea Utara Rusia")], ALIASES).match(article)
    assert (match.topic, match.score) == ("Korea Utara Rusia", 100)
    assert {evidence.term for evidence in match.evidence} == {"Korea Utara", "Rusia"}
    assert [evidence.field for evidence in match.evidence] == ["title", "title", "body", "body"]
    for evidence in match.evidence:
        text = title if evidence.field == "title" else body
        marked = {evidence.snippet[start:end] for start, end in evidence.hits}
        assert marked <= {"Korea Utara", "Rusia", "DPRK", "Moskow", "Pyongyang"}
        assert text[evidence.start : evidence.end] in marked
        assert evidence.snippet in text
        assert len(evidence.snippet) <= 200


# -- many topics ---------------------------------------------------------------------------------


def test_an_article_is_told_of_every_topic_it_concerns_in_their_order() -> None:
    topics = [a_topic("Rusia"), a_topic("Tiongkok", language="en"), a_topic("Moskow", language="none")]
    watchlist = Watchlist.compile(topics, {})
    assert [match.topic for match in watchlist.match(an_article("Moskow, Rusia"))] == ["Rusia", "Moskow"]
    assert watchlist.match_text("Moskow", "", "Moskow")
    assert not watchlist.match_text("Moskow", "", "Rusia")
    with pytest.raises(UsageError):
        watchlist.match_text("Beijing", "", "Moskow")


def test_a_topic_that_cannot_be_read_harms_no_other() -> None:
    topics = [a_topic("satu", query="(a"), a_topic("dua"), a_topic("tiga", query="b NEAR c")]
    watchlist, errors = compile_all(topics, {"x": ("y", "z*")})
    assert [match.topic for match in watchlist.match(an_article("dua"))] == ["dua"]
    assert [(place, error.path, error.column) for place, error in errors] == [
        (None, ("aliases", "x", 1), 2),
        (0, ("query",), 1),
        (2, ("query",), 3),
    ]
    with pytest.raises(TopicError):
        Watchlist.compile(topics, {})


def test_examples_that_a_topic_does_not_keep_are_named() -> None:
    examples = Examples(match=("Gempa di Maluku", "Banjir di Demak"), no_match=("Simulasi gempa", "Gempa besar"))
    topic = a_topic("Gempa besar", query="gempa -simulasi", examples=examples)
    failed = failed_examples(topic, Watchlist.compile([topic], {}))
    assert [(example.kind, example.place, example.text) for example in failed] == [
        ("match", 1, "Banjir di Demak"),
        ("no_match", 1, "Gempa besar"),
    ]
    assert all("Gempa besar" in example.what for example in failed)


# -- why -----------------------------------------------------------------------------------------


def found(query: str, body: str, *, title: str = "") -> Match:
    match = matched(query, body, title=title)
    assert match
    return match


@pytest.mark.parametrize(
    ("query", "title", "body", "score"),
    [
        # .4·1 + .3·0 + .2·1 + .1·1/5
        ("rusia", "", "rusia", 62),
        # .4 + .3 + .2 + .1·1/5
        ("rusia", "rusia", "", 92),
        ("rusia", "rusia", "rusia rusia moskow kremlin", 100),
        # one of two clauses: .4·½ + 0 + .2 + .1·1/5
        ("rusia OR minsk", "", "minsk", 42),
        # two clauses side by side: .4 + 0 + .2 + .1·2/5
        ("minsk kyiv", "", "minsk kyiv", 64),
        # half of them in the title, never in one paragraph: .4 + .3·½ + 0 + .1·2/5
        ("minsk kyiv", "minsk", "kyiv", 59),
        # ten words between: .4 + 0 + .2·.9 + .1·2/5
        ("minsk kyiv", "", "minsk" + " kata" * 10 + " kyiv", 62),
        ("minsk kyiv", "", "minsk" + " kata" * 50 + " kyiv", 54),
        ("minsk kyiv", "", "minsk" + " kata" * 100 + " kyiv", 44),
        ("minsk kyiv", "", "minsk\nkyiv", 44),
        # two of three side by side, the third elsewhere: .4 + 0 + .2·½ + .1·3/5
        ("minsk kyiv vilnius", "", "minsk kyiv\nvilnius", 56),
        # phrases count as their words; what is excluded does not count
        ('"kota minsk" "kota kyiv" -vilnius', "", "kota minsk kota kyiv", 64),
        # an alias is one clause, however it is called
        ("korea utara", "Korut", "DPRK, Pyongyang, North Korea, Korea Utara", 100),
    ],
)
def test_the_score(query: str, title: str, body: str, score: int) -> None:
    assert found(query, body, title=title).score == score


def test_evidence_names_the_clause_as_written_and_shows_what_was_found() -> None:
    (evidence,) = found("KOREA utara", "Kata Korut kemarin").evidence
    assert (evidence.term, evidence.field, evidence.start, evidence.end) == ("KOREA utara", "body", 5, 10)
    assert (evidence.snippet, evidence.hits) == ("Kata Korut kemarin", ((5, 10),))


def test_evidence_in_the_title_comes_first_then_by_place() -> None:
    match = found("minsk OR kyiv", "kyiv lalu minsk", title="dari minsk")
    assert [(each.term, each.field, each.start) for each in match.evidence] == [
        ("minsk", "title", 5),
        ("kyiv", "body", 0),
        ("minsk", "body", 10),
    ]


def test_what_is_excluded_is_no_evidence() -> None:
    match = found("minsk NOT (kyiv vilnius)", "minsk kyiv")
    assert [each.term for each in match.evidence] == ["minsk"]


def test_the_passage_shows_the_clauses_together() -> None:
    far = "minsk " + "kata " * 90
    match = found("minsk kyiv", f"{far}\nkemarin minsk bertemu kyiv lagi\n{far} minsk minsk minsk")
    assert {each.snippet for each in match.evidence} == {"kemarin minsk bertemu kyiv lagi"}
    assert match.evidence[0].hits == ((8, 13), (22, 26))


def test_a_clause_that_is_elsewhere_has_its_own_passage() -> None:
    match = found("minsk kyiv vilnius", "minsk kyiv\n" + "kata " * 80 + "\ndi vilnius")
    assert [(each.term, each.snippet) for each in match.evidence] == [
        ("minsk", "minsk kyiv"),
        ("kyiv", "minsk kyiv"),
        ("vilnius", "di vilnius"),
    ]


def test_marks_never_overlap() -> None:
    (first, *_) = found('"bank rakyat" OR "rakyat indonesia" OR rakyat', "bank rakyat indonesia").evidence
    assert first.hits == ((0, 21),)


# -- against the plainest evaluator --------------------------------------------------------------

VOCABULARY = ["satu", "dua", "tiga", "empat"]
PARAGRAPHS = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=6), max_size=3)
LEAVES = st.one_of(
    st.sampled_from([*VOCABULARY, "Korut"]),
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} OR {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} NOT {0[1]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} -({0[1]} OR {0[2]}))".format),
    ),
    max_leaves=8,
)
ORACLE_ALIASES = Aliases.compile({"satu dua": ("empat",), "tiga": ("dua dua",)})


def plainly_true(query: Query, paragraphs: list[list[str]]) -> bool:
    if isinstance(query, And):
        return all(plainly_true(part, paragraphs) for part in query.parts)
    if isinstance(query, Or):
        return any(plainly_true(part, paragraphs) for part in query.parts)
    if isinstance(query, Not):
        return not plainly_true(query.part, paragraphs)
    if isinstance(query, Alias):
        return any(plainly_true(option, paragraphs) for option in query.options)
    return any(f" {query.text.lower()} " in f" {' '.join(words)} " for words in paragraphs)


@given(QUERIES, PARAGRAPHS, st.lists(st.sampled_from(VOCABULARY), max_size=5))
def test_the_evaluator_agrees_with_the_plainest_one(written: str, body: list[list[str]], title: list[str]) -> None:
    query = parse(written, ORACLE_ALIASES)
    article = an_article("\n".join(" ".join(words) for words in body), title=" ".join(title))
    match = match_query(query, article)
    assert (match is not None) is plainly_true(query, [title, *body])


@given(QUERIES, st.text(st.sampled_from("satu dua tiga \n’-\u200b北.")))
def test_evidence_always_stands_within_its_field(written: str, body: str) -> None:
    match = match_query(parse(f"{written} OR a OR 北", READ_ALIASES), an_article(body, title=body.replace("\n", " ")))
    if not match:
        return
    assert 0 <= match.score <= 100
    assert match.evidence
    for evidence in match.evidence:
        text = body if evidence.field == "body" else body.replace("\n", " ")
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert len(evidence.snippet) <= 200
        assert evidence.snippet in text
        assert all(0 <= start < end <= len(evidence.snippet) for start, end in evidence.hits)
        assert text[evidence.start : evidence.end] in [evidence.snippet[start:end] for start, end in evidence.hits]
