"""The plain evaluator: where the clauses of a query are hit, and whether the query is true. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from monitor.model import Field
from monitor.topics.analysis import Term, analyse, looked_for
from monitor.topics.tree import Alias, And, Leaf, Not, Or, Phrase, Query, Word, leaves


@dataclass(frozen=True, slots=True)
class Part:
    """The title or the body of an article: its words by form and position."""

    field: Field
    text: str
    words: Mapping[str, Mapping[int, Term]]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a clause was found: `start` and `end` in code points, `first` and `last` in words."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """Words to be found one after the other; with `cased`, written just so."""

    words: tuple[str, ...]
    cased: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A leaf of a query, ready to be looked for. A positive one speaks for the article, another against it."""

    leaf: Leaf
    rows: tuple[Row, ...]  # any of them
    positive: bool


Hits = Mapping[Field, Sequence[Hit]]
Found = Mapping[Leaf, Hits]


def part_of(field: Field, text: str, language: str) -> Part:
    words: dict[str, dict[int, Term]] = {}
    for term in analyse(text, language):
        words.setdefault(term.term, {})[term.position] = term
    return Part(field, text, words)


def clauses_of(query: Query, language: str) -> tuple[Clause, ...]:
    """Each leaf of a query once, in the order they are written."""
    polarity = dict(leaves(query))
    return tuple(Clause(leaf, _rows(leaf, language), positive) for leaf, positive in polarity.items())


def _rows(leaf: Leaf, language: str) -> tuple[Row, ...]:
    options = leaf.options if isinstance(leaf, Alias) else (leaf,)
    return tuple(_row(option, language) for option in options)


def _row(option: Word | Phrase, language: str) -> Row:
    inflected = isinstance(option, Word) and not (option.case or option.exact)
    terms = looked_for(option.text, language if inflected else "none")
    return Row(tuple(term.term for term in terms), tuple(term.cased for term in terms) if option.case else None)


def needs(query: Query, rows: Mapping[Leaf, tuple[Row, ...]]) -> tuple[frozenset[str], ...]:
    """Sets of words of each of which one must be in the article; a quick way to see that a query is not true."""
    match query:
        case Word() | Phrase() | Alias():
            return (frozenset(row.words[0] for row in rows[query]),)
        case Not():
            return ()
        case And(parts):
            return tuple(need for part in parts for need in needs(part, rows))
        case Or(parts):
            sides = [needs(part, rows) for part in parts]
            return (frozenset().union(*(min(side, key=len) for side in sides)),) if all(sides) else ()
        case _:
            assert_never(query)


def holds(query: Query, found: Found) -> bool:
    """Is the query true, where its leaves were found so?"""
    match query:
        case Word() | Phrase() | Alias():
            return any(found[query].values())
        case Not(part):
            return not holds(part, found)
        case And(parts):
            return all(holds(part, found) for part in parts)
        case Or(parts):
            return any(holds(part, found) for part in parts)
        case _:
            assert_never(query)


def look_for(clause: Clause, parts: Sequence[Part]) -> Hits:
    return {part.field: _hits(clause, part) for part in parts}


def _hits(clause: Clause, part: Part) -> list[Hit]:
    found = [hit for row in clause.rows for hit in _found(row, part)]
    return sorted(set(found), key=lambda hit: (hit.start, hit.end)) if found else found


def _found(row: Row, part: Part) -> list[Hit]:
    starts = part.words.get(row.words[0])
    if not starts:
        return []
    rows = (_from(position, row, part) for position in starts)
    return [Hit(terms[0].start, terms[-1].end, terms[0].position, terms[-1].position) for terms in rows if terms]


def _from(position: int, row: Row, part: Part) -> list[Term] | None:
    """The words of the row as they stand from `position` on, or nothing where they do not."""
    terms: list[Term] = []
    for shift, word in enumerate(row.words):
        term = part.words.get(word, {}).get(position + shift)
        if term is None or (row.cased and term.cased != row.cased[shift]):
            return None
        terms.append(term)
    return terms
