"""What somebody types to search: words that must be there, "phrases", -words that must not, begin* for any ending. Pure.

Any text at all can be searched for; what is neither word nor sign is a blank, as it is to the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 32  # terms of a search
_LONGEST: Final = 2_000  # signs of a search that are read
_LEAST: Final = 2  # letters of a beginning: half of all words begin with one of a few letters
_LOOKED_AT: Final = 60_000  # signs of a text, for its first hit
_AT_ONCE: Final = 4_000
_OVERLAP: Final = 300
_WORD: Final = re.compile(r"[^\W_]+")
_TERM: Final = re.compile(r'(?P<no>[-\u2212\u2013])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several in a row."""

    words: tuple[str, ...]  # folded
    is_prefix: bool = False  # the last word may go on
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text, and where in it something was found, in code points."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()


def terms_of(query: str) -> tuple[Term, ...]:
    """Empty where nothing is asked for that an article could hold."""
    terms = tuple(_terms(query[:_LONGEST].translate(_QUOTES)))[:MOST]
    return terms if any(not term.is_excluded for term in terms) else ()


def _terms(query: str) -> Iterator[Term]:
    for found in _TERM.finditer(query):
        text = found["phrase"] if found["word"] is None else found["word"]
        if words := tuple(_WORD.findall(fold(text))):
            # A sign before the word is only a dash where it hangs on the word before.
            hangs = found.start() > 0 and not query[found.start() - 1].isspace()
            is_prefix = text.endswith("*") and len(words[-1]) >= _LEAST
            yield Term(words, is_prefix, bool(found["no"]) and not hangs)


def fold(text: str) -> str:
    """Small letters without what stands over and under them, as the index has them; as many or more than `text` has."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.encode("utf-8", "ignore").decode())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).lower()


# -- where it stands -----------------------------------------------------------------------------


def passage(text: str, terms: Sequence[Term], *, room: int = 240) -> Passage:
    """The piece of the text around the first thing found in its beginning; that itself, where nothing is."""
    first = _first_hit(text, terms)
    start = _word_border(text, max(0, first - room // 3)) if first > room // 2 else 0
    end = min(len(text), start + room)
    if end < len(text) and (blank := text.rfind(" ", start + room // 2, end)) > 0:
        end = blank
    before, after = "… " if start else "", " …" if end < len(text) else ""
    piece = text[start:end]
    hits = ((first + len(before), last + len(before)) for first, last in hits_in(piece, terms))
    return Passage(before + piece.replace("\n", " ") + after, tuple(hits))


def _first_hit(text: str, terms: Sequence[Term]) -> int:
    """Texts may be of megabytes, and are looked at a little at a time, as what is found mostly stands at their beginning."""
    for start in range(0, min(len(text), _LOOKED_AT), _AT_ONCE):
        found = next(hits_in(text[start : start + _AT_ONCE + _OVERLAP], terms), None)
        if found:
            return start + found[0]
    return 0


def _word_border(text: str, at: int) -> int:
    blank = max(text.rfind(" ", 0, at + 1), text.rfind("\n", 0, at + 1))
    return blank + 1 if blank >= 0 and at - blank < 40 else at  # noqa: PLR2004  signs of a word


def hits_in(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """In order, none within another."""
    words = [(fold(found[0]), *found.span()) for found in _WORD.finditer(text)]
    wanted = [term for term in terms if not term.is_excluded]
    beginnings = tuple(term.words[0] for term in wanted)
    at = 0
    while at < len(words):
        # Most words begin nothing that is looked for.
        is_candidate = words[at][0].startswith(beginnings)
        long = max((len(term.words) for term in wanted if _stands(term, words, at)), default=0) if is_candidate else 0
        if long:
            yield words[at][1], words[at + long - 1][2]
        at += long or 1


def _stands(term: Term, words: Sequence[tuple[str, int, int]], at: int) -> bool:
    *before, last = term.words
    end = at + len(before)
    if end >= len(words) or any(words[at + index][0] != word for index, word in enumerate(before)):
        return False
    return words[end][0].startswith(last) if term.is_prefix else words[end][0] == last
