"""Which of some articles is one like, by the words that tell most; and where those words stand. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import accumulate
from operator import ge
from typing import Final

from monitor.stories.fingerprint import READ_OF_TEXT
from monitor.stories.frequencies import words
from monitor.text import Span, tokens

Vector = Mapping[str, float]  # words by weight, of length 1

_PRESUMED: Final = 0.1  # of what must be reached, by the lightest words: they stand everywhere, and to look costs time
_ROUNDING: Final = 1e-9


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


class Bound:
    """How like each of some articles another can be at most, told by which of their words it has.

    Of two vectors of length 1 the cosine is the sum of products over the words of both. That is at most the length of
    the one over these words times the length of the other over them, which is 1 or less (Cauchy and Schwarz).
    """

    __slots__ = ("_presumed", "_squares", "_wanted")

    def __init__(self, vectors: Sequence[Vector], least: Sequence[float]) -> None:
        """`least`: the cosine with each of them that must be reached."""
        self._wanted = [cosine * cosine - _ROUNDING for cosine in least]
        self._presumed: list[float] = []
        self._squares: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (vector, wanted) in enumerate(zip(vectors, self._wanted, strict=True)):
            squares = sorted((weight * weight, term) for term, weight in vector.items())
            sums = list(accumulate((square for square, _ in squares), initial=0.0))
            light = sum(total <= _PRESUMED * wanted for total in sums[1:])
            self._presumed.append(sums[light])
            for square, term in squares[light:]:
                self._squares[term].append((place, square))

    @property
    def words(self) -> Collection[str]:
        """Those that must be looked for."""
        return self._squares.keys()

    def is_reached(self, found: Iterable[str]) -> bool:
        """By an article that has of `words` only these, for any of them."""
        sums = self._presumed.copy()
        for term in found:
            for place, square in self._squares[term]:
                sums[place] += square
        return any(map(ge, sums, self._wanted))


def shared(one: Vector, other: Vector, most: int) -> tuple[str, ...]:
    """The words that make them alike, what counts most first."""
    both = [(one[term] * other[term], term) for term in one.keys() & other.keys()]
    return tuple(term for _, term in nlargest(most, both))


def places(text: str, terms: Collection[str]) -> tuple[Span, ...]:
    """Where these words stand in a text."""
    return tuple((token.start, token.end) for token in words(tokens(text[:READ_OF_TEXT])) if token.term in terms)
