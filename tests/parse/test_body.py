"""Of a page the article's own paragraphs are taken, all of them and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring, tostring

from monitor.parse.body import Body, SiteRule, body
from monitor.parse.meta import about

URL = "https://kabar.example/berita/1"
PARAGRAPHS = [
    "Ratusan nelayan Wonsela menolak izin pelabuhan baru yang terbit pekan lalu, dan berkumpul di depan kantor bupati.",
    "Mereka membawa jala dan dayung, lalu membacakan tuntutan agar berkas izin dibuka kepada semua warga kampung.",
    "Bupati Sekar Pratiwi menemui mereka pada siang hari, didampingi kepala dinas perikanan dan dua orang staf.",
    '"Kami minta waktu sampai akhir bulan untuk memeriksa semua syarat," kata Sekar di hadapan para nelayan.',
    "Izin itu mencakup dermaga sepanjang dua ratus meter di tempat perahu nelayan biasa berlabuh setiap sore.",
    "Seorang nelayan, Bayu Laksana, berkata perahu tidak punya tempat lain bila angin barat datang.",
    "Dinas perikanan mencatat delapan ratus keluarga hidup dari teluk itu, sebagian besar dengan perahu kecil.",
    "Sidang pertama tentang gugatan warga dijadwalkan pada akhir bulan ini di pengadilan kabupaten.",
]
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Nasional", "Rusia", "Olahraga", "Ekonomi"))
OTHERS = "".join(f'<li><a href="/berita/{n}"><h3>Kapal Rusia Berlabuh di Selat {n}</h3></a></li>' for n in range(2, 8))


def portal(content: str, *, head: str = "") -> HtmlElement:
    return document_fromstring(
        f"<html lang=id><head><title>Nelayan Wonsela Tolak Izin - Kabar</title>{head}</head><body>"
        f"<header><nav><ul>{MENU}</ul></nav></header><main><article><h1>Nelayan Wonsela Tolak Izin</h1>{content}</article>"
        f'<aside class="terpopuler"><h2>Terpopuler</h2><ul>{OTHERS}</ul></aside></main>'
        "<footer><p>Tentang kami</p><p>Pedoman media siber</p></footer></body></html>"
    )


def read(tree: HtmlElement, rule: SiteRule | None = None) -> Body:
    return body(tree, url=URL, said=about(tree, URL), rule=rule)


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_menus_and_other_headlines_are_left_out() -> None:
    assert list(read(portal(f"<div class=body>{paragraphs(PARAGRAPHS)}</div>")).lines) == PARAGRAPHS


def test_an_article_in_several_containers_is_joined() -> None:
    cut = "".join(
        f"<div class=part>{paragraphs(PARAGRAPHS[at : at + 2])}</div><div class=ad>Iklan</div>" for at in range(0, 8, 2)
    )
    found = [line for line in read(portal(cut)).lines if line != "Iklan"]
    assert found == PARAGRAPHS


def test_lines_that_only_breaks_end_are_lines() -> None:
    assert list(read(portal(f"<div class=body>{'<br><br>'.join(PARAGRAPHS)}</div>")).lines) == PARAGRAPHS


def test_subheadings_and_lists_are_the_articles() -> None:
    content = f"{paragraphs(PARAGRAPHS[:3])}<h2>Tuntutan warga</h2><ul><li>Berkas izin dibuka untuk semua warga.</li><li>Dermaga dipindah ke utara teluk.</li></ul>{paragraphs(PARAGRAPHS[3:])}"
    found = read(portal(f"<div class=body>{content}</div>")).lines
    assert "Tuntutan warga" in found
    assert "Dermaga dipindah ke utara teluk." in found


def test_no_item_of_a_list_is_lost() -> None:
    items = [
        "Perahu karet menjemput warga lanjut usia lebih dahulu.",
        "Dapur umum dibuka di lapangan Kecamatan Sarayu.",
        "Puskesmas keliling memeriksa anak-anak dan ibu hamil.",
    ]
    for tag in ("ul", "ol"):
        listed = f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"
        content = f"{paragraphs(PARAGRAPHS[:4])}{listed}{paragraphs(PARAGRAPHS[4:])}"
        assert list(read(portal(f"<div class=body>{content}</div>")).lines) == [
            *PARAGRAPHS[:4],
            *items,
            *PARAGRAPHS[4:],
        ]


def test_what_ends_an_article_is_not_lost() -> None:
    quote = "“Saya melihat sendiri air itu naik dengan cepat dan kami semua lari ke atas bukit,” kata Andi."
    jobs = ["Berikut jadwalnya:", "Senin: Bandung", "Selasa: Medan", "Rabu: Kupang"]
    quoted = f"{paragraphs(PARAGRAPHS)}<blockquote><p>{quote}</p></blockquote>"
    listed = f"{paragraphs(PARAGRAPHS)}<p>{jobs[0]}</p><ul>{''.join(f'<li>{job}</li>' for job in jobs[1:])}</ul>"
    assert list(read(portal(f"<div class=body>{quoted}</div>")).lines) == [*PARAGRAPHS, quote]
    assert list(read(portal(f"<div class=body>{listed}</div>")).lines) == [*PARAGRAPHS, *jobs]


def test_where_the_page_shows_only_a_beginning_what_it_says_of_itself_is_taken() -> None:
    text = "\\n\\n".join(PARAGRAPHS).replace('"', '\\"')
    said = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{text}"}}</script>'
    found = read(portal(paragraphs(PARAGRAPHS[:1]), head=said))
    assert (list(found.lines), found.source) == (PARAGRAPHS, "json-ld")


def test_a_sites_rule_wins() -> None:
    tree = portal(
        f"<div class=intro><p>Kata redaksi yang panjang tentang edisi ini.</p></div><div class=body>{paragraphs(PARAGRAPHS)}"
        "<p class=box>Ikuti kuis berhadiah kami setiap pekan di halaman ini.</p></div>"
    )
    found = read(tree, SiteRule(content=".body", remove=(".box",)))
    assert (list(found.lines), found.source) == (PARAGRAPHS, "site rule")


def test_a_rule_that_fits_nothing_on_a_page_changes_nothing() -> None:
    tree = portal(f"<div class=body>{paragraphs(PARAGRAPHS)}</div>")
    assert read(tree, SiteRule(content=".gone", remove=(".nowhere",))) == read(tree)


def test_what_a_rule_removes_is_gone_wherever_the_text_comes_from() -> None:
    tree = portal(f"<div class=body>{paragraphs(PARAGRAPHS)}<div class=box><p>{PARAGRAPHS[0]} Lagi.</p></div></div>")
    assert list(read(tree, SiteRule(remove=(".box",))).lines) == PARAGRAPHS


def test_the_page_is_left_as_it_was() -> None:
    tree = portal(paragraphs(PARAGRAPHS))
    before = tostring(tree)
    read(tree, SiteRule(remove=("p",)))
    assert tostring(tree) == before


@pytest.mark.parametrize(
    "html",
    [
        "<p>",
        "<html><body></body></html>",
        "<div>" * 5000 + "dalam",
        "<table><tr><td>" * 300 + "sel",
        "<p>" + "kata " * 200_000,
        "<!-- nothing -->x",
        "<button>" + "<p>Teks yang panjang sekali di dalam tombol.</p>" * 70,
    ],
)
def test_an_odd_page_gives_less_and_never_an_error(html: str) -> None:
    read(document_fromstring(html))


tags = st.sampled_from(
    ["p", "div", "li", "h2", "table", "td", "script", "br", "button", "article", "span", "a", "svg", "x-y"]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(tags, st.booleans(), st.text(max_size=40)), min_size=1, max_size=40))
def test_any_page_is_lived_through(pieces: list[tuple[str, bool, str]]) -> None:
    html = "".join(f"<{tag}>{text}{f'</{tag}>' if closed else ''}" for tag, closed, text in pieces)
    found = read(document_fromstring(f"<html><body>x{html.replace(chr(0), '')}</body></html>"))
    assert all(line.strip() for line in found.lines)
