"""The tables of the way in: feeds, what they list, the hosts that are asked, what was told of them (see tables.py)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Alembic's batch mode, which SQLite needs, drops constraints that have no name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Due(SQLModel):
    """A row that is work once `due_at` has come."""

    due_at: datetime | None = Field(default=None, index=True)  # None: nothing to do
    lease_until: datetime | None = None
    lease_token: str | None = None
    claims: int = 0  # taken since the last outcome; three without one is poison


def held_index(table: str) -> sa.Index:
    """What is in hand, which is little, is counted often where many machines work."""
    is_held = sa.text("lease_until IS NOT NULL")
    return sa.Index(f"ix_{table}_lease_until", "lease_until", postgresql_where=is_held, sqlite_where=is_held)


class EntryState(StrEnum):
    """How far an entry has come."""

    WAITING = "waiting"
    READ = "read"
    SKIPPED = "skipped"  # listed by the feed before we began to watch it
    POISONED = "poisoned"


class FeedRow(Due, table=True):
    __tablename__ = "feed"
    __table_args__ = (held_index("feed"),)

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(unique=True)  # as configured: it stays the identity when the feed moves
    name: str
    is_active: bool = True  # stands in the configuration
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    first_read_at: datetime | None = None  # the first good reading; before it, everything is backlog
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_error: str | None = None
    failures: int = 0  # in a row
    paused: str | None = None  # why it is not asked any more
    host: str | None = None  # host:port that is asked; None for a folder
    is_paced: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})  # shares a public host
    slot_at: datetime | None = None  # the moment that it was dealt out among the feeds of its host
    moved_to: str | None = None  # for good (301, 308); it is asked there
    full_at: datetime | None = None  # the last answer that was a document, not "not modified"
    listed: bytes | None = None  # what its last document listed (parse/listed.py)
    keyed_by: str = Field(default="guid", sa_column_kwargs={"server_default": "guid"})  # learnt
    rekeyed: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  # readings in a row whose keys all changed
    hurry: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # halvings of its pause, after gaps
    gap_at: datetime | None = None  # when a reading last knew none of the entries listed
    gaps: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    breakdowns: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # of its parser, in a row
    failing_since: datetime | None = None
    due_for: str | None = None  # why it is asked when it is asked next (timing.Why)
    new_at: datetime | None = None  # when it last listed something new
    polls: str = Field(default="", sa_column_kwargs={"server_default": ""})  # n, u, f; of the last 96


class NoticeRow(SQLModel, table=True):
    """What was told of a feed last, of each kind of trouble (alerts/trouble.py)."""

    __tablename__ = "notice"

    feed_id: int = Field(foreign_key="feed.id", primary_key=True)
    kind: str = Field(primary_key=True)
    told_at: datetime
    about: str = ""  # where it moved to, what could not be read
    over_at: datetime | None = None  # since then it is well again


class EntryRow(Due, table=True):
    __tablename__ = "entry"
    __table_args__ = (
        sa.UniqueConstraint("feed_id", "key"),
        sa.Index("ix_entry_feed_id_link_mark", "feed_id", "link_mark"),
        sa.Index("ix_entry_feed_id_title_mark", "feed_id", "title_mark"),
        sa.Index("ix_entry_feed_id_first_seen_at", "feed_id", "first_seen_at"),
        held_index("entry"),
    )

    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="feed.id")
    key: str
    state: str = EntryState.WAITING
    first_seen_at: datetime
    feed_last_success_at: datetime | None = None  # the feed's, before the reading that listed it
    tries: int = 0  # of its page
    listed_hash: str | None = None  # of what it was read from, to see that the feed lists something else
    readings: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # anew, as its listing changed
    content: str | None = None  # the Entry as JSON, until it is read
    last_error: str | None = None
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    in_flood: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    # What it is known by when its key has changed (store/returning.py); 64 bits each, None where it says nothing.
    link_mark: int | None = Field(default=None, sa_type=sa.BigInteger)
    title_mark: int | None = Field(default=None, sa_type=sa.BigInteger)
    text_mark: int | None = Field(default=None, sa_type=sa.BigInteger)
    published_at: datetime | None = None


class HostRow(SQLModel, table=True):
    __tablename__ = "host"

    name: str = Field(primary_key=True)  # host:port
    next_at: datetime  # it asked not to be asked before
    slot_at: datetime | None = None  # from here on its moments are not dealt out yet
    asked_at: datetime | None = None  # when it may be asked again, where many machines ask
