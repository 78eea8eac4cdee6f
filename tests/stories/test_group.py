"""Which story an article joins, and when it is a copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article, Candidate, Joins, Member, Opens, Placement
from monitor.stories.fingerprint import fingerprint
from monitor.stories.frequencies import Frequencies
from monitor.stories.group import place
from tests.build import NOON, an_article

FIRST_DAY = Frequencies.of(0, {})
WINDOW = timedelta(hours=72)
HOUR = timedelta(hours=1)
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def text_file(path: Path, outlet: str) -> Article:
    title, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    return an_article(title, text=body, outlet=outlet)


def member(article_id: int, article: Article, *, at: datetime = NOON, copy_of: int | None = None) -> Member:
    return Member(article_id, fingerprint(article, FIRST_DAY), at, article.outlet, copy_of)


def placed(
    article: Article, *stories: Sequence[Member], at: datetime = NOON + HOUR, window: timedelta = WINDOW
) -> Placement:
    candidates = [Candidate(number, tuple(members)) for number, members in enumerate(stories, start=1)]
    return place(fingerprint(article, FIRST_DAY), candidates, at=at, outlet=article.outlet, window=window)


def joins(article: Article, known: Article, *, after: timedelta = HOUR) -> bool:
    return isinstance(placed(article, [member(7, known)], at=NOON + after), Joins)


# -- one event, in other words --------------------------------------------------------------------

QUAKE = an_article(
    "Gempa M 6,1 Guncang Ternate, Warga Berhamburan",
    text="""Gempa bumi bermagnitudo 6,1 mengguncang Ternate, Maluku Utara, pada Kamis (12/3/2026) dini hari. Getaran \
terasa kuat di Tidore dan Halmahera Barat.

Badan Meteorologi, Klimatologi, dan Geofisika (BMKG) menyatakan pusat gempa berada di laut, 84 kilometer barat laut \
Ternate, pada kedalaman 32 kilometer. Gempa tidak berpotensi tsunami.

Warga Kelurahan Gambesi berhamburan keluar rumah. Dinding sebuah sekolah di Jailolo retak.""",
    outlet="antaranews.com",
)
SAME_QUAKE = an_article(
    "BMKG: Lindu Ternate Berkekuatan 6,1 Tak Picu Tsunami",
    text="""BMKG memastikan lindu berkekuatan 6,1 yang melanda Ternate pada Kamis (12/3/2026) tidak memicu tsunami. \
"Sumber gempa di laut pada kedalaman 32 kilometer," kata Kepala BMKG di Jakarta.

Sejumlah bangunan di Jailolo, Halmahera Barat, dilaporkan retak. Warga Tidore memilih bertahan di luar rumah hingga pagi.""",
    outlet="tempo.co",
)
OTHER_QUAKE = an_article(
    "Gempa M 5,4 Guncang Cianjur, Warga Berhamburan",
    text="""Gempa bumi bermagnitudo 5,4 mengguncang Cianjur, Jawa Barat, pada Kamis (12/3/2026) siang. Getaran terasa \
kuat di Sukabumi dan Bogor.

Badan Meteorologi, Klimatologi, dan Geofisika (BMKG) menyatakan pusat gempa berada di darat, 9 kilometer barat daya \
Cianjur, pada kedalaman 10 kilometer. Gempa tidak berpotensi tsunami.

Warga Kecamatan Cugenang berhamburan keluar rumah. Dinding sebuah masjid di Pacet retak.""",
    outlet="antaranews.com",
)


def test_two_outlets_that_report_one_event_in_their_own_words_are_one_story() -> None:
    assert joins(SAME_QUAKE, QUAKE)
    assert joins(QUAKE, SAME_QUAKE)


def test_the_two_seeds_are_one_story() -> None:
    one, other = (text_file(path, path.stem) for path in SEEDS)
    assert joins(one, other)
    assert joins(other, one)


def test_another_event_opens_a_story_and_says_what_came_closest() -> None:
    found = placed(OTHER_QUAKE, [member(7, QUAKE)])

    assert isinstance(found, Opens)
    assert found.nearest is not None
    assert (found.nearest.story_id, found.nearest.likeness.article_id) == (1, 7)
    assert found.nearest.likeness.score < found.nearest.likeness.bar
    assert "gempa" in found.nearest.likeness.shared


def test_without_candidates_it_opens_a_story() -> None:
    assert placed(QUAKE) == Opens()


def test_it_joins_the_story_that_is_most_like_it_and_says_why() -> None:
    found = placed(SAME_QUAKE, [member(7, OTHER_QUAKE)], [member(8, QUAKE)])

    assert isinstance(found, Joins)
    assert (found.story_id, found.likeness.article_id, found.copy_of) == (2, 8, None)
    assert found.likeness.score >= found.likeness.bar
    assert {"ternate", "jailolo"} & set(found.likeness.shared)


THAI_VISIT = an_article(
    "นายกรัฐมนตรีเดินทางเยือนจีนอย่างเป็นทางการ",
    text="นายกรัฐมนตรีเดินทางถึงกรุงปักกิ่งเมื่อวันอังคาร เพื่อหารือกับประธานาธิบดีจีนเรื่องการค้าและการลงทุนระหว่างสองประเทศ",
)
THAI_FIRE = an_article(
    "ไฟไหม้โรงงานพลาสติกที่สมุทรปราการ คนงานเจ็บสิบราย",
    text="เกิดเหตุเพลิงไหม้โรงงานผลิตพลาสติกในจังหวัดสมุทรปราการเมื่อเช้ามืด เจ้าหน้าที่ดับเพลิงใช้เวลาสามชั่วโมงจึงควบคุมเพลิงไว้ได้",
)


def test_articles_in_a_script_without_spaces_share_more_than_letters() -> None:
    told_again = an_article("นายกรัฐมนตรีเยือนจีน หารือการค้า", text=THAI_VISIT.text + " คณะผู้แทนจะพำนักสามวัน")
    assert joins(told_again, THAI_VISIT)
    assert not joins(THAI_FIRE, THAI_VISIT)


# -- series of one make ---------------------------------------------------------------------------

PRICE = """Harga emas batangan Antam {moved} menjadi Rp {price} per gram pada perdagangan {day}. Harga pembelian kembali \
atau buyback berada di Rp {back} per gram.

