"""Why it matched, why it did not: the query as a tree, each part of it hit or not. Pure.

`clause_words.py` says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from monitor.text import Span
from monitor.topics.analysis import Words
from monitor.topics.evaluate import Fields, Sight, Whole, count, holds, true_stretches
from monitor.topics.nearest import Close, Vicinity
from monitor.topics.places import Hit, spans_of_pattern
from monitor.topics.question import Beside, Clause, Inside, Node, Question, made
from monitor.topics.tree import (
    Alias,
    And,
    AtLeast,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Within,
    Word,
    parts_of,
)

Kind = Literal["word", "phrase", "alias", "regex", "near", "atleast", "within", "not", "and", "or", "like"]
_KINDS: Final[Mapping[type[Query], Kind]] = {
    Word: "word",
    Phrase: "phrase",
    Alias: "alias",
    Regex: "regex",
    Near: "near",
    AtLeast: "atleast",
    Within: "within",
    Not: "not",
    And: "and",
    Or: "or",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """What `like` asks for, in words: it is no part of a query, but stands beside it."""

    says: str


@dataclass(frozen=True, slots=True)
class Why:
    """A part of a query, and whether the article has it. Of a NOT: whether it does not have what follows."""

    source: str
    kind: Kind
    is_hit: bool
    places: int  # that don't overlap; of a NOT: of what must not be there
    parts: tuple[Why, ...]
    column: int
    of: Query | Samples
    found: str = ""  # how the first place of a leaf is written
    nearest: tuple[Close, ...] = ()  # of a leaf, or a NEAR, that is missing; where it was asked for


def why(question: Question, article: Fields, vicinity: Vicinity | None = None) -> Why:
    """With a vicinity also what comes closest to what is missing, which takes its time."""
    clauses = {clause.of: clause for clause, _ in question.clauses}
    return _why(question.query, Whole(article), clauses, vicinity)


def kind_of(query: Query) -> Kind:
    return _KINDS[type(query)]


def _why(query: Query, sight: Sight, clauses: Mapping[Leaf, Clause], vicinity: Vicinity | None) -> Why:
    node = made(query, clauses)
    inner = sight
    if isinstance(node, Inside):  # of a hit: as it is in the first stretch that has it
        inner = next(true_stretches(node, sight), sight)
    is_hit = holds(node, sight)
    further = None if is_hit or isinstance(query, Not) else vicinity
    return Why(
        source=query.source,
        kind=kind_of(query),
        is_hit=is_hit,
        places=count(made(query.part, clauses) if isinstance(query, Not | AtLeast) else node, sight),
        parts=tuple(_why(part, inner, clauses, further) for part in parts_of(query)),
        column=query.column,
        of=query,
        found=_found(node, sight) if isinstance(node, Clause) else "",
        nearest=_nearest(node, sight, vicinity) if vicinity and not is_hit else (),
    )


def _nearest(node: Node, sight: Sight, vicinity: Vicinity) -> tuple[Close, ...]:
    """Of a stretch nothing: what stands elsewhere in the article is not close to it."""
    if not isinstance(sight, Whole):
        return ()
    if isinstance(node, Clause):
        return vicinity.of_clause(node)
    return vicinity.of_beside(node) if isinstance(node, Beside) else ()


def _found(clause: Clause, sight: Sight) -> str:
    """How the first place is written."""
    whole = sight if isinstance(sight, Whole) else sight.whole
    for name, hits in sight.hits(clause).items():
        words = whole.article[name]
        start, end = _span(clause, hits[0], words)
        return words.text[start:end]
    return ""


def _span(clause: Clause, hit: Hit, words: Words) -> Span:
    if clause.pattern is None:
        return words.span(hit.first, hit.last)
    spans = spans_of_pattern(clause.pattern, words.text)
    return next(span for span in spans if words.place_of(span) == (hit.first, hit.last))


# -- what decided --------------------------------------------------------------------------------


def deciding(why: Why) -> Why:
    """The part but for which it would be otherwise: of a miss the first that is missing, of a hit what was found."""
    if why.kind == "not" or not why.parts:
        return why
    if why.kind == "or":
        return deciding(next(part for part in why.parts if part.is_hit)) if why.is_hit else why
    if why.is_hit:
        return why if why.kind in {"and", "near", "atleast"} else deciding(why.parts[0])
    missing = [part for part in why.parts if not part.is_hit]
    return deciding(missing[0]) if missing else why


def clauses_hit(why: Why) -> int:
    """How close it came: the leaves that speak for the article, and were found."""
    if why.kind == "not":
        return 0
    return sum(map(clauses_hit, why.parts)) if why.parts else int(why.is_hit)
