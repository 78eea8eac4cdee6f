"""A notification as a page, for readers of mail: light and dark, for a phone first. Pure.

Nothing in it is fetched from elsewhere, and no script stands in it.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup as Safe

from monitor.alerts.card import Reader, Room, Shown, shown
from monitor.alerts.harmless import clean
from monitor.alerts.links import Links, Way
from monitor.model import Card, Kind, MailParts, Markup, Notification

_HTML: Final = Markup(html.escape, mark=("<mark>", "</mark>"))
_PAGES: Final = Environment(
    loader=PackageLoader("monitor.alerts"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One story on the page."""

    card: Shown
    occasion: str
    who: str
    is_link: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """How a notification is put into HTML."""

    reader: Reader
    links: Links | None
    room: Room
    may_repeat: bool

    def of(self, notification: Notification, *, subject: str, head: str) -> MailParts:
        stories = {card.story_id for card in notification.cards}
        topics = tuple(dict.fromkeys(clean(topic) for card in notification.cards for topic in card.topics))
        return MailParts(
            html=self._html(notification, subject=subject, head=head),
            topics=topics,
            story_id=stories.pop() if len(stories) == 1 else None,
            unsubscribe=self.links.unsubscribe if self.links and self.links.can_unsubscribe and topics else "",
        )

    def _html(self, notification: Notification, *, subject: str, head: str) -> str:
        words = self.reader.words
        return _PAGES.get_template("mail.html").render(
            blocks=[self._block(card, notification.kind) for card in notification.cards],
            subject=clean(subject),
            head=clean(head),
            lines=[clean(line) for line in notification.text.splitlines()],
            repeat=words.may_repeat if self.may_repeat else "",
            words=words,
        )

    def _block(self, card: Card, kind: Kind) -> Block:
        told = _made_safe(shown(card, replace(self.reader, markup=_HTML), self.room))
        words = self.reader.words
        occasions = {Kind.NOW_ALSO: words.now_also, Kind.FOLLOW_UP: words.follow_up}
        return Block(
            card=told,
            occasion=words.correction if told.is_correction else occasions.get(kind, ""),
            who=told.corrected if told.is_correction else told.also if told.is_growing else told.outlets,
            is_link=card.url.casefold().startswith(("http://", "https://")),
            ways=self._ways(card),
        )

    def _ways(self, card: Card) -> tuple[Way, ...]:
        if self.links is None or card.story_id is None:
            return ()
        words, links, story_id = self.reader.words, self.links, card.story_id
        about, story = Way(words.about, links.about(story_id)), Way(words.mute_story, links.story(story_id))
        if len(card.topics) != 1:
            return (about, story, Way(words.mute_topics, links.all))
        return (about, story, Way(words.mute_topic, links.topic(card.topics[0])))


def _made_safe(told: Shown) -> Shown:
    """Its texts were escaped piece by piece when they were made; the template must not do it again."""
    values = {each.name: _safe(getattr(told, each.name)) for each in fields(told)}
    return Shown(**values)


def _safe(value: Any) -> Any:
    match value:
        case str():
            return Safe(value)  # noqa: S704 - said above
        case tuple():
            return tuple(map(_safe, value))
        case _:
            return value
