"""A folder of articles in text form, read like a feed."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from monitor.errors import FetchError

YOUNG: Final = 2.0  # seconds; a file that was written to since then may not be whole
A_MOMENT: Final = 0.1  # seconds between two looks at it
LARGEST: Final = 3_000_000  # bytes; as for an article's page


@dataclass(frozen=True, slots=True)
class Listing:
    """The text files of a folder, in order of name."""

    names: tuple[str, ...]
    state_hash: str  # changes when a file comes, goes or is written


def listing(path: str) -> Listing:
    """What is being written just now is left for the next look."""
    try:
        before = _marks(path)
        if any(time.time() - mark.written_at < YOUNG for mark in before):
            time.sleep(A_MOMENT)
            before &= _marks(path)
    except FileNotFoundError:
        raise FetchError("the folder is not there") from None
    except OSError as error:
        raise FetchError(f"the folder can't be read: {error.strerror}") from error
    marks = sorted(before)
    return Listing(tuple(mark.name for mark in marks), hashlib.sha256(repr(marks).encode()).hexdigest())


class _Mark(NamedTuple):
    """Changes when a file is written, replaced, or may be read at last."""

    name: str
    size: int
    written_at: float
    changed_at: int


def _marks(path: str) -> set[_Mark]:
    found = ((file, file.stat()) for file in Path(path).iterdir() if _is_article(file))
    return {_Mark(file.name, stat.st_size, stat.st_mtime, stat.st_ctime_ns) for file, stat in found}


def _is_article(file: Path) -> bool:
    return file.suffix.lower() == ".txt" and not file.name.startswith(".") and file.is_file()


def read(path: str, name: str) -> bytes:
    try:
        if Path(path).resolve() not in (Path(path) / name).resolve().parents:
            raise FetchError(f"{name} lies outside of the folder")
        with (Path(path) / name).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise FetchError(f"{name} can't be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise FetchError(f"{name} is too large (over {LARGEST // 1_000_000} MB)")
    return content


def address(feed: str, name: str) -> str:
    """What a reader is shown for a file: its path as the configuration writes it."""
    return f"{feed.rstrip('/')}/{name}"
