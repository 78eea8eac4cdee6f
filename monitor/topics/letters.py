"""Where in long texts some words may stand, told by their letters. Pure.

A text is cut into chunks at white space. Given are those that hold the letters of a word that is looked for, or such as
can be written in many ways; only they need be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

import re2

REMEMBERED: Final = 1 << 17  # chunks
ANY: Final = ""  # a way in which everything is written
_LONGEST: Final = 60  # letters of a chunk that is remembered
_MEMORY: Final = 1 << 26  # bytes that RE2 may take; a topic can have hundreds of words
_FOREIGN: Final = 1.1  # bytes a character, from which on most words are not plain ASCII

# What no word is made of may stand between its letters: U.S., e-mail, O'Brien.
_BETWEEN: Final = r"[^a-z0-9\s]*"
# Other letters than those of ASCII can be written in many ways, so where one stands the word is read; signs are none.
_OTHER: Final = "[^\\x00-\\x7f“”‘’–—…•€£©®]"

_What = TypeVar("_What")


class Letters:
    """Finds the chunks that may be one of the words written so."""

    def __init__(self, ways: Iterable[str]) -> None:
        self._hot = _any_of(ways)

    def chunks(self, text: str) -> Sequence[str]:
        """In order, with what stands around the word."""
        if self._hot is None:
            return text.split()
        if not text.isascii():
            encoded = text.encode("utf-8", "replace")  # half a pair of surrogates has no UTF-8, which RE2 reads
            if len(encoded) > _FOREIGN * len(text):
                return text.split()
            text = encoded.decode()
        found: list[str] = self._hot.findall(text)
        return found


def written(letters: str, *, begins: bool = True, ends: bool = True) -> str:
    """As a pattern: wherever they stand, or where a word begins and ends."""
    letters = "".join(filter(str.isalnum, letters))
    if not letters.isascii():
        return _OTHER
    before = _edge(letters[0]) if begins and letters else ""
    return before + _BETWEEN.join(letters) + (_edge(letters[-1]) if ends and letters else "")


def remember(known: dict[str, _What], chunk: str, what: _What) -> None:
    """As much as there is room for: news repeats its words."""
    if len(known) >= REMEMBERED:
        known.clear()
    if len(chunk) <= _LONGEST:
        known[chunk] = what


def _edge(letter: str) -> str:
    """Where letters meet digits, a word ends too."""
    return r"(?:\b|[a-z_])" if letter.isdecimal() else r"(?:\b|[0-9_])"


def _any_of(ways: Iterable[str]) -> Any:
    """None: any word may be one of them."""
    every = sorted({*ways, _OTHER})
    if ANY in every:
        return None
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _MEMORY
    return re2.compile(rf"\S*(?:{'|'.join(every)})\S*", options)
