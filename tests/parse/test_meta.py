"""What a page says of its article: title, time, author, picture."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from monitor.parse.meta import About, about

URL = "https://kabar.example/berita/1"
TITLE = "Nelayan Wonsela Tolak Izin Pelabuhan"
TEN = datetime(2025, 7, 14, 3, 5, tzinfo=UTC)  # 10:05 in Jakarta
NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)


def said(head: str = "", body: str = "", *, lang: str = "id", **article: object) -> About:
    data = json.dumps({"@type": "NewsArticle", **article}) if article else ""
    script = f'<script type="application/ld+json">{data}</script>' if data else ""
    return about(document_fromstring(f"<html lang={lang}><head>{script}{head}</head><body>x{body}</body></html>"), URL)


def og(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


# -- title ---------------------------------------------------------------------------------------


def test_the_headline_on_the_page_is_the_title_where_another_source_says_it_too() -> None:
    head = f"<title>{TITLE} - Kabar</title>{og('og:title', 'Izin Pelabuhan Wonsela: Ini Kata Nelayan')}"
    assert said(head, f"<h1>Kabar</h1><h1>{TITLE}</h1>").title == TITLE


def test_a_headline_of_several_parts_keeps_their_division() -> None:
    head = og("og:title", "Wonsela: Nelayan Tolak Izin")
    assert (
        said(head, "<h1><span>Wonsela</span><span>Nelayan Tolak Izin</span></h1>").title
        == "Wonsela: Nelayan Tolak Izin"
    )


def test_a_headline_that_only_resembles_the_page_titles_is_still_what_readers_see() -> None:
    head = f"<title>Nelayan Wonsela Menolak Pelabuhan | Kabar</title>{og('og:title', 'Nelayan Wonsela Menolak Pelabuhan | Kabar')}"
    assert said(head, f"<h1>{TITLE}</h1>").title == TITLE


def test_the_name_of_the_site_is_no_title() -> None:
    assert said(og("og:title", TITLE), "<h1>Harian Kabar</h1>").title == TITLE
    assert said(f"<title>{TITLE} | Harian Kabar</title>").title == TITLE


def test_what_is_longer_than_any_title_is_none() -> None:
    assert said(og("og:title", TITLE), f"<h1>{'kata ' * 1000}</h1>").title == TITLE


@pytest.mark.parametrize("mark", ["|", "-", "–", "•", "·", "»", "::"])
def test_the_name_of_the_site_is_cut_from_the_end_of_a_title(mark: str) -> None:
    shared = og("og:title", f"{TITLE} {mark} Harian Kabar")
    assert said(f"{shared}{og('og:site_name', 'Harian Kabar')}").title == TITLE
    assert said(shared, f"<h1>{TITLE}</h1>").title == TITLE
    assert said(headline=f"{TITLE} {mark} Harian Kabar", publisher={"name": "Harian Kabar"}).title == TITLE


def test_a_title_keeps_its_own_dash() -> None:
    title = "Nelayan Wonsela - Sebuah Laporan"
    assert said(og("og:title", title)).title == title
    assert said(og("og:title", title), f"<h1>{title}</h1>").title == title


def test_the_name_of_the_site_in_large_letters_is_no_title() -> None:
    page = f"<title>{TITLE} – Catatan Teluk</title>"
    assert said(page, "<h1>Catatan Teluk</h1>").title == TITLE
    assert (
        said(f"<title>Catatan Teluk: {TITLE}</title>{og('og:title', TITLE)}", "<h1>Catatan Teluk</h1>").title == TITLE
    )


def test_one_text_for_search_engines_in_all_places_does_not_outvote_the_headline_that_readers_see() -> None:
    seo = "Pelabuhan Wonsela 2025: Izin dan Nelayan"
    head = f"<title>{seo}</title>{og('og:title', seo)}"
    headline = {"@type": "BlogPosting", "headline": seo}
    assert said(head, f"<h1>{TITLE}</h1>", **headline).title == TITLE
    assert said(head, f"<h1>{TITLE}</h1>", headline=seo).title == seo  # a newsroom's own
    assert said(head, "<h1>Catatan kami</h1>", **headline).title == seo


def test_places_where_a_word_may_be_broken_are_no_part_of_a_title() -> None:
    assert said(body="<h1>Nelayan Won&shy;sela Tolak Izin Pela&shy;buhan</h1>").title == TITLE


# -- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (og("article:published_time", "2025-07-14T10:05:00+07:00"), ""),
        ('<meta name="parsely-pub-date" content="2025-07-14T03:05:00Z">', ""),
        ("", '<time datetime="2025-07-14T10:05:00+07:00">Senin</time>'),
        ("", '<time>1 hari lalu</time><time class="entry-date published" datetime="2025-07-14T03:05:00Z">x</time>'),
        ("", "<time>Senin, 14 Juli 2025 10:05 WIB</time>"),
        ("", '<div class="x">Senin, 14 Juli 2025 10:05 WIB</div>'),
    ],
)
def test_the_minute_is_found_wherever_it_stands(head: str, body: str) -> None:
    assert said(head, body).published_at == TEN


def test_what_lacks_the_zone_or_the_hour_takes_it_from_another_source() -> None:
    head = og("article:published_time", "2025-07-14T10:05:00+07:00")
    assert said(head, datePublished="2025-07-14").published_at == TEN
    assert said(head, datePublished="2025-07-14 10:05:00.0").published_at == TEN


def test_an_hour_without_a_zone_is_jakartas_on_an_indonesian_page() -> None:
    assert said(datePublished="2025-07-14T10:05:00").published_at == TEN
    assert said(lang="en", datePublished="2025-07-14T03:05:00").published_at == TEN


def test_a_day_alone_is_its_noon() -> None:
    assert said(datePublished="2025-07-14").published_at == NOON
    page = document_fromstring("<html><body><p>x</p></body></html>")
    assert about(page, "https://kabar.example/2025/07/14/nelayan").published_at == NOON


def test_a_day_in_words_in_the_data_gives_way_to_the_one_on_the_page() -> None:
    assert said(body="<p>Published: July 14, 2025</p>", datePublished="Nov 05, 2025").published_at == NOON
    assert said(datePublished="Jul 14, 2025").published_at == NOON


def test_a_year_alone_is_no_date() -> None:
    assert said(body="<p>Sejak 2014 ia melaut.</p>").published_at is None
    assert said(body="<footer>© 2020 Kabar</footer>").published_at is None


def test_without_a_date_there_is_none() -> None:
    assert said().published_at is None


# -- author --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "author",
    [
        "Rara Wening",
        {"@type": "Person", "name": "Rara Wening"},
        {"@type": "Person", "givenName": "Rara", "familyName": "Wening"},
        [{"@type": "Organization", "name": "Kabar"}, {"@type": "Person", "name": "Oleh Rara Wening (raw)"}],
    ],
)
def test_who_wrote_it(author: object) -> None:
    assert said(author=author).author == "Rara Wening"


def test_an_author_who_is_described_elsewhere_on_the_page() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "headline": TITLE, "author": {"@id": "#rara"}},
            {"@type": "Person", "@id": "#rara", "name": "Rara Wening"},
        ]
    }
    page = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert said(page).author == "Rara Wening"


@pytest.mark.parametrize(
    "byline",
    [
        '<a rel="author" href="/rara">Rara Wening</a>',
        '<div class="byline">Oleh <b>Rara Wening</b></div>',
        '<span class="author vcard">By Rara Wening | 14 July</span>',
        "<p>Oleh Rara Wening</p>",
        "<p>By: Rara Wening, Jul 14, 2025</p>",
        '<div class="author"><b>Rara Wening</b><i>Senior Reporter</i></div>',
        '<div class="author">Rara Wening <span>14 July 2025</span></div>',
        '<div class="author">Rara Wening <span>July 14</span></div>',
        '<a href="/penulis/rara">Rara Wening</a>',
        '<a rel="author" href="/rara">All posts by Rara Wening →</a>',
    ],
)
def test_a_byline_names_the_author_where_the_page_says_no_other(byline: str) -> None:
    assert said(body=byline).author == "Rara Wening"
    assert (
        said(og("og:site_name", "Kabar"), byline, author={"@type": "Organization", "name": "Kabar"}).author
        == "Rara Wening"
    )


def test_a_byline_may_name_several() -> None:
    assert (
        said(body='<p class="byline">By <a>Rara Wening</a> and <a>Mai Sari</a></p>').author == "Rara Wening, Mai Sari"
    )


@pytest.mark.parametrize("line", ["Read our latest stories", "Follow us", "14 July 2025", "Lebih banyak dari kami"])
def test_what_is_no_name_is_no_author(line: str) -> None:
    assert said(body=f'<div class="author">{line}</div>').author is None


def test_a_marked_author_may_have_one_name() -> None:
    assert said(body='<a rel="author" href="/s">Suparman</a>').author == "Suparman"
    assert said(body='<a rel="author" href="/s">Admin</a>').author is None
    assert said(body='<div class="author">Suparman</div>').author is None  # nor is it sure to be one


def test_a_menu_names_no_author() -> None:
    assert (
        said(body="<nav><ul><li>By Wine Region</li></ul></nav><li class='main-menu__item'>By Use Case</li>").author
        is None
    )


def test_the_month_in_a_name_stays() -> None:
    assert said(body='<p class="byline">By Theresa May</p>').author == "Theresa May"


def test_a_site_named_like_its_writer_is_the_author_where_no_other_is_named() -> None:
    head = og("og:site_name", "Rara Wening") + og("author", "Rara Wening")
    assert said(head).author == "Rara Wening"
    assert said(head, '<a rel="author">Mai Sari</a>').author == "Mai Sari"
    assert said(og("og:site_name", "Rara at Sea"), '<a rel="author">Rara at Sea</a>').author is None


def test_a_house_is_the_author_where_no_person_is_named() -> None:
    assert said(author={"@type": "Organization", "name": "Kabar"}).author == "Kabar"


@pytest.mark.parametrize("name", ["https://kabar.example/rara", "@rara", "rara@kabar.example", " "])
def test_an_address_is_no_author(name: str) -> None:
    assert said(og("article:author", name)).author is None


def test_a_name_may_begin_like_a_byline() -> None:
    assert said(author="Von der Heide").author == "Von der Heide"


# -- picture, language, access -------------------------------------------------------------------


@pytest.mark.parametrize(
    "image", ["/foto/1.jpg", ["/foto/1.jpg", "/2.jpg"], {"@type": "ImageObject", "url": "/foto/1.jpg"}]
)
def test_the_lead_picture_has_a_whole_address(image: object) -> None:
    assert said(image=image).image == "https://kabar.example/foto/1.jpg"


@pytest.mark.parametrize(
    "image",
    [
        "/assets/logo.png",
        "/img/kabar-logo-2024.jpg",
        "data:image/png;base64,AAAA",
        "/img/default.jpg",
        "/img/og-default-wide.png",
        "/icons/home.png",
        "/pixel/1x1.gif",
        "/no-image.jpg",
        "javascript:x",
    ],
)
def test_a_sign_of_the_site_is_no_picture(image: str) -> None:
    assert said(og("og:image", image)).image is None
    assert said(og("og:image", "/foto/1.jpg"), image=image).image == "https://kabar.example/foto/1.jpg"


@pytest.mark.parametrize(
    "image",
    [
        "/sites/default/files/2025/nelayan.jpg",
        "/crop/2641x1878/nelayan.jpg",
        "/vi/abc/hqdefault.jpg",
        "/nelayan.jpg?policy=logo-overlay",
        "/avatar-fire-and-ash.jpg",
    ],
)
def test_a_picture_is_one_wherever_it_is_kept(image: str) -> None:
    assert said(og("og:image", image)).image == f"https://kabar.example{image}"


def test_the_page_says_its_language() -> None:
    assert said(lang="id-ID").language == "id"
    assert said(lang="''", inLanguage="in").language == "id"


@pytest.mark.parametrize(("value", "free"), [(True, True), ("False", False), ("perhaps", None), (None, None)])
def test_whether_all_may_read_it(*, value: object, free: bool | None) -> None:
    assert said(isAccessibleForFree=value).is_free is free


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 100_000,
        '{"@type": ["NewsArticle", 5, null], "author": [[["x"]], 7], "image": [{}], "datePublished": 5, "headline": {}}',
        '{"@graph": "x", "@id": [], "mainEntity": [null, 1]}',
        "null",
    ],
)
def test_odd_data_is_lived_through(script: str) -> None:
    assert said(f'<script type="application/ld+json">{script}</script>').title == ""


@pytest.mark.parametrize(
    "page",
    [
        f"<p>By{' ' * 100_000}x</p><h1>{' ' * 100_000}</h1><time>{' ' * 100_000}</time>",
        f"<p>By {'Aa ' * 50_000}</p><p>By {'Aa1 ' * 50_000}</p>",
        f"<title>{'a | ' * 200}</title><h1>{'a - ' * 200}</h1>",
        f"<div class=author>{'<i> by </i>' * 5_000}</div>" * 3,
    ],
)
def test_endless_lines_are_lived_through(page: str) -> None:
    assert said(body=page, datePublished="2025-07-14").author is None


def test_data_that_old_templates_wrap_is_read_all_the_same() -> None:
    data = '{"@type": "NewsArticle", "datePublished": "2025-07-14T10:05:00+07:00", "author": ["Rara Wening",],}'
    for before, after in (("//<![CDATA[\n", "\n//]]>"), ("<!--\n", "\n-->"), ("", ";")):
        found = said(f'<script type="application/ld+json">{before}{data}{after}</script>')
        assert (found.published_at, found.author) == (TEN, "Rara Wening")


def test_what_the_page_says_of_other_articles_is_not_of_this_one() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Lain",
        "author": "Orang Lain",
        "articleBody": "Teks lain. " * 99,
        "datePublished": "2020-01-01T00:00:00Z",
    }
    own = {"@type": "NewsArticle", "headline": TITLE, "author": "Rara Wening"}
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(each)}</script>' for each in (other, own))
    found = said(scripts, f"<h1>{TITLE}</h1>")
    assert (found.author, found.body) == ("Rara Wening", "")
