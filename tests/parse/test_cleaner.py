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
    "- Baca juga: Ombak Tinggi di Selat Kelana",
    "Baca jugaOmbak Tinggi di Selat Kelana",
    "Scroll untuk membaca",
    "GULIR UNTUK LANJUT BACA",
    "Baca berita dengan sedikit iklan, klik di sini",
    "Simak breaking news dan berita pilihan kami langsung di ponselmu. Akses berita Harian lewat WhatsApp Channel : https://wa.example/c.",
    "* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor Cek Fakta 0800 1234",
    "Follow Berita Harian di Google News",
    "Artikel ini sudah lebih dulu tayang di harian.example. Selengkapnya klik di sini.",
    "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis di situs web ini",
    "Hak Cipta © 2025 Kabar",
    "0 SHARES",
    "Foto: Dok. Kabar",
    "Photo: Ines Okoro/Harbour News",
    "Share this article",
    "Table of contents",
    "Bersambung ke halaman berikutnya...",
    "Baca halaman selanjutnya >>>",
    "Lanjut baca ke sebelah...",
    "Share on Facebook",
    "Click to share on WhatsApp (Opens in new window)",
    "Like this:",
    "Post Views: 1.204",
    "Navigasi pos",
    "Ikuti kami di Instagram dan TikTok",
    "Unduh aplikasi Harian sekarang",
    "Rekomendasi untuk Anda",
    "Suasana pelabuhan pada pagi hari (Foto: Dok. Kabar)",
    "Ilustrasi pelabuhan. (Kabar/Rara Wening)",
    "This article was originally published on Harbour News",
    "Read our full review of the harbour",
    "Click here to get the app",
    "This story is exclusive to subscribers",
]

KEPT = [
    "Topik: ekonomi dan perang dagang menjadi bahasan utama kedua pemimpin itu di Jakarta.",
    "Lihat video itu, polisi langsung menangkap pelaku di Bandung",
    "Follow us or die, rebels told villagers in the north before the attack",
    "Ikuti kami di jalan ini, seru demonstran di depan gedung",
    "Update banjir Jakarta: BPBD membuka kanal WhatsApp untuk pengaduan warga yang terdampak",
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
    "Baca pesan yang beredar di grup WhatsApp itu, warga panik dan keluar rumah.",
    '"Ikuti saja grup WhatsApp kampung," kata Bayu kepada warga yang datang.',
    "Simak video itu sampai habis, kata hakim kepada saksi.",
    "Hak cipta lagu itu terbit 1998 dan masih berlaku.",
    "(c) Perubahan atas undang-undang tahun 2014 tentang laut;",
    "Artikel ini ditulis dua puluh tahun lalu.",
    "Foto: benda itu ditemukan di dasar laut.",
    "Unduh aplikasi itu, kata petugas, sebelum berangkat, kata dia.",
    "Read the letter, she told them.",
    "Secure the vendors early (photo, video, florist)",
    "Bagikan beras kepada warga.",
    "Unduh aplikasi layanan warga di ponsel",
    "Foto itu diunggah pada Senin (14/7/2025)",
    "Rekomendasi",
    "Dibaca lima hakim, putusan itu setebal 400 halaman.",
    "Lanjut ke semifinal, tim itu menang tiga kali.",
    "- Berkas izin dibuka.",
    "…",
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


def test_a_share_bar_below_the_text_goes_with_the_credits_above_it() -> None:
    lines = [FIRST, LAST, "(Red)", "Editor : Sekar Pratiwi", "Tags", "Facebook", "WhatsApp", "Telegram"]
    assert cleaned(lines, titles=()) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "Judul Berita",
        "Senin, 14 Juli 2025 | 10:05 WIB",
        "By Ines Okoro",
        "2025-07-14T10:05:00+07:00 Kabar",
        "Home > Daerah",
        "Oleh Rara Wening dan Bayu Laksana",
        "Penulis: Rara Wening | Editor: Bayu Laksana",
        "Laporan wartawan Harian, Rara Wening",
        "Last updated on September 16th, 2023 at 09:27 am",
        "2 jam yang lalu",
        "waktu baca 2 menit",
        "Oleh Rara Wening Diterbitkan 14 Juli 2025, 10:05 WIB",
    ],
)
def test_what_stands_above_the_first_paragraph_goes(line: str) -> None:
    assert cleaned([line, FIRST, LAST], titles=("Judul Berita!",)) == [FIRST, LAST]


def test_a_dateline_stays() -> None:
    line = "HASANAH.ID – Pemimpin itu menyatakan dukungan."
    assert cleaned([line, LAST], titles=("Judul",)) == [line, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "Oleh karena itu warga mengungsi",
        "By the time he came, all were gone",
        "7 Fakta Menarik",
        "10.000 Warga Mengungsi",
        "Marina Bay 2025",
        "Jangan 2 kali",
    ],
)
def test_a_first_line_that_only_begins_like_a_date_or_a_byline_stays(line: str) -> None:
    assert cleaned([line, FIRST, LAST], titles=("Judul",)) == [line, FIRST, LAST]


def test_the_name_of_a_column_above_the_date_goes_where_that_is_the_custom() -> None:
    lines = ["Kabar Daerah", "Senin, 14 Juli 2025", FIRST, LAST]
    assert cleaned(lines, titles=(), language="id") == [FIRST, LAST]
    assert cleaned(lines, titles=(), language="en") == lines


def test_a_link_to_another_report_goes_and_the_heading_of_a_paragraph_stays() -> None:
    other, heading = "Harga Solar Naik, Ongkos Melaut Membengkak", "Bupati Membuka Seluruh Berkas Izin kepada Warga"
    paragraph = "Bupati membuka seluruh berkas izin kepada warga setelah pertemuan panjang di halaman kantornya, Senin."
    lines = [FIRST, other, paragraph, heading, paragraph, LAST, other]
    links = frozenset({other, heading})
    assert clean(lines, titles=(), language="id", links=links).lines == (FIRST, paragraph, heading, paragraph, LAST)
    assert clean(lines, titles=(), language="en", links=links).lines == tuple(lines)


@pytest.mark.parametrize(
    "bit",
    ["1", "1/", "jan", "a ", "A", "A ", "(A", "home>", "page 1 ", "facebook|", " ", "|", ", kata", "14 mei 2025 "],
)
def test_a_long_odd_line_is_read_like_any_other(bit: str) -> None:
    """Rules that try every way to divide a line would not end here in anyone's lifetime."""
    for begin in ("", "by ", "(", "halaman ", "share "):
        line = (begin + bit * 300)[:299] + "!"
        cleaned([line, FIRST, line, LAST, line], titles=("Judul",))


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
