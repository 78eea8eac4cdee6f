"""What a feed lists, beside what it listed before: an entry in other words is read again, three times at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from monitor.model import Entry
from monitor.store.fitting import fitted, storable
from monitor.store.tables import ENTRY, EntryState
from monitor.text import content_hash

ENTRIES: Final = TypeAdapter(Entry)
READINGS: Final = 3  # of one entry, beside the first
# SQLite takes at most 32,766 values in one statement, PostgreSQL 65,535.
CHUNK: Final = 5_000
_EXACT: Final = 16  # hex digits

Known = sa.Row[Any]


def kept(entry: Entry, key: str) -> Entry:
    """As both databases can hold it."""
    said: dict[str, Any] = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return Entry(**fitted(said) | {"key": key})


def written(entry: Entry) -> str:
    return ENTRIES.dump_json(entry, exclude_defaults=True).decode()


# -- what it says --------------------------------------------------------------------------------


def listed_hash(entry: Entry) -> str:
    """Of its title and text: first of these as they are, which is quick to compare, then of their substance."""
    title, text = storable(entry.title), storable(entry.text)
    return _exactly(title, text) + content_hash(title, text)


def says_the_same(entry: Entry, known: str) -> bool:
    """White space, quotes, accents and capitals do not count."""
    title, text = storable(entry.title), storable(entry.text)
    return known.startswith(_exactly(title, text)) or known[_EXACT:] == content_hash(title, text)


def _exactly(title: str, text: str) -> str:
    return sha256(f"{title}\n{text}".encode()).hexdigest()[:_EXACT]


# -- what is known -------------------------------------------------------------------------------


def known(session: Session, feed_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """Those of its entries that we know, by key."""
    c = ENTRY.c
    columns = (c.key, c.id, c.state, c.listed_hash, c.readings, c.lease_token, c.content)
    found: dict[str, Known] = {}
    for start in range(0, len(keys), CHUNK):
        some = c.key.in_(keys[start : start + CHUNK])
        found |= {row.key: row for row in session.execute(sa.select(*columns).where(c.feed_id == feed_id, some))}
    return found


def compare(session: Session, known: Mapping[str, Known], listed: Mapping[str, Entry], *, now: datetime) -> None:
    """What is listed in other words than when it was read waits again; what still waits is read as it is listed now.

    What was skipped when we began to watch the feed stays skipped, and an entry in hand is left alone.
    """
    marked: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    anew: list[dict[str, Any]] = []
    for key, row in known.items():
        if row.state == EntryState.WAITING and row.lease_token is None:
            said = written(kept(listed[key], key))
            if said != row.content:
                anew.append({"entry": row.id, "said": said})
        elif row.state == EntryState.READ and row.listed_hash is None:  # read by a version that did not look
            marked.append({"entry": row.id, "hash": listed_hash(listed[key])})
        elif (
            row.state == EntryState.READ and row.readings < READINGS and not says_the_same(listed[key], row.listed_hash)
        ):
            again.append({"entry": row.id, "said": written(kept(listed[key], key))})
    _update(session, marked, listed_hash=sa.bindparam("hash"))
    _update(session, anew, content=sa.bindparam("said"))
    waits = {"state": EntryState.WAITING, "due_at": now, "tries": 0, "last_error": None}
    _update(session, again, content=sa.bindparam("said"), readings=ENTRY.c.readings + 1, **waits)


def _update(session: Session, rows: Sequence[dict[str, Any]], **values: Any) -> None:
    if rows:
        session.execute(sa.update(ENTRY).where(ENTRY.c.id == sa.bindparam("entry")).values(**values), rows)
