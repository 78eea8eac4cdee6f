"""OPML, the list of feeds that feed readers exchange: 1.0, 1.1 and 2.0, read as they come, written as 2.0. Pure.

No XML parser reads it: nothing is looked up, nothing expands, and a line that is broken breaks no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from monitor.errors import ParseError
from monitor.parse.charset import decoded
from monitor.parse.discover import starts

MOST_FEEDS: Final = 200_000
DEEPEST: Final = 20  # folders in each other; what is deeper lies in the last of them
LONGEST: Final = 500  # characters of a name or a tag

_NAME: Final = re.compile(r"</?outline\b", re.IGNORECASE)
_TAG: Final = re.compile(r"""</?[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_LONGEST_TAG: Final = 64 * 1024  # characters of an element's own line
_OPENED_WITHIN: Final = re.compile(r"<(?:/?outline|/body|/opml)\b", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LOOSE_ADDRESS: Final = re.compile(r"""\bxmlurl\s*+=\s*+["']?\s*+(https?://[^"'\s<>]+)""", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,40});")
_SKIPPED: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
_OWN_TERMS: Final = re.compile(r"<!DOCTYPE[^<>\[]*\[", re.IGNORECASE)
_ADDRESSES: Final = ("xmlurl", "xml_url", "feedurl", "rssurl", "url")
_OTHER_KINDS: Final = frozenset({"link", "include"})  # a web page, another list
_FEED_KINDS: Final = frozenset({"rss", "rss1", "rss2", "atom", "feed", "rdf", "jsonfeed"})
_NO_TAG_BEGINS_SO: Final = "/“”„‟‘’‚«»`´< "
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MOSTLY: Final = 10  # times as many


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed as a list names it."""

    url: str
    name: str = ""
    tags: tuple[str, ...] = ()  # its folders from the outermost in, then its categories
    line: int = field(default=0, compare=False)  # where it stands


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that names a feed, but not so that it could be asked."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Subscriptions:
    feeds: tuple[Subscription, ...]
    unread: tuple[Unread, ...] = ()


def read(content: bytes) -> Subscriptions:
    """What a list names, in its order. Raises ParseError where it is no OPML."""
    text = _text(content)
    feeds: list[Subscription] = []
    unread: list[Unread] = []
    is_opml = False
    for element in _elements(text):
        is_opml = True
        match _subscription(element):
            case Subscription() as found if len(feeds) < MOST_FEEDS:
                feeds.append(found)
            case Subscription():
                unread.append(Unread(element.line, f"more than {MOST_FEEDS:,} feeds; the rest was not read"))
                break
            case str(why):
                unread.append(Unread(element.line, why))
            case None:
                pass
    if not is_opml:
        raise ParseError(_what_it_is(text))
    return Subscriptions(tuple(feeds), tuple(unread))


def _what_it_is(text: str) -> str:
    if re.search(r"<opml\b", text, re.IGNORECASE):
        return "no feed is in this list"
    if re.search(r"<!doctype html|<html\b", text[:2000], re.IGNORECASE):
        return "this is a web page, not OPML"
    if re.search(r"<(?:rss|feed|rdf:RDF)\b", text[:2000]):
        return "this is a feed itself, not a list of feeds; write its address under feeds"
    return "this is no OPML: no <outline> is in it"


def _text(content: bytes) -> str:
    """UTF-8 wherever it mostly is, else what it is declared as; where that can't be true, it is what Windows writes."""
    if b"\0" in content[:2] and not content.startswith(_MARKS):
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd") - content.count("\ufffd".encode())
    letters = len(content) - len(content.decode("ascii", "ignore"))
    if letters and broken * _MOSTLY <= letters:
        return text
    text = decoded(content, "")
    return content.decode("cp1252", "replace") if "\ufffd" in text and not content.startswith(_MARKS) else text


# -- elements ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Element:
    line: int
    folders: tuple[str, ...]
    attributes: Mapping[str, str]  # names in lower case


def _elements(text: str) -> Iterator[_Element]:
    """Every outline, with the folders it lies in."""
    open_folders: list[tuple[str, ...]] = [()]
    line, counted = 1, 0
    for start, tag in _tags(text):
        if tag.startswith("</"):
            del open_folders[max(1, len(open_folders) - 1) :]
            continue
        line, counted = line + text.count("\n", counted, start), start
        element = _Element(line, open_folders[-1], _attributes(tag))
        yield element
        if not tag.endswith("/>"):
            open_folders.append(_within(element))


def _within(element: _Element) -> tuple[str, ...]:
    """The folders of what stands in it."""
    name = "" if _written_address(element.attributes) else tag_of(_named(element.attributes))
    return (*element.folders, name) if name and len(element.folders) < DEEPEST else element.folders


def _tags(text: str) -> Iterator[tuple[int, str]]:
    """Where each outline begins or ends, and its own text; comments, and what a document declares of itself, are none."""
    at = 0
    endless: set[str] = set()
    while (start := text.find("<", at)) >= 0:
        if end := _skipped(text, start, endless):
            at = end
        elif _NAME.match(text, start):
            tag = _whole(text, start)
            at = start + len(tag)
            yield start, tag
        else:
            at = start + 1


def _skipped(text: str, start: int, endless: set[str]) -> int:
    """Where what needs no reading ends; 0 where nothing such begins, or it never ends, which is looked for only once."""
    for opening, closing in _SKIPPED:
        if text.startswith(opening, start) and closing not in endless:
            return _end(text, closing, start, endless)
    return _end(text, "]", start, endless) if "]" not in endless and _OWN_TERMS.match(text, start) else 0


def _end(text: str, closing: str, start: int, endless: set[str]) -> int:
    end = text.find(closing, start)
    if end < 0:
        endless.add(closing)
    return end + len(closing) if end >= 0 else 0


def _whole(text: str, start: int) -> str:
    """An element up to its end; where a quote was forgotten, up to the next sign that can be its end."""
    found = _TAG.match(text, start, start + _LONGEST_TAG)
    if found and not _OPENED_WITHIN.search(found[0], 1):
        return found[0]
    end = text.find(">", start)
    return text[start : end + 1] if end >= 0 else text[start:]


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(tag):
        found.setdefault(each[1].lower(), _line(_unescaped(each[2] or each[3] or "")))
    if "xmlurl" not in found and (loose := _LOOSE_ADDRESS.search(tag)):  # a quote too few, or none
        return {"xmlurl": _line(_unescaped(loose[1]))}
    return found


def _unescaped(value: str) -> str:
    """References that end as they should: in an address a lone & is no reference."""
    return _REFERENCE.sub(lambda found: unescape(found[0]), value)


def _line(value: str) -> str:
    """On one line, and nothing in it that can't be seen; what joins letters stays."""
    return "".join(" " if _is_control(char) else char for char in value).strip()


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029\ufeff" or "\ud800" <= char <= "\udfff"


# -- what they say -------------------------------------------------------------------------------


def _subscription(element: _Element) -> Subscription | str | None:
    """The feed it names, or why it names none that could be asked; nothing where it is a folder or a note."""
    attributes = element.attributes
    kind = attributes.get("type", "").lower()
    if kind in _OTHER_KINDS and "xmlurl" not in attributes:
        return f"{_called(attributes)} is {'a web page' if kind == 'link' else 'another list'}, not a feed"
    written = _written_address(attributes)
    if not written:
        is_feed = kind in _FEED_KINDS or attributes.get("htmlurl")
        return f"{_called(attributes)} has no address of a feed (xmlUrl)" if is_feed else None
    if not (url := _address(written)):
        return f"{_called(attributes)} has no http(s) address"
    name = _named(attributes)[:LONGEST].strip()
    return Subscription(url, "" if name == written else name, _tags_of(element), element.line)


def _written_address(attributes: Mapping[str, str]) -> str:
    return next((value for name in _ADDRESSES if (value := attributes.get(name))), "")


def _address(written: str) -> str:
    """As it may stand in a configuration: no blank and no brace stands in an address."""
    url = next(iter(starts(written)), "") if "://" in written or written.lower().startswith("feed:") else ""
    return "".join(quote(char) if char in "{}" or char.isspace() else char for char in url)


def _named(attributes: Mapping[str, str]) -> str:
    return attributes.get("text") or attributes.get("title") or ""


def _called(attributes: Mapping[str, str]) -> str:
    name = _named(attributes)
    return f"'{name[:40]}'" if name else "an outline without a name"


def _tags_of(element: _Element) -> tuple[str, ...]:
    categories = element.attributes.get("category", "").split(",")
    # "/a/b" is a way through folders, "a/b" one word with a stroke in it (OPML 2.0, "category").
    named = [part for each in map(str.strip, categories) for part in (each.split("/") if each[:1] == "/" else [each])]
    return tuple(dict.fromkeys(filter(None, (*element.folders, *map(tag_of, named)))))


def tag_of(text: str) -> str:
    """A folder's name as a tag can be: on one line, no comma, no stroke or quote at its beginning."""
    return " ".join(text.replace(",", " ").split()).lstrip(_NO_TAG_BEGINS_SO)[:LONGEST].strip()


# -- writing -------------------------------------------------------------------------------------


def write(feeds: Iterable[Subscription], *, title: str) -> str:
    """Its first tag is a feed's folder; all of them stand in its categories."""
    folders: dict[str, list[Subscription]] = {}
    for feed in feeds:
        folders.setdefault(feed.tags[0] if feed.tags else "", []).append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_attribute(title)[1:-1]}</title></head>",
        "  <body>",
        *(line for folder, those in folders.items() for line in _folder(folder, those)),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _folder(name: str, feeds: Iterable[Subscription]) -> Iterator[str]:
    if not name:
        yield from (f"    {_outline(feed)}" for feed in feeds)
        return
    yield f"    <outline text={_attribute(name)}>"
    yield from (f"      {_outline(feed)}" for feed in feeds)
    yield "    </outline>"


def _outline(feed: Subscription) -> str:
    name = _attribute(feed.name or feed.url)
    category = f" category={_attribute(','.join(feed.tags))}" if feed.tags else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={_attribute(feed.url)}{category}/>'


def _attribute(value: str) -> str:
    return quoteattr(_line(value), {'"': "&quot;"})
