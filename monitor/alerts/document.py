"""A notification as a program reads it: what a webhook is sent. Pure.

`version` changes only when something that was there means something else or is gone; receivers must take it that more
may be added.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.alerts.links import Links
from monitor.model import Card, HeldBy, Kind, Message, Notification, Quality


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Passage(Part):
    """Some words of the article around what was found."""

    text: str
    hits: list[tuple[int, int]] = Field(description="What was found: start and end in code points of `text`.")


class Change(Part):
    """A sentence before and after; empty where there is none."""

    before: str
    after: str


class Correction(Part):
    """What an outlet took back or changed in substance."""

    was: str = Field(description="The title before; empty where that did not change.")
    changes: list[Change]


class Story(Part):
    """One story of the message."""

    id: int | None = Field(description="The same in every message about this story.")
    title: str
    url: str = Field(description="The article that is told of.")
    topics: list[str]
    outlets: list[str] = Field(description="Who reports it, in order of arrival.")
    carried_by: list[str] = Field(description="Who only carries a copy.")
    new_outlets: list[str] = Field(description="Of a follow-up: those that were not named before.")
    published_at: datetime | None
    first_seen_at: datetime
    quality: Quality = Field(description="How much of the article could be read.")
    passages: list[Passage]
    news: list[str] = Field(description="Of a follow-up: sentences that are new since the last message.")
    correction: Correction | None
    page: str | None = Field(description="The story on monitor's own page; null without web.url.")

    @classmethod
    def of(cls, card: Card, links: Links | None) -> Story:
        changes = [Change(before=change.before, after=change.after) for change in card.changes]
        return cls(
            id=card.story_id,
            title=card.title,
            url=card.url,
            topics=list(card.topics),
            outlets=list(card.outlets),
            carried_by=list(card.carried_by),
            new_outlets=list(card.new_outlets),
            published_at=card.published_at,
            first_seen_at=card.first_seen_at,
            quality=card.quality,
            passages=[Passage(text=passage.text, hits=list(passage.hits)) for passage in card.passages],
            news=list(card.news),
            correction=Correction(was=card.was, changes=changes) if card.was or changes else None,
            page=links.about(card.story_id) if links and card.story_id is not None else None,
        )


class Document(Part):
    """What monitor posts to a webhook."""

    version: Literal[1] = Field(1, description="Of this form; more may be added to it without a new one.")
    id: str = Field("", description="The message's own, the same at every try: who has seen it leaves it.")
    kind: Kind = Field(description="What the message is.")
    channel: str = Field(description="The channel that it was decided for.")
    held_by: HeldBy | None = Field(description="Of a digest: why its stories are told together.")
    may_repeat: bool = Field(description="An earlier try got no answer: it may have arrived before.")
    subject: str = Field(description="The whole in one line.")
    text: str = Field(description="The whole as plain text.")
    notice: str = Field(description="The text of a notice or a test; empty otherwise.")
    stories: list[Story]
    mute: str | None = Field(description="A page on which its stories and topics can be muted; null without web.url.")

    @classmethod
    def of(cls, told: Notification, message: Message, links: Links | None, *, may_repeat: bool) -> Document:
        return cls(
            kind=told.kind,
            channel=told.channel,
            held_by=told.held_by,
            may_repeat=may_repeat,
            subject=message.subject,
            text=message.body,
            notice=told.text,
            stories=[Story.of(card, links) for card in told.cards],
            mute=links.all if links and told.cards else None,
        )


def schema() -> str:
    """The form as a JSON Schema; `python -m monitor.alerts.document` prints it."""
    made = Document.model_json_schema(mode="serialization")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **made}, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
