"""What of a text comes closest to a clause that it has not: so that its author sees what it missed, and why. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heapreplace
from itertools import islice, pairwise
from typing import Final, Literal

from monitor.model import Field
from monitor.text import fold, tokens
from monitor.topics.analysis import PARAGRAPH_GAP, STEM, Analyser, Row, Words
from monitor.topics.evaluate import Fields, Whole
from monitor.topics.places import Hit, forms_of
from monitor.topics.question import Beside, Clause, rows_of
from monitor.topics.spelled import Effort, Likeness, Spelled
from monitor.topics.tree import Alias, Phrase, Regex, Word

MOST: Final = 3  # of a clause
OPTIONS: Final = 12  # other names of an alias that are looked for
PLACES: Final = 5_000  # of a word in a field
COMPARED: Final = 40_000  # words, letter by letter: half a second at most, for all clauses together
LONGEST: Final = 60  # signs of a passage that is shown
EDGES: Final = 24  # of a longer one, at each end
_TEXT: Final[tuple[Field, ...]] = ("title", "body")

How = Likeness | Literal["elsewhere", "capitals", "form", "apart", "order", "part", "paragraphs"]


@dataclass(frozen=True, slots=True)
class Close:
    """Something that stands in the text, and how it is other than what was asked for."""

    text: str  # as it is written
    how: How
    field: Field
    between: int = 0  # words, of what stands apart


_Ranked = tuple[float, Close]


@dataclass(frozen=True, slots=True)
class Vicinity:
    """One article, read in one language, and what comes close in it. What was worked out is kept for the next clause."""

    article: Fields
    analyser: Analyser
    effort: Effort = field(default_factory=lambda: Effort(COMPARED))
    _spelled: dict[Field, Spelled] = field(default_factory=dict)

    # -- a word or a phrase ----------------------------------------------------------------------

    def of_clause(self, clause: Clause) -> tuple[Close, ...]:
        """Of a clause that is not there: the closest first."""
        if found := tuple(self._elsewhere(clause)):
            return found
        if isinstance(clause.of, Regex):
            return ()
        options = clause.of.options[:OPTIONS] if isinstance(clause.of, Alias) else (clause.of,)
        ranked: dict[tuple[str, How], _Ranked] = {}
        for cost, close in (each for option in options for each in self._of_option(option, clause.fields)):
            key = (fold(close.text), close.how)
            if key not in ranked or cost < ranked[key][0]:
                ranked[key] = cost, close
        best = sorted(ranked.values(), key=lambda each: each[0])
        return tuple(close for _, close in islice(_each_text_once(best), MOST))

    def _elsewhere(self, clause: Clause) -> Iterator[Close]:
        """In the title, or the text, where it was not looked for."""
        whole = Whole(self.article)
        for name in _TEXT:
            if name not in clause.fields and name in self.article:
                for hit in whole.hits(replace(clause, fields=(name,))).get(name, ())[:1]:
                    words = self.article[name]
                    yield Close(_shown(words, hit.first, hit.last), "elsewhere", name)

    def _of_option(self, option: Word | Phrase, fields: Sequence[Field]) -> Iterator[_Ranked]:
        for name in fields:
            if name not in self.article:
                continue
            for row in rows_of(option, self.analyser)[:1]:
                terms = _terms(option.text, row)
                if len(row) == 1:
                    yield from self._of_word(terms[0], option, name)
                else:
                    yield from self._of_row(row, terms, name)

    def _of_word(self, term: str, option: Word | Phrase, name: Field) -> Iterator[_Ranked]:
        words = self.article[name]
        if option.case and term in words.places:
            yield 0.0, self._written(term, "capitals", name)
        for form in self._other_forms(term, words):
            yield 0.05, self._written(form, "form", name)
        yield from self._spelled_alike(term, name)

    def _spelled_alike(self, term: str, name: Field) -> Iterator[_Ranked]:
        if name not in self._spelled:
            self._spelled[name] = Spelled(form for form in self.article[name].places if not form.startswith(STEM))
        for cost, form, how in self._spelled[name].alike(term, self.effort)[:MOST]:
            yield cost, self._written(form, how, name)

    def _other_forms(self, term: str, words: Words) -> list[str]:
        """The same word with other endings, where the topic asked for it as it is written."""
        stems = {piece.form for row in self.analyser.rows(term, bare=True) for piece in row if len(row) == 1}
        return [stem for stem in stems if stem.startswith(STEM) and stem in words.places and term not in words.places]

    # -- words in a row --------------------------------------------------------------------------

    def _of_row(self, row: Row, terms: Sequence[str], name: Field) -> Iterator[_Ranked]:
        words = self.article[name]
        places = [self._places(piece_forms, words) for piece_forms in self._forms(row, terms, words)]
        if all(places):
            first, last, in_order = _closest_together(places)
            between = last - first + 1 - len(row)
            how: How = "capitals" if any(piece.cased for piece in row) else "form"
            yield _apart(Close(_shown(words, first, last), how, name, between), in_order=in_order)
            return
        there = [place for place in places if place]
        for term, place in zip(terms, places, strict=True):
            if not place:
                yield from ((0.3 + cost, close) for cost, close in self._spelled_alike(term, name))
        if there:
            text = " … ".join(_shown(words, place[0], place[0]) for place in there)
            yield 1 - len(there) / len(row), Close(text, "part", name)

    def _forms(self, row: Row, terms: Sequence[str], words: Words) -> Iterator[Sequence[str]]:
        """By which each word of the row is found: as it is asked for, or in another form."""
        for piece, term in zip(row, terms, strict=True):
            yield forms_of(piece, words) or self._other_forms(term, words)

    def _places(self, forms: Sequence[str], words: Words) -> list[int]:
        return sorted({at for form in forms for at in words.places[form][:PLACES]})

    def _written(self, form: str, how: How, name: Field) -> Close:
        words = self.article[name]
        first = words.places[form][0]
        return Close(_shown(words, first, words.last(form, first)), how, name)

    # -- a NEAR ----------------------------------------------------------------------------------

    def of_beside(self, node: Beside) -> tuple[Close, ...]:
        """Where the two sides that are there, but too far from each other, come closest."""
        whole = Whole(self.article)
        left, right = whole.hits(node.left), whole.hits(node.right)
        found = [
            (gap, in_order, one, other, name)
            for name in left
            if name in right
            for gap, in_order, one, other in _gaps(left[name], right[name])
        ]
        if not found:
            return ()
        wanted = [each for each in found if each[1]] if node.ordered else []
        gap, in_order, one, other, name = min(wanted or found, key=lambda each: each[0])
        words = self.article[name]
        text = f"{_shown(words, one.first, one.last)} … {_shown(words, other.first, other.last)}"
        if gap >= PARAGRAPH_GAP:
            return (Close(text, "paragraphs", name),)
        return (Close(text, "order" if node.ordered and not in_order else "apart", name, gap),)


def _terms(text: str, row: Row) -> list[str]:
    """Each word of a row as it is asked for; of a wildcard what is fixed of it."""
    written = [token.term for token in tokens(text)]
    if len(written) == len(row) and not any(piece.pattern for piece in row):
        return written
    return [piece.prefix or piece.form.removeprefix(STEM) for piece in row]


def _each_text_once(ranked: Sequence[_Ranked]) -> Iterator[_Ranked]:
    seen: set[str] = set()
    for cost, close in ranked:
        if (text := fold(close.text)) not in seen:
            seen.add(text)
            yield cost, close


def _apart(close: Close, *, in_order: bool) -> _Ranked:
    """`close` as it is where nothing stands between."""
    between = close.between
    if between >= PARAGRAPH_GAP:
        return 0.6, replace(close, how="paragraphs", between=0)
    if not in_order:
        return 0.2, replace(close, how="order", between=max(between, 0))
    if between > 0:
        return min(0.5, 0.1 + between / 100), replace(close, how="apart")
    return 0.0, replace(close, between=0)


def _shown(words: Words, first: int, last: int) -> str:
    """On one line; of a long passage its ends."""
    start, end = words.span(first, last)
    text = " ".join(words.text[start : min(end, start + 10 * LONGEST)].split())
    if end - start <= LONGEST:
        return text
    return f"{text[:EDGES].rstrip()} … {' '.join(words.text[max(start, end - EDGES) : end].split())}"


def _closest_together(places: Sequence[Sequence[int]]) -> tuple[int, int, bool]:
    """The shortest stretch that has one place of each; and whether they stand there in their order."""
    at = [0] * len(places)
    heap = [(those[0], which) for which, those in enumerate(places)]
    heapify(heap)
    last = max(those[0] for those in places)
    best = (last - heap[0][0], False, tuple(those[0] for those in places))
    best = (best[0], not _is_in_order(best[2]), best[2])
    while True:
        _, which = heap[0]
        at[which] += 1
        if at[which] == len(places[which]):
            break
        heapreplace(heap, (places[which][at[which]], which))
        last = max(last, places[which][at[which]])
        spots = tuple(those[index] for those, index in zip(places, at, strict=True))
        best = min(best, (last - heap[0][0], not _is_in_order(spots), spots))
    spots = best[2]
    return min(spots), max(spots), not best[1]


def _is_in_order(spots: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(spots))


def _gaps(left: Sequence[Hit], right: Sequence[Hit]) -> Iterator[tuple[int, bool, Hit, Hit]]:
    """From each on the left to the next on the right, and to the one before: words between, and whether in this order."""
    firsts = [hit.first for hit in right]
    by_end = sorted(right, key=lambda hit: hit.last)
    lasts = [hit.last for hit in by_end]
    for one in left[:PLACES]:
        if (after := bisect_right(firsts, one.last)) < len(right):
            yield right[after].first - one.last - 1, True, one, right[after]
        if (before := bisect_left(lasts, one.first)) > 0:
            yield one.first - by_end[before - 1].last - 1, False, by_end[before - 1], one
