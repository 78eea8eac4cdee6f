"""Where the feeds of a web page may be: what it declares, what it links to, where sites mostly have them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from monitor.errors import ParseError
from monitor.parse.charset import decoded
from monitor.parse.links import absolute, same_site
from monitor.text import normalise, one_line

How = Literal["itself", "declared", "linked", "usual place"]

MOST_LINKS: Final = 20  # of a kind

# Where sites have their feed, the likeliest first: of the part that was named, then of the whole site.
_OF_A_PART: Final = ("feed", "rss", "rss.xml")
_OF_A_SITE: Final = (
    *("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds/posts/default", "feed.json"),
    "?feed=rss2",
)
_FEED_TYPES: Final = frozenset(
    f"{kind}/{form}"
    for kind in ("application", "text")
    for form in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom", "xml", "x-rss+xml", "x-atom+xml")
)
_LOOKS_LIKE_FEED: Final = re.compile(r"(?:^|[/.?=&])(?:rss\d?|atom|feeds?|rdf)(?:[/.?=&]|$)|\.xml$", re.IGNORECASE)
_SAYS_FEED: Final = re.compile(r"\b(?:rss|atom|feeds?|umpan|xml)\b", re.IGNORECASE)
_NO_FEED: Final = re.compile(r"sitemap|/wp-json/|opensearch|\.(?:pdf|png|jpe?g|gif|svg|css|js)$", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comments?|komentar", re.IGNORECASE)
_ENDS_IN_FILE: Final = re.compile(r"/[^/]*\.[A-Za-z0-9]{1,5}$")
_GLUED_SCHEME: Final = re.compile(r"feed:(?=https?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be a feed's, and how it came up."""

    url: str
    how: How


def starts(address: str) -> tuple[str, ...]:
    """What to ask for an address as people write it, the likelier first; none where it can't be one."""
    written = _GLUED_SCHEME.sub("", address.strip())
    scheme, strokes, rest = written.partition("://")
    host = (rest if strokes else written).lstrip("/")
    is_whole = strokes and scheme.lower() != "feed"
    found = [written] if is_whole else [f"https://{host}", f"http://{host}"]
    return tuple(url for each in found if (url := absolute(each, "")))


def feed_links(content: bytes, content_type: str, url: str) -> tuple[Link, ...]:
    """What a page says of its feeds: those it declares, and those it links to. Raises ParseError."""
    tree = _tree(content, content_type)
    base = _base(tree, url)
    declared = _comments_last(dict.fromkeys(_declared(tree, base)))
    linked = _comments_last(dict.fromkeys(each for each in _linked(tree, base, url) if each not in declared))
    return (
        *(Link(each, "declared") for each in declared[:MOST_LINKS]),
        *(Link(each, "linked") for each in linked[:MOST_LINKS]),
    )


def place_of(url: str) -> str:
    """What two addresses of one feed have in common: host and port, path and query; not whether they are encrypted."""
    split = urlsplit(url)
    port = f":{split.port}" if split.port not in {None, 80, 443} else ""
    return f"{split.hostname}{port}{split.path or '/'}?{split.query}"


def usual_places(url: str) -> tuple[Link, ...]:
    """Where feeds often are: of the part of the site that the address names, then of the site."""
    part = _ENDS_IN_FILE.sub("", urlsplit(url).path).strip("/")
    site = urljoin(url, "/")
    of_part = [f"{site}{part}/{name}" for name in _OF_A_PART if part]
    return tuple(Link(place, "usual place") for place in (*of_part, *(site + name for name in _OF_A_SITE)))


def _tree(content: bytes, content_type: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(normalise(decoded(content, content_type)).encode(), parser)
    except (etree.LxmlError, ValueError):
        tree = None
    if tree is None:
        raise ParseError("not a web page that can be read")
    return tree


def _base(tree: etree._Element, url: str) -> str:
    """The first <base href> counts."""
    written = next((str(href) for each in tree.iter("base") if (href := each.get("href"))), "")
    return (absolute(written, url) if written else "") or url


def _declared(tree: etree._Element, base: str) -> Iterator[str]:
    for link in tree.iter("link"):
        named = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        is_feed = "feed" in named or ("alternate" in named and kind in _FEED_TYPES)
        if is_feed and (found := _address(link.get("href"), base)):
            yield found


def _linked(tree: etree._Element, base: str, url: str) -> list[str]:
    """Its own ones first; those of others may be where its feeds live."""
    own: list[str] = []
    others: list[str] = []
    for link in tree.iter("a", "area"):
        found = _address(link.get("href"), base)
        if not found or found.partition("#")[0] == url or not _may_be_feed(found, link):
            continue
        (own if same_site(found, url) else others).append(found)
    return own + others


def _may_be_feed(url: str, link: etree._Element) -> bool:
    split = urlsplit(url)
    place = unquote(f"{split.hostname}{split.path}")
    if _NO_FEED.search(place) or "://" in unquote(
        f"{split.path}?{split.query}"
    ):  # to share it, or to read it elsewhere
        return False
    whole = f"{place}?{split.query}" if split.query else place
    if (link.get("type") or "").lower() in _FEED_TYPES or _LOOKS_LIKE_FEED.search(whole):
        return True
    said = one_line(" ".join(map(str, link.itertext()))) or link.get("title") or ""
    return len(said) < MOST_LINKS and _SAYS_FEED.search(said) is not None


def _address(href: str | None, base: str) -> str:
    return absolute(_GLUED_SCHEME.sub("", href.strip()), base) if href else ""


def _comments_last(urls: dict[str, None]) -> list[str]:
    return sorted(urls, key=lambda url: _COMMENTS.search(url) is not None)
