"""Alerts become the words a person reads, harmless and short enough for where they are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.alerts.card import WHOLE, Reader, Room, names_of, shown
from monitor.alerts.document import Document
from monitor.alerts.fit import cut, most
from monitor.alerts.harmless import clean
from monitor.alerts.links import Links, ways
from monitor.alerts.page import Page
from monitor.alerts.words import ENGLISH, Words
from monitor.model import Card, Form, HeldBy, Kind, Markup, Message, Notification

SUBJECT_LIMIT: Final = 200
TITLE_LIMIT: Final = 1000  # a longer one is no headline; it may be shortened where there is no room

# What is filled in was made harmless by `Markup.escape`: what that takes differs by reader and is not always HTML.
_TEMPLATES: Final = Environment(
    loader=PackageLoader("monitor.alerts"),
    autoescape=False,  # noqa: S701 - see above
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)

_EMPTY_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is known whether it has room."""

    cards: tuple[Card, ...]
    text: str
    rest: int = 0  # stories that follow in a further message
    room: Room = WHOLE
    has_links: bool = True
    has_addresses: bool = True
    are_titles_alone: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes drafts of one notification for one reader."""

    notification: Notification
    reader: Reader
    may_repeat: bool
    is_continued: bool
    links: Links | None

    def head(self) -> str:
        """What a digest is, and how many stories it still has to tell."""
        words, count = self.reader.words, len(self.notification.cards)
        head = words.held[self.notification.held_by or HeldBy.DIGEST]
        head = words.continued.format(head=head) if self.is_continued else head
        return f"{head}: {_stories(count, words)}" if count else head

    def body(self, draft: Draft) -> str:
        markup, words = self.reader.markup, self.reader.words
        cards = [shown(card, self.reader, draft.room) for card in draft.cards]
        if not draft.has_addresses:
            cards = [replace(card, address=markup.escape(words.address_too_long)) for card in cards]
        if draft.are_titles_alone:
            cards = [replace(card, time="", quality="", address="") for card in cards]
        template = _TEMPLATES.get_template(f"{self.notification.kind.name.lower()}.txt")
        body = template.render(
            cards=cards,
            head=markup.escape(self.head()),
            text="\n".join(markup.escape(clean(line)) for line in draft.text.splitlines()),
            rest=markup.escape(_rest(draft.rest, words)),
            repeat=markup.escape(words.may_repeat) if self.may_repeat else "",
            links=self._ways(draft),
            words=words,
            markup=markup,
        )
        return _EMPTY_LINES.sub("\n\n", body).strip("\n")

    def _ways(self, draft: Draft) -> list[str]:
        """What the reader may ask for: on one line where words can lead to an address."""
        found = ways(draft.cards, self.links if draft.has_links else None, self.reader.words)
        markup, link = self.reader.markup, self.reader.markup.link
        if link is None:
            return [markup.escape(f"{way.words}: {way.address}") for way in found]
        return [" · ".join(link(way.words, way.address) for way in found)] if found else []

    def fits(self, draft: Draft) -> bool:
        markup = self.reader.markup
        return markup.limit is None or markup.measure(self.body(draft)) <= markup.limit


def compose(
    notification: Notification,
    *,
    markup: Markup,
    zone: ZoneInfo,
    now: datetime,
    may_repeat: bool = False,
    is_continued: bool = False,
    links: Links | None = None,
) -> Message:
    """What a person reads.

    Where there is little room passages, news and changes go first, then the title before a correction, then names of
    topics and outlets. A digest that still has no room ends after a card: `Message.cards` says how many it holds, and
    the rest is for a further message, which `is_continued`.
    """
    reader = Reader(markup, zone, now, ENGLISH)
    writer = Writer(notification, reader, may_repeat, is_continued, links)
    draft = _part_of_digest(writer) if notification.kind is Kind.DIGEST else _shortened(_whole(notification), writer)
    message = Message(_subject(writer), writer.body(draft), len(draft.cards))
    return _also(message, writer, draft)


def _also(message: Message, writer: Writer, draft: Draft) -> Message:
    """With what its reader takes beside the text."""
    notification = replace(writer.notification, cards=draft.cards, text=draft.text)
    match writer.reader.markup.form:
        case Form.TEXT:
            return message
        case Form.HTML:
            page = Page(writer.reader, writer.links, draft.room, may_repeat=writer.may_repeat)
            head = writer.head() if notification.kind is Kind.DIGEST else ""
            return replace(message, mail=page.of(notification, subject=message.subject, head=head))
        case Form.DOCUMENT:
            told = Document.of(notification, message, writer.links, may_repeat=writer.may_repeat)
            return replace(message, document=told.model_dump(mode="json"))
        case form:
            assert_never(form)


def _whole(notification: Notification) -> Draft:
    return Draft(notification.cards, notification.text)


# -- a digest ------------------------------------------------------------------------------------


def _part_of_digest(writer: Writer) -> Draft:
    """As many stories as there is room for; passages and the like only where all have them, notices after the last."""
    cards = tuple(replace(card, passages=card.passages[:1], news=card.news[:1]) for card in writer.notification.cards)
    whole = Draft(cards, writer.notification.text, room=Room(are_names_few=True))
    if writer.reader.markup.limit is None:
        return whole
    bare = replace(whole, room=Room(lines=0, are_names_few=True))
    count = len(bare.cards)
    kept = most(count, lambda kept: writer.fits(_first(bare, kept)))
    if kept == count > 0:
        return whole if not writer.is_continued and writer.fits(whole) else bare
    return _first(bare, kept) if kept else _shortened(_first(bare, min(1, count)), writer)


def _first(draft: Draft, kept: int) -> Draft:
    rest = len(draft.cards) - kept
    return replace(draft, cards=draft.cards[:kept], text="" if rest else draft.text, rest=rest)


# -- less and less, until it fits ----------------------------------------------------------------


def _shortened(draft: Draft, writer: Writer) -> Draft:
    for shorter in _ever_shorter(draft):
        if writer.fits(shorter):
            return shorter
    return _cut_to_fit(shorter, writer)


def _ever_shorter(draft: Draft) -> Iterator[Draft]:
    """The cards whole, then with one passage less, and so on; titles and addresses stay to the end."""
    most_lines = max((max(map(len, (card.passages, card.news, card.changes))) for card in draft.cards), default=0)
    for kept in range(most_lines if draft.room.lines is None else draft.room.lines, -1, -1):
        yield replace(draft, room=replace(draft.room, lines=kept))
    draft = replace(draft, room=replace(draft.room, lines=0), has_links=False)
    yield draft
    draft = replace(draft, room=replace(draft.room, has_was=False))
    yield draft
    draft = replace(draft, room=replace(draft.room, are_names_few=True))
    yield draft
    draft = replace(draft, cards=tuple(_nameless(card) for card in draft.cards))
    yield draft
    draft = _titles_cut(draft, TITLE_LIMIT)
    yield draft
    # An address that no message can hold: rather told without it than not told.
    yield replace(draft, has_addresses=False)
    yield replace(draft, are_titles_alone=True)


def _cut_to_fit(draft: Draft, writer: Writer) -> Draft:
    """Cut in the middle: the text of a notice; and a title, where a message is no longer than that."""
    length = most(len(draft.text), lambda length: writer.fits(replace(draft, text=cut(draft.text, length))))
    draft = replace(draft, text=cut(draft.text, length) if length else "")
    if not draft.cards or writer.fits(draft):
        return draft
    length = most(TITLE_LIMIT, lambda length: writer.fits(_titles_cut(draft, length)))
    return _titles_cut(draft, length)


def _nameless(card: Card) -> Card:
    return replace(card, topics=(), outlets=(), carried_by=(), new_outlets=())


def _titles_cut(draft: Draft, limit: int) -> Draft:
    return replace(draft, cards=tuple(replace(card, title=cut(card.title, limit)) for card in draft.cards))


# -- the subject ---------------------------------------------------------------------------------


def _subject(writer: Writer) -> str:
    notification, words = writer.notification, writer.reader.words
    match notification.kind:
        case Kind.TEST:
            return _headed(words.test, notification.text)
        case Kind.NOTICE:
            return _headed(words.notice, notification.text.partition("\n")[0])
        case Kind.ALL_QUIET:
            return _headed("", notification.text.partition("\n")[0])
        case Kind.STORY | Kind.NOW_ALSO | Kind.FOLLOW_UP | Kind.CORRECTION as kind:
            occasions = {
                Kind.NOW_ALSO: words.now_also,
                Kind.FOLLOW_UP: words.follow_up,
                Kind.CORRECTION: words.correction,
            }
            return _of_stories(occasions.get(kind, ""), notification.cards, words)
        case Kind.DIGEST:
            topics = _topics_of(notification.cards, words)
            return cut(clean(f"{writer.head()} ({topics})" if topics else writer.head()), SUBJECT_LIMIT)


def _of_stories(before: str, cards: tuple[Card, ...], words: Words) -> str:
    if len(cards) == 1:
        return _headed(f"{before} {', '.join(cards[0].topics)}", cards[0].title)
    return cut(clean(f"{before} {_stories(len(cards), words)} ({_topics_of(cards, words)})"), SUBJECT_LIMIT)


def _topics_of(cards: tuple[Card, ...], words: Words) -> str:
    topics = dict.fromkeys(topic for card in cards for topic in card.topics)
    return names_of(tuple(topics), words, are_few=True)


def _stories(count: int, words: Words) -> str:
    return words.one_story if count == 1 else words.stories.format(count=count)


def _rest(count: int, words: Words) -> str:
    return words.more_follow.format(count=count) if count > 1 else words.one_more_follows if count else ""


def _headed(head: str, title: str) -> str:
    """`head: title` on one line; the title stays in one piece as long as it fits at all."""
    head, title = clean(head), clean(title)
    whole = f"{head}: {title}" if head and title else head or title
    return whole if len(whole) <= SUBJECT_LIMIT else cut(title or head, SUBJECT_LIMIT)
