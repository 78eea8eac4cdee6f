"""What belongs to the page goes, what belongs to the article stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.parse.cleaner import Removed, clean
from monitor.parse.leavings import RULES

DOCS = Path(__file__).parent.parent.parent / "docs" / "cleaning.md"
FIRST = "Pemerintah kabupaten membuka seluruh berkas izin kepada warga, Senin."
LAST = "Sidang pertama dijadwalkan akhir bulan ini."


def cleaned(lines: list[str], *, titles: tuple[str, ...], language: str | None = None) -> list[str]:
    return list(clean(lines, titles=titles, language=language).lines)


LEAVINGS = [
    "Baca juga: Ombak Tinggi di Selat Kelana",
    "BACA JUGA:Ombak Tinggi di Selat Kelana",
    "Baca Juga Ombak Tinggi di Selat Kelana",
    "Lihat Juga : Ombak Tinggi",
    "Simak juga Video: Perahu Terbalik di Muara",
    "(Baca juga: Ombak Tinggi)",
    "Baca selengkapnya di sini",
    "Pilihan Editor: Mengapa Garam Turun",
    "ADVERTISEMENT",
    "SCROLL TO CONTINUE WITH CONTENT",
    "Scroll ke bawah untuk melanjutkan membaca",
    "[Gambas:Video 20detik]",
    'Simak Video "Perahu Terbalik"',
    "Halaman Selanjutnya",
    "Halaman 1/3",
    "Back to top button",
    "LOAD MORE",
    "Tags: nelayan, pelabuhan",
    "Facebook | Twitter | WhatsApp",
    "Ikuti kami di Google News dan WhatsApp Channel",
    "Dilarang keras mengambil konten tanpa izin tertulis dari redaksi",
    "Artikel ini telah tayang di harian.example dengan judul Ombak",
    "Copyright © KABAR 2025",
    "Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *",
    "Read more: Islanders count the cost",
    "View this post on Instagram",
    "***",
]

KEPT = [
    "JAKARTA, HARIAN.example - Baca juga menjadi kebiasaan, kata menteri.",
    "Baca juga peraturan itu dengan teliti, kata hakim kepada terdakwa.",
    "Iklan rokok dilarang mulai tahun depan.",
    "Halaman rumah itu penuh lumpur.",
    "Video itu beredar di WhatsApp dan Facebook.",
    "Editor koran itu ditahan polisi.",
    "Berita terkait gempa simpang siur di media sosial.",
    "Related: kata itu diucapkan saksi berkali-kali di ruang sidang, lalu ia diam dan menangis lama sekali di depan hakim, jaksa, dan para pengunjung yang memenuhi ruangan itu sejak pagi, sampai ketua majelis menunda sidang hingga keesokan harinya agar saksi dapat menenangkan diri dan menjawab semua pertanyaan.",
    "Selat Kelana",
    "Facebook",
]


@pytest.mark.parametrize("line", LEAVINGS)
def test_a_leaving_goes(line: str) -> None:
    assert cleaned([FIRST, line, LAST], titles=("Judul",)) == [FIRST, LAST]


@pytest.mark.parametrize("line", KEPT)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert cleaned([FIRST, line, LAST], titles=("Judul",)) == [FIRST, line, LAST]


def test_the_headlines_of_a_list_go_with_its_title() -> None:
    lines = [
        FIRST,
        "Berita Terkait",
        "Bupati Melantik Kepala Dinas yang Baru",
        "Tiga Perahu Rusak Dihantam Angin Barat",
        LAST,
    ]
    assert cleaned(lines, titles=("Judul",)) == [FIRST, LAST]


@pytest.mark.parametrize(
    "credit",
    [
        "(rdp/imk)",
        "(E-2)",
        "Editor: Sekar Pratiwi",
        "Penulis/Editor: Sekar Pratiwi",
        "Pewarta: Rara Wening Editor: Sekar Pratiwi Copyright © KABAR 2025",
        "Rara WeningEditor: Sekar Pratiwi",
        "(Rara Wening)",
        "(Harian.com/Rara)",
        "Bayu Laksana berkontribusi dalam penulisan artikel ini",
    ],
)
def test_a_credit_goes_only_at_the_end(credit: str) -> None:
    assert cleaned([FIRST, LAST, credit], titles=("Judul",)) == [FIRST, LAST]
    assert cleaned([FIRST, credit, LAST], titles=("Judul",)) == [FIRST, credit, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "Judul Berita",
        "Senin, 14 Juli 2025 | 10:05 WIB",
        "By Ines Okoro",
        "2025-07-14T10:05:00+07:00 Kabar",
        "Home > Daerah",
    ],
)
def test_what_stands_above_the_first_paragraph_goes(line: str) -> None:
    assert cleaned([line, FIRST, LAST], titles=("Judul Berita!",)) == [FIRST, LAST]


def test_a_dateline_stays() -> None:
    line = "HASANAH.ID – Pemimpin itu menyatakan dukungan."
    assert cleaned([line, LAST], titles=("Judul",)) == [line, LAST]


def test_nothing_gives_nothing() -> None:
    assert cleaned([], titles=()) == []
    assert cleaned(["ADVERTISEMENT"], titles=()) == []


def test_the_headings_of_the_article_are_no_headlines_of_a_list() -> None:
    """Where the text does not tell what is a link, one line below "Baca Juga" may be the next section's heading."""
    lines = [FIRST, "Baca Juga", "Tuntutan Warga Kampung Nelayan di Teluk", LAST]
    assert cleaned(lines, titles=()) == [FIRST, lines[2], LAST]
    assert clean(lines, titles=(), links=frozenset()).lines == (FIRST, lines[2], LAST)
    assert clean(lines, titles=(), links=frozenset({lines[2]})).lines == (FIRST, LAST)


def test_each_line_that_goes_is_told_with_its_rule() -> None:
    lines = [
        "Judul",
        "Senin, 14 Juli 2025",
        FIRST,
        "ADVERTISEMENT",
        LAST,
        "Berita Terkait",
        "Tiga Perahu Rusak Dihantam Angin",
        "(rdp/imk)",
    ]
    assert clean(lines, titles=("Judul",)).removed == (
        Removed("title", "Judul"),
        Removed("when", "Senin, 14 Juli 2025"),
        Removed("advert", "ADVERTISEMENT"),
        Removed("list", "Berita Terkait"),
        Removed("listed", "Tiga Perahu Rusak Dihantam Angin"),
        Removed("credit", "(rdp/imk)"),
    )


def test_a_name_in_brackets_at_the_end_is_a_credit_only_where_that_is_the_custom() -> None:
    lines = [FIRST, LAST, "(Rara Wening)"]
    assert cleaned(lines, titles=(), language="id") == [FIRST, LAST]
    assert cleaned(lines, titles=(), language="en") == lines


def test_a_list_of_the_article_keeps_its_marks() -> None:
    lines = [FIRST, "- Berkas izin dibuka.", "- Dermaga dipindah.", LAST]
    assert cleaned(lines, titles=()) == lines


def test_every_rule_is_told_of_in_the_documents() -> None:
    told = [line.split("`")[1] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert sorted(told) == sorted(RULES)
