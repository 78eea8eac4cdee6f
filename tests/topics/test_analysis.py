"""By which forms the words of a text are found, and where they stand."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings import AlertPolicy, Topic
from monitor.topics.analysis import PARAGRAPH_GAP, Analyser, Piece, Words
from monitor.topics.watchlist import Vocabulary, compile_all

INDONESIAN = Analyser("id")
PLAIN = Analyser("none")
PARTS = [
    "Kim",
    "Jong-un",
    "anak-anak",
    "laba-laba",
    "F16",
    "U.S.",
    "Rp1.500.000",
    "Russia's",
    "北京",
    "—",
    "\n",
    "\n\n",
    "ko\u00adrut",
]


def found(text: str, form: str, analyser: Analyser = PLAIN) -> list[str]:
    """What stands in the text where this form is found."""
    words = analyser.read(text)
    return [passage(words, form, first) for first in words.places.get(form, ())]


def passage(words: Words, form: str, first: int) -> str:
    start, end = words.span(first, words.last(form, first))
    return words.text[start:end]


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("Presiden Rusia, Rusia!", "rusia", ["Rusia", "Rusia"]),
        ("Kim Jong-un tiba", "jong", ["Jong"]),
        ("Kim Jong-un tiba", "jongun", ["Jong-un"]),
        ("a-b-ab", "ab", ["a-b", "ab"]),
        ("jet F16 jatuh", "f", ["F"]),
        ("jet F16 jatuh", "f16", ["F16"]),
        ("the U.S. army", "us", ["U.S."]),
        ("Russia's army", "russia", ["Russia's"]),
        ("Rp 1.500.000 hilang", "1500000", ["1.500.000"]),
        ("(ko\u00adrut)", "korut", ["ko\u00adrut"]),
        ("Erdoğan", "erdogan", ["Erdoğan"]),
        ("今日北京", "京", ["京"]),
        ("— ! —", "—", []),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, form: str, wanted: list[str]) -> None:
    assert found(text, form) == wanted


def test_no_two_paragraphs_are_near_each_other() -> None:
    words = PLAIN.read("satu dua\n\n—\ntiga")
    assert words.size == 3
    assert words.paragraphs() == [(0, 1), (2 + PARAGRAPH_GAP, 2 + PARAGRAPH_GAP)]
    assert words.sentences() == words.paragraphs()


def test_capitals_are_known_where_they_matter() -> None:
    words = PLAIN.read("— AS roda as")
    assert [words.is_written("as", place, "AS") for place in words.places["as"]] == [True, False]
    assert words.is_written("as", 0, "A*")


def test_a_stretch_of_characters_has_words() -> None:
    words = PLAIN.read("Gempa M 6,1 guncang Maluku")
    assert words.place_of((6, 9)) == (1, 2)
    assert words.place_of((500, 501)) == (words.size - 1, words.size - 1)
    assert PLAIN.read("").place_of((0, 0)) == (0, 0)


def test_a_bare_word_is_looked_for_by_its_stem_and_a_phrase_as_it_is() -> None:
    assert INDONESIAN.rows("penyerangan", bare=True) == ((Piece("~serang"),),)
    assert INDONESIAN.rows("operasi penangkapan", bare=False) == ((Piece("operasi"), Piece("penangkapan")),)
    assert PLAIN.rows("penyerangan", bare=True) == ((Piece("penyerangan"),),)
    assert INDONESIAN.rows("AS", bare=True, case=True) == ((Piece("as", "AS"),),)


def test_a_word_with_a_hyphen_is_looked_for_in_one_and_in_two() -> None:
    assert PLAIN.rows("Covid-19", bare=False) == ((Piece("covid"), Piece("19")), (Piece("covid19"),))


@pytest.mark.parametrize("word", ["laba-laba", "Undang-Undang", "berhati-hati"])
def test_a_doubled_word_of_its_own_is_no_form_of_its_half(word: str) -> None:
    assert f"~{word.lower().split('-')[1]}" not in INDONESIAN.read(word).places


def test_a_protected_word_is_found_with_its_clitics_only() -> None:
    protecting = Analyser("id", frozenset({"Penembak"}))
    assert "~penembak" in protecting.read("Penembaknya").places
    assert "~tembak" in protecting.read("penembakan").places
    assert "~tembak" not in protecting.read("penembak").places


@given(st.lists(st.sampled_from(PARTS), max_size=12), st.sampled_from(["", " ", ", "]))
def test_every_form_stands_somewhere_in_its_order(parts: list[str], between: str) -> None:
    words = INDONESIAN.read(between.join(parts))
    for form, places in words.places.items():
        assert list(places) == sorted(set(places))
        assert all(passage(words, form, first) for first in places)


@pytest.mark.parametrize("piece", ["a", "a-", "a1", "a'", "berlari-", "\u0301", "北", "1", "a-b ", "laba-laba "])
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    words = INDONESIAN.read(piece * 20_000)
    assert words.size <= 40_000
    assert len(words.paragraphs()) <= 1


@pytest.mark.parametrize(
    ("query", "text", "is_found"),
    [
        ("2025", "usia 20-25 tahun", False),
        ("2-0", "menang 20 gol", False),
        ("2-0", "menang 2-0", True),
        ("covid19", "kasus Covid-19", True),
        ("case:PM", "kata P2PM itu", False),
        ("case:PM", "kata PM itu", True),
        ("case:F-16", "dua F16 mendarat", True),
        ("case:F16", "dua F-16 mendarat", True),
        ("case:H5N1", "virus H5N1-baru", True),
        ("rp", "Rp1.500", True),
    ],
)
def test_figures_stay_apart_and_a_code_is_no_short_form(query: str, text: str, is_found: bool) -> None:
    topic = Topic(name="it", query=query, language="id", channels=(), policy=AlertPolicy())
    watchlist, _ = compile_all([topic], Vocabulary())
    assert bool(watchlist.match_text("it", "", text)) == is_found


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [
        ("de", "Coronakrisen", "Die Corona-Krise"),
        ("de", "Corona-Krise", "Die Coronakrisen"),
        ("es", "expresidentes", "El ex-presidente"),
        ("id", "nonaktifkan", "Pejabat itu di-nonaktifkan"),
        ("id", "di-bunuh", "Ia dibunuh"),
        ("id", "e-mailnya", "Alamat email itu"),
        ("none", "case:Erdoğan*", "Kata Erdoğan kemarin"),
        ("none", "case:O'Br*", "Kata O'Brien kemarin"),
        ("none", "case:Straße*", "Die Straßen"),
        ("none", "case:Café*", "Dua Cafés"),
        ("none", "case:ＡＳ*", "ＡＳＥＡＮ"),
    ],
)
def test_what_is_joined_and_what_has_a_wildcard_is_found_as_other_words_are(
    language: str, query: str, text: str
) -> None:
    topic = Topic(name="it", query=query, language=language, channels=(), policy=AlertPolicy())
    watchlist, _ = compile_all([topic], Vocabulary())
    assert watchlist.match_text("it", "", text)


@pytest.mark.parametrize(("query", "text"), [("case:erdoğan*", "Kata Erdoğan"), ("case:CAFÉ*", "Dua Cafés")])
def test_capitals_count_beside_a_wildcard_too(query: str, text: str) -> None:
    topic = Topic(name="it", query=query, language="none", channels=(), policy=AlertPolicy())
    watchlist, _ = compile_all([topic], Vocabulary())
    assert not watchlist.match_text("it", "", text)


def test_words_of_many_parts_take_little_memory_once_they_are_read() -> None:
    text = " ".join("-".join(f"{letter}{number:x}" for letter in "ghijkm") for number in range(0xA00, 0xE00))
    PLAIN.read(text)  # what is remembered of any text, for all languages together
    analyser = Analyser("none")
    tracemalloc.start()
    analyser.read(text)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 2_000 * 1024


def test_a_word_of_several_parts_is_read_alike_each_time() -> None:
    first, second = (PLAIN.read("Zaporizhzhia-Donetsk-Kherson, satu-dua-tiga-empat.") for _ in range(2))
    assert first.places == second.places
    assert "satuduatigaempat" in first.places
