"""What asking a feed gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import FetchError, ParseError
from monitor.fetch import folder
from monitor.model import Entry, FeedState, ParsedFeed, Validators
from monitor.parse import textfile


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It says what it said before."""

    max_age: timedelta | None = None
    validators: Validators | None = None  # new ones, where it was sent all the same
    complaint: str | None = None  # what could not be read of it before
    moved_to: str | None = None
    is_document: bool = False  # it was sent all the same


@dataclass(frozen=True, slots=True)
class Document:
    """It says something else."""

    parsed: ParsedFeed
    body_hash: str
    validators: Validators = Validators()
    max_age: timedelta | None = None
    moved_to: str | None = None


def of_folder(url: str, path: str, state: FeedState) -> Unchanged | Document:
    """A folder of articles answers like a feed."""
    listing = folder.listing(path)
    if listing.state_hash == state.body_hash:
        return Unchanged(complaint=state.complaint)
    read = [_read_file(url, path, name) for name in listing.names]
    entries = tuple(entry for entry in reversed(read) if isinstance(entry, Entry))  # the newest first, like a feed
    complaints = "; ".join(complaint for complaint in read if isinstance(complaint, str))
    return Document(ParsedFeed(url, entries, complaint=complaints or None), listing.state_hash)


def _read_file(url: str, path: str, name: str) -> Entry | str:
    """The article, or why it can't be read: one bad file harms no other."""
    try:
        file = textfile.read(folder.read(path, name), name)
    except (FetchError, ParseError) as error:
        return str(error) if str(error).startswith(name) else f"{name}: {error}"
    return Entry(key=file.key, url=folder.address(url, name), title=file.title, text=file.text, is_file=True)
