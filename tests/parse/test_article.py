"""An entry and its page become one article, whatever the page is like."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Article, Entry, Page, Quality
from monitor.parse.article import Pages, extract, read_page
from monitor.text import content_hash

NOW = datetime(2025, 7, 14, 12, tzinfo=UTC)
FOLDER = Path(__file__).parent.parent / "data" / "articles"
PORTAL = (FOLDER / "portal_detail.html").read_bytes()
URL = "https://news.example.com/berita/d-7812/nelayan-wonsela-tolak-izin-pelabuhan"
TITLE = "Nelayan Wonsela Tolak Izin Pelabuhan, Bupati Minta Waktu"
ENTRY = Entry(key="7812", url=f"{URL}?utm_source=rss", title=TITLE, text="Ratusan nelayan menolak izin pelabuhan.")
BODY = "Delegasi kedua negara bertemu di kota Almera untuk membahas batas perairan yang lama dipersoalkan. " * 3


def article(entry: Entry = ENTRY, page: Page | None = None) -> Article:
    pages = Pages((page,)) if page else Pages()
    return extract(entry, pages, feed="https://news.example.com/rss", feed_name="Kabar", first_seen_at=NOW).article


def page(body: str, *, head: str = "", url: str = URL, lang: str = "id") -> Page:
    html = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return Page(url, html.encode(), "text/html")


def test_the_page_gives_text_time_author_and_language() -> None:
    found = article(page=Page(ENTRY.url, PORTAL, "text/html"))
    assert found.quality is Quality.FULL
    assert found.text.startswith("Wonsela - Ratusan nelayan")
    assert found.text.endswith("akhir bulan ini.")
    assert (found.key, found.url) == (URL, URL)
    assert (found.outlet, found.author, found.language) == ("example.com", "Rara Wening", "id")
    assert found.published_at == datetime(2025, 7, 14, 3, 5, tzinfo=UTC)
    assert found.first_seen_at == NOW
    assert found.content_hash == content_hash(found.title, found.text)
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_the_feed_says_of_time_title_and_author_comes_first() -> None:
    said = replace(ENTRY, published_at=NOW, author="Bayu", title="Nelayan Wonsela menolak pelabuhan")
    found = article(said, Page(ENTRY.url, PORTAL, "text/html"))
    assert (found.published_at, found.author) == (NOW, "Bayu")
    assert found.title == "Nelayan Wonsela menolak pelabuhan"


def test_a_language_that_the_text_clearly_is_not_in_is_not_believed() -> None:
    """Templates leave "en" on pages and in feeds."""
    assert article(replace(ENTRY, language="en"), Page(ENTRY.url, PORTAL, "text/html")).language == "id"
    assert article(replace(ENTRY, language="ms"), Page(ENTRY.url, PORTAL, "text/html")).language == "ms"


def test_a_page_that_says_only_the_day_is_not_of_this_evening() -> None:
    today = page(f"<h1>{TITLE}</h1><p>{BODY}</p>", head='<meta name="date" content="2025-07-14">')
    assert article(page=today).published_at == NOW
    early = replace(ENTRY, key="early")
    found = extract(early, Pages((today,)), feed="f", feed_name="Kabar", first_seen_at=NOW.replace(hour=1)).article
    assert found.published_at == NOW.replace(hour=1)


def test_a_title_made_of_first_words_gives_way_to_the_pages_own() -> None:
    untitled = replace(ENTRY, title=ENTRY.text)
    assert article(untitled).title == ENTRY.text
    assert article(untitled, Page(ENTRY.url, PORTAL, "text/html")).title == TITLE


@pytest.mark.parametrize(
    "unreadable",
    [
        None,
        Page(URL, b"", "text/html"),
        Page(URL, b"%PDF-1.7 ...", "application/pdf"),
        Page(URL, b"\x00\xff\xfe\x01" * 50, "text/html"),
        Page(URL, b"<html></html>", "text/html"),
    ],
)
def test_without_a_readable_page_the_feeds_own_words_are_the_article(unreadable: Page | None) -> None:
    found = article(page=unreadable)
    assert found.quality is Quality.FEED_ONLY
    assert found.text == ENTRY.text
    assert found.key == URL
    assert found.outlet == "example.com"


def test_a_page_that_is_not_about_the_entry_is_not_its_article() -> None:
    login = page(f"<main><h1>Masuk ke akun</h1><p>{'Silakan masuk dengan surel dan kata sandi Anda. ' * 9}</p></main>")
    found = article(page=replace(login, url="https://news.example.com/masuk"))
    assert (found.quality, found.quality_reason) == (Quality.NO_ARTICLE, "the page asks its readers to log in")
    assert found.text == ENTRY.text
    assert found.key == URL


def test_a_page_about_something_else_is_not_its_article() -> None:
    other = page(f"<main><h1>Harga Garam Turun</h1><p>{'Harga garam turun di pasar induk. ' * 20}</p></main>")
    found = article(page=other)
    assert (found.quality, found.quality_reason) == (Quality.FEED_ONLY, "the page is about something else")
    assert found.text == ENTRY.text


def test_a_page_that_is_none_gives_no_text_even_where_the_feed_has_none() -> None:
    consent = page(
        "<h1>Before you continue</h1><p>We use cookies. Accept all to let our partners store and access data.</p>"
        "<p>You may withdraw your consent in the privacy settings.</p>"
    )
    found = article(replace(ENTRY, text=""), consent)
    assert (found.quality, found.text, found.title) == (Quality.NO_ARTICLE, "", TITLE)


def test_the_pages_of_an_article_are_one_text_and_what_they_repeat_stands_there_once() -> None:
    parts = [
        [f"Nelayan Wonsela, bagian {n} dari laporan ini, kalimat {m}. {BODY}" for m in range(3)] for n in (1, 2, 3)
    ]
    pages = tuple(
        page(
            f"<article><h1>{TITLE}</h1>{''.join(f'<p>{line}</p>' for line in part)}<p>Bupati meminta waktu. {BODY}</p></article>",
            url=f"{URL}?page={number}",
        )
        for number, part in enumerate(parts, 1)
    )
    found = extract(ENTRY, Pages(pages), feed="f", feed_name="Kabar", first_seen_at=NOW).article
    said = [line.split(".")[0] for line in found.text.split("\n\n")]
    assert said == [
        *(f"Nelayan Wonsela, bagian 1 dari laporan ini, kalimat {m}" for m in range(3)),
        "Bupati meminta waktu",
        *(f"Nelayan Wonsela, bagian {n} dari laporan ini, kalimat {m}" for n in (2, 3) for m in range(3)),
    ]


def test_the_feed_is_taken_where_it_says_clearly_more() -> None:
    full = replace(ENTRY, text="\n\n".join([f"Nelayan Wonsela menolak izin pelabuhan. {BODY}"] * 3))
    found = article(
        full, page(f"<article><h1>{TITLE}</h1><p>Nelayan Wonsela menolak izin pelabuhan itu.</p></article>")
    )
    assert found.text == full.text.replace(" \n", "\n").strip()
    assert found.quality is Quality.FEED_ONLY


def test_a_page_that_breaks_off_is_a_teaser() -> None:
    teaser = page(
        f"<article><h1>{TITLE}</h1><p>Ratusan nelayan Wonsela menolak izin pelabuhan yang terbit pekan…</p></article>"
    )
    assert article(page=teaser).quality is Quality.TEASER


def test_a_short_report_that_ends_is_whole() -> None:
    short = page(f"<article><h1>{TITLE}</h1><p>Ratusan nelayan Wonsela menolak izin pelabuhan, Senin.</p></article>")
    assert article(page=short).quality is Quality.FULL


def test_the_title_is_not_said_again() -> None:
    found = article(
        page=page(f"<main><article><h2>{TITLE.upper()}</h2><p>{BODY}</p><p>{BODY}</p></article></main>", lang="en")
    )
    assert TITLE.casefold() not in found.text.casefold()


CANONICAL = '<link rel="canonical" href="{}">'


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("https://www.example.com/berita/lain", True),
        ("/berita/d-7812/singkat", True),
        ("https://example.org/salinan", False),
        ("https://news.example.com/", False),
        ("https://news.example.com/berita", False),
        ("javascript:void(0)", False),
    ],
)
def test_a_page_may_name_its_address_within_its_own_site(canonical: str, *, believed: bool) -> None:
    body = f"<article><h1>{TITLE}</h1><p>Nelayan Wonsela. {BODY}</p></article>"
    found = article(page=page(body, head=CANONICAL.format(canonical)))
    assert (found.key != URL) is believed


def test_entries_that_share_a_link_stay_apart() -> None:
    live = Page(ENTRY.url, PORTAL, "text/html")
    one, other = (article(replace(ENTRY, key=key, shares_link=True), live) for key in ("a", "b"))
    assert one.key != other.key
    assert one.url == other.url == ENTRY.url.removesuffix("?utm_source=rss")
    assert one.text == ENTRY.text


def test_without_a_link_the_entry_is_known_by_its_feed() -> None:
    found = article(replace(ENTRY, url=""))
    assert (found.key, found.outlet) == ("https://news.example.com/rss#7812", "Kabar")


def test_who_published_first_is_the_outlet() -> None:
    assert article(replace(ENTRY, source_url="https://www.tempo.co")).outlet == "tempo.co"
    assert article(replace(ENTRY, url="http://127.0.0.1:8080/a")).outlet == "Kabar"


def test_only_a_guid_that_is_unique_everywhere_goes_on() -> None:
    assert article().guid is None
    assert article(replace(ENTRY, key="tag:a,2025:1", guid="tag:a,2025:1")).guid == "tag:a,2025:1"
    assert article(replace(ENTRY, key="1", guid="1")).guid is None
    assert article(replace(ENTRY, key="tag:a,2025:1#ff", guid="tag:a,2025:1")).guid is None


def test_a_text_file_is_an_article_as_it_is() -> None:
    text = "Baca juga: apa saja\nBaris  kedua\n\n\nBerita Terkait"
    entry = Entry(
        key="text:00112233445566ff", url="seeds/000_00112233445566ff.txt", title="Judul", text=text, is_file=True
    )
    found = article(entry)
    assert (found.key, found.url, found.text) == (entry.key, entry.url, text)
    assert (found.outlet, found.quality) == ("Kabar", Quality.FULL)


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "iso-8859-1", "text/html; charset=ISO-8859-1"),
        ("windows-1252", "iso-8859-1", "text/html"),
        ("windows-1252", "", "text/html; charset=windows-1252"),
        ("windows-1252", "", ""),
        ("windows-1251", "windows-1251", "text/html"),
        ("gb18030", "gb2312", "text/html"),
        ("utf-16", "", "text/html"),
    ],
)
def test_letters_are_right_whatever_is_declared(charset: str, declared: str, header: str) -> None:
    letters = {"windows-1251": "Паром вышел из порта", "gb18030": "两国代表团在港口会谈"}.get(
        charset, "“Café” naïve déjà"
    )
    meta = f'<meta charset="{declared}">' if declared else ""
    html = f"<!DOCTYPE html><html><head>{meta}<title>T</title></head><body><article><p>{letters} {BODY}</p></article></body></html>"
    assert letters in read_page(Page(URL, html.encode(charset), header), now=NOW).text


def test_a_page_alone_is_read_without_a_feed() -> None:
    found = read_page(Page("", PORTAL, "text/html"), now=NOW)
    assert (found.title, found.url, found.outlet) == (TITLE, URL, "example.com")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body></body></html>",
        b"\x00" * 99,
        b"%PDF-1.4",
        b"<!DOCTYPE html><html><body><nav>a</nav></body></html>",
    ],
)
def test_a_page_without_an_article_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ParseError, match=r"not a web page|no article text"):
        read_page(Page(URL, content, "text/html"), now=NOW)


cuts = st.tuples(st.integers(0, 6000), st.integers(0, 60), st.binary(max_size=12))


@given(st.lists(cuts, max_size=5))
def test_a_damaged_page_still_gives_an_article(damage: list[tuple[int, int, bytes]]) -> None:
    content = PORTAL
    for at, length, new in damage:
        content = content[:at] + new + content[at + length :]
    found = article(page=Page(URL, content, "text/html"))
    assert found.title == TITLE
    assert found.text
    assert "\x00" not in found.text


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_a_page_we_live_through(content: bytes, content_type: str) -> None:
    assert article(page=Page(URL, content, content_type)).title == TITLE
