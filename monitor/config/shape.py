"""How a part of the file is read: a text, a list, or a section of named settings; faults are collected, not raised.

A shape is data: the names a section may hold, each with its reader, so that an editor can be told the same. What can't
be read is left out and noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

from monitor.config.fill import Unfilled, files_in, fill, has_placeholder
from monitor.config.hints import listed, meant
from monitor.config.misfits import (
    KINDS,
    as_text,
    first_name,
    names_for_list,
    refuse_glued,
    refuse_text_with_colon,
    text_for_list,
    unknown,
)
from monitor.config.nodes import Items, Node, Pairs, Scalar, child, inside, is_empty
from monitor.config.source import Fault, Source, Wrong, quoted
from monitor.config.tree import MAX_FAULTS
from monitor.config.words import Form, Misread

T = TypeVar("T")

_BARE: Final = "write it without '<' and '>'"
_STRAIGHT: Final = "use straight quotes, or none"
OTHER_QUOTES: Final = "“”„‟‘’‚«»`´<"


class TooMany(Exception):
    """So many mistakes that the rest would not be read anyway."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The files on their way to becoming Settings."""

    source: Source
    folder: Path
    environ: Mapping[str, str]
    is_whole: bool = True  # every file could be read: what is not there is not there
    faults: list[Fault] = field(default_factory=list)
    oddities: list[Fault] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)  # files of secrets, absolute

    def note(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) > MAX_FAULTS:
            raise TooMany

    def attempt(self, read: Reader[T], node: Node) -> tuple[T, ...]:
        """What was read, or nothing and a fault noted."""
        try:
            return (read(self, node),)
        except Wrong as wrong:
            self.note(wrong.fault)
            return ()


Reader = Callable[[Draft, Node], T]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """What a section may hold under one name."""

    read: Reader[T]
    about: str  # a short sentence for those who write it in an editor
    default: str = ""  # as it would be written; empty where there is none to write
    may_be_empty: bool = True  # then it is as if it were left out

    def __call__(self, draft: Draft, node: Node) -> T:
        return self.read(draft, node)


Shape = Mapping[str, Setting[Any]]


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that must be that of something else, with its place."""

    name: str
    start: int
    written: str  # as it may be shown


@dataclass(frozen=True, slots=True)
class Section:
    """Settings by name, as far as they could be read. Its default is what stands for a setting left out."""

    node: Node
    values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def only(self, *names: str) -> dict[str, Any]:
        """Those of `names` that are set."""
        return {name: self.values[name] for name in names if name in self.values}

    def part(self, name: str) -> Section:
        """A section within this one; an empty one where it is left out."""
        found = self.values.get(name)
        return found if isinstance(found, Section) else Section(Pairs((), self.node.start))

    def is_broken(self, name: str) -> bool:
        """Written, but wrong."""
        return name not in self.values and not self.lacks(name)

    def lacks(self, name: str) -> bool:
        """Left out; not: written, but wrong."""
        below = child(self.node, name)
        return name not in self.values and (below is None or is_empty(below))

    def is_misspelt(self, name: str) -> bool:
        """Then it is told where it stands: one mistake, one message."""
        pairs = self.node.pairs if isinstance(self.node, Pairs) else ()
        unknown = tuple(key.text for key, _ in pairs if key.text != name and key.text not in self.values)
        glued = {"http", "https"} if name == "url" else set()
        return any(meant(word, (name,)) or word in glued or word.startswith(f"{name}:") for word in unknown)

    def place(self, name: str) -> int:
        """Where the setting's name is written, else where the section begins."""
        pairs = self.node.pairs if isinstance(self.node, Pairs) else ()
        return next((key.start for key, _ in pairs if key.text == name), self.node.start)


def exact(draft: Draft, node: Node) -> str:
    """A text as it is written, be it a number or a word like `true`, with its placeholders filled in."""
    if not isinstance(node, Scalar):
        raise Wrong(node.start, f"this must be a text, not {KINDS[type(node)]}", as_text(node))
    draft.looked_at.extend(files_in(node.text))
    try:
        filled = fill(node.text, draft.environ)
        filled.encode()
    except Unfilled as error:
        raise Wrong(inside(draft.source.text, node, error.offset), error.what, error.hint) from None
    except UnicodeEncodeError:
        raise Wrong(node.start, "what is filled in here is not UTF-8", "set it as UTF-8") from None
    if any(char < " " and char not in "\n\t" for char in filled):
        raise Wrong(node.start, "a sign that can't be seen stands in this text", "take it away")
    return filled


def text(draft: Draft, node: Node) -> str:
    """A text that says something."""
    read = exact(draft, node)
    if not read.strip():
        raise Wrong(node.start, "nothing stands here", "write a text, or take the line away")
    return read


def line(draft: Draft, node: Node) -> str:
    """A text of one line."""
    read = text(draft, node).strip()
    if "\n" in read:
        raise Wrong(node.start, "this must be one line", "write it in one, without '|' or '>'")
    return read


def bare(draft: Draft, node: Node) -> str:
    """A text of one line to which quotes that are not YAML's would belong."""
    read = line(draft, node)
    if read[0] in OTHER_QUOTES:
        raise Wrong(node.start, f"'{read[0]}' would be a part of this text", _BARE if read[0] == "<" else _STRAIGHT)
    return read


