"""Lines in which another habit shows: blanks that are none, signs of other languages, a forgotten blank. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.config.source import Fault, shortened

# Patterns are texts here: they are compiled when there is a mistake.
ODD_BLANK: Final = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000]"

_OTHER_BLANK: Final = "a blank of another kind stands here ({sign})"
_TYPE_IT: Final = "take it away and type an ordinary blank"
_NAME: Final = r"(?P<name>[A-Za-z_][\w.-]*)"
_FIELDS: Final = "(?:title|body|author|case|exact):"  # of queries: these are glued to their word
_EMPTY: Final = r"[ \t]*(?:#.*)?"


@dataclass(frozen=True, slots=True)
class Habit:
    """How such a line looks from its beginning on; `at` is the place. No value is ever repeated: it may be a secret."""

    looks: str
    what: str
    hint: str


HABITS: Final = (
    Habit(
        rf" *(?:- *)?(?:{_NAME} *: *)?(?P<at>{ODD_BLANK})",
        _OTHER_BLANK,
        _TYPE_IT,
    ),
    Habit(rf"[ -]*{_NAME} *(?P<at>：)", "this is not the ':' of a setting ({sign})", "write '{name}: …'"),
    Habit(
        r" *(?P<at>[*+•·–—]|[0-9]+[.)]) +\S",
        "an item of a list starts with '-', not with '{at}'",
        "write '- …'",
    ),
    Habit(r" *(?P<at>-)[^\s\d-]", "a blank is missing after this '-'", "write '- …'"),
    Habit(
        rf"[ -]*(?!{_FIELDS}){_NAME} *(?P<at>:)(?!//)[^\s:]",
        "a blank is missing after this ':'",
        "write '{name}: …'",
    ),
    Habit(rf"[ -]*{_NAME} *(?P<at>=)", "a ':' must stand here, not '='", "write '{name}: …'"),
    Habit(
        r"[ -]*\[[^\]]*\](?P<at>\()https?:",
        "an address stands alone, without a title",
        "write '- https://…'",
    ),
    Habit(r"\s*(?P<at>//)", "'//' is no comment here", "a comment starts with '#'"),
    Habit(r"(?P<at>\.\.\.)\s*$", "'...' ends the file", "take the line away"),
    Habit(r"(?P<at>%)", "a line can't start with '%'", 'take it away, or put the text in quotes: "%…"'),
)


def habit(text: str, index: int) -> Fault | None:
    """Such a line at a place, or the last before it that is more than a comment: that one may have swallowed it."""
    return next((fault for start, line in _lines_around(text, index) if (fault := habit_in(line, start))), None)


def habit_in(line: str, start: int) -> Fault | None:
    """The same for a line, or a text that was taken for something else."""
    for each in HABITS:
        if found := re.match(each.looks, line):
            return _fault(each, found, start)
    return None


def odd_blank(sign: str, index: int) -> Fault:
    return Fault(index, _OTHER_BLANK.format(sign=f"U+{ord(sign):04X}"), _TYPE_IT)


def _fault(each: Habit, found: re.Match[str], start: int) -> Fault:
    groups = {name: shortened(part or "") for name, part in found.groupdict().items()}
    sign = f"U+{ord(found['at'][0]):04X}"
    what, hint = (words.format(sign=sign, **groups) for words in (each.what, each.hint))
    return Fault(start + found.start("at"), what, hint)


def _lines_around(text: str, index: int) -> Iterator[tuple[int, str]]:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    here = (start, text[start : end if end >= 0 else len(text)])
    before = line_before(text, start)
    yield from (before, here) if before else (here,)


def line_before(text: str, start: int) -> tuple[int, str] | None:
    while start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if not re.fullmatch(_EMPTY, text[start:end]):
            return start, text[start:end]
    return None
