"""Words with * and ? in them. Pure."""

from __future__ import annotations

import re
from typing import Final

from monitor.text import fold, tokens

_LONGEST_WORD: Final = 100


def as_written(part: str) -> str:
    """A word with wildcards, plain between them, with its capitals."""
    pieces = filter(None, re.split(r"([*?])", part))
    return "".join(piece if piece in "*?" else "".join(token.cased for token in tokens(piece)) for piece in pieces)


def folded_around(part: str) -> str:
    """A word with wildcards, folded between them."""
    return "".join(
        piece if piece in "*?" else fold("".join(t.cased for t in tokens(piece)))
        for piece in re.split(r"([*?])", part)
        if piece
    )


def wild(folded: str) -> re.Pattern[str]:
    """No word is longer than `_LONGEST_WORD`: several * would try it for a time that grows with its length to the power of them."""
    signs = {"*": ".*", "?": "."}
    written = "".join(signs.get(char) or re.escape(char) for char in folded)
    return re.compile(rf"(?!.{{{_LONGEST_WORD + 1}}}){written}", re.DOTALL)
