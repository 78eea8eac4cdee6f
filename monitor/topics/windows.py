"""So many words in a row: which of all those windows may hold what is looked for, without a look at each. Pure.

A window is told by its first word. What is hit at a place is in all windows of one stretch of such first words, so that of
a text of any length only the hits are gone through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, assert_never

from monitor.topics.analysis import Place
from monitor.topics.places import Hit
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often

Hits = Callable[[Node], Sequence[Hit] | None]  # of a node, by place; None: that says nothing about windows


class Begins(NamedTuple):
    """Stretches of first words, in order and apart, of all windows that may be true; `are_all_true`: and of no others."""

    stretches: Sequence[Place]
    are_all_true: bool


def windows(node: Node, size: int, paragraphs: Sequence[Place], hits: Hits, marks: Sequence[Place]) -> Iterator[Place]:
    """One window for each set of `marks` that some window holds, where the node may be true."""
    for begin, end in possible(node, size, paragraphs, hits).stretches:
        start, last = paragraphs[bisect_left(paragraphs, (begin + 1,)) - 1]
        if last - start < size:
            yield start, last
            continue
        for first in _begins((begin, end), size, marks):
            yield first, first + size - 1


def _begins(stretch: Place, size: int, marks: Sequence[Place]) -> Iterator[int]:
    """Where what a window holds changes: it begins just after the first word of a mark, or ends with its last."""
    begin, end = stretch
    inside = marks[bisect_left(marks, (begin,)) : bisect_left(marks, (end + size,))]
    changes = {first + 1 for first, _ in inside} | {last - size + 1 for _, last in inside} | {begin}
    yield from sorted(first for first in changes if begin <= first <= end)


def possible(node: Node, size: int, paragraphs: Sequence[Place], hits: Hits) -> Begins:
    """All windows but those of which it is sure that the node is not true."""
    everywhere = [(start, max(start, end - size + 1)) for start, end in paragraphs]

    def of(node: Node) -> Begins:
        match node:
            case Clause() | Beside():
                places = hits(node)
                return Begins(everywhere, False) if places is None else Begins(_around(places, size, paragraphs), True)
            case Every(_, parts):
                return _all([of(part) for part in parts])
            case Either(_, parts):
                found = [of(part) for part in parts]
                return Begins(_any(found), all(each.are_all_true for each in found))
            case Absent(_, part):
                there = of(part)
                return Begins(_without(everywhere, there.stretches), True) if there.are_all_true else no_idea
            case Often(_, count, part):
                enough = _with_many(_within(part, hits), count, size, paragraphs)
                return _all([of(part), Begins(everywhere if enough is None else enough, False)])
            case Inside():
                return no_idea
            case _:
                assert_never(node)

    no_idea = Begins(everywhere, False)
    return of(node)


# -- stretches -----------------------------------------------------------------------------------


def _around(hits: Sequence[Hit], size: int, paragraphs: Sequence[Place]) -> Sequence[Place]:
    """The first words of the windows that hold one of these hits."""
    found: list[Place] = []
    number = 0
    for hit in hits:
        while number + 1 < len(paragraphs) and paragraphs[number + 1][0] <= hit.first:
            number += 1
        start, end = paragraphs[number]
        begin, last = max(start, hit.last - size + 1), min(hit.first, max(start, end - size + 1))
        if begin <= last and hit.last <= end:
            found.append((begin, last))
    return _merged(found)


def _within(node: Node, hits: Hits) -> Sequence[Hit] | None:
    """Every place that may count as one of a node."""
    if isinstance(node, Every | Either):
        parts = [_within(part, hits) for part in node.parts]
        return None if None in parts else sorted({hit for part in parts for hit in part or ()})
    if isinstance(node, Often):
        return _within(node.part, hits)
    return () if isinstance(node, Absent) else hits(node)


def _with_many(
    hits: Sequence[Hit] | None, count: int, size: int, paragraphs: Sequence[Place]
) -> Sequence[Place] | None:
    """The first words of the windows that hold so many; of those that begin with the same word only one can count."""
    if hits is None:
        return None
    firsts = sorted({hit.first for hit in hits})
    ends = firsts[count - 1 :]
    return _around([Hit(*place, ()) for place in zip(firsts, ends, strict=False)], size, paragraphs)


def _merged(stretches: list[Place]) -> Sequence[Place]:
    """What overlaps or touches as one: between paragraphs there is always a gap."""
    stretches.sort()
    merged: list[Place] = []
    for begin, end in stretches:
        if merged and begin <= merged[-1][1] + 1:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return merged


def _any(parts: Sequence[Begins]) -> Sequence[Place]:
    return parts[0].stretches if len(parts) == 1 else _merged([each for part in parts for each in part.stretches])


def _all(parts: Sequence[Begins]) -> Begins:
    both, *others = sorted(parts, key=lambda part: len(part.stretches))
    stretches = both.stretches
    for other in others:
        stretches = list(_both(stretches, other.stretches))
    return Begins(stretches, all(part.are_all_true for part in parts))


def _both(one: Sequence[Place], other: Sequence[Place]) -> Iterator[Place]:
    at = 0
    for begin, end in one:
        while at < len(other) and other[at][1] < begin:
            at += 1
        here = at
        while here < len(other) and other[here][0] <= end:
            yield max(begin, other[here][0]), min(end, other[here][1])
            here += 1


def _without(everywhere: Sequence[Place], stretches: Sequence[Place]) -> Sequence[Place]:
    left: list[Place] = []
    at = 0
    for begin, end in everywhere:
        first = begin
        while at < len(stretches) and stretches[at][0] <= end:
            if first < stretches[at][0]:
                left.append((first, stretches[at][0] - 1))
            first = stretches[at][1] + 1
            at += 1
        if first <= end:
            left.append((first, end))
    return left
