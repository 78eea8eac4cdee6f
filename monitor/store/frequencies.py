"""How many articles of our own stream bear a word: counted piece by piece, and kept small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.store.tables import ARTICLE, STREAM, TERM_FREQUENCY
from monitor.stories.frequencies import READ, Frequencies

MOST: Final = 120_000  # words in memory, the commonest: 14 MB
LONGEST: Final = 1_000_000  # articles: about a month of a large stream; then what is old counts half
WIDEST: Final = 500_000  # words in the table; then the rarest leave it


@dataclass(frozen=True, slots=True)
class Uncounted:
    """The next articles whose words are not counted yet, in order of arrival: title and text, as far as it counts."""

    texts: Sequence[str]
    after: int  # up to this one they were counted
    up_to: int  # the last of these


def uncounted(session: Session, limit: int) -> Uncounted:
    _, after = _stream(session)
    c = ARTICLE.c
    newer = sa.select(c.id, c.title, sa.func.substr(c.text, 1, READ).label("text")).where(c.id > after)
    found = session.execute(newer.order_by(c.id).limit(limit)).all()
    return Uncounted([f"{row.title}\n{row.text}" for row in found], after, found[-1].id if found else after)


def add(session: Session, counts: Mapping[str, int], found: Uncounted) -> bool:
    """In how many of these articles each word stands. False where others counted meanwhile: then nothing is added."""
    counted, counted_up_to = _stream(session)
    if counted_up_to != found.after:
        return False
    # In order, so that two writers could not wait for each other, and neighbours in the index come together.
    rows = [{"term": term, "documents": counts[term]} for term in sorted(counts)]
    if rows:
        session.execute(_upsert(session, TERM_FREQUENCY, "documents", added=True), rows)
    state = {"id": 1, "documents": counted + len(found.texts), "counted_up_to": found.up_to}
    session.execute(_upsert(session, STREAM, "documents", "counted_up_to"), [state])
    return True


def documents(session: Session) -> int:
    """How many articles are counted."""
    return _stream(session)[0]


def snapshot(session: Session, most: int = MOST) -> Frequencies:
    """What is counted so far; of more words than `most` the commonest."""
    documents, _ = _stream(session)
    c = TERM_FREQUENCY.c
    commonest = sa.select(c.term, c.documents).order_by(c.documents.desc(), c.term).limit(most)
    found = session.execute(commonest.execution_options(yield_per=1_000))
    return Frequencies.of(documents, {row.term: row.documents for row in found})


def is_full(session: Session) -> bool:
    """Whether there is something to halve."""
    return _stream(session)[0] > LONGEST or _words(session) > WIDEST


def halve(session: Session, longest: int = LONGEST, widest: int = WIDEST) -> None:
    """A long stream forgets: what is old counts half, and what stood in one article not at all. So the table stays small."""
    documents, _ = _stream(session)
    c = TERM_FREQUENCY.c
    if documents > longest:
        session.execute(sa.delete(TERM_FREQUENCY).where(c.documents <= 1))
        session.execute(sa.update(TERM_FREQUENCY).values(documents=c.documents // 2))
        session.execute(sa.update(STREAM).values(documents=documents // 2))
    rare = 1
    while _words(session) > widest:
        session.execute(sa.delete(TERM_FREQUENCY).where(c.documents <= rare))
        rare *= 2


def _stream(session: Session) -> tuple[int, int]:
    """Articles counted, and the last of them."""
    row = session.execute(sa.select(STREAM.c.documents, STREAM.c.counted_up_to)).one_or_none()
    return (row.documents, row.counted_up_to) if row else (0, 0)


def _words(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(TERM_FREQUENCY)) or 0


def _upsert(session: Session, table: sa.Table, *columns: str, added: bool = False) -> Any:
    """A row whose key is there takes these columns over, or adds them to its own."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    inserting = (sqlite.insert if is_sqlite else postgresql.insert)(table)
    new = {name: inserting.excluded[name] + (table.c[name] if added else 0) for name in columns}
    return inserting.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
