"""How common words are: on the first day by the table that comes with the program, later by the stream itself."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.frequencies import HIGHEST, LONGEST, READ, Frequencies, prior, words_of
from tests.build import an_article

FIRST_DAY = Frequencies.of(0, {})
DAYS = 100_000  # articles of a stream that is no longer young


# -- the first day -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "kata menurut presiden jakarta wib yang dan di pada tersebut",
        "the and said according president government police with from",
        "der die und nicht mit",
        "les des dans pour avec",
        "los que para con una",
        "não uma com para dos",
        "che della per con sono",
        "het een van niet met",
        "что это как все они",
        "bir için çok daha olarak",
        "jest nie się przez jako",
        "không được những trong của",
        "في من على التي هذا",
        "के में है और से",
    ],
)
def test_the_words_that_every_text_bears_are_common_on_the_first_day(sentence: str) -> None:
    """Thrice as common as a name that was never seen."""
    words = words_of(an_article(sentence, text=""))
    assert words
    assert {word for word in words if FIRST_DAY.rarity(word) > FIRST_DAY.rarity("wonsan") / 2} == set()


def test_a_name_tells_more_than_a_word_of_news_and_that_more_than_a_function_word() -> None:
    assert FIRST_DAY.rarity("lavrov") > FIRST_DAY.rarity("menteri") > FIRST_DAY.rarity("dan")


def test_a_word_that_is_another_one_elsewhere_is_not_taken_for_a_function_word() -> None:
    """German "war" is in every text; an English war is news."""
    assert FIRST_DAY.rarity("war") > 2 * FIRST_DAY.rarity("und")


# -- later ---------------------------------------------------------------------------------------


def test_a_word_that_our_stream_is_full_of_becomes_common() -> None:
    """As "Rusia" in a stream about Russia."""
    assert Frequencies.of(DAYS, {"rusia": DAYS // 2}).rarity("rusia") == pytest.approx(0.7, abs=0.05)


def test_a_word_that_our_stream_hardly_bears_becomes_rare_whatever_was_thought_beforehand() -> None:
    assert Frequencies.of(DAYS, {"jakarta": 2}).rarity("jakarta") > 8


def test_what_was_known_beforehand_fades_as_the_stream_grows() -> None:
    rarities = [Frequencies.of(documents, {}).rarity("jakarta") for documents in (0, 100, 1_000, 10_000, 100_000)]
    assert rarities == sorted(rarities)
    assert rarities[0] < 2
    assert rarities[-1] > 8


def test_the_function_words_of_a_language_stay_common_in_a_stream_that_seldom_bears_it() -> None:
    """One German text among a thousand is still told apart by its names, not by its articles."""
    counts = {"und": DAYS // 1_000, "nicht": DAYS // 1_000}
    seldom = Frequencies.of(DAYS, counts)
    assert max(seldom.rarity("und"), seldom.rarity("nicht")) < 1


def test_a_language_that_nobody_prepared_is_learnt_within_some_dozens_of_articles() -> None:
    """Its words begin as rare ones, all alike; what stands in most of its texts is common soon."""
    swahili = Frequencies.of(60, {"kwamba": 50, "mwanasiasa": 1})
    assert FIRST_DAY.rarity("kwamba") == FIRST_DAY.rarity("mwanasiasa")
    assert swahili.rarity("kwamba") < 0.6 * swahili.rarity("mwanasiasa")


def test_a_word_never_seen_is_rarest_and_no_rarer_than_the_bound() -> None:
    large = Frequencies.of(1_000_000, Counter(rusia=10_000))
    assert large.rarity("zzyzx") == HIGHEST
    assert FIRST_DAY.rarity("zzyzx") == max(map(FIRST_DAY.rarity, [*prior().shares, "zzyzx"]))


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000), st.sampled_from(["yang", "und", "jakarta", "zzyzx"]))
def test_a_rarity_is_never_negative(documents: int, borne: int, word: str) -> None:
    assert 0 <= Frequencies.of(documents, {word: borne}).rarity(word) <= HIGHEST


# -- what an article counts ----------------------------------------------------------------------


def test_words_count_once_an_article_however_they_are_written() -> None:
    article = an_article("Banjir di Demak", text="BANJIR melanda Démak; banjir itu surut.")
    assert words_of(article) == {"banjir", "di", "demak", "melanda", "itu", "surut"}


def test_figures_single_letters_and_what_is_too_long_are_no_words() -> None:
    article = an_article("Gempa 5,6 SR G20 5G", text=f"A b c {'x' * (LONGEST + 1)} 1.500.000 ２０ utara")
    assert words_of(article) == {"gempa", "sr", "utara"}


def test_where_words_are_not_divided_runs_of_characters_count() -> None:
    assert words_of(an_article("北京市 3月", text="")) == {"北京", "京市"}
    assert words_of(an_article("เยือน", text="")) == {"เยือน"}


def test_a_very_long_text_counts_by_its_beginning() -> None:
    article = an_article(text="awal " * (READ // 5) + "akhir")
    assert "akhir" not in words_of(article)


# -- the table -----------------------------------------------------------------------------------


def test_the_table_is_small_and_says_where_it_comes_from() -> None:
    from importlib.resources import files

    table = (files("monitor.stories") / "prior.txt").read_text(encoding="utf-8")
    assert len(table.encode()) < 600_000
    assert "CC BY-SA 4.0" in table


def test_every_share_of_the_table_is_one() -> None:
    known = prior()
    assert len(known.shares) > 40_000
    assert all(0 < share <= 1 for share in known.shares.values())
    assert known.always < known.shares.keys()
    assert sys.getsizeof(known.shares) < 5_000_000
