"""Where things are kept, read alone: a mistake elsewhere does not hide what was remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from monitor.config import files
from monitor.config.build import storage_from
from monitor.config.decode import decode
from monitor.config.layout import STORAGE
from monitor.config.nodes import Node, Pairs, Scalar, child
from monitor.config.shape import Draft, Section, SectionOf
from monitor.config.source import Fault, Part, Source, Wrong
from monitor.config.tree import compose
from monitor.settings import Storage

# The lines of this section alone: up to the next line that starts at the left edge with a name.
_LINES: Final = r"^storage[ \t]*:.*(?:\n(?:[ \t#].*)?(?=\n|\Z))*"


def storage_of(path: Path, *, environ: Mapping[str, str]) -> Storage | None:
    """As much of the storage section as can be read, whatever else is wrong with the file.

    The defaults where the file says nothing of it; None where there is no such file, or the section itself is wrong.
    """
    try:
        text = decode(files.read(path))
    except files.Unreadable:
        return None
    except Wrong:
        return Storage()
    try:
        root = _root(text)
    except Wrong:
        return None
    node = child(root, "storage") if root else None
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return Storage()
    return _storage(Draft(Source(text, (Part(str(path)),)), path.absolute().parent, environ), node)


def _root(text: str) -> Node | None:
    """The file's tree, or where that can't be read, the tree of this section's lines."""
    try:
        return compose(text).root
    except Wrong:
        found = re.search(_LINES, text, re.MULTILINE)
        return compose(found[0]).root if found else None


def _storage(draft: Draft, node: Node) -> Storage | None:
    for section in draft.attempt(SectionOf(STORAGE), node):
        is_known = isinstance(node, Pairs) and all(key.text in STORAGE for key, _ in node.pairs)
        if is_known and not section.is_broken("url"):
            return storage_from(section)
    return None


def meeting_place(_: Draft, top: Section) -> Iterator[Fault]:
    storage = top.part("storage")
    url = storage.get("url")
    if (
        top.get("engine") == "procrastinate"
        and (url is None or url.startswith("sqlite"))
        and not storage.is_broken("url")
    ):
        yield Fault(
            top.place("engine"),
            "many machines need a PostgreSQL to meet at",
            "write url: postgresql://… under storage, or leave this line away",
        )
