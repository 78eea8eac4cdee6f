"""Whole stories as tables: a further file in tables/ is a further test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.timeline import TableError, faults, read, read_text

TABLES = sorted((Path(__file__).parent / "tables").glob("*.txt"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_what_the_table_says_is_told_and_nothing_else(path: Path) -> None:
    wrong = faults(read(path))
    assert not wrong, "\n" + "\n".join(wrong)


# -- the reader of tables --------------------------------------------------------------------------

SMALL = """\
timezone: Asia/Jakarta
channels: {phone: console}
feeds: [https://news.example/rss]
topics: [Gempa]
alerts: {channels: [phone]}
-----
Monday 9 March 2026
06:00  tempo.co: Gempa besar guncang Maluku
       held phone, Gempa: settling until Mon 06:02
06:02  → phone: story
       · Gempa: Gempa besar guncang Maluku (tempo.co)
"""
CAME = "→ phone: story\n    · Gempa: Gempa besar guncang Maluku (tempo.co)"


def wrong_with(before: str, after: str) -> str:
    assert before in SMALL
    return "\n".join(faults(read_text(SMALL.replace(before, after), name="small.txt")))


def test_a_table_that_is_right_has_no_faults() -> None:
    assert wrong_with("Gempa", "Gempa") == ""


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("06:02  →", "06:03  →", 10),
        ("(tempo.co)", "(kompas.com)", 10),
        ("→ phone: story", "→ phone: digest", 10),
        ("· Gempa:", "· Tsunami:", 10),
    ],
    ids=["time", "outlets", "kind", "topic"],
)
def test_a_wrong_line_is_named_with_what_really_came(before: str, after: str, line: int) -> None:
    wrong = wrong_with(before, after)
    assert wrong.startswith(f"small.txt:{line}: should have come Mon 2026-03-09 06:0")
    assert CAME in wrong


def test_a_wrong_reason_is_named_with_the_real_one() -> None:
    wrong = wrong_with("settling until Mon 06:02", "quiet hours until Mon 06:02")
    assert wrong.startswith("small.txt:9: should have been decided then")
    assert "held phone, Gempa: settling until Mon 06:02" in wrong


def test_a_message_that_the_table_does_not_name_is_a_fault() -> None:
    told = SMALL[SMALL.index("06:02  →") :]
    assert "not in the table, but came Mon 2026-03-09 06:02" in wrong_with(told, "06:05  jawapos.com: Banjir")


def test_what_waits_at_the_end_is_a_fault() -> None:
    told = SMALL[SMALL.index("06:02  →") :]
    assert "still waits at the end" in wrong_with(told, "")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("tempo.co: Gempa", "[earthquake Gempa]", "small.txt:8: what does this mean?"),
        ("06:00  tempo", "tempo", "small.txt:8: before this there must be a day and a time"),
        ("Monday", "Tuesday", "is a Monday"),
        ("-----", "", "a line of dashes"),
        ("06:02  → phone: story\n", "", "small.txt:10: this belongs under a message"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(before: str, after: str, what: str) -> None:
    with pytest.raises(TableError, match=what.replace("?", r"\?")):
        wrong_with(before, after)
