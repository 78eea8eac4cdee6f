"""What a feed document says, whatever its kind, and how its items become entries with keys of their own. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Entry, KeyedBy, ParsedFeed
from monitor.parse.links import canonical_url, is_home, text_id
from monitor.parse.plain import first_words

LONGEST_TEXT: Final = 200_000  # characters
LONGEST_TITLE: Final = 2_000
_LONGEST_KEY = 500  # keys stand in an index


@dataclass(frozen=True, slots=True)
class Item:
    """An item as its document gives it, already plain text."""

    guid: str = ""
    url: str = ""  # absolute http(s), or empty
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    author: str | None = None
    language: str | None = None
    source_url: str | None = None

    @property
    def said(self) -> str:
        """Likeness: two items that say the same under the same address are one."""
        return text_id(f"{self.title}\n\n{self.text}\n\n{canonical_url(self.url)}")


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    home: str  # the page that the feed is of, or empty
    items: tuple[Item, ...]
    language: str | None = None
    ttl: timedelta | None = None
    complaint: str | None = None  # what was left out


@dataclass(frozen=True, slots=True)
class Place:
    """What an item would be known by were it alone, and its address, if that is an article's."""

    key: str
    link: str


def parsed(document: Document, keyed_by: KeyedBy = "guid") -> ParsedFeed:
    """The document as the house knows it: each key once, in the feed's own order."""
    document = _short(document)
    kept = _keyed(document, keyed_by)
    shared = _shared_links(kept.values(), document.home)
    entries = tuple(_entry(key, item, canonical_url(item.url) in shared) for key, item in kept.items())
    return ParsedFeed(document.title, entries, document.language, document.ttl, complaint=document.complaint)


def _short(document: Document) -> Document:
    """No article is that long; whoever has to fold, match and store it would be held up by it."""
    if all(len(item.text) <= LONGEST_TEXT and len(item.title) <= LONGEST_TITLE for item in document.items):
        return document
    items = tuple(
        replace(item, title=item.title[:LONGEST_TITLE], text=item.text[:LONGEST_TEXT]) for item in document.items
    )
    said = f"of texts of more than {LONGEST_TEXT} characters, and titles of more than {LONGEST_TITLE}, the beginning is read"
    return replace(document, items=items, complaint="; ".join(filter(None, (document.complaint, said))))


def places(document: Document, keyed_by: KeyedBy) -> tuple[Place, ...]:
    """Where each item stands; those that share a key or a link are to be looked at together."""
    home = canonical_url(document.home)
    return tuple(Place(_base_key(item, home, keyed_by), _link(item, home)) for item in document.items)


def _keyed(document: Document, keyed_by: KeyedBy) -> dict[str, Item]:
    """Items by key. Those that share one but say different things get each its own; true repeats fall together."""
    home = canonical_url(document.home)
    groups: dict[str, dict[str, Item]] = defaultdict(dict)
    order: list[tuple[str, str]] = []
    for item in document.items:
        base, said = _base_key(item, home, keyed_by), item.said
        if said not in groups[base]:
            groups[base][said] = item
            order.append((base, said))
    return {base if len(groups[base]) == 1 else f"{base}#{said}": groups[base][said] for base, said in order}


def _base_key(item: Item, home: str, keyed_by: KeyedBy) -> str:
    link = _link(item, home)
    key = {"guid": item.guid or link, "link": link or item.guid, "content": ""}[keyed_by] or item.said
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}#{text_id(key)}"


def _link(item: Item, home: str) -> str:
    return "" if _names_no_article(item.url, home) else canonical_url(item.url)


def _names_no_article(url: str, home: str) -> bool:
    return not url or is_home(url) or canonical_url(url) == home


def _shared_links(items: Iterable[Item], home: str) -> frozenset[str]:
    """Addresses under which several items say different things, or that are no article's."""
    items = tuple(items)
    different = {(canonical_url(item.url), item.title, item.text) for item in items if item.url}
    counts = Counter(link for link, _, _ in different)
    pages = {canonical_url(item.url) for item in items if item.url and _names_no_article(item.url, home)}
    return frozenset(link for link, count in counts.items() if count > 1) | pages


def _entry(key: str, item: Item, shares_link: bool) -> Entry:
    return Entry(
        key=key,
        url=item.url,
        title=item.title or first_words(item.text),
        text=item.text,
        guid=item.guid or None,
        published_at=item.published_at,
        author=item.author,
        language=item.language,
        source_url=item.source_url,
        link=canonical_url(item.url) if item.url else "",
        shares_link=bool(item.url) and shares_link,
    )
