"""Many feeds that publish now and then, each entry in words of its own; and what each of them lists at a moment.

Time is in seconds since the start. What a feed does is a matter of its seed alone, whoever asks it, and how often.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import Final
from xml.sax.saxutils import escape

CONCERN: Final = "Korvania"  # stands in the titles of those that are to be told
MARKED: Final = 20  # one in so many
LISTED: Final = 20  # entries in a document
FIRST: Final = 3  # entries at the start
WORDS: Final = 10_000
HOSTILE: Final = "hostile"  # in the addresses of entries that a broken document makes up
CONSONANTS: Final = "bdghjklmnprstwy"
ADDRESS: Final = re.compile(r"/(?:berita|kabar)/(\d+)/(\d+)\.html")

Name = tuple[int, int]  # feed, number


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry, as it is listed now."""

    number: int
    title: str
    text: str
    guid: str
    url: str
    at: datetime
    is_marked: bool

    @property
    def is_edited(self) -> bool:
        return self.title.endswith(EDITED)


EDITED: Final = " (diperbarui)"
Deed = Callable[["Feed", float], None]  # at this moment


@dataclass(slots=True)
class Feed:
    """One that publishes; what it did is caught up with whenever it is looked at."""

    number: int
    seed: int
    base: str
    started_at: datetime
    every: float  # seconds between two entries, on average
    deeds: list[tuple[float, Deed]] = field(default_factory=list)  # in the order of their time
    pieces: list[Piece] = field(default_factory=list)  # the oldest first
    listed: list[int] = field(default_factory=list)  # their numbers, the newest first
    ends_at: float = float("inf")  # nothing is published any more
    _random: Random = field(init=False)
    _next_at: float = field(default=0.0, init=False)
    _document: tuple[bytes, str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed}/feed/{self.number}")
        for number in range(FIRST):
            self.publish(60.0 * (number - FIRST))
        self._next_at = self._pause()

    def look(self, now: float) -> None:
        """All that happened until now, in its order."""
        while True:
            deed_at = self.deeds[0][0] if self.deeds else float("inf")
            at = min(self._next_at, deed_at)
            if at > min(now, self.ends_at):
                return
            if deed_at <= self._next_at:
                self.deeds.pop(0)[1](self, at)
            else:
                self.publish(at)
                self._next_at += self._pause()
            self._document = None

    def _pause(self) -> float:
        return min(self._random.expovariate(1 / self.every), 4 * self.every)

    def publish(self, at: float) -> None:
        number = len(self.pieces)
        self.pieces.append(_piece(self, number, self.started_at + timedelta(seconds=at)))
        self.listed = [number, *self.listed][:LISTED]

    def change(self, number: int, **said: str | datetime) -> None:
        self.pieces[number] = replace(self.pieces[number], **said)  # type: ignore[arg-type]  # of their own types

    @property
    def shown(self) -> list[Piece]:
        return [self.pieces[number] for number in self.listed]

    @property
    def kind(self) -> str:
        form = ("rss", "atom", "json")[0 if self.number % 10 < 6 else 1 if self.number % 10 < 9 else 2]
        return "application/feed+json" if form == "json" else f"application/{form}+xml"

    def document(self) -> tuple[bytes, str]:
        """What it lists, and the tag of that."""
        if self._document is None:
            content = _FORMS[self.kind](self, self.shown, "").encode()
            self._document = content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        return self._document

    def rss(self, more: str = "") -> bytes:
        """The same as RSS, with something else before its entries."""
        return _rss(self, self.shown, more).encode()


# -- what may happen to a feed ---------------------------------------------------------------------


