"""What do the texts that joined a story say that was not known? Pure, and of no language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log
from typing import Final

from monitor.stories.editors import correction_note, is_aside, unsigned
from monitor.stories.statements import Statement, statement, vocabulary
from monitor.text import paragraphs
from monitor.text.sentences import sentences

TEXTS: Final = 20  # that are read, of each kind
READ: Final = 5_000  # characters of each
TRIED: Final = 60  # sentences that are held against all that is known

SHORTEST: Final = 40  # characters
SHORTEST_UNSPACED: Final = 15  # where a character is a word
LONGEST: Final = 300

FRESH: Final = 0.3  # of a sentence's weight must be new
FRESH_WITH_FACTS: Final = 0.15  # where a figure or a name is new
SAID: Final = 0.6  # of its weight in one sentence: that one says it already
ALIKE: Final = 0.5  # of the weight of two sentences: one of them is enough

# What counts beside the share that is new.
_FIGURE: Final = 0.2
_NAME: Final = 0.15
_MOST_FACTS: Final = 2
_PLACE: Final = 0.03  # less for each sentence above it
_LAST_PLACE: Final = 12
_CONFIRMED: Final = 1.5  # times the weight of what several texts say
_NAMED: Final = 1.5  # times the weight of a name or figure


def news(new: Sequence[str], known: Sequence[str], *, most: int = 3) -> tuple[str, ...]:
    """The sentences of the new texts that say what no known text says; the most telling first, none twice."""
    said = [each for text in known[:TEXTS] for each in _told(text)]
    fresh = [_told(text) for text in new[:TEXTS]]
    weights = _weights([*said, *(each for text in fresh for each in text)])
    bag = frozenset(unit for each in said for unit in each.units)
    confirmed = Counter(unit for text in fresh for unit in {unit for each in text for unit in each.units})
    scored = [(each, weights.score(each, bag, confirmed)) for text in fresh for each in text if each.is_tellable]
    ranked = sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: -pair[1])
    return tuple(each.shown for each in _chosen([each for each, _ in ranked[:TRIED]], said, weights, bag, most))


# -- what is told --------------------------------------------------------------------------------

# The day of a report is always new, and no news.
_DATE: Final = re.compile(
    r"\(?\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b\)?|\b\d{1,2} [^\W\d_]{3,9} \d{4}\b"
    r"|\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
# "JAKARTA, KOMPAS.com - ", "TEMPO.CO, Jakarta-": a host or a town in capitals before a dash.
_DATELINE: Final = re.compile(
    r"\A(?=[^–—-]*(?:\.(?i:com|co|id|net|org|tv)\b|[A-Z]{4,}))[\w.,:()/ ]{3,60}?(?: [–—-]+ ?| ?[–—-]+ )"
)
_BEGINS: Final = re.compile(r"[“\"‘'(「『]?\w")
_ENDS: Final = re.compile(r"[.!。！।۔။។።։][”\"’')」』]*$")
_PAIRS: Final = ("“”", "()", "[]", "「」", "『』", "«»")


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a text; with its place from the top."""

    shown: str
    place: int
    said: Statement

    @cached_property
    def is_unspaced(self) -> bool:
        """Most of its words are single characters, as of a script that is written without spaces."""
        return 2 * sum(len(word.said) == 1 for word in self.said.words) > len(self.said.words)

    @cached_property
    def units(self) -> frozenset[str]:
        """Its words; two characters each where a character is a word."""
        words = [word.said for word in self.said.words]
        if not self.is_unspaced:
            return frozenset(words)
        return frozenset(one + other for one, other in pairwise(words)) | self.said.figures.keys()

    @property
    def is_tellable(self) -> bool:
        """It stands for itself: neither a fragment nor a heading, of a length that can be read at a glance."""
        shortest = SHORTEST_UNSPACED if self.is_unspaced else SHORTEST
        if not shortest <= len(self.shown) <= LONGEST or not _BEGINS.match(self.shown) or self.shown[0].islower():
            return False
        if not (_ENDS.search(self.shown) or self.is_unspaced) or self.said.is_headline or correction_note(self.shown):
            return False
        return self.shown.count('"') % 2 == 0 and all(
            self.shown.count(one) == self.shown.count(two) for one, two in _PAIRS
        )


def _told(text: str) -> list[_Sentence]:
    lines = [unsigned(line) for line in _lines(text[:READ]) if not is_aside(line)]
    said = [line[start:end] for line in lines for start, end in sentences(line)]
    if said:
        said[0] = _DATELINE.sub("", said[0], count=1) or said[0]
    return [_Sentence(each, at, statement(_DATE.sub(" ", each))) for at, each in enumerate(said) if not is_aside(each)]


def _lines(text: str) -> Iterator[str]:
    return (text[start:end].strip() for start, end in paragraphs(text))


# -- what is new ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Weights:
    """How much each word tells: a rare one more than one that stands in every sentence."""

    of: Mapping[str, float]
    names: frozenset[str]

    def total(self, units: Iterable[str]) -> float:
        return sum(self.of[unit] for unit in units)

    def shared(self, one: _Sentence, other: _Sentence) -> float:
        """The share of the first one's weight that stands in the other."""
        return self.total(one.units & other.units) / (self.total(one.units) or 1)

    def facts(self, each: _Sentence, known: frozenset[str]) -> tuple[AbstractSet[str], AbstractSet[str]]:
        """The figures and the names that no known text says."""
        return each.said.figures.keys() - known, (each.units & self.names) - known

    def score(self, each: _Sentence, known: frozenset[str], confirmed: Mapping[str, int]) -> float:
        """How much it tells that is new; nothing where it is too little."""
        fresh = each.units - known
        share = self.total(fresh) / (self.total(each.units) or 1)
        figures, names = self.facts(each, known)
        if share < (FRESH_WITH_FACTS if figures or names else FRESH):
            return 0.0
        twice = self.total(unit for unit in fresh if confirmed[unit] > 1) / (self.total(fresh) or 1)
        facts = _FIGURE * min(_MOST_FACTS, len(figures)) + _NAME * min(_MOST_FACTS, len(names))
        return share * (1 + (_CONFIRMED - 1) * twice) + facts - _PLACE * min(_LAST_PLACE, each.place)


def _weights(told: Sequence[_Sentence]) -> _Weights:
    counts = Counter(unit for each in told for unit in each.units)
    words = vocabulary([each.said for each in told])
    facts = words.names.union(*(each.said.figures for each in told))
    of = {unit: log(1 + len(told) / count) * (_NAMED if unit in facts else 1) for unit, count in counts.items()}
    return _Weights(of, words.names)


def _chosen(
    ranked: Iterable[_Sentence], said: Sequence[_Sentence], weights: _Weights, known: frozenset[str], most: int
) -> list[_Sentence]:
    chosen: list[_Sentence] = []
    for each in ranked:
        if len(chosen) >= most:
            break
        if _is_alike(each, chosen, weights) or _is_said(each, said, weights, known):
            continue
        chosen.append(each)
    return chosen


def _is_alike(each: _Sentence, chosen: Iterable[_Sentence], weights: _Weights) -> bool:
    return any(max(weights.shared(each, other), weights.shared(other, each)) >= ALIKE for other in chosen)


def _is_said(each: _Sentence, said: Iterable[_Sentence], weights: _Weights, known: frozenset[str]) -> bool:
    """Whether one known sentence says it. Another figure in the same words is what is new."""
    if any(weights.facts(each, known)):
        return False
    return any(weights.shared(each, other) >= SAID for other in said)
