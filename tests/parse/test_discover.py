"""Where a page says its feeds are, and what people write for an address."""

from __future__ import annotations

from contextlib import suppress

import pytest

from monitor.errors import ParseError
from monitor.parse.discover import feed_links, place_of, starts, usual_places

PAGE = "https://news.example/berita/index.html"
RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'


def links(html: str, url: str = PAGE, content_type: str = "text/html") -> list[tuple[str, str]]:
    return [(link.how, link.url) for link in feed_links(html.encode(), content_type, url)]


def declared(html: str) -> list[str]:
    return [url for how, url in links(html) if how == "declared"]


def linked(html: str) -> list[str]:
    return [url for how, url in links(html) if how == "linked"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("tempo.co", ["https://tempo.co", "http://tempo.co"]),
        (" www.tempo.co/rss ", ["https://www.tempo.co/rss", "http://www.tempo.co/rss"]),
        ("localhost:8000/x", ["https://localhost:8000/x", "http://localhost:8000/x"]),
        ("//tempo.co/rss", ["https://tempo.co/rss", "http://tempo.co/rss"]),
        ("http://tempo.co", ["http://tempo.co"]),
        ("HTTPS://tempo.co/a b", ["https://tempo.co/a%20b"]),
        ("feed://tempo.co/rss", ["https://tempo.co/rss", "http://tempo.co/rss"]),
        ("feed:https://tempo.co/rss", ["https://tempo.co/rss"]),
        ("ftp://tempo.co", []),
        ("", []),
        ("https://", []),
    ],
)
def test_an_address_may_be_written_as_people_do(written: str, asked: list[str]) -> None:
    assert [url.replace("HTTPS:", "https:") for url in starts(written)] == asked


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (RSS.format("/rss"), "https://news.example/rss"),
        (RSS.format("rss.xml"), "https://news.example/berita/rss.xml"),
        (RSS.format("//cdn.example/rss"), "https://cdn.example/rss"),
        (RSS.format("feed:https://news.example/x"), "https://news.example/x"),
        (f"<base href='/id/'>{RSS.format('rss')}", "https://news.example/id/rss"),
        (f"<base href='https://o.example/a/'>{RSS.format('rss')}", "https://o.example/a/rss"),
        (f"<base target=x>{RSS.format('rss')}", "https://news.example/berita/rss"),
        (
            "<LINK REL='Alternate nofollow' TYPE='Application/Atom+XML; charset=utf-8' HREF=/a>",
            "https://news.example/a",
        ),
        ("<link rel=alternate type=application/feed+json href=/f.json>", "https://news.example/f.json"),
        ("<link rel=feed href=/f>", "https://news.example/f"),
        (RSS.format("/a?x=1&amp;y=2"), "https://news.example/a?x=1&y=2"),
        (f"<body><p>late<p>{RSS.format('/rss')}", "https://news.example/rss"),
    ],
)
def test_a_declared_feed_is_found(html: str, found: str) -> None:
    assert declared(html) == [found]


@pytest.mark.parametrize(
    "html",
    [
        "<link rel=stylesheet type=application/rss+xml href=/a>",
        "<link rel=alternate hreflang=en href=/en/>",
        "<link rel=alternate type=application/json+oembed href=/wp-json/oembed>",
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2>",
        "<link rel=alternate type=application/rss+xml>",
        RSS.format("javascript:alert(1)"),
        RSS.format("file:///etc/passwd"),
        f"<p>x<!-- {RSS.format('/rss')} -->",
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(html: str) -> None:
    assert links(html) == []


def test_feeds_of_comments_come_last() -> None:
    html = RSS.format("/comments/feed/") + RSS.format("/feed/") + RSS.format("/feed/")
    assert declared(html) == ["https://news.example/feed/", "https://news.example/comments/feed/"]


@pytest.mark.parametrize(
    "href",
    ["/rss/nasional", "/feed/", "/x.xml", "/index.php?format=feed", "https://rss.news.example/x", "/a.rss", "/a/feed"],
)
def test_a_link_that_looks_like_a_feed_is_one_to_ask(href: str) -> None:
    assert len(linked(f"<a href='{href}'>Nasional</a>")) == 1


def test_a_short_link_that_says_so_is_one_to_ask() -> None:
    assert linked("<a href='/n'><b>RSS</b></a> <a href='/m' title='RSS feed'><img></a>") == [
        "https://news.example/n",
        "https://news.example/m",
    ]


@pytest.mark.parametrize(
    "href",
    [
        "/feedback",
        "/atom-bomb-test",
        "/berita/feed-the-world",
        "/sitemap.xml",
        "/rss.png",
        "https://feedly.example/i/subscription/feed/https://news.example/rss",
        "https://share.example/?url=https%3A%2F%2Fnews.example%2Ffeed",
        "javascript:rss()",
        "mailto:rss@news.example",
        "#rss",
        PAGE,
    ],
)
def test_a_link_that_only_resembles_one_is_none(href: str) -> None:
    assert linked(f"<a href='{href}'>Nasional</a>") == []


def test_the_sites_own_links_come_first() -> None:
    html = "<a href='https://feeds.burner.example/x'>a</a><a href='/rss'>b</a>"
    assert linked(html) == ["https://news.example/rss", "https://feeds.burner.example/x"]


def test_of_endless_links_a_few_are_asked() -> None:
    html = "".join(RSS.format(f"/rss/{n}") + f"<a href='/feed/{n}'>x</a>" for n in range(1000))
    assert (len(declared(html)), len(linked(html))) == (20, 20)


def test_a_page_of_another_charset_is_read() -> None:
    html = '<meta charset="windows-1251"><a href="/п">RSS</a>'.encode("cp1251")
    assert [link.url for link in feed_links(html, "", PAGE)] == ["https://news.example/п"]


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"<" * 10_000, b"<div>" * 50_000])
def test_whatever_a_page_is_it_harms_nothing(content: bytes) -> None:
    with suppress(ParseError):
        assert feed_links(content, "text/html", PAGE) == ()


def test_the_part_that_is_named_is_looked_at_before_the_site() -> None:
    places = [place.url for place in usual_places("https://news.example/berita/index.html?x=1")]
    assert places[:4] == [
        "https://news.example/berita/feed",
        "https://news.example/berita/rss",
        "https://news.example/berita/rss.xml",
        "https://news.example/feed",
    ]
    assert places[-1] == "https://news.example/?feed=rss2"
    assert len(usual_places("https://news.example")) == 9


def test_the_same_feed_has_one_place() -> None:
    same = ["http://news.example/rss?a=1", "https://news.example:443/rss?a=1#x", "https://ana:x@NEWS.example/rss?a=1"]
    assert len(set(map(place_of, same))) == 1
    others = ["https://news.example/rss", "https://news.example:8443/rss?a=1", "https://www.news.example/rss?a=1"]
    assert len(set(map(place_of, [*same, *others]))) == 4
