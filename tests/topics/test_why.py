"""Why an article matches or does not: the clause that decided, and the whole query as a tree."""

from __future__ import annotations

import pytest
from hypothesis import given

from monitor.topics.clause_words import in_words, lines
from monitor.topics.evaluate import is_true
from monitor.topics.tree import Query
from monitor.topics.why import Why, deciding, why
from tests.topics.test_evaluate import QUERIES, TEXTS, Paragraph, body_of
from tests.topics.trees import (
    alias,
    at_least,
    either,
    every,
    near,
    no,
    phrase,
    question,
    read,
    regex,
    within,
    word,
)


def of(query: Query | str, body: str, title: str = "") -> Why:
    return why(question(query), read(body, title))


@pytest.mark.parametrize(
    ("query", "body", "says"),
    [
        ("tsunami", "gempa", "'tsunami' is not in it"),
        ("tsunami", "Tsunami di Aceh", "'tsunami' is in it"),
        ("uji rudal", "uji coba rudal", '"uji rudal" is not in it'),
        (alias("Korea Utara", "korut"), "Korut menembak", "'Korea Utara' is in it (as 'Korut')"),
        (regex("rud[a-z]+"), "uji rudal", "'rud[a-z]+' is in it (as 'rudal')"),
        (regex("[!?]+"), "?!", "'[!?]+' is in it (as '?!')"),
        (word("rud*"), "uji rudal", "'rud*' is in it (as 'rudal')"),
        (word("gempa", fields=("title",)), "gempa", "'gempa' is not in the title"),
        (word("bola", fields=("url", "feed")), "bola", "'bola' is not in the address or feed"),
        # AND: the first that is missing
        (every("gempa", "tsunami", "aceh"), "gempa", "'tsunami' is not in it"),
        (every("gempa", "tsunami"), "gempa tsunami", "'gempa' is in it and 'tsunami' is in it"),
        # NOT: what must not be there
        (every("gempa", no("simulasi")), "Simulasi gempa", "'simulasi' is in it, and must not be"),
        (every("gempa", no("simulasi")), "gempa", "'gempa' is in it"),
        (every("gempa", no(either("latihan", "simulasi"))), "simulasi gempa", "'simulasi' is in it, and must not be"),
        (no("simulasi"), "gempa", "'simulasi' is not in it"),
        # OR: all of it, or what was found
        (either("gempa", "tsunami"), "banjir", "nothing of 'gempa OR tsunami' is in it"),
        (either("gempa", "tsunami"), "tsunami", "'tsunami' is in it"),
        # NEAR: a side that is missing, else that they are far
        (near("korut", "rusia", 3), "korut", "'rusia' is not in it"),
        (
            near("korut", "rusia", 3),
            "korut" + " kata" * 4 + " rusia",
            "'korut' and 'rusia' are in it, but not near each other, with 3 words between at most",
        ),
        (
            near("korut", "rusia", 1, ordered=True),
            "rusia korut",
            "'korut' and 'rusia' are in it, but not near each other, with 1 word between at most, in this order",
        ),
        (near("korut", "rusia", 3), "korut rusia", "'korut NEAR/3 rusia' is in it"),
        # ATLEAST
        (at_least(3, "bri"), "BRI", "'bri' is in it 1 time only, not 3 times or more"),
        (at_least(3, "bri"), "bank", "'bri' is not in it"),
        (at_least(2, "bri"), "BRI, BRI, BRI", "'bri' is in it 3 times"),
        # within
        (within("sentence", "gempa", "aceh"), "Gempa. Aceh.", "'gempa aceh' is in it, but not within one sentence"),
        (within("sentence", "gempa", "aceh"), "Gempa.", "'aceh' is not in it"),
        (within("sentence", "gempa", "aceh"), "Gempa Aceh.", "'gempa' is in it and 'aceh' is in it"),
        (within("title", "gempa"), "gempa", "'gempa' is in it, but not within the title"),
        (within(5, "gempa", "aceh"), "gempa\naceh", "'gempa aceh' is in it, but not within 5 words in a row"),
        (within("paragraph", "gempa", no("aceh")), "gempa aceh", "'aceh' is in it, and must not be"),
    ],
)
def test_the_clause_that_decided_is_named(query: Query | str, body: str, says: str) -> None:
    assert in_words(deciding(of(query, body))) == says
    assert in_words(of(query, body))


def test_long_clauses_are_cut() -> None:
    says = in_words(deciding(of(either(*(f"kata{number}" for number in range(50))), "")))
    assert says.startswith("nothing of 'kata0 OR kata1")
    assert "…" in says
    assert len(says) < 90


def test_the_tree_shows_what_was_hit_and_how_often() -> None:
    query = every(alias("Korea Utara", "korut"), near("rudal", "rusia", 2), no("simulasi"), either("uji", "coba"))
    assert lines(of(query, "Korut dan Korea Utara: rudal dari rusia. Uji simulasi, simulasi")) == [
        "✗ all of these",
        "  ✓ 'Korea Utara' (2 places, 'Korut')",
        "  ✓ near each other, with 2 words between at most (1 place)",
        "    ✓ 'rudal' (1 place)",
        "    ✓ 'rusia' (1 place)",
        "  ✗ not 'simulasi' (2 places)",
        "  ✓ any of these",
        "    ✓ 'uji' (1 place)",
        "    ✗ 'coba'",
    ]


def test_the_tree_of_what_stands_in_one_stretch_is_of_that_stretch() -> None:
    query = within("sentence", at_least(2, "gempa"), no(every("uji", "coba")))
    assert lines(of(query, "Gempa. Gempa, gempa.")) == [
        "✓ within one sentence",
        "  ✓ all of these",
        "    ✓ 2 times or more (2 places)",
        "      ✓ 'gempa' (2 places)",
        "    ✓ not",
        "      ✗ all of these",
        "        ✗ 'uji'",
        "        ✗ 'coba'",
    ]
    assert lines(of(query, "Gempa. Gempa."))[:4] == [
        "✗ within one sentence",
        "  ✓ all of these",
        "    ✓ 2 times or more (2 places)",
        "      ✓ 'gempa' (2 places)",
    ]


def test_a_part_knows_where_it_is_written() -> None:
    query = phrase("uji rudal")
    found = of(query, "")
    assert (found.source, found.kind, found.column, found.is_hit, found.places) == (
        '"uji rudal"',
        "phrase",
        1,
        False,
        0,
    )


@given(QUERIES, TEXTS)
def test_the_tree_says_what_the_evaluator_says(query: Query, texts: list[Paragraph]) -> None:
    found = of(query, body_of(texts))
    assert found.is_hit is is_true(question(query), read(body_of(texts)))
    said = in_words(deciding(found))
    assert said
    assert "\n" not in said
    assert len(lines(found)) >= 1
