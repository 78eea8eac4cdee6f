"""Which clauses may be in an article: none that is there is overlooked, and hardly any is named that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Field
from monitor.topics.analysis import Analyser
from monitor.topics.evaluate import Fields, Whole
from monitor.topics.question import ready
from monitor.topics.sieve import Sieve
from monitor.topics.tree import Query
from tests.topics.test_evaluate import QUERIES, TEXTS, Paragraph, body_of
from tests.topics.test_watchlist import an_article
from tests.topics.trees import PLAIN, alias, every, of, phrase, question, regex, word

INDONESIAN = Analyser("id")
YES, NO = True, False


def may_have(query: Query | str, body: str, title: str = "", *, analyser: Analyser = INDONESIAN) -> bool:
    clauses = [clause for clause, _ in ready(of(query), analyser).clauses]
    found = Sieve(analyser, clauses).may_have(an_article(body, title=title))
    return found == (1 << len(clauses)) - 1


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
    found = Sieve(PLAIN, clauses).may_have(an_article(body, title=title))
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
