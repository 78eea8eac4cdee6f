"""Atom documents (RFC 4287) of what was matched. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

_SPACE: Final = "http://www.w3.org/2005/Atom"
# What no XML 1.0 document may hold, not even escaped.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Item:
    id: str  # lasting and unique: a tag: or http address
    title: str
    link: str
    page: str  # of this site, that shows the same
    published: datetime
    updated: datetime
    summary: str
    author: str  # the outlet
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    title: str
    itself: str  # the address of the document
    page: str  # of the page that shows the same


def document(channel: Channel, items: Sequence[Item], *, now: datetime) -> bytes:
    """Newest first; `now` stands for the time of a document without items."""
    feed = ET.Element("feed", xmlns=_SPACE)
    _text(feed, "id", channel.id)
    _text(feed, "title", channel.title)
    _text(feed, "updated", _moment(max((item.updated for item in items), default=now)))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=_clean(channel.itself))
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=_clean(channel.page))
    for item in items:
        _entry(feed, item)
    written = ET.tostring(feed, encoding="unicode").encode()
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _entry(feed: ET.Element, item: Item) -> None:
    entry = ET.SubElement(feed, "entry")
    _text(entry, "id", item.id)
    _text(entry, "title", item.title)
    _text(entry, "published", _moment(item.published))
    _text(entry, "updated", _moment(item.updated))
    author = ET.SubElement(entry, "author")
    _text(author, "name", item.author or "?")
    ET.SubElement(entry, "link", rel="alternate", href=_clean(item.link))
    if item.page != item.link:
        ET.SubElement(entry, "link", rel="related", type="text/html", href=_clean(item.page))
    for topic in item.topics:
        ET.SubElement(entry, "category", term=_clean(topic))
    _text(entry, "summary", item.summary)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
