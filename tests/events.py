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
# A prime number of them, so that two events have no more than one part in common.
# What happened, whom or what it befell, what it came from, who looks after it, what becomes of it.
KINDS: Final = tuple(
    tuple(line.split("; "))
    for line in """\
kebakaran melanda; pasar tekstil; korsleting kios kain; kepala pemadam; pedagang pindah ke terminal lama
longsor menimbun; kebun teh; hujan lebat di lereng; kepala desa; pemetik teh mengungsi ke balai
banjir bandang menerjang; pesantren; tanggul jebol; camat; santri dipulangkan naik perahu karet
kapal feri karam dekat; dermaga; ombak setinggi atap; syahbandar; penyelam menyisir selat
jembatan gantung putus di; jurang perbatasan; kabel baja berkarat; bupati; murid menyeberang dengan rakit
wabah demam menyerang; asrama haji; sumur tercemar; dokter puskesmas; jemaah diberi obat dan kelambu
terowongan runtuh di; bukit kapur; ledakan dinamit; pengawas tambang; penggali dievakuasi satu demi satu
kereta barang anjlok di; stasiun kecil; bantalan rel lapuk; masinis; lokomotif derek didatangkan
harimau menerkam; ternak transmigran; hutan dibabat; penjaga cagar alam; kambing dikurung siang malam
candi kuno tersingkap di; sawah irigasi; penggalian parit; arkeolog; arca perunggu diboyong ke museum
buruh mogok di; galangan; upah tertunggak; ketua serikat; pemilik modal berunding lagi
peretas melumpuhkan; koperasi simpan pinjam; kata sandi bocor; ahli komputer; anggota antre di loket
abu vulkanik menyelimuti; ladang tembakau; kubah lava; pengamat gunung; landasan pesawat ditutup
jaksa menggeledah; kantor perizinan; suap pengusaha hotel; penyidik; tiga kardus kuitansi disita
paus terdampar di; teluk dangkal; kebisingan sonar; ahli biota laut; nelayan menarik tambang bersama
mata-mata diadili di; pengadilan militer; sandi rahasia; hakim ketua; terdakwa dipindah ke sel isolasi
penyu bertelur di; pulau karang; larangan berburu; penangkar; tukik dilepas pada bulan purnama
bioskop tua dibongkar di; alun-alun; izin mal baru; wali kota; proyektor antik dilelang
juara bulu tangkis pensiun di; gelanggang; cedera lutut; pelatih; raketnya digantung di lemari kaca
belalang memakan; ladang jagung; kemarau panjang; penyuluh tani; traktor menyemprot racun serangga
pesawat latih mendarat darurat di; jalan tol; baling-baling retak; instruktur; kadet dirawat di klinik
meteor jatuh menembus; gudang garam; hujan bintang; astronom; batu hitam diukur di laboratorium
orkestra membatalkan konser di; gedung opera; biola dicuri; dirigen; karcis ditukar seusai lebaran
sapi gila merebak di; peternakan susu; pakan impor; dokter hewan; kandang disemprot disinfektan
perpustakaan hangus di; kampus sastra; lilin arwah; rektor; naskah lontar diselamatkan mahasiswa
menara suar padam di; tanjung berkabut; aki dicolong; penjaga suar; kapal tongkang berputar haluan
festival layang-layang ricuh di; lapangan pacuan; benang gelasan; panitia lomba; piala ditahan juri
ular piton menelan; pemburu madu; musim kawin; pawang; perut reptil dibelah di balai adat
pabrik kertas meledak di; kawasan industri; ketel uap; insinyur; cerobong dirobohkan dengan kabel
guru honorer berkemah di; halaman parlemen; tunjangan dipotong; juru bicara; tenda dijaga pramuka
kopi langka dipanen di; lembah berkabut; lebah penyerbuk; tengkulak; karung goni dikirim ke Eropa
gajah mengamuk di; sirkus keliling; petasan bocah; pelatih satwa; tribun kayu ditutup terpal
radio gelap disegel di; loteng losmen; siaran judi; polisi pamong; pemancar diangkut truk
bendungan retak di; hulu waduk; gempa kecil; juru pintu air; turbin dimatikan semalam
sekte sesat digerebek di; vila pinus; ramalan kiamat; ulama; pengikut dijemput keluarga
ikan mati mengapung di; danau wisata; limbah tahu; peneliti perairan; keramba diangkat ke darat
taksi listrik dilarang di; kota tua; baterai terbakar; kepala dinas; sopir beralih ke bajaj
salju turun di; puncak tropis; angin kutub; ahli cuaca; pendaki menyalakan api unggun
kuda pacu diracun di; istal kerajaan; taruhan gelap; joki; sampel jerami diuji
sinetron dihentikan di; studio televisi; naskah jiplakan; sutradara; aktris pulang tanpa honor
sarang burung walet dijarah di; gua pesisir; pintu besi digergaji; pemilik gua; penadah diborgol
lumpur panas menyembur di; sumur minyak; pengeboran liar; geolog; pipa ditanam melingkar
bayi kembar lahir di; ambulans; macet mudik; bidan; inkubator dipinjam dari sukarelawan
kerbau bule dikirab di; keraton; malam satu Sura; pangeran; sesaji diperebutkan peziarah
uang palsu beredar di; pasar loak; mesin cetak bekas; kepala unit reserse; lembaran merah dimusnahkan
gerhana memikat turis di; pantai pasir putih; promosi hotel; pemandu; kacamata filter habis terjual
robot bedah rusak di; rumah sakit paru; listrik padam; direktur medis; pasien dirujuk naik helikopter
sepeda ontel dipamerkan di; benteng kolonial; ulang tahun klub; kolektor; lonceng kuno dibunyikan serentak
madrasah disambar petir di; pulau cengkih; penangkal dicabut; kiai; mengaji dipindah ke surau
gudang mesiu dijaga di; pangkalan laut; granat hilang; laksamana; kelasi digeledah seorang-seorang
lukisan curian kembali ke; galeri nasional; pengakuan kurator; duta besar; bingkai emas direstorasi
durian raksasa dilelang di; kebun raya; pupuk kelelawar; botanis; bijinya dibagi ke petani muda
kapten rugbi dihukum di; stadion lumpur; gigitan telinga; wasit; pertandingan diulang tanpa suporter
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
    again, kind = divmod(number, len(KINDS))
    what, thing, cause, office, after = (KINDS[(kind + again * part) % len(KINDS)][part] for part in range(5))
    place, village, person, witness, owner = (_name(5 * number + which) for which in range(5))
    return {
        "place": place,
        "village": village,
        "person": person,
        "witness": witness,
        "what": what,
        "What": what.capitalize(),
        "thing": f"{thing} {owner}",
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
