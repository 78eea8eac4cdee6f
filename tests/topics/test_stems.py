"""Indonesian words meet under their root, and no other words do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.topics.stems import Stems

SEEN = Path(__file__).parent / "stems" / "seen.txt"
INDONESIAN = Stems("id")


def pairs(sign: str) -> Iterator[tuple[str, str]]:
    for line in SEEN.read_text(encoding="utf-8").splitlines():
        word, found, others = line.partition(f" {sign} ")
        if found and not line.startswith("#"):
            yield from ((word, other) for other in others.split())


def test_there_are_enough_pairs_to_say_something() -> None:
    assert len(list(pairs("="))) >= 200
    assert len(list(pairs("≠"))) >= 120


@pytest.mark.parametrize(("root", "form"), pairs("="))
def test_a_word_is_found_by_its_root(root: str, form: str) -> None:
    assert INDONESIAN.of(form) == INDONESIAN.of(root)


@pytest.mark.parametrize(("one", "other"), pairs("≠"))
def test_words_that_only_look_related_stay_apart(one: str, other: str) -> None:
    assert INDONESIAN.of(one) != INDONESIAN.of(other)
