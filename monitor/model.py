"""The nouns that travel down the hall: values, frozen, known to every room.

A noun ripens: an `Entry` (what a feed lists) becomes an `Article` (its text in normal form), a `Reading` (the article
with what the pure rooms say of it), then a `Decision`, an `Alert`, a `Notification` and a `Delivery`.
All instants are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

T_co = TypeVar("T_co", covariant=True)


# -- the way in ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110 §13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Raw bytes from an address, decompressed, with what HTTP said of them."""

    url: str  # where the bytes came from, after redirects
    content: bytes
    content_type: str = ""  # the whole header, with its charset
    validators: Validators = Validators()
    max_age: timedelta | None = None  # Cache-Control
    moved_to: str | None = None  # where its redirects led, if each of them was for good (301, 308)
    said_at: datetime | None = None  # by the clock of whoever answered


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what we have is still true."""

    max_age: timedelta | None = None


KeyedBy = Literal["guid", "link", "content"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed lists, as plain text."""

    key: str  # unique within its feed: guid, else link, else a hash of what it says
    url: str  # absolute http(s) address, or the path of a text file; empty where the feed gives none
    title: str  # one line, no markup
    text: str = ""  # its content or summary: paragraphs joined by an empty line, no markup
    guid: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    language: str | None = None  # of the entry, else of the feed: "id", "en"
    source_url: str | None = None  # <source url>: who published it first
    is_file: bool = False  # read from a folder: `text` is already in normal form and `key` is its identity
    link: str = ""  # `url` in the one form for all; empty where it was not worked out
    shares_link: bool = False  # other entries say other things under its `url` (a live table): it names no article


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read; all of it, or what is new in it since the document before."""

    title: str
    entries: tuple[Entry, ...]  # in the feed's own order, each key once
    language: str | None = None
    ttl: timedelta | None = None
    unchanged: int = 0  # entries that stand there as they stood before, byte for byte, and are left out
    listed: bytes = b""  # what to know this document's entries by next time (parse/listed.py)
    complaint: str | None = None  # what was cut or could not be read of it


@dataclass(frozen=True, slots=True)
class FeedState:
    """What we remember of a feed when it is asked again."""

    url: str  # as configured
    validators: Validators
    body_hash: str | None  # of its last document: the same bytes need no parser
    last_success_at: datetime | None
    failures: int  # in a row
    first_read_at: datetime | None  # None: no good reading yet, all it lists is backlog
    complaint: str | None = None  # what could not be read of it, though the reading was good
    moved_to: str | None = None  # it has moved there for good
    listed: bytes = b""  # what its last document listed (parse/listed.py)
    keyed_by: KeyedBy = "guid"
    rekeyed: int = 0  # readings in a row whose entries mostly had other keys than before
    hurry: int = 0  # how often its pause was halved, because entries were missed between two readings
    full_at: datetime | None = None  # when it last sent a document, not only "not modified"
    breakdowns: int = 0  # in a row: its document stopped the parser

    @property
    def is_first(self) -> bool:
        return self.first_read_at is None


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that waits to be read."""

    entry: Entry
    feed: str  # as configured
    first_seen_at: datetime
    feed_last_success_at: datetime | None  # its feed's last good reading before the one that listed it
    tries: int  # of its page, so far
    article_id: int | None = None  # it was read as this article, and is listed in other words now
    in_flood: bool = False  # one of hundreds that were new at once


class Quality(StrEnum):
    """How much of the article we have, the best first."""

    FULL = "full"
    TEASER = "teaser"  # the page shows only a beginning
    PAYWALL = "paywall"  # so it does, and who pays reads more
    FEED_ONLY = "feed only"  # the page could not be read; this is the feed's own text
    NO_ARTICLE = "consent or error page"  # what stands there is none; this is the feed's own text


@dataclass(frozen=True, slots=True)
class Article:
    """An article in normal form (docs/architecture.md, "the text form")."""

    key: str  # canonical URL, or "text:<id>"
    url: str  # to show and to open
    title: str  # one line
    text: str  # every \n ends a paragraph; no markup
    first_seen_at: datetime
    outlet: str  # who publishes: "tempo.co", or the feed's name
    feed: str  # the URL or path of the feed that showed it first
    content_hash: str  # exact likeness of title and text
    published_at: datetime | None = None
    guid: str | None = None  # only where it is unique beyond its feed
    author: str | None = None
    language: str | None = None
    quality: Quality = Quality.FULL
    quality_reason: str = ""  # in a few plain words, where it is not the whole text
    image: str | None = None  # the address of its lead image


# -- what the pure rooms say ---------------------------------------------------------------------

