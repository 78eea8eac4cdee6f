"""What a feed lists, beside what it listed before: an entry in other words is read again, three times at most an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from monitor.model import Entry
from monitor.parse.plain import first_words
from monitor.store.fitting import fitted, storable
from monitor.store.tables import ARTICLE, ENTRY, EntryState
from monitor.stories.sameness import names_another
from monitor.text import content_hash

ENTRIES: Final = TypeAdapter(Entry)
READINGS: Final = 3  # of one article, beside the first
# SQLite takes at most 32,766 values in one statement, PostgreSQL 65,535.
CHUNK: Final = 5_000
_SHORT: Final = 16  # hex digits
_WHOLE: Final = 64

Known = sa.Row[Any]


def kept(entry: Entry, key: str) -> Entry:
    """As both databases can hold it."""
    said: dict[str, Any] = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return Entry(**fitted(said) | {"key": key})


def written(entry: Entry) -> str:
    return ENTRIES.dump_json(entry, exclude_defaults=True).decode()


# -- what it says --------------------------------------------------------------------------------


def listed_hash(entry: Entry) -> str:
    """Of its title and text: first of these as they are, which is quick to compare, then of their substance; then of the
    title alone.
    """
    title, text = storable(entry.title), storable(entry.text)
    return _exactly(title, text) + content_hash(title, text) + _of_title(title)


def says_the_same(entry: Entry, known: str) -> bool:
    """White space, quotes, accents and capitals do not count."""
    title, text = storable(entry.title), storable(entry.text)
    return known.startswith(_exactly(title, text)) or known[_SHORT : _SHORT + _WHOLE] == content_hash(title, text)


def _has_other_title(entry: Entry, known: str) -> bool:
    """The first words of a text are no title, and may change with it."""
    is_own = entry.title != first_words(entry.text)
    return is_own and known[_SHORT + _WHOLE :] != _of_title(storable(entry.title))


def _exactly(title: str, text: str) -> str:
    return sha256(f"{title}\n{text}".encode()).hexdigest()[:_SHORT]


def _of_title(title: str) -> str:
    return content_hash(title, "")[:_SHORT]


# -- what is known -------------------------------------------------------------------------------


MARKS: Final = ("link_mark", "title_mark", "text_mark", "published_at")
_ASKED: Final = ("key", "id", "state", "listed_hash", "readings", "lease_token", "content", "article_id")
# Built once: to build it anew with each of its values costs more than to ask.
_SOME: Final = sa.select(*(ENTRY.c[name] for name in (*_ASKED, *MARKS))).where(
    ENTRY.c.feed_id == sa.bindparam("feed"), ENTRY.c.key.in_(sa.bindparam("keys", expanding=True))
)


def known(session: Session, feed_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """Those of its entries that we know, by key."""
    found: dict[str, Known] = {}
    for start in range(0, len(keys), CHUNK):
        some = {"feed": feed_id, "keys": keys[start : start + CHUNK]}
        found |= {row.key: row for row in session.execute(_SOME, some)}
    return found


def _titles(session: Session, rows: Iterable[Known]) -> dict[int, str]:
    """Of the articles that these entries are."""
    ids = [row.article_id for row in rows if row.article_id is not None]
    found: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        some = sa.select(ARTICLE.c.id, ARTICLE.c.title).where(ARTICLE.c.id.in_(ids[start : start + CHUNK]))
        found |= {row.id: row.title for row in session.execute(some)}
    return found


def _is_of_something_else(entry: Entry, known: Known, title: str) -> bool:
    return _has_other_title(entry, known.listed_hash) and names_another(title, entry.title)


def compare(session: Session, known: Mapping[str, Known], listed: Mapping[str, Entry], *, now: datetime) -> bool:
    """What is listed in other words than when it was read waits again; what still waits is read as it is listed now.

    What was skipped when we began to watch the feed stays skipped. What was read anew as often as may be is read all the
    same where its title is that of something else: it may be another article. An entry in hand is left alone; whether
    there is none whose other words are still to be looked at.
    """
    marked: list[dict[str, Any]] = []
    anew: list[dict[str, Any]] = []
    changed: dict[str, Known] = {}
    is_all = True
    for key, row in known.items():
        if row.state == EntryState.WAITING:
            said = written(kept(listed[key], key))
            if said != row.content and row.lease_token is None:
                anew.append({"entry": row.id, "said": said})
            is_all = is_all and (said == row.content or row.lease_token is None)
        elif row.state == EntryState.READ and row.listed_hash is None:  # read by a version that did not look
            marked.append({"entry": row.id, "hash": listed_hash(listed[key])})
        elif row.state == EntryState.READ and not says_the_same(listed[key], row.listed_hash):
            changed[key] = row
    titles = _titles(session, (row for row in changed.values() if row.readings >= READINGS))
    again = [
        {"entry": row.id, "said": written(kept(listed[key], key))}
        for key, row in changed.items()
        if row.readings < READINGS or _is_of_something_else(listed[key], row, titles.get(row.article_id, ""))
    ]
    _update(session, marked, listed_hash=sa.bindparam("hash"))
    _update(session, anew, content=sa.bindparam("said"))
    waits = {"state": EntryState.WAITING, "due_at": now, "tries": 0, "last_error": None}
    _update(session, again, content=sa.bindparam("said"), readings=ENTRY.c.readings + 1, **waits)
    return is_all


def _update(session: Session, rows: Sequence[dict[str, Any]], **values: Any) -> None:
    if rows:
        session.execute(sa.update(ENTRY).where(ENTRY.c.id == sa.bindparam("entry")).values(**values), rows)
