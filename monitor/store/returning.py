"""What entries are known by beside their keys, and which of those that a feed lists under new keys it listed before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Entry
from monitor.parse.links import canonical_url
from monitor.parse.listed import still_listed
from monitor.store.listings import CHUNK, MARKS, Known, known
from monitor.store.tables import ENTRY
from monitor.stories.returning import Trace, marks, recognise

MOST: Final = 1_000  # rows looked at beside one for each entry: some titles come every day


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document lists."""

    keys: Collection[str]  # of the entries that were read
    unchanged: int = 0  # entries left out, as they stand there as they stood before
    listed: bytes = b""  # to know those by (parse/listed.py)

    @property
    def total(self) -> int:
        return len(self.keys) + self.unchanged

    def still(self, rows: Iterable[Trace]) -> frozenset[str]:
        """The keys of those that are listed."""
        keys = frozenset(row.key for row in rows)
        return keys.intersection(self.keys) | (still_listed(self.listed, keys) if self.unchanged else frozenset())


# -- marks ---------------------------------------------------------------------------------------


def columns(entry: Entry) -> dict[str, Any]:
    """What its row remembers of it beside its key."""
    return _columns(_trace(entry.key, entry))


def _columns(trace: Trace) -> dict[str, Any]:
    return {
        "link_mark": trace.link,
        "title_mark": trace.title,
        "text_mark": trace.text,
        "published_at": trace.published_at,
    }


def _trace(key: str, entry: Entry) -> Trace:
    """A file is known by what it says alone."""
    if entry.is_file:
        return Trace(0, key, None, None, None, None)
    return replace(marks(entry, "" if entry.shares_link else entry.link or canonical_url(entry.url)), key=key)


_ITS_ROW: Final = sa.update(ENTRY).where(ENTRY.c.id == sa.bindparam("row"))
_SAID: Final = {name: sa.bindparam(name, type_=ENTRY.c[name].type) for name in MARKS}
_REMEMBER: Final = _ITS_ROW.values(_SAID)
# What it has no sign of now, it keeps from before.
_KEPT: Final = {name: sa.func.coalesce(said, ENTRY.c[name]) for name, said in _SAID.items()}
_REKEY: Final = _ITS_ROW.values(key=sa.bindparam("now_known_by"), **_KEPT)


def remember(session: Session, rows: Mapping[str, Known], listed: Mapping[str, Entry]) -> None:
    """Entries that have another sign by now, and those of a version that kept no marks."""
    said = {row.id: columns(listed[key]) for key, row in rows.items()}
    changed = [
        {"row": row.id, **said[row.id]}
        for row in rows.values()
        if any(getattr(row, name) != mark for name, mark in said[row.id].items())
    ]
    if changed:
        session.execute(_REMEMBER, changed)


# -- which is which ------------------------------------------------------------------------------

_ROWS: Final = sa.select(*(ENTRY.c[name] for name in ("id", "key", *MARKS))).where(
    ENTRY.c.feed_id == sa.bindparam("feed")
)
# Two halves, as SQLite finds no index for an "or".
_LIKE: Final = (
    _ROWS.where(ENTRY.c.link_mark.in_(sa.bindparam("links", expanding=True)))
    .union(_ROWS.where(ENTRY.c.title_mark.in_(sa.bindparam("titles", expanding=True))))
    .order_by(sa.desc("id"))
    .limit(sa.bindparam("most"))
)


def recognised(session: Session, feed_id: int, unknown: Mapping[str, Entry], standing: Standing) -> Mapping[str, Known]:
    """Those of the unknown that the feed listed before under other keys: their rows, which have the new keys now."""
    traces = [_trace(key, entry) for key, entry in unknown.items()]
    rows = _like(session, feed_id, traces)
    if not rows:
        return {}
    found = recognise(traces, rows, listed=standing.still(rows), total=standing.total)
    if found:
        by_key = {trace.key: trace for trace in traces}
        changes = [{"row": row, "now_known_by": key, **_columns(by_key[key])} for key, row in found.items()]
        session.execute(_REKEY, changes)
    return known(session, feed_id, list(found))


def _like(session: Session, feed_id: int, traces: Sequence[Trace]) -> list[Trace]:
    """All rows with the link or the title of one of them."""
    found: dict[int, Trace] = {}
    for start in range(0, len(traces), CHUNK):
        some = traces[start : start + CHUNK]
        links = [trace.link for trace in some if trace.link is not None]
        titles = [trace.title for trace in some if trace.title is not None]
        if links or titles:
            values = {"feed": feed_id, "links": links, "titles": titles, "most": MOST + 3 * len(some)}
            found |= {row.id: Trace(*row) for row in session.execute(_LIKE, values)}
    return list(found.values())
