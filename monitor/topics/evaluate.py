"""The plain evaluator: whether a query is true of an article, and where. What quicker ways find is held against it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final, assert_never

from monitor.model import Field
from monitor.topics.analysis import Place, Words
from monitor.topics.places import (
    Hit,
    count_apart,
    hulls,
    is_found,
    pairs,
    places_of_rows,
    spans_of_pattern,
    stands,
    units,
)
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often, Question, clauses_in
from monitor.topics.windows import windows

Fields = Mapping[Field, Words]  # an article, read
Hits = Mapping[Field, Sequence[Hit]]  # by place, each field that has any

_MOST_STRETCHES: Final = 5000  # that are looked through for places
_TEXT: Final[tuple[Field, ...]] = ("title", "body")  # url, author and feed are no part of what is told


def is_true(question: Question, article: Fields) -> bool:
    return holds(question.root, Whole(article))


# -- what is looked at ---------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Whole:
    """A whole article, and what was found in it so far."""

    article: Fields
    known: dict[Node, Hits] = field(default_factory=dict)

    def has(self, clause: Clause) -> bool:
        for name in clause.fields:
            words = self.article.get(name)
            if words is not None and _is_in(clause, words):
                return True
        return False

    def hits(self, node: Node) -> Hits:
        if node not in self.known:
            self.known[node] = _of_clause(node, self.article) if isinstance(node, Clause) else _found(node, self)
        return self.known[node]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Some words in a row of one field, and all of what is no text."""

    whole: Whole
    name: Field
    first: int
    last: int

    def has(self, clause: Clause) -> bool:
        return any(self.hits(clause).values())

    def hits(self, node: Node) -> Hits:
        if not _is_local(node):
            return _found(node, self)
        found = self.whole.hits(node)
        kept: dict[Field, Sequence[Hit]] = {name: found[name] for name in found if name not in _TEXT}
        if here := self._inside(found.get(self.name, ())):
            kept[self.name] = here
        return kept

    def _inside(self, hits: Sequence[Hit]) -> list[Hit]:
        start, end = bisect_left(hits, (self.first,)), bisect_left(hits, (self.last + 1,))
        return [hit for hit in hits[start:end] if hit.last <= self.last]


Sight = Whole | Stretch


def _is_local(node: Node) -> bool:
    """Is it hit within a stretch just where the whole article's hit lies in it? An ATLEAST counts anew."""
    match node:
        case Clause():
            return True
        case Beside(_, left, right):
            return _is_local(left) and _is_local(right)
        case Either(_, parts):
            return all(map(_is_local, parts))
        case _:
            return False


def _is_in(clause: Clause, words: Words) -> bool:
    if clause.pattern is not None:
        return is_found(clause.pattern, words.text)
    return any(stands(row, words) for row in clause.rows)


# -- is it true ----------------------------------------------------------------------------------


def holds(node: Node, sight: Sight) -> bool:  # noqa: PLR0911  a return for each kind
    match node:
        case Clause():
            return sight.has(node)
        case Every():
            return all(holds(part, sight) for part in node.parts)
        case Either():
            return any(holds(part, sight) for part in node.parts)
        case Absent():
            return not holds(node.part, sight)
        case Beside():
            return _is_beside(node, sight)
        case Often():
            return holds(node.part, sight) and count(node.part, sight) >= node.count
        case Inside():
            return next(true_stretches(node, sight), None) is not None
        case _:
            assert_never(node)


def may_hold(node: Node, sight: Sight) -> bool:
    """Might it be true of a part of this? What must not be there may be elsewhere."""
    match node:
        case Absent():
            return True
        case Every(_, parts):
            return all(may_hold(part, sight) for part in parts)
        case Either(_, parts):
            return any(may_hold(part, sight) for part in parts)
        case Often(_, _, part) | Inside(_, _, part):
            return may_hold(part, sight)
        case Clause() | Beside():
            return holds(node, sight)
        case _:
            assert_never(node)


def count(node: Node, sight: Sight) -> int:
    """How many places that don't overlap it has, in all fields."""
    return sum(map(count_apart, sight.hits(node).values()))


