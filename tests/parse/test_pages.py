"""Which links lead to further pages of the same article."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.parse.pages import MOST_PAGES, further

KOMPAS = "https://nasional.kompas.com/read/2025/07/14/10150021/kim-jong-un-sambut-lavrov"


def linked(url: str, *links: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    body = "".join(link if link.startswith("<") else f'<a href="{link}">2</a>' for link in links)
    return further(document_fromstring(f"<html><body><p>Kim</p>{body}</body></html>"), url, known=known)


def a(href: str, text: str, more: str = "") -> str:
    return f'<a href="{href}" {more}>{text}</a>'


@pytest.mark.parametrize(
    ("url", "link", "found"),
    [
        (KOMPAS, a("?page=2", "2"), f"{KOMPAS}?page=2"),
        (KOMPAS, a(f"{KOMPAS}?page=all", "Show All"), f"{KOMPAS}?page=all"),
        (KOMPAS, a("?page=all", "Lihat Semua"), f"{KOMPAS}?page=all"),
        (f"{KOMPAS}?source=rss", a(f"{KOMPAS}?source=rss&page=2", "Selanjutnya"), f"{KOMPAS}?source=rss&page=2"),
        ("https://detik.com/d-7/kim", a("https://detik.com/d-7/kim/2", "2"), "https://detik.com/d-7/kim/2"),
        ("https://detik.com/d-7/kim", a("/d-7/kim?single=1", "Tampilkan Semua"), "https://detik.com/d-7/kim?single=1"),
        ("https://a.id/2025/kim/", a("/2025/kim/2/", "2"), "https://a.id/2025/kim/2/"),
        ("https://a.id/2025/kim/", '<link rel="next" href="/2025/kim/2/">', "https://a.id/2025/kim/2/"),
        ("https://a.id/2025/kim", a("/2025/kim/page/2", "Next"), "https://a.id/2025/kim/page/2"),
        ("https://a.id/kim.html", a("/kim-2.html", "Halaman Selanjutnya"), "https://a.id/kim-2.html"),
        ("https://a.id/kim.html", a("kim_2.html", "›2"), "https://a.id/kim_2.html"),
        ("https://a.id/kim?id=7", a("?id=7&halaman=2", "Halaman 2"), "https://a.id/kim?id=7&halaman=2"),
    ],
)
def test_a_further_page_is_known_by_the_form_of_its_address(url: str, link: str, found: str) -> None:
    assert linked(url, link) == (found,)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (KOMPAS, a("https://nasional.kompas.com/read/2025/07/14/10150099/harga-beras", "Selanjutnya", 'rel="next"')),
        (KOMPAS, '<link rel="next" href="/read/2025/07/13/10150099/harga-beras">'),
        (KOMPAS, a(f"{KOMPAS}?page=2", "Harga beras naik")),
        (KOMPAS, a(f"{KOMPAS}?page=2#comments", "2")),
        (KOMPAS, a("https://lain.example.com/read/2025/07/14/10150021/kim-jong-un-sambut-lavrov?page=2", "2")),
        (KOMPAS, a(f"{KOMPAS}/comment-page-2/", "2")),
        (KOMPAS, a(f"{KOMPAS}?share=whatsapp", "2")),
        ("https://a.id/2025/kim/", a("/2025/kim-di-rusia-2/", "2")),
        ("https://a.id/2025/11/", a("/2025/12/", "Selanjutnya", 'rel="next"')),
        ("https://a.id/", a("/page/2", "2")),
        ("https://a.id/kim?id=7", a("?page=2", "2")),
        ("https://a.id/kim", a("javascript:void(0)", "2")),
        ("https://a.id/kim", a("http://[", "2")),
        ("", a("/kim/2", "2")),
    ],
)
def test_anything_else_is_none(url: str, link: str) -> None:
    assert linked(url, link) == ()


def test_pages_come_in_order_and_the_first_is_not_among_them() -> None:
    links = [a(f"?page={number}", str(number)) for number in (3, 1, 2)]
    assert linked(KOMPAS, *links) == (f"{KOMPAS}?page=2", f"{KOMPAS}?page=3")


def test_an_address_for_all_pages_comes_first_and_once_it_is_known_no_other() -> None:
    links = ("?page=2", a("?page=all", "Show All"))
    assert linked(KOMPAS, *links) == (f"{KOMPAS}?page=all", f"{KOMPAS}?page=2")
    assert linked(KOMPAS, *links, known=(f"{KOMPAS}?page=all",)) == ()


def test_what_is_known_is_not_offered_again_and_there_is_an_end() -> None:
    assert linked(KOMPAS, "?page=2", "?page=3", known=(f"{KOMPAS}?page=2",)) == (f"{KOMPAS}?page=3",)
    assert len(linked(KOMPAS, *(f"?page={number}" for number in range(2, 60)))) == MOST_PAGES - 1
