"""Alerts become the words a person reads, harmless and short enough for where they are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.alerts.words import ENGLISH, Words
from monitor.model import Card, Kind, Markup, Message, Notification, Passage
from monitor.text import one_line

SUBJECT_LIMIT: Final = 200
TITLE_LIMIT: Final = 1000  # a longer one is no headline; it may be shortened where there is no room
_LEFT_OUT: Final = "\x00"  # no address has this sign
NAMES_KEPT: Final = 3  # of topics and of outlets, where there is no room for all

# What is filled in was made harmless by `Markup.escape`: what that takes differs by reader and is not always HTML.
_TEMPLATES: Final = Environment(
    loader=PackageLoader("monitor.alerts"),
    autoescape=False,  # noqa: S701 - see above
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in the words of its reader: every piece is ready to be written down."""

    topics: str
    title: str
    outlets: str
    time: str
    quality: str
    passages: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the words are, and when."""

    markup: Markup
    zone: ZoneInfo
    now: datetime
    words: Words


def compose(notification: Notification, *, markup: Markup, zone: ZoneInfo, now: datetime) -> Message:
    """What a person reads. Where there is little room passages go first, then names of topics and outlets."""
    reader = Reader(markup, zone, now, ENGLISH)
    body = ""
    for cards in _ever_shorter(notification.cards, reader.words):
        body = _body(replace(notification, cards=cards), reader)
        if _fits(body, markup):
            break
    return Message(subject=_subject(notification, reader.words), body=body)


def _fits(body: str, markup: Markup) -> bool:
    return markup.limit is None or markup.measure(body) <= markup.limit


def _body(notification: Notification, reader: Reader) -> str:
    shown = [_shown(card, reader) for card in notification.cards]
    text = "\n".join(reader.markup.escape(clean(line)) for line in notification.text.splitlines())
    template = _TEMPLATES.get_template(f"{notification.kind.name.lower()}.txt")
    return template.render(cards=shown, text=text, words=reader.words, markup=reader.markup).strip("\n")


# -- less and less, until it fits ----------------------------------------------------------------


def _ever_shorter(cards: tuple[Card, ...], words: Words) -> Iterator[tuple[Card, ...]]:
    """The cards whole, then with one passage less, and so on; titles and addresses stay to the end."""
    most = max((len(card.passages) for card in cards), default=0)
    for kept in range(most, -1, -1):
        yield tuple(replace(card, passages=card.passages[:kept]) for card in cards)
    bare = tuple(
        replace(card, passages=(), outlets=_few(card.outlets, words), topics=_few(card.topics, words)) for card in cards
    )
    yield bare
    short = tuple(replace(card, title=cut(card.title, TITLE_LIMIT)) for card in bare)
    yield short
    if len(short) == 1:
        # An address that no message can hold: rather told without it than not told.
        yield (replace(short[0], url=_LEFT_OUT),)


def _few(names: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """The first names, each of bearable length, and how many more there are."""
    kept = tuple(cut(name, 60) for name in names[:NAMES_KEPT])
    more = len(names) - len(kept)
    return (*kept, words.and_more.format(count=more)) if more else kept


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# -- one card ------------------------------------------------------------------------------------


def _shown(card: Card, reader: Reader) -> Shown:
    escape = reader.markup.escape
    return Shown(
        topics=escape(clean(", ".join(card.topics))),
        title=escape(clean(card.title)),
        outlets=escape(clean(", ".join(card.outlets))),
        time=escape(when(card, zone=reader.zone, now=reader.now, words=reader.words)),
        quality=escape(reader.words.quality[card.quality]),
        passages=tuple(_marked(passage, reader.markup) for passage in card.passages),
        address=escape(reader.words.address_too_long if card.url == _LEFT_OUT else address(card.url)),
    )


_ENDS: Final = (".", "!", "?", "…", "”", '"', "’", "'", ")", "»", "。", "！", "？")


def _marked(passage: Passage, markup: Markup) -> str:
    """The passage with its hits set off; hits that touch or overlap are one."""
    before, after = markup.mark
    pieces, place = [], 0
    for start, end in _joined(passage.hits, len(passage.text)):
        pieces += [_piece(passage.text[place:start], markup), before, _piece(passage.text[start:end], markup), after]
        place = end
    marked = "".join([*pieces, _piece(passage.text[place:], markup)]).strip()
    return marked if passage.text.rstrip().endswith(_ENDS) else f"{marked} …"


def _joined(hits: tuple[tuple[int, int], ...], length: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in hits):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _piece(text: str, markup: Markup) -> str:
    """Part of a line: as `clean`, but the blanks at its ends stay, so that words do not run together."""
    if not (inner := clean(text)):
        return " " if text else ""
    return (" " if text[0].isspace() else "") + markup.escape(inner) + (" " if text[-1].isspace() else "")


# -- feed text is data ---------------------------------------------------------------------------

_OPENS: Final = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)


def clean(text: str) -> str:
    """One line without control characters; a change of writing direction ends where the text ends."""
    line = one_line(text)
    return line + "".join(reversed([_OPENS[char] for char in line if char in _OPENS]))


def address(url: str) -> str:
    """The address in one piece: what would break it, or break out of it, is percent-encoded; a path is only cleaned."""
    if not re.match(r"https?://", url, re.IGNORECASE):
        return clean(url)
    return _BREAKS_ADDRESS.sub(_encoded, url)


_BREAKS_ADDRESS: Final = re.compile(
    r"[^!-~\u00a1-\U0010ffff]|[<>\"\\^`{|}\s\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="replace")


# -- time ----------------------------------------------------------------------------------------


def when(card: Card, *, zone: ZoneInfo, now: datetime, words: Words = ENGLISH) -> str:
    """The user's clock and the age in words; a time to come counts as now."""
    known = card.published_at is not None
    moment = min(card.published_at or card.first_seen_at, card.first_seen_at)
    shown = _clock(moment.astimezone(zone), now.astimezone(zone), words)
    shown = shown if known else words.seen.format(time=shown)
    return f"{shown} ({_age(now - moment, words)})"


