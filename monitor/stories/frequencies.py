"""How common words are: counted in our own stream, and known beforehand where that is still young. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log
from typing import Final, Self

from monitor.model import Article
from monitor.text import Token, terms, tokens

READ: Final = 4_000  # characters of a text; what comes after them does not count
LONGEST: Final = 40  # code points; what is longer is no word

LONGEST_CHARACTER: Final = 4  # code points, with its marks
FIRST_OF_HAN: Final = "\u2e80"
# Thai, Lao, Myanmar, Khmer; Han and kana.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u3134\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

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
    return frozenset(term for term in {token.term for token in words(tokens(text))} if is_counted(term))


def words(said: Sequence[Token]) -> list[Token]:
    """The tokens; of a script that is written without spaces, where each character is one, the runs of a few characters.

    A character alone tells nothing: all Thai articles share their letters. Two of Han and kana, four of an alphabet.
    """
    found: list[Token] = []
    for place, token in enumerate(said):
        length = 0 if token.term.isascii() else _length_of_run(token.term)
        if not length:
            found.append(token)
            continue
        run = said[place : place + length]
        if len(run) == length and all(
            one.end == other.start and _length_of_run(other.term) for one, other in pairwise(run)
        ):
            found.append(Token("".join(each.term for each in run), token.start, run[-1].end, token.cased))
    return found


def spoken(text: str, most: int | None = None) -> list[str]:
    """The words of its first tokens, without their places; quicker where each token is one."""
    found = terms(text)[:most]
    return found if "".join(found).isascii() else [token.term for token in words(tokens(text)[:most])]


def _length_of_run(term: str) -> int:
    """How many characters make a word there; 0 where words are written apart."""
    if len(term) > LONGEST_CHARACTER or not _UNSPACED.match(term):
        return 0
    return 2 if term[0] >= FIRST_OF_HAN else 4


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
