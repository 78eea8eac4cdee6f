"""Invented reports for the templates of portals: long and short ones, with headings, lists, quotes and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Block:
    kind: Literal["p", "h2", "ul", "ol", "blockquote", "table"]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    summary: str
    blocks: tuple[Block, ...]
    others: tuple[str, ...]  # headlines of other reports, for boxes in and around the text

    @property
    def paragraphs(self) -> list[str]:
        """As they are read: a table's row is a line, its cells divided by spaces."""
        return [line.replace(" | ", " ") for block in self.blocks for line in block.lines]


def p(*lines: str) -> tuple[Block, ...]:
    return tuple(Block("p", (line,)) for line in lines)


HARBOUR = Story(
    "Nelayan Teluk Kelana Tolak Dermaga Batu Bara, Bupati Minta Waktu",
    "Ratusan nelayan menolak izin dermaga batu bara di Teluk Kelana. Bupati meminta waktu memeriksa berkas.",
    (
        *p(
            "Ratusan nelayan di Teluk Kelana menolak izin dermaga batu bara yang diterbitkan pemerintah kabupaten pekan lalu. Mereka menilai izin itu keluar tanpa pernah ada pertemuan dengan warga.",
            '"Kami baru tahu setelah papan nama dipasang di pantai," kata Damar Setya, ketua kelompok nelayan, Senin (14/7/2025).',
            "Bupati Sekar Pratiwi menemui perwakilan warga di halaman kantornya pada siang hari. Ia didampingi kepala dinas perikanan dan dua orang staf.",
            "Menurut Sekar, dokumen lingkungan sudah lengkap sejak tahun lalu. Namun ia meminta waktu dua minggu untuk membuka seluruh berkas.",
        ),
        Block("h2", ("Ribuan keluarga bergantung pada teluk",)),
        *p(
            "Dinas Perikanan mencatat sedikitnya 1.240 keluarga menggantungkan hidup pada wilayah tangkap di sekitar lokasi dermaga. Hasil tangkapan mereka tahun lalu mencapai 3.500 ton.",
            "Rara Wening, pemilik dua perahu, mengatakan tidak ada tempat lain untuk berlabuh bila angin barat datang.",
            '"Kalau dermaga dibangun di situ, perahu kecil harus memutar sampai ke muara," ujarnya.',
        ),
        Block("h2", ("Apa yang dituntut warga?",)),
        *p("Dalam pertemuan itu warga menyampaikan empat tuntutan kepada pemerintah kabupaten, yaitu:"),
        Block(
            "ul",
            (
                "Seluruh berkas izin dibuka kepada warga.",
                "Pembangunan dihentikan selama pemeriksaan berlangsung.",
                "Nelayan dilibatkan dalam kajian lingkungan.",
                "Lokasi dermaga dipindahkan ke utara teluk.",
            ),
        ),
        *p(
            "Perusahaan pemegang izin belum menjawab pertanyaan yang dikirim lewat surat elektronik sampai berita ini ditulis.",
            "Kepala Dinas Perikanan Bayu Laksana menambahkan, pihaknya akan mengukur ulang batas wilayah tangkap bersama warga mulai pekan depan.",
            "Sidang gugatan pertama dijadwalkan berlangsung di pengadilan tata usaha negara pada akhir bulan ini.",
        ),
    ),
    (
        "Ombak Tinggi, Nelayan Selat Merana Tak Melaut Sepekan",
        "Harga Solar Naik, Ongkos Melaut Membengkak",
        "Tiga Perahu Rusak Dihantam Angin Barat",
        "Bupati Sekar Melantik Kepala Dinas Baru",
        "Pasar Ikan Kelana Direnovasi Tahun Depan",
        "Resep Pindang Kuning Khas Pesisir",
    ),
)

