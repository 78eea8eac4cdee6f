"""The words of a language: by which forms each word of a text is found, and by which a query looks for it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Final

from monitor.text import Span, Token, fold, paragraphs, tokens
from monitor.text.sentences import sentences
from monitor.topics.compounds import are_figures, compounds, is_glued
from monitor.topics.stems import Stems
from monitor.topics.wildcards import as_written, folded_around, wild

# Words that the end of a paragraph is away from the beginning of the next: no phrase and no NEAR (99 at most) gets over.
PARAGRAPH_GAP: Final = 100
STEM: Final = "~"  # before a form that is a stem: no written word begins with it

Place = tuple[int, int]  # the first and the last word of something found, counted in words


@dataclass(frozen=True, slots=True)
class Piece:
    """A word that is looked for: exactly this form, or any form that begins with `prefix` and is wholly of `pattern`.

    `cased` says how it must be written; it may hold * and ? then. Empty: capitals don't count.
    """

    form: str
    cased: str = ""
    pattern: re.Pattern[str] | None = None
    prefix: str = ""


Row = tuple[Piece, ...]  # one after the other


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two blanks: its words, and the forms by which they are found."""

    spans: tuple[Span, ...]  # of each word, in code points within the chunk
    forms: tuple[tuple[str, int], ...]  # each form of one word, and which
    wide: tuple[tuple[str, int, int], ...]  # each form of several words, the first and the last
    cased: Mapping[tuple[str, int], tuple[str, ...]]  # a form at a word, as it is written
    size: int  # words


class Words:
    """A field of an article, read in a language. Where something stands in it is worked out only when it is asked."""

    def __init__(self, text: str, chunks: Sequence[Chunk | None]) -> None:
        """`chunks` are those of the text in order, with None at the end of each paragraph."""
        self.text = text
        self._chunks = chunks
        self._lasts: dict[tuple[str, int], int] = {}
        places: defaultdict[str, list[int]] = defaultdict(list)
        at = gaps = 0
        for chunk in chunks:
            if chunk is None:
                at += PARAGRAPH_GAP
                gaps += 1
                continue
            for form, word in chunk.forms:
                places[form].append(at + word)
            if chunk.wide:
                self._add_wide(chunk, at, places)
            at += chunk.size
        self.size = at - gaps * PARAGRAPH_GAP
        for wide in {form for form, _ in self._lasts}:  # in A-B-AB it stands before its like, which was seen first
            places[wide].sort()
        self.places: Mapping[str, Sequence[int]] = dict(places)

    def _add_wide(self, chunk: Chunk, at: int, places: Mapping[str, list[int]]) -> None:
        for form, first, last in chunk.wide:
            places[form].append(at + first)
            self._lasts[form, at + first] = at + last

    def last(self, form: str, first: int) -> int:
        """The place of the last word of a form that begins at `first`; nearly all have but one word."""
        return self._lasts.get((form, first), first)

    def is_written(self, form: str, first: int, cased: str) -> bool:
        """Is the form that begins at `first` written with these capitals?"""
        at, chunk = self._placed[bisect_right(self._placed, first, key=itemgetter(0)) - 1]
        written = chunk.cased.get((form, first - at), ())
        if "*" in cased or "?" in cased:
            return any(map(wild(cased).fullmatch, written))
        return cased in written

    def span(self, first: int, last: int) -> Span:
        """From where to where these words stand, in code points."""
        places, spans = self._spans
        return spans[bisect_left(places, first)][0], spans[bisect_left(places, last)][1]

    def place_of(self, span: Span) -> Place:
        """The words that a stretch of characters touches; else the word after it, or the last."""
        places, spans = self._spans
        if not places:
            return (0, 0)
        first = min(bisect_right(spans, span[0], key=lambda each: each[1]), len(spans) - 1)
        last = bisect_left(spans, span[1], key=lambda each: each[0]) - 1
        return places[first], places[max(first, last)]

    def paragraphs(self) -> Sequence[Place]:
        return self._paragraphs

    def sentences(self) -> Sequence[Place]:
        return self._sentences

    @cached_property
    def _paragraphs(self) -> Sequence[Place]:
        return self._units(paragraphs(self.text))

    @cached_property
    def _sentences(self) -> Sequence[Place]:
        return self._units(sentences(self.text))

    @cached_property
    def _placed(self) -> Sequence[tuple[int, Chunk]]:
        """Each chunk, and the place of its first word."""
        placed: list[tuple[int, Chunk]] = []
        at = 0
        for chunk in self._chunks:
            if chunk is None:
                at += PARAGRAPH_GAP
            else:
                placed.append((at, chunk))
                at += chunk.size
        return placed

    @cached_property
    def _spans(self) -> tuple[Sequence[int], Sequence[Span]]:
        """The place of every word, and where it stands."""
        places: list[int] = []
        spans: list[Span] = []
        for (at, chunk), found in zip(self._placed, _CHUNK.finditer(self.text), strict=True):
            start = found.start()
            places += range(at, at + len(chunk.spans))
            spans += [(start + left, start + right) for left, right in chunk.spans]
        return places, spans

    def _units(self, stretches: Sequence[Span]) -> Sequence[Place]:
        places, spans = self._spans
        found: list[Place] = []
        for start, end in stretches:
            first = bisect_left(spans, (start,))
            last = bisect_left(spans, (end,)) - 1
            if first <= last:
                found.append((places[first], places[last]))
        return found