Berikut daftar harga emas Antam hari ini di butik Pulogadung, Jakarta, yang belum termasuk pajak penghasilan 22.

Potongan pajak harga jual kembali dilakukan sesuai dengan peraturan menteri keuangan. Penjualan kembali emas batangan \
dengan nominal lebih dari Rp 10 juta dikenai pajak 1,5 persen."""
SCHEDULE = """Berikut jadwal salat dan waktu imsak untuk wilayah DKI Jakarta dan sekitarnya pada {day}. Jadwal ini \
bersumber dari Bimbingan Masyarakat Islam Kementerian Agama.

Subuh 04.41, Zuhur 11.59, Asar 15.10, Magrib 18.04, Isya 19.13. Umat Islam diimbau menunaikan salat tepat waktu."""
MATCH = """{home} menjamu {away} pada lanjutan Liga 1 di Stadion {stadium}, {day} malam. Laga akan disiarkan langsung dan \
dimulai pukul 19.00 WIB.

Pelatih {home}, {coach}, memastikan seluruh pemainnya siap tampil. {away} datang dengan modal satu kemenangan dari tiga \
laga terakhir."""

BULLETIN = """Gempa bumi tektonik bermagnitudo {size} mengguncang wilayah Maluku Tengah, Selasa (10/3/2026) pukul {time} WIB. \
BMKG menyatakan pusat gempa berada di {south} lintang selatan dan {east} bujur timur, {far} kilometer dari Masohi, pada \
kedalaman {deep} kilometer.

