"""The tables, singular, each with its natural unique key. All instants are SQLModel's own type: aware, UTC.

Work is rows that are due: a row of a `Due` table is taken by a claim, held by a lease and closed with its token
(store/leases.py).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from monitor.model import DeliveryState
from monitor.store.feed_tables import Due, EntryRow, EntryState, FeedRow, HostRow, NoticeRow, held_index

__all__ = ["Due", "EntryRow", "EntryState", "FeedRow", "HostRow", "NoticeRow"]


WHOLE: Final = sa.text("emptied_at IS NULL")


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
    __table_args__ = (
        sa.UniqueConstraint("day", "number"),
        sa.Index("ix_article_whole", "first_seen_at", postgresql_where=WHOLE, sqlite_where=WHOLE),
    )

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
    quality_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    image: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime = Field(index=True)
    day: date  # the local day of first_seen_at: its folder in the archive
    number: int  # in order of arrival within that folder
    archived_at: datetime | None = None
    emptied_at: datetime | None = None  # its text was deleted then


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
    note: str = Field(
        default="", sa_column_kwargs={"server_default": ""}
    )  # what silenced or hid it, or how weak it was


class DeliveryRow(Due, table=True):
    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("notification_id", "channel"),
        sa.Index("ix_delivery_channel", "channel", "state"),
        held_index("delivery"),
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
    channel: str | None = None  # None: on all of them
    until: datetime = Field(index=True)
    reason: str = ""
    created_at: datetime


class WorkerRow(SQLModel, table=True):
    """A process of many that work on this database, as long as it lives."""

    __tablename__ = "worker"

    id: str = Field(primary_key=True)  # begins the tokens of what it has in hand
    name: str  # machine and process
    kind: str
    stages: str  # by blanks
    concurrency: int  # of each stage
    version: str
    started_at: datetime
    beat_at: datetime = Field(index=True)  # when it was last heard of


class UsedLinkRow(SQLModel, table=True):
    """A link of a message that was followed: each asks once."""

    __tablename__ = "used_link"

    link: str = Field(primary_key=True)
    used_at: datetime = Field(index=True)


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


class OwnNoticeRow(SQLModel, table=True):
    """What was told of monitor itself, of its channels and topics last, of each kind; of feeds see NoticeRow."""

    __tablename__ = "own_notice"

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)  # empty: monitor itself
    told_at: datetime
    about: str = ""
    over_at: datetime | None = None  # since then it is well again


class ConfigurationStateRow(SQLModel, table=True):
    """What the daemon makes of its configuration file."""

    __tablename__ = "configuration_state"

    file: str = Field(primary_key=True)
    in_force_since: datetime
    refused_at: datetime | None = None  # since then the file can't be used as it stands
    refused_for: str | None = None  # one line a mistake
    refused_topics: str | None = None  # where only these are refused, their names as JSON
    in_force: str | None = None  # the topics and what their words mean, as JSON


class SigningKeyRow(SQLModel, table=True):
    """What sessions and tokens of the page are signed with: one row, so that they last, whoever serves it."""

    __tablename__ = "signing_key"

    id: int = Field(default=1, primary_key=True)
    key: bytes


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
USED_LINK: Final = SQLModel.metadata.tables["used_link"]
HOST: Final = SQLModel.metadata.tables["host"]
WORKER: Final = SQLModel.metadata.tables["worker"]
CHANNEL_STATE: Final = SQLModel.metadata.tables["channel_state"]
OWN_NOTICE: Final = SQLModel.metadata.tables["own_notice"]
CONFIGURATION_STATE: Final = SQLModel.metadata.tables["configuration_state"]
SIGNING_KEY: Final = SQLModel.metadata.tables["signing_key"]
