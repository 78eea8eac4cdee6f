"""A correction changes what was said: a note says so, or a figure or a name stands in the place of another."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article, Change, Quality
from monitor.stories.corrections import MOST, WIDTH, corrected
from monitor.stories.statements import statement, vocabulary
from monitor.stories.swaps import Side, Swap, swaps
from tests.build import an_article

TITLE = "Kebakaran Pasar di Bekasi Tewaskan 12 Orang"
BODY = """BEKASI - Kebakaran melanda pasar di Kota Bekasi pada Rabu (18/6/2025) dini hari. Sebanyak 12 orang tewas dan dua orang terluka.
Kapolres Bekasi Komisaris Besar Dani Hamdani mengatakan api muncul dari kios milik Suparman pukul 02.30 WIB.
“Kerugian kami perkirakan Rp 1,5 miliar,” kata Dani Hamdani kepada wartawan.
Pemadaman baru selesai setelah empat jam. Wali Kota Bekasi berjanji memberi bantuan kepada keluarga korban.
Pasar itu terakhir direnovasi pada Maret 2019 oleh PT Karya Mandiri dengan biaya Rp 12.500.000.000."""

BEFORE = an_article(TITLE, text=BODY)


def edited(*edits: tuple[str, str], **changes: Any) -> Article:
    """The article after edits of its title and text."""
    title, text = TITLE, BODY
    for old, new in edits:
        assert old in title + text
        title, text = title.replace(old, new), text.replace(old, new)
    return replace(BEFORE, title=title, text=text, **changes)


def changes(before: Article, after: Article) -> list[tuple[str, str]]:
    found = corrected(before, after)
    return [(each.before, each.after) for each in found.changes] if found else []


# -- what is one ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dua orang terluka", "tiga orang terluka"),
        ("dua orang terluka", "12 orang terluka"),
        ("Rp 1,5 miliar", "Rp 15 miliar"),
        ("Rp 1,5 miliar", "Rp 1,5 triliun"),
        ("Rp 12.500.000.000", "Rp 12.700.000.000"),
        ("Rabu (18/6/2025)", "Selasa (17/6/2025)"),
        ("(18/6/2025)", "(18/7/2025)"),
        ("pukul 02.30 WIB", "pukul 03.30 WIB"),
        ("empat jam", "enam jam"),
        ("milik Suparman", "milik Sutrisno"),
        ("Dani Hamdani", "Rama Samtama"),
        ("PT Karya Mandiri", "PT Bangun Cipta"),
        ("Maret 2019", "Mei 2019"),
    ],
)
def test_another_figure_or_name_in_an_unchanged_sentence_is_a_correction(old: str, new: str) -> None:
    found = corrected(BEFORE, edited((old, new)))
    assert found is not None
    assert found.was == ""
    assert old in found.changes[0].before
    assert new in found.changes[0].after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Persib menang 2-1 atas Persija.", "Persib menang 1-2 atas Persija."),
        ("Gempa M 5,1 mengguncang Maluku pada pagi hari.", "Gempa M 6,1 mengguncang Maluku pada pagi hari."),
        ("Harga emas naik menjadi Rp1.950.000 per gram.", "Harga emas naik menjadi Rp1.590.000 per gram."),
        ("Jumlah korban mencapai dua puluh satu orang.", "Jumlah korban mencapai dua puluh dua orang."),
        ("Seorang warga tewas dalam bentrokan itu.", "Dua warga tewas dalam bentrokan itu."),
        ("Puluhan rumah rusak diterjang banjir bandang.", "Ratusan rumah rusak diterjang banjir bandang."),
        ("Perjanjian itu diteken oleh Iran di Jenewa kemarin.", "Perjanjian itu diteken oleh Irak di Jenewa kemarin."),
        ("Utusan Korea Utara tiba di Hanoi kemarin.", "Utusan Korea Selatan tiba di Hanoi kemarin."),
        (
            "The strike killed 15 people in Rafah, officials said.",
            "The strike killed 50 people in Rafah, officials said.",
        ),
        ("The bill was proposed by Senator Marsh of Ohio.", "The bill was proposed by Senator Clark of Ohio."),
        ("爆炸造成12人死亡，政府表示。", "爆炸造成21人死亡，政府表示。"),
        ("爆発で三人が死亡したと警察が発表した。", "爆発で五人が死亡したと警察が発表した。"),
        ("Взрыв унес жизни 12 человек в городе Самара.", "Взрыв унес жизни 21 человека в городе Самара."),
        ("قتل ١٢ شخصا في الانفجار يوم الاثنين.", "قتل ٢١ شخصا في الانفجار يوم الاثنين."),
    ],
)
def test_in_any_language_with_figures(before: str, after: str) -> None:
    rest = "\nKalimat lain tetap sama seperti semula."
    found = changes(an_article("Judul", text=before + rest), an_article("Judul", text=after + rest))
    assert found == [(before, after)]


def test_a_reworded_sentence_counts_where_its_figure_is_gone_and_the_other_is_new() -> None:
    after = edited(
        ("Sebanyak 12 orang tewas dan dua orang terluka", "Total 21 orang tewas dan dua orang lagi terluka"),
        ("12 Orang", "21 Orang"),
    )
    found = corrected(BEFORE, after)
    assert found is not None
    assert found.was == TITLE
    assert found.changes[0] == Change(TITLE, TITLE.replace("12", "21"))


def test_the_former_title_is_told_where_it_changed_in_substance() -> None:
    found = corrected(BEFORE, edited(("12 Orang", "21 Orang"), ("12 orang", "21 orang"), ("empat jam", "enam jam")))
    assert found is not None
    assert found.was == TITLE
    assert [each.after for each in found.changes] == [
        TITLE.replace("12", "21"),
        "Pemadaman baru selesai setelah enam jam.",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bekasi Tewaskan 12 Orang", "Bekasi Tewaskan Dua Puluh Satu Orang"),
        ("Kebakaran Pasar di Bekasi Tewaskan 12 Orang", "Korban Tewas Kebakaran Pasar di Bekasi Jadi 21 Orang"),
    ],
)
def test_a_title_with_another_figure_is_another_title(old: str, new: str) -> None:
    found = corrected(BEFORE, edited((old, new), ("12 orang", "21 orang")))
    assert found is not None
    assert found.was == TITLE


def test_a_title_with_another_name_is_another_title_though_every_word_has_a_capital() -> None:
    before = an_article(
        "Menteri Sugiono Bertemu Lavrov di Moskow", text="Menteri Sugiono bertemu Sergey Lavrov di Moskow kemarin."
    )
    after = an_article(
        "Menteri Retno Bertemu Lavrov di Moskow", text="Menteri Retno bertemu Sergey Lavrov di Moskow kemarin."
    )
    found = corrected(before, after)
    assert found is not None
    assert found.was == before.title


def test_at_most_three_are_told_the_title_first_and_one_figure_once() -> None:
    before = an_article(
        "Jumlah Korban 12 Orang",
        text="\n".join(f"Di desa {word} ada {at + 10} orang korban banjir." for at, word in enumerate("abcdefg")),
    )
    text = "\n".join(f"Di desa {word} ada {at + 30} orang korban banjir." for at, word in enumerate("abcdefg"))
    found = corrected(before, replace(before, title="Jumlah Korban 32 Orang", text=text))
    assert found is not None
    assert len(found.changes) == MOST
    assert found.changes[0].after == "Jumlah Korban 32 Orang"
    assert found.changes[1].after == "Di desa a ada 30 orang korban banjir."


def test_long_sentences_are_cut_between_words_around_the_change() -> None:
    words = "kata " * 100
    found = changes(an_article(text=f"{words}ada 12 orang {words}"), an_article(text=f"{words}ada 21 orang {words}"))
    ((before, after),) = found
    assert len(before) <= WIDTH
    assert len(after) <= WIDTH
    assert "ada 12 orang" in before
    assert "ada 21 orang" in after
    assert before.startswith("…kata ")
    assert before.endswith(" kata…")


# -- notes ---------------------------------------------------------------------------------------

NOTES = [
    "Ralat: jumlah korban semula ditulis keliru.",
    "RALAT - Jumlah korban semula ditulis keliru.",
    "(Koreksi) Jumlah korban telah diperbarui redaksi.",
    "Klarifikasi Redaksi: nama narasumber telah diubah.",
    "Catatan redaksi: artikel ini telah diperbaiki karena ada kesalahan penulisan nama.",
    "Artikel ini telah dikoreksi pada Kamis siang.",
    "Redaksi memohon maaf atas kekeliruan dalam berita ini.",
    "Hak Jawab: PT Karya Mandiri membantah isi berita ini.",
    "Correction: An earlier version of this article misstated the number.",
    "This story has been corrected to show that the fire began at night.",
    "Editor's note: This article was amended to correct a name.",
    "(Corrects spelling of mayor's name)",
    "Clarification: the mayor spoke before the fire.",
    "Corrección: el número era erróneo.",
    "Berichtigung: Die Zahl war falsch.",
    "Исправление: число было неверным.",
    "更正：人数有误。",
    "【訂正】人数に誤りがありました。",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("place", ["beginning", "end"])
def test_a_note_of_the_editors_that_is_new_is_a_correction(note: str, place: str) -> None:
    text = f"{note}\n{BODY}" if place == "beginning" else f"{BODY}\n{note}"
    assert changes(BEFORE, replace(BEFORE, text=text)) == [("", note)]
    assert corrected(replace(BEFORE, text=text), BEFORE) is None
    assert corrected(replace(BEFORE, text=text), replace(BEFORE, text=text + "\nSatu paragraf lagi.")) is None


def test_a_note_under_a_heading_is_told_with_it() -> None:
    text = f"{BODY}\nRalat:\nJumlah korban semula ditulis keliru."
    assert changes(BEFORE, replace(BEFORE, text=text)) == [("", "Ralat: Jumlah korban semula ditulis keliru.")]


@pytest.mark.parametrize(
    "title", ["Ralat: " + TITLE, TITLE + " (Koreksi)", "Polisi Meralat Jumlah Korban Kebakaran Bekasi"]
)
def test_a_title_that_says_it_is_a_correction(title: str) -> None:
    found = corrected(BEFORE, replace(BEFORE, title=title))
    assert found is not None
    assert found.was == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "IHSG mengalami koreksi tajam pada perdagangan hari ini.",
        "Menteri memberi klarifikasi kepada parlemen soal anggaran.",
        "Correction officers went on strike in the city.",
        "Catatan redaksi: depresi bukan persoalan sepele; hubungi layanan kesehatan terdekat.",
    ],
)
def test_news_of_corrections_is_no_note(line: str) -> None:
    assert corrected(BEFORE, replace(BEFORE, text=f"{line}\n{BODY}")) is None


# -- what is none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Rp 1,5 miliar", "Rp1.5 miliar"),
        ("Rp 1,5 miliar", "Rp 1.500.000.000"),
        ("Rp 1,5 miliar", "Rp 1,5 M"),
        ("Rp 12.500.000.000", "Rp12,5 miliar"),
        ("dua orang terluka", "2 orang terluka"),
        ("(18/6/2025)", "(18 Juni 2025)"),
        ("pukul 02.30 WIB", "pukul 02:30 WIB"),
        ("empat jam", "4 jam"),
        ("terakhir direnovasi", "terahir drenovasi"),
        ("Dani Hamdani", "Dani Hamdany"),
        ("Suparman", "Supatman"),
        ("melanda pasar", "menghanguskan pasar"),
        ("kata Dani Hamdani kepada wartawan", "ujar Dani"),
        ("kata Dani Hamdani", "kata Kapolres Dani Hamdani"),
        ("Komisaris Besar Dani Hamdani", "Kombes Dani Hamdani"),
        ("Dani Hamdani kepada", "Hamdani kepada"),
        ("“Kerugian", '"Kerugian'),
        ("BEKASI - ", "BEKASI — "),
        ("Pemadaman baru selesai setelah empat jam. ", ""),
        ("empat jam. ", "empat jam. Sebanyak 20 mobil pemadam dikerahkan. "),
        ("\n", "\n\n"),
        ("\n“Kerugian", " “Kerugian"),
        ("Kota Bekasi", "KOTA BEKASI"),
    ],
)
def test_other_words_for_the_same_are_no_correction(old: str, new: str) -> None:
    assert changes(BEFORE, edited((old, new))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Reporter: Budi Santoso", "Reporter: Andi Wijaya"),
        ("Diperbarui 14:30 WIB", "Diperbarui 15:45 WIB"),
        ("Kamis, 19 Jun 2025 14:30 WIB", "Jumat, 20 Jun 2025 09:12 WIB"),
        ("3 jam lalu", "5 jam lalu"),
        ("Updated 3 hours ago", "Updated 5 hours ago"),
        ("Dibaca 1.234 kali", "Dibaca 5.678 kali"),
        ("1.2k views", "3.4k views"),
        (
            "Baca juga: Gempa M 5,1 Guncang Maluku Tenggara Pagi Ini",
            "Baca juga: Gempa M 6,2 Guncang Maluku Tenggara Pagi Ini",
        ),
        (
            "Read also: Fire kills 3 people in the market of Jakarta",
            "Read also: Fire kills 5 people in the market of Jakarta",
        ),
        ("By John Smith and Ana Gomez", "By John Smith and Ana Torres"),
        ("Ia pulang. (abc/def)", "Ia pulang. (ghi/def)"),
    ],
)
def test_what_stands_around_an_article_does_not_count(before: str, after: str) -> None:
    assert corrected(replace(BEFORE, text=f"{before}\n{BODY}"), replace(BEFORE, text=f"{after}\n{BODY}")) is None
    assert corrected(replace(BEFORE, text=f"{BODY}\n{before}"), replace(BEFORE, text=f"{BODY}\n{after}")) is None


@pytest.mark.parametrize(
    "title",
    [
        "Pasar di Bekasi Terbakar, 12 Orang Meninggal",
        "KEBAKARAN PASAR DI BEKASI TEWASKAN 12 ORANG",
        "Kebakaran Pasar di Bekasi Tewaskan Dua Belas Orang",
        "Kapolres Ungkap Penyebab Kebakaran Pasar Bekasi",
        "Kebakaran Pasar di Bekasi Menewaskan 12 Orang, Ini Penyebabnya",
        "Kebakaran Hebat Melanda Pasar di Bekasi",
    ],
)
def test_a_title_in_other_words_is_no_correction(title: str) -> None:
    assert corrected(BEFORE, replace(BEFORE, title=title)) is None


def test_a_teaser_read_again_in_full_is_no_correction() -> None:
    teaser = replace(BEFORE, text=BODY[:130] + " Sebanyak 1…", quality=Quality.TEASER)
    assert corrected(teaser, BEFORE) is None
    assert corrected(BEFORE, teaser) is None
    noted = replace(BEFORE, text=f"{BODY}\nRalat: nama telah diubah.")
    assert corrected(teaser, noted) is None


def test_between_a_teaser_and_the_full_text_titles_and_common_sentences_count() -> None:
    teaser = replace(BEFORE, text=BODY.partition("\n")[0], quality=Quality.TEASER)
    assert corrected(teaser, edited(("12 Orang", "21 Orang"))) is not None
    assert changes(teaser, edited(("dua orang", "tiga orang"))) != []


def test_german_nouns_are_no_names() -> None:
    before = an_article("Unfall", text="Der Fahrer hat das Auto in der Stadt gesehen.", language="de")
    after = an_article("Unfall", text="Der Fahrer hat das Fahrzeug in der Stadt gesehen.", language="de")
    assert corrected(before, after) is None


# -- whatever comes ------------------------------------------------------------------------------

SAID = "Budi|Andi|Bekasi|korban|orang|tewas|12|21|dua|tiga|Rp 1,5 miliar|di|dan|Ralat:|KPK|…|“|”|三|2-1|12/6/2025|juta|ratus"
WORDS = st.sampled_from([*SAID.split("|"), "belas", "M", "²", "٣"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: " ".join(words) + ".")
TEXTS = st.text(max_size=200) | st.lists(SENTENCES, max_size=8).map("\n".join)


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(Quality), st.sampled_from(Quality))
def test_any_two_texts_can_be_compared(
    title: str, text: str, new_title: str, new_text: str, quality: Quality, new_quality: Quality
) -> None:
    before = an_article(title, text=text, quality=quality)
    found = corrected(before, an_article(new_title, text=new_text, quality=new_quality))
    assert corrected(before, before) is None
    assert corrected(before, replace(before, quality=new_quality)) is None
    if found is not None:
        assert 1 <= len(found.changes) <= MOST
        assert all(max(len(each.before), len(each.after)) <= WIDTH for each in found.changes)
        assert all(each.before != each.after for each in found.changes)


@given(st.lists(SENTENCES, min_size=1, max_size=8), st.data())
def test_what_only_lost_paragraphs_is_not_corrected(lines: list[str], data: st.DataObject) -> None:
    kept = [line for line in lines if data.draw(st.booleans())]
    full, less = an_article(text="\n".join(lines)), an_article(text="\n".join(kept))
    found = corrected(full, less)
    assert found is None or not any(each.before for each in found.changes)
    if not any("Ralat" in line for line in lines):
        assert corrected(full, less) is None
        assert corrected(less, full) is None


@pytest.mark.parametrize(
    "piece", ["a 1. ", "a", "Budi ", "1", "1.", "A 1\n", "dua ", "((", "Ralat: ", "baca juga ", "“a” 1 "], ids=ascii
)
def test_hostile_text_does_not_hold_us_up(piece: str) -> None:
    """Anything that takes time in the square of its length would not come back from this."""
    text = piece * (500_000 // len(piece))
    before = replace(BEFORE, title=piece * 100, text=text)
    for new in (text.replace("1", "2"), f"x {text}"):
        corrected(before, replace(BEFORE, title=piece * 99, text=new))


SYLLABLES = ("ba", "di", "ku", "lo", "me", "na", "pa", "ri", "su", "ta")


def word(number: int) -> str:
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:04}")


def names(first: int) -> str:
    """Hardly anything else."""
    numbers = iter(range(first, 9_999))
    return "\n".join(" ".join(f"di {word(next(numbers)).title()}" for _ in range(60)) + "." for _ in range(60))


def of_few_words(seed: int) -> str:
    """Sentences that share all their words but one."""
    return "\n".join(
        " ".join(word((seed * line + at * 7) % 61) for at in range(100)) + f" {word(line + seed)}."
        for line in range(200)
    )


@pytest.mark.parametrize("text", [names, of_few_words])
def test_each_word_costs_a_few_steps_however_many_there_are(text: Callable[[int], str]) -> None:
    before, after = (an_article("Gempa", text=text(first)) for first in (1, 5_000))
    profile = cProfile.Profile()
    profile.runcall(corrected, before, after)
    steps = sum(entry.callcount for entry in profile.getstats())
    assert steps < 40 * len(f"{before.text} {after.text}".split())


@pytest.mark.parametrize("char", ["a", "б", "京"])
def test_of_a_text_so_many_bytes_are_compared_as_a_character_of_chinese_is_a_word(char: str) -> None:
    filling = f"{char * 9}\n"
    lines = 120_000 // len(filling.encode())
    before = f"{filling * (lines - 9)}Sebanyak 12 orang tewas.\n{filling * 9}Sebanyak 5 orang terluka."
    assert changes(an_article(text=before), an_article(text=before.replace(" 12 ", " 21 ")))
    assert not changes(an_article(text=before), an_article(text=before.replace(" 5 ", " 6 ")))


class Asked(frozenset[tuple[str, str]]):
    """What may be large is asked, not copied."""

    def __or__(self, other: object) -> Never:
        raise AssertionError

    __ror__ = __or__


def test_names_that_stand_together_are_looked_up() -> None:
    said = [statement(f"Menurut {name} dari kantor itu, hujan turun lagi.") for name in ("Budi", "Andi")]
    one, other = (Side(each, replace(vocabulary([each]), together=Asked())) for each in said)
    assert swaps(one, other, fewest_kept=3) == [Swap(("budi",), ("andi",))]
