"""What a feed document says, whatever its kind, and how its items become entries with keys of their own. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Entry, ParsedFeed
from monitor.parse.links import canonical_url, is_home, text_id
from monitor.parse.plain import first_words

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


def parsed(document: Document) -> ParsedFeed:
    """The document as the house knows it: each key once, in the feed's own order."""
    kept = _keyed(document)
    shared = _shared_links(kept.values(), document.home)
    entries = tuple(_entry(key, item, canonical_url(item.url) in shared) for key, item in kept.items())
    return ParsedFeed(document.title, entries, document.language, document.ttl)


def _keyed(document: Document) -> dict[str, Item]:
    """Items by key. Those that share one but say different things get each its own; true repeats fall together."""
    home = canonical_url(document.home)
    groups: dict[str, dict[str, Item]] = defaultdict(dict)
    order: list[tuple[str, str]] = []
    for item in document.items:
        base, said = _base_key(item, home), item.said
        if said not in groups[base]:
            groups[base][said] = item
            order.append((base, said))
    return {base if len(groups[base]) == 1 else f"{base}#{said}": groups[base][said] for base, said in order}


def _base_key(item: Item, home: str) -> str:
    link = "" if _names_no_article(item.url, home) else canonical_url(item.url)
    key = item.guid or link or item.said
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}#{text_id(key)}"


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
        shares_link=bool(item.url) and shares_link,
    )
