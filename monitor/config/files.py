"""The files a configuration is made of: their bytes, the names a pattern stands for, and one sum over them all."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_FILES: Final = 1_000


class Unreadable(Exception):
    """A file can't be read at all; its words say why and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def read(path: Path) -> bytes:
    """Its content, and no more of it than shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        what, hint = (
            "there is no such file",
            "name another with -c, or start from the config.yaml that came with monitor",
        )
    except IsADirectoryError:
        what, hint = "this is a folder", "name the file in it: -c …/config.yaml"
    except OSError:
        what, hint = "this file may not be read", "look at who owns it and its permissions"
    raise Unreadable(what, hint)


def read_included(path: Path) -> bytes:
    """The same for a file that was found beside; one that is no file is not waited for."""
    if os.path.isdir(path):  # noqa: PTH112 - pathlib raises on names that no folder can have
        raise Unreadable("this is a folder", "include files, like topics/*.yaml")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113 - likewise
        raise Unreadable("this is no file", "include files, like topics/*.yaml")
    try:
        return read(path)
    except Unreadable as error:
        gone = "look whether it, or what it links to, is there"
        raise Unreadable(error.what, gone if "no such" in error.what else error.hint) from None


def is_pattern(name: str) -> bool:
    return glob.has_magic(name)


def absolute(folder: Path, name: str) -> str:
    """A pattern that stands for the same from everywhere; signs in the folder's own name mean nothing."""
    return os.path.join(glob.escape(str(folder)) if is_pattern(name) else str(folder), name)  # noqa: PTH118 - a pattern, not a path


def found(folder: Path, pattern: str) -> list[str]:
    """What a pattern stands for, relative to the folder, in the order of their names."""
    return sorted(glob.glob(pattern, root_dir=folder))  # noqa: PTH207 - pathlib knows no hidden files and no order


def digest(looked_at: Iterable[str]) -> str:
    """One sum over the names and contents of what a reading looked at: another sum, another configuration.

    Patterns are expanded anew. Contents count, not dates: so a link that is turned elsewhere is an edit, a touch is none.
    """
    import hashlib

    total = hashlib.sha256()
    for name in _names(looked_at):
        spelt = name.encode(errors="surrogatepass")
        total.update(b"%d %b " % (len(spelt), hashlib.sha256(_content(name)).digest()) + spelt)
    return total.hexdigest()


def _names(looked_at: Iterable[str]) -> Iterator[str]:
    for name in looked_at:
        yield name
        if is_pattern(name) and not os.path.lexists(name):
            yield from _expanded(name)


def _expanded(pattern: str) -> list[str]:
    try:
        return sorted(glob.glob(pattern))[:MAX_FILES]  # noqa: PTH207 - pathlib globs below one folder only
    except (OSError, ValueError):
        return []


def _content(name: str) -> bytes:
    """What is in it, or a word that no file of settings begins with."""
    try:
        if not os.path.isfile(name):  # noqa: PTH113 - pathlib raises on names that no file can have
            return b"\0none"
        with open(name, "rb") as file:  # noqa: PTH123 - likewise
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return b"\0unreadable"
