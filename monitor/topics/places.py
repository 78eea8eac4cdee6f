"""Where rows of words and patterns stand in a text, and what stands near what. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from monitor.model import Field
from monitor.text import Span
from monitor.topics.analysis import Piece, Place, Row, Words
from monitor.topics.tree import Unit

_MOST_PLACES: Final = (
    50_000  # of a clause in a field; no text for people has them, one word over and over would have more
)
_MOST_PAIRS: Final = 5000  # of a NEAR in a field; where one word makes up a text there are millions
_TRIES: Final = 8  # hits that are looked at for one without a word of its own
_WIDEST: Final = 8  # words that one form may stand for: more than the parts that are joined over hyphens


class Hit(NamedTuple):
    """Something found: from its first word to its last, and the words in between that are its own."""

    first: int
    last: int
    own: tuple[Place, ...]


_Pair = tuple[Hit, Hit]


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
    forms = [forms_of(piece, words) for piece in row]
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


def forms_of(piece: Piece, words: Words) -> Sequence[str]:
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
        found.update(islice(_places_of(row, words), _MOST_PLACES))
    return sorted(found)[:_MOST_PLACES]


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
    return list(islice(_matches(pattern, text), _MOST_PLACES))


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


def hulls(left: Sequence[Hit], right: Sequence[Hit], distance: int, *, ordered: bool) -> Sequence[Hit]:
    """The stretches that are made, by place; of very many only the shortest and the longest from and to each word.

    The longest are what else may be near, the shortest what lies in a stretch of words and does not overlap: so hardly
    ever is another missed (where a chain asks for one word several times), and none is left out for those before.
    """
    found = set(islice(pairs(left, right, distance, ordered=ordered), _MOST_PAIRS + 1))
    if len(found) > _MOST_PAIRS:
        sides = (
            _partners(left, right, distance, before=not ordered, after=True),
            _partners(right, left, distance, before=True, after=not ordered),
        )
        found = {_hull(one, other) for one, other in _outermost(chain(*sides))}
    return sorted(found)


def _partners(
    hits: Sequence[Hit], others: Sequence[Hit], distance: int, *, before: bool, after: bool
) -> Iterator[_Pair]:
    """Each hit with the nearest and the farthest of the others before it, over it and after it."""
    by_end = sorted(others, key=_backwards)
    begins, ends = [other.first for other in others], [other.last for other in by_end]
    for hit in hits:
        first, last, _ = hit
        if after and (start := bisect_right(begins, last)) < (end := bisect_right(begins, last + distance + 1)):
            yield hit, others[start]
            yield hit, others[end - 1]
        if before and (start := bisect_left(ends, first - distance - 1)) < (end := bisect_left(ends, first)):
            yield hit, by_end[start]
            yield hit, by_end[end - 1]
        if before and after and first < last:
            yield from _over(hit, others[bisect_left(begins, first) : bisect_right(begins, last)])
            yield from _over(hit, by_end[bisect_left(ends, first) : bisect_right(ends, last)])


def _over(hit: Hit, others: Sequence[Hit]) -> Iterator[_Pair]:
    """It with the first and the last of these that have no word of its own."""
    for side in (others[:_TRIES], others[: -_TRIES - 1 : -1]):
        for other in side:
            if _is_apart(hit, other):
                yield hit, other
                break


def _outermost(found: Iterable[_Pair]) -> Iterable[_Pair]:
    """From each word and to each word, those that make the shortest stretch and the longest."""
    shortest_from: dict[int, tuple[int, _Pair]] = {}
    longest_from: dict[int, tuple[int, _Pair]] = {}
    shortest_to: dict[int, tuple[int, _Pair]] = {}
    longest_to: dict[int, tuple[int, _Pair]] = {}
    for pair in found:
        one, other = pair
        first, last = min(one.first, other.first), max(one.last, other.last)
        if first not in shortest_from or last < shortest_from[first][0]:
            shortest_from[first] = last, pair
        if first not in longest_from or last > longest_from[first][0]:
            longest_from[first] = last, pair
        if last not in shortest_to or first > shortest_to[last][0]:
            shortest_to[last] = first, pair
        if last not in longest_to or first < longest_to[last][0]:
            longest_to[last] = first, pair
    starting = {(first, last): pair for kept in (shortest_from, longest_from) for first, (last, pair) in kept.items()}
    ending = {(first, last): pair for kept in (shortest_to, longest_to) for last, (first, pair) in kept.items()}
    return (starting | ending).values()


def _backwards(hit: Hit) -> tuple[int, int]:
    return hit.last, hit.first


def _is_near(one: Hit, other: Hit, distance: int) -> bool:
    if one.last < other.first:
        return other.first - one.last - 1 <= distance
    if other.last < one.first:
        return one.first - other.last - 1 <= distance
    return _is_apart(one, other)


def _is_apart(one: Hit, other: Hit) -> bool:
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
    """A title is one paragraph."""
    if unit == "sentence":
        return words.sentences()
    paragraphs = words.paragraphs()
    return [(paragraphs[0][0], paragraphs[-1][1])] if name == "title" and paragraphs else paragraphs
