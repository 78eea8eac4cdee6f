"""The trees of several files → one tree: lists follow each other, names stand side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.source import Fault, Source, quoted

Pair = tuple[Scalar, Node]
Adding = Mapping[str, type[Items] | type[Pairs]]


def merged(main: Node, others: Sequence[Pairs], adding: Adding) -> Node:
    """`adding` names what may stand in more than one file; all else is that of the main file."""
    if not isinstance(main, Pairs) or not others:
        return main
    own = [pair for pair in main.pairs if pair[0].text not in adding]
    pairs = [pair for node in (main, *others) for pair in node.pairs]
    joined = [pair for name, kind in adding.items() for pair in _joined(pairs, name, kind)]
    return Pairs((*own, *joined), main.start)


def repeated(source: Source, roots: Sequence[Node], adding: Adding) -> Iterator[Fault]:
    """Names that stand in one file and again in another; within one file that was told when it was read."""
    for name in (name for name, kind in adding.items() if kind is Pairs):
        first: dict[str, Scalar] = {}
        for node in _values(roots, name):
            for key, _ in node.pairs:
                if key.text in first:
                    place = source.where(first[key.text].start, key.start)
                    yield Fault(
                        key.start,
                        f"{quoted(key.text)} is here twice",
                        f"first in {place}; put both together, or take one away",
                    )
            first = {key.text: key for key, _ in node.pairs} | first


def _values(roots: Sequence[Node], name: str) -> Iterator[Pairs]:
    for root in roots:
        for key, value in root.pairs if isinstance(root, Pairs) else ():
            if key.text == name and isinstance(value, Pairs):
                yield value


def _joined(pairs: Sequence[Pair], name: str, kind: type[Items | Pairs]) -> Iterator[Pair]:
    """One pair for what can be joined; what can't follows it, for its reader to judge."""
    written = [pair for pair in pairs if pair[0].text == name]
    right = [(key, value) for key, value in written if isinstance(value, kind)]
    wrong = [(key, value) for key, value in written if not isinstance(value, kind)]
    if right:
        yield right[0][0], _one([value for _, value in right])
    yield from (pair for pair in wrong if not (isinstance(pair[1], Scalar) and pair[1].is_null))
    if not right and wrong:
        yield wrong[0]


def _one(nodes: Sequence[Items | Pairs]) -> Node:
    match nodes[0]:
        case Items(start=start):
            return Items(tuple(item for node in nodes if isinstance(node, Items) for item in node.items), start)
        case Pairs(start=start):
            return Pairs(tuple(pair for node in nodes if isinstance(node, Pairs) for pair in node.pairs), start)