class Analyser:
    """Reads texts, and words of queries, in one language. It remembers what it read, so one is shared."""

    def __init__(self, language: str, protect: frozenset[str] = frozenset()) -> None:
        self.language = language
        self.protect = protect
        self.stems = Stems(language, frozenset(map(fold, protect)))
        # Memos: news repeats its words, so the careful way is also the fast one.
        self._as_written = lru_cache(maxsize=_REMEMBERED)(self._short)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._of_few)

    def read(self, text: str) -> Words:
        as_written = self._as_written
        chunks: list[Chunk | None] = []
        for line in text.split("\n"):
            before = len(chunks)
            chunks += [(len(each) <= _LONGEST and as_written(each)) or self._chunk(each) for each in line.split()]
            if any(chunk and chunk.size for chunk in chunks[before:]):
                chunks.append(None)
        return Words(text, chunks)

    def _short(self, chunk: str) -> Chunk | None:
        """What ends a sentence changes no word, but for the last stop of U.S."""
        return self._remembered(chunk if "." in (word := chunk.rstrip(_AFTER_WORDS)) else word)

    def _of_few(self, chunk: str) -> Chunk | None:
        """None for a chunk of many words: it seldom comes twice, and would take much memory."""
        found = self._chunk(chunk)
        return found if found.size <= _FEW else None

    def rows(self, text: str, *, bare: bool, case: bool = False, whole: bool = False) -> tuple[Row, ...]:
        """What a word or phrase of a query is looked for by: any of these rows.

        `bare` words are looked for by their stems; with `case` as they are written; with `whole` a word of Hangul is not
        also the beginning of one.
        """
        stemmed = bare and not case and self.stems.are_known
        apart: list[Piece] = []
        joined: list[Piece] = []
        for chunk in text.split():
            one, other = self._pieces(chunk, stemmed=stemmed, case=case, whole=whole)
            apart += one
            joined += other
        return tuple(dict.fromkeys(row for row in (tuple(apart), tuple(joined)) if row))

    # -- a query's words ------------------------------------------------------------------------

    def _pieces(self, chunk: str, *, stemmed: bool, case: bool, whole: bool) -> tuple[list[Piece], list[Piece]]:
        """The words of a chunk by themselves, and joined over hyphens."""
        if "*" in chunk or "?" in chunk:
            pieces = [piece for part in _PART.findall(chunk) for piece in self._part(part, case=case, whole=whole)]
            return pieces, pieces
        apart: list[Piece] = []
        joined: list[Piece] = []
        for compound in compounds(chunk):
            whole_word = "".join(token.term for token in compound)
            singles = [self._piece(t.term, t.cased, stemmed=stemmed, case=case, whole=whole) for t in compound]
            if stemmed and (stem := self.stems.of_doubled(tuple(token.term for token in compound))):
                singles = [Piece(STEM + stem)]
            apart += singles
            if len(compound) == 1 or len(singles) == 1 or are_figures(compound):
                joined += singles
            else:
                cased = "".join(token.cased for token in compound)
                form = STEM + self.stems.of(whole_word) if stemmed else whole_word
                joined.append(Piece(form, cased if case else ""))
        return apart, joined

    def _piece(self, term: str, cased: str, *, stemmed: bool, case: bool, whole: bool) -> Piece:
        if case:
            return Piece(term, cased)
        if not whole and _HANGUL.fullmatch(term):
            return Piece(term, pattern=re.compile(re.escape(term) + ".*", re.DOTALL), prefix=term)
        if stemmed:
            return Piece(STEM + self.stems.of(term))
        return Piece(term)

    def _part(self, part: str, *, case: bool, whole: bool) -> Iterator[Piece]:
        if "*" not in part and "?" not in part:
            yield from (self._piece(t.term, t.cased, stemmed=False, case=case, whole=whole) for t in tokens(part))
        elif len(tokens(re.split(r"[*?]", part, maxsplit=1)[0])) > 1:
            yield from _unspaced(part)
        else:
            folded = folded_around(part)
            yield Piece(folded, as_written(part) if case else "", wild(folded), re.split(r"[*?]", folded)[0])

    # -- an article's words ---------------------------------------------------------------------

    def _chunk(self, chunk: str) -> Chunk:
        spans: list[Span] = []
        forms: dict[tuple[str, int], None] = {}
        wide: dict[tuple[str, int, int], None] = {}
        cased: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for compound in compounds(chunk):
            first = len(spans)
            spans += [(token.start, token.end) for token in compound]
            self._single(compound, chunk, first, forms, cased)
            self._joined(compound, first, wide, cased)
        wide = {key: None for key in wide if key[:2] not in forms}  # a doubled word's stem may be that of its half
        written = {key: tuple(each) for key, each in cased.items()}
        return Chunk(tuple(spans), tuple(forms), tuple(wide), written, len(spans))

    def _single(
        self,
        compound: Sequence[Token],
        chunk: str,
        first: int,
        forms: dict[tuple[str, int], None],
        cased: dict[tuple[str, int], list[str]],
    ) -> None:
        is_fixed = len(compound) > 1 and self.stems.is_fixed(tuple(token.term for token in compound))
        for at, token in enumerate(compound, first):
            plain = [(token.term, token.cased)]
            if chunk[token.start : token.end].endswith(_POSSESSIVE):  # Russia's is about Russia
                plain.append((token.term[:-1], token.cased[:-1]))
            for term, written in plain:
                forms[term, at] = None
                if not is_glued(compound, at - first):  # P2PM is no PM
                    cased[term, at].append(written)
                if self.stems.are_known and not is_fixed:
                    forms[STEM + self.stems.of(term), at] = None

    def _joined(
        self,
        compound: Sequence[Token],
        first: int,
        wide: dict[tuple[str, int, int], None],
        cased: dict[tuple[str, int], list[str]],
    ) -> None:
        """Each run of parts as one word."""
        if len(compound) > _MOST_PARTS:
            return
        for start in range(len(compound)):
            for end in range(start + 1, len(compound)):
                if are_figures(parts := compound[start : end + 1]):
                    continue
                term = "".join(token.term for token in parts)
                wide[term, first + start, first + end] = None
                cased[term, first + start].append("".join(token.cased for token in parts))
                if self.stems.are_known:
                    stem = self.stems.of_doubled(tuple(token.term for token in parts)) or self.stems.of(term)
                    wide[STEM + stem, first + start, first + end] = None


_REMEMBERED: Final = 1 << 16  # chunks
_LONGEST: Final = 40  # code points of a chunk that is remembered
_FEW: Final = 3  # words of one
_AFTER_WORDS: Final = ',.;:!?)]"”'
_MOST_PARTS: Final = 6
_CHUNK: Final = re.compile(r"\S+")
_POSSESSIVE: Final = ("'s", "’s", "'S", "’S")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]{2,}")
_PART: Final = re.compile(r"[^\s\-‐‑]+")


def _unspaced(part: str) -> Iterator[Piece]:
    """Wildcards in a script without blanks, where each character is a word: an ending says nothing there."""
    for piece in re.split(r"([*?])", part):
        if piece == "?":
            yield Piece(piece, pattern=wild(piece))
        elif piece != "*":
            yield from (Piece(token.term) for token in tokens(piece))
