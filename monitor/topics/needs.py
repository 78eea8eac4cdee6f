"""What must be in an article, and what must not, for a query to be true of it: what an index can know. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from monitor.topics.analysis import Row
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often, Question
from monitor.topics.tree import WHERE

# In this module "there" means: among the forms of title and body together. What url, author and feed hold is not asked.

Need = frozenset[str]  # one of these forms must be there
Rarity = Callable[[str], float]


def needs(question: Question, rarity: Rarity = len) -> tuple[Need, ...]:
    """Of each of these sets a form must be there; the query may be false all the same."""
    return tuple(dict.fromkeys(_needs(question.root, rarity)))


def _needs(node: Node, rarity: Rarity) -> list[Need]:
    match node:
        case Clause():
            return _of_clause(node, rarity) if set(node.fields) <= set(WHERE) else []
        case Absent():
            return []
        case Every(_, parts):
            return [need for part in parts for need in _needs(part, rarity)]
        case Beside(_, left, right):
            return [*_needs(left, rarity), *_needs(right, rarity)]
        case Often(_, _, part) | Inside(_, _, part):
            return _needs(part, rarity)
        case Either(_, parts):
            return _of_any([_needs(part, rarity) for part in parts], rarity)
        case _:
            assert_never(node)


def _of_any(sides: Iterable[list[Need]], rarity: Rarity) -> list[Need]:
    """Of each side the set that is rarest; if one side needs nothing, nor do all together."""
    chosen = [max(side, key=lambda need: min(map(rarity, need)), default=None) for side in sides]
    found = [need for need in chosen if need is not None]
    return [frozenset().union(*found)] if len(found) == len(chosen) else []


def _of_clause(clause: Clause, rarity: Rarity) -> list[Need]:
    """What is in all rows, each by itself, and of each row the rarest other."""
    rows = [_plain_forms(row) for row in clause.rows]
    if not rows:
        return []
    shared = frozenset.intersection(*rows)
    rest = [row - shared for row in rows]
    other = [frozenset(max(row, key=rarity) for row in rest)] if all(rest) else []
    return [*(frozenset({form}) for form in sorted(shared)), *other]


def _plain_forms(row: Row) -> frozenset[str]:
    return frozenset(piece.form for piece in row if piece.pattern is None)


def bans(question: Question) -> frozenset[str]:
    """Forms of which one alone makes the query false, if it is there."""
    return frozenset(_bans(question.root))


def _bans(node: Node) -> Iterable[str]:
    match node:
        case Every(_, parts):
            return [form for part in parts for form in _bans(part)]
        case Often(_, _, part):
            return _bans(part)
        case Absent(_, part):
            return _proofs(part)
        case Clause() | Beside() | Inside() | Either():
            return ()
        case _:
            assert_never(node)


def _proofs(node: Node) -> Iterable[str]:
    """Forms of which one alone makes this true."""
    match node:
        case Clause():
            return [row[0].form for row in node.rows if _is_plain_word(row)] if set(node.fields) >= set(WHERE) else ()
        case Either(_, parts):
            return [form for part in parts for form in _proofs(part)]
        case Absent(_, part):
            return _bans(part)
        case Every() | Beside() | Often() | Inside():
            return ()
        case _:
            assert_never(node)


def is_settled(question: Question) -> bool:
    """Are `needs` and `bans` the whole query? What they pass needs no other look then."""
    return _is_settled(question.root)


def _is_settled(node: Node) -> bool:
    if isinstance(node, Every):
        return all(map(_is_settled, node.parts))
    return _is_flat(node.part) if isinstance(node, Absent) else _is_flat(node)


def _is_flat(node: Node) -> bool:
    """Is it any of some words?"""
    if isinstance(node, Either):
        return all(map(_is_flat, node.parts))
    if not isinstance(node, Clause) or set(node.fields) != set(WHERE):
        return False
    return bool(node.rows) and all(map(_is_plain_word, node.rows))


def _is_plain_word(row: Row) -> bool:
    return len(row) == 1 and row[0].pattern is None and not row[0].cased
