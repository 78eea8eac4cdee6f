"""Which texts are copies of which: the same with small edits, cut or extended."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.prose import body
from bench.syndication import Level, embedded, syndicated
from monitor.stories.copies import KEPT, READ, containment, is_copy, overlap, sketch
from monitor.text import tokens

MATCH = (
    "{home} mengalahkan {away} dengan skor {score} di Stadion {place} pada {day} malam. Gol kemenangan dicetak oleh {by} "
    "pada menit ke-{minute} setelah menerima umpan {helper}. Pelatih {home} memuji kerja keras para pemainnya, sedangkan "
    "pelatih {away} menyesalkan peluang yang terbuang. Dengan hasil ini {home} naik ke peringkat {rank} klasemen "
    "sementara, dan pekan depan akan bertandang ke markas {next}."
)
FIRST = {"home": "Persib", "away": "Persija", "score": "2-1", "place": "Bandung", "day": "Sabtu", "by": "David"}
SECOND = {"home": "Arema", "away": "PSM", "score": "1-0", "place": "Kanjuruhan", "day": "Minggu", "by": "Dedik"}
REST_OF_FIRST = {"minute": "81", "helper": "Ciro", "rank": "kedua", "next": "Borneo"}
REST_OF_SECOND = {"minute": "12", "helper": "Arkhan", "rank": "keenam", "next": "Madura"}


def wording(text: str) -> tuple[int, ...]:
    return sketch([token.term for token in tokens(text)])


def an_agency_text(number: int = 0, paragraphs: int = 8) -> str:
    return "\n".join(body(1, 0, number)[:paragraphs])


OTHERS = [an_agency_text(number) for number in range(100, 110)]


# -- what is a copy ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_text_of_another_outlet_with_edits_is_a_copy(level: Level) -> None:
    rng = Random(level)
    told = [
        is_copy(wording(syndicated(an_agency_text(n), level, rng, OTHERS)), wording(an_agency_text(n)))
        for n in range(30)
    ]
    assert sum(told) >= 29


def test_the_first_paragraphs_alone_are_a_copy() -> None:
    assert is_copy(wording(an_agency_text(paragraphs=2)), wording(an_agency_text()))


def test_capitals_accents_and_punctuation_do_not_hide_a_copy() -> None:
    text = an_agency_text()
    assert wording(text.upper().replace(",", " –").replace("A", "Á")) == wording(text)


@pytest.mark.parametrize(("own", "told"), [(0.3, True), (0.7, False)])
def test_a_longer_article_that_carries_the_text_is_a_copy_only_if_little_of_it_is_its_own(
    own: float, told: bool
) -> None:
    longer = embedded(an_agency_text(), own, Random(1), OTHERS)
    assert is_copy(wording(longer), wording(an_agency_text())) is told


def test_of_a_short_and_a_long_text_the_short_one_is_the_copy() -> None:
    longer = embedded(an_agency_text(), 0.7, Random(1), OTHERS)
    assert is_copy(wording(an_agency_text()), wording(longer))


# -- what is none --------------------------------------------------------------------------------


def test_another_article_is_no_copy() -> None:
    assert not is_copy(wording(an_agency_text(1)), wording(an_agency_text(2)))


def test_two_matches_told_in_the_same_phrases_are_no_copies() -> None:
    first, second = MATCH.format(**FIRST, **REST_OF_FIRST), MATCH.format(**SECOND, **REST_OF_SECOND)
    assert not is_copy(wording(second), wording(first))


def test_the_footer_of_a_site_makes_no_copies() -> None:
    footer = "\n" + an_agency_text(50, paragraphs=1)
    assert not is_copy(wording(an_agency_text(1) + footer), wording(an_agency_text(2) + footer))


def test_a_quotation_in_both_makes_no_copy() -> None:
    quotation = "\n" + an_agency_text(50, paragraphs=2)
    one, other = (an_agency_text(number, paragraphs=3) + quotation for number in (1, 2))
    assert not is_copy(wording(one), wording(other))


def test_a_short_text_half_of_which_is_a_quotation_from_a_long_one_is_no_copy() -> None:
    known = an_agency_text()
    quotation = " ".join(known.split()[60:100])
    own = " ".join(an_agency_text(1).split()[:32])
    share, _ = overlap(wording(own + " " + quotation), wording(known))
    assert share >= 0.5
    assert not is_copy(wording(own + " " + quotation), wording(known))


@pytest.mark.parametrize("count", [0, 1, 3, 4, 29])
def test_a_line_or_two_is_never_a_copy(count: int) -> None:
    line = " ".join(an_agency_text().split()[:count])
    assert not is_copy(wording(line), wording(line))


def test_thirty_words_can_be_a_copy() -> None:
    line = " ".join(f"kata{number}" for number in range(30))
    assert is_copy(wording(line), wording(line))


# -- scripts without spaces ----------------------------------------------------------------------


def characters(seed: int, count: int = 600) -> str:
    """Words of two characters out of three hundred, as of a text on one subject."""
    words = Random(0)
    known = ["".join(chr(words.randrange(0x4E00, 0x9FA0)) for _ in range(2)) for _ in range(300)]
    return "".join(Random(seed).choices(known, k=count // 2))


def test_a_chinese_text_with_a_new_ending_is_a_copy() -> None:
    known = characters(1)
    assert is_copy(wording(known[:450] + characters(3, 100)), wording(known))


def test_chinese_texts_of_the_same_words_are_no_copies() -> None:
    assert containment(wording(characters(1)), wording(characters(2))) < 0.1


# -- the numbers ---------------------------------------------------------------------------------


def test_containment_is_that_of_the_shorter_text_whichever_comes_first() -> None:
    part, whole = wording(an_agency_text(paragraphs=4)), wording(an_agency_text())
    assert containment(part, whole) == containment(whole, part) == 1
    assert overlap(part, whole)[1] == pytest.approx(0.5, abs=0.15)


def test_half_of_a_text_is_about_half_whatever_the_lengths() -> None:
    """Estimates of many pairs are right in the mean: sketches of texts of different length can be compared."""
    shared = [an_agency_text(number, paragraphs=3) for number in range(40)]
    mixed = [text + "\n" + "\n".join(body(1, 0, 200 + n)[:3]) for n, text in enumerate(shared)]
    longer = [text + "\n" + "\n".join(body(1, 0, 300 + n)) for n, text in enumerate(shared)]
    shares = [overlap(wording(one), wording(other))[0] for one, other in zip(mixed, longer, strict=True)]
    assert sum(shares) / len(shares) == pytest.approx(0.5, abs=0.04)


def test_nothing_is_in_nothing() -> None:
    assert overlap((), ()) == (0.0, 0.0)
    assert containment((), wording(an_agency_text())) == 0


def test_a_sketch_is_bounded_and_of_32_bits() -> None:
    numbers = sketch([f"kata{number}" for number in range(3000)])
    assert len(numbers) == KEPT
    assert list(numbers) == sorted(set(numbers))
    assert 0 <= numbers[0] <= numbers[-1] < 2**32


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    words = [f"kata{number}" for number in range(READ)]
    assert sketch([*words, *words[::-1]]) == sketch(words)


def test_the_sketch_is_the_same_in_every_process_and_on_every_machine() -> None:
    said = "from monitor.stories.copies import sketch; print(sketch('gempa guncang maluku malam ini'.split()))"
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert (
        ended.stdout.strip() == str(sketch(["gempa", "guncang", "maluku", "malam", "ini"])) == "(958904315, 3087932538)"
    )


@given(st.lists(st.text(max_size=6), max_size=400), st.lists(st.text(max_size=6), max_size=400))
def test_any_words_have_a_sketch_and_shares_between_none_and_all(one: list[str], other: list[str]) -> None:
    mine, theirs = sketch(one), sketch(other)
    assert 0 <= containment(mine, theirs) == containment(theirs, mine) <= 1
    assert overlap(mine, theirs) == overlap(theirs, mine)[::-1]
    assert containment(mine, mine) == (1 if mine else 0)


# -- the copies that are measured with -----------------------------------------------------------


def test_a_copy_is_changed_the_more_the_higher_its_level() -> None:
    text = an_agency_text()
    shares = [overlap(wording(text), wording(syndicated(text, level, Random(1), OTHERS)))[0] for level in (1, 2, 3)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9 > shares[1] > 0.7 > shares[2] > 0.3


def test_the_same_seed_makes_the_same_copy() -> None:
    assert syndicated(an_agency_text(), 3, Random(1), OTHERS) == syndicated(an_agency_text(), 3, Random(1), OTHERS)


@given(
    st.text(max_size=300), st.sampled_from([1, 2, 3]), st.lists(st.text(max_size=50), max_size=3), st.integers(0, 99)
)
def test_any_text_can_be_copied(text: str, level: Level, others: list[str], seed: int) -> None:
    assert syndicated(text, level, Random(seed), others)
