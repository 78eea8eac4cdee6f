"""config.yaml and the files it includes → one text and one tree, so that nothing after it minds where a thing stands."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from monitor.config import files
from monitor.config.decode import decode, readable
from monitor.config.files import MAX_BYTES, MAX_FILES, Unreadable
from monitor.config.layout import INCLUDED, INCLUDES, SETTINGS
from monitor.config.merge import merged, repeated
from monitor.config.misfits import KINDS, unknown
from monitor.config.nodes import Node, Pairs, child
from monitor.config.secrets import secrets
from monitor.config.shape import Draft, Ref
from monitor.config.source import Fault, Part, Source, Wrong, quoted, shown_name
from monitor.config.tree import Spent, compose

BEGIN: Final = "begin with a line like 'topics:' or 'feeds:'"
NOTHING_YET: Final = "it needs feeds and topics; start from the config.yaml that came with monitor"
MAY_HOLD: Final = f"an included file may hold {', '.join(tuple(INCLUDED)[:-1])} and {tuple(INCLUDED)[-1]}"
_A_SECTION: Final = rf"""(?m)^[ \t{{"'“-]*(?:{"|".join(SETTINGS)})\b["'”]?[ \t]*(?:[:：=]|$)"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all files hold together."""

    source: Source
    root: Node
    faults: tuple[Fault, ...]
    oddities: tuple[Fault, ...]
    looked_at: tuple[str, ...]  # patterns of names, absolute
    is_whole: bool  # every file could be read


@dataclass(slots=True)
class _Pile:
    """The files read so far, one behind the other."""

    texts: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    oddities: list[Fault] = field(default_factory=list)
    length: int = 0
    size: int = 0
    spent: Spent = field(default_factory=Spent)

    def read(self, file: str, content: bytes) -> Node | None:
        """One more file; no tree where it can't be read, or nothing stands in it."""
        text = ""
        self.size += len(content)
        try:
            if self.size > MAX_BYTES:
                raise Wrong(
                    self.length, f"{_these(self.parts)} larger than {MAX_BYTES // 1024**2} MB", "take something away"
                )
            text = decode(content, self.length)
            tree = compose(text, self.length, self.spent)
        except Wrong as wrong:
            text = text or readable(content)
            self.put(file, text, wrong.fault, is_settings=re.search(_A_SECTION, text) is not None)
            return None
        self.put(file, text, is_settings=tree.root is None or isinstance(tree.root, Pairs))
        self.faults += tree.faults
        self.oddities += tree.oddities
        return tree.root

    def put(self, file: str, text: str, fault: Fault | None = None, *, is_settings: bool = True) -> None:
        self.parts.append(Part(shown_name(file), self.length, fault is None, is_settings))
        self.faults += [fault] if fault else []
        self.texts.append(text)
        self.length += len(text) + 1

    @property
    def source(self) -> Source:
        return Source("\n".join(self.texts), tuple(self.parts))

    @property
    def is_whole(self) -> bool:
        return all(part.is_read for part in self.parts)


def gather(content: bytes, path: Path, environ: Mapping[str, str]) -> Gathered:
    """`content` is that of config.yaml, `path` its name; what it includes is read from the folder it stands in."""
    pile = _Pile()
    main = pile.read(str(path), content)
    if pile.is_whole and not isinstance(main, Pairs):
        pile.faults.append(_no_settings(main))
        pile.parts[0] = replace(pile.parts[0], is_read=False)
    root = main if isinstance(main, Pairs) else Pairs((), 0)
    draft = Draft(pile.source, path.absolute().parent, environ)
    wanted = _wanted(draft, root)
    trees = [tree for name in _names(draft, wanted, path, pile) if (tree := _included(pile, path, name))]
    source = replace(pile.source, hidden=secrets((root, *trees)))
    added = [_additions(pile, tree, path) for tree in trees]
    return Gathered(
        source,
        merged(root, added, INCLUDED),
        (*pile.faults, *draft.faults, *repeated(source, (root, *added), INCLUDED)),
        tuple(pile.oddities),
        tuple(files.absolute(draft.folder, ref.name) for ref in wanted),
        pile.is_whole,
    )


def _no_settings(root: Node | None) -> Fault:
    if root is None:
        return Fault(0, "the file is empty", NOTHING_YET)
    return Fault(root.start, f"settings must stand here, not {KINDS[type(root)]}", BEGIN)


def _these(parts: list[Part]) -> str:
    return "this file and those before it are" if parts else "the file is"


def _wanted(draft: Draft, root: Node) -> tuple[Ref, ...]:
    """What stands under `include`; what is wrong with it is told when all settings are read."""
    node = child(root, "include")
    found = replace(draft, faults=[]).attempt(INCLUDES, node) if node else ()
    return next(iter(found), ())


def _names(draft: Draft, wanted: tuple[Ref, ...], path: Path, pile: _Pile) -> Iterator[str]:
    """The files meant, each once, relative to the folder; what is not there is noted."""
    seen = {os.path.realpath(path)}
    for ref in wanted:
        for name in _meant(draft, ref, path, pile):
            real = os.path.realpath(draft.folder / name)
            if real not in seen and len(seen) <= MAX_FILES:
                yield name
            elif real not in seen:
                draft.note(
                    Fault(ref.start, f"more than {MAX_FILES:,} files are included", "name fewer, or a narrower pattern")
                )
                return
            seen.add(real)


def _meant(draft: Draft, ref: Ref, path: Path, pile: _Pile) -> list[str]:
    written, file = quoted(ref.written), draft.folder / ref.name
    shown = f"'{written}'" if written.isdecimal() else written
    if os.path.isdir(file):  # noqa: PTH112 - pathlib raises on names that no folder can have
        draft.faults.append(Fault(ref.start, f"{shown} is a folder", "name the files in it, like topics/*.yaml"))
    elif os.path.realpath(file) == os.path.realpath(path):
        draft.faults.append(Fault(ref.start, "a file can't include itself", "take it away"))
    elif os.path.lexists(file):
        return [ref.name]
    elif not files.is_pattern(ref.name):
        draft.faults.append(
            Fault(ref.start, f"there is no file {shown}", f"it is looked for beside {quoted(path.name)}")
        )
    elif found := files.found(draft.folder, ref.name):
        return found
    else:
        pile.oddities.append(
            Fault(ref.start, f"no file is called like {shown}", f"looked for beside {quoted(path.name)}")
        )
    return []


def _included(pile: _Pile, path: Path, name: str) -> Node | None:
    shown = os.path.join(os.path.dirname(path), name)  # noqa: PTH118, PTH120 - a text to show, not a path
    start = pile.length
    try:
        content = files.read_included(path.absolute().parent / name)
    except Unreadable as error:
        pile.put(shown, "", Fault(start, error.what, error.hint))
        return None
    tree = pile.read(shown, content)
    if tree is None and pile.parts[-1].is_read:
        pile.oddities.append(Fault(start, "nothing stands in this file yet", MAY_HOLD))
    return tree


def _additions(pile: _Pile, tree: Node, path: Path) -> Pairs:
    """What of an included file is added; what may not stand in it is noted."""
    if not isinstance(tree, Pairs):
        pile.faults.append(_no_settings(tree))
        return Pairs((), tree.start)
    for key, _ in tree.pairs:
        if key.text in SETTINGS and key.text not in INCLUDED:
            pile.faults.append(Fault(key.start, f"{quoted(key.text)} belongs in {path.name}", MAY_HOLD))
        elif key.text not in INCLUDED:
            pile.faults.append(unknown(key, INCLUDED, {}))
    return Pairs(tuple(pair for pair in tree.pairs if pair[0].text in INCLUDED), tree.start)
