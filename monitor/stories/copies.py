"""Is it the same text? Sketches of the wording, and how much of one stands in another. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Final
from zlib import crc32

COPY: Final = 0.5  # of the new text's wording stands in the known one
COPY_OF_LITTLE: Final = 0.6  # the same, where that is only a little of the known one
LITTLE: Final = 0.3  # of the known text's wording

SHINGLE: Final = 4  # words
SHINGLE_OF_CHARACTERS: Final = 8  # where the words are single characters: Chinese, Japanese, Thai
SHORT_WORDS: Final = 2.5  # code points in the mean, above those of such scripts and below those of all others
READ: Final = 5_000  # words from the beginning; what comes after them does not count
KEPT: Final = 128  # numbers
# A line or two may well be the same in two articles, and so few shingles tell nothing.
FEWEST: Final = 27  # shingles: a text of thirty words, or of 34 characters in a script without spaces
FEWEST_COMPARED: Final = 12  # shingles of the shorter text that can be looked for in the other

# Sums of shingles that are alike lie close together; multiplied by this they lie anywhere, and the lowest are a fair sample.
_SPREAD: Final = 0x9E3779B1
_BITS: Final = 0xFFFFFFFF


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """A sketch of a text's wording: the lowest of its shingles' sums, ascending; the same on every machine.

    A sketch with fewer than `KEPT` numbers is complete. A text shorter than a shingle has an empty one.
    """
    read = words[:READ]
    width = SHINGLE_OF_CHARACTERS if _is_unspaced(read) else SHINGLE
    shingles = zip(*(islice(read, start, None) for start in range(width)), strict=False)
    sums = {crc32(" ".join(shingle).encode(errors="replace")) * _SPREAD & _BITS for shingle in shingles}
    return tuple(sorted(sums)[:KEPT])


def _is_unspaced(words: Sequence[str]) -> bool:
    """Whether its words are characters, with marks at most: of a script that is written without spaces."""
    return sum(map(len, words)) < SHORT_WORDS * len(words)


def containment(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of the shorter text's wording that stands in the other, 0–1."""
    return max(overlap(one, other))


def overlap(one: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
    """The share of each text's wording that stands in the other, 0–1."""
    below, below_other, shared = _compared(one, other)
    return (shared / below, shared / below_other) if shared else (0.0, 0.0)


def is_copy(new: Sequence[int], known: Sequence[int]) -> bool:
    """Whether the new text is the known one with small edits, cut or extended.

    At least half of the new one's wording (`COPY`) stands in the known one. So a part of it is a copy; a longer article
    that carries the whole of it among more of its own is none. Where that half is little of the known one, it may be no
    more than a quotation that both have, and six tenths are asked (`COPY_OF_LITTLE`). A text of fewer than thirty words
    never is a copy, nor one too short beside the other to be judged by sketches.
    """
    if min(len(new), len(known)) < FEWEST or min(_compared(new, known)[:2]) < FEWEST_COMPARED:
        return False
    of_new, of_known = overlap(new, known)
    return of_new >= (COPY if of_known >= LITTLE else COPY_OF_LITTLE)


def _compared(one: Sequence[int], other: Sequence[int]) -> tuple[int, int, int]:
    """How many shingles of each, and of both, there are where both sketches are complete."""
    bound = min(_bound(one), _bound(other))
    low, low_other = one[: bisect_right(one, bound)], other[: bisect_right(other, bound)]
    return len(low), len(low_other), len({*low}.intersection(low_other))


def _bound(numbers: Sequence[int]) -> int:
    """Up to here a sketch leaves nothing out."""
    return numbers[-1] if len(numbers) >= KEPT else _BITS
