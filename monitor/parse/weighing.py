"""Which lines of a page are its article's: what speaks for each, and the weight that pages with known texts gave it. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from monitor.parse.containers import Layout, Line, letters
from monitor.parse.forest import belongs

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: Final = {
    "p": 0,
    "li": 1,
    "h1": 2,
    "h2": 3,
    "h3": 3,
    "h4": 4,
    "h5": 4,
    "h6": 4,
    "td": 5,
    "th": 5,
    "div": 6,
    "blockquote": 7,
} | {"figcaption": 8, "pre": 9, "dt": 10, "dd": 10}
_ANOTHER_KIND: Final = 11
_ENDS: Final = re.compile(r"[.!?…:;”\"’')\]»。！？]$")
_SHORT: Final = 12  # letters; what is shorter stands anywhere
_LONG: Final = 100
_PIECE: Final = 40
_SENTENCE: Final = 30  # characters
_PARAGRAPH: Final = 80
_FAR: Final = 999
_ROUND: Final = 4  # generations of containers that are looked at


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What others say of the article."""

    found: str  # its text as another extractor found it, a paragraph a line
    body: str  # as the page gives it in JSON-LD; empty: not at all
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class _Kin:
    """What lines of one kind hold together."""

    chars: int = 0
    found: int = 0
    lines: int = 0


Row = list[float]


def weighed(layout: Layout, witnesses: Witnesses) -> list[bool]:
    """For each line whether it belongs to the article."""
    return [belongs(row) for row in evidence(layout, witnesses)]


def evidence(layout: Layout, witnesses: Witnesses) -> list[Row]:
    """For each line what speaks for it and against it, in the order of the forest's numbers."""
    lines = layout.lines
    if not lines:
        return []
    found = stands_in(lines, witnesses.found)
    parts = (
        _of_itself(layout, found, witnesses),
        _of_its_kin(layout, found),
        _of_its_place(lines, found, witnesses.title),
        _of_its_neighbours(lines, found),
        _of_its_containers(layout),
        _of_the_page(lines, found),
    )
    return [[value for part in row for value in part] for row in zip(*parts, strict=True)]


def stands_in(lines: Sequence[Line], text: str) -> list[bool]:
    """Which lines are in a text that was made of the same page, whatever became of white space and line ends."""
    theirs = [letters(line) for line in text.split("\n")]
    exact, whole = frozenset(theirs), "".join(theirs)
    return [line.letters in exact or _is_within(line.letters, whole) for line in lines]


def _is_within(own: str, whole: str) -> bool:
    if len(own) < _SHORT:
        return False
    if own in whole:
        return True
    if len(own) <= _LONG:
        return False
    middle = len(own) // 2 - _PIECE // 2
    pieces = (own[:_PIECE], own[middle : middle + _PIECE], own[-_PIECE:])
    return sum(piece in whole for piece in pieces) > 1


# -- evidence ------------------------------------------------------------------------------------


def _of_itself(layout: Layout, found: Sequence[bool], witnesses: Witnesses) -> list[Row]:
    lines = layout.lines
    said = stands_in(lines, witnesses.body) if witnesses.body else [False] * len(lines)
    times = Counter(line.letters for line in lines)
    title, description = letters(witnesses.title), letters(witnesses.description)
    rows = []
    for at, line in enumerate(lines):
        text, length = line.text, len(line.text)
        container = layout.containers[line.container] if line.container >= 0 else None
        around = layout.containers[container.parent] if container and container.parent >= 0 else None
        described = bool(description) and len(line.letters) > _SENTENCE and line.letters in description
        rows.append(
            [
                found[at],
                said[at],
                _kind(line),
                math.log1p(length),
                math.log1p(text.count(" ")),
                line.linked / length,
                line.bold / length,
                _ENDS.search(text) is not None,
                min(5, text.count(", ")),
                min(5, text.count(". ")),
                sum(map(str.isdigit, text[:100])) / min(100, length),
                sum(map(str.isupper, text[:100])) / min(100, length),
                min(3, times[line.letters]),
                bool(title) and line.letters == title,
                described,
                container is not None and container.is_hidden,
                container.depth if container else 0,
                container is not None and container.is_other,
                around is not None and around.is_other,
            ]
        )
    return rows


def _of_its_kin(layout: Layout, found: Sequence[bool]) -> list[Row]:
    """How much of what stands in containers of the same names was found: of its own names, of the two nearest."""
    lines = layout.lines
    paths = [layout.containers[line.container].path if line.container >= 0 else () for line in lines]
    near = [path[:2] for path in paths]
    above = [path[1:] for path in paths]
    kin, nearer, higher = (_kin(lines, names, found) for names in (paths, near, above))
    total = sum(len(line.text) for line, was in zip(lines, found, strict=True) if was) or 1
    rows = []
    for at, line in enumerate(lines):
        all_of_it = kin[paths[at]]
        others = all_of_it.found - len(line.text) * found[at]
        rows.append(
            [
                _share_found(all_of_it, line, found[at]),
                math.log1p(others),
                others / total,
                math.log1p(all_of_it.lines),
                math.log1p(all_of_it.chars / all_of_it.lines),
                _share_found(nearer[near[at]], line, found[at]),
                _share_found(higher[above[at]], line, found[at]),
            ]
        )
    return rows


