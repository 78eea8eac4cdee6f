"""Which entries of a document stand there byte for byte as they stood when it was last read: they need no reading. Pure.

What is remembered of a document (`listed`) is a version, a mark of the ground that its items stood on, and a line for each
item that is alone: marks of its bytes, of its key and of its link. An item whose bytes are remembered is cut out before
feedparser reads the document. What is left is read as it would be read in the whole document, because
- the document is well-formed, and nothing but white space stands between and after its items (`cut`);
- feedparser stands before each item as it stood before the first (`watched`), and as it stood the last time (`_ground`);
- no item that is read shares its key or its link with one that was cut out (`_clash`).
Wherever one of these does not hold, the whole document is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import accumulate
from typing import Any, Final

from monitor.errors import ParseError
from monitor.model import KeyedBy, ParsedFeed
from monitor.parse.document import Document, Place, parsed, places
from monitor.parse.watched import Watched, is_well_formed, watched

_VERSION: Final = b"\x01"
_MARK: Final = 8  # bytes of each mark
_NO_LINK: Final = bytes(_MARK)
_MOST_ITEMS: Final = 1_000
_LARGEST: Final = 8 * 1024 * 1024
_LONGEST_HEAD: Final = 256 * 1024
_END: Final = re.compile(rb"(?>\s+|</[^<>]*>|<!--.*?-->)*+", re.DOTALL)
_FIRST: Final = re.compile(rb"<((?:[\w.-]+:)?(?:item|entry))[\s>]")


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
    """None where the document must be read as a whole and by feedparser alone. `content` is UTF-8."""
    cuts = cut(content)
    if cuts is None:
        return None
    ground, lines = _recalled(known.listed)
    if not lines.keys().isdisjoint(cuts.marks):
        with suppress(ParseError):  # the whole may be a feed all the same
            if found := _read(cuts, lines, ground, known, said):
                return found
    if not is_well_formed(content):  # soon told; feedparser has another way for it
        return None
    return _read(cuts, {}, b"", known, said)


def still_listed(listed: bytes, keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys under which the document lists an entry that may be left out."""
    marks = {line.key for line in _recalled(listed)[1].values()}
    return frozenset(key for key in keys if mark(key.encode("utf-8", "replace")) in marks)


def mark(of: bytes) -> bytes:
    return blake2b(of, digest_size=_MARK).digest()


def _read(cuts: Cuts, lines: Lines, ground: bytes, known: Known, said: Callable[[Any], Document]) -> ParsedFeed | None:
    """None where what is left would be read otherwise in the whole document."""
    reading = watched(*cuts.without(lines))
    if reading is None:
        return None
    document = said(reading.result)
    feed = parsed(document, known.keyed_by)
    read = [one for one in cuts.marks if one not in lines]
    left_out = {one: lines[one] for one in cuts.marks if one in lines}
    stand = places(document, known.keyed_by)
    here = _ground(reading, document, known)
    is_all = len(stand) == len(read) and not feed.complaint
    if left_out and (here != ground or not is_all or _clash(stand, left_out.values())):
        return None
    if not is_all:
        return feed
    alone = left_out | _alone(dict(zip(read, stand, strict=True)))
    in_order = {one: alone[one] for one in cuts.marks if one in alone}
    return replace(feed, unchanged=len(left_out), listed=_written(here, in_order))


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
    """A document, cut into what look like its items, and what stands around them."""

    head: bytes
    items: tuple[bytes, ...]
    tail: bytes
    name: bytes
    marks: tuple[bytes, ...]

    def without(self, lines: Lines) -> tuple[bytes, Sequence[int]]:
        """The document without the items of these marks, and where the others begin; an empty one stands in the end."""
        left = [item for item, one in zip(self.items, self.marks, strict=True) if one not in lines]
        starts = tuple(accumulate((len(item) for item in left), initial=len(self.head)))
        return b"".join((self.head, *left, b"<", self.name, b"/>", self.tail)), starts


def cut(content: bytes) -> Cuts | None:
    """None where it does not look like a plain row of items, or is a long one. `watched` tells whether it is one."""
    first = _FIRST.search(content, 0, _LONGEST_HEAD) if len(content) <= _LARGEST else None
    if first is None or b"<!DOCTYPE" in content[: first.start()]:
        return None
    spans = _row(content, first.start(), first[1])
    if not spans or len(spans) > _MOST_ITEMS or not _END.fullmatch(content, spans[-1][1]):
        return None
    items = tuple(content[start:end] for start, end in spans)
    return Cuts(content[: first.start()], items, content[spans[-1][1] :], first[1], tuple(map(mark, items)))


def _row(content: bytes, start: int, name: bytes) -> list[tuple[int, int]]:
    """Where each begins and ends, as long as only white space stands between them."""
    opening = re.compile(rb"\s*(?=<" + re.escape(name) + rb"[\s>])")
    closing = b"</" + name + b">"
    spans: list[tuple[int, int]] = []
    while len(spans) <= _MOST_ITEMS and (end := content.find(closing, start) + len(closing)) > start:
        spans.append((start, end))
        following = opening.match(content, end)
        if following is None:
            break
        start = following.end()
    return spans
