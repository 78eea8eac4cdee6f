"""Which parts of a query an article would need beside what it has, or would have to be without. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from monitor.topics.tree import (
    Alias,
    And,
    AtLeast,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Within,
    Word,
    leaves,
    parts_of,
)
from monitor.topics.why import Why

Truth = Callable[[Query], bool]  # of a leaf, a NEAR, an ATLEAST, a within or a NOT


def lacking(query: Query, is_so: Truth) -> tuple[Query, ...]:
    """The parts but for which it would be true; none, if it is.

    Of an AND: what all its parts lack. Of an OR: what the alternative lacks that something of was found; else the whole
    OR. A NEAR, an ATLEAST or a within all of whose parts are there is what is lacking itself; so is a NOT.
    """
    match query:
        case Word() | Phrase() | Alias() | Regex() | Not():
            return () if is_so(query) else (query,)
        case And(parts):
            return tuple(missing for part in parts for missing in lacking(part, is_so))
        case Or(parts):
            return _of_either(query, [lacking(part, is_so) for part in parts], is_so)
        case Near() | AtLeast() | Within():
            if is_so(query):
                return ()
            return tuple(missing for part in parts_of(query) for missing in lacking(part, is_so)) or (query,)
        case _:
            assert_never(query)


def _of_either(query: Or, options: Sequence[tuple[Query, ...]], is_so: Truth) -> tuple[Query, ...]:
    if not all(options):
        return ()
    begun = [
        missing
        for part, missing in zip(query.parts, options, strict=True)
        if any(is_positive and is_so(leaf) for leaf, is_positive in leaves(part))
    ]
    fewest = min(begun or options, key=len)
    return fewest if begun and len(fewest) == 1 else _whole(query, options)


def _whole(query: Or, options: Sequence[tuple[Query, ...]]) -> tuple[Query, ...]:
    """The OR itself, where one word would do; else what comes closest."""
    fewest = min(options, key=len)
    return (query,) if len(fewest) == 1 else fewest


def part_of(why: Why, query: Query, part: Query) -> Why:
    """Where a part of the query stands in the tree that was made of it; the whole, if it is no part."""
    return _found(why, query, part) or why


def _found(why: Why, query: Query, part: Query) -> Why | None:
    if query == part:
        return why
    for below, each in zip(why.parts, parts_of(query), strict=True):
        if found := _found(below, each, part):
            return found
    return None
