"""Why it matched: the score, and the passages that show it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from monitor.model import Evidence, Field, Match
from monitor.text import Span, paragraphs, passage
from monitor.topics.analysis import PARAGRAPH_GAP, Place, Words
from monitor.topics.evaluate import Fields, Hits, Sight, Whole, holds, true_stretches
from monitor.topics.places import spans_of_pattern
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often, Question, clauses_in

_FAR: Final = 100  # words between, from where on two clauses have nothing to do with each other
_MANY_HITS: Final = 5
_HITS_LOOKED_AT: Final = 2000  # of a clause in a field
_FIELDS: Final[tuple[Field, ...]] = ("title", "body", "url", "author", "feed")


class Mark(NamedTuple):
    """Where a clause was found: `start` and `end` in code points, `first` and `last` in words."""

    start: int
    end: int
    first: int
    last: int
    clause: Clause


@dataclass(frozen=True, slots=True)
class Part:
    """A field in which something was found."""

    field: Field
    text: str
    marks: tuple[Mark, ...]  # by place


@dataclass(frozen=True, slots=True)
class Closest:
    """Where the hit clauses stand closest: how close (0–1), and the hits there."""

    tightness: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, and what was found in it, counted from its beginning."""

    window: Span
    text: str
    hits: tuple[Span, ...]


def explain(topic: str, question: Question, article: Fields) -> Match:
    """The match of an article of which the question is true."""
    found = parts_hit(question.root, Whole(article))
    positive = [clause for clause, is_positive in question.clauses if is_positive]
    hit = [clause for clause in positive if clause in found]
    parts = [part for name in _FIELDS if (part := _part(name, hit, found, article))]
    places = [closest(part.marks, len(hit)) for part in parts]
    evidence = tuple(each for part, place in zip(parts, places, strict=True) for each in _evidence(hit, part, place))
    return Match(topic, score(len(positive), parts, max((place.tightness for place in places), default=0)), evidence)


def score(positive: int, parts: Sequence[Part], tightness: float) -> int:
    """0–100: how many of the positive clauses were hit, how many in the title, how close together, how often."""
    hit = len({mark.clause for part in parts for mark in part.marks})
    in_title = len({mark.clause for part in parts if part.field == "title" for mark in part.marks})
    hits = sum(len({mark[:2] for mark in part.marks}) for part in parts)
    often = min(1, hits / _MANY_HITS)
    return round(100 * (0.4 * hit / positive + 0.3 * in_title / positive + 0.2 * tightness + 0.1 * often))


def closest(marks: Sequence[Mark], clauses: int) -> Closest:
    """Where in a part the hit clauses stand closest to each other.

    Of `k` clauses hit in the article, a stretch of words of one paragraph that holds `m` of them with `n` other words
    between has the tightness (m - 1) / (k - 1) · (1 - n / 100): 1 if all stand side by side, 0 from 100 words on, or
    where no paragraph holds two. A single clause is as tight as can be.
    """
    if clauses < 2:  # noqa: PLR2004  one clause has no neighbour
        return Closest(1.0, tuple(mark[:2] for mark in marks))
    best = 0.0
    spans: tuple[Span, ...] = ()
    marks = marks[:_HITS_LOOKED_AT]
    for place in range(len(marks)):
        for tightness, nearest in _stretches(marks, place, clauses):
            if tightness > best:
                best, spans = tightness, tuple(mark[:2] for mark in nearest)
        if best == 1:
            break
    return Closest(best, spans)


def _stretches(marks: Sequence[Mark], place: int, clauses: int) -> Iterator[tuple[float, Iterable[Mark]]]:
    """From a hit on, the nearest hit of every further clause, one more at a time; and how close they stand."""
    first = marks[place]
    nearest = {first.clause: first}
    last, own = first.last, first.last - first.first + 1
    for mark in marks[place + 1 : place + 1 + 2 * _FAR]:
        if mark.first - first.first > PARAGRAPH_GAP or len(nearest) == clauses:
            return
        if mark.clause not in nearest:
            nearest[mark.clause] = mark
            last, own = max(last, mark.last), own + mark.last - mark.first + 1
            between = last - first.first + 1 - own
            yield (len(nearest) - 1) / (clauses - 1) * (1 - min(max(between, 0), _FAR) / _FAR), nearest.values()


# -- what took part -------------------------------------------------------------------------------

_Marked = dict[Clause, dict[Field, set[Place]]]
_STRETCHES_SHOWN: Final = 20


