"""One form for text: what a reader sees as the same is the same, and every place can be shown again."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import text as text_module
from monitor.text import content_hash, fold, normalise, one_line, paragraphs, passage, tokens

SEEDS = sorted(Path(__file__).parent.parent.glob("seeds/*.txt"))
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \n\t.,-'’1Aéßกガｶﾞ한\u200b\u0301\u00ad\ufeff")))


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_are_in_normal_form(seed: Path) -> None:
    text = seed.read_bytes().decode()
    assert normalise(text) == text


def test_there_are_seeds() -> None:
    assert len(SEEDS) == 2


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\tb", "a b"),
        ("a\x00b\x1bc\x9fd", "abcd"),
        ("a\ud800b", "ab"),
        ("\ufeffa", "a"),
        ("a  \nb \t\n", "a\nb"),
        ("\n\n a\n\n\nb\n", " a\n\n\nb"),
        ("cafe\u0301", "café"),
        ("e\x00\u0301", "é"),
        ("", ""),
        ("a b", "a b"),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_one_line_has_single_spaces() -> None:
    assert one_line("  Korea\u00a0Utara \n\n dan\tRusia ") == "Korea Utara dan Rusia"


@given(TEXTS)
def test_normal_form_is_stable(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert unicodedata.is_normalized("NFC", normal)
    assert one_line(one_line(text)) == one_line(text)
    normal.encode()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("RUSIA", "rusia"),
        ("Ｒｕｓｉａ", "rusia"),
        ("Erdoğan", "erdogan"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("Søren Ægir", "soren aegir"),
        ("Đà Nẵng", "da nang"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("ﬁnal", "final"),
        ("Ко\u0301рея", "корея"),
        ("Ёлка", "елка"),
        ("Ελλάς", "ελλασ"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ko\u200brut\u00ad\u2060", "korut"),
        ("\u202aRusia\u202c", "rusia"),
        ("ｶﾞ", "ガ"),
        ("\ufcf2", ""),
        ("กิ่ง", "กิ่ง"),
        ("हिन्दी", "हिन्दी"),
        ("한국", "한국"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(unicodedata.normalize("NFD", written)) == folded


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Korea Utara, Rusia.", ["korea", "utara", "rusia"]),
        ("O'Brien O’Brien Oʼbrien", ["obrien"] * 3),
        ("Al-Qur’an", ["al", "quran"]),
        ("'kutipan' ‘kutipan’", ["kutipan", "kutipan"]),
        ("U.S. U.S U.S.-led US", ["us", "us", "us", "led", "us"]),
        ("J.K. Rowling", ["jk", "rowling"]),
        ("1.500.000 1,500,000 1500000", ["1500000"] * 3),
        ("Rp1.500.000", ["rp", "1500000"]),
        ("6,1 12.07.2025 2.5.100", ["6", "1", "12", "07", "2025", "2", "5", "100"]),
        ("G20 F-16 Covid-19", ["g20", "f", "16", "covid", "19"]),
        ("kata-kata Jong\u2011un", ["kata", "kata", "jong", "un"]),
        ("(13/7/2025)", ["13", "7", "2025"]),
        ("AT&T", ["at", "t"]),
        ("#RusiaUkraina @korut", ["rusiaukraina", "korut"]),
        ("snake_case", ["snake", "case"]),
        ("tempo.co", ["tempo", "co"]),
        ("CO₂ km²", ["co2", "km2"]),
        ("½", []),
        ("北朝鮮 Rusia", ["北", "朝", "鮮", "rusia"]),
        ("ロシア", ["ロ", "シ", "ア"]),
        ("กิน", ["กิ", "น"]),
        ("북한은", ["북한은"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("Ko\u00adrut ko\u200brut", ["korut", "korut"]),
        ("“Rusia”—Moskow…", ["rusia", "moskow"]),
        ("— … 🔥", []),
        ("", []),
    ],
)
def test_words(written: str, words: list[str]) -> None:
    assert terms(written) == words


def test_a_word_keeps_its_capitals_beside_its_term() -> None:
    assert [token.cased for token in tokens("AS U.S. Łódź O’Brien")] == ["AS", "US", "Lodz", "OBrien"]


def test_places_are_those_of_the_original_text() -> None:
    text = "  “Ko\u200brut” di\u00a0Ｕ．Ｓ． kata-kata ｶﾞ 1.500.000!"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "Ko\u200brut",
        "di",
        "Ｕ．Ｓ．",
        "kata",
        "kata",
        "ｶﾞ",
        "1.500.000",
    ]


@given(TEXTS)
def test_words_stand_in_order_within_the_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.term == fold(token.term) == fold(token.cased)
        assert not any(char.isspace() for char in token.term)
        end = token.end


def test_paragraphs_are_the_lines_that_say_something() -> None:
    text = "satu\n\n \ndua tiga\n"
    assert [text[start:end] for start, end in paragraphs(text)] == ["satu", "dua tiga"]


def test_a_passage_shows_where_the_hits_are_densest() -> None:
    text = "rusia " + "kata " * 100 + "korea dan rusia dan korea " + "kata " * 100
    hits = [(token.start, token.end) for token in tokens(text) if token.term in ("rusia", "korea")]
    start, end = passage(text, hits)
    assert "korea dan rusia dan korea" in text[start:end]
    assert end - start <= 200
    assert text[start:end].startswith("kata ")
    assert text[start:end].endswith(" kata")


def test_a_passage_stays_in_its_paragraph() -> None:
    text = "satu dua\n\nRusia dan Korea\n\ntiga"
    start, end = passage(text, [(10, 15)])
    assert text[start:end] == "Rusia dan Korea"


def test_without_hits_the_passage_is_the_beginning() -> None:
    text = "kata " * 100
    start, end = passage(text, [])
    assert (start, text[start:end].split()) == (0, ["kata"] * 40)


def test_a_hit_longer_than_a_passage_is_cut() -> None:
    start, end = passage("a" * 500, [(10, 400)])
    assert (start, end) == (10, 210)


@given(TEXTS, st.integers(1, 60))
def test_a_passage_is_short_and_holds_a_hit_that_fits(text: str, width: int) -> None:
    hits = [(token.start, token.end) for token in tokens(text)]
    start, end = passage(text, hits, width)
    assert 0 <= start <= end <= len(text)
    assert end - start <= width
    assert "\n" not in text[start:end]
    fitting = [hit for hit in hits if hit[1] - hit[0] <= width]
    assert len(fitting) < len(hits) or not hits or any(start <= left and right <= end for left, right in hits)


def test_exact_likeness_looks_through_quotes_blanks_and_accents() -> None:
    first = content_hash("Korea “Utara”", "Kim  berkata:\n\n'ya'")
    assert first == content_hash('KOREA "Utara"', "Kim berkata: ya")
    assert first != content_hash("Korea Utara Kim", "berkata ya")
    assert first != content_hash("Korea Utara", "Kim berkata tidak")
    assert len(first) == 64


def test_articles_without_words_differ_by_their_signs() -> None:
    assert content_hash("🔥", "") != content_hash("🌊", "")


@pytest.mark.parametrize(
    "piece", ["a", "\u0301\u0316", "\u0e38ﾞ", "\u0e38\u034f\u3099", "x'", "1.111", "a.", " ", "\n", "北"], ids=ascii
)
def test_hostile_text_does_not_hold_us_up(piece: str) -> None:
    """Anything that takes time in the square of its length would not come back from this."""
    written = piece * 200_000
    assert len(fold(normalise(written))) <= len(written)
    assert len(tokens(written)) <= len(written)
    assert len(paragraphs(written)) <= 1


@given(st.text("aZé.,'1-", max_size=8))
def test_words_of_plain_letters_are_read_as_all_others(chunk: str) -> None:
    assert text_module._words(chunk) == text_module._words_by_kind(chunk)
