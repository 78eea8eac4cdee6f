"""One card in the words of its reader: every piece ready to be written down. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.fit import cut
from monitor.alerts.harmless import address, clean
from monitor.alerts.words import Words
from monitor.model import Card, Change, Markup, Passage

NAMES_KEPT: Final = 3  # of topics and of outlets, where there is no room for all
_LONGEST_NAME: Final = 60  # of a name among others
_LONGEST_SENTENCE: Final = 300
_LEAD: Final = 100  # of a longer one: how much stands before the place that matters


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the words are, and when."""

    markup: Markup
    zone: ZoneInfo
    now: datetime
    words: Words


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a card is shown."""

    lines: int | None = None  # of its passages, its news and its changes, each; None: all
    has_was: bool = True
    are_names_few: bool = False


WHOLE: Final = Room()


@dataclass(frozen=True, slots=True)
class Shown:
    """A card, ready to be written down."""

    topics: str
    title: str
    outlets: str
    also: str  # who reports it too, and how many do in all
    is_growing: bool  # it was told before; `also` is what is new
    corrected: str  # who took something back, and who else reports it
    is_correction: bool
    time: str
    quality: str
    was: str
    changes: tuple[str, ...]
    news: tuple[str, ...]
    passages: tuple[str, ...]
    address: str


def shown(card: Card, reader: Reader, room: Room) -> Shown:
    escape, words, few = reader.markup.escape, reader.words, room.are_names_few
    was = clean(card.was) if room.has_was else ""
    of_text = [change for change in card.changes if not was or change.before != card.was]  # the title is told above
    changes = [line for change in of_text[: room.lines] for line in _lines(change, words)]
    return Shown(
        topics=escape(names_of(card.topics, words, are_few=few)),
        title=escape(clean(card.title) or words.untitled),
        outlets=escape(_with_copies(names_of(card.outlets, words, are_few=few), card, words, are_few=few)),
        also=escape(_also(card, words)),
        is_growing=bool(card.new_outlets),
        corrected=escape(_corrected(card, words)),
        is_correction=is_correction(card),
        time=escape(when(card, zone=reader.zone, now=reader.now, words=words)),
        quality=escape(words.quality[card.quality]),
        was=escape(words.was.format(text=was)) if was else "",
        changes=tuple(escape(line) for line in changes),
        news=tuple(escape(_around(clean(sentence))) for sentence in card.news[: room.lines]),
        passages=tuple(_marked(passage, reader.markup) for passage in card.passages[: room.lines]),
        address=escape(address(card.url)) if card.url else "",
    )


def is_correction(card: Card) -> bool:
    return bool(card.was or card.changes)


# -- names ---------------------------------------------------------------------------------------


def names_of(names: tuple[str, ...], words: Words, *, are_few: bool) -> str:
    """The names; of few the first, each of bearable length, and how many more there are."""
    if not are_few:
        return ", ".join(clean(name) for name in names)
    kept = ", ".join(clean(cut(name, _LONGEST_NAME)) for name in names[:NAMES_KEPT])
    more = len(names) - NAMES_KEPT
    return f"{kept} {words.and_more.format(count=more)}" if more > 0 else kept


def _also(card: Card, words: Words) -> str:
    """Who reports it too; where it is not known who is new, all who do."""
    if not card.outlets:
        return ""
    said = f"{words.also_reported} {names_of(card.new_outlets or card.outlets, words, are_few=True)}"
    known = len(card.outlets)
    if known > len(card.new_outlets) > 0:
        said = f"{said} · {words.outlets_in_all.format(count=known)}"
    return _with_copies(said, card, words, are_few=True)


def _corrected(card: Card, words: Words) -> str:
    """The first of its outlets is the one that took something back."""
    if not card.outlets:
        return ""
    outlet, *others = card.outlets
    said = words.corrected.format(outlet=clean(cut(outlet, _LONGEST_NAME)))
    names = names_of(tuple(others), words, are_few=True)
    said = f"{said} · {words.others_reported.format(names=names)}" if names else said
    return _with_copies(said, card, words, are_few=True)


def _with_copies(said: str, card: Card, words: Words, *, are_few: bool) -> str:
    names = names_of(card.carried_by, words, are_few=are_few)
    return " · ".join(part for part in (said, words.also_carried.format(names=names) if names else "") if part)


# -- sentences -----------------------------------------------------------------------------------


def _lines(change: Change, words: Words) -> list[str]:
    """What was said before, and what is said now."""
    before, after = clean(change.before), clean(change.after)
    if not before or not after:
        return [form.format(text=_around(text)) for form, text in ((words.added, after), (words.gone, before)) if text]
    alike = zip(before, after, strict=False)
    place = next((n for n, (one, other) in enumerate(alike) if one != other), min(len(before), len(after)))
    return [words.was.format(text=_around(before, place)), words.now.format(text=_around(after, place))]


def _around(sentence: str, place: int = 0) -> str:
    """The sentence; of one without end, what stands around this place."""
    if len(sentence) <= _LONGEST_SENTENCE:
        return sentence
    start = max(0, place - _LEAD) if place > _LONGEST_SENTENCE - _LEAD else 0
    return clean(("…" if start else "") + cut(sentence[start:], _LONGEST_SENTENCE))


# -- passages ------------------------------------------------------------------------------------

_ENDS: Final = (".", "!", "?", "…", "”", '"', "’", "'", ")", "»", "。", "！", "？")


def _marked(passage: Passage, markup: Markup) -> str:
    """The passage with its hits set off; hits that touch or overlap are one."""
    pieces, place = [], 0
    for start, end in _joined(passage.hits, len(passage.text)):
        pieces += [_piece(passage.text[place:start], markup), _piece(passage.text[start:end], markup, markup.mark)]
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


def _piece(text: str, markup: Markup, around: tuple[str, str] = ("", "")) -> str:
    """Part of a line: as `clean`, but the blanks at its ends stay, so that words do not run together."""
    if not (inner := clean(text)):
        return " " if text else ""
    before, after = " " if text[0].isspace() else "", " " if text[-1].isspace() else ""
    return f"{before}{around[0]}{markup.escape(inner)}{around[1]}{after}"


# -- time ----------------------------------------------------------------------------------------


def when(card: Card, *, zone: ZoneInfo, now: datetime, words: Words) -> str:
    """The user's clock and the age in words; a time to come counts as now.

    Of a correction it is said that this is the article's time: when it was corrected is not known.
    """
    known = card.published_at is not None
    moment = min(card.published_at or card.first_seen_at, card.first_seen_at)
    clock = _clock(moment.astimezone(zone), now.astimezone(zone), words)
    if not known or is_correction(card):
        clock = (words.published if known else words.seen).format(time=clock)
    return f"{clock} ({_age(now - moment, words)})"


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
