"""What outlets wrote of Kim and Lavrov in Wonsan: the two seeds, a copy, what only looks alike, and what came later."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from monitor.model import Article
from tests.build import an_article
from tests.events import Report

SEEDS: Final = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def seed(number: int) -> Report:
    title, _, body = SEEDS[number].read_text(encoding="utf-8").partition("\n\n")
    return Report(title, tuple(line for line in body.split("\n") if line))


def changed(report: Report, before: str, after: str) -> Report:
    return Report(report.title, tuple(line.replace(before, after) for line in report.paragraphs))


def copied(report: Report, *, byline: tuple[str, str], footer: str) -> Report:
    """As another outlet prints it: its own name before the text, its own words after it."""
    first, *others = report.paragraphs
    return Report(report.title, (first.replace(*byline), *others, footer))


def by(outlet: str, report: Report, path: str = "1") -> Article:
    url = f"https://{outlet}/berita/{path}"
    return an_article(report.title, text=report.text, key=url, url=url, outlet=outlet, feed=f"https://{outlet}/rss")


FIRST: Final = seed(0)
SECOND: Final = seed(1)
COPY: Final = copied(
    SECOND,
    byline=("HASANAH.ID –", "JAKARTA, KABARKINI –"),
    footer="Ikuti saluran KabarKini untuk berita luar negeri lainnya setiap hari.",
)
MISDATED: Final = "Sabtu, 12 Juli 2025"
CORRECTED: Final = changed(FIRST, MISDATED, "Jumat, 11 Juli 2025")
UPDATED: Final = Report(
    CORRECTED.title, (*CORRECTED.paragraphs, "Kedutaan besar Rusia belum bersedia memberikan keterangan tambahan.")
)

# Kim receives another minister, in another place, on another day.
ANOTHER_GUEST: Final = Report(
    "Kim Jong Un Terima Menlu Tiongkok Wang Yi di Pyongyang, Bahas Batu Bara dan Kereta Dandong",
    (
        "Pemimpin Korea Utara, Kim Jong Un, menerima Menlu Tiongkok, Wang Yi, di Pyongyang pada Kamis (9/4/2026).",
        "Keduanya membahas ekspor batu bara dan pembukaan kembali kereta penumpang Dandong–Pyongyang.",
        "Wang membawa 40 pengusaha dari Liaoning.",
        "Menurut Xinhua, nilai perdagangan kedua negara naik 27 persen menjadi 742 juta dolar AS.",
        "Kereta dari Beijing dijadwalkan kembali melintasi Sungai Yalu empat kali sepekan mulai Mei.",
        "Rombongan Wang menginap di wisma tamu Paekhwawon dan bertolak pada Jumat siang.",
    ),
)
RESORT: Final = "Lavrov dan Choe Son Hui berkeliling resor Kalma dengan kapal pesiar sebelum jamuan makan siang."
FLIGHTS: Final = (
    "Penerbangan langsung Moskow–Pyongyang akan dibuka akhir bulan ini, kata Kementerian Transportasi Rusia."
)
FURTHER: Final = {
    "tempo.co": Report(
        "Lavrov di Wonsan: Kim Jong Un Dukung Penuh Rusia soal Ukraina",
        (
            "Kim Jong Un berjanji mendukung Rusia tanpa syarat dalam perang Ukraina saat menjamu Sergei Lavrov.",
            "Menteri luar negeri Rusia itu datang ke Wonsan, Korea Utara, pada Sabtu.",
            "Media pemerintah KCNA menulis bahwa pertemuan itu berlangsung hangat dan penuh saling percaya.",
            RESORT,
        ),
    ),
    "kompas.com": Report(
        "Temui Lavrov di Wonsan, Kim Jong Un Yakin Rusia Menang di Ukraina",
        (
            "Pemimpin Korea Utara Kim Jong Un meyakini Rusia akan memenangi perang di Ukraina.",
            "Keyakinan itu ia sampaikan kepada Sergei Lavrov, menteri luar negeri Rusia, di kota pesisir Wonsan.",
            "KCNA mengabarkan Kim juga memuji kepemimpinan Vladimir Putin dan menitipkan salam untuknya.",
        ),
    ),
    "antaranews.com": Report(
        "Kim Jong Un kepada Lavrov: Korea Utara Siap Dukung Langkah Rusia di Ukraina",
        (
            "Korea Utara siap mendukung semua langkah Rusia di Ukraina, kata Kim Jong Un kepada Lavrov di Wonsan.",
            "Menurut KCNA, kedua pihak menilai hubungan Pyongyang dan Moskow kini setingkat aliansi.",
            FLIGHTS,
        ),
    ),
    "detik.com": Report(
        "Pelukan Kim Jong Un dan Lavrov di Wonsan, Ini yang Dibahas soal Ukraina",
        (
            "Kim Jong Un dan Sergei Lavrov berpelukan di Wonsan, terlihat dari video Kementerian Luar Negeri Rusia.",
            "Keduanya membahas krisis Ukraina dan perjanjian Korea Utara dengan Rusia yang diteken Putin di Pyongyang.",
            "Kim menegaskan dukungan tanpa syarat bagi Moskow, demikian laporan KCNA.",
        ),
    ),
    "republika.co.id": Report(
        "KCNA: Kim Jong Un Sampaikan Dukungan untuk Rusia saat Lavrov Berkunjung ke Wonsan",
        (
            "Kunjungan Sergei Lavrov ke Wonsan dipakai Kim Jong Un untuk menyampaikan dukungan Korea Utara bagi Rusia.",
            "Lavrov membawa pesan Vladimir Putin yang berharap segera berbicara langsung dengan Kim.",
            "Pyongyang disebut telah mengirim ribuan tentara ke Kursk dan memasok peluru artileri untuk melawan Ukraina.",
        ),
    ),
}
