"""What belongs to the page goes, what belongs to the article stays."""

from __future__ import annotations

import pytest

from monitor.parse.cleaner import cleaned

FIRST = "Pemerintah kabupaten membuka seluruh berkas izin kepada warga, Senin."
LAST = "Sidang pertama dijadwalkan akhir bulan ini."

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
    "credit", ["(rdp/imk)", "(E-2)", "Editor: Sekar Pratiwi", "(Rara Wening)", "(Harian.com/Rara)"]
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
