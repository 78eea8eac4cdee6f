"""Documents made to hold up or break their reader: they are read in part, and it is said; or refused in plain words."""

from __future__ import annotations

import pytest

from monitor.errors import ParseError
from monitor.model import ParsedFeed
from monitor.parse.feed import parse_feed

GOOD = b"<item><title>Gempa di Maluku</title><link>https://example.com/1</link></item>"


def rss(*parts: bytes) -> bytes:
    return b"<rss version='2.0'><channel><title>Kabar</title>" + b"".join(parts) + b"</channel></rss>"


def read(content: bytes) -> ParsedFeed:
    return parse_feed(content, url="https://example.com/rss", content_type="application/rss+xml")


TOO_LONG = "of texts of more than 200000 characters, and titles of more than 2000, the beginning is read"
WALL = b" ".join(b'a%d="x"' % number for number in range(50_000))
LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + LAUGHS + b"]>" + rss(b"<item><title>&j;</title></item>", GOOD),
        b'<!DOCTYPE r [<!ENTITY a "'
        + b"a" * 20_000
        + b'">]>'
        + rss(b"<item><title>" + b"&a;" * 20_000 + b"</title></item>"),
        rss(b"<item " + WALL + b"><title>x</title></item>", GOOD),
        b"<rss version='2.0'><channel " + WALL + b">" + GOOD + b"</channel></rss>",
        rss(b"<item " + WALL + b"><title>x</title></itemm>", GOOD),
        rss(b"<item><title>x</title><author>" + b"a" * 200_000 + b"</author></item>", GOOD),
        rss(b"<item><title>x</title><author><![CDATA[" + b"a" * 200_000 + b"]]></author></item>", GOOD),
        rss(b"<item><title>x</title><author>" + b"a" * 200_000),
        rss(b"<a>" * 20_000, b"</a>" * 20_000, GOOD),
        rss(b"<item><description>" + b"&lt;div&gt;" * 100_000 + b"</description></item>"),
        rss(b"<item><title>" * 30_000),
        rss(b"<item>" * 100_000),
        rss(b"<item><title>" + b"&" * 100_000 + b"</title></item>"),
        rss(b"<item><title>" + b"&#65;" * 1_000_000 + b"</title></item>"),
        rss(b"<item><title><![CDATA[" + b"x" * 5_000_000),
        b"<" * 3_000_000,
        rss(b"".join(b"<a%d:b xmlns:a%d='u%d'/>" % (n, n, n) for n in range(20_000)), GOOD),
        b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"PK\x03\x04" + bytes(1000),
        b"\x00" * 1000,
    ],
    ids=lambda content: content[:60].decode("latin-1") + f"… {len(content)}",
)
def test_it_ends_soon_with_entries_or_plain_words(content: bytes) -> None:
    match outcome(content):
        case str(why):
            assert why.startswith(("not a feed", "its "))
            assert "\n" not in why
        case feed:
            assert all(len(entry.title) <= 2_000 and len(entry.text) <= 200_000 for entry in feed.entries)


def outcome(content: bytes) -> ParsedFeed | str:
    try:
        return read(content)
    except ParseError as error:
        return str(error)


def test_nothing_outside_of_the_document_is_read() -> None:
    content = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(b"<item><title>a &x; b</title></item>")
    assert "root" not in str(read(content).entries)


@pytest.mark.parametrize(
    ("content", "complaint", "entries"),
    [
        (rss(GOOD, b"<item><title>%s</title></item>" * 1), None, 2),
        (
            rss(*(b"<item><title>%d</title></item>" % number for number in range(6_000))),
            "it lists 6000 entries; the first 5000 are read",
            5_000,
        ),
        (
            rss(GOOD, b"<item " + WALL + b"><title>x</title></item>"),
            "attributes of more than 4096 bytes are left out",
            2,
        ),
        (
            rss(GOOD, b"<item><title>x</title><author>" + b"a" * 600 + b"</author></item>"),
            "names of more than 500 bytes are left out",
            2,
        ),
        (
            rss(GOOD, b"<item><title>x</title><description>" + b"kata " * 300_000 + b"</description></item>"),
            f"of texts of more than 1 MB the beginning is read; {TOO_LONG}",
            2,
        ),
    ],
)
def test_what_is_left_out_is_said(content: bytes, complaint: str | None, entries: int) -> None:
    feed = read(content)
    assert (feed.complaint, len(feed.entries)) == (complaint, entries)


def test_of_what_is_left_out_nothing_else_suffers() -> None:
    person = b"<author>" + b"a" * 10_000 + b"</author>"
    whole = read(rss(GOOD.replace(b"</item>", b"<author>Ana</author></item>"), b"<item><title>Lain</title></item>"))
    capped = read(rss(GOOD.replace(b"</item>", person + b"</item>"), b"<item><title>Lain</title></item>"))
    assert [(entry.key, entry.title, entry.url) for entry in capped.entries] == [
        (entry.key, entry.title, entry.url) for entry in whole.entries
    ]
    assert [entry.author for entry in capped.entries] == [None, None]


def test_the_errors_that_a_bridge_lists_are_no_entries() -> None:
    failed = b"<item><title>Bridge returned error 500! (20254)</title><link>https://b.example/?x=20254</link></item>"
    with pytest.raises(ParseError, match=r"its bridge says: Bridge returned error 500! \(20254\)"):
        read(rss(failed))
    assert [entry.title for entry in read(rss(failed, GOOD)).entries] == ["Gempa di Maluku"]
