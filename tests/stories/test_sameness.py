"""What stands under one address, guid or entry may be one article in other words, or another article."""

from __future__ import annotations

import pytest

from monitor.model import Article
from monitor.stories.sameness import is_alike, is_another
from tests.build import an_article

LINES = (
    "Gempa mengguncang Maluku Tengah pada Selasa pagi. Pusat gempa berada di laut pada kedalaman 10 kilometer, kata badan "
    "meteorologi. Sebanyak 12 rumah di Kecamatan Amahai rusak ringan, dan warga sempat mengungsi ke perbukitan."
)
ELSEWHERE = "Warga Banda Aceh berlarian ketika tanah bergoyang semalam. Belum ada laporan kerusakan dari kepala desa."
FORM = "Maluku diguncang gempa; warga Maluku berhamburan. Pusat gempa di laut Maluku, kata kepala badan di Maluku."


def an(title: str, text: str) -> Article:
    return an_article(title, text=text)


ANOTHER: dict[str, tuple[Article, Article]] = {
    "another event": (an("Gempa M 5,1 Guncang Maluku", LINES), an("Aceh Diguncang Gempa M 4,4", ELSEWHERE)),
    "only the place is another": (an("Gempa besar di Maluku", LINES), an("Gempa besar di Aceh", ELSEWHERE)),
    "a form with another place": (an("Gempa di Maluku", FORM), an("Gempa di Aceh", FORM.replace("Maluku", "Aceh"))),
    "titles alone": (an("Gempa M 5,1 Guncang Maluku", ""), an("Banjir Rendam Jakarta Timur", "")),
}
ITSELF: dict[str, tuple[Article, Article]] = {
    "figures are put right": (an("Gempa M 5,1 di Maluku", LINES), an("Gempa M 6,1 di Maluku", ELSEWHERE)),
    "another title": (an("Gempa M 5,1 Guncang Maluku", LINES), an("Warga Amahai Mengungsi", f"{LINES} Foto: Ana.")),
    "another text": (an("Gempa M 5,1 Guncang Maluku", LINES), an("Gempa M 5,1 Guncang Maluku", ELSEWHERE)),
    "a name, in the text too": (an("Gempa di Malku", LINES.replace("Maluku", "Malku")), an("Gempa di Maluku", LINES)),
    "a name in a title alone": (an("Gempa besar guncang Malku", ""), an("Gempa besar guncang Maluku", "")),
    "a poorer reading": (an("Gempa di Maluku, 12 Rumah Rusak", LINES), an("Belasan Rumah Rusak", LINES[:160])),
}


@pytest.mark.parametrize(("before", "after"), ANOTHER.values(), ids=ANOTHER)
def test_it_is_another_article(before: Article, after: Article) -> None:
    assert is_another(before, after)
    assert is_another(after, before)


@pytest.mark.parametrize(("before", "after"), ITSELF.values(), ids=ITSELF)
def test_it_is_the_same_article_in_other_words(before: Article, after: Article) -> None:
    assert not is_another(before, after)
    assert not is_another(after, before)


def test_of_a_very_long_text_the_beginning_tells() -> None:
    beginning = " ".join(f"permulaan{n}" for n in range(1_700))
    one, other = (an(end, f"{beginning} " + " ".join(f"{end}{n}" for n in range(3_300))) for end in ("tamat", "usai"))
    assert is_alike(one, other)
    assert not is_another(one, other)