def _clock(moment: datetime, now: datetime, words: Words) -> str:
    clock = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return clock
    day = f"{moment.day} {words.months[moment.month - 1]}"
    return f"{day} {clock}" if moment.year == now.year else f"{day} {moment.year} {clock}"


def _age(age: timedelta, words: Words) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return words.just_now
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return words.minutes_ago.format(count=minutes)
    hours = minutes // 60
    return words.hours_ago.format(count=hours) if hours < 48 else words.days_ago.format(count=hours // 24)  # noqa: PLR2004 - two days


# -- the subject ---------------------------------------------------------------------------------


def _subject(notification: Notification, words: Words) -> str:
    match notification.kind:
        case Kind.TEST:
            return _headed(words.test, notification.text)
        case Kind.NOTICE:
            return _headed(words.notice, notification.text.partition("\n")[0])
        case Kind.STORY | Kind.NOW_ALSO | Kind.FOLLOW_UP | Kind.DIGEST as kind:
            return _of_stories(notification.cards, words.now_also + " " if kind is Kind.NOW_ALSO else "", words)


def _of_stories(cards: tuple[Card, ...], before: str, words: Words) -> str:
    topics = ", ".join(dict.fromkeys(topic for card in cards for topic in card.topics))
    if len(cards) == 1:
        return _headed(before + topics, cards[0].title)
    return cut(clean(f"{before}{words.stories.format(count=len(cards))}: {topics}"), SUBJECT_LIMIT)


def _headed(head: str, title: str) -> str:
    """`head: title` on one line; the title stays in one piece as long as it fits at all."""
    head, title = clean(head), clean(title)
    whole = f"{head}: {title}" if head and title else head or title
    return whole if len(whole) <= SUBJECT_LIMIT else cut(title or head, SUBJECT_LIMIT)
