"""What an article is like: its telling words by weight, its figures and names apart, a sketch of its wording. Pure.

Plain TF-IDF, without stems, lists or a language: on events it comes within two or three points of trained encoders
(Miranda et al. 2018; Saravanakumar et al. 2021), at a thousand articles a second.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from math import log, sqrt
from typing import Final

from monitor.model import Article, Fingerprint
from monitor.stories.copies import sketch
from monitor.stories.frequencies import Frequencies, is_counted, spoken, words
from monitor.text import Token, terms, tokens

READ: Final = 250  # words of the text; what comes after them is background
READ_OF_TEXT: Final = 10_000  # characters in which to look for them
LEAD: Final = 50  # of these
TITLE_WEIGHT: Final = 3.0
LEAD_WEIGHT: Final = 2.0
POWER: Final = 1.25  # of the rarity: telling words count for more than in plain TF-IDF
TERMS: Final = 100
# Words of text in a teaser. (A headline without text is judged as strictly as a whole article: it tells too little.)
TEASER: Final = range(10, 60)

_REMEMBERED: Final = 1 << 17  # words
_ENDS: Final = frozenset(".!?:…\n\"“”‘’'()")  # a capital after these tells nothing
_FIGURE: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_FIGURES_READ: Final = 400  # characters of the text


def fingerprint(article: Article, frequencies: Frequencies) -> Fingerprint:
    """The words of the title count most, then those of the lead; rare ones more than common ones."""
    title, body, wording = words(tokens(article.title)), tokens(article.text[:READ_OF_TEXT]), terms(article.text)
    weights = weighed(_said(_terms_of(title), _terms_of(words(body[:READ]))), frequencies)
    title_words = frozenset(token.term for token in title if token.term in weights)
    title_figures = _figures(article.title)
    return Fingerprint(
        terms=heaviest(weights),
        figures=title_figures | _figures(article.text[:_FIGURES_READ]),
        title_figures=title_figures,
        title_words=title_words,
        names=_names(article.text, body[:READ]),
        sketch=sketch(wording),
        is_thin=len(wording) in TEASER,
    )


def said(title: str, text: str) -> dict[str, float]:
    """How much each word stands out in an article, however common it is elsewhere."""
    return _said(spoken(title), spoken(text[:READ_OF_TEXT], most=READ))


def _said(title: Iterable[str], body: Iterable[str]) -> dict[str, float]:
    often: defaultdict[str, float] = defaultdict(float)
    for term in title:
        often[term] += TITLE_WEIGHT
    for place, term in enumerate(body):
        often[term] += LEAD_WEIGHT if place < LEAD else 1
    return {term: 1 + log(count) for term, count in often.items() if is_counted(term)}


def _terms_of(said: Iterable[Token]) -> Iterable[str]:
    return (token.term for token in said)


def weighed(said: Mapping[str, float], frequencies: Frequencies) -> dict[str, float]:
    return {term: much * frequencies.rarity(term) ** POWER for term, much in said.items()}


class Weights(dict[str, float]):
    """What words weigh as of one moment, for many articles: to work out how rare one is takes longer than to look it up."""

    def __init__(self, frequencies: Frequencies) -> None:
        super().__init__()
        self._frequencies = frequencies

    def __missing__(self, term: str) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        weight: float = self._frequencies.rarity(term) ** POWER
        self[term] = weight
        return weight

    def of(self, said: Mapping[str, float]) -> dict[str, float]:
        """As `weighed`."""
        return {term: much * self[term] for term, much in said.items()}


def heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    """The heaviest terms as a vector of length 1; of equal ones the order of the alphabet decides."""
    found = nlargest(TERMS, ((weight, term) for term, weight in weights.items() if weight > 0))
    length = sqrt(sum(weight * weight for weight, _ in found))
    return {term: weight / length for weight, term in found}


def _names(text: str, body: Sequence[Token]) -> frozenset[str]:
    """The words that the text writes with a capital wherever that tells something."""
    capital: dict[str, bool] = {}
    for token in body:
        is_capital = token.cased[:1].isupper()
        if not is_capital or not _is_at_beginning(text, token.start):
            capital[token.term] = capital.get(token.term, True) and is_capital
    return frozenset(term for term, is_capital in capital.items() if is_capital)


def _is_at_beginning(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start].rstrip(" ")
    return not before or before[-1] in _ENDS


def _figures(text: str) -> frozenset[str]:
    return frozenset(_FIGURE.findall(text))
