"""Events by number, as outlets report them: each has names and words of its own, and each outlet has its own wording.

Two reports of one event share its names and what happened, but hardly a sentence; two events share neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONCERNS: Final = "Kabar ini dikutip dari kantor berita Rusia dan Korea Utara."  # for the topic of that name
WORDINGS: Final = 25  # of which two have a fifth of their sentences in common, at most
SYLLABLES: Final = tuple(
    some.split()
    for some in (
        "ka ma lo be su ta wa ra",
        "ri lu mba nga to ndi no pa",
        "lan tu gu se wi ba nai sa",
        "rat ri ng m k lo n s",
    )
)
NAMES: Final = 8**4  # that can be made of them
# What happened, whom or what it befell, what it came from, who looks after it, what becomes of it.
KINDS: Final = tuple(
    tuple(line.split("; "))
    for line in """\
kebakaran melanda; pasar tekstil; korsleting di kios kain; kepala pemadam; pedagang pindah ke terminal lama
longsor menimbun; kebun teh; hujan lebat di lereng; kepala desa; petani mengungsi ke balai warga
banjir bandang menerjang; pesantren; tanggul yang jebol; camat; santri dipulangkan memakai perahu karet
kapal feri karam dekat; dermaga; ombak setinggi atap; syahbandar; penyelam mencari korban sampai malam
jembatan gantung putus di; sungai perbatasan; kabel baja yang berkarat; bupati; murid menyeberang dengan rakit
wabah demam menyerang; asrama haji; sumur yang tercemar; dokter puskesmas; jemaah diberi obat dan kelambu
tambang runtuh di; bukit kapur; ledakan dinamit; pengawas tambang; penggali lubang dievakuasi satu demi satu
kereta barang anjlok di; stasiun kecil; bantalan rel yang lapuk; masinis; lokomotif derek datang dari ibu kota
harimau masuk ke; permukiman transmigran; hutan yang dibabat; penjaga cagar alam; ternak dikurung siang malam
candi kuno muncul di; sawah irigasi; penggalian saluran; arkeolog; arca perunggu dibawa ke museum
buruh mogok di; galangan; upah yang belum dibayar; ketua serikat; pemilik berjanji berunding lagi
peretas melumpuhkan; bank daerah; kata sandi yang bocor; direktur teknologi; nasabah antre di kantor cabang
gunung api memuntahkan abu ke; ladang tembakau; kubah lava baru; pengamat vulkanologi; bandara menutup landasan
jaksa menggeledah; kantor perizinan; suap sebuah hotel; penyidik; tiga kardus berkas disita
""".splitlines()
)
TITLES: Final = (
    "{What} {thing} {place}, {person} ke {village}",
    "{place}: {what} {thing}, {person} Angkat Bicara",
    "{person}: {What} {thing} {place} karena {cause}",
    "Kabar dari {place}, {what} {thing} {village}",
    "Sesudah {what} {thing} {place}, {person} Ada di {village}",
)
SENTENCES: Final = (
    (
        "{What} {thing} {place} pada malam hari, ketika warga {village} masih tidur.",
        "Malam tadi {what} {thing} di wilayah {place}, tidak jauh dari {village}.",
        "Orang {village} bangun sebelum pagi karena {what} {thing} {place}.",
        "Warga {place} tidak bisa tidur karena {what} {thing} dekat {village}.",
        "Belum ada yang bangun di {village} saat {what} {thing} milik warga {place}.",
    ),
    (
        "Menurut {office} {person}, {cause} ada di balik semua ini.",
        "“Semua ini dari {cause},” kata {person}, {office} di {place}.",
        "{person} sebagai {office} melihat {cause} di balik semua ini.",
        "Untuk sementara hanya ada {cause}, menurut {office} {person}.",
        "Kepada media {office} {person} bicara soal {cause} dan tidak mau lebih jauh.",
    ),
    (
        "Ada {count} orang yang menunggu bantuan, dan {after}.",
        "Kini {after}; {count} orang ada dalam daftar.",
        "Daftar itu memuat {count} nama, sementara {after}.",
        "Untuk {count} orang ada aturan baru: {after}.",
        "Sampai siang jumlahnya {count} orang, dan sejak itu {after}.",
    ),
    (
        "Seorang warga bernama {witness} mendengar suara besar dari arah {village}.",
        "“Suaranya seperti bom,” kata {witness} yang tinggal di {village}.",
        "{witness}, warga {village}, punya video dari kejadian itu.",
        "Seorang warga, {witness}, lari ke rumah orang tua di {village}.",
        "Cerita yang sama datang dari {witness} yang rumahnya di {village}.",
    ),
    (
        "Pemerintah {place} memberi makan dan uang kepada semua yang datang ke {village}.",
        "Bantuan untuk {place} datang besok pagi lewat jalan {village}.",
        "Di {place} dan {village} sekolah tutup sampai akhir pekan.",
        "Orang dari kota lain sudah berada di jalan menuju {place} dan {village}.",
        "Dewan {place} akan bicara dengan {person} pekan depan.",
    ),
)

SAID: Final = (
    "Kabar hari ini: {title}.",
    "Menurut warga {place}, {title}.",
    "Di media sosial ramai dibicarakan: {title}.",
    "Sejak pagi semua orang tahu bahwa {title}.",
    "Kepada media {person} mengatakan, {title}.",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What one outlet prints."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def an_event(number: int, *, wording: int = 0, also: str = "") -> Report:
    """The event of this number, in one of its wordings; `also` is a sentence at its end."""
    facts = _facts(number)
    row, column = divmod(wording % WORDINGS, 5)
    title = _filled(TITLES[(row + column) % 5], facts)
    sentences = _sentences(SENTENCES, facts, wording)
    return Report(title, (*sentences, also) if also else sentences)


def some_text(title: str, number: int, *, wording: int = 0) -> str:
    """What an outlet may print under this title of event `number`: it says it again, and names whom that befell."""
    facts = _facts(number) | {"title": title[0].lower() + title[1:]}
    return "\n\n".join(_sentences((SAID, *SENTENCES[-2:]), facts, wording))


def _facts(number: int) -> dict[str, str]:
    what, thing, cause, office, after = KINDS[number % len(KINDS)]
    place, village, person, witness = (_name(4 * number + which) for which in range(4))
    return {
        "place": place,
        "village": village,
        "person": person,
        "witness": witness,
        "what": what,
        "What": what.capitalize(),
        "thing": thing,
        "cause": cause,
        "office": office,
        "after": after,
        "count": str(100 + 37 * number),
    }


def _sentences(said: tuple[tuple[str, ...], ...], facts: dict[str, str], wording: int) -> tuple[str, ...]:
    row, column = divmod(wording % WORDINGS, 5)
    return tuple(_filled(ways[(row * fact + column) % 5], facts) for fact, ways in enumerate(said))


def _name(number: int) -> str:
    """Each number has its own."""
    left, name = number * 1597 % NAMES, ""
    for some in SYLLABLES:
        left, which = divmod(left, len(some))
        name += some[which]
    return name.capitalize()


def _filled(words: str, facts: dict[str, str]) -> str:
    filled = words.format(**facts)
    return filled[0].upper() + filled[1:]
