"""Why it matched: the score, and the passages that show it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.model import Evidence, Match
from monitor.text import Span, passage
from monitor.topics.analysis import PARAGRAPH_GAP
from monitor.topics.evaluate import Clause, Found, Hit, Part
from monitor.topics.tree import Leaf

_FAR: Final = 100  # words between, from where on two clauses have nothing to do with each other
_MANY_HITS: Final = 5
_HITS_LOOKED_AT: Final = 2000  # of a part, for its closest place


@dataclass(frozen=True, slots=True)
class Closest:
    """Where the hit clauses stand closest: how close (0–1), and the hits there."""

    tightness: float
    spans: tuple[Span, ...]


def explain(topic: str, clauses: Sequence[Clause], parts: Sequence[Part], found: Found) -> Match:
    """The match of an article of which the query is true."""
    positive = [clause.leaf for clause in clauses if clause.positive]
    hit = [leaf for leaf in positive if any(found[leaf].values())]
    places = {part.field: closest(_marked(hit, part, found), len(hit)) for part in parts}
    evidence = tuple(each for part in parts for each in _evidence(hit, part, found, places[part.field]))
    tightness = max(place.tightness for place in places.values())
    return Match(topic, score(positive, parts, found, tightness), evidence)


def score(positive: Sequence[Leaf], parts: Sequence[Part], found: Found, tightness: float) -> int:
    """0–100: how many of the positive clauses were hit, how many in the title, how close together, how often."""
    hit = sum(any(found[leaf].values()) for leaf in positive)
    in_title = sum(bool(found[leaf].get("title")) for leaf in positive)
    hits = sum(len(_spans(positive, part, found)) for part in parts)
    total = len(positive)
    return round(100 * (0.4 * hit / total + 0.3 * in_title / total + 0.2 * tightness + 0.1 * min(1, hits / _MANY_HITS)))


def closest(marked: Sequence[tuple[Hit, Leaf]], clauses: int) -> Closest:
    """Where in a part the hit clauses stand closest to each other.

    Of `k` clauses hit in the article, a stretch of words of one paragraph that holds `m` of them with `n` other words
    between has the tightness (m - 1) / (k - 1) · (1 - n / 100): 1 if all stand side by side, 0 from 100 words on, or
    where no paragraph holds two. A single clause is as tight as can be.
    """
    if clauses < 2:  # noqa: PLR2004  one clause has no neighbour
        return Closest(1.0, tuple((hit.start, hit.end) for hit, _ in marked))
    best = Closest(0.0, ())
    for stretch in _stretches(marked[:_HITS_LOOKED_AT], clauses):
        words = max(hit.last for hit in stretch) - stretch[0].first + 1
        between = words - sum(hit.last - hit.first + 1 for hit in stretch)
        tightness = (len(stretch) - 1) / (clauses - 1) * (1 - min(max(between, 0), _FAR) / _FAR)
        if tightness > best.tightness:
            best = Closest(tightness, tuple((hit.start, hit.end) for hit in stretch))
    return best


def _stretches(marked: Sequence[tuple[Hit, Leaf]], clauses: int) -> Iterator[list[Hit]]:
    """From each hit on, the nearest hit of every further clause, one more at a time."""
    for place, (first, leaf) in enumerate(marked):
        nearest = {leaf: first}
        for hit, other in marked[place + 1 : place + 1 + 2 * _FAR]:
            if hit.first - first.first > PARAGRAPH_GAP or len(nearest) == clauses:
                break
            if other not in nearest:
                nearest[other] = hit
                yield list(nearest.values())


def _marked(hit: Sequence[Leaf], part: Part, found: Found) -> list[tuple[Hit, Leaf]]:
    """Every hit in a part with its clause, by place."""
    marked = [(each, leaf) for leaf in hit for each in found[leaf].get(part.field, ())]
    return sorted(marked, key=lambda pair: (pair[0].start, pair[0].end))


def _spans(leaves: Sequence[Leaf], part: Part, found: Found) -> list[Span]:
    """Every place that was hit, once."""
    return sorted({(hit.start, hit.end) for leaf in leaves for hit in found[leaf].get(part.field, ())})


def _evidence(leaves: Sequence[Leaf], part: Part, found: Found, place: Closest) -> list[Evidence]:
    """One passage for each clause hit in a part: the closest place where it is there, else its own best."""
    spans = _spans(leaves, part, found)
    shared = passage(part.text, place.spans or spans)
    shown: list[Evidence] = []
    for leaf in leaves:
        own = _spans([leaf], part, found)
        if own:
            window = shared if any(_inside(span, shared) for span in own) else passage(part.text, own)
            shown.append(_shown(leaf, part, own, spans, window))
    return sorted(shown, key=lambda each: each.start)


def _shown(leaf: Leaf, part: Part, own: Sequence[Span], spans: Sequence[Span], window: Span) -> Evidence:
    start, end = next((span for span in own if _inside(span, window)), own[0])
    marks = _merged([span for span in spans if _inside(span, window)])
    hits = tuple((left - window[0], right - window[0]) for left, right in marks)
    return Evidence(leaf.source, part.field, start, end, part.text[window[0] : window[1]], hits)


def _inside(span: Span, window: Span) -> bool:
    return window[0] <= span[0] and span[1] <= window[1]


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Overlapping places as one, so that a mark never stands within a mark."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
