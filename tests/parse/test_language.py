"""The language of a text is known by its own words, whatever its page says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.language import detected, language_of

TEXTS = {
    "id": "Ratusan nelayan menolak izin pelabuhan yang terbit pekan lalu, karena perahu mereka tidak akan punya tempat untuk berlabuh di teluk itu.",
    "ms": "Ratusan nelayan menolak permit pelabuhan itu kerana bot mereka tidak akan mempunyai tempat, kata beliau selepas mesyuarat itu, sambil menegaskan bahawa kerajaan akan meneliti perkara itu.",
    "en": "Hundreds of fishermen have rejected the permit for the new port, as their boats would not have a place in the bay.",
    "de": "Hunderte Fischer lehnen die Genehmigung für den neuen Hafen ab, weil sie mit ihren Booten nicht mehr in der Bucht liegen können.",
    "nl": "Honderden vissers wijzen de vergunning voor de nieuwe haven af, omdat er voor hun boten dan geen plaats meer is in de baai.",
    "fr": "Des centaines de pêcheurs refusent le permis du nouveau port, parce que leurs bateaux ne sont plus les bienvenus dans la baie.",
    "es": "Cientos de pescadores rechazan el permiso para el nuevo puerto, porque sus barcos no tienen lugar en la bahía desde la semana pasada.",
    "ko": "수백 명의 어민이 지난주에 나온 새 항구 허가를 거부하고 군청 앞에 모였다.",
    "ja": "数百人の漁師が先週出された新しい港の許可を拒み、役場の前に集まった。",
    "zh": "数百名渔民拒绝接受上周颁发的新港口许可证，并聚集在县政府门前要求公开全部文件。",
    "ru": "Сотни рыбаков отвергли разрешение на новый порт, выданное на прошлой неделе, и собрались перед зданием.",
    "uk": "Сотні рибалок відкинули дозвіл на новий порт, виданий минулого тижня, і зібралися перед будівлею.",
    "ar": "رفض مئات الصيادين تصريح الميناء الجديد الذي صدر الأسبوع الماضي وتجمعوا أمام مكتب المحافظ.",
    "th": "ชาวประมงหลายร้อยคนปฏิเสธใบอนุญาตท่าเรือใหม่ที่ออกเมื่อสัปดาห์ที่แล้ว",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language: str) -> None:
    assert detected(TEXTS[language]) == language
    assert language_of(None, TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "Wonsela", "12 14 15", "Kim Jong Un Sambut Lavrov di Wonsan", "xq vz " * 20])
def test_what_tells_too_little_has_none(text: str) -> None:
    assert detected(text) is None
    assert language_of("id", text) == "id"


def test_a_template_that_says_english_is_not_believed() -> None:
    assert language_of("en", TEXTS["id"]) == "id"
    assert language_of("id", TEXTS["ko"]) == "ko"


def test_of_a_text_full_of_names_and_numbers_few_words_are_enough_where_none_are_of_the_said_language() -> None:
    prices = "Harga emas Wonsela naik Rp 5.000 menjadi Rp 1,2 juta per gram. Harga perak turun dari Rp 15.000 ke Rp 14.500. Indeks Bursa Teluk menguat 1,2 persen, saham Bank Muara naik 3 persen, saham Kapal Nusa melemah tipis."
    assert language_of("en", prices) == "id"


@pytest.mark.parametrize(("said", "text"), [("ms", "id"), ("id", "ms"), ("jv", "id"), ("fr", "fr")])
def test_what_the_page_says_counts_where_the_text_does_not_clearly_contradict(said: str, text: str) -> None:
    assert language_of(said, TEXTS[text]) == said


@given(st.text(max_size=300))
def test_any_text_has_one_or_none(text: str) -> None:
    found = detected(text)
    assert found is None or len(found) == 2
