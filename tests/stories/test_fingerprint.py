"""What an article is like."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.fingerprint import TERMS, fingerprint
from monitor.stories.frequencies import Frequencies
from tests.build import an_article

FIRST_DAY = Frequencies.of(0, {})
TITLE = "Gempa M 6,1 guncang Ternate"
TEXT = (
    "Gempa bumi bermagnitudo 6,1 mengguncang Ternate, Maluku Utara, pada Kamis (12/3/2026) pukul 04.15 WIT."
    " Badan Meteorologi, Klimatologi, dan Geofisika menyatakan gempa tidak berpotensi tsunami."
)


def test_telling_words_weigh_more_than_common_ones_and_the_heaviest_come_first() -> None:
    terms = fingerprint(an_article(TITLE, text=TEXT), FIRST_DAY).terms

    assert terms["ternate"] > terms["gempa"] > terms.get("pada", 0.0)
    assert list(terms.values()) == sorted(terms.values(), reverse=True)


def test_a_word_weighs_more_in_the_title_than_in_the_lead_and_there_more_than_below() -> None:
    filler = "Warga sempat berhamburan keluar rumah karena guncangan terasa kuat selama beberapa detik. " * 6
    article = an_article("Halmahera", text=f"Tidore terasa.\n{filler}\nBacan jauh.")
    terms = fingerprint(article, Frequencies.of(0, {})).terms

    assert terms["halmahera"] > terms["tidore"] > terms["bacan"]


def test_words_that_became_common_in_the_stream_lose_weight() -> None:
    article = an_article(TITLE, text=TEXT)
    everywhere = Frequencies.of(1000, {"ternate": 900})
    assert fingerprint(article, everywhere).terms["ternate"] < fingerprint(article, FIRST_DAY).terms["ternate"]


def test_numbers_and_dates_stand_apart_from_the_words() -> None:
    found = fingerprint(an_article(TITLE, text=TEXT), FIRST_DAY)

    assert found.title_figures == {"6,1"}
    assert found.figures == {"6,1", "12/3/2026", "04.15"}
    assert not any(any(map(str.isdigit, term)) for term in found.terms)


def test_names_are_the_words_that_the_text_writes_with_a_capital() -> None:
    title = "Gempa Guncang Ternate, Warga Tidore Panik"
    text = "Gempa terasa di Ternate. Warga panik. Di pulau Tidore, warga keluar rumah karena gempa."
    assert fingerprint(an_article(title, text=text), FIRST_DAY).names == {"ternate", "tidore"}


def test_a_teaser_is_known_as_one_and_neither_a_whole_article_nor_a_headline_is() -> None:
    assert fingerprint(an_article(TITLE, text=TEXT), FIRST_DAY).is_thin
    assert not fingerprint(an_article(TITLE, text=TEXT * 4), FIRST_DAY).is_thin
    assert not fingerprint(an_article(TITLE, text=""), FIRST_DAY).is_thin


def test_an_article_without_words_is_like_nothing() -> None:
    assert fingerprint(an_article("2026", text="…"), FIRST_DAY).terms == {}


@given(st.text(max_size=300), st.text(max_size=1000))
def test_any_text_has_a_fingerprint_and_always_the_same(title: str, text: str) -> None:
    article = an_article(title, text=text)
    found = fingerprint(article, FIRST_DAY)

    assert found == fingerprint(article, FIRST_DAY)
    assert len(found.terms) <= TERMS
    assert not found.terms or isclose(sum(weight * weight for weight in found.terms.values()), 1.0)
