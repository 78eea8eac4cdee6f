"""`silence`: what nobody wants to hear of for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Monitor

TOPIC = "Korea Utara Rusia"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (("--topic", TOPIC), "topic 'Korea Utara Rusia'"),
        (("--words", '"Kim Jong Un" AND Putin'), 'words "Kim Jong Un" AND Putin'),
    ],
)
def test_what_is_silenced_is_not_told_and_explain_says_by_what(
    home: Path, monitor: Monitor, target: tuple[str, str], said: str
) -> None:
    waiting = home / "later"
    (home / "seeds").rename(waiting)
    (home / "seeds").mkdir()
    assert monitor("once").status == 0
    added = monitor("silence", "add", *target, "--for", "1h", "--reason", "cukup  dulu")
    assert (added.status, added.out.startswith(f"silent now (1): {said}, until ")) == (0, True)
    for file in waiting.iterdir():
        file.rename(home / "seeds" / file.name)

    told = monitor("once", "--all")
    assert "Kim Jong Un Dukung" not in told.out
    (line,) = monitor("silence", "list").out.splitlines()
    assert said in line
    assert line.endswith("  cukup dulu")
    first = min(home.joinpath("seeds").iterdir())
    why = monitor("explain", f"seeds/{first.name}").out
    assert "not to hear of it for a while" in why
    assert f"({said}, until " in why
    assert ": cukup dulu)" in why


def test_a_silence_is_listed_for_programs_and_can_be_ended(home: Path, monitor: Monitor) -> None:
    monitor("once")
    assert monitor("silence", "list").out == "nothing is silenced\n"
    (added,) = monitor("silence", "add", "--story", "1", "--for", "2d", "--json").lines
    (listed,) = monitor("silence", "list", "--json").lines
    assert added == listed
    assert (listed["story"], listed["topic"], listed["words"], listed["reason"]) == (1, None, None, "")
    assert monitor("silence", "end", str(listed["id"])).out == "heard of again: story 1\n"
    assert monitor("silence", "list", "--json").lines == []
    assert monitor("silence", "end", str(listed["id"])).status == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("--for", "1h"),
        ("--topic", TOPIC),
        ("--topic", TOPIC, "--for", "1"),
        ("--topic", TOPIC, "--for", "0s"),
        ("--topic", TOPIC, "--for", "-1h"),
        ("--topic", TOPIC, "--for", "besok"),
        ("--topic", TOPIC, "--for", "99999d"),
        ("--topic", "Lain", "--for", "1h"),
        ("--topic", TOPIC, "--story", "1", "--for", "1h"),
        ("--story", "x", "--for", "1h"),
        ("--story", "77", "--for", "1h"),
        ("--story", "99999999999999999999", "--for", "1h"),
        ("--words", '"Kim', "--for", "1h"),
        ("--words", "", "--for", "1h"),
        ("--words", "-Kim", "--for", "1h"),
    ],
)
def test_a_missing_or_impossible_target_or_time_is_told_in_a_line(
    home: Path, monitor: Monitor, wrong: tuple[str, ...]
) -> None:
    monitor("once")
    ended = monitor("silence", "add", *wrong)
    assert (ended.status, ended.err.count("\n"), ended.out) == (2, 1, "")
    assert monitor("silence", "list").out == "nothing is silenced\n"
