"""A feed document → entries: RSS, RDF, Atom by feedparser, JSON Feed by ourselves. Pure."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any, Final

import feedparser
from feedparser.encodings import convert_to_utf8

from monitor.errors import ParseError
from monitor.model import KeyedBy, ParsedFeed
from monitor.parse import jsonfeed
from monitor.parse.caps import capped, refusal, short_texts
from monitor.parse.dates import instant
from monitor.parse.document import Document, Item, parsed
from monitor.parse.links import absolute, unwrapped
from monitor.parse.listed import Known, read_what_is_new
from monitor.parse.plain import author_name, paragraphs, title_line, two_letters
from monitor.text import one_line

_WEB_PAGE: Final = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT: Final = re.compile(rb"<([a-zA-Z][\w.:-]{0,40})")
_BLANK_START: Final = re.compile(rb"\A\s+(?=<)")
_REFERENCE: Final = rb"&#(?:[xX][0-9a-fA-F]+|[0-9]+);"
_REFERENCES: Final = re.compile(_REFERENCE + rb"(?:" + _REFERENCE + rb")*")  # begins with what it looks for: quicker
# RSS-Bridge lists its errors as entries, each day another one (RSS-Bridge#3680).
_BRIDGE_FAILED: Final = re.compile(
    r"Bridge returned error \d+|Error in bridge|.{1,80}Bridge failed with error \d+", re.IGNORECASE
)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_ENCODING: Final = re.compile(rb"encoding=[\"'](.*?)[\"']")  # as feedparser looks for it
_WITH_ASCII: Final = re.compile(rb"utf-?8|(?:us-)?ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)
_TEXTS: Final = frozenset({"text/plain", "text/html", "application/xhtml+xml", "text/xhtml", "application/xml"})


def parse_feed(
    content: bytes, *, url: str, content_type: str = "", listed: bytes = b"", keyed_by: KeyedBy = "guid"
) -> ParsedFeed:
    """What a feed lists, without what stands there as it stood in the document that `listed` was made of.

    Links are resolved against `url`, where the document came from. Raises ParseError in words.
    """
    if not content.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        raise ParseError("not a feed: an empty answer")
    try:
        return _parsed(content, content_type, Known(listed, url, keyed_by))
    except (ParseError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  a parser may fail in any way on hostile bytes; the feed is what is broken
        raise ParseError("not a feed that can be read: the document is too broken") from None


def _parsed(content: bytes, content_type: str, known: Known) -> ParsedFeed:
    if jsonfeed.looks_like_json(content):
        return parsed(jsonfeed.read(content, url=known.url), known.keyed_by)
    if why := refusal(content):
        raise ParseError(why)
    content, complaint = short_texts(content)  # first: characters by number are worked out one by one
    text, content_type = _in_utf8(_REFERENCES.sub(_real_characters, _from_its_start(content)), content_type)
    said = partial(_document, content=content, url=known.url)
    plain = text if _is_plain(text, content_type) else _converted(text, content_type)
    cap = capped(plain or text)
    if cap.complaint:
        text, content_type = cap.content, "application/xml; charset=utf-8" if plain else content_type
        plain = plain and text
    feed = read_what_is_new(plain, known, said) or parsed(said(_read(text, content_type)), known.keyed_by)
    complaints = dict.fromkeys(filter(None, (complaint, cap.complaint, feed.complaint)))
    return replace(feed, complaint="; ".join(complaints)) if complaints else feed


def _from_its_start(content: bytes) -> bytes:
    """An XML declaration that does not come first makes a document ill-formed."""
    return _BLANK_START.sub(b"", content, count=1)


def _document(result: Any, content: bytes, url: str) -> Document:
    if not _is_feed(result, content[:2000]):
        raise ParseError(_what_it_is(content))
    language = two_letters(result["feed"].get("language"))
    items = tuple(_item(entry, url, language) for entry in result["entries"])
    failures = [item.title for item in items if _BRIDGE_FAILED.match(item.title)]
    if failures and len(failures) == len(items):
        raise ParseError(f"its bridge says: {failures[0][:200]}")
    return Document(
        title=title_line(_text(result["feed"], "title")),
        home=_home(result["feed"], url),
        items=tuple(item for item in items if item.title not in failures),
        language=language,
        ttl=_ttl(_text(result["feed"], "ttl")),
    )


def _is_feed(result: Any, head: bytes) -> bool:
    if result.get("version") or b"netscape.com/rdf/simple/0.9" in head:
        return True
    return bool(result["entries"]) and not _WEB_PAGE.search(head)


def _what_it_is(content: bytes) -> str:
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh")):
        return "not a feed: it is compressed"
    if _WEB_PAGE.search(content[:2000]):
        return "not a feed: it is a web page"
    root = _ROOT.search(content[:2000])
    return f"not a feed: it is a document of another kind (<{root[1].decode()}>)" if root else "not a feed"


# -- feedparser ----------------------------------------------------------------------------------


def _read(content: bytes, content_type: str) -> Any:
    """Bytes in a stream only: feedparser opens a text as a file or an address.

    It gets no address of ours, or it would make guids such as "1" into links; links are resolved here.
    """
    return feedparser.parse(
        BytesIO(content),
        response_headers={"content-type": content_type},
        sanitize_html=False,  # only text is taken out of it
        resolve_relative_uris=False,
    )


def _real_characters(run: re.Match[bytes]) -> bytes:
    """References to no character break feedparser; the two halves of a pair (of an emoji) are made one."""
    numbers = [_number(reference) for reference in run[0][2:-1].split(b";&#")]
    text = "".join(chr(number) for number in numbers if 0 < number <= sys.maxunicode)
    text = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "ignore")
    return b"".join(b"&#%d;" % ord(char) for char in text)


def _number(reference: bytes) -> int:
    if len(reference) > 12:  # noqa: PLR2004  no character's number is so long
        return 0
    return int(reference[1:], 16) if reference[:1] in b"xX" else int(reference)


def _in_utf8(content: bytes, content_type: str) -> tuple[bytes, str]:
    """Bytes that are UTF-8 are read so, whatever they are declared as; a few broken ones do not change that."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not text.isascii() and broken * 10 <= len(content) - len(text):
        return text.encode() if broken else content, "application/xml; charset=utf-8"
    declared = _CHARSET.search(content_type)
    if not content_type or (declared and declared[1].lower() in ("iso-8859-1", "us-ascii", "utf-8")):
        return content, "application/xml"  # a server's habit, not knowledge: the document says it better
    return content, content_type


