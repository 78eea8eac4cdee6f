"""Which clauses may be in an article, and which topics it may concern: nothing that is there is overlooked, and hardly
anything is named that is not.
"""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import Article, Field
from monitor.settings import AlertPolicy, Sample, Topic
from monitor.topics.analysis import Analyser
from monitor.topics.evaluate import Fields, Whole
from monitor.topics.question import ready
from monitor.topics.sieve import Sieve, passes
from monitor.topics.stems import _ALGORITHMS, Stems
from monitor.topics.tree import Query
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all, compile_query
from tests.build import an_article
from tests.topics import test_oracle as oracle
from tests.topics.test_evaluate import QUERIES, TEXTS, Paragraph, body_of
from tests.topics.trees import PLAIN, alias, every, of, phrase, question, regex, word

INDONESIAN = Analyser("id")
YES, NO = True, False


def may_have(query: Query | str, body: str, title: str = "", *, analyser: Analyser = INDONESIAN) -> bool:
    clauses = [clause for clause, _ in ready(of(query), analyser).clauses]
    return Sieve(analyser, clauses).may_have(title, body) == (1 << len(clauses)) - 1


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        # affixes, also those before which a letter melts
        ("tulis", "Ia menulis.", YES),
        ("tulis", "Tulisannya bagus", YES),
        ("menulis", "surat tertulis", YES),
        ("korupsi", "para koruptor", NO),
        ("tembak", "penembakan di Papua", YES),
        ("sapu", "menyapu", YES),
        ("kirim", "pengiriman", YES),
        ("pukul", "pemukulan", YES),
        ("alami", "pengalaman", YES),
        ("uji", "pengujian rudal", YES),
        ("uji", "tepuji", NO),
        ("ubah", "perubahan", YES),
        # the ways to write a word
        ("erdogan", "Presiden Erdoğan tiba", YES),
        ("strasse", "Straße", YES),
        ("korut", "ko\u200brut", YES),
        ("tokyo", "ＴＯＫＹＯ", YES),
        ("alquran", "Al-Qur’an", YES),
        ("Jong-un", "Kim Jong Un", YES),
        ("jongun", "Kim Jong-un", YES),
        ("1500000", "Rp1.500.000,-", YES),
        ("Ukraine", "(Ukraine's)", YES),
        ("RUSIA", "“rusia”", YES),
        ("rusia", "Belarusia", NO),
        ("budi", "_Budi_", YES),
        ("16", "F-16", YES),
        ("F16", "F-16", YES),
        ("un", "Jong-un", YES),
        ("usa", "U.S.A.", YES),
        (word("AS", case=True), "AS", YES),
        (word("AS", case=True), "as", NO),
        (word("exact", exact=True), "exactly", NO),
        ("북한", "북한은", YES),
        ("日本", "日本銀行", YES),
        ("мост", "Крымский мост", YES),
        # wildcards, phrases, other names, patterns
        (word("rud*"), "uji rudal", YES),
        (word("*dal"), "uji rudal", YES),
        (word("rud*"), "uji coba", NO),
        (phrase("uji rudal"), "rudal yang lulus uji", YES),
        (phrase("uji rudal"), "uji coba", NO),
        (alias("Korea Utara", "korut"), "Korut menembak", YES),
        (alias("Korea Utara", "korut"), "Korea Selatan", NO),
        (regex("rud[a-z]+"), "uji rudal", YES),
        (regex("rud[a-z]+"), "uji", NO),
        # all of several
        (every("gempa", "maluku"), "Gempa di Maluku", YES),
        (every("gempa", "maluku"), "Gempa di Aceh", NO),
    ],
)
def test_what_may_be_there(query: Query | str, body: str, *, expected: bool) -> None:
    assert may_have(query, body) is expected
    assert may_have(query, "", body) is expected


@pytest.mark.parametrize("field", ["url", "author", "feed"])
def test_of_what_is_no_text_nothing_is_said(field: Field) -> None:
    assert may_have(word("tempo", fields=(field,)), "")


