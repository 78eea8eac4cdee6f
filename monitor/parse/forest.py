"""Trees that were learnt from pages with known texts: whether a line is its article's. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Tree = Callable[[Sequence[float]], float]


@dataclass(frozen=True, slots=True)
class _Step:
    """A tree, and what those behind it can add at the least and at the most."""

    tree: Tree
    least: float
    most: float


def belongs(row: Sequence[float]) -> bool:
    """Whether the signs of a line speak for it: more likely than not. The rest of the trees is not asked once it is decided."""
    odds = 0.0
    for step in forest():
        odds += step.tree(row)
        if odds + step.most < 0:
            return False
        if odds + step.least >= 0:
            return True
    return odds >= 0


@cache
def forest() -> tuple[_Step, ...]:
    """The trees of forest.txt; their sum is the logarithm of the odds."""
    text = (files(__package__) / "forest.txt").read_text(encoding="utf-8")
    written = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    steps: list[_Step] = []
    least = most = 0.0
    for words in reversed(written):
        steps.append(_Step(_tree(words), least, most))
        leaves = [float(word) for word in words if "<=" not in word]
        least, most = least + min(leaves), most + max(leaves)
    return tuple(reversed(steps))


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
