"""Where rows of words and patterns stand in a text, and what stands near what. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from monitor.model import Field
from monitor.text import Span
from monitor.topics.analysis import Piece, Place, Row, Words
from monitor.topics.tree import Unit

# Of one clause in one field so many places are looked at, and so many pairs of a NEAR. No article for people has them;
# one that is made of one word would have 100,000, and a NEAR of them millions of pairs.
MOST_PLACES: Final = 5000
_WIDEST: Final = 64  # words that one form may stand for


class Hit(NamedTuple):
    """Something found: from its first word to its last, and the words in between that are its own."""

    first: int
    last: int
    own: tuple[Place, ...]


# -- rows ----------------------------------------------------------------------------------------


def stands(row: Row, words: Words) -> bool:
    """Is the row there at all?"""
    places = words.places
    for piece in row:
        if piece.pattern is None and piece.form not in places:
            return False
    if len(row) == 1 and row[0].pattern is None and not row[0].cased:
        return True
    return next(places_of_row(row, words), None) is not None


def places_of_row(row: Row, words: Words) -> Iterator[Place]:
    """Every place of the row, from its rarest word on: by that word's place."""
    forms = [_forms(piece, words) for piece in row]
    if not all(forms):
        return
    rarest = min(range(len(row)), key=lambda at: sum(len(words.places[form]) for form in forms[at]))
    for form in forms[rarest]:
        for place in words.places[form]:
            starts = [place]
            for at in range(rarest - 1, -1, -1):
                starts = [start for end in starts for start in _starts(forms[at], end - 1, words)]
            for start in starts:
                for end in _ends(row, forms, start, words):
                    yield start, end


def _forms(piece: Piece, words: Words) -> Sequence[str]:
    """The forms of the text that will do."""
    if piece.pattern is None:
        return (piece.form,) if piece.form in words.places else ()
    whole, prefix = piece.pattern.fullmatch, piece.prefix
    return [form for form in words.places if form.startswith(prefix) and whole(form)]


def _ends(row: Row, forms: Sequence[Sequence[str]], start: int, words: Words) -> list[int]:
    """Where the row ends that begins at `start`; nowhere if it isn't there."""
    nexts = [start]
    for piece, options in zip(row, forms, strict=True):
        nexts = [
            words.last(form, at) + 1
            for at in nexts
            for form in options
            if _is_at(words.places[form], at) and (not piece.cased or words.is_written(form, at, piece.cased))
        ]
        if not nexts:
            break
    return [end - 1 for end in nexts]


def _starts(forms: Sequence[str], end: int, words: Words) -> Iterator[int]:
    """Where those forms begin whose last word is at `end`."""
    for form in forms:
        places = words.places[form]
        for at in range(bisect_right(places, end) - 1, -1, -1):
            if places[at] <= end - _WIDEST:
                break
            if words.last(form, places[at]) == end:
                yield places[at]


def _is_at(places: Sequence[int], at: int) -> bool:
    index = bisect_left(places, at)
    return index < len(places) and places[index] == at


def places_of_rows(rows: Sequence[Row], words: Words) -> list[Place]:
    """Every place of any of the rows, once, in order."""
    found = {place for row in rows for place in islice(places_of_row(row, words), MOST_PLACES)}
    return sorted(found)[:MOST_PLACES]


# -- patterns ------------------------------------------------------------------------------------


def is_found(pattern: Any, text: str) -> bool:
    return next(_matches(pattern, text), None) is not None


def spans_of_pattern(pattern: Any, text: str) -> list[Span]:
    """What a pattern matches, in code points."""
    return list(islice(_matches(pattern, text), MOST_PLACES))


def _matches(pattern: Any, text: str) -> Iterator[Span]:
    """What is empty is nothing found."""
    return (found.span() for found in pattern.finditer(_encodable(text)) if found.start() < found.end())


def _encodable(text: str) -> str:
    """RE2 reads UTF-8, which half a pair of surrogates has none of."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


# -- near ----------------------------------------------------------------------------------------


def pairs(left: Sequence[Hit], right: Sequence[Hit], distance: int, *, ordered: bool) -> Iterator[Hit]:
    """What of two lists, each in order, is near each other: each time the stretch that both make."""
    if not left or not right:
        return
    widest = max(hit.last - hit.first for hit in right)
    for one in left:
        begin = one.last + 1 if ordered else one.first - distance - 1 - widest
        at = bisect_left(right, (begin,))
        while at < len(right) and right[at].first <= one.last + distance + 1:
            if _is_near(one, right[at], distance):
                yield _hull(one, right[at])
            at += 1


def _is_near(one: Hit, other: Hit, distance: int) -> bool:
    if one.last < other.first:
        return other.first - one.last - 1 <= distance
    if other.last < one.first:
        return one.first - other.last - 1 <= distance
    return not any(a[0] <= b[1] and b[0] <= a[1] for a in one.own for b in other.own)


def _hull(one: Hit, other: Hit) -> Hit:
    return Hit(min(one.first, other.first), max(one.last, other.last), tuple(sorted((*one.own, *other.own))))


# -- how many ------------------------------------------------------------------------------------


def count_apart(hits: Sequence[Hit]) -> int:
    """How many of them there are without an overlap."""
    count, end = 0, -1
    for first, last, _ in sorted(hits, key=lambda hit: hit.last):
        if first > end:
            count, end = count + 1, last
    return count


# -- stretches -----------------------------------------------------------------------------------


def units(unit: Unit, name: Field, words: Words) -> Sequence[Place]:
    """A title is one paragraph, and one sentence."""
    paragraphs = words.paragraphs()
    if name == "title":
        return [(paragraphs[0][0], paragraphs[-1][1])] if paragraphs else []
    return words.sentences() if unit == "sentence" else paragraphs


def windows(paragraph: Place, size: int, places: Sequence[Place]) -> Iterator[Place]:
    """Words in a row: one window for each set of places that some window holds.

    What a window holds changes only where it begins just after the first word of a place, which leaves it, or ends
    with the last one, which comes in. So not every word of a huge article is tried.
    """
    start, end = paragraph
    latest = end - size + 1
    if latest <= start:
        yield paragraph
        return
    inside = places[bisect_left(places, (start,)) : bisect_left(places, (end + 1,))]
    begins = {start}
    for first, last in inside:
        begins |= {min(first + 1, latest), min(max(last - size + 1, start), latest)}
    for begin in sorted(begins):
        yield begin, begin + size - 1
