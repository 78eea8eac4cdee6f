"""The files a configuration is made of: their bytes, the names a pattern stands for, and one sum over them all."""

from __future__ import annotations

import glob
import os
import select
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_FILES: Final = 1_000
PATIENCE: Final = 10.0  # seconds that a pipe may take to say all it has to say

_CHUNK: Final = 64 * 1024
_NO_FILE: Final = "this is no file"


class Unreadable(Exception):
    """A file can't be read at all; its words say why and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class NoFile(OSError):
    """A pipe, a device or a socket: what comes from it may never come, or never end."""


def read(path: Path, *, patience: float = PATIENCE) -> bytes:
    """Its content, and no more of it than shows that it is too large; a pipe such as `<(…)` is read once."""
    try:
        if stat.S_ISFIFO(os.stat(path).st_mode):  # noqa: PTH116 - pathlib's words for the same are longer
            return _piped(path, patience)
        return content(path, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        what, hint = (
            "there is no such file",
            "name another with -c, or start from the config.yaml that came with monitor",
        )
    except IsADirectoryError:
        what, hint = "this is a folder", "name the file in it: -c …/config.yaml"
    except NoFile:
        what, hint = _NO_FILE, "name the file that holds the settings: -c …/config.yaml"
    except OSError:
        what, hint = "this file may not be read", "look at who owns it and its permissions"
    raise Unreadable(what, hint)


def read_included(path: Path) -> bytes:
    """The same for a file that was found beside; one that is no file is not waited for."""
    try:
        return content(path, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        what, hint = "there is no such file", "look whether it, or what it links to, is there"
    except IsADirectoryError:
        what, hint = "this is a folder", "include files, like topics/*.yaml"
    except NoFile:
        what, hint = _NO_FILE, "include files, like topics/*.yaml"
    except OSError:
        what, hint = "this file may not be read", "look at who owns it and its permissions"
    raise Unreadable(what, hint)


def content(path: Path | str, most: int) -> bytes:
    """What is in a file, and one byte more than `most` where there is more; waits for nothing, whatever the name names."""
    kind = os.stat(path).st_mode  # noqa: PTH116 - a name of any kind
    if stat.S_ISDIR(kind):
        raise IsADirectoryError
    if not stat.S_ISREG(kind):
        raise NoFile
    with open(path, "rb", opener=_at_once) as file:
        return file.read(most + 1)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _piped(path: Path, patience: float) -> bytes:
    """Everything from a pipe that somebody writes to."""
    end = time.monotonic() + patience
    read = bytearray()
    descriptor = _at_once(str(path), os.O_RDONLY)
    try:
        while (chunk := _next(descriptor, end - time.monotonic())) and len(read) <= MAX_BYTES:
            read += chunk
    finally:
        os.close(descriptor)
    if not read:
        raise NoFile
    return bytes(read)


def _next(descriptor: int, seconds: float) -> bytes:
    """Nothing at its end, or where nobody writes."""
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        if seconds > 0 and waiting.poll(seconds * 1000):
            return os.read(descriptor, _CHUNK)
    raise NoFile


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
        yield from meant(name)[1:]


def meant(name: str) -> list[str]:
    """What was looked at under this name: itself, and what is called like it."""
    return [name, *(_expanded(name) if is_pattern(name) and not os.path.lexists(name) else ())]


def _expanded(pattern: str) -> list[str]:
    try:
        return sorted(glob.glob(pattern))[:MAX_FILES]  # noqa: PTH207 - pathlib globs below one folder only
    except (OSError, ValueError):
        return []


def _content(name: str) -> bytes:
    """What is in it, or a word that no file of settings begins with."""
    try:
        return content(name, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, NoFile, ValueError):
        return b"\0none"
    except OSError:
        return b"\0unreadable"
