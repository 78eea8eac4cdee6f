"""A file's text → its tree: YAML as PyYAML parses it, composed here so that every limit is met before it hurts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import yaml

from monitor.config.lines import ODD_BLANK, odd_blank
from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.slips import Mark, slip
from monitor.config.source import Fault, Wrong, quoted, shortened

MAX_NODES: Final = 2_000_000
MAX_ADDED: Final = 20_000  # by anchors that are used again
MAX_DEPTH: Final = 30
MAX_FAULTS: Final = 100

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
_STYLES: Final = frozenset({"'", '"', "|", ">"})
_AMPERSAND: Final = 'put text that starts with & in quotes: "&…"'
_ODD_EDGE: Final = re.compile(rf"^-? *{ODD_BLANK}|{ODD_BLANK}$")
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")


@dataclass(slots=True)
class Spent:
    """What the files read so far have used up of what they may hold together."""

    written: int = 0
    added: int = 0


@dataclass(frozen=True, slots=True)
class Composed:
    root: Node | None  # nothing where no value stands in the file
    faults: tuple[Fault, ...] = ()  # what is wrong, but does not stop the reading
    oddities: tuple[Fault, ...] = ()


def compose(text: str, start: int = 0, spent: Spent | None = None) -> Composed:
    """The tree; raises Wrong where nothing can be read.

    `start` is where this file's text begins among all.
    """
    composer = _Composer(text, start, spent or Spent())
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise _wrong(slip(text, error, start)) from None
    except yaml.YAMLError:
        raise Wrong(start, "this can't be read as YAML", "start from the config.yaml that came with monitor") from None
    root = None if isinstance(composer.root, Scalar) and composer.root.is_null else composer.root
    unused = (Fault(index, "'&' and a name change nothing here", _AMPERSAND) for index in composer.unused.values())
    return Composed(root, tuple(composer.faults), tuple(unused))


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
    start: int
    spent: Spent
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    unused: dict[str, int] = field(default_factory=dict)  # where anchors stand that were not used again
    anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)  # None: still open

    def _at(self, mark: Mark | None) -> int:
        return self.start + (0 if mark is None else mark.index)

    def take(self, event: yaml.Event) -> None:
        index = self._at(event.start_mark)
        match event:
            case yaml.ScalarEvent():
                self._count(index)
                self._close(self._scalar(event, index), event.anchor, 1, 0)
                self._name(event.anchor, index)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._count(index)
                self._begin(event, index)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                ended = self.open.pop()
                node = Items(tuple(ended.below), ended.start) if ended.is_list else self._pairs(ended)
                self._close(node, ended.anchor, ended.size, ended.height)
                self._name(ended.anchor, ended.start)
            case yaml.AliasEvent():
                self._count(index)
                self._again(event, index)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise Wrong(index, "'---' starts a second file within this one", "take the line away")

    def _name(self, anchor: str | None, index: int) -> None:
        if anchor is not None:
            self.unused[anchor] = index

    def _count(self, index: int) -> None:
        self.spent.written += 1
        if self.spent.written > MAX_NODES:
            raise Wrong(index, f"more than {MAX_NODES:,} values stand here", "take some away")

    def _scalar(self, event: yaml.ScalarEvent, index: int) -> Scalar:
        style = event.style if event.style in _STYLES else ""
        end = self._at(event.end_mark)
        if event.tag is None and event.anchor is None:
            return Scalar(event.value, index, end, style)
        _refuse_tag(event.tag, "str", index)
        if event.anchor is not None and not style and not event.value:
            raise Wrong(index, "text can't start with '&'", 'put it in quotes: "&…"')
        found = _PROPERTIES.match(self.text, index - self.start, end - self.start)
        begin = self.start + found.end() if found else index
        return Scalar(event.value, begin, end, style or ("!" if event.tag else ""))

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
                index, "text can't start with '*'", 'put it in quotes: "*…" (alone, * repeats what & has named)'
            )
        self.unused.pop(event.anchor, None)
        known = self.anchors[event.anchor]
        if known is None:
            raise Wrong(index, f"*{shortened(event.anchor)} would hold itself", "write out what it stands for")
        node, size, height = known
        self.spent.added += size
        if self.spent.added > MAX_ADDED:
            raise Wrong(
                index, f"what & and * repeat adds more than {MAX_ADDED:,} texts", "write it out where it is needed"
            )
        self._refuse_depth(index, height)
        self._close(node, None, size, height)

    def _refuse_depth(self, index: int, height: int) -> None:
        if len(self.open) + height > MAX_DEPTH:
            raise Wrong(
                index, f"more than {MAX_DEPTH} levels stand in each other here", "look for a bracket never closed"
            )

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
        pairs = _keyed(ended.below)
        if len({key.text for key, _ in pairs}) < len(pairs):
            self._note_repeated(pairs)
        return Pairs(pairs, ended.start)

    def _note_repeated(self, pairs: Sequence[tuple[Scalar, Node]]) -> None:
        first: dict[str, int] = {}
        for key, _ in pairs:
            if key.text in first and len(self.faults) <= MAX_FAULTS:
                line = self.text.count("\n", 0, first[key.text] - self.start) + 1
                hint = f"first in line {line}; put both together, or take one away"
                self.faults.append(Fault(key.start, f"{quoted(key.text)} is here twice", hint))
            first.setdefault(key.text, key.start)


def _keyed(below: Sequence[Node]) -> tuple[tuple[Scalar, Node], ...]:
    keys = below[::2]
    for key in keys:
        if not isinstance(key, Scalar):
            raise _no_name(key)
        if not key.text:
            raise Wrong(key.start, "the name of a setting is missing before the ':'", "write 'name: …'")
        if not key.text.isidentifier() and (found := _ODD_EDGE.search(key.text)):
            raise _wrong(odd_blank(found[0][-1], key.start + found.end() - 1))
    return tuple(zip(cast("Sequence[Scalar]", keys), below[1::2], strict=True))


def _wrong(fault: Fault) -> Wrong:
    return Wrong(fault.index, fault.what, fault.hint)


def _no_name(node: Node) -> Wrong:
    if isinstance(node, Pairs):
        return Wrong(node.start, "text can't start with '{' here", 'put it in quotes: "{…}"; a variable is ${NAME}')
    return Wrong(node.start, "the name of a setting can't be a list", 'text that starts with [ goes in quotes: "[…]"')


def _refuse_tag(tag: str | None, kind: str, index: int) -> None:
    if tag not in {None, "!", _TAG + kind}:
        raise Wrong(index, "text can't start with '!'", 'put it in quotes: "!…"')
