"""What is written under `silences`: what is wrong with it, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.config.hints import guess, listed
from monitor.config.moments import LIKE, end_of
from monitor.config.nodes import Items, child
from monitor.config.shape import Draft, Ref, Section
from monitor.config.source import Fault, quoted
from monitor.settings import Silenced

WAYS: Final = ("topic", "words", "story")
_OVER: Final = datetime.min.replace(tzinfo=UTC)


def faults(draft: Draft, top: Section) -> Iterator[Fault]:
    seen: dict[tuple[str, object], int] = {}
    for silence in top.get("silences", ()):
        yield from _ways(silence)
        if silence.lacks("until") and not silence.is_misspelt("until"):
            yield Fault(silence.place("until"), "this silence has no 'until'", f"write until: {LIKE}")
        if "topic" in silence.values:
            yield from _unknown_topic(draft, top, silence.get("topic"))
        for way in (way for way in WAYS if way in silence.values):
            target, place = (way, _key(silence, way)), silence.place(way)
            if target in seen:
                first = draft.source.where(seen[target], place)
                what = "the same words are" if way == "words" else f"the same {way} is"
                yield Fault(place, f"{what} silenced twice", f"first in {first}; take one away")
            seen.setdefault(target, place)


def _ways(silence: Section) -> Iterator[Fault]:
    written = [way for way in WAYS if not silence.lacks(way)]
    if not written and not any(silence.is_misspelt(way) for way in WAYS):
        hint = "write topic: its name, words: a query, or story: its number"
        yield Fault(silence.node.start, "this silence does not say of what", hint)
    if len(written) > 1:
        first, second = sorted(written, key=silence.place)[:2]
        yield Fault(silence.place(second), f"a silence has either '{first}' or '{second}'", "make two silences of it")


def _unknown_topic(draft: Draft, top: Section, ref: Ref) -> Iterator[Fault]:
    """Where a topic's own name can't be read that is the mistake, not what a silence calls it."""
    node = child(top.node, "topics")
    names = [topic.get("name") for topic in top.get("topics", ())]
    all_read = isinstance(node, Items) and len(node.items) == len([name for name in names if name])
    if draft.is_whole and names and all_read and ref.name not in names:
        hint = guess(ref.name, names) or listed("there are: ", names)
        yield Fault(ref.start, f"there is no topic {quoted(ref.written)}", hint)


def _key(silence: Section, way: str) -> object:
    match said := silence.get(way):
        case Ref():
            return said.name
        case str():
            return " ".join(said.split())
        case _:
            return said


def silences_of(top: Section) -> tuple[Silenced, ...]:
    """One for each that is written, so that each has its place; what of it can't be read is told, and stands for nothing."""
    node, read = child(top.node, "silences"), top.get("silences", ())
    if not isinstance(node, Items) or len(node.items) != len(read):
        return ()
    zone = top.get("timezone", ZoneInfo("UTC"))
    return tuple(_silenced(each, zone) for each in read)


def _silenced(silence: Section, zone: ZoneInfo) -> Silenced:
    topic: Ref | None = silence.get("topic")
    said: datetime | None = silence.get("until")
    return Silenced(
        until=end_of(said, zone) if said else _OVER,
        topic=topic.name if topic else None,
        story_id=silence.get("story"),
        **silence.only("words", "reason"),
    )
