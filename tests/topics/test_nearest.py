"""What of a text comes closest to a clause that it has not."""

from __future__ import annotations

from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.analysis import Analyser
from monitor.topics.clause_words import in_words, lines
from monitor.topics.evaluate import Fields
from monitor.topics.nearest import Close, Vicinity
from monitor.topics.query import parse
from monitor.topics.question import ready
from monitor.topics.spelled import Effort, Spelled, distance
from monitor.topics.tongues import INDONESIAN
from monitor.topics.why import Why, deciding, why
from tests.topics.trees import question, regex

ANALYSERS = {language: Analyser(language) for language in ("none", "id")}


def of(query: str, body: str, title: str = "", language: str = "none") -> Why:
    analyser = ANALYSERS[language]
    article: Fields = {"title": analyser.read(title), "body": analyser.read(body)}
    return why(ready(parse(query), analyser), article, Vicinity(article, analyser))


@pytest.mark.parametrize(
    ("query", "body", "says"),
    [
        # another spelling, another form, the same beginning or end
        ("rudal", "Roket dan rudel", "'rudal' is not in it; nearest: 'rudel'"),
        ("rudal", "Rudalnya jatuh", "'rudal' is not in it; nearest: 'Rudalnya'"),
        ("rudal", "rudel, lalu rudalnya", "'rudal' is not in it; nearest: 'rudel', 'rudalnya'"),
        ("Lavrov", "Menlu Lawrow tiba", "'Lavrov' is not in it; nearest: 'Lawrow'"),
        ("korut", "Kourt menembak", "'korut' is not in it; nearest: 'Kourt'"),
        ("nuklir", "termonuklir", "'nuklir' is not in it; nearest: 'termonuklir'"),
        ("militer", "militeristik", "'militer' is not in it; nearest: 'militeristik'"),
        ("rudal*", "rudel", "'rudal*' is not in it; nearest: 'rudel'"),
        ("rudal", "gempa di Maluku", "'rudal' is not in it"),
        ("UN", "di dan ke", "'UN' is not in it"),
        ("2024", "2025", "'2024' is not in it"),
        ("case:AS", "roda as", "'case:AS' is not in it; nearest: 'as' (with other capitals)"),
        ("title:gempa", "Gempa besar", "'title:gempa' is not in the title; but 'Gempa' is in the body"),
        # words in a row
        (
            '"uji rudal"',
            "uji coba rudal",
            "\"uji rudal\" is not in it; nearest: 'uji coba rudal' (with 1 word between)",
        ),
        ('"uji rudal"', "rudal uji", "\"uji rudal\" is not in it; nearest: 'rudal uji' (in another order)"),
        ('"uji rudal"', "uji\nrudal", "\"uji rudal\" is not in it; nearest: 'uji rudal' (in different paragraphs)"),
        ('"uji rudal"', "uji coba", "\"uji rudal\" is not in it; nearest: 'uji' (a part of it)"),
        ('"uji rudal"', "uji rudel", "\"uji rudal\" is not in it; nearest: 'rudel', 'uji' (a part of it)"),
        (
            '"uji rudal"',
            "uji satu dua rudal. Rudal lain: uji coba rudal",
            "\"uji rudal\" is not in it; nearest: 'uji coba rudal' (with 1 word between)",
        ),
        # a NEAR whose sides are too far
        (
            "korut NEAR/10 rusia",
            "korut" + " kata" * 14 + " rusia" + " kata" * 20 + " korut",
            (
                "'korut' and 'rusia' are in it, but not near each other, with 10 words between at most; "
                "they come closest in 'korut … rusia' (with 14 words between)"
            ),
        ),
        (
            "korut ONEAR/1 rusia",
            "rusia korut",
            (
                "'korut' and 'rusia' are in it, but not near each other, with 1 word between at most, in this order; "
                "they come closest in 'rusia … korut' (in another order)"
            ),
        ),
        (
            "korut NEAR/1 rusia",
            "korut\nrusia",
            (
                "'korut' and 'rusia' are in it, but not near each other, with 1 word between at most; "
                "they come closest in 'korut … rusia' (in different paragraphs)"
            ),
        ),
        ("korut NEAR/3 rusia", "korut, rosia", "'rusia' is not in it; nearest: 'rosia'"),
        # of an OR, each side's; of a NOT, and of what is there, nothing
        ("rudal OR tsunami", "rudel tsunamy", "nothing of 'rudal OR tsunami' is in it; nearest: 'rudel', 'tsunamy'"),
        ("gempa NOT simulasi", "Simulasi gempa", "'simulasi' is in it, and must not be"),
        ("gempa", "gempa gempar", "'gempa' is in it"),
    ],
)
def test_what_comes_closest_is_named_behind_what_is_missing(query: str, body: str, says: str) -> None:
    assert in_words(deciding(of(query, body))) == says


