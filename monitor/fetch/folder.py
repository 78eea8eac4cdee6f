"""A folder of articles in text form, read like a feed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.errors import FetchError

LARGEST: Final = 3_000_000  # bytes; as for an article's page


@dataclass(frozen=True, slots=True)
class Listing:
    """The text files of a folder, in order of name."""

    names: tuple[str, ...]
    state_hash: str  # changes when a file comes, goes or is written


def listing(path: str) -> Listing:
    try:
        files = sorted(file for file in Path(path).iterdir() if file.suffix == ".txt" and file.is_file())
        marks = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    except FileNotFoundError:
        raise FetchError("the folder is not there") from None
    except OSError as error:
        raise FetchError(f"the folder can't be read: {error.strerror}") from error
    return Listing(tuple(file.name for file in files), hashlib.sha256(repr(marks).encode()).hexdigest())


def read(path: str, name: str) -> bytes:
    try:
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
