"""Looking at letters refuses no text that a topic finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.prefilter import passes
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_query
from tests.build import an_article

WORDS = (
    "gempa", "kegempaan", "menulis", "tulis", "penulisan", "mengawal", "kawal", "anak-anak", "anak", "berpengalaman", "alami", "U.S.", "us", "F-16", "F16",
    "1.500", "1500", "Perancis", "Pérancis", "“Korut”", "Korut", "KORUT,", "memata-matai", "mata-mata", "Russia's", "Russia", "e-mail", "email", "북한", "북한의",
    "kota\u00adkota", "ｗｉｄｅ", "wide", "İstanbul", "istanbul", "Straße", "strasse", "running", "dying", "die", "runs", "ketahui", "tahu",
)  # fmt: skip
QUERIES = (
    "{}", '"{}"', "case:{}", "title:{}", "{} OR zebra", "{} zebra", "{} NEAR/3 zebra", "ATLEAST/2 ({})", "{} -zebra",
)  # fmt: skip
words = st.sampled_from(WORDS)
texts = st.lists(words | st.sampled_from(["zebra", "dan", "itu"]), max_size=6).map(" ".join)


def compiled(query: str, language: str) -> Watchlist | None:
    try:
        return compile_query(query, Vocabulary(), language)
    except Exception:  # noqa: BLE001 - what is no query is none here
        return None


@given(st.sampled_from(QUERIES), words, texts, texts, st.sampled_from(["id", "en", "none", "ko"]))
def test_what_a_query_finds_is_let_through(form: str, word: str, title: str, text: str, language: str) -> None:
    watchlist = compiled(form.format(word), language)
    if watchlist is None or (is_let := passes(watchlist.groups)) is None:
        return
    if watchlist.match(an_article(title, text=text)):
        assert is_let(title, text)


@pytest.mark.parametrize(
    ("query", "text", "is_let_through"),
    [
        ("gempa", "Empat orang menunggu di tempat itu.", False),
        ("gempa", "Kegempaan meningkat.", True),
        ("tulis", "Ia menuliskannya.", True),
        ("gemp*", "Gempa!", True),
        ("gemp*", "Kegempaan meningkat.", False),
        ("nuklir OR rudal", "Rudal itu jatuh.", True),
    ],
)
def test_what_has_nothing_to_do_with_it_is_refused(query: str, text: str, *, is_let_through: bool) -> None:
    is_let = passes(compile_query(query, Vocabulary(), "id").groups)
    assert is_let is not None
    assert is_let("Judul", text) is is_let_through


@pytest.mark.parametrize("query", ["url:antaranews", "author:Budi OR gempa"])
def test_what_stands_elsewhere_than_in_the_text_can_not_be_told_from_it(query: str) -> None:
    assert passes(compile_query(query, Vocabulary(), "id").groups) is None
