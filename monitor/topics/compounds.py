"""Words that belong together: over a hyphen, or where letters and digits meet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.text import Token, tokens

_HYPHENS: Final = "-‐‑"
_DIGITS: Final = re.compile(r"\d+|\D+")


def compounds(chunk: str) -> Iterator[list[Token]]:
    """The words of a chunk, those that a hyphen or the border of letters and digits keeps apart together."""
    compound: list[Token] = []
    for token in tokens(chunk):
        if compound and not _is_hyphen(chunk[compound[-1].end : token.start]):
            yield compound
            compound = []
        compound += _parts(token, chunk)
    if compound:
        yield compound


def are_figures(parts: Sequence[Token]) -> bool:
    """20-25 is no 2025."""
    return all(part.term.isdecimal() for part in parts)


def is_glued(compound: Sequence[Token], at: int) -> bool:
    """Is nothing between this part and its neighbour?"""
    if len(compound) == 1:
        return False
    beside = (*compound[max(at - 1, 0) : at], *compound[at + 1 : at + 2])
    return any(other.end == compound[at].start or other.start == compound[at].end for other in beside)


def _is_hyphen(between: str) -> bool:
    return len(between) == 1 and between in _HYPHENS


def _parts(token: Token, chunk: str) -> list[Token]:
    """F16 is F and 16."""
    if token.term.isdecimal() or not any(map(str.isdecimal, token.term)):
        return [token]
    parts: list[Token] = []
    for found in _DIGITS.finditer(chunk, token.start, token.end):
        start = found.start()
        parts += [Token(t.term, start + t.start, start + t.end, t.cased) for t in tokens(found[0])]
    return parts if "".join(part.term for part in parts) == token.term else [token]
