"""Which of some articles is one like, by the words that tell most; and where those words stand. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import nlargest

from monitor.stories.fingerprint import READ_OF_TEXT
from monitor.stories.frequencies import words
from monitor.text import Span, tokens

Vector = Mapping[str, float]  # words by weight, of length 1


class Neighbours:
    """Articles by their words, so that only those are looked at that share one."""

    __slots__ = ("_by_term", "vectors")

    def __init__(self, vectors: Iterable[Vector]) -> None:
        self.vectors = tuple(vectors)
        self._by_term: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, vector in enumerate(self.vectors):
            for term, weight in vector.items():
                self._by_term[term].append((place, weight))

    def near(self, vector: Vector) -> dict[int, float]:
        """How like it each of them is, 0–1 (the cosine), by its place; without those that share no word."""
        found: defaultdict[int, float] = defaultdict(float)
        known = self._by_term
        for term in vector.keys() & known.keys():
            weight = vector[term]
            for place, other in known[term]:
                found[place] += weight * other
        return found


def shared(one: Vector, other: Vector, most: int) -> tuple[str, ...]:
    """The words that make them alike, what counts most first."""
    both = [(one[term] * other[term], term) for term in one.keys() & other.keys()]
    return tuple(term for _, term in nlargest(most, both))


def places(text: str, terms: Collection[str]) -> tuple[Span, ...]:
    """Where these words stand in a text."""
    return tuple((token.start, token.end) for token in words(tokens(text[:READ_OF_TEXT])) if token.term in terms)
