"""Indonesian words meet under their root, and no other words do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.topics.stems import Stems

SEEN = Path(__file__).parent / "stems" / "seen.txt"
INDONESIAN = Stems("id")
ROOTS = [
    f"{one}{two}{three}" for one in "bdfgklmn" for two in "aeiou" for three in ("rk", "nd", "lt", "ss", "hm", "tz")
]


def pairs(sign: str) -> list[tuple[str, str]]:
    lines = (line.partition(f" {sign} ") for line in SEEN.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return [(word, other) for word, _, others in lines for other in others.split()]


def test_there_are_enough_pairs_to_say_something() -> None:
    assert len(pairs("=")) >= 200
    assert len(pairs("≠")) >= 120


@pytest.mark.parametrize(("root", "form"), pairs("="))
def test_a_word_is_found_by_its_root(root: str, form: str) -> None:
    assert INDONESIAN.of(form) == INDONESIAN.of(root)


@pytest.mark.parametrize(("one", "other"), pairs("≠"))
def test_words_that_only_look_related_stay_apart(one: str, other: str) -> None:
    assert INDONESIAN.of(one) != INDONESIAN.of(other)


def test_a_word_that_the_user_protects_stays_whole() -> None:
    stems = Stems("id", ["penembak"])

    assert stems.of("penembak") == "penembak"
    assert stems.of("penembakan") == stems.of("tembak")


@pytest.mark.parametrize(
    "word", ["x", "a" * 31, "menmenmenmenmenmenmenmenmen", "pepepepe", "nya", "kan", "meng", "berkan"]
)
def test_what_is_no_word_harms_nothing(word: str) -> None:
    assert INDONESIAN.of(word)


def test_a_stem_is_its_own_stem_or_that_of_words_from_one_that_is_everywhere() -> None:
    stems = {INDONESIAN.of(word) for pair in pairs("=") for word in pair}

    assert {stem for stem in stems if INDONESIAN.of(stem) != stem} == set()


@pytest.mark.parametrize("code", ["id", "in", "ID", "id-ID", "id_ID"])
def test_indonesian_has_several_codes(code: str) -> None:
    assert Stems(code).of("penembakan") == "tembak"


def test_other_languages_have_their_own_stems() -> None:
    assert Stems("de").of("häuser") == Stems("de").of("häusern")
    assert Stems("en").of("running") == "running"
    assert Stems("none").of("menembak") == "menembak"
    assert not Stems("ms").are_known


def test_several_threads_find_the_stems_that_one_finds() -> None:
    words = [
        f"{start}{middle}{end}" for start in ("ver", "be", "an") for middle in ROOTS for end in ("ungen", "lich", "est")
    ]
    alone = [Stems("de").of(word) for word in words]
    shared = Stems("de")
    with ThreadPoolExecutor(8) as threads:
        several = list(threads.map(lambda _: list(map(shared.of, words)), range(8)))
    assert several == [alone] * 8