Field = Literal["title", "body", "url", "author", "feed"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one clause of a topic was found."""

    term: str  # the clause, as the user wrote it
    field: Field
    start: int  # code points within the field
    end: int
    snippet: str  # at most 200 characters around it, hits not marked
    hits: tuple[tuple[int, int], ...] = ()  # every hit of the topic within `snippet`, for marking


@dataclass(frozen=True, slots=True)
class Match:
    """An article concerns a topic, and why."""

    topic: str
    score: int  # 0–100
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an article is like."""

    terms: Mapping[str, float]  # words by weight, the heaviest first; a vector of length 1
    figures: frozenset[str] = frozenset()  # numbers and dates of its title and lead
    title_figures: frozenset[str] = frozenset()
    title_words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # of its lead and what follows
    sketch: tuple[int, ...] = ()  # of its wording (stories/copies.py)
    is_thin: bool = False  # a teaser


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, as far as it helps to place others."""

    article_id: int
    fingerprint: Fingerprint
    at: datetime  # when it was published, as far as that can be believed
    outlet: str
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that an article might join."""

    story_id: int
    members: tuple[Member, ...]  # the newest first


class Against(StrEnum):
    """What speaks against two articles telling of one event; stored as it is."""

    SAME_OUTLET = "same outlet"
    OTHER_FIGURES = "other figures"
    OTHER_NAMES = "other names"
    SERIES = "series"  # titles of one make, with other names or of another day


@dataclass(frozen=True, slots=True)
class Likeness:
    """The numbers that decided whether two articles report one event."""

    article_id: int  # of the article that is most like it
    score: float  # 0–1
    bar: float  # what the score must reach
    against: tuple[Against, ...] = ()  # why the bar is raised
    shared: tuple[str, ...] = ()  # the heaviest words in common
    wording: float = 0.0  # the share of the shorter one's wording that stands in the other, 0–1


@dataclass(frozen=True, slots=True)
class Nearest:
    """The story that came closest, and was not joined."""

    story_id: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Joins:
    """The article reports a story we know."""

    story_id: int
    likeness: Likeness
    copy_of: int | None = None  # the article that has the same text


@dataclass(frozen=True, slots=True)
class Opens:
    """The article is the first of a new story."""

    nearest: Nearest | None = None


Placement = Joins | Opens


@dataclass(frozen=True, slots=True)
class Story:
    """One event, reported by one outlet or many."""

    id: int
    title: str
    opened_at: datetime
    outlets: tuple[str, ...]  # with a text of their own, in order of arrival
    carried_by: tuple[str, ...] = ()  # those that only carry a copy


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence before and after; empty where there is none."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What an outlet took back or changed in substance."""

    was: str = ""  # the title before, where that changed
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and all that can be said of it without looking at the others."""

    article: Article
    matches: tuple[Match, ...]
    fingerprint: Fingerprint
    feed_last_success_at: datetime | None = None  # published since then, it is never too old: an outage drops nothing
    in_flood: bool = False


# -- should someone be told? ---------------------------------------------------------------------


class Reason(StrEnum):
    """Why an alert was sent, held or dropped; stored as it is."""

    NEW_STORY = "new story"
    NOW_ALSO = "now also"  # the channel knows the story; this topic is new to it
    STORY_GREW = "story grew"
    CORRECTED = "corrected"
    TOO_OLD = "too old"
    SILENCED = "silenced"
    ALREADY_TOLD = "already told"
    HIDDEN = "hidden"  # a narrower topic tells it
    SETTLING = "settling"
    DIGEST = "digest"
    QUIET_HOURS = "quiet hours"
    WEAK = "weak"  # neither a good match nor a second outlet, so far
    THROTTLED = "throttled"
    FLOOD = "flood"  # hundreds of new entries at once are told together
    REMOVED = "topic or channel removed"


@dataclass(frozen=True, slots=True)
class Send:
    reason: Reason


@dataclass(frozen=True, slots=True)
class Hold:
    reason: Reason
    until: datetime  # judged again then


@dataclass(frozen=True, slots=True)
class Drop:
    reason: Reason


Decision = Send | Hold | Drop


@dataclass(frozen=True, slots=True)
class Alert:
    """The decision about one story, for one topic, on one channel; turn 0 is the first telling."""

    topic: str
    story_id: int
    channel: str
    turn: int
    decision: Decision
    urgent: bool = False
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel knows of a story."""

    turn: int = 0  # tellings of this topic so far
    topic_told_at: datetime | None = None
    about_story_at: datetime | None = None  # whatever the topic
    outlets_told: int = 0  # named by the last message


@dataclass(frozen=True, slots=True)
class HeldAlert:
    """An alert that waits to be judged again."""

    id: int
    topic: str
    story_id: int
    channel: str
    turn: int
    article_id: int
    reason: Reason  # why it was held
    since: datetime  # when it was first decided
    is_correction: bool = False


# -- the way out ---------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a notification is."""

    STORY = "story"
    NOW_ALSO = "now also"
    FOLLOW_UP = "follow-up"
    CORRECTION = "correction"
    DIGEST = "digest"
    NOTICE = "notice"
    ALL_QUIET = "all quiet"  # that nothing was told
    TEST = "test"


class HeldBy(StrEnum):
    """Why a digest tells several stories together."""

    DIGEST = "digest"  # the channel is told at set times
    QUIET_HOURS = "quiet hours"
    LIMIT = "limit"
    OUTAGE = "outage"  # the channel could not be reached
    FLOOD = "flood"  # a feed listed hundreds of new entries at once


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words of an article around what was found in it."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()  # code points within `text`


@dataclass(frozen=True, slots=True)
class Card:
    """One story as it is told."""

    topics: tuple[str, ...]
    title: str
    url: str
    outlets: tuple[str, ...]
    first_seen_at: datetime
    carried_by: tuple[str, ...] = ()  # outlets with a copy of a text that is counted already
    new_outlets: tuple[str, ...] = ()  # of a follow-up: those that were not named before
    news: tuple[str, ...] = ()  # of a follow-up: sentences that are new since the last message
    was: str = ""  # of a correction: the title before, where that changed
    changes: tuple[Change, ...] = ()  # of a correction
    published_at: datetime | None = None
    passages: tuple[Passage, ...] = ()
    quality: Quality = Quality.FULL
    story_id: int | None = None  # None: written by an earlier version


@dataclass(frozen=True, slots=True)
class Notification:
    """One message for one channel, before it is put into that channel's words."""

    channel: str
    kind: Kind
    cards: tuple[Card, ...] = ()
    text: str = ""  # of a notice or a test; of a digest: the notices in it
    held_by: HeldBy | None = None  # of a digest


class Form(StrEnum):
    """What a reader takes beside the text."""

    TEXT = "text"  # nothing
    HTML = "html"  # a page, as mail shows it
    DOCUMENT = "document"  # the facts one by one, for a program


@dataclass(frozen=True, slots=True)
class Markup:
    """What a kind of reader can show: how feed text is made harmless for it, and how a hit or a headline is set off."""

    escape: Callable[[str], str]
    strong: tuple[str, str] = ("", "")
    mark: tuple[str, str] = ("*", "*")
    dim: tuple[str, str] = ("", "")
    limit: int | None = None  # of the body, in `measure` units
    measure: Callable[[str], int] = len
    link: Callable[[str, str], str] | None = None  # words that lead to an address; None: the address is shown
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class MailParts:
    """What a mail is made of beside its subject and its text."""

    html: str
    topics: tuple[str, ...] = ()
    story_id: int | None = None  # where it tells of one only
    unsubscribe: str = ""  # an address that ends such messages; empty: there is none


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads."""

    subject: str  # one line
    body: str
    cards: int = 0  # how many of the notification's, from the first, it holds; the rest goes in a further one
    mail: MailParts | None = None  # where its reader takes a page
    document: Mapping[str, Any] | None = None  # where its reader is a program; ready for JSON


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification on its way to its channel."""

    id: int
    uid: str  # the same at every try
    channel: str  # that of the notification, or its fallback
    notification: Notification
    attempts: int  # tries that had an outcome, so far
    created_at: datetime
    trying_since: datetime  # it is given up a day after
    silences: int = 0  # tries that got no answer after the request was written
    cards_sent: int = 0  # of a digest that took several messages


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    SENT = "sent"
    MAYBE = "maybe"  # twice no answer: it may have arrived; kept, shown, and sent by `monitor retry`
    DEAD = "dead"  # kept, shown, and sent by `monitor retry`
    MOVED = "moved"  # another delivery tells what it told: by the fallback, or together with others


@dataclass(frozen=True, slots=True)
class Sent:
    """It went."""

    answer: str = ""  # what the service said, for `monitor notify`
    provider_id: str | None = None  # the service's own name for the message


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Not now: the whole channel waits so long, and no attempt is lost."""

    wait: timedelta
    what: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer after the request was written: it may have arrived."""

    what: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not go; `permanent` means that trying again can't help."""

    what: str  # in words, without secrets
    permanent: bool = False
    retry_after: timedelta | None = None


Outcome = Sent | RateLimited | Unknown | Failed


# -- work ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim(Generic[T_co]):
    """A row in hand: ours until the lease runs out; every closing update names the token."""

    id: int
    token: str
    value: T_co = field()