def changes_a_guid(feed: Feed, at: float) -> None:
    number = feed.listed[len(feed.listed) // 2]
    feed.change(number, guid=f"{feed.pieces[number].guid}/{at:.0f}")


def changes_all_guids(feed: Feed, at: float) -> None:
    """New site software."""
    for number, piece in enumerate(feed.pieces):
        feed.change(number, guid=f"urn:{at:.0f}:{feed.number}:{piece.number}")


def changes_all_addresses(feed: Feed, at: float) -> None:
    """And the guids with them, where these are made of the addresses."""
    for number, piece in enumerate(feed.pieces):
        old, new = ("/berita/", "/kabar/") if "/berita/" in piece.url else ("/kabar/", "/berita/")
        guid = f"{at:.0f}-{piece.number}" if feed.number % 2 else piece.guid
        feed.change(number, url=piece.url.replace(old, new), guid=guid)


def reorders(feed: Feed, at: float) -> None:
    Random(f"{feed.seed}/{feed.number}/{at}").shuffle(feed.listed)


def lists_old_ones_again(feed: Feed, at: float) -> None:
    gone = [piece.number for piece in feed.pieces if piece.number not in feed.listed]
    feed.listed = [*feed.listed, *gone[-5:]]


def edits(feed: Feed, at: float) -> None:
    """One that nobody was told of: a correction would be another message."""
    for number in feed.listed:
        piece = feed.pieces[number]
        if not piece.is_marked and not piece.is_edited:
            feed.change(number, title=piece.title + EDITED)
            return


def redates(feed: Feed, at: float) -> None:
    for number in feed.listed[:5]:
        feed.change(number, at=feed.started_at + timedelta(seconds=at))


def floods(feed: Feed, at: float) -> None:
    """A thousand at once, all in one document."""
    listed = feed.listed
    for _ in range(FLOOD):
        feed.publish(at)
    feed.listed = [*range(len(feed.pieces) - 1, len(feed.pieces) - 1 - FLOOD, -1), *listed]


FLOOD: Final = 1000
DEEDS: Final[dict[str, Deed]] = {
    "guid changed": changes_a_guid,
    "all guids changed": changes_all_guids,
    "all addresses changed": changes_all_addresses,
    "reordered": reorders,
    "old ones again": lists_old_ones_again,
    "edited": edits,
    "redated": redates,
    "flood": floods,
}


# -- words -----------------------------------------------------------------------------------------


def _piece(feed: Feed, number: int, at: datetime) -> Piece:
    random = Random(f"{feed.seed}/{feed.number}/{number}")
    is_marked = (feed.number * 7 + number) % MARKED == 0
    words = random.choices(_vocabulary(), k=70)
    title = f"{CONCERN} {' '.join(words[:6])}" if is_marked else " ".join(words[:7])
    text = ". ".join(" ".join(words[start : start + 9]).capitalize() for start in range(7, 70, 9))
    url = f"{feed.base}/berita/{feed.number}/{number}.html"
    guid = url if feed.number % 3 else f"warta-{feed.number}-{number}"
    return Piece(number, f"{title} é", text, guid, url, at.replace(microsecond=0), is_marked)


@cache
def _vocabulary() -> tuple[str, ...]:
    """So many that two entries have hardly one in common, and so few that whoever remembers words has seen them soon."""
    random = Random("vocabulary")
    return tuple(dict.fromkeys(_word(random) for _ in range(WORDS)))


def _word(random: Random) -> str:
    return "".join(random.choice(CONSONANTS) + random.choice("aeiou") for _ in range(random.randint(3, 5)))


# -- documents -------------------------------------------------------------------------------------


def _rss(feed: Feed, pieces: Sequence[Piece], more: str) -> str:
    items = "".join(map(_item, pieces))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Warta {feed.number}</title>'
        f"<link>{feed.base}/</link><description>Kabar</description>\n{more}{items}</channel></rss>\n"
    )


def _item(piece: Piece) -> str:
    return (
        f"<item><title>{escape(piece.title)}</title><link>{piece.url}</link>"
        f'<guid isPermaLink="false">{piece.guid}</guid><pubDate>{format_datetime(piece.at)}</pubDate>'
        f"<description>{escape(piece.text)}</description></item>\n"
    )


def _atom(feed: Feed, pieces: Sequence[Piece], more: str) -> str:
    entries = "".join(map(_entry, pieces))
    newest = max(piece.at for piece in pieces)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Warta {feed.number}</title><id>{feed.base}/feed/{feed.number}</id><updated>{newest.isoformat()}</updated>"
        f'<link href="{feed.base}/"/>\n{more}{entries}</feed>\n'
    )


def _entry(piece: Piece) -> str:
    return (
        f'<entry><title>{escape(piece.title)}</title><link href="{piece.url}"/><id>{piece.guid}</id>'
        f"<updated>{piece.at.isoformat()}</updated><summary>{escape(piece.text)}</summary></entry>\n"
    )


def _json(feed: Feed, pieces: Sequence[Piece], more: str) -> str:
    items = [
        {
            "id": piece.guid,
            "url": piece.url,
            "title": piece.title,
            "content_text": piece.text,
            "date_published": piece.at.isoformat(),
        }
        for piece in pieces
    ]
    said = {"version": "https://jsonfeed.org/version/1.1", "title": f"Warta {feed.number}", "items": items}
    return json.dumps(said, ensure_ascii=False)


_FORMS: Final = {"application/rss+xml": _rss, "application/atom+xml": _atom, "application/feed+json": _json}


def page(piece: Piece) -> bytes:
    paragraphs = "".join(f"<p>{escape(sentence)}.</p>" for sentence in piece.text.split(". "))
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(piece.title)}</title></head>'
        f"<body><article><h1>{escape(piece.title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


def names_in(text: str) -> list[Name]:
    """Of the entries whose addresses stand in it."""
    return [(int(feed), int(number)) for feed, number in ADDRESS.findall(text)]


def the_start() -> datetime:
    return datetime.now(UTC)
