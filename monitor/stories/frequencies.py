"""How common words are: counted in our own stream, and known beforehand where that is still young. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import log
from typing import Final, Self

from monitor.model import Article
from monitor.text import tokens

READ: Final = 4_000  # characters of a text; what comes after them does not count
LONGEST: Final = 40  # code points; what is longer is no word

HIGHEST: Final = 10.0  # rarity: a word in one of 22,000 articles; rarer ones tell no more
# What is known beforehand counts as so many articles, and half as many once `FADED` of our own are counted.
KNOWN: Final = 5_000
FADED: Final = 1_000
UNLISTED: Final = 1e-4  # the share of articles that bear a word which the table does not know
# Words that no text of their language is without stay common, though the stream may hold few texts in that language.
ALWAYS: Final = "always"


@dataclass(frozen=True, slots=True)
class Prior:
    """Known beforehand: the share of articles, 0–1, that bear a word, in the language where it is commonest."""

    shares: Mapping[str, float] = field(repr=False)
    always: frozenset[str] = field(repr=False)  # function words of one language that mean nothing else in another


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How common words are in the stream, as of one moment."""

    documents: int
    counts: Mapping[str, int] = field(repr=False)
    prior: Prior

    @classmethod
    def of(cls, documents: int, counts: Mapping[str, int]) -> Self:
        """Of so many articles of our own, and in how many of them each word stood."""
        return cls(documents, counts, prior())

    def rarity(self, term: str) -> float:
        """0 for a word of every text; at most `HIGHEST`, for words that are hardly ever seen."""
        known = self.prior.shares.get(term, UNLISTED)
        beforehand = KNOWN * FADED / (FADED + self.documents)
        share = (self.counts.get(term, 0) + known * beforehand) / (self.documents + beforehand)
        if term in self.prior.always:
            share = max(share, known)
        return max(0.0, min(HIGHEST, -log(share)))


def words_of(article: Article) -> frozenset[str]:
    """What one article counts."""
    return words_in(f"{article.title}\n{article.text[:READ]}")


def words_in(text: str) -> frozenset[str]:
    """Its folded words, without figures, single letters and what is too long to be a word."""
    return frozenset(term for term in {token.term for token in tokens(text)} if is_counted(term))


def is_counted(term: str) -> bool:
    """A single character is a letter where there are capitals, and nearly a word where there are none."""
    if len(term) > LONGEST or (len(term) == 1 and term.islower()):
        return False
    return term.isalpha() or not any(map(str.isdigit, term))


@cache
def prior() -> Prior:
    """The table that comes with the program: a line a class, its share first."""
    shares: dict[str, float] = {}
    always: frozenset[str] = frozenset()
    for line in (files(__package__) / "prior.txt").read_text(encoding="utf-8").splitlines():
        share, *words = line.split()
        if share == ALWAYS:
            always = frozenset(words)
        elif share != "#":
            shares.update(dict.fromkeys(words, float(share)))
    return Prior(shares, always)