def reference(draft: Draft, node: Node) -> Ref:
    return Ref(bare(draft, node), node.start, node.text if isinstance(node, Scalar) else "")


@dataclass(frozen=True, slots=True)
class Word(Generic[T]):
    """A text that its form turns into a value. What was filled in is never shown."""

    form: Form[T]

    def __call__(self, draft: Draft, node: Node) -> T:
        written = bare(draft, node)
        try:
            return self.form(written)
        except Misread as error:
            template = cast("Scalar", node).text
            hint = "look at what is filled in for ${…}" if has_placeholder(template) else self._ending(written)
            raise Wrong(node.start, error.what.replace("{it}", quoted(template)), hint or error.hint) from None

    def _ending(self, written: str) -> str:
        """A hint where only the sign at its end is too many."""
        try:
            self.form(written.rstrip(",;"))
        except Misread:
            return ""
        return f"take the '{written[-1]}' away"


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    item: Reader[T]

    def __call__(self, draft: Draft, node: Node) -> tuple[T, ...]:
        match node:
            case Items(items=items):
                return tuple(found for item in items for found in draft.attempt(self._one, item))
            case Scalar():
                raise text_for_list(node, *_of(self.item))
            case _:
                raise names_for_list(node, *_of(self.item))

    def _one(self, draft: Draft, node: Node) -> T:
        if isinstance(node, Pairs) and isinstance(self.item, SectionOf):
            refuse_text_with_colon(node, self.item.shape, self.item.shorthand or "", self.item.elsewhere)
        return self.item(draft, node)


@dataclass(frozen=True, slots=True)
class OneOrMore(Generic[T]):
    """One, or a list of them."""

    item: Reader[T]

    def __call__(self, draft: Draft, node: Node) -> tuple[T, ...]:
        return ListOf(self.item)(draft, node if isinstance(node, Items) else Items((node,), node.start))


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """Values under names that the user chooses."""

    value: Reader[T]

    def __call__(self, draft: Draft, node: Node) -> dict[str, T]:
        if not isinstance(node, Pairs):
            ending = "in a line below" if isinstance(node, Scalar) else "lines, without a dash"
            hint = f"write '{first_name(node)}: …' {ending}"
            raise Wrong(node.start, f"names must stand here, not {KINDS[type(node)]}", hint)
        if isinstance(self.value, SectionOf):
            node = _without_sections(draft, node, self.value)
        return {key.text: found for key, value in node.pairs for found in draft.attempt(self.value, value)}


@dataclass(frozen=True, slots=True)
class SectionOf:
    """Settings by name; a text alone is taken for `shorthand`. `elsewhere`: where names belong that are not known here."""

    shape: Shape
    shorthand: str | None = None
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, draft: Draft, node: Node) -> Section:
        match node:
            case Pairs():
                return Section(node, dict(_settings(draft, node, self.shape, self.elsewhere)))
            case Scalar() if self.shorthand and not node.is_null:
                refuse_glued(node, self.shape)
                return Section(node, {self.shorthand: self.shape[self.shorthand](draft, node)})
            case Scalar() if node.is_null or not node.text:
                raise Wrong(node.start, "nothing stands here", "write something, or take the line away")
            case _:
                hint = listed("possible here: ", self.shape)
                raise Wrong(node.start, f"settings must stand here, not {KINDS[type(node)]}", hint)


def _without_sections(draft: Draft, node: Pairs, item: SectionOf) -> Pairs:
    """What can only be a section of the file is noted: it stands too far right."""
    right: list[tuple[Scalar, Node]] = []
    for key, value in node.pairs:
        if key.text not in item.elsewhere or isinstance(value, Scalar) or child(value, item.shorthand or ""):
            right.append((key, value))
        else:
            draft.note(Fault(key.start, f"'{key.text}' stands too far right", item.elsewhere[key.text]))
    return Pairs(tuple(right), node.start)


def _settings(draft: Draft, node: Pairs, shape: Shape, elsewhere: Mapping[str, str]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    left_empty = ""
    for key, value in node.pairs:
        is_null = isinstance(value, Scalar) and value.is_null
        if key.text not in shape:
            fault = unknown(key, shape, elsewhere)
            indent = f"indent it if it belongs under '{left_empty}'" if left_empty else fault.hint
            draft.note(Fault(fault.index, fault.what, indent))
        elif not is_null:
            found += [(key.text, read) for read in draft.attempt(shape[key.text], value)]
        elif not shape[key.text].may_be_empty:
            draft.note(Fault(key.start, f"'{key.text}' is empty", "write something, or take the line away"))
        elif default := shape[key.text].default:
            what = f"nothing stands here: it is {default}"
            draft.oddities.append(Fault(key.start, what, "write something, or take the line away"))
        if key.text in shape:
            left_empty = key.text if is_null and not isinstance(shape[key.text].read, Word) else ""
    return found


def _of(item: Reader[Any]) -> tuple[Shape, str]:
    """The settings an item may hold, and what a text alone is taken for."""
    return (item.shape, item.shorthand or "") if isinstance(item, SectionOf) else ({}, "")
