"""Trees that were learnt from pages with known texts: the probability that a line is its article's. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

Tree = Callable[[Sequence[float]], float]


def chance(row: Sequence[float]) -> float:
    """For the signs of a line, 0 to 1."""
    return 1 / (1 + math.exp(-sum(tree(row) for tree in forest())))


@cache
def forest() -> tuple[Tree, ...]:
    """The trees of forest.txt; their sum is the logarithm of the odds."""
    text = (files(__package__) / "forest.txt").read_text(encoding="utf-8")
    return tuple(_tree(line.split()) for line in text.splitlines() if line and not line.startswith("#"))


def _tree(words: list[str]) -> Tree:
    """A tree is written root first: `NUMBER<=BOUND` and then its two branches, or a leaf's value."""
    numbers: list[int] = []
    bounds: list[float] = []
    right: list[int] = []
    open_: list[int] = []  # nodes whose right branch is still to come
    for at, word in enumerate(words):
        number, splits, bound = word.partition("<=")
        numbers.append(int(number) if splits else -1)
        bounds.append(float(bound if splits else word))
        right.append(0)
        if splits:
            open_.append(at)
        elif open_:
            right[open_.pop()] = at + 1

    def value(row: Sequence[float]) -> float:
        at = 0
        while (number := numbers[at]) >= 0:
            at = at + 1 if row[number] <= bounds[at] else right[at]
        return bounds[at]

    return value
