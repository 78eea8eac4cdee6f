"""A query as a tree, and what can be said of its shape. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from monitor.errors import QueryError
from monitor.model import Field

WHERE: Final[tuple[Field, ...]] = ("title", "body")  # a clause that names no field is looked for here


@dataclass(frozen=True, slots=True)
class Word:
    """One word; several in a row where it is written with a hyphen or the like. `text` may hold * and ?.

    `column` counts from 1 in the text it was read from; `source` is what stands there.
    """

    text: str
    column: int
    source: str
    case: bool = False
    exact: bool = False
    fields: tuple[Field, ...] = WHERE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row."""

    text: str
    column: int
    source: str
    case: bool = False
    exact: bool = False
    fields: tuple[Field, ...] = WHERE


@dataclass(frozen=True, slots=True)
class Alias:
    """A word or phrase of which the user said what else it is called: any of `options` will do, itself the first.

    The options are looked for in the alias's own fields, whatever stands in theirs.
    """

    options: tuple[Word | Phrase, ...]
    column: int
    source: str
    fields: tuple[Field, ...] = WHERE


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern of RE2 (https://github.com/google/re2/wiki/Syntax), over the text as it is written."""

    pattern: str
    column: int
    source: str
    fields: tuple[Field, ...] = WHERE


@dataclass(frozen=True, slots=True)
class Near:
    """Two things with at most `distance` words between them, in one paragraph of one field; `ordered`: in this order.

    A further NEAR has one for its `left`. An operand that is an AND must be near with each of its parts.
    """

    left: Query
    right: Query
    distance: int
    ordered: bool
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`part` is true, and what it looks for is found `count` times or more; places that overlap count once."""

    count: int
    part: Query
    column: int
    source: str


Unit = Literal["title", "paragraph", "sentence"] | int  # a number: so many words in a row


@dataclass(frozen=True, slots=True)
class Within:
    """`part` is true of one such stretch of title or body by itself; url, author and feed are seen from everywhere."""

    unit: Unit
    part: Query
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Query
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Query, ...]
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Query, ...]
    column: int
    source: str


Leaf = Word | Phrase | Alias | Regex
Query = Leaf | Near | AtLeast | Within | Not | And | Or


def parts_of(query: Query) -> tuple[Query, ...]:
    """What a query is made of, in the order it is written."""
    match query:
        case Word() | Phrase() | Alias() | Regex():
            return ()
        case Not(part) | AtLeast(_, part) | Within(_, part):
            return (part,)
        case Near(left, right):
            return (left, right)
        case And(parts) | Or(parts):
            return parts
        case _:
            assert_never(query)


def leaves(query: Query, *, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf, and whether finding it speaks for the article (False: it stands under a NOT)."""
    if isinstance(query, Leaf):
        yield query, positive
    for part in parts_of(query):
        yield from leaves(part, positive=positive != isinstance(query, Not))


def refuse_exclusion(query: Query) -> None:
    """A query, or one side of an OR, that only excludes would be true of nearly everything."""
    _refuse_if(_true_of_silence(query), query)


def _refuse_if(only_excludes: bool, query: Query) -> None:
    if only_excludes:
        raise QueryError("this only excludes", query.column, "say also what must be there")


def _true_of_silence(query: Query) -> bool:
    """Would it be true of an article without a word? Refuses what is, where that alone would do; the inner ones first."""
    verdicts = [_true_of_silence(part) for part in parts_of(query)]
    match query:
        case Word() | Phrase() | Alias() | Regex() | Near():
            return False
        case Not():
            return not verdicts[0]
        case And():
            return all(verdicts)
        case Or() | AtLeast() | Within():
            for part, verdict in zip(parts_of(query), verdicts, strict=True):
                _refuse_if(verdict, part)
            return False
        case _:
            assert_never(query)
