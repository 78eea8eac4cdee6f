"""What a topic hides must be other topics, and none that hides it in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.config.hints import guess, listed
from monitor.config.nodes import Items, child
from monitor.config.shape import Draft, Ref, Section
from monitor.config.source import Fault, quoted


def wrongly_hidden(draft: Draft, top: Section) -> Iterator[Fault]:
    narrower: dict[str, list[str]] = {}
    names = tuple(topic.get("name") for topic in top.get("topics", ()) if topic.get("name"))
    all_are_known = draft.is_whole and _all_are_named(top, names)
    for topic in top.get("topics", ()):
        name = topic.get("name")
        for ref in topic.get("hides", ()):
            if ref.name == name:
                yield Fault(ref.start, "a topic can't hide itself", "name a wider topic")
            elif ref.name not in names:
                yield from _unknown(ref, [each for each in names if each != name]) if all_are_known else ()
            elif circle := _way(narrower, ref.name, name):
                yield Fault(
                    ref.start, "with this, topics hide each other in a circle", listed("it goes: ", [*circle, ref.name])
                )
            else:
                narrower.setdefault(name, []).append(ref.name)


def _all_are_named(top: Section, names: tuple[str, ...]) -> bool:
    """A topic that is written but wrong is known all the same: one mistake, one message."""
    node = child(top.node, "topics")
    return isinstance(node, Items) and len(node.items) == len(names)


def _unknown(ref: Ref, names: list[str]) -> Iterator[Fault]:
    known = listed("there are: ", names) if names else "write it under topics, too"
    yield Fault(ref.start, f"there is no topic {quoted(ref.written)}", guess(ref.name, names) or known)


def _way(narrower: Mapping[str, list[str]], start: str, end: str) -> list[str]:
    """By what hides what; empty where none leads there."""
    came_from: dict[str, str] = {start: ""}
    queue = [start]
    for name in queue:
        for wide in narrower.get(name, ()):
            if wide not in came_from:
                came_from[wide] = name
                queue.append(wide)
    way = [end] if end in came_from else []
    while way and way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
