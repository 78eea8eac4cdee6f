"""In which ways a query can come true, told by the words that must be there and those that must not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Final, assert_never

from monitor.model import Field
from monitor.topics.analysis import Piece, Row
from monitor.topics.checks import Check, Close, Standing
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often
from monitor.topics.tree import WHERE

_MOST_WAYS: Final = 32  # of an AND; beyond, its widest parts are left to the evaluator
_FEW_FORMS: Final = 5  # of a word of a NEAR
_NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Way:
    """A query may be true where every key of `needs` is there, none of `bans`, and each of `checks` holds.

    If `is_sure`, it is true there. Of every article of which a query is true, one of its ways holds.
    A key is a form of a word in title or body ("rusia", "~tembak"), in one field ("title:rusia"), or a wildcard in title
    or body ("*rus:rus.*").
    """

    needs: frozenset[str]
    bans: frozenset[str] = _NOTHING
    checks: tuple[Check, ...] = ()
    is_sure: bool = False


_ANYTHING: Final = Way(_NOTHING)


def ways_of(node: Node, *, in_title: bool = False) -> tuple[Way, ...]:  # noqa: PLR0911  a return for each kind
    """All the ways in which a query can be true; none: it never is. `in_title`: of a title by itself."""
    match node:
        case Clause():
            return _of_clause(node, in_title=in_title)
        case Every(_, parts):
            return _together([ways_of(part, in_title=in_title) for part in parts])
        case Either(_, parts):
            return tuple(dict.fromkeys(way for part in parts for way in ways_of(part, in_title=in_title)))
        case Absent(_, Absent(_, part)):
            return ways_of(part, in_title=in_title)
        case Absent(_, part):
            return (_without(ways_of(part, in_title=in_title)),)
        case Beside(_, Clause() as left, Clause() as right) if not in_title and _are_words(left, right):
            return _of_words(node, left, right)
        case Beside(_, left, right):
            return _unsure(_together([ways_of(part, in_title=in_title) for part in (left, right)]))
        case Often(_, _, part):
            return _unsure(ways_of(part, in_title=in_title))
        case Inside(_, unit, part):
            # What must not be in the stretch may be elsewhere.
            found = ways_of(part, in_title=in_title or unit == "title")
            return tuple(dict.fromkeys(Way(way.needs, checks=way.checks) for way in found))
        case _:
            assert_never(node)


def _unsure(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(Way(way.needs, way.bans, way.checks) for way in ways))


def _without(ways: Sequence[Way]) -> Way:
    """None of these may be true: what would surely make it so is banned, the rest is left to the evaluator."""
    banned = [way.needs for way in ways if way.is_sure and len(way.needs) == 1 and not way.bans and not way.checks]
    return Way(_NOTHING, _NOTHING.union(*banned), is_sure=len(banned) == len(ways))


def _together(parts: Sequence[Sequence[Way]]) -> tuple[Way, ...]:
    """One way of each part. Too many: the parts with the most ways are left out, and no way is sure any more.

    Parts without keys come last. Of the others one is taken however many ways it has, or nothing would lead to the query.
    """
    found = [_all([ways[0] for ways in parts if len(ways) == 1])]
    for ways in sorted((ways for ways in parts if len(ways) != 1), key=_size):
        if len(found) * len(ways) > _MOST_WAYS and (_is_keyless(ways) or not _is_keyless(found)):
            found = list(_unsure(found))
            break
        found = list(dict.fromkeys(_all((one, other)) for one in found for other in ways))
    return tuple(way for way in found if way.needs.isdisjoint(way.bans))


def _is_keyless(ways: Iterable[Way]) -> bool:
    """Is there a way that no word leads to?"""
    return not all(way.needs for way in ways)


def _size(ways: Sequence[Way]) -> tuple[bool, int]:
    return _is_keyless(ways), len(ways)


def _all(ways: Sequence[Way]) -> Way:
    return Way(
        _NOTHING.union(*[way.needs for way in ways]),
        _NOTHING.union(*[way.bans for way in ways]),
        tuple([check for way in ways for check in way.checks]),
        all(way.is_sure for way in ways),
    )


# -- NEAR ----------------------------------------------------------------------------------------


def _are_words(*clauses: Clause) -> bool:
    """Single words in title and body, in a few forms, written in any way?"""
    return all(
        clause.pattern is None
        and clause.fields == WHERE
        and len(clause.rows) <= _FEW_FORMS
        and all(len(row) == 1 and row[0].pattern is None and not row[0].cased for row in clause.rows)
        for clause in clauses
    )


def _of_words(node: Beside, left: Clause, right: Clause) -> tuple[Way, ...]:
    pairs = [(intern(one[0].form), intern(other[0].form)) for one in left.rows for other in right.rows]
    return tuple(
        Way(frozenset(pair), checks=(Close(*pair, node.distance, node.ordered, WHERE),), is_sure=True) for pair in pairs
    )


# -- leaves --------------------------------------------------------------------------------------


def _of_clause(clause: Clause, *, in_title: bool) -> tuple[Way, ...]:
    fields = tuple(field for field in clause.fields if field != "body") if in_title else clause.fields
    if clause.pattern is not None:
        return (_ANYTHING,) if fields else ()
    scopes = _scopes(fields)
    if len(clause.rows) == len(scopes) == 1:
        return (_of_row(clause.rows[0], scopes[0]),)
    return tuple(dict.fromkeys(_of_row(row, scope) for row in clause.rows for scope in scopes))


def _scopes(fields: tuple[Field, ...]) -> Sequence[Field | None]:
    """None is title and body together, as nearly everything is looked for."""
    if "title" in fields and "body" in fields:
        return (None, *(field for field in fields if field not in WHERE)) if len(fields) > len(WHERE) else (None,)
    return fields


def _of_row(row: Row, scope: Field | None) -> Way:
    if len(row) == 1 and _is_plain(row[0], scope):
        return _of_key(_key(row[0], scope) or "")
    keys = frozenset([key for piece in row if (key := _key(piece, scope))])
    forms = tuple(intern(piece.form) for piece in row if not piece.cased and piece.pattern is None)
    standing = Standing(row, (scope,) if scope else WHERE, forms if len(forms) == len(row) else ())
    return Way(keys, checks=(standing,), is_sure=True)


# A pure function's memo: many topics share their words.
@lru_cache(maxsize=1 << 15)
def _of_key(key: str) -> Way:
    return Way(frozenset((key,)), is_sure=True)


def _is_plain(piece: Piece, scope: Field | None) -> bool:
    """Does its key tell all that there is to know of a piece?"""
    return not piece.cased and (piece.pattern is None or scope is None)


def _key(piece: Piece, scope: Field | None) -> str | None:
    """Interned: an index has each word once, however many topics have it, and is the smaller and quicker for it."""
    if piece.pattern is None:
        return intern(f"{scope}:{piece.form}" if scope else piece.form)
    # Wildcards are kept for title and body together; that is needed for a hit in one of them too.
    return key_of_pattern(piece) if scope is None or scope in WHERE else None


def key_of_pattern(piece: Piece) -> str:
    assert piece.pattern is not None
    return f"*{piece.prefix}:{piece.pattern.pattern}"