@given(QUERIES, TEXTS, st.sampled_from(["a", "b", "c a", ""]))
def test_nothing_that_is_there_is_overlooked(query: Query, texts: list[Paragraph], title: str) -> None:
    body = body_of(texts)
    fields: Fields = {"title": PLAIN.read(title), "body": PLAIN.read(body)}
    clauses = [clause for clause, _ in question(query).clauses]
    found = Sieve(PLAIN, clauses).may_have(title, body)
    there = [Whole(fields).has(clause) for clause in clauses]
    assert [bool(found >> at & 1) or not is_there for at, is_there in enumerate(there)] == [True] * len(clauses)


@given(
    st.sampled_from(["tulis", "ajar", "kirim", "pukul", "sapu", "tembak", "didik", "bangun", "ubah", "adil"]), st.data()
)
def test_a_stem_is_seen_under_its_affixes(stem: str, data: st.DataObject) -> None:
    prefixes = ["", "me", "mem", "men", "meng", "meny", "di", "ber", "ter", "pe", "pem", "pen", "peng", "ke", "se"]
    prefix, suffix = (data.draw(st.sampled_from(each)) for each in (prefixes, ["", "an", "kan", "i", "nya", "annya"]))
    for written in (prefix + stem + suffix, prefix + stem[1:] + suffix):
        clause = ready(word(stem), INDONESIAN).clauses[0][0]
        if Whole({"title": INDONESIAN.read(""), "body": INDONESIAN.read(written)}).has(clause):
            assert may_have(stem, written)


# -- topics --------------------------------------------------------------------------------------

LANGUAGES = ("none", "id", "en", "ko", *_ALGORITHMS)
SPECIMENS = (
    "gempa", "kegempaan", "menulis", "tulis", "penulisan", "mengawal", "kawal", "anak-anak", "anak", "berpengalaman", "alami", "U.S.", "us", "F-16", "F16",
    "1.500", "1500", "Perancis", "Pérancis", "“Korut”", "Korut", "KORUT,", "memata-matai", "mata-mata", "Russia's", "Russia", "e-mail", "email", "북한", "북한의",
    "kota\u00adkota", "ｗｉｄｅ", "wide", "İstanbul", "istanbul", "Straße", "strasse", "running", "dying", "die", "runs", "ketahui", "tahu", "_Budi_", "Budi",
    "Ueberfall", "Überfall", "überfällen", "Häuser", "Haus", "gelopen", "lopen", "loop", "duna", "bhfear", "fear", "cxu", "ĉu", "djak", "đak", "Россия", "россией",
    "l’avion", "avion", "foo\xa0bar", "foo", "12㎞", "km", "…dan", "covid19x", "covid-19", "\ud800gempa", "http://example.com/gempa?x=1", "@gempa", "#Budi",
)  # fmt: skip
FORMS = (
    "{}", '"{}"', "case:{}", "exact:{}", "title:{}", "body:{}", "{} OR zebra", "{} zebra", "{} NEAR/3 zebra", "zebra ONEAR/1 {}", "ATLEAST/2 ({})", "{} -zebra",
    '"zebra {}"', "title:(zebra {})",
)  # fmt: skip
PATTERNS = ("gem*", "t?lis", "F*", "Häu*", "case:Bud*", "ko*ut", '"zebra ru*"', "15??", "北*", "exact:ru*")
WRITTEN = st.sampled_from(SPECIMENS)
FORMS_OF = st.one_of(
    st.builds(str.format, st.sampled_from(FORMS), WRITTEN | st.sampled_from(["Korea Utara"])), st.sampled_from(PATTERNS)
)
LINES = st.lists(WRITTEN | st.sampled_from(["zebra", "dan", "itu"]), max_size=6).map(" ".join)


@cache
def analyser_of(language: str) -> Analyser:
    return Analyser(language)


@cache
def vocabulary_of(language: str) -> Watchlist:
    return compile_all([], Vocabulary({"Korea Utara": ("Korut", "case:US", "gem*", "anak anak")}))[0]


