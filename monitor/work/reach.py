"""Which articles may be like given ones, told by their letters: for long streams of which little is.

To weigh the words of a text takes more than a millisecond. Here only those are looked for that the given ones have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.stories.alike import Bound, Vector
from monitor.stories.fingerprint import READ_OF_TEXT
from monitor.stories.frequencies import words
from monitor.text import tokens
from monitor.topics.letters import ANY, Letters, remember, written

_MOST: Final = 2_000  # words that are looked for by their letters; of more, hardly a chunk holds none


class Reach:
    """Tells whether an article may be as like one of some others as it must be; hardly ever wrongly that it may."""

    def __init__(self, vectors: Sequence[Vector], least: Sequence[float], *, most: int = _MOST) -> None:
        self._bound = Bound(vectors, least)
        wanted = self._bound.words
        self._letters = Letters(map(written, wanted) if len(wanted) <= most else [ANY])
        self._of_chunk: dict[str, frozenset[str]] = {}

    def __call__(self, title: str, text: str) -> bool:
        found: set[str] = set()
        known = self._of_chunk
        for chunk in self._letters.chunks(f"{title}\n{text[:READ_OF_TEXT]}"):
            found |= known[chunk] if chunk in known else self._read(chunk)
        return self._bound.is_reached(found)

    def _read(self, chunk: str) -> frozenset[str]:
        """No word goes beyond a chunk, nor does a run of characters."""
        found = frozenset(token.term for token in words(tokens(chunk)) if token.term in self._bound.words)
        remember(self._of_chunk, chunk, found)
        return found
