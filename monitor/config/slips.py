"""A mistake in YAML itself, as its parser names it → its place, what is wrong and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

import yaml

from monitor.config.source import Fault

_NAME: Final = re.compile(r"[ -]*\w+ *")

_COLON: Final = 'put text that holds ": " in quotes; a blank follows the ":" of a setting'
_LINED_UP: Final = "what belongs together starts in the same column; a blank follows the ':' of a setting"
_QUOTES: Final = """put all of it in single quotes: '"a b" AND c'"""


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake in YAML itself: how the parser names it, what we say, and whether its beginning is the place."""

    sign: str
    what: str
    hint: str
    at_beginning: bool = False


_SLIPS: Final = (
    Slip("cannot start any token", "text can't start with this sign", 'put it in quotes: "…"'),
    Slip("mapping values are not allowed", "a ':' can't stand here", _COLON),
    Slip("could not find expected ':'", "a ':' is missing after this", "write 'name: value'", at_beginning=True),
    Slip("block sequence entries are not allowed", "a list can't start here", "start it on a line of its own"),
    Slip("expected alphabetic", "* and & have a meaning of their own here", 'put the text in quotes: "*a"'),
    Slip(
        "while scanning a quoted scalar",
        "this quote is never closed",
        "add the same quote at its end",
        at_beginning=True,
    ),
    Slip("unknown escape", "'\\' has a meaning of its own in double quotes", "use single quotes, or write \\\\"),
    Slip("escape", "'\\' has a meaning of its own in double quotes", "use single quotes, or write \\\\"),
    Slip(
        "while parsing a flow sequence", "this list is never closed, or a comma is missing", "[a, b]", at_beginning=True
    ),
    Slip("while parsing a flow mapping", "a bracket or a comma is missing", "{a: 1, b: 2}", at_beginning=True),
    Slip("did not find expected", "this does not fit what stands before it", _LINED_UP),
    Slip("expected <block end>", "this does not fit what stands before it", _LINED_UP),
    Slip("tag", "text can't start with '!'", 'put it in quotes: "!…"'),
)


def slip(text: str, error: yaml.MarkedYAMLError) -> Fault:
    said = f"{error.problem} {error.context}"
    index = min(_index(error.problem_mark or error.context_mark), len(text))
    if text[index : index + 1] == "\t":
        return Fault(index, "a tab can't stand here", "use blanks, not tabs, at the start of a line")
    if text[:index].rstrip(" ").endswith(('"', "'")) and "expected" in said:
        return Fault(index, "text can't go on after a closing quote", _QUOTES)
    if "mapping values are not" in said and _NAME.fullmatch(text, text.rfind("\n", 0, index) + 1, index):
        return Fault(index, "this setting does not fit those above it", _LINED_UP)
    known = next((each for each in _SLIPS if each.sign in said), None)
    if known is None:
        return Fault(index, "this can't be read", _LINED_UP)
    if known.at_beginning and error.context_mark is not None:
        index = error.context_mark.index
    return Fault(index, known.what, known.hint)


class Mark(Protocol):
    @property
    def index(self) -> int: ...


def _index(mark: Mark | None) -> int:
    return 0 if mark is None else mark.index
