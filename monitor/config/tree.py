"""A file's text → its tree: YAML as PyYAML parses it, composed here so that every limit is met before it hurts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.slips import Mark, slip
from monitor.config.source import Fault, Wrong, quoted

MAX_NODES: Final = 2_000_000
MAX_ADDED: Final = 20_000  # by anchors that are used again
MAX_DEPTH: Final = 30
MAX_FAULTS: Final = 100

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")


@dataclass(slots=True)
class Spent:
    """What the files read so far have used up of what they may hold together."""

    written: int = 0
    added: int = 0


def compose(text: str, start: int = 0, spent: Spent | None = None) -> tuple[Node | None, list[Fault]]:
    """The tree, and what is wrong with it but does not stop the reading; raises Wrong where nothing can be read.

    `start` is where this file's text begins among all; without a value in it there is no tree.
    """
    composer = _Composer(text, start, spent or Spent())
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        fault = slip(text, error)
        raise Wrong(start + fault.index, fault.what, fault.hint) from None
    except yaml.YAMLError:
        raise Wrong(start, "this is not a YAML file", "start from the config.yaml that came with monitor") from None
    return composer.root, composer.faults


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
    anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)  # None: still open

    def _at(self, mark: Mark | None) -> int:
        return self.start + (0 if mark is None else mark.index)

    def take(self, event: yaml.Event) -> None:
        index = self._at(event.start_mark)
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
        self.spent.written += 1
        if self.spent.written > MAX_NODES:
            raise Wrong(index, f"the file holds more than {MAX_NODES:,} texts, lists and mappings")

    def _scalar(self, event: yaml.ScalarEvent, index: int) -> Scalar:
        style = event.style if event.style in {"'", '"', "|", ">"} else ""
        if event.tag is None and event.anchor is None:
            return Scalar(event.value, index, self._at(event.end_mark), style)
        _refuse_tag(event.tag, "str", index)
        end = self._at(event.end_mark)
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
                index,
                f"nothing is called &{event.anchor}"[:70],
                f'text that starts with * must be in quotes: "*{event.anchor}"'[:90],
            )
        known = self.anchors[event.anchor]
        if known is None:
            raise Wrong(index, f"*{event.anchor} would hold itself", "write out what it stands for")
        node, size, height = known
        self.spent.added += size
        if self.spent.added > MAX_ADDED:
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
                line = self.text.count("\n", 0, first[key.text] - self.start) + 1
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
