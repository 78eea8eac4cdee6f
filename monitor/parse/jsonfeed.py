"""JSON Feed 1.0 and 1.1, read with the forgiveness that feeds need. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.errors import ParseError
from monitor.parse.caps import MOST_ENTRIES, few_of
from monitor.parse.dates import instant
from monitor.parse.document import Document, Item
from monitor.parse.links import absolute
from monitor.parse.plain import author_name, joined, paragraphs, title_line, two_letters


def looks_like_json(content: bytes) -> bool:
    head = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return head in (b"{", b"[")


def read(content: bytes, *, url: str) -> Document:
    data = _loaded(content)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ParseError("not a feed: it is JSON of another kind")
    if not {"version", "title", "feed_url", "home_page_url"} & data.keys():
        raise ParseError("not a feed: it is JSON of another kind")
    language = two_letters(_text(data, "language"))
    items = tuple(_item(item, url, language) for item in data["items"][:MOST_ENTRIES] if isinstance(item, dict))
    return Document(
        title=title_line(_text(data, "title")),
        home=absolute(_text(data, "home_page_url"), url) if _text(data, "home_page_url") else "",
        items=items,
        language=language,
        complaint=few_of(len(data["items"])),
    )


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.removeprefix(b"\xef\xbb\xbf"), strict=False)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise ParseError("not a feed: its JSON can't be read") from None


def _item(data: Mapping[str, Any], base: str, language: str | None) -> Item:
    links = (absolute(_text(data, name), base) for name in ("url", "external_url", "id") if _is_link(data, name))
    return Item(
        guid=title_line(_text(data, "id")),
        url=next((link for link in links if link), ""),
        title=title_line(_text(data, "title")),
        text=_content(data),
        published_at=instant(_text(data, "date_published")) or instant(_text(data, "date_modified")),
        author=_author(data),
        language=two_letters(_text(data, "language")) or language,
    )


def _is_link(data: Mapping[str, Any], name: str) -> bool:
    """An id is a link only where it is written out as one."""
    value = _text(data, name)
    return value.lower().startswith(("http://", "https://")) if name == "id" else bool(value)


def _content(data: Mapping[str, Any]) -> str:
    html, text, summary = (_text(data, name) for name in ("content_html", "content_text", "summary"))
    said = (paragraphs(html), joined(text.split("\n")), joined(summary.split("\n")))
    return next((text for text in said if text), "")


def _author(data: Mapping[str, Any]) -> str | None:
    many = data.get("authors")
    people = many if isinstance(many, list) else [data.get("author")]
    names = (_text(person, "name") for person in people if isinstance(person, dict))
    return author_name(", ".join(name for name in names if name))


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
