"""The tables, singular, each with its natural unique key. All instants are SQLModel's own type: aware, UTC.

Work is rows that are due: a row of a `Due` table is taken by a claim, held by a lease and closed with its token
(store/leases.py).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from monitor.model import DeliveryState

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


class EntryState(StrEnum):
    """How far an entry has come."""

    WAITING = "waiting"
    READ = "read"
    SKIPPED = "skipped"  # listed by the feed before we began to watch it
    POISONED = "poisoned"


class FeedRow(Due, table=True):
    __tablename__ = "feed"

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
    rekeyed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # readings in a row whose keys all changed
    hurry: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # halvings of its pause, after gaps
    gap_at: datetime | None = None  # when a reading last knew none of the entries listed
    gaps: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    breakdowns: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # of its parser, in a row
    failing_since: datetime | None = None
    due_for: str | None = None  # why it is asked when it is asked next (timing.Why)
    new_at: datetime | None = None  # when it last listed something new


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


class StoryRow(SQLModel, table=True):
    __tablename__ = "story"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    opened_at: datetime = Field(index=True)
    updated_at: datetime = Field(index=True)


class FingerprintRow(SQLModel, table=True):
    """What an article is like, as long as it may find company: swept once it has left the window."""

    __tablename__ = "fingerprint"
    __table_args__ = (sa.Index("ix_fingerprint_story_id", "story_id", "article_id"),)

    article_id: int = Field(foreign_key="article.id", primary_key=True)
    story_id: int = Field(foreign_key="story.id")
    at: datetime
    outlet: str
    copy_of: int | None = None
    content: str  # the Fingerprint as JSON


class StoryTermRow(SQLModel, table=True):
    """Where stories are found: by the heaviest terms of their articles."""

    __tablename__ = "story_term"
    __table_args__ = (sa.Index("ix_story_term_term", "term", "article_id"),)

    story_id: int = Field(foreign_key="story.id", primary_key=True)
    term: str = Field(primary_key=True)
    article_id: int = Field(index=True)  # the newest one of the story that bears it
    weight: float


class ShingleRow(SQLModel, table=True):
    """Where copies are found: by the lowest numbers of their sketches."""

    __tablename__ = "shingle"

    number: int = Field(primary_key=True, sa_type=sa.BigInteger)
    article_id: int = Field(foreign_key="article.id", primary_key=True, index=True)


class TermFrequencyRow(SQLModel, table=True):
    """How many articles of our own stream bear a word."""

    __tablename__ = "term_frequency"

    term: str = Field(primary_key=True)
    documents: int


class StreamRow(SQLModel, table=True):
    """How far the words of our own stream are counted: one row."""

    __tablename__ = "stream"

    id: int = Field(default=1, primary_key=True)
    documents: int = 0
    counted_up_to: int = 0  # the last article that was counted


class ArticleRow(Due, table=True):
    """`due_at` is when its file must be written."""

    __tablename__ = "article"
    __table_args__ = (sa.UniqueConstraint("day", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    guid: str | None = Field(default=None, index=True)
    content_hash: str = Field(index=True)
    story_id: int = Field(foreign_key="story.id", index=True)
    copy_of: int | None = Field(default=None, foreign_key="article.id", index=True)
    placing: str | None = None  # the numbers that decided, as JSON
    url: str
    title: str
    text: str
    outlet: str
    feed: str
    author: str | None = None
    language: str | None = None
    quality: str
    published_at: datetime | None = None
    first_seen_at: datetime = Field(index=True)
    day: date  # the local day of first_seen_at: its folder in the archive
    number: int  # in order of arrival within that folder
    archived_at: datetime | None = None


class MatchRow(SQLModel, table=True):
    __tablename__ = "match"
    __table_args__ = (sa.Index("ix_match_topic", "topic", "article_id"),)

    article_id: int = Field(foreign_key="article.id", primary_key=True)
    topic: str = Field(primary_key=True)
    score: int
    evidence: str  # JSON


class NotificationRow(SQLModel, table=True):
    __tablename__ = "notification"
    __table_args__ = (sa.Index("ix_notification_channel", "channel", "created_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # what it tells: made from its first alert
    channel: str
    kind: str
    content: str  # the Notification as JSON
    created_at: datetime


class AlertRow(Due, table=True):
    """`due_at` is when a held alert is judged again."""

    __tablename__ = "alert"
    __table_args__ = (sa.UniqueConstraint("story_id", "channel", "topic", "turn"),)

    id: int | None = Field(default=None, primary_key=True)
    topic: str
    story_id: int = Field(foreign_key="story.id")
    channel: str
    turn: int  # 0 is the first telling, n the follow-ups
    article_id: int = Field(foreign_key="article.id")  # its occasion
    decision: str
    reason: str
    is_urgent: bool = False
    created_at: datetime
    decided_at: datetime
    notification_id: int | None = Field(default=None, foreign_key="notification.id", index=True)
    outlets_told: int = 0  # that it named of its story, so that a follow-up can count from there
    told_up_to: int | None = None  # the story's newest article when it was told: what came later is news
    is_correction: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    correction: str | None = None  # what was corrected, as JSON


class DeliveryRow(Due, table=True):
    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("notification_id", "channel"),
        sa.Index("ix_delivery_channel", "channel", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notification_id: int = Field(foreign_key="notification.id")
    channel: str
    uid: str = Field(unique=True)  # the same at every try
    state: str = DeliveryState.WAITING
    attempts: int = 0  # tries with an outcome
    silences: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # tries without an answer
    cards_sent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # of a digest in several messages
    last_error: str | None = None
    created_at: datetime
    trying_since: datetime | None = None  # None: since it was created
    sent_at: datetime | None = None
    provider_id: str | None = None  # the service's own name for the message
    moved_to: int | None = Field(default=None, foreign_key="delivery.id", index=True)


class SilenceRow(SQLModel, table=True):
    __tablename__ = "silence"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # made from what it silences, as that may be left open
    topic: str | None = None
    story_id: int | None = Field(default=None, foreign_key="story.id")
    words: str | None = None
    until: datetime = Field(index=True)
    reason: str = ""
    created_at: datetime


class HostRow(SQLModel, table=True):
    __tablename__ = "host"

    name: str = Field(primary_key=True)  # host:port
    next_at: datetime  # it asked not to be asked before
    slot_at: datetime | None = None  # from here on its moments are not dealt out yet


class ChannelStateRow(SQLModel, table=True):
    __tablename__ = "channel_state"

    channel: str = Field(primary_key=True)
    last_success_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failures: int = 0  # in a row
    failing_since: datetime | None = None  # the first of these
    refusals: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # for good, in a row
    paused_until: datetime | None = None
    broken_at: datetime | None = None  # three refusals in a row
    told_at: datetime | None = None  # when somebody was told of the failures


class ConfigurationStateRow(SQLModel, table=True):
    """What the daemon makes of its configuration file."""

    __tablename__ = "configuration_state"

    file: str = Field(primary_key=True)
    in_force_since: datetime
    refused_at: datetime | None = None  # since then the file can't be used as it stands
    refused_for: str | None = None  # one line a mistake
    refused_topics: str | None = None  # where only these are refused, their names as JSON


# The hot paths write with Core: five to ten times cheaper a row than the ORM (measured).
FEED: Final = SQLModel.metadata.tables["feed"]
ENTRY: Final = SQLModel.metadata.tables["entry"]
NOTICE: Final = SQLModel.metadata.tables["notice"]
STORY: Final = SQLModel.metadata.tables["story"]
FINGERPRINT: Final = SQLModel.metadata.tables["fingerprint"]
TERM_FREQUENCY: Final = SQLModel.metadata.tables["term_frequency"]
SHINGLE: Final = SQLModel.metadata.tables["shingle"]
STREAM: Final = SQLModel.metadata.tables["stream"]
STORY_TERM: Final = SQLModel.metadata.tables["story_term"]
ARTICLE: Final = SQLModel.metadata.tables["article"]
MATCH: Final = SQLModel.metadata.tables["match"]
NOTIFICATION: Final = SQLModel.metadata.tables["notification"]
ALERT: Final = SQLModel.metadata.tables["alert"]
DELIVERY: Final = SQLModel.metadata.tables["delivery"]
SILENCE: Final = SQLModel.metadata.tables["silence"]
HOST: Final = SQLModel.metadata.tables["host"]
CHANNEL_STATE: Final = SQLModel.metadata.tables["channel_state"]
CONFIGURATION_STATE: Final = SQLModel.metadata.tables["configuration_state"]