# -- where ---------------------------------------------------------------------------------------


def _found(node: Node, sight: Sight) -> Hits:  # noqa: PLR0911  a return for each kind
    """Where it is hit; of what is not true no part is."""
    match node:
        case Clause():
            return sight.hits(node)
        case Either(_, parts):
            return _joined([sight.hits(part) for part in parts])
        case Every(_, parts):
            return _joined([sight.hits(part) for part in parts]) if holds(node, sight) else {}
        case Absent():
            return {}
        case Beside():
            return _of_beside(node, sight)
        case Often(_, _, part):
            return sight.hits(part) if holds(node, sight) else {}
        case Inside(_, _, part):
            return _joined([stretch.hits(part) for stretch in islice(true_stretches(node, sight), _MOST_STRETCHES)])
        case _:
            assert_never(node)


def _of_clause(clause: Clause, article: Fields) -> Hits:
    found: dict[Field, Sequence[Hit]] = {}
    for name in clause.fields:
        words = article.get(name)
        if words is not None and (places := _places(clause, words)):
            found[name] = [Hit(*place, (place,)) for place in places]
    return found


def _places(clause: Clause, words: Words) -> list[Place]:
    if clause.pattern is None:
        return places_of_rows(clause.rows, words)
    return sorted({words.place_of(span) for span in spans_of_pattern(clause.pattern, words.text)})


def _joined(found: Sequence[Hits]) -> Hits:
    if len(found) == 1:
        return found[0]
    joined: dict[Field, set[Hit]] = {}
    for each in found:
        for name, those in each.items():
            joined.setdefault(name, set()).update(those)
    return {name: sorted(those) for name, those in joined.items()}


def _is_beside(node: Beside, sight: Sight) -> bool:
    return any(True for name in _shared(node, sight) for _ in _pairs(node, sight, name))


def _of_beside(node: Beside, sight: Sight) -> Hits:
    found: dict[Field, Sequence[Hit]] = {}
    for name in _shared(node, sight):
        left, right = sight.hits(node.left)[name], sight.hits(node.right)[name]
        if those := hulls(left, right, node.distance, ordered=node.ordered):
            found[name] = those
    return found


def _shared(node: Beside, sight: Sight) -> Sequence[Field]:
    """The fields where both sides are."""
    right = sight.hits(node.right)
    left = sight.hits(node.left) if right else {}
    return [name for name in left if name in right]


def _pairs(node: Beside, sight: Sight, name: Field) -> Iterator[Hit]:
    left, right = sight.hits(node.left)[name], sight.hits(node.right)[name]
    return pairs(left, right, node.distance, ordered=node.ordered)


# -- stretches -----------------------------------------------------------------------------------


def true_stretches(node: Inside, sight: Sight) -> Iterator[Stretch]:
    """The stretches of which the part is true by itself."""
    whole = sight.whole if isinstance(sight, Stretch) else sight
    if not may_hold(node.part, sight):
        return
    for name in _TEXT:
        words = whole.article.get(name)
        if words is not None and words.size:
            for first, last in _stretches(node, name, words, whole):
                stretch = Stretch(whole, name, first, last)
                if holds(node.part, stretch):
                    yield stretch


def _stretches(node: Inside, name: Field, words: Words, whole: Whole) -> Iterator[Place]:
    if node.unit == "title":
        yield from units("paragraph", name, words) if name == "title" else ()
    elif isinstance(node.unit, str):
        yield from units(node.unit, name, words)
    else:
        marks = sorted({hit[:2] for clause in clauses_in(node.part) for hit in whole.hits(clause).get(name, ())})
        yield from windows(
            node.part, node.unit, units("paragraph", name, words), partial(_windowed, whole, name), marks
        )


def _windowed(whole: Whole, name: Field, node: Node) -> Sequence[Hit] | None:
    """Where it is hit, if a window holds it just where such a place lies in it."""
    found = whole.hits(node) if _is_local(node) else None
    return None if found is None or found.keys() - _TEXT else found.get(name, ())
