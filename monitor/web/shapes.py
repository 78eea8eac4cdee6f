"""The objects of the API, as programs read them. Names and meanings last; docs/api.md tells of each. Pure."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Made from what the store gives. Moments are RFC 3339, in UTC."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Article(Shape):
    """An article in plain text."""

    id: int
    file_id: str = Field(description="Names its file in the archive; `monitor export` calls it id.")
    url: str
    title: str
    text: str
    author: str | None
    published_at: datetime | None = Field(description="As its page or its feed says; null where neither does.")
    first_seen_at: datetime
    feed: str = Field(description="The feed that listed it first, as configured.")
    outlet: str
    language: str | None
    quality: str = Field(description="full, teaser, feed only, paywall, consent or error page.")
    image: str | None
    story: int = Field(description="The story that it belongs to.")
    copy_of: int | None = Field(description="The article of which it is a copy.")
    topics: tuple[str, ...]


class Outlet(Shape):
    name: str
    articles: int


class Message(Shape):
    """A message about a story."""

    channel: str
    kind: str
    at: datetime = Field(description="When it was sent, else when it was put into the outbox.")
    state: str


class Story(Shape):
    """What several outlets reported of one event."""

    id: int
    title: str
    opened_at: datetime
    updated_at: datetime
    outlets: tuple[Outlet, ...] = Field(description="Those with an article of their own, the first reporter first.")
    articles: int = Field(description="Without copies.")
    copies: int
    topics: tuple[str, ...]
    told: tuple[Message, ...]


class Passage(Shape):
    """Where something was found; hits are places in the snippet, in code points, the end not included."""

    term: str = Field(description="The clause, as written; by example: 'like', its name, a colon, the words in common.")
    field: str
    snippet: str
    hits: tuple[tuple[int, int], ...]


class Reason(Shape):
    """Why a story concerns a topic."""

    topic: str
    score: int
    title: str = Field(description="Of the article that concerns it most.")
    evidence: tuple[Passage, ...]


class Report(Shape):
    """An article of a story."""

    id: int
    title: str
    url: str
    outlet: str
    author: str | None
    published_at: datetime | None
    first_seen_at: datetime
    quality: str
    copy_of: int | None


class WholeStory(Shape):
    """A story with its articles and why it matched."""

    card: Story = Field(serialization_alias="story")
    reports: tuple[Report, ...] = Field(serialization_alias="articles")
    reasons: tuple[Reason, ...] = Field(serialization_alias="matches")


class Topic(Shape):
    """What is watched."""

    name: str
    query: str | None = Field(description="As written; null where it was not written as a query.")
    like: tuple[str, ...] = Field(description="Articles that others are to be like: names of files, or addresses.")
    like_score: int | None = Field(description="How like, of 100; null where nothing stands under like.")
    channels: tuple[str, ...]
    urgent: bool
    matches: int = Field(description="Articles of the last 30 days.")
    last_match_at: datetime | None
    refused: bool = Field(description="Its last edit can't be used; the version before goes on.")
    atom: str = Field(description="The address of its Atom feed, on this site.")


class Feed(Shape):
    """A feed, and how it fares."""

    url: str
    name: str
    state: str
    last_success_at: datetime | None
    last_error: str | None
    failures: int
    next_poll_at: datetime | None
    next_poll_why: str | None
    entries_a_day: float | None
    lag_seconds: float | None
    silent_since: datetime | None
    moved_to: str | None
    polls: str = Field(description="The last 96, the oldest first: n(ew), u(nchanged), f(ailed).")


class Alert(Shape):
    """What was decided about a story, for a topic, on a channel."""

    id: int
    story: int
    title: str = Field(description="Of the story.")
    topic: str
    channel: str
    turn: int = Field(description="0 is the first telling, n the follow-ups.")
    decision: str = Field(description="send, hold or drop.")
    reason: str
    is_urgent: bool
    created_at: datetime
    decided_at: datetime
    due_at: datetime | None = Field(description="When a held one is judged again.")
    article: int = Field(description="Its occasion.")


class Delivery(Shape):
    """A message on its way to a channel."""

    id: int
    channel: str
    kind: str
    title: str
    state: str = Field(description="waiting, sent, maybe, dead or moved.")
    attempts: int
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    last_error: str | None
    provider_id: str | None = Field(description="The service's own name for the message.")
    story_id: int | None = Field(serialization_alias="story", description="Where it tells of one alone.")
