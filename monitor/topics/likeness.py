"""How alike texts are to a heap of others: by their words, the rarer the weightier. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import log, sqrt
from typing import Final, Generic, TypeVar

from monitor.model import Article

_READ: Final = 2000  # characters of a text; news says first what it is about
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_CENTRE: Final = 200  # words of a heap that count, the weightiest
_LONE: Final = 3  # texts: of a heap as large, a word of one text alone says nothing

T = TypeVar("T")


def terms_of(article: Article) -> frozenset[str]:
    """The words of an article's title and beginning, in small letters."""
    return frozenset(_WORD.findall(f"{article.title}\n{article.text[:_READ]}".lower()))


@dataclass(slots=True)
class Thinned(Generic[T]):
    """An even part of a stream whose length nobody knows: each of the first, then every second, every fourth … of it.

    Never more than `most`; from `most` on never fewer than half of it.
    """

    most: int
    kept: list[T] = field(default_factory=list)
    seen: int = 0
    _step: int = 1

    def add(self, each: T) -> None:
        if self.seen % self._step == 0:
            if len(self.kept) == self.most:
                self.kept = self.kept[::2]
                self._step *= 2
            if self.seen % self._step == 0:
                self.kept.append(each)
        self.seen += 1

    def __iter__(self) -> Iterator[T]:
        return iter(self.kept)


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `documents` articles each word stood."""

    documents: int
    counts: Mapping[str, int] = field(repr=False)

    @classmethod
    def of(cls, texts: Iterable[Collection[str]]) -> Rarity:
        counts: Counter[str] = Counter()
        documents = 0
        for terms in texts:
            counts.update(terms)
            documents += 1
        return cls(documents, counts)

    def of_word(self, term: str) -> float:
        """0 for a word of every article; it grows with the logarithm."""
        return log((1 + self.documents) / (1 + self.counts.get(term, 0)))

    def share(self, term: str) -> float:
        """Of articles that bear the word, 0–1; never quite 0, for what was not seen yet may come."""
        return (self.counts.get(term, 0) + 0.5) / (self.documents + 1)


Likeness = Callable[[Collection[str]], float]  # of a text's words: 0–1


def likeness_to(heap: Iterable[Collection[str]], rarity: Rarity, is_left: Callable[[str], bool]) -> Likeness:
    """The cosine to the centre of a heap of texts, each with the same weight; words that `is_left` names don't count."""
    total: defaultdict[str, float] = defaultdict(float)
    bearers: Counter[str] = Counter()
    size = 0
    for terms in heap:
        weights = {term: rarity.of_word(term) for term in terms}
        length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        for term, weight in weights.items():
            total[term] += weight / length
        bearers.update(terms)
        size += 1
    shared = [(weight, term) for term, weight in total.items() if size < _LONE or bearers[term] > 1]
    weightiest = ((term, weight) for weight, term in sorted(shared, reverse=True) if not is_left(term))
    centre = dict(islice(weightiest, _CENTRE))
    norm = sqrt(sum(weight**2 for weight in centre.values())) or 1.0

    def likeness(terms: Collection[str]) -> float:
        weights = {term: rarity.of_word(term) for term in terms}
        length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return sum(weight * centre.get(term, 0.0) for term, weight in weights.items()) / length / norm

    return likeness
