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
_WIDEST: Final = 8  # words that one form may stand for: more than the parts that are joined over hyphens


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
    """Every place of the row: looked for around each place of its rarest word."""
    forms = [_forms(piece, words) for piece in row]
    if not all(forms):
        return
    rarest = min(range(len(row)), key=lambda at: sum(len(words.places[form]) for form in forms[at]))
    steps = list(zip(row, forms, strict=True))
    after, before = steps[rarest + 1 :], steps[:rarest][::-1]
    for form in forms[rarest]:
        for place in _written(row[rarest], form, words):
            ends: Sequence[int] = (words.last(form, place),)
            for piece, options in after:
                ends = _next(piece, options, ends, words)
                if not ends:
                    break
            starts: Sequence[int] = (place,) if ends else ()
            for piece, options in before:
                starts = [first for start in starts for first in _previous(piece, options, start - 1, words)]
            for start in starts:
                for end in ends:
                    yield start, end


def _forms(piece: Piece, words: Words) -> Sequence[str]:
    """The forms of the text that will do."""
    if piece.pattern is None:
        return (piece.form,) if piece.form in words.places else ()
    whole, prefix = piece.pattern.fullmatch, piece.prefix
    return [form for form in words.places if form.startswith(prefix) and whole(form)]


def _written(piece: Piece, form: str, words: Words) -> Sequence[int]:
    """Where the form stands with the piece's capitals."""
    places = words.places[form]
    return [at for at in places if words.is_written(form, at, piece.cased)] if piece.cased else places


def _next(piece: Piece, forms: Sequence[str], ends: Sequence[int], words: Words) -> list[int]:
    """The last words of what stands just after those ends and will do."""
    found: list[int] = []
    for form in forms:
        places = words.places[form]
        for end in ends:
            index = bisect_left(places, end + 1)
            if index < len(places) and places[index] == end + 1 and _is_so(piece, form, end + 1, words):
                found.append(words.last(form, end + 1))
    return found


def _previous(piece: Piece, forms: Sequence[str], end: int, words: Words) -> list[int]:
    """The first words of what ends at `end` and will do."""
    found: list[int] = []
    for form in forms:
        places = words.places[form]
        index = bisect_right(places, end) - 1
        while index >= 0 and places[index] > end - _WIDEST:
            at = places[index]
            if words.last(form, at) == end and _is_so(piece, form, at, words):
                found.append(at)
            index -= 1
    return found


def _is_so(piece: Piece, form: str, at: int, words: Words) -> bool:
    return not piece.cased or words.is_written(form, at, piece.cased)


def places_of_rows(rows: Sequence[Row], words: Words) -> list[Place]:
    """Every place of any of the rows, once, in order."""
    found: set[Place] = set()
    for row in rows:
        found.update(islice(_places_of(row, words), MOST_PLACES))
    return sorted(found)[:MOST_PLACES]


def _places_of(row: Row, words: Words) -> Iterator[Place]:
    piece = row[0]
    if len(row) > 1 or piece.pattern is not None or piece.cased:
        return places_of_row(row, words)
    return ((at, words.last(piece.form, at)) for at in words.places.get(piece.form, ()))


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
