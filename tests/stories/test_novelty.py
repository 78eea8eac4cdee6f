"""A follow-up tells what the texts that joined a story say, and no text before them said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.novelty import LONGEST, SHORTEST_UNSPACED, news

KNOWN = """JAKARTA, KOMPAS.com - Kebakaran melanda sebuah pasar di Kota Bekasi pada Rabu (18/6/2025) dini hari.
Sebanyak 12 orang tewas dan puluhan kios hangus dalam kebakaran itu.
Kapolres Bekasi Dani Hamdani mengatakan api muncul dari sebuah kios di lantai dasar.
“Kami masih menyelidiki penyebab kebakaran ini,” kata Dani Hamdani kepada wartawan.
Baca juga: Daftar Kebakaran Besar di Bekasi Sepanjang Tahun Ini
Pemadaman berlangsung selama empat jam dengan mengerahkan dua puluh mobil pemadam."""

NEW = """BEKASI - Kebakaran melanda sebuah pasar di Kota Bekasi pada Rabu (18/6/2025) dini hari.
Wali Kota Bekasi Tri Adhianto menetapkan masa tanggap darurat selama tujuh hari bagi para pedagang.
Baca juga: Wali Kota Bekasi Resmikan Stadion Baru Senilai Rp 300 Miliar
Polisi menangkap seorang teknisi listrik bernama Suparman sebagai tersangka.
“Dia mengaku lalai saat memasang kabel,” ujar penyidik.
Sebanyak 12 orang tewas dan puluhan kios hangus dalam kebakaran tersebut.
Reporter: Budi Santoso dari Bekasi melaporkan untuk redaksi pusat kami.
Kata dia, “Kami akan
(abc/def)"""

ARREST = "Polisi menangkap seorang teknisi listrik bernama Suparman sebagai tersangka."
EMERGENCY = "Wali Kota Bekasi Tri Adhianto menetapkan masa tanggap darurat selama tujuh hari bagi para pedagang."


def test_what_no_known_text_says_is_news() -> None:
    found = news([NEW], [KNOWN])
    assert {ARREST, EMERGENCY} <= set(found)
    assert not any("melanda sebuah pasar" in each or "puluhan kios" in each for each in found)


def test_at_most_as_many_as_asked_for() -> None:
    assert news([NEW], [KNOWN], most=1) in {(ARREST,), (EMERGENCY,)}
    assert news([NEW], [KNOWN], most=0) == ()


def test_what_is_known_is_no_news() -> None:
    assert news([KNOWN], [KNOWN]) == ()
    assert news([NEW], [KNOWN, NEW]) == ()
    assert news([], [KNOWN]) == ()
    assert news(["", " \n"], [""]) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Puluhan kios hangus dan 12 orang tewas dalam kebakaran pasar itu.",
        "Api muncul dari kios di lantai dasar, kata Kapolres Bekasi Dani Hamdani.",
        "Pemadaman kebakaran berlangsung empat jam dengan mengerahkan 20 mobil pemadam.",
    ],
)
def test_the_same_in_another_order_is_no_news(sentence: str) -> None:
    assert news([sentence], [KNOWN]) == ()


def test_another_figure_in_the_same_words_is_news() -> None:
    sentence = "Sebanyak 21 orang tewas dan puluhan kios hangus dalam kebakaran itu."
    assert news([sentence], [KNOWN]) == (sentence,)


def test_a_new_name_in_the_same_words_is_news() -> None:
    sentence = "“Kami masih menyelidiki penyebab kebakaran ini,” kata Kompol Rudi Hartawan kepada wartawan."
    assert news([sentence], [KNOWN]) == (sentence,)


def test_the_day_of_the_report_alone_is_no_news() -> None:
    assert news([KNOWN.replace("(18/6/2025)", "(19/6/2025)").replace("Rabu", "Kamis")], [KNOWN]) == ()


def test_several_texts_that_say_one_thing_are_told_once() -> None:
    other = "Seorang teknisi listrik bernama Suparman ditangkap polisi sebagai tersangka kebakaran."
    found = news([ARREST, other], [KNOWN])
    assert found in {(ARREST,), (other,)}


def test_what_several_outlets_say_comes_first() -> None:
    lone = "Harga sayur di pasar lain mulai merangkak naik menurut pengakuan pedagang."
    told = [
        "Warga sekitar menggelar doa bersama bagi keluarga korban di lapangan.",
        "Doa bersama bagi keluarga korban digelar warga sekitar di lapangan.",
    ]
    assert news([lone, *told], [KNOWN], most=1)[0] in told


def test_figures_and_names_come_before_mere_words() -> None:
    text = f"Suasana di sekitar lokasi tampak lengang sejak pagi tanpa kegiatan berarti.\n{EMERGENCY}"
    assert news([text], [KNOWN])[0] == EMERGENCY


def test_the_dateline_is_left_out() -> None:
    assert news([f"BEKASI, KOMPAS.com - {ARREST}"], [KNOWN]) == (ARREST,)
    sentence = "Real Madrid bermain imbang 1-1 dengan Al-Hilal di Miami pada laga pertama."
    assert news([sentence], [KNOWN]) == (sentence,)


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Wali Kota Bekasi Resmikan Stadion Baru Senilai Rp 300 Miliar.",
        "Simak juga video: Detik-detik Ledakan Gudang Mercon di Tangerang.",
        "Reporter: Ahmad Fauzan Hidayat dan Lestari Wulandari, Tangerang.",
        "Daftar Harga Emas Antam Hari Ini di Pegadaian dan Butik Resmi",
        "Resmikan gudang.",
        "Kata dia, “Pembangunan gudang akan dilanjutkan bulan depan.",
        "bulan depan pembangunan gudang itu akan dilanjutkan oleh kontraktor.",
        "Pembangunan gudang akan dilanjutkan bulan depan oleh para kontraktor…",
        "Apakah pembangunan gudang akan dilanjutkan bulan depan oleh kontraktor?",
        "Ralat: nama kontraktor gudang pada berita sebelumnya salah tulis.",
        "Diperbarui pada Kamis, 19 Juni 2025 pukul 14:30 WIB oleh redaksi.",
        "Pembangunan " + "gudang dan jalan " * 20 + "dilanjutkan.",
    ],
)
def test_what_does_not_stand_for_itself_is_not_told(line: str) -> None:
    assert news([line], [KNOWN]) == ()


def test_what_stands_for_itself_is_told() -> None:
    sentence = "Pembangunan gudang akan dilanjutkan bulan depan oleh para kontraktor."
    assert news([sentence], [KNOWN]) == (sentence,)
    assert news([f"{sentence} (abc/def)"], [KNOWN]) == (sentence,)


@pytest.mark.parametrize(
    ("known", "new", "told"),
    [
        (
            "The fire broke out in a market on Wednesday. Twelve people died in the fire.",
            "Twelve people died in the fire. Police arrested an electrician named John Marsh on Friday.",
            "Police arrested an electrician named John Marsh on Friday.",
        ),
        (
            "市场星期三发生火灾，造成十二人死亡。",
            "市场星期三发生火灾，造成十二人死亡。警方逮捕了一名电工，怀疑他操作失误引发事故。",
            "警方逮捕了一名电工，怀疑他操作失误引发事故。",
        ),
        (
            "Пожар вспыхнул на рынке в среду. Погибли двенадцать человек.",
            "Погибли двенадцать человек. Полиция задержала электрика по имени Иван Петров в пятницу.",
            "Полиция задержала электрика по имени Иван Петров в пятницу.",
        ),
    ],
)
def test_in_any_language(known: str, new: str, told: str) -> None:
    assert news([new], [known]) == (told,)


WORDS = st.sampled_from(
    ["Budi", "pasar", "12", "tewas", "Rp 1,5 miliar", "“", "”", "(", "kata", "KPK", "市场", "…", "dan"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words) + ". ")
TEXTS = st.lists(st.text(max_size=300) | st.lists(SENTENCES, max_size=6).map("".join), max_size=4)


@given(TEXTS, TEXTS, st.integers(0, 5))
def test_whatever_comes_there_are_few_sentences_of_the_new_texts(new: list[str], known: list[str], most: int) -> None:
    found = news(new, known, most=most)
    assert len(found) == len(set(found)) <= most
    for each in found:
        assert any(each in text for text in new)
        assert SHORTEST_UNSPACED <= len(each) <= LONGEST
        assert "\n" not in each
    assert news(new, [*new, *known]) == ()
    assert news(new, known, most=most) == found


@pytest.mark.parametrize("piece", ["a 1. ", "A", "Budi pergi ke pasar. ", "(", "“a” ", "A-", "1.", "x\n"], ids=ascii)
def test_hostile_texts_do_not_hold_us_up(piece: str) -> None:
    """Anything that takes time in the square of its length would not come back from this."""
    text = piece * (1_000_000 // len(piece))
    assert len(news([f"{number} {text}" for number in range(20)], [text] * 20)) <= 3