def compiled(language: str, *queries: str) -> Watchlist:
    """Those of them that can be read."""
    topics = [
        Topic(name=f"{n}", query=query, language=language, channels=(), policy=AlertPolicy())
        for n, query in enumerate(queries)
    ]
    known = vocabulary_of(language)
    return compile_all(topics, known.words.vocabulary, previous=known)[0]


@settings(max_examples=500)
@given(st.lists(FORMS_OF, min_size=1, max_size=3), LINES, LINES, st.sampled_from(LANGUAGES))
def test_what_a_topic_finds_is_let_through(queries: list[str], title: str, text: str, language: str) -> None:
    watchlist = compiled(language, *queries)
    is_let = passes(watchlist.groups)
    assert is_let is None or is_let(title, text) or not watchlist.match(an_article(title, text=text))


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(**oracle.EXAMPLE)
def test_what_any_query_finds_is_let_through(asked: list[Topic], articles: list[Article], language: str) -> None:
    for topic in asked:
        one = topic.model_copy(update={"language": language})
        watchlist, _ = compile_all([one], oracle.VOCABULARY, previous=oracle.READ[language])
        is_let = passes(watchlist.groups)
        for article in articles:
            assert is_let is None or is_let(article.title, article.text) or not watchlist.topics(article)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=50)
@given(data=st.data())
def test_a_word_holds_a_trace_of_its_stem(language: str, data: st.DataObject) -> None:
    written = data.draw(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
    stems = Stems(language)
    traces = stems.traces(stems.of(written))
    assert any(written.startswith(each[1:]) if each.startswith("^") else each in written for each in traces)


@given(st.text(max_size=12), st.text(max_size=12), st.sampled_from(LANGUAGES))
def test_any_word_that_is_looked_for_is_seen(text: str, beside: str, language: str) -> None:
    analyser = analyser_of(language)
    for chunk in text.split():
        for bare in (True, False):
            clause = ready(word(chunk, exact=not bare), analyser).clauses[0][0]
            for body in (chunk, beside + chunk, chunk + beside, chunk.upper(), chunk.lower()):
                if Whole({"title": analyser.read(""), "body": analyser.read(body)}).has(clause):
                    assert Sieve(analyser, [clause]).may_have("", body)


@pytest.mark.parametrize(
    ("query", "text", "is_let_through"),
    [
        ("gempa", "Empat orang menunggu di tempat itu.", NO),
        ("gempa", "Kegempaan meningkat.", YES),
        ("tulis", "Ia menuliskannya.", YES),
        ("gemp*", "Gempa!", YES),
        ("gemp*", "Kegempaan meningkat.", NO),
        ("nuklir OR rudal", "Rudal itu jatuh.", YES),
        ("nuklir rudal", "Rudal itu jatuh.", NO),
        ("nuklir NEAR rudal", "Rudal nuklir", YES),
        ("gempa -simulasi", "Simulasi gempa", YES),
        ('"uji rudal"', "rudal itu", NO),
    ],
)
def test_what_has_nothing_to_do_with_it_is_refused(query: str, text: str, *, is_let_through: bool) -> None:
    is_let = passes(compile_query(query, Vocabulary(), "id").groups)
    assert is_let is not None
    assert is_let("Judul", text) is is_let_through


@pytest.mark.parametrize("query", ["url:antaranews", "author:Budi OR gempa"])
def test_what_stands_elsewhere_than_in_the_text_can_not_be_told_from_it(query: str) -> None:
    assert passes(compile_query(query, Vocabulary(), "id").groups) is None


def test_a_topic_by_example_lets_through_what_its_words_let() -> None:
    sample = Sample(name="contoh", title="Gempa", text="Gempa mengguncang Maluku")
    like = Topic(name="it", like=(sample,), language="id", channels=(), policy=AlertPolicy())
    assert passes(compile_all([like], Vocabulary())[0].groups) is None
    is_let = passes(compile_all([like.model_copy(update={"query": "gempa"})], Vocabulary())[0].groups)
    assert is_let is not None
    assert (is_let("Judul", "Kegempaan"), is_let("Judul", "Rudal")) == (YES, NO)