def parts_hit(node: Node, sight: Whole) -> _Marked:
    """Where each clause is hit that helps to make it true; of a NEAR only the places that are near."""
    into: _Marked = {}
    _take_part(node, sight, into, wanted=True)
    return into


def _take_part(node: Node, sight: Sight, into: _Marked, *, wanted: bool) -> None:
    if isinstance(node, Clause):
        _mark(node, sight.hits(node) if wanted else {}, into)
        return
    if holds(node, sight) != wanted:
        return
    match node:
        case Every(_, parts) | Either(_, parts):
            for part in parts:
                _take_part(part, sight, into, wanted=wanted)
        case Absent(_, part):
            _take_part(part, sight, into, wanted=not wanted)
        case Beside() if wanted:
            _mark_near(node, sight, into)
        case Often(_, _, part) if wanted:
            _take_part(part, sight, into, wanted=True)
        case Inside(_, _, part) if wanted:
            for stretch in islice(true_stretches(node, sight), _STRETCHES_SHOWN):
                _take_part(part, stretch, into, wanted=True)
        case _:
            return


def _mark(clause: Clause, hits: Hits, into: _Marked) -> None:
    for name, those in hits.items():
        into.setdefault(clause, {}).setdefault(name, set()).update((hit.first, hit.last) for hit in those)


def _mark_near(node: Beside, sight: Sight, into: _Marked) -> None:
    for name, those in sight.hits(node).items():
        near = {place for hit in those for place in hit.own}
        for clause in clauses_in(node):
            own = [hit for hit in sight.hits(clause).get(name, ()) if hit[:2] in near]
            _mark(clause, {name: own} if own else {}, into)


# -- what was found ------------------------------------------------------------------------------


def _part(name: Field, hit: Sequence[Clause], found: _Marked, article: Fields) -> Part | None:
    marks = [
        mark for clause in hit if name in found[clause] for mark in _marks(clause, found[clause][name], article[name])
    ]
    return Part(name, article[name].text, tuple(sorted(marks, key=lambda mark: mark[:2]))) if marks else None


def _marks(clause: Clause, places: set[Place], words: Words) -> Iterator[Mark]:
    if clause.pattern is not None:
        yield from _of_pattern(clause, places, words)
        return
    for first, last in islice(sorted(places), _HITS_LOOKED_AT):
        yield Mark(*words.span(first, last), first, last, clause)


def _of_pattern(clause: Clause, places: set[Place], words: Words) -> Iterator[Mark]:
    placed = ((span, words.place_of(span)) for span in spans_of_pattern(clause.pattern, words.text))
    for span, place in islice((each for each in placed if each[1] in places), _HITS_LOOKED_AT):
        yield Mark(*span, *place, clause)


# -- what is shown of it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A field's text with all that is marked in it, worked out once for all clauses."""

    text: str
    lines: Sequence[Span]
    spans: Sequence[Span]  # by place

    @classmethod
    def of(cls, part: Part) -> Page:
        spans = sorted({mark[:2] for mark in part.marks})
        return cls(part.text, paragraphs(part.text), spans)

    def passage(self, around: Sequence[Span]) -> Passage:
        window = passage(self.text, around, lines=self.lines)
        start, end = window
        inside = self.spans[bisect_left(self.spans, window[:1]) : bisect_left(self.spans, (end,))]
        marks = _merged(span for span in inside if _inside(span, window))
        return Passage(window, self.text[start:end], tuple((one - start, other - start) for one, other in marks))


def _evidence(hit: Sequence[Clause], part: Part, place: Closest) -> list[Evidence]:
    """One passage for each clause hit in a part: the closest place where it is there, else its own best."""
    page = Page.of(part)
    shared = page.passage(place.spans or page.spans)
    own: dict[Clause, list[Span]] = {}
    for mark in part.marks:
        own.setdefault(mark.clause, []).append(mark[:2])
    shown = [_shown(clause, part.field, own[clause], page, shared) for clause in hit if clause in own]
    return sorted(shown, key=lambda each: each.start)


def _shown(clause: Clause, name: Field, own: Sequence[Span], page: Page, shared: Passage) -> Evidence:
    inside = next((span for span in own if _inside(span, shared.window)), None)
    shows = shared if inside else page.passage(own)
    start, end = inside or next((span for span in own if _inside(span, shows.window)), own[0])
    return Evidence(clause.of.source, name, start, end, shows.text, shows.hits)


def _inside(span: Span, window: Span) -> bool:
    return window[0] <= span[0] and span[1] <= window[1]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping places as one, so that a mark never stands within a mark."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
