"""Sentences: a full stop ends one, unless it is of a short form, a name, a number or a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import paragraphs
from monitor.text.sentences import sentences

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \n.!?…。\"”')]“‘(AadrNo5,1-"))) | st.lists(
    st.sampled_from(
        [
            "dr. ",
            "Jl. ",
            "U.S. ",
            "Budi",
            "pergi",
            ". ",
            ".",
            "No. ",
            "5",
            "1,5",
            "… ",
            "! ",
            "”",
            "“",
            "\n",
            "。",
            "A. ",
        ]
    )
).map("".join)


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Presiden tiba pukul 10.30 WIB. | Ia disambut di bandara.",
        "Pasien ditangani dr. Budi Santoso, Sp.PD. di Jakarta. | Ia pulih.",
        "Rapat dibuka Prof. A. Rahman, S.H., M.H. dan Ir. H. Juanda. | Acara usai.",
        "Kantornya di Jl. Jend. Sudirman No. 5, Kec. Setiabudi. | Polisi datang.",
        "Surat diteken a.n. Gubernur Jawa Barat. | Isinya singkat.",
        "Kerugian Rp. 1.500.000 per orang, naik 2,5 persen. | Polisi menyelidiki.",
        "Lihat hal. 12 dan ps. 3. | Selesai.",
        "“Saya tidak tahu.” | Budi lalu pergi.",
        "“Apa?” tanya dia. | “Tidak!” kata Andi.",
        "Benarkah? | Tidak.",
        "Yahoo! mengumumkan laba. | Saham naik.",
        "Ia ragu… | Lalu ia pergi.",
        "Ia … ragu.",
        "Ia sudah datang (pukul 9 pagi.) | Rapat dimulai.",
        "Ini dibantah. | (Antara memuat bantahan itu.)",
        "Ini terjadi pada 2025. | Presiden hadir.",
        "1. Persib Bandung menang. | 2. Persija kalah.",
        "Polisi datang kemarin. | Dia pergi.",
        "KOMPAS.com - Polisi datang. | Warga lega.",
        "PT. Maju Jaya dan CV. Sentosa bangkrut. | Buruh resah.",
        "The U.S. President met Mr. Smith at 5 p.m. | He left.",
        "He lives in the U.S. | The president does not.",
        "George W. Bush and J.K. Rowling spoke. | Then they left.",
        "Inflation was 3.5 percent vs. 4.1 in May, Dr. No. 2 said. | Markets fell.",
        "He said no. | Then he left.",
        "今日は晴れ。 | 明日は雨！ | 本当？",
        "「行く。」と彼は言った。 | 終わり。",
        "他来了。 | 价格是3．5元。",
        "वह आया। | वह गया।",
        "هل جاء؟ | نعم.",
        "Он приехал. | А. С. Пушкин ждал.",
        "ไม่มีจุดจบประโยคที่นี่ แต่มีช่องว่าง",
    ],
)
def test_sentences(text: str) -> None:
    expected = text.split(" | ")
    assert said(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("glued", "expected"),
    [
        ("Ia pergi kemarin.Dia pulang", ["Ia pergi kemarin.", "Dia pulang"]),
        ("Rabu (18/6/2025).Sebelumnya ia sakit.", ["Rabu (18/6/2025).", "Sebelumnya ia sakit."]),
        ("今日は晴れ。明日は雨！「行く。」と言った。", ["今日は晴れ。", "明日は雨！", "「行く。」と言った。"]),
        ("Dikutip Tempo.Co dan Ph.D serta S.Pd", ["Dikutip Tempo.Co dan Ph.D serta S.Pd"]),
        ("1.500.Ini", ["1.500.Ini"]),
    ],
)
def test_a_lost_blank_after_a_full_stop_is_noticed(glued: str, expected: list[str]) -> None:
    assert said(glued) == expected


def test_a_sentence_never_goes_on_in_the_next_line() -> None:
    assert said("Judul tanpa titik\n\n  Isi berita. Lagi\ndan seterusnya.\n") == [
        "Judul tanpa titik",
        "Isi berita.",
        "Lagi",
        "dan seterusnya.",
    ]


def test_nothing_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n \n") == []


@given(TEXTS)
def test_sentences_stand_in_order_inside_their_lines_and_leave_out_only_blanks(text: str) -> None:
    found = sentences(text)
    lines = paragraphs(text)
    end = 0
    for start, stop in found:
        assert end <= start < stop
        assert text[end:start].strip() == ""
        assert text[start:stop].strip() == text[start:stop]
        assert any(first <= start and stop <= last for first, last in lines)
        end = stop
    assert text[end:].strip() == ""


@pytest.mark.parametrize(
    "piece", [".", "a.", "A. ", '."', ".“", "。」", "“", "Dr. ", "1. ", "… ", "a.B", " \n"], ids=ascii
)
def test_hostile_text_does_not_hold_us_up(piece: str) -> None:
    """Anything that takes time in the square of its length would not come back from this."""
    assert len(sentences(piece * 100_000)) <= 200_000
