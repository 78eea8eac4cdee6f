"""Which clauses may be in an article, told without reading all of it: for long streams of which little is of interest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import re2

from monitor.model import Article
from monitor.topics.analysis import STEM, Analyser, Piece, Row
from monitor.topics.places import is_found
from monitor.topics.question import Clause
from monitor.topics.tree import WHERE

_CORE: Final = 5  # letters of a stem that are looked for
_MELTING: Final = tuple("kpst")  # first letters of an Indonesian stem that go where a prefix is: menulis, of tulis
_BEGINNING: Final = 5  # letters of a word that are looked for
_SHORT: Final = 5  # letters of a stem; a snowball may have changed the last one
_PIECES: Final = 2  # of a phrase that are looked for: the longest
_REMEMBERED: Final = 1 << 16  # chunks
_MEMORY: Final = 1 << 26  # bytes that RE2 may take; a topic can have hundreds of words
_INDONESIAN: Final = ("id", "in")

# A letter may be written with an accent; between two there may be what the reader of words does not mind.
_OTHER: Final = r"[^\x00-\x7f]"
_BETWEEN: Final = r"[^a-z0-9\s]{0,2}"
_TWO_IN_ONE: Final = "[ßẞæÆœŒþÞ\ufb00-\ufb06]"


class Sieve:
    """Tells of an article which of some clauses it may have: all that it has, and seldom another."""

    def __init__(self, analyser: Analyser, clauses: Sequence[Clause]) -> None:
        self._analyser = analyser
        self._forms: dict[str, int] = {}
        self._wild: dict[str, tuple[str, Any, int]] = {}
        self._patterns: list[tuple[Any, int]] = []
        self._rows: list[tuple[int, int]] = []  # the pieces that a row needs, and the clause that it makes true
        self._always = 0
        for at, clause in enumerate(clauses):
            self._add(clause, 1 << at)
        self._hot = _any_of(self._cores())
        self._of_chunk: dict[str, int] = {}
        self._of_pieces: dict[int, int] = {}

    def may_have(self, article: Article) -> int:
        """A bit for each clause, the first the lowest. What may be elsewhere than in title and body always may be."""
        found = self._always
        if self._hot is not None:
            pieces = 0
            for text in (article.title, article.text):
                for chunk in self._hot.findall(text):
                    pieces |= self._of_chunk[chunk] if chunk in self._of_chunk else self._read(chunk)
            found |= self._of_pieces[pieces] if pieces in self._of_pieces else self._made_true(pieces)
        for pattern, bit in self._patterns:
            if is_found(pattern, article.text) or is_found(pattern, article.title):
                found |= bit
        return found

    def _add(self, clause: Clause, bit: int) -> None:
        if not set(clause.fields) <= set(WHERE):
            self._always |= bit
        elif clause.pattern is not None:
            self._patterns.append((clause.pattern, bit))
        else:
            for row in clause.rows:
                if needs := self._needs(row):
                    self._rows.append((needs, bit))
                else:
                    self._always |= bit

    def _needs(self, row: Row) -> int:
        needs = 0
        for piece in sorted(row, key=lambda piece: -len(piece.prefix or piece.form))[:_PIECES]:
            bit = 1 << (len(self._forms) + len(self._wild))
            if piece.pattern is None:
                needs |= self._forms.setdefault(piece.form, bit)
            elif piece.prefix:
                needs |= self._wild.setdefault(piece.pattern.pattern, (piece.prefix, piece.pattern.fullmatch, bit))[2]
        return needs

    def _cores(self) -> Iterable[str]:
        yield from (_core(form, self._analyser.language) for form in self._forms)
        yield from (prefix[:_BEGINNING] for prefix, _, _ in self._wild.values())

    def _read(self, chunk: str) -> int:
        found = 0
        for form in self._analyser.read(chunk).places:
            found |= self._forms.get(form, 0)
            for prefix, whole, bit in self._wild.values():
                if form.startswith(prefix) and whole(form):
                    found |= bit
        if len(self._of_chunk) >= _REMEMBERED:
            self._of_chunk.clear()
        self._of_chunk[chunk] = found
        return found

    def _made_true(self, pieces: int) -> int:
        found = 0
        for needs, bit in self._rows:
            if needs & pieces == needs:
                found |= bit
        if len(self._of_pieces) >= _REMEMBERED:
            self._of_pieces.clear()
        self._of_pieces[pieces] = found
        return found


def could_be(piece: Piece, forms: Iterable[str]) -> bool:
    """Is one of these forms what is looked for, however it is written?"""
    if piece.pattern is None:
        return piece.form in forms
    return any(piece.pattern.fullmatch(form) for form in forms)


def _core(form: str, language: str) -> str:
    """Letters that every word has whose form this is."""
    if not form.startswith(STEM):
        return form[:_BEGINNING]
    stem = "".join(char for char in form.removeprefix(STEM) if char.isalnum())
    if language.lower().partition("-")[0] in _INDONESIAN:
        unmelted = stem[1:] if stem[:1] in _MELTING else stem
        return (unmelted.removesuffix("i") or stem)[:_CORE]
    return stem[1:_SHORT] if len(stem) > _SHORT else stem[: max(2, len(stem) - 1)]


def _any_of(cores: Iterable[str]) -> Any:
    ways = [_BETWEEN.join(map(_letter, core)) for core in dict.fromkeys(cores) if core]
    if not ways:
        return None
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _MEMORY
    return re2.compile(rf"\S*(?:{'|'.join((*ways, _TWO_IN_ONE))})\S*", options)


def _letter(char: str) -> str:
    if not char.isascii():
        return _OTHER
    return f"(?:{char}|{_OTHER})" if char.isalnum() else r"[^a-z0-9\s]"
