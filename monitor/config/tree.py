"""Bytes → the file's tree: YAML as PyYAML parses it, composed here so that every limit is met before it hurts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

import yaml

from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.source import Fault, Wrong, quoted

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_NODES: Final = 2_000_000
MAX_ADDED: Final = 20_000  # by anchors that are used again
MAX_DEPTH: Final = 30
MAX_FAULTS: Final = 100

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
_NAME: Final = re.compile(r"[ -]*\w+ *")
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")

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


def decode(content: bytes) -> str:
    """The file as text: no byte-order mark, and its lines end with a line feed alone."""
    if len(content) > MAX_BYTES:
        raise Wrong(0, f"the file is larger than {MAX_BYTES // 1024**2} MB")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = _lines(content.decode())
    except UnicodeDecodeError as error:
        raise Wrong(
            len(_lines(content[: error.start].decode())), "this is not UTF-8", "save the file as UTF-8"
        ) from None
    if found := _UNREADABLE.search(text):
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise Wrong(found.start(), f"a sign that can't be seen stands here ({name})", "take it away")
    return text


def readable(content: bytes) -> str:
    """As much of a file as can be shown, though it is not text."""
    return _lines(content[:MAX_BYTES].removeprefix(codecs.BOM_UTF8).decode(errors="replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def compose(text: str) -> tuple[Node, list[Fault]]:
    """The tree, and what is wrong with it but does not stop the reading; raises Wrong where nothing can be read."""
    composer = _Composer(text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise _slip(text, error) from None
    except yaml.YAMLError:
        raise Wrong(0, "this is not a YAML file", "start from the config.yaml that came with monitor") from None
    if composer.root is None:
        raise Wrong(
            0, "the file is empty", "it needs feeds and topics; start from the config.yaml that came with monitor"
        )
    return composer.root, composer.faults


def _slip(text: str, error: yaml.MarkedYAMLError) -> Wrong:
    said = f"{error.problem} {error.context}"
    index = min(_index(error.problem_mark or error.context_mark), len(text))
    if text[index : index + 1] == "\t":
        return Wrong(index, "a tab can't stand here", "use blanks, not tabs, at the start of a line")
    if text[:index].rstrip(" ").endswith(('"', "'")) and "expected" in said:
        return Wrong(index, "text can't go on after a closing quote", _QUOTES)
    if "mapping values are not" in said and _NAME.fullmatch(text, text.rfind("\n", 0, index) + 1, index):
        return Wrong(index, "this setting does not fit those above it", _LINED_UP)
    slip = next((slip for slip in _SLIPS if slip.sign in said), None)
    if slip is None:
        return Wrong(index, "this can't be read", _LINED_UP)
    if slip.at_beginning and error.context_mark is not None:
        index = error.context_mark.index
    return Wrong(index, slip.what, slip.hint)


class _Mark(Protocol):
    @property
    def index(self) -> int: ...


def _index(mark: _Mark | None) -> int:
    return 0 if mark is None else mark.index


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end is not read yet."""

    start: int
    is_list: bool
    anchor: str | None
    below: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class _Composer:
    text: str
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)  # None: still open
    written: int = 0
    added: int = 0

    def take(self, event: yaml.Event) -> None:
        index = _index(event.start_mark)
        match event:
            case yaml.ScalarEvent():
                self._count(index)
                self._close(self._scalar(event, index), event.anchor, 1, 0)
            case yaml.AliasEvent():
                self._count(index)
                self._again(event, index)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._count(index)
                self._begin(event, index)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                ended = self.open.pop()
                node = Items(tuple(ended.below), ended.start) if ended.is_list else self._pairs(ended)
                self._close(node, ended.anchor, ended.size, ended.height)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise Wrong(index, "a second document starts here", "take the line '---' away")

    def _count(self, index: int) -> None:
        self.written += 1
        if self.written > MAX_NODES:
            raise Wrong(index, f"the file holds more than {MAX_NODES:,} texts, lists and mappings")

    def _scalar(self, event: yaml.ScalarEvent, index: int) -> Scalar:
        style = event.style if event.style in {"'", '"', "|", ">"} else ""
        if event.tag is None and event.anchor is None:
            return Scalar(event.value, index, _index(event.end_mark), style)
        _refuse_tag(event.tag, "str", index)
        found = _PROPERTIES.match(self.text, index, _index(event.end_mark))
        return Scalar(
            event.value, found.end() if found else index, _index(event.end_mark), style or ("!" if event.tag else "")
        )

    def _begin(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent, index: int) -> None:
        is_list = isinstance(event, yaml.SequenceStartEvent)
        _refuse_tag(event.tag, "seq" if is_list else "map", index)
        self._refuse_depth(index, 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(index, is_list, event.anchor))

    def _again(self, event: yaml.AliasEvent, index: int) -> None:
        if event.anchor not in self.anchors:
            raise Wrong(
                index,
                f"nothing is called &{event.anchor}"[:70],
                f'text that starts with * must be in quotes: "*{event.anchor}"'[:90],
            )
        known = self.anchors[event.anchor]
        if known is None:
            raise Wrong(index, f"*{event.anchor} would hold itself", "write out what it stands for")
        node, size, height = known
        self.added += size
        if self.added > MAX_ADDED:
            raise Wrong(
                index, f"anchors (&, *) make the file more than {MAX_ADDED:,} texts longer", "use fewer of them"
            )
        self._refuse_depth(index, height)
        self._close(node, None, size, height)

    def _refuse_depth(self, index: int, height: int) -> None:
        if len(self.open) + height > MAX_DEPTH:
            raise Wrong(index, f"more than {MAX_DEPTH} brackets or levels stand in each other here")

    def _close(self, node: Node, anchor: str | None, size: int, height: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size, height)
        if not self.open:
            self.root = node
            return
        above = self.open[-1]
        above.below.append(node)
        above.size += size
        above.height = max(above.height, height + 1)

    def _pairs(self, ended: _Open) -> Pairs:
        pairs = tuple(_keyed(ended.below))
        first: dict[str, int] = {}
        for key, _ in pairs:
            if key.text in first and len(self.faults) <= MAX_FAULTS:
                line = self.text.count("\n", 0, first[key.text]) + 1
                self.faults.append(Fault(key.start, f"{quoted(key.text)} is here twice", f"first in line {line}"))
            first.setdefault(key.text, key.start)
        return Pairs(pairs, ended.start)


def _keyed(below: list[Node]) -> Iterator[tuple[Scalar, Node]]:
    for key, value in zip(below[::2], below[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise Wrong(
                key.start, "a list or mapping can't be the name of a setting", 'put text with [ or { in quotes: "{…}"'
            )
        if not key.text:
            raise Wrong(key.start, "the name of a setting is missing before the ':'")
        yield key, value


def _refuse_tag(tag: str | None, kind: str, index: int) -> None:
    if tag not in {None, "!", _TAG + kind}:
        raise Wrong(index, "text can't start with '!'", 'put it in quotes: "!…"; tags like !!python are not known here')