SALT = Story(
    "Harga Garam di Pasar Induk Walura Turun Jadi Rp 900 per Kilogram",
    "Harga garam turun setelah panen raya. Petambak meminta pemerintah menyerap stok.",
    p(
        "Harga garam di Pasar Induk Walura turun menjadi Rp 900 per kilogram setelah panen raya dimulai dua pekan lalu.",
        "Pedagang bernama Ines Wulandari mengatakan pembeli masih sepi. Stok di gudangnya menumpuk sampai 40 ton.",
        '"Biasanya pabrik sudah memesan pada bulan ini, sekarang belum ada yang datang," tutur Ines.',
        "Dinas perdagangan setempat berjanji mencari pembeli di luar pulau sebelum musim hujan tiba.",
    ),
    (
        "Panen Garam Tahun Ini Diperkirakan Naik",
        "Gudang Bulog Walura Penuh, Petani Menunggu Giliran",
        "Jalan Menuju Tambak Rusak Parah",
        "Pabrik Es Baru Dibuka di Pelabuhan Walura",
        "Dinas Perdagangan Gelar Pasar Murah",
        "Harga Cabai Rawit Kembali Naik Menjelang Hari Raya",
    ),
)

FLOOD = Story(
    "Banjir Rendam 14 Desa di Lembah Sarayu, Warga Mengungsi ke Balai Desa",
    "Hujan sejak Sabtu malam membuat Sungai Sarayu meluap dan merendam 14 desa.",
    (
        *p(
            "Banjir merendam 14 desa di Lembah Sarayu sejak Minggu dini hari setelah hujan deras turun selama sembilan jam tanpa henti.",
            "Badan penanggulangan bencana daerah mencatat 3.120 rumah terendam dan 870 orang mengungsi ke balai desa, sekolah, dan masjid.",
        ),
        Block("blockquote", ("Air naik cepat sekali. Kami hanya sempat membawa surat-surat dan pakaian anak.",)),
        *p(
            "Demikian cerita Laras Ayuningtyas, warga Desa Karangjati, yang mengungsi bersama dua anaknya.",
            "Berikut ketinggian air di beberapa titik pada Minggu pukul 10.00 WIB.",
        ),
        Block(
            "table",
            (
                "Desa | Ketinggian | Pengungsi",
                "Karangjati | 120 cm | 310 orang",
                "Pucanganom | 90 cm | 255 orang",
                "Wanasari | 60 cm | 142 orang",
            ),
        ),
        *p("Petugas membagi tugas menolong warga sebagai berikut."),
        Block(
            "ol",
            (
                "Perahu karet menjemput warga lanjut usia lebih dahulu.",
                "Dapur umum dibuka di lapangan Kecamatan Sarayu.",
                "Puskesmas keliling memeriksa anak-anak dan ibu hamil.",
            ),
        ),
        *p(
            "Baca doa dan zikir bersama digelar di posko utama sambil menunggu air surut, kata seorang relawan.",
            "Jalan provinsi di kilometer 17 terputus karena jembatan kecil hanyut terbawa arus. Kendaraan dialihkan lewat jalur perbukitan.",
            "Pemerintah provinsi mengirim dua truk bantuan berisi beras, selimut, dan air bersih pada Minggu siang.",
            "Prakirawan cuaca Galih Nugraha meminta warga di bantaran sungai tetap waspada sebab hujan diperkirakan turun sampai Rabu.",
        ),
    ),
    (
        "Jembatan Gantung Sarayu Putus, Siswa Naik Rakit",
        "Longsor Tutup Jalan Perbukitan Wanasari",
        "Cara Membersihkan Rumah Setelah Terendam Banjir",
        "Waduk Pucanganom Dibuka Dua Pintu Airnya",
        "Bantuan Beras untuk Warga Lembah Tiba Malam Ini",
        "Prakiraan Cuaca Akhir Pekan di Seluruh Provinsi",
    ),
)

STORIES = {"harbour": HARBOUR, "salt": SALT, "flood": FLOOD}
