"""Which articles a topic finds, and how it says why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model import Article, Match
from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import TopicError
from monitor.topics.tree import Alias, And, Not, Or, Phrase, Query, Word
from monitor.topics.watchlist import Account, Vocabulary, Watchlist, compile_all, compile_query

ALIASES = {
    "Korea Utara": ("Korut", "DPRK", "Pyongyang", "North Korea"),
    "Rusia": ("Moskow", "Kremlin", "Russia"),
    "Amerika Serikat": ("case:AS", "U.S."),
}
VOCABULARY = Vocabulary(ALIASES)


def an_article(body: str = "", *, title: str = "", **changes: Any) -> Article:
    values: dict[str, Any] = {
        "key": "k",
        "url": "https://tempo.co/1",
        "first_seen_at": datetime(2026, 1, 1, tzinfo=UTC),
        "outlet": "tempo.co",
        "feed": "f",
        "content_hash": "",
    }
    return Article(**{**values, "title": title, "text": body, **changes})


def a_topic(name: str, **changes: Any) -> Topic:
    return Topic(**{"name": name, "language": "id", "channels": (), "policy": AlertPolicy(), **changes})


def matched(query: str, body: str, *, title: str = "") -> Match | None:
    found = compile_query(query, VOCABULARY).match(an_article(body, title=title))
    return found[0] if found else None


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
    topics = [a_topic("satu", query="(a"), a_topic("dua"), a_topic("tiga", query="b NEAR/ c")]
    watchlist, errors = compile_all(topics, Vocabulary({"x": ("y", "z*")}))
    assert [match.topic for match in watchlist.match(an_article("dua"))] == ["dua"]
    assert [(place, error.path, error.column) for place, error in errors] == [
        (None, ("aliases", "x", 1), 2),
        (0, ("query",), 1),
        (2, ("query",), 3),
    ]
    with pytest.raises(TopicError):
        Watchlist.compile(topics, {})


# -- what a topic asks beside its words ----------------------------------------------------------


def names(topic: Topic, article: Article, vocabulary: Vocabulary = VOCABULARY) -> tuple[str, ...]:
    watchlist, errors = compile_all([topic], vocabulary)
    assert not errors
    found = tuple(match.topic for match in watchlist.match(article))
    assert watchlist.topics(article) == found
    return found


@pytest.mark.parametrize(
    ("wanted", "language", "expected"),
    [
        ((), "en", YES),
        (("id",), "id", YES),
        (("id",), "en", NO),
        (("id",), None, YES),
        (("id", "en"), "en-GB", YES),
        (("pt-BR",), "pt", YES),
        (("ID",), "in", YES),
        (("id",), "id_ID", YES),
        (("no",), "nb", YES),
        (("nb",), "nn-NO", YES),
        (("jv",), "jw", YES),
        (("ind",), "id", YES),
        (("ind",), "en", NO),
    ],
)
def test_articles_in_other_languages_are_left_out(
    wanted: tuple[str, ...], language: str | None, *, expected: bool
) -> None:
    assert bool(names(a_topic("gempa", languages=wanted), an_article("gempa", language=language))) is expected


def test_a_topic_may_look_at_some_feeds_only_or_at_all_but_some() -> None:
    article = an_article("gempa", feed="https://a.example/rss")
    assert names(a_topic("gempa", feeds=("https://a.example/rss",)), article)
    assert not names(a_topic("gempa", feeds=("https://b.example/rss",)), article)
    assert not names(a_topic("gempa", except_feeds=("https://a.example/rss",)), article)
    assert names(a_topic("gempa", except_feeds=("https://b.example/rss",)), article)


def test_what_matches_too_little_is_no_match() -> None:
    assert names(a_topic("rusia", min_score=62), an_article("rusia"))
    assert not names(a_topic("rusia", min_score=63), an_article("rusia"))
    watchlist, _ = compile_all([a_topic("rusia", min_score=63)], VOCABULARY)
    assert not watchlist.match_text("rusia", "", "rusia")
    assert watchlist.match_text("rusia", "rusia", "rusia")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("url:tempo", YES),
        ("url:gempa", NO),
        ("author:budi", YES),
        ('author:"budi santoso"', YES),
        ("author:ani", NO),
        ("feed:dunia", YES),
        ('feed:"dunia tempo"', YES),
        ('feed:"tempo rss"', NO),
        ("feed:rss", YES),
        ("budi", NO),
        ("gempa -feed:dunia", NO),
        ("gempa -url:olahraga", YES),
        ("title:gempa", NO),
        ("title:gempa OR url:tempo", YES),
    ],
)
def test_address_author_and_feed_can_be_asked_for(query: str, *, expected: bool) -> None:
    article = an_article("gempa", feed="https://rss.example/", author="Budi Santoso", url="https://tempo.co/read/1")
    vocabulary = Vocabulary(feed_names={"https://rss.example/": "Dunia Tempo"})
    assert bool(names(a_topic("it", query=query), article, vocabulary)) is expected


def account(topic: Topic, article: Article) -> Account:
    return compile_all([topic], VOCABULARY)[0].account(topic.name, article)


def test_an_account_tells_the_score_or_which_filter_refused() -> None:
    told = account(a_topic("rusia"), an_article("rusia"))
    assert (told.is_match, told.score, told.refused_by, told.why.is_hit) == (True, 62, None, True)
    told = account(a_topic("rusia"), an_article("minsk"))
    assert (told.is_match, told.score, told.refused_by, told.why.is_hit) == (False, None, None, False)
    told = account(a_topic("rusia", except_feeds=("f",)), an_article("rusia"))
    assert (told.is_match, told.score, told.refused_by) == (False, 62, "except_feeds")
    told = account(a_topic("rusia", min_score=80), an_article("rusia"))
    assert (told.is_match, told.score, told.refused_by) == (False, 62, "min_score")
    with pytest.raises(UsageError):
        compile_all([], VOCABULARY)[0].account("rusia", an_article())


# -- words that topics share ---------------------------------------------------------------------


def test_packs_bring_aliases_and_the_users_own_come_before_them() -> None:
    article = an_article("Komisi Pemberantasan Korupsi memeriksa saksi")
    assert not names(a_topic("KPK"), article, Vocabulary())
    assert names(a_topic("KPK"), article, Vocabulary(packs=("indonesia",)))
    assert not names(a_topic("KPK"), article, Vocabulary({"KPK": ("antirasuah",)}, packs=("indonesia",)))


def test_a_protected_word_keeps_its_affixes() -> None:
    article = an_article("mereka menulis surat")
    assert names(a_topic("tulis"), article, Vocabulary())
    assert not names(a_topic("tulis"), article, Vocabulary(protect=("menulis",)))


# -- compiled again ------------------------------------------------------------------------------


def test_what_did_not_change_is_not_read_again() -> None:
    topics = [a_topic("gempa"), a_topic("banjir"), a_topic("rusia", language="en")]
    before, _ = compile_all(topics, VOCABULARY)
    topics[1] = a_topic("banjir", query="banjir -demak")
    after, _ = compile_all([*topics[::-1], a_topic("longsor")], Vocabulary(ALIASES), previous=before)
    assert [after.watch(name) is before.watch(name) for name in ("gempa", "banjir", "rusia")] == [True, False, True]
    assert after.topics(an_article("gempa, banjir dan longsor di Moskow")) == ("rusia", "banjir", "gempa", "longsor")
    assert after.topics(an_article("gempa dan banjir di Demak")) == ("gempa",)


def test_when_words_mean_something_else_every_topic_is_read_again() -> None:
    before, _ = compile_all([a_topic("rusia")], VOCABULARY)
    after, _ = compile_all([a_topic("rusia")], Vocabulary({"Rusia": ("Beruang Merah",)}), previous=before)
    assert after.topics(an_article("Beruang Merah")) == ("rusia",)
    assert not after.topics(an_article("Moskow"))
    protected, _ = compile_all([a_topic("tulis")], Vocabulary(protect=("menulis",)), previous=after)
    assert not protected.topics(an_article("menulis"))


def test_a_wrong_alias_is_told_of_each_time() -> None:
    wrong = Vocabulary({"x": ("z*",)})
    before, errors = compile_all([], wrong)
    assert errors
    assert compile_all([], wrong, previous=before)[1] == errors


def test_a_feed_that_is_renamed_is_found_by_its_new_name() -> None:
    topics = [a_topic("it", query="feed:dunia")]
    before, _ = compile_all(topics, Vocabulary(feed_names={"f": "Dalam Negeri"}))
    assert not before.topics(an_article())
    after, _ = compile_all(topics, Vocabulary(feed_names={"f": "Dunia"}), previous=before)
    assert after.topics(an_article()) == ("it",)


def test_how_rare_words_are_does_not_change_what_is_found() -> None:
    topics = [a_topic(name) for name in ("presiden rusia", "presiden minsk", "rusia minsk kyiv")]
    watchlist = Watchlist.compile(topics, ALIASES)
    weighed = watchlist.weighed(lambda word: {"presiden": 1.0, "rusia": 2.0}.get(word, 3.0))
    article = an_article("Presiden Rusia tiba di Minsk")
    assert weighed.match(article) == watchlist.match(article)
    again, _ = compile_all(topics, VOCABULARY, previous=weighed)
    assert again.rarity is weighed.rarity


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

WORDS = ["satu", "dua", "tiga", "empat"]
PARAGRAPHS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=3)
LEAVES = st.one_of(
    st.sampled_from([*WORDS, "Korut"]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
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
ORACLE_VOCABULARY = Vocabulary({"satu dua": ("empat",), "tiga": ("dua dua",)})


def plainly_true(query: Query, paragraphs: list[list[str]]) -> bool:
    if isinstance(query, And):
        return all(plainly_true(part, paragraphs) for part in query.parts)
    if isinstance(query, Or):
        return any(plainly_true(part, paragraphs) for part in query.parts)
    if isinstance(query, Not):
        return not plainly_true(query.part, paragraphs)
    if isinstance(query, Alias):
        return any(plainly_true(option, paragraphs) for option in query.options)
    assert isinstance(query, Word | Phrase)
    return any(f" {query.text.lower()} " in f" {' '.join(words)} " for words in paragraphs)


@given(QUERIES, PARAGRAPHS, st.lists(st.sampled_from(WORDS), max_size=5))
def test_the_evaluator_agrees_with_the_plainest_one(written: str, body: list[list[str]], title: list[str]) -> None:
    watchlist = compile_query(written, ORACLE_VOCABULARY)
    (watch,) = watchlist.watches
    article = an_article("\n".join(" ".join(words) for words in body), title=" ".join(title))
    assert bool(watchlist.match(article)) is plainly_true(watch.question.query, [title, *body])


@given(QUERIES, st.text(st.sampled_from("satu dua tiga \n’-\u200b北.")))
def test_evidence_always_stands_within_its_field(written: str, body: str) -> None:
    match = matched(f"{written} OR a OR 北", body, title=body.replace("\n", " "))
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