Kepala Pusat Gempa Bumi dan Tsunami BMKG mengatakan gempa merupakan jenis gempa dangkal akibat aktivitas sesar bawah \
laut. Masyarakat diimbau agar tetap tenang dan menghindari bangunan yang retak."""

SERIES = {
    "a far stronger quake at one place within hours": (
        an_article(
            "Gempa M 5,1 Guncang Maluku Tengah, Tidak Berpotensi Tsunami",
            text=BULLETIN.format(size="5,1", time="08.01", south="3,31", east="129,02", far="24", deep="10"),
        ),
        an_article(
            "Gempa M 7,2 Guncang Maluku Tengah, BMKG Keluarkan Peringatan Tsunami",
            text=BULLETIN.format(size="7,2", time="12.40", south="3,42", east="129,31", far="51", deep="12"),
        ),
        5 * HOUR,
    ),
    "the price of two days under titles without figures": (
        an_article(
            "Harga Emas Antam Hari Ini Naik",
            text=PRICE.format(moved="naik Rp 9.000", price="1.946.000", day="Selasa (17/3/2026)", back="1.790.000"),
        ),
        an_article(
            "Harga Emas Antam Hari Ini Turun",
            text=PRICE.format(moved="turun Rp 6.000", price="1.940.000", day="Rabu (18/3/2026)", back="1.784.000"),
        ),
        24 * HOUR,
    ),
    "the price of two days": (
        an_article(
            "Harga Emas Antam Hari Ini 17 Maret 2026 Naik Rp 9.000",
            text=PRICE.format(moved="naik Rp 9.000", price="1.946.000", day="Selasa (17/3/2026)", back="1.790.000"),
        ),
        an_article(
            "Harga Emas Antam Hari Ini 18 Maret 2026 Turun Rp 6.000",
            text=PRICE.format(moved="turun Rp 6.000", price="1.940.000", day="Rabu (18/3/2026)", back="1.784.000"),
        ),
        24 * HOUR,
    ),
    "the prayer times of two days": (
        an_article("Jadwal Salat Jakarta Hari Ini 17 Maret 2026", text=SCHEDULE.format(day="Selasa, 17 Maret 2026")),
        an_article("Jadwal Salat Jakarta Hari Ini 18 Maret 2026", text=SCHEDULE.format(day="Rabu, 18 Maret 2026")),
        24 * HOUR,
    ),
    "two matches": (
        an_article(
            "Prediksi Skor Persib vs Persija, Kickoff 19.00 WIB",
            text=MATCH.format(home="Persib", away="Persija", stadium="GBLA", day="Sabtu", coach="Bojan Hodak"),
        ),
        an_article(
            "Prediksi Skor Arema vs Persebaya, Kickoff 19.00 WIB",
            text=MATCH.format(home="Arema", away="Persebaya", stadium="Kanjuruhan", day="Sabtu", coach="Joel Cornelli"),
        ),
        3 * HOUR,
    ),
    "two earthquakes": (QUAKE, OTHER_QUAKE, 9 * HOUR),
}


@pytest.mark.parametrize("outlet", ["example.com", "elsewhere.example"], ids=["one outlet", "two outlets"])
@pytest.mark.parametrize("name", SERIES)
def test_a_series_of_one_make_is_a_story_each_time(name: str, outlet: str) -> None:
    first, second, gap = SERIES[name]
    known = member(7, first)
    found = place(fingerprint(second, FIRST_DAY), [Candidate(1, (known,))], at=NOON + gap, outlet=outlet, window=WINDOW)
    assert isinstance(found, Opens)


def test_a_toll_that_rose_is_the_same_story() -> None:
    later = an_article("Gempa M 6,1 Guncang Ternate, Tiga Warga Luka", text=QUAKE.text + "\n\nTiga warga terluka.")
    assert joins(later, QUAKE, after=3 * HOUR)


# -- copies ---------------------------------------------------------------------------------------

COPY = an_article(
    "Gempa 6,1 di Ternate, Dinding Sekolah Retak",
    text="JAKARTA, KOMPAS.com - " + QUAKE.text + "\n\nEditor: Sari",
    outlet="kompas.com",
)


def test_the_text_of_another_outlet_with_another_title_and_byline_is_a_copy() -> None:
    found = placed(COPY, [member(7, QUAKE)])

    assert isinstance(found, Joins)
    assert found.copy_of == 7
    assert found.likeness.wording > 0.8


def test_a_report_in_own_words_is_no_copy() -> None:
    found = placed(SAME_QUAKE, [member(7, QUAKE)])
    assert isinstance(found, Joins)
    assert found.copy_of is None


def test_the_copy_of_a_copy_is_a_copy_of_the_original() -> None:
    further = an_article(COPY.title, text=COPY.text.replace("KOMPAS.com", "Okezone"), outlet="okezone.com")

    both = placed(further, [member(8, COPY, copy_of=7), member(7, QUAKE)])
    assert isinstance(both, Joins)
    assert both.copy_of == 7

    alone = placed(further, [member(8, COPY, copy_of=7)])  # the original is not at hand any more
    assert isinstance(alone, Joins)
    assert alone.copy_of == 7


def test_a_copy_joins_its_original_even_where_another_story_is_nearer() -> None:
    found = placed(COPY, [member(9, an_article(COPY.title, text=SAME_QUAKE.text))], [member(7, QUAKE)])
    assert isinstance(found, Joins)
    assert (found.story_id, found.copy_of) == (2, 7)


# -- the window -----------------------------------------------------------------------------------


def test_what_is_older_than_the_window_is_another_story() -> None:
    known = [member(7, QUAKE)]
    assert isinstance(placed(SAME_QUAKE, known, at=NOON + WINDOW), Joins)
    assert isinstance(placed(SAME_QUAKE, known, at=NOON + WINDOW + HOUR), Opens)
    assert isinstance(placed(SAME_QUAKE, known, at=NOON + 2 * HOUR, window=HOUR), Opens)


def test_a_story_that_goes_on_stays_open_beyond_the_window_of_its_first_report() -> None:
    lately = member(8, SAME_QUAKE, at=NOON + 60 * HOUR)
    assert isinstance(placed(QUAKE, [lately, member(7, QUAKE)], at=NOON + 100 * HOUR), Joins)


def test_an_older_report_that_comes_late_finds_its_story() -> None:
    assert joins(SAME_QUAKE, QUAKE, after=-5 * HOUR)


# -- always ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200)), min_size=1, max_size=6))
def test_any_articles_are_placed_the_same_way_every_time(said: list[tuple[str, str]]) -> None:
    newest, *known = (an_article(title, text=text) for title, text in said)
    stories = [[member(number, article)] for number, article in enumerate(known, start=1)]
    found = placed(newest, *stories)

    assert found == placed(newest, *stories)
    if isinstance(found, Joins):
        assert found.copy_of is not None or found.likeness.score >= found.likeness.bar
