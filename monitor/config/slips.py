"""A mistake in YAML itself, as its parser names it → its place, what is wrong and what to do. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

import yaml

from monitor.config.lines import habit, line_before
from monitor.config.source import Fault, shortened

COLUMN: Final = "what belongs together starts in the same column"

_NAME: Final = r"[ -]*(\w[\w ]*?) *"
_BARE: Final = r" *([A-Za-z_]\w*)(?: [^:]*)?$"
_QUOTES: Final = """put all of it in single quotes: '"a b" AND c'"""
_DOUBLE: Final = """put all of it in double quotes: "it's here\""""
_COLON: Final = 'put text that holds ": " in quotes, and each setting in a line of its own'
_CLOSING: Final = {"[": "]", "{": "}"}
_EXAMPLES: Final = {"[": "[a, b]", "{": "{a: 1, b: 2}"}


class Mark(Protocol):
    @property
    def index(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Slip:
    """How the parser names it, what we say, and whether its beginning is the place."""

    sign: str
    what: str
    hint: str
    at_beginning: bool = False


_SLIPS: Final = (
    Slip("cannot start any token", "text can't start with '{sign}'", 'put it in quotes: "{sign}…"'),
    Slip("could not find expected ':'", "a ':' is missing after this", "write '{word}: …'", at_beginning=True),
    Slip(
        "sequence entries are not allowed",
        "a list can't start here",
        "start it on the next line; text that starts with '- ' goes in quotes",
    ),
    Slip("mapping keys are not allowed", "text can't start with '? '", 'put it in quotes: "? …"'),
    Slip("expected alphabetic", "text can't start with '{sign}'", 'put it in quotes: "{sign}…"', at_beginning=True),
    Slip("comment or line break", "nothing can follow '{before}' in its line", 'put all of it in quotes: "{before} …"'),
    Slip(
        "while scanning a quoted scalar",
        "this quote is never closed",
        "add the same quote at its end",
        at_beginning=True,
    ),
    Slip("escape", "'\\' has a meaning of its own in double quotes", "use single quotes, or write \\\\"),
    Slip("found a tab character", "a tab can't stand here", "use blanks, not tabs, at the start of a line"),
    Slip(
        "directive", "a line can't start with '%'", 'take it away, or put the text in quotes: "%…"', at_beginning=True
    ),
    Slip("tag", "text can't start with '!'", 'put it in quotes: "!…"', at_beginning=True),
)


def slip(text: str, error: yaml.MarkedYAMLError, start: int = 0) -> Fault:
    """`start` is where this file's text begins among all."""
    fault = _slip(text, error)
    return Fault(start + fault.index, fault.what, fault.hint)


def _slip(text: str, error: yaml.MarkedYAMLError) -> Fault:
    said = f"{error.problem} {error.context}"
    index = min(_index(error.problem_mark or error.context_mark), len(text))
    begin = _index(error.context_mark) if error.context_mark else index
    known = next((each for each in _SLIPS if each.sign in said), None)
    place = begin if known and known.at_beginning else index
    if text[index : index + 1] == "\t":
        return Fault(index, "a tab can't stand here", "use blanks, not tabs, at the start of a line")
    if "quoted scalar" not in said and (fault := habit(text, place)):
        return fault
    if text[:index].rstrip(" ").endswith(('"', "'")) and "expected" in said:
        return _closing_quote(text, index)
    if "flow" in said:
        return _bracket(text, begin, index)
    if "mapping values are not" in said:
        return _colon(text, index)
    return _known(text, place, known) if known else _column(text, index)


def _index(mark: Mark | None) -> int:
    return 0 if mark is None else mark.index


def _known(text: str, place: int, known: Slip) -> Fault:
    word = re.match(r"\w+", text[place : place + 40])
    groups = {
        "sign": text[place : place + 1],
        "before": text[:place].rstrip()[-1:],
        "word": word[0] if word else "name",
    }
    return Fault(place, known.what.format(**groups), known.hint.format(**groups))


def _closing_quote(text: str, index: int) -> Fault:
    quote = text[:index].rstrip(" ")[-1]
    start = text.rfind("\n", 0, index) + 1
    hint = _QUOTES if quote == '"' else _DOUBLE
    if text.count(quote, start, index) % 2 and (opened := _opened_before(text, start, quote)) is not None:
        line = text.count("\n", 0, index) + 1
        return Fault(opened, f"this quote is closed only in line {line}", "add the same quote at its end")
    return Fault(index, "text can't go on after a closing quote", hint)


def _opened_before(text: str, start: int, quote: str) -> int | None:
    """Where a quote that is closed in a later line was opened: its line holds an odd number of them."""
    while start > 0:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if text.count(quote, start, end) % 2:
            return text.rfind(quote, start, end)
    return None


def _bracket(text: str, begin: int, index: int) -> Fault:
    """`begin` is where the list or the settings in brackets start, `index` what does not fit in it."""
    bracket = text[begin : begin + 1]
    closing, example = _CLOSING.get(bracket, ""), _EXAMPLES.get(bracket, "")
    sign = text[index : index + 1]
    if sign and sign in "]}":
        return Fault(
            index, f"'{sign}' does not fit here: '{bracket}' is still open", f"close each by its own: {example}"
        )
    if _is_closed(text, index):
        return Fault(index, f"a ',' is missing before this, or '{closing}'", f"write {example}")
    return Fault(begin, f"this '{bracket}' is never closed", f"write '{closing}' at its end: {example}")


def _is_closed(text: str, index: int) -> bool:
    """Whether a bracket follows that closes what is open there."""
    depth = 0
    for found in re.finditer(r"[\[{]|([\]}])", text[index:]):
        depth += -1 if found[1] else 1
        if depth < 0:
            return True
    return False


def _colon(text: str, index: int) -> Fault:
    start = text.rfind("\n", 0, index) + 1
    if found := re.fullmatch(_NAME, text[start:index]):
        if fault := _unfinished(text, start, found.start(1)):
            return fault
        return Fault(start + found.start(1), "this setting does not fit those above it", COLUMN)
    return Fault(index, "a second ':' can't stand here", _COLON)


def _unfinished(text: str, start: int, indent: int) -> Fault | None:
    """A name without its ':' above, that took what follows for its text."""
    while before := line_before(text, start):
        start, line = before
        if len(line) - len(line.lstrip(" ")) <= indent:
            found = re.match(_BARE, line)
            return (
                Fault(start + found.start(1), "a ':' is missing after this", f"write '{shortened(found[1])}: …'")
                if found
                else None
            )
    return None


def _column(text: str, index: int) -> Fault:
    """Something that stands too far left or right."""
    start = text.rfind("\n", 0, index) + 1
    indent = text[start:index]
    sign = text[index : index + 1]
    if sign and sign in "]}":
        return Fault(index, f"this '{sign}' closes nothing", "take it away")
    if sign == ":":
        return Fault(index, "the name of a setting is missing before this ':'", "write 'name: …'")
    if indent.strip(" "):
        return Fault(index, "this does not fit what stands before it", 'put text that holds such signs in quotes: "…"')
    if sign == "-":
        return Fault(index, "this does not fit what stands before it", "all '-' of a list stand in the same column")
    if re.search(rf"^{indent}- ", text[:start], re.MULTILINE):
        return Fault(
            index, "this does not fit what stands before it", "start it below the text after the '-', not below the '-'"
        )
    return Fault(index, "this does not fit what stands before it", COLUMN)
