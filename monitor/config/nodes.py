"""What a YAML file is made of, with places: texts, lists and mappings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})  # YAML 1.2; nothing else is taken for another kind

_PIECES: Final = {
    '"': r"\\(?:x..|u.{4}|U.{8}|\n[ \t]*|.)|.",
    "'": r"''|.",
}

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    start: int
    end: int
    style: str = ""  # how it is written: plain, ', ", |, > or ! (plain, but text by its tag)

    @property
    def is_null(self) -> bool:
        return not self.style and self.text in NULLS


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Node, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Pairs:
    pairs: tuple[tuple[Scalar, Node], ...]
    start: int


Node = Scalar | Items | Pairs


def is_empty(node: Node) -> bool:
    match node:
        case Scalar():
            return node.is_null
        case Items(items=children) | Pairs(pairs=children):
            return not children


def child(node: Node, step: str | int) -> Node | None:
    match node, step:
        case Pairs(pairs=pairs), str():
            return next((value for key, value in pairs if key.text == step), None)
        case Items(items=items), int() if 0 <= step < len(items):
            return items[step]
        case _:
            return None


def nearest(root: Node, path: Path) -> tuple[Node, bool]:
    """The node at a path, and True; or its nearest parent that is there, and False."""
    node = root
    for step in path:
        below = child(node, step)
        if below is None:
            return node, False
        node = below
    return node, True


def select(root: Node, pattern: str) -> Iterator[tuple[int, Node]]:
    """All values at `topics.*.limit` and the like, each with the place of its key (of itself in a list)."""
    found: list[tuple[int, Node]] = [(root.start, root)]
    for step in pattern.split("."):
        found = [below for _, node in found for below in _below(node, step)]
    return iter(found)


def _below(node: Node, step: str) -> Iterator[tuple[int, Node]]:
    match node:
        case Pairs(pairs=pairs):
            return ((key.start, value) for key, value in pairs if step in {"*", key.text})
        case Items(items=items) if step == "*":
            return ((item.start, item) for item in items)
        case _:
            return iter(())


@dataclass(slots=True)
class Patterns:
    """Several patterns, to be looked for in one walk."""

    ending: str = ""  # the pattern that ends here
    below: dict[str, Patterns] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Patterns:
        root = cls()
        for pattern in patterns:
            branch = root
            for step in pattern.split("."):
                branch = branch.below.setdefault(step, cls())
            branch.ending = pattern
        return root

    def select(self, node: Node, place: int = 0) -> Iterator[tuple[str, int, Node]]:
        """As above, each with its pattern, in the order of the file."""
        if self.ending:
            yield self.ending, place, node
        if not self.below:
            return
        star = self.below.get("*")
        match node:
            case Pairs(pairs=pairs):
                for key, value in pairs:
                    for branch in (self.below.get(key.text), star):
                        if branch:
                            yield from branch.select(value, key.start)
            case Items(items=items) if star:
                for item in items:
                    yield from star.select(item, item.start)


def inside(source: str, node: Scalar, offset: int) -> int:
    """Where in the file the code point `offset` of a text stands.

    Text and file are walked side by side: a blank of the text is any run of blanks and line ends in the file.
    """
    quote = len(node.style) if node.style in {"'", '"'} else 0
    begin = source.find("\n", node.start) + 1 if node.style in {"|", ">"} else node.start + quote
    end = node.end - quote
    pieces = list(re.compile(_PIECES.get(node.style, "."), re.DOTALL).finditer(source, begin, end))
    at = place = 0
    for char in node.text[: offset + 1]:
        while not char.isspace() and at < len(pieces) - 1 and _is_blank(pieces[at][0]):
            at += 1
        place = at
        at += not char.isspace() or (at < len(pieces) and _can_be_blank(pieces[at][0]))
    place = at if offset >= len(node.text) else place
    return pieces[place].start() if place < len(pieces) else max(begin, end)


def _is_blank(piece: str) -> bool:
    return piece.isspace() or piece.startswith("\\\n")


def _can_be_blank(piece: str) -> bool:
    return piece.isspace() or (piece.startswith("\\") and not piece.startswith("\\\n"))
