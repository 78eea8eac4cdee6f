"""What a NEAR may hold: no NOT, and not too much. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Final, assert_never

from monitor.errors import QueryError
from monitor.topics.tree import Alias, And, AtLeast, Near, Not, Or, Phrase, Query, Regex, Within, Word

MOST: Final = 64  # pairs that a NEAR may come to when it is spread over the ANDs and ORs within it
_DEEPEST: Final = 40  # NEARs within each other

_Ways = tuple[int, ...] | None  # of each way to be true, how many things it needs; None: too many


@dataclass(frozen=True, slots=True)
class _Weight:
    ways: _Ways = (1,)
    nears: int = 0  # within each other
    excluded: Not | None = None  # the first NOT


def refuse_far(query: Query) -> None:
    """Raises `QueryError` for a NEAR over a NOT, and for one over so much that it would take long to look for."""
    _weigh(query)


def _weigh(query: Query) -> _Weight:
    match query:
        case Word() | Phrase() | Alias() | Regex():
            return _LEAF
        case Not(part):
            return _Weight(nears=_weigh(part).nears, excluded=query)
        case AtLeast(_, part) | Within(_, part):
            weight = _weigh(part)
            return _Weight(nears=weight.nears, excluded=weight.excluded)
        case And(parts):
            return _of_parts(parts, is_and=True)
        case Or(parts):
            return _of_parts(parts, is_and=False)
        case Near():
            return _of_chain(query)
        case _:
            assert_never(query)


_LEAF: Final = _Weight()


def _of_parts(parts: tuple[Query, ...], *, is_and: bool) -> _Weight:
    weights = [_weigh(part) for part in parts]
    spread = _all_of if is_and else _any_of
    excluded = next((weight.excluded for weight in weights if weight.excluded), None)
    return _Weight(spread([weight.ways for weight in weights]), max(weight.nears for weight in weights), excluded)


def _of_chain(last: Near) -> _Weight:
    """NEARs of which each is the left side of the next; they may be more than can call each other."""
    chain: list[Near] = []
    first: Query = last
    while isinstance(first, Near):
        chain.append(first)
        first = first.left
    weight = _weigh(first)
    for near in reversed(chain):
        weight = _together(near, weight, _weigh(near.right))
    return weight


def _together(near: Near, left: _Weight, right: _Weight) -> _Weight:
    if excluded := left.excluded or right.excluded:
        raise QueryError("NEAR can't hold a NOT", excluded.column, "put the NOT outside of the NEAR")
    nears = 1 + max(left.nears, right.nears)
    if nears > _DEEPEST:
        raise QueryError(f"more than {_DEEPEST} NEARs within each other", near.column, "write it flatter")
    pairs = None
    if left.ways and right.ways:
        pairs = _within_bounds(these * those for these, those in product(left.ways, right.ways))
    if pairs is None:
        hint = "put fewer words and brackets into the brackets beside it"
        raise QueryError("too much within NEAR", near.column, hint)
    return _Weight(_any_of([pairs]), nears)


def _all_of(parts: list[_Ways]) -> _Ways:
    """Each way of the one with each way of the other."""
    ways: _Ways = (0,)
    for part in parts:
        if ways is None or part is None:
            return None
        ways = _within_bounds(one + other for one in ways for other in part)
    return ways


def _any_of(parts: list[_Ways]) -> _Ways:
    """The ways of all; those that need one thing alone are looked for as one."""
    several: list[int] = []
    single = 0
    for part in parts:
        if part is None:
            return None
        several += (way for way in part if way > 1)
        single = single or int(1 in part)
        if len(several) > MOST:
            return None
    return _within_bounds([1] * single + several)


def _within_bounds(ways: Iterable[int]) -> _Ways:
    kept: list[int] = []
    total = 0
    for way in ways:
        total += way
        if total > MOST:
            return None
        kept.append(way)
    return tuple(kept)
