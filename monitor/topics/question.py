"""A query made ready to be asked of articles: its leaves as rows of words or as patterns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, assert_never

import re2

from monitor.errors import QueryError
from monitor.model import Field
from monitor.topics.analysis import Analyser, Row
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
    Unit,
    Within,
    Word,
    leaves,
)

# Each node knows what it was made `of`; they are told apart by what they are, not by what they say.


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A leaf: any of these rows of words, or a pattern, in any of these fields."""

    of: Leaf
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    pattern: Any = None  # of re2, which has no types


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A NEAR of two things that have places themselves: no AND is left in them."""

    of: Query
    left: Node
    right: Node
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True, eq=False)
class Often:
    of: Query
    count: int
    part: Node


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    of: Query
    unit: Unit
    part: Node


@dataclass(frozen=True, slots=True, eq=False)
class Absent:
    of: Query
    part: Node


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    of: Query
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    of: Query
    parts: tuple[Node, ...]


Node = Clause | Beside | Often | Inside | Absent | Every | Either


@dataclass(frozen=True, slots=True)
class Question:
    """A query made ready. A positive clause speaks for an article, another against it."""

    query: Query
    root: Node
    clauses: tuple[tuple[Clause, bool], ...]  # each leaf once, as they are written; and whether it is positive


def ready(query: Query, analyser: Analyser) -> Question:
    """Raises `QueryError` for a pattern that can't be used."""
    polarity: dict[Leaf, bool] = {}
    for leaf, positive in leaves(query):
        polarity[leaf] = polarity.get(leaf, False) or positive
    clauses = {leaf: _clause(leaf, analyser) for leaf in polarity}
    return Question(query, made(query, clauses), tuple((clauses[leaf], polarity[leaf]) for leaf in polarity))


def made(query: Query, clauses: Mapping[Leaf, Clause]) -> Node:  # noqa: PLR0911  a return for each kind
    """A query, or a part of one, of these clauses."""
    match query:
        case Word() | Phrase() | Alias() | Regex():
            return clauses[query]
        case Near():
            return _near(query, made(query.left, clauses), made(query.right, clauses))
        case AtLeast(count, part):
            return Often(query, count, made(part, clauses))
        case Within(unit, part):
            return Inside(query, unit, made(part, clauses))
        case Not(part):
            return Absent(query, made(part, clauses))
        case And(parts):
            return Every(query, tuple(made(part, clauses) for part in parts))
        case Or(parts):
            return Either(query, tuple(made(part, clauses) for part in parts))
        case _:
            assert_never(query)


def clauses_in(node: Node) -> Iterator[Clause]:
    """Every clause of it, as often as it stands there."""
    match node:
        case Clause():
            yield node
        case Beside(_, left, right):
            yield from clauses_in(left)
            yield from clauses_in(right)
        case Often(_, _, part) | Inside(_, _, part) | Absent(_, part):
            yield from clauses_in(part)
        case Every(_, parts) | Either(_, parts):
            for part in parts:
                yield from clauses_in(part)
        case _:
            assert_never(node)


# -- leaves --------------------------------------------------------------------------------------


def _clause(leaf: Leaf, analyser: Analyser) -> Clause:
    match leaf:
        case Regex(pattern):
            return Clause(leaf, leaf.fields, (), compiled(pattern, leaf.column))
        case Alias(options):
            rows = (row for option in options for row in rows_of(option, analyser))
            return Clause(leaf, leaf.fields, tuple(dict.fromkeys(rows)))
        case Word() | Phrase():
            return Clause(leaf, leaf.fields, rows_of(leaf, analyser))
        case _:
            assert_never(leaf)


def rows_of(leaf: Word | Phrase, analyser: Analyser) -> tuple[Row, ...]:
    bare = isinstance(leaf, Word) and not (leaf.case or leaf.exact)
    return analyser.rows(leaf.text, bare=bare, case=leaf.case, whole=leaf.exact or leaf.case)


_PATTERN_MEMORY: Final = 1 << 20  # bytes that RE2 may take for a pattern; a configuration can have hundreds
_LONGEST_PATTERN: Final = 1000
_MISTAKES: Final = {
    "missing )": "a bracket is never closed",
    "unexpected )": "this bracket closes nothing",
    "missing ]": "a square bracket is never closed",
    "no argument for repetition operator": "there is nothing before it to repeat",
    "bad repetition operator": "what is repeated can't be repeated again",
    "invalid repetition size": "it repeats too often",
    "invalid perl operator": "RE2 has no look-around",
    "invalid escape sequence": "RE2 does not know it",
    "trailing \\": "there is nothing after the last \\",
    "invalid character class range": "there is no such range or class of signs",
    "invalid named capture group": "this group's name can't be read",
    "pattern too large": "it is too large",
}
_SYNTAX: Final = "see https://github.com/google/re2/wiki/Syntax"


def compiled(pattern: str, column: int = 1) -> Any:
    """A pattern of RE2, which takes a time that grows with the text and no faster; no match crosses a line's end."""
    if len(pattern) > _LONGEST_PATTERN:
        raise QueryError(f"this pattern is longer than {_LONGEST_PATTERN} signs", column, "make several of it")
    options = re2.Options()
    options.never_nl, options.log_errors, options.max_mem = True, False, _PATTERN_MEMORY
    try:
        made = re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise _mistake(pattern, error, column) from None
    if made.search(""):
        raise QueryError("this pattern is found in every text", column, "say what must be there")
    return made


def _mistake(pattern: str, error: Exception, column: int) -> QueryError:
    if isinstance(error, UnicodeEncodeError):
        return QueryError("this pattern holds a broken sign", column + error.start, "write it anew")
    said = error.args[0].decode("utf-8", "replace") if error.args else ""
    kind, _, piece = said.partition(": ")
    where = max(pattern.find(piece), 0) if piece != pattern else 0
    return QueryError(f"this pattern can't be read: {_MISTAKES.get(kind, kind)}", column + where, _SYNTAX)


# -- NEAR ----------------------------------------------------------------------------------------

_Together = tuple[Node, ...]  # things each of which must be near


def _near(near: Near, left: Node, right: Node) -> Node:
    """NEAR is spread over the ANDs within it, so that it stands between things that have places."""
    ways = [
        _all(near, [Beside(near, one, other, near.distance, near.ordered) for one, other in product(these, those)])
        for these, those in product(_ways(left), _ways(right))
    ]
    return ways[0] if len(ways) == 1 else Either(near, tuple(ways))


def _all(near: Near, parts: list[Beside]) -> Node:
    return parts[0] if len(parts) == 1 else Every(near, tuple(parts))


def _ways(node: Node) -> list[_Together]:
    """The ANDs of which any will do. What needs no AND is one thing, however many words it may be."""
    match node:
        case Clause() | Beside() | Often() | Inside():
            return [(node,)]
        case Absent():
            raise QueryError("NEAR can't hold a NOT", node.of.column, "put the NOT outside of the NEAR")
        case Every(_, parts):
            return [_flat(way) for way in product(*map(_ways, parts))]
        case Either(of, parts):
            return _merged(of, [way for part in parts for way in _ways(part)])
        case _:
            assert_never(node)


def _flat(way: Iterable[_Together]) -> _Together:
    return tuple(node for together in way for node in together)


def _merged(of: Query, ways: list[_Together]) -> list[_Together]:
    single = tuple(way[0] for way in ways if len(way) == 1)
    several = [way for way in ways if len(way) > 1]
    if len(single) < 2:  # noqa: PLR2004  nothing to merge
        return ways
    return [(Either(of, single),), *several]
