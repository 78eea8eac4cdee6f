"""What a page shows: the article, a beginning of it, or none."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.model import Quality
from monitor.parse.meta import about
from monitor.parse.verdict import Verdict, verdict

URL = "https://kabar.example/berita/1"
TITLE = "Nelayan Wonsela Tolak Izin Pelabuhan, Bupati Minta Waktu"
PROSE = (
    "Ratusan nelayan Wonsela menolak izin pelabuhan yang terbit pekan lalu. Mereka berkumpul di depan kantor bupati sejak "
    "pagi dan meminta berkas izin dibuka. Bupati meminta waktu sampai akhir bulan untuk memeriksa kembali semua syarat."
)


def shown(text: str, *, name: str = TITLE, title: str = TITLE, notice: str = "", body: str = "") -> Verdict:
    data = (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>' if body else ""
    )
    html = f"<html><head><title>{name}</title>{data}</head><body><h1>{name}</h1><p>{text}</p><div>{notice}</div></body></html>"
    tree = document_fromstring(html)
    return verdict(tree, text, said=about(tree, URL), title=title)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("404 Not Found", "The requested URL was not found on this server.", "error"),
        (
            "Halaman tidak ditemukan - Kabar",
            "Maaf, halaman yang Anda cari tidak ditemukan. Kembali ke beranda.",
            "error",
        ),
        ("Page not found", "Sorry, the page you are looking for does not exist.", "error"),
        ("Access Denied", "You don't have permission to access this page on this server.", "error"),
        ("Just a moment...", "Checking your browser before accessing kabar.example. Ray ID: 7f", "error"),
        ("503 Service Unavailable", "Please try again later.", "error"),
        ("Kabar", "Please enable JavaScript and cookies to continue. Verify you are human.", "error"),
        (
            "Before you continue",
            (
                "We use cookies and data to deliver our services. If you choose to accept all, we will also use cookies to show "
                "personalized ads. Our partners process personal data. You can withdraw your consent at any time in the privacy settings."
            ),
            "consent",
        ),
        (
            "Kabar",
            (
                "Wir und unsere Partner verarbeiten personenbezogene Daten. Mit Ihrer Einwilligung setzen wir Cookies.\n"
                "Ihre Zustimmung können Sie in den Datenschutz-Einstellungen widerrufen."
            ),
            "consent",
        ),
        (
            "Masuk ke akun",
            "Silakan masuk dengan surel dan kata sandi Anda. Lupa kata sandi? Belum punya akun?",
            "log in",
        ),
        ("Sign in to continue", "Enter your password. Forgot your password? Create an account.", "log in"),
    ],
)
def test_a_notice_is_no_article(name: str, text: str, why: str) -> None:
    found = shown(text, name=name)
    assert found.quality is Quality.NO_ARTICLE
    assert why in found.reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (TITLE, PROSE),
        (
            "Pengguna Internet Keluhkan Halaman Tidak Ditemukan",
            f"Halaman tidak ditemukan muncul di layar warga. {PROSE}",
        ),
        (
            "Cookie consent banners to go, says Brussels",
            (
                "Brussels wants cookie consent banners to go, the commission said on Monday. Users would say yes or no once in their "
                "browser, and every site would have to follow. Privacy groups welcomed the plan. Publishers fear for their income."
            ),
        ),
        ("500 warga mengungsi", f"500 warga mengungsi ke balai desa. {PROSE}"),
        ("Masuk musim hujan, warga diminta waspada", PROSE),
    ],
)
def test_an_article_is_one_whatever_it_is_about(name: str, text: str) -> None:
    assert shown(text, name=name, title=name) == Verdict(Quality.FULL, "")
    assert shown(text, name=name, title="").quality is Quality.FULL


def test_what_breaks_off_is_a_beginning() -> None:
    assert shown("Ratusan nelayan Wonsela menolak izin pelabuhan yang terbit pekan…").quality is Quality.TEASER
    assert shown(f"{PROSE} Baca selengkapnya").quality is Quality.TEASER


def test_a_page_that_knows_more_of_itself_than_it_shows_is_a_beginning() -> None:
    assert shown(PROSE, body=" ".join([PROSE] * 6)).quality is Quality.TEASER


@pytest.mark.parametrize(
    "notice",
    [
        "Subscribe to continue reading",
        "Artikel ini khusus untuk pelanggan. Sudah berlangganan? Masuk",
        "Already a subscriber?",
    ],
)
def test_who_must_pay_to_read_on_sees_a_beginning(notice: str) -> None:
    assert shown(PROSE, notice=notice).quality is Quality.PAYWALL


def test_a_whole_article_stays_one_beside_an_offer_to_subscribe() -> None:
    assert shown("\n".join([PROSE] * 9), notice="Subscribe to continue reading").quality is Quality.FULL
