"""Feed text is data: one line of it, without what could change the text around it. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from monitor.text import one_line

_POP: Final = "\u202c"
_POP_ISOLATE: Final = "\u2069"
_OPENS: Final = {"\u202a": _POP, "\u202b": _POP} | dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE)
_OVERRIDES: Final = "\u202d\u202e"  # they show letters in another order than they stand: no language needs that
_DEEPEST: Final = 100  # directions within each other; Unicode itself counts 125
_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """One line that says what it said.

    Taken away: control characters (also NUL, escape, DEL and the C1 ones), lone halves of a surrogate pair, byte order
    marks, both overrides of the writing direction, and marks that close a direction that was not opened. Line ends of
    any kind, tabs and runs of blanks are one space; more than thirty marks on one letter are thirty.
    Embeddings and isolates stay, a hundred deep, and end where the text ends. All else stays: also what has no width.
    """
    line = one_line(text)
    return _balanced(line) if _DIRECTION.search(line) else line


def _balanced(line: str) -> str:
    kept: list[str] = []
    waiting: list[str] = []  # the closing marks that are owed; empty for an override, whose own goes with it
    for char in line:
        if char in _OVERRIDES or char in _OPENS:
            if len(waiting) < _DEEPEST:
                waiting.append(_OPENS.get(char, ""))
                kept.append(char if char in _OPENS else "")
        elif char == _POP:
            if waiting and waiting[-1] != _POP_ISOLATE:
                kept.append(waiting.pop())
        elif char == _POP_ISOLATE:
            if _POP_ISOLATE in waiting:  # it also ends what was opened within
                while waiting.pop() != _POP_ISOLATE:
                    pass
                kept.append(char)
        else:
            kept.append(char)
    return "".join(kept).rstrip() + "".join(reversed(waiting))


# -- addresses -----------------------------------------------------------------------------------

_BREAKS_ADDRESS: Final = re.compile(
    r"[^!-~\u00a1-\U0010ffff]|[<>\"\\^`{|}\s\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)  # one letter is a drive
_UNSEEN: Final = "\u200b"


def address(url: str) -> str:
    """The address in one piece: what would break it, or break out of it, is percent-encoded.

    What is no web address is text: a path is only cleaned; any other scheme (javascript:) is kept from being a link.
    """
    if not re.match(r"https?://", url, re.IGNORECASE):
        return _SCHEME.sub(rf"\g<0>{_UNSEEN}", clean(url), count=1)
    whole = _BREAKS_ADDRESS.sub(_encoded, url)
    host = re.match(r"[^/]*//[^/?#]*", whole)  # its brackets are those of an IPv6 address
    place = host.end() if host else 0
    return whole[:place] + _unpaired(whole[place:])


def _unpaired(path: str) -> str:
    """Square brackets are no part of a path; round ones are, but one alone would end a link."""
    path = path.replace("[", "%5B").replace("]", "%5D")
    paired = re.sub(r"\([^()]*\)", "", path)
    return path.replace("(", "%28").replace(")", "%29") if "(" in paired or ")" in paired else path


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="replace")
