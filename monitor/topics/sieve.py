"""What of some clauses an article may have, told by its letters: for long streams of which little is of interest. Pure.

To read a text word for word takes half a millisecond. What every word that is asked for must hold is looked for in the
letters as they stand, and only the words around a find are read. Nothing that is there is overlooked; seldom is anything
named that is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, assert_never

from monitor.settings import Topic
from monitor.topics.analysis import STEM, Analyser, Piece, Row
from monitor.topics.groups import Group
from monitor.topics.letters import REMEMBERED, Letters, remember, written
from monitor.topics.places import is_found
from monitor.topics.question import Absent, Beside, Clause, Either, Every, Inside, Node, Often, clauses_in
from monitor.topics.tree import WHERE

Passes = Callable[[str, str], bool]  # by title and text
Alike = Callable[[frozenset[str]], Passes]  # which articles may be like what these topics want

_PIECES: Final = 2  # of a phrase that are looked for: the longest


class Sieve:
    """Tells of an article which of some clauses it may have: all that it has, and seldom another."""

    def __init__(self, analyser: Analyser, clauses: Sequence[Clause]) -> None:
        self._analyser = analyser
        self._pieces: dict[Piece, int] = {}
        self._patterns: list[tuple[Any, int]] = []
        self._rows: dict[int, list[tuple[int, int]]] = {}  # by a piece: all that a row needs, the clause it makes true
        self.always = 0
        for at, clause in enumerate(clauses):
            self._add(clause, 1 << at)
        self._wild = [each for each in self._pieces.items() if each[0].pattern]
        self._plain: dict[str, list[tuple[Piece, int]]] = {}
        for piece, bit in self._pieces.items():
            if piece.pattern is None:
                self._plain.setdefault(piece.form, []).append((piece, bit))
        self._letters = Letters(way for piece in self._pieces for way in _ways(piece, analyser))
        self._of_chunk: dict[str, int] = {}
        self._made_true = lru_cache(maxsize=REMEMBERED)(self._true_of)

    def may_have(self, title: str, text: str) -> int:
        """A bit for each clause, the first the lowest. What may be elsewhere than in title and body always may be."""
        found = self.always
        if self._pieces:
            pieces, known = 0, self._of_chunk
            for chunk in self._letters.chunks(f"{title}\n{text}"):
                pieces |= known[chunk] if chunk in known else self._read(chunk)
            if pieces:
                found |= self._made_true(pieces)
        for pattern, bit in self._patterns:
            if is_found(pattern, text) or is_found(pattern, title):
                found |= bit
        return found

    def _add(self, clause: Clause, bit: int) -> None:
        if not set(clause.fields) <= set(WHERE):
            self.always |= bit
        elif clause.pattern is not None:
            self._patterns.append((clause.pattern, bit))
        else:
            for row in clause.rows:
                if needs := self._needs(row):
                    self._rows.setdefault(needs & -needs, []).append((needs, bit))
                else:
                    self.always |= bit

    def _needs(self, row: Row) -> int:
        needs = 0
        known = [piece for piece in row if piece.pattern is None or piece.prefix]
        for piece in sorted(known, key=lambda piece: -len(piece.prefix or piece.form))[:_PIECES]:
            needs |= self._pieces.setdefault(piece, 1 << len(self._pieces))
        return needs

    def _read(self, chunk: str) -> int:
        found, words = 0, self._analyser.read(chunk)
        for form, places in words.places.items():
            wild = [each for each in self._wild if form.startswith(each[0].prefix) and _is_of(each[0], form)]
            for piece, bit in (*self._plain.get(form, ()), *wild):
                if not piece.cased or any(words.is_written(form, at, piece.cased) for at in places):
                    found |= bit
        remember(self._of_chunk, chunk, found)
        return found

    def _true_of(self, pieces: int) -> int:
        found, rest = 0, pieces
        while rest:
            lowest = rest & -rest
            rest ^= lowest
            for needs, bit in self._rows.get(lowest, ()):
                if needs & pieces == needs:
                    found |= bit
        return found


def could_be(piece: Piece, forms: Iterable[str]) -> bool:
    """Is one of these forms what is looked for, however it is written?"""
    return piece.form in forms if piece.pattern is None else any(_is_of(piece, form) for form in forms)


def _is_of(piece: Piece, form: str) -> bool:
    return piece.pattern is not None and piece.pattern.fullmatch(form) is not None


def _ways(piece: Piece, analyser: Analyser) -> Iterator[str]:
    """What a chunk of ASCII must hold to have this piece: one of these."""
    if piece.pattern is not None:
        yield written(piece.prefix, ends=False)
    elif not piece.form.startswith(STEM):
        yield written(piece.form)
    else:
        for trace in analyser.stems.traces(piece.form.removeprefix(STEM)):
            yield written(trace.removeprefix("^"), begins=trace.startswith("^"), ends=False)


# -- queries -------------------------------------------------------------------------------------


def passes(groups: Iterable[Group], alike: Alike | None = None) -> Passes | None:
    """Whether an article with this title and text may concern any topic; None: that can't be told from them alone.

    Of what words don't tell, it can be told by whom an article may be like.
    """
    told = [_of_group(group) for group in groups]
    filters = [by_words for by_words, _ in told if by_words is not None]
    untold = [topic for _, topics in told for topic in topics]
    if untold:
        if alike is None or not all(topic.like for topic in untold):
            return None
        filters.append(alike(frozenset(topic.name for topic in untold)))
    return filters[0] if len(filters) == 1 else lambda title, text: any(each(title, text) for each in filters)


def _of_group(group: Group) -> tuple[Passes | None, Sequence[Topic]]:
    """What words tell, and the topics of which they tell nothing."""
    clauses = [clause for watch in group.watches for clause, is_positive in watch.question.clauses if is_positive]
    bits = {clause: 1 << at for at, clause in enumerate(clauses)}
    sieve = Sieve(group.analyser, tuple(bits))
    untold = [watch.topic for watch in group.watches if _may_be(watch.question.root, bits, sieve.always)]
    names = {topic.name for topic in untold}
    roots = [watch.question.root for watch in group.watches if watch.topic.name not in names]
    masks = [(sum({bits.get(clause, 0) for clause in clauses_in(root)}), root) for root in roots]
    if not masks:
        return None, untold

    @lru_cache(maxsize=REMEMBERED)
    def is_enough(found: int) -> bool:
        return any(mask & found and _may_be(root, bits, found) for mask, root in masks)

    return lambda title, text: is_enough(sieve.may_have(title, text)), untold


def _may_be(node: Node, bits: Mapping[Clause, int], found: int) -> bool:
    """May it be true of an article that has only these clauses? What must not be there is left open, and what is near."""
    match node:
        case Clause():
            return bool(bits[node] & found)
        case Every(_, parts):
            return all(_may_be(part, bits, found) for part in parts)
        case Either(_, parts):
            return any(_may_be(part, bits, found) for part in parts)
        case Beside(_, left, right):
            return _may_be(left, bits, found) and _may_be(right, bits, found)
        case Often(_, _, part) | Inside(_, _, part):
            return _may_be(part, bits, found)
        case Absent():
            return True
        case _:
            assert_never(node)
