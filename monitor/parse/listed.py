"""Which entries of a document stand there byte for byte as they stood when it was last read: they need no reading. Pure.

What is remembered of a document (`listed`) is a version, a mark of the ground that its items stood on, and a line for each
item that is alone: marks of its bytes, of its key and of its link. An item whose bytes are remembered is cut out before
feedparser reads the document. What is left is read as it would be read in the whole document, because
- the document is well-formed, and nothing but white space stands between and after its items (`cut`);
- feedparser stands before each item as it stood before the first, and as it stood the last time (`watched`);
- no item that is read shares its key or its link with one that was cut out (`_clash`).
Wherever one of these does not hold, the whole document is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate

from monitor.model import KeyedBy, ParsedFeed
from monitor.parse.document import Document, Place, parsed, places
from monitor.parse.watched import ITEM_NAMES, Watched, watched

_VERSION: Final = b"\x01"
_MARK: Final = 8  # bytes of each mark
_NO_LINK: Final = bytes(_MARK)
_MOST_ITEMS: Final = 1_000
_LARGEST: Final = 8 * 1024 * 1024
_END: Final = re.compile(rb"(?>\s+|</[^<>]*>|<!--.*?-->)*+", re.DOTALL)
_NAME: Final = re.compile(rb"<([^\s/>]+)")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a feed before its document is read."""

    listed: bytes
    url: str
    keyed_by: KeyedBy


@dataclass(frozen=True, slots=True)
class Line:
    """Marks of an item's key and link."""

    key: bytes
    link: bytes


Lines = Mapping[bytes, Line]  # by the mark of the item's bytes


def read_what_is_new(content: bytes, known: Known, said: Callable[[Any], Document]) -> ParsedFeed | None:
    """None where feedparser would not read the document as plain XML. `content` is UTF-8."""
    cuts = cut(content)
    if cuts is None:
        return None
    ground, lines = _recalled(known.listed)
    found = _read(cuts, lines, ground, known, said) if not lines.keys().isdisjoint(cuts.marks) else None
    return found or _read(cuts, {}, b"", known, said)


def keys(listed: bytes) -> frozenset[bytes]:
    """Marks, as `mark` makes them, of the keys of those entries that are left out where they stand there unchanged."""
    return frozenset(line.key for line in _recalled(listed)[1].values())


def mark(of: bytes) -> bytes:
    return blake2b(of, digest_size=_MARK).digest()


def _read(cuts: Cuts, lines: Lines, ground: bytes, known: Known, said: Callable[[Any], Document]) -> ParsedFeed | None:
    """None where it can't be read but as a whole, in another way."""
    reading = watched(cuts.without(lines))
    if reading is None:
        return None
    document = said(reading.result)
    marks = [one for one in cuts.marks if one not in lines]
    here = _ground(reading, document, known)
    if not reading.is_steady or len(document.items) != len(marks):
        return None if lines else parsed(document, known.keyed_by)
    stand = places(document, known.keyed_by)
    left_out = {one: lines[one] for one in cuts.marks if one in lines}
    if left_out and (here != ground or _clash(stand, left_out.values())):
        return None
    feed = parsed(document, known.keyed_by)
    alone = left_out | _alone(dict(zip(marks, stand, strict=True)))
    in_order = {one: alone[one] for one in cuts.marks if one in alone}
    return replace(feed, unchanged=len(left_out), listed=b"" if feed.complaint else _written(here, in_order))


def _ground(reading: Watched, document: Document, known: Known) -> bytes:
    """All that an item's reading depends on but its own bytes."""
    return mark(repr((reading.ground, document.language, document.home, known.url, known.keyed_by)).encode())


def _clash(stand: Sequence[Place], left_out: Collection[Line]) -> bool:
    lines = [_line(place) for place in stand]
    links = {line.link for line in left_out} - {_NO_LINK}
    return not {line.key for line in left_out}.isdisjoint(line.key for line in lines) or not links.isdisjoint(
        line.link for line in lines
    )


def _alone(read: Mapping[bytes, Place]) -> dict[bytes, Line]:
    """Those that share neither key nor link with another one."""
    keys = Counter(place.key for place in read.values())
    links = Counter(place.link for place in read.values() if place.link)
    return {one: _line(place) for one, place in read.items() if keys[place.key] == 1 and links[place.link] <= 1}


def _line(place: Place) -> Line:
    link = mark(place.link.encode("utf-8", "replace")) if place.link else _NO_LINK
    return Line(mark(place.key.encode("utf-8", "replace")), link)


def _written(ground: bytes, lines: Lines) -> bytes:
    return b"".join((_VERSION, ground, *(one + line.key + line.link for one, line in lines.items())))


def _recalled(listed: bytes) -> tuple[bytes, dict[bytes, Line]]:
    marks = [listed[start : start + _MARK] for start in range(1, len(listed), _MARK)]
    if listed[:1] != _VERSION or len(marks) % 3 != 1 or len(marks[-1]) != _MARK:
        return b"", {}
    return marks[0], {
        one: Line(key, link) for one, key, link in zip(marks[1::3], marks[2::3], marks[3::3], strict=True)
    }


# -- where the items stand -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cuts:
    """A document, cut into its items and what stands around them."""

    head: bytes
    items: tuple[bytes, ...]
    tail: bytes
    marks: tuple[bytes, ...]

    def without(self, lines: Lines) -> bytes:
        """The document without the items of these marks. An empty item in the end shows how the others leave the parser."""
        left = [item for item, one in zip(self.items, self.marks, strict=True) if one not in lines]
        name = _NAME.match(self.items[0])
        return b"".join((self.head, *left, b"<", name[1] if name else b"", b"/>", self.tail))


class _Unsure(Exception):
    """What stands there is no plain row of items."""


def cut(content: bytes) -> Cuts | None:
    """None where it is no plain row of items, or a long one. `content` is UTF-8."""
    if len(content) > _LARGEST or b"<!DOCTYPE" in content:
        return None
    try:
        spans = tuple(_spans(content, _tags(content)))
    except (ExpatError, _Unsure):
        return None
    if not spans or not _END.fullmatch(content, spans[-1][1]):
        return None
    items = tuple(content[start:end] for start, end in spans)
    return Cuts(content[: spans[0][0]], items, content[spans[-1][1] :], tuple(map(mark, items)))


def _tags(content: bytes) -> list[tuple[str, int]]:
    """Start and end of each item by turns: its name, and where the tag begins."""
    parser = ParserCreate("utf-8", " ")
    tags: list[tuple[str, int]] = []

    def start(name: str, _: object) -> None:
        if name.endswith(("item", "entry")) and name.rpartition(" ")[2] in ITEM_NAMES:
            if len(tags) % 2 or len(tags) >= 2 * _MOST_ITEMS:
                raise _Unsure
            tags.append((name, parser.CurrentByteIndex))

    def end(name: str) -> None:
        if name.endswith(("item", "entry")) and name.rpartition(" ")[2] in ITEM_NAMES:
            tags.append((name, parser.CurrentByteIndex))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    return tags


def _spans(content: bytes, tags: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    before = None
    for (_, start), (_, last) in zip(tags[::2], tags[1::2], strict=True):
        if start == last or (before is not None and content[before:start].strip()):
            raise _Unsure
        before = content.index(b">", last) + 1
        yield start, before