def _is_plain(content: bytes, content_type: str) -> bool:
    """Whether feedparser reads these bytes as UTF-8."""
    if not content.isascii():
        return content_type.endswith("charset=utf-8")
    named = [name.encode() for name in _CHARSET.findall(content_type)] + _ENCODING.findall(content.partition(b"\n")[0])
    return all(_WITH_ASCII.fullmatch(name) for name in named)


def _converted(content: bytes, content_type: str) -> bytes:
    """As feedparser converts it before it reads it; empty where it does not know how."""
    found: dict[str, Any] = {}
    converted: bytes = convert_to_utf8({"content-type": content_type}, content, found)
    return converted if found["encoding"] else b""


def _item(said: Any, base: str, language: str | None) -> Item:
    entry = dict(said)  # what it holds, without its other names for it, which take long to look up
    guid = one_line(_text(entry, "id"))
    source = entry.get("source") or {}
    return Item(
        guid=guid,
        url=_link(entry, guid, base),
        title=title_line(_text(entry, "title")),
        text=_content(entry),
        published_at=_published_at(entry),
        author=author_name(_text(entry.get("author_detail") or {}, "name") or _text(entry, "author")),
        language=two_letters(_text(entry, "language") or _own_language(entry)) or language,
        source_url=_address(_text(source, "href") or _text(source, "link"), base) or None,
    )


def _link(entry: Any, guid: str, base: str) -> str:
    offered = [_text(entry, "feedburner_origlink"), _text(entry, "link"), *_alternates(entry), guid]
    links = (
        link if link != guid or link.lower().startswith(("http://", "https://")) else ""
        for link in map(str.strip, offered)
    )
    return next((found for link in links if (found := _address(link, base))), "")


def _alternates(entry: Any) -> list[str]:
    links = map(dict, entry.get("links") or [])
    return [_text(link, "href") for link in links if link.get("rel") in (None, "alternate")]


def _address(link: str, base: str) -> str:
    return unwrapped(absolute(link, base)) if link else ""


def _home(feed: Any, base: str) -> str:
    return _address(_text(feed, "link"), base)


def _content(entry: Any) -> str:
    """The fullest of what the entry says."""
    parts = [*(entry.get("content") or []), entry.get("summary_detail") or {"value": _text(entry, "summary")}]
    said = [paragraphs(_text(part, "value")) for part in parts if part.get("type", "text/html") in _TEXTS]
    return max(said, key=len, default="")


def _published_at(entry: Any) -> Any:
    dates = (instant(_text(entry, name)) for name in ("published", "created", "updated"))
    return next((date for date in dates if date), None)


def _own_language(entry: Any) -> str:
    return _text(entry.get("title_detail") or {}, "language")


def _ttl(minutes: str) -> timedelta | None:
    return timedelta(minutes=int(minutes)) if re.fullmatch(r"[1-9][0-9]{0,5}", minutes) else None


def _text(where: Any, name: str) -> str:
    value = where.get(name) if name in where else ""  # asked first: it would give "published" for a missing "updated"
    return value if isinstance(value, str) else ""
