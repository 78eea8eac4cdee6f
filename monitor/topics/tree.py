"""A query as a tree, and what can be said of its shape. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from monitor.errors import QueryError


@dataclass(frozen=True, slots=True)
class Word:
    """One word; several in a row where it is written with a hyphen or the like.

    `column` counts from 1 in the text it was read from; `source` is what stands there.
    """

    text: str
    column: int
    source: str
    case: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row."""

    text: str
    column: int
    source: str
    case: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A word or phrase of which the user said what else it is called: any of `options` will do, itself the first."""

    options: tuple[Word | Phrase, ...]
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


Leaf = Word | Phrase | Alias
Query = Leaf | Not | And | Or


def leaves(query: Query, *, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf, and whether finding it speaks for the article (False: it stands under a NOT)."""
    match query:
        case Word() | Phrase() | Alias():
            yield query, positive
        case Not(part):
            yield from leaves(part, positive=not positive)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, positive=positive)
        case _:
            assert_never(query)


def refuse_exclusion(query: Query) -> None:
    """A query, or one side of an OR, that only excludes would be true of nearly everything."""
    for part in (*_sides(query), query):
        if _true_of_silence(part):
            raise QueryError("this only excludes", part.column, "say also what must be there")


def _sides(query: Query) -> Iterator[Query]:
    """Every side of every OR, the inner ones first."""
    match query:
        case Word() | Phrase() | Alias():
            return
        case Not(part):
            yield from _sides(part)
        case And(parts):
            for part in parts:
                yield from _sides(part)
        case Or(parts):
            for part in parts:
                yield from _sides(part)
            yield from parts
        case _:
            assert_never(query)


def _true_of_silence(query: Query) -> bool:
    """Would it be true of an article without a word?"""
    match query:
        case Word() | Phrase() | Alias():
            return False
        case Not(part):
            return not _true_of_silence(part)
        case And(parts):
            return all(map(_true_of_silence, parts))
        case Or(parts):
            return any(map(_true_of_silence, parts))
        case _:
            assert_never(query)