@pytest.mark.parametrize(
    ("query", "body", "closest"),
    [
        ("exact:rudal", "Rudalnya jatuh", Close("Rudalnya", "form", "body")),
        ('"uji rudal"', "menguji rudal", Close("menguji rudal", "form", "body")),
        ('case:"Uji Rudal"', "uji rudal", Close("uji rudal", "capitals", "body")),
        ('"uji rudal"', "menguji sebuah rudal", Close("menguji sebuah rudal", "apart", "body", 1)),
    ],
)
def test_a_word_in_another_form_is_known_by_its_stem(query: str, body: str, closest: Close) -> None:
    assert of(query, body, language="id").nearest[0] == closest


def test_a_pattern_has_nothing_near_it() -> None:
    article: Fields = {"body": ANALYSERS["none"].read("rudal")}
    assert why(question(regex(r"rud.l\d")), article, Vicinity(article, ANALYSERS["none"])).nearest == ()


def test_the_title_is_looked_through_too() -> None:
    assert of("rudal", "", "Rudel ditembakkan").nearest == (Close("Rudel", "spelling", "title"),)


def test_what_is_found_needs_nothing_near_it() -> None:
    found = of("gempa (tsunami OR banjir) NOT simulasi", "gempa gempar tsunami bandir simulasa")
    assert "nearest" not in "\n".join(lines(found))


def test_the_tree_names_it_at_each_clause() -> None:
    assert lines(of('rudal "uji coba" gempa', "gempa, rudel, uji satu coba")) == [
        "✗ all of these",
        "  ✗ 'rudal'; nearest: 'rudel'",
        "  ✗ \"uji coba\"; nearest: 'uji satu coba' (with 1 word between)",
        "  ✓ 'gempa' (1 place)",
    ]
    assert lines(of("rudal gempa", "gempa, rudel"), INDONESIAN) == [
        "✗ semua ini",
        "  ✗ 'rudal'; paling dekat: 'rudel'",
        "  ✓ 'gempa' (1 tempat)",
    ]


def test_a_long_passage_is_shown_by_its_ends() -> None:
    [close] = of('"uji rudal"', "uji " + "satu dua tiga " * 20 + "rudal").nearest
    assert (close.how, close.between) == ("apart", 60)
    assert close.text.startswith("uji satu")
    assert close.text.endswith("dua tiga rudal")
    assert len(close.text) <= 60


@pytest.mark.parametrize(
    ("one", "other", "most", "far"),
    [
        ("rudal", "rudal", 2, 0),
        ("rudal", "rudel", 2, 1),
        ("korut", "kourt", 2, 1),
        ("rudal", "rudl", 2, 1),
        ("rudal", "ruddal", 2, 1),
        ("rudal", "roket", 2, 3),
        ("rudal", "r", 2, 3),
    ],
)
def test_letters_apart(one: str, other: str, most: int, far: int) -> None:
    assert distance(one, other, most) == far


WORDS = st.text("abcde", max_size=9)


@given(WORDS, WORDS)
def test_letters_apart_are_the_same_from_both_sides(one: str, other: str) -> None:
    far = distance(one, other, 20)
    assert far == distance(other, one, 20)
    assert (far == 0) is (one == other)
    assert distance(one, other, 2) == min(far, 3)
    assert abs(len(one) - len(other)) <= far <= max(len(one), len(other))


@given(st.lists(WORDS), WORDS)
def test_what_is_alike_stands_in_the_text_and_is_another_word(forms: list[str], word: str) -> None:
    alike = Spelled(forms).alike(word, Effort(1000))
    assert {each.form for each in alike} <= set(forms) - {word}
    assert alike == sorted(alike)


def test_a_text_of_a_megabyte_and_hundreds_of_clauses_take_no_time() -> None:
    random = Random(1)
    known = ["".join(random.choices("aeiourtnsmkg", k=random.randint(3, 11))) for _ in range(20_000)]
    analyser = Analyser("none")
    article: Fields = {"body": analyser.read(" ".join(random.choices(known, k=130_000)))}
    assert len(article["body"].text) > 1_000_000
    query = " OR ".join(f"{each}xa" for each in random.sample(known, 300)) + ' OR "' + " ".join(known[:5]) + 'x"'
    asked = ready(parse(query), analyser)
    began = perf_counter()
    found = why(asked, article, Vicinity(article, analyser))
    assert perf_counter() - began < 20  # 1.5 s on an idle machine
    assert any(part.nearest for part in found.parts)
