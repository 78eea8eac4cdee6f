"""Text as both databases can hold it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final

# PostgreSQL refuses NUL, and half of a surrogate pair (as in the name of a file that is no UTF-8) has no bytes at all.
_REFUSED: Final = re.compile("[\x00\ud800-\udfff]")
# An index of PostgreSQL takes 2,704 bytes a row.
_LONGEST: Final = 2_600
_HEAD: Final = 500  # code points; at most 2,000 bytes


def storable(text: str) -> str:
    """The text, with what neither database can hold replaced by the sign for it."""
    return _REFUSED.sub("\ufffd", text) if "\x00" in text or _is_broken(text) else text


def _is_broken(text: str) -> bool:
    """Encoding tells it ten times quicker than a search."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def indexable(text: str) -> str:
    """The text, shortened where it is too long to stand in an index; different texts stay different."""
    text = storable(text)
    if len(text) <= _HEAD or len(text.encode()) <= _LONGEST:
        return text
    return f"{text[:_HEAD]}#{sha256(text.encode()).hexdigest()[:16]}"


def fitted(parameters: Any) -> Any:
    """The parameters of a statement, of whatever shape, with every text in them storable."""
    if isinstance(parameters, str):
        return storable(parameters)
    if isinstance(parameters, dict):
        return {name: fitted(value) for name, value in parameters.items()}
    if isinstance(parameters, list | tuple):
        return type(parameters)(map(fitted, parameters))
    return parameters
