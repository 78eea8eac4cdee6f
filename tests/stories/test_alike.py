"""Which of some articles is one like, and by which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.alike import Neighbours, Vector, places, shared
from monitor.stories.fingerprint import fingerprint, heaviest, said, weighed
from monitor.stories.frequencies import Frequencies
from tests.build import an_article
from tests.work.desk import KIM, PARAGRAPHS

WORDS = st.sampled_from(["kim", "lavrov", "wonsan", "rudal", "beras", "panen", "gempa"])
VECTORS = st.dictionaries(WORDS, st.floats(0.01, 10), max_size=5).map(heaviest)


@given(st.lists(VECTORS, max_size=8), VECTORS)
def test_whoever_shares_a_word_is_found_and_is_as_like_as_all_their_words_say(
    known: list[Vector], vector: Vector
) -> None:
    found = Neighbours(known).near(vector)
    for place, other in enumerate(known):
        cosine = sum(weight * other[term] for term, weight in vector.items() if term in other)
        assert found.get(place, 0.0) == pytest.approx(cosine)
        assert (place in found) == bool(vector.keys() & other.keys())


@given(VECTORS)
def test_nothing_is_more_like_an_article_than_itself(vector: Vector) -> None:
    if vector:
        assert Neighbours([vector]).near(vector)[0] == pytest.approx(1)
        assert set(shared(vector, vector, 9)) == vector.keys()


def test_an_article_is_weighed_for_its_story_and_for_its_likeness_alike() -> None:
    article, frequencies = an_article(KIM, text="\n".join(PARAGRAPHS)), Frequencies.of(0, {})
    assert heaviest(weighed(said(article.title, article.text), frequencies)) == fingerprint(article, frequencies).terms


@given(st.lists(WORDS, max_size=8))
def test_a_word_is_shown_wherever_it_stands_and_nowhere_else(words: list[str]) -> None:
    text = ", ".join(word.title() for word in words)
    shown = [text[start:end].casefold() for start, end in places(text, {"kim", "rudal"})]
    assert shown == [word for word in words if word in {"kim", "rudal"}]


def test_words_of_a_script_without_blanks_are_shown_whole() -> None:
    text = "金正恩在元山会见拉夫罗夫"
    [span] = places(text, {"元山"})
    assert text[slice(*span)] == "元山"
