"""Which topic a mistake is that of: one that lies in a topic need not keep the others from changing. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from monitor.config.layout import SETTINGS, TOPIC
from monitor.config.nodes import Items, Node, Pairs, Scalar, child
from monitor.config.source import Fault

_OF_THE_FILE: Final = SETTINGS.keys() - TOPIC.keys()


def by_topic(root: Node, faults: Sequence[Fault]) -> Mapping[int, tuple[Fault, ...]]:
    """By the topic's place, the faults that lie within it and nowhere else.

    What several topics repeat by an anchor is the fault of each. It is that of none where it is told at a topic's name (there
    is another of that name, or nobody would be told), or where something else may have got into the topic: another one by a
    lost dash, a section too far right.
    """
    topics = child(root, "topics")
    if not faults or not isinstance(topics, Items):
        return {}
    places = sorted({fault.index for fault in faults})
    elsewhere = {*_held(_without(root, topics), places)}
    held = {number: {*_own(item, places)} - elsewhere for number, item in enumerate(topics.items)}
    return {number: tuple(fault for fault in faults if fault.index in own) for number, own in held.items() if own}


def _own(item: Node, places: Sequence[int]) -> Iterator[int]:
    """Of a topic that is a name alone, none."""
    keys = [*_keys(item)]
    if isinstance(item, Pairs) and keys.count("name") == 1 and _OF_THE_FILE.isdisjoint(keys):
        for key, value in item.pairs:
            if key.text != "name":
                yield from (*_held(key, places), *_held(value, places))


def _without(root: Node, topics: Items) -> Node:
    pairs = root.pairs if isinstance(root, Pairs) else ()
    return Pairs(tuple((key, Items((), value.start) if value is topics else value) for key, value in pairs), root.start)


def _held(node: Node, places: Sequence[int]) -> Iterator[int]:
    """Those of the sorted `places` that lie in a node or below it."""
    end = node.end if isinstance(node, Scalar) else 0
    yield from places[bisect_left(places, node.start) : bisect_left(places, max(end, node.start + 1))]
    for below in _below(node):
        yield from _held(below, places)


def _below(node: Node) -> Iterable[Node]:
    match node:
        case Scalar():
            return ()
        case Items(items=items):
            return items
        case Pairs(pairs=pairs):
            return (one for pair in pairs for one in pair)


def _keys(node: Node) -> Iterator[str]:
    """The names of all settings in a node and below it."""
    if isinstance(node, Pairs):
        yield from (key.text for key, _ in node.pairs)
    for below in _below(node):
        yield from _keys(below)