def _kin(lines: Sequence[Line], names: Sequence[tuple[str, ...]], found: Sequence[bool]) -> dict[tuple[str, ...], _Kin]:
    chars: Counter[tuple[str, ...]] = Counter()
    marked: Counter[tuple[str, ...]] = Counter()
    for line, name, was in zip(lines, names, found, strict=True):
        chars[name] += len(line.text)
        marked[name] += len(line.text) * was
    count = Counter(names)
    return {name: _Kin(chars[name], marked[name], count[name]) for name in count}


def _share_found(kin: _Kin, line: Line, was: bool) -> float:
    others = kin.chars - len(line.text)
    return (kin.found - len(line.text) * was) / others if others else -1


def _of_its_place(lines: Sequence[Line], found: Sequence[bool], title: str) -> list[Row]:
    """Where it stands: on the page, from the headline, among what was found."""
    long = [at for at, line in enumerate(lines) if found[at] and len(line.text) > _PIECE]
    first, last = (long[0], long[-1]) if long else (0, 0)
    headline = _headline(lines, letters(title))
    before = list(accumulate((len(line.text) for line in lines), initial=0))
    marked = list(accumulate((len(line.text) * was for line, was in zip(lines, found, strict=True)), initial=0))
    since = _since([was and len(line.text) > _SENTENCE for line, was in zip(lines, found, strict=True)])
    until = _since([was and len(line.text) > _SENTENCE for line, was in zip(lines[::-1], found[::-1], strict=True)])
    section = _since([line.tag in _HEADINGS for line in lines])
    return [
        [
            max(-2, min(3, (at - first) / max(1, last - first))) if long else -1,
            math.log1p(since[at]),
            math.log1p(until[-1 - at]),
            marked[at] / (marked[-1] or 1),
            before[at] / before[-1],
            -1 if headline is None else max(-30, min(200, at - headline)),
            min(50, section[at]),
        ]
        for at in range(len(lines))
    ]


def _headline(lines: Sequence[Line], title: str) -> int | None:
    headings = [at for at, line in enumerate(lines) if line.tag in _HEADINGS]
    said = (at for at in headings if title and lines[at].letters == title)
    return next(said, next((at for at in headings if lines[at].tag == "h1"), None))


def _since(marks: Iterable[bool]) -> list[int]:
    """For each line how many stand between it and the last marked one before it."""
    distance, distances = _FAR, []
    for marked in marks:
        distances.append(distance)
        distance = 0 if marked else distance + 1
    return distances


def _of_its_neighbours(lines: Sequence[Line], found: Sequence[bool]) -> list[Row]:
    """How much around it was found, how much is links, and what stands before and after."""
    sizes = [len(line.text) for line in lines]
    chars = list(accumulate(sizes, initial=0))
    marked = list(accumulate((size * was for size, was in zip(sizes, found, strict=True)), initial=0))
    linked = list(accumulate((line.linked for line in lines), initial=0))
    kinds = [-1, *map(_kind, lines), -1]
    lengths = [0.0, *(math.log1p(size) for size in sizes), 0.0]
    rows = []
    for at, size in enumerate(sizes):
        row: Row = [kinds[at], kinds[at + 2], lengths[at], lengths[at + 2]]
        for reach in (2, 5, 12):
            low, high = max(0, at - reach), min(len(lines), at + reach + 1)
            others = (chars[high] - chars[low] - size) or 1
            row.append((marked[high] - marked[low] - size * found[at]) / others)
            row.append((linked[high] - linked[low] - lines[at].linked) / others)
        rows.append(row)
    return rows


def _of_its_containers(layout: Layout) -> list[Row]:
    """How much of the page's paragraphs the containers around it hold, and whether it is in the fullest one."""
    around = [_generations(layout, line.container) for line in layout.lines]
    prose = Counter[int]()
    score: defaultdict[int, float] = defaultdict(float)
    total = 0
    for line, places in zip(layout.lines, around, strict=True):
        size = len(line.text)
        if size < _SENTENCE or 2 * line.linked > size or line.tag in _HEADINGS:
            continue
        points = 1 + line.text.count(",") + min(size / 100, 3)
        holder = places if line.tag == "div" else places[1:]
        for place, share in zip(holder, (1.0, 0.5), strict=False):
            score[place] += points * share
        if size >= _PARAGRAPH:
            total += size
            for place in places:
                prose[place] += size
    best = max(score, key=score.__getitem__, default=-1)
    inside = _within(layout, best)
    rows = []
    for line, places in zip(layout.lines, around, strict=True):
        shares = [prose[place] / (total or 1) for place in places] + [-1.0] * (_ROUND - len(places))
        rows.append([line.container in inside, prose[best] / (total or 1), *shares])
    return rows


def _generations(layout: Layout, place: int) -> list[int]:
    places: list[int] = []
    while place >= 0 and len(places) < _ROUND:
        places.append(place)
        place = layout.containers[place].parent
    return places


def _within(layout: Layout, best: int) -> set[int]:
    """That container and all inside it: they follow it, as they were met in the page's order."""
    inside = {best} if best >= 0 else set()
    for place in range(best + 1, len(layout.containers)):
        if layout.containers[place].parent in inside:
            inside.add(place)
    return inside


def _of_the_page(lines: Sequence[Line], found: Sequence[bool]) -> list[Row]:
    total = sum(len(line.text) for line in lines)
    marked = sum(len(line.text) for line, was in zip(lines, found, strict=True) if was)
    row = [math.log1p(marked), marked / total, math.log1p(total)]
    return [row] * len(lines)


def _kind(line: Line) -> int:
    return _KINDS.get(line.tag, _ANOTHER_KIND)
