"""The files as their writer sees them: lines and columns, and problems that point at them and give no secret away."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from monitor.errors import Problem, width

SHOWN: Final = 94  # columns of a line that a terminal shows beside the indentation
AROUND: Final = 1_000  # code points that are looked at for secrets
QUOTED: Final = 40

# Patterns are texts here: they are compiled when there is a mistake.
_PLACEHOLDER_OR_SIGN: Final = r"\$\{(?:file:[^}]*|[^}:]*)|\w"
_LOGIN: Final = r"://(?P<secret>[^/\s@]+)@"
_BEFORE_AT: Final = r":(?!//)(?P<secret>\S+)@"
_BOT: Final = r"\b(?P<secret>\d{5,}:[\w-]{8,})"
_GUARDED: Final = (
    r"(?i)(?:pass|pas?w|psw|pwd|(?:\b|_)pw\b|kennwort|sandi\b|tok[eo]?n|secr|key(?!w)|auth(?!ors?\b)|credential|cookie)"
)
_NAMED: Final = _GUARDED + r"""[\w.-]*["']?\s*[:=]\s*(?P<secret>"[^"]*"|'[^']*'|[^\s,}]+)"""
_SET: Final = r"(?<![\w.?&])[A-Za-z_]\w*\s*=\s*(?P<secret>\S+)"
# Where the file could not be read as a whole, a URL that looks like a channel's is taken for one, and nobody knows where
# a value ends.
_CHANNEL: Final = r"(?i)\b(?!https?:|sqlite:)[a-z][\w+.-]*://(?P<secret>\S+)|\bhttps?://(?P<hook>\S*hook\S*)"
_ALL_NAMED: Final = _GUARDED + r"""[\w.-]*["']?\s*[:=]\s*(?P<secret>.+)"""
_ALL_SET: Final = r"(?<![\w.?&])[A-Za-z_]\w*\s*=\s*(?P<secret>.+)"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a code point of the text."""

    index: int
    what: str
    hint: str = ""


class Wrong(Exception):
    """A part of the text can't be read; whoever reads the parts collects it."""

    def __init__(self, index: int, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.fault = Fault(index, what, hint)


@dataclass(frozen=True, slots=True)
class Part:
    """The stretch of the text that one file is; a line feed stands between two of them."""

    file: str  # as it is shown
    start: int = 0
    is_read: bool = True  # so that it is known where in it secrets stand
    is_settings: bool = True  # else it may be a secret as a whole, and nothing of it is shown


@dataclass(frozen=True, slots=True)
class Source:
    """The text of all files, one behind the other; its lines end with a line feed alone."""

    text: str
    parts: tuple[Part, ...]
    hidden: tuple[Span, ...] = ()  # where secrets are written

    def problem(self, fault: Fault) -> Problem:
        part = self._part(fault.index)
        start = max(self.text.rfind("\n", 0, fault.index) + 1, part.start)
        column = fault.index - start + 1
        shown, caret = self._shown(start, fault.index, part) if part.is_settings else ("", 0)
        place = (part.file, self._number(fault.index), column)
        return Problem(*place, fault.what, source=shown, hint=fault.hint, caret=0 if caret == column else caret)

    def where(self, index: int, seen_from: int) -> str:
        """A place in words; its file is named where it is another one."""
        part = self._part(index)
        line = f"line {self._number(index)}"
        beside = part.file.removeprefix(self.parts[0].file.rpartition("/")[0] + "/")
        return line if part is self._part(seen_from) else f"{shortened(beside)}, {line}"

    def _part(self, index: int) -> Part:
        return self.parts[max(bisect_right(self.parts, index, key=lambda part: part.start) - 1, 0)]

    def _number(self, index: int) -> int:
        return self.text.count("\n", self._part(index).start, index) + 1

    def _shown(self, start: int, index: int, part: Part) -> tuple[str, int]:
        """As much of a line as fits, and the place in it."""
        first = max(start, index - AROUND)
        end = self.text.find("\n", index, index + AROUND)
        line = self.text[first : end if end >= 0 else index + AROUND]
        for begin, last in self._secrets(line, first, part):
            line = line[:begin] + masked(line[begin:last]) + line[last:]
        line = "".join(map(_visible, line.rstrip()))
        left, right = _window(line, index - first)
        before = "…" if left or first > start else ""
        after = "…" if right < len(line) else ""
        return f"{before}{line[left:right]}{after}", index - first - left + len(before) + 1

    def _secrets(self, line: str, start: int, part: Part) -> list[Span]:
        if not part.is_read:
            return _found(line, _LOGIN, _BEFORE_AT, _BOT, _ALL_NAMED, _ALL_SET, _CHANNEL)
        spans = ((first - start, last - start) for first, last in self.hidden)
        known = [(max(first, 0), last) for first, last in spans if last > 0 and first < len(line)]
        return _found(line, _LOGIN, _BEFORE_AT, _BOT, _NAMED, _SET) + known


def is_secret_name(name: str) -> bool:
    """Whether what stands under this name is not to be shown, misspelt as it may be."""
    return re.search(_GUARDED, name) is not None


def _found(line: str, *patterns: str) -> list[Span]:
    return [found.span(found.lastgroup or 0) for pattern in patterns for found in re.finditer(pattern, line)]


def _visible(char: str) -> str:
    if char.isprintable() or char == "\t":
        return char
    return "␣" if char.isspace() else "\ufffd"


def _window(line: str, at: int) -> tuple[int, int]:
    """The stretch around a place that is as wide as a terminal, or all of the line."""
    at = min(at, len(line))
    left, right, room = at, at, SHOWN
    while room > 0 and (left > 0 or right < len(line)):
        if left > 0 and (at - left <= right - at or right == len(line)):
            left -= 1
            room -= width(line[left])
        else:
            room -= width(line[right])
            right += 1
    return left, right


def masked(text: str) -> str:
    """As long as before, but only its signs and the names of what is filled in can be read."""
    return re.sub(_PLACEHOLDER_OR_SIGN, lambda found: found[0] if found[0].startswith("$") else "*", text)


def quoted(text: str) -> str:
    """A text of the user within a message: one line, not too long, a number without quotes."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    scheme, stroke, _ = line.partition("://")
    if stroke:  # what follows may be a secret
        return f"'{scheme[-QUOTED:]}://…'"
    for first, last in _found(line, _BEFORE_AT, _SET):
        line = line[:first] + masked(line[first:last]) + line[last:]
    if line.isdecimal() and len(line) <= QUOTED:
        return line
    return f"'{line[: QUOTED - 1]}…'" if len(line) > QUOTED else f"'{line}'"


def shortened(name: str) -> str:
    """A file's name within a message: its end says more than its beginning."""
    return name if len(name) <= QUOTED else f"…{name[1 - QUOTED :]}"


def shown_name(file: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in file)
