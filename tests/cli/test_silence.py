"""`silence`: what nobody wants to hear of for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Monitor

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
    monitor.round()
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
    monitor.round()
    assert monitor("silence", "list").out == "nothing is silenced\n"
    (added,) = monitor("silence", "add", "--story", "1", "--for", "2d", "--json").lines
    (listed,) = monitor("silence", "list", "--json").lines
    assert added == listed
    assert (listed["story"], listed["topic"], listed["words"], listed["reason"]) == (1, None, None, "")
    assert monitor("silence", "end", str(listed["id"])).out == "heard of again: story 1\n"
    assert monitor("silence", "list", "--json").lines == []
    assert monitor("silence", "end", str(listed["id"])).status == 2


IN_FILE = """\
silences:
  - {topic: Korea Utara Rusia, until: 2996-12-20 08:00, reason: cukup dulu}
  - {words: Lavrov OR Putin, until: 2996-12-21}
  - {story: 42, until: 2006-12-20}
"""


def test_what_stands_in_the_file_is_listed_without_a_number_while_it_holds(home: Path, monitor: Monitor) -> None:
    (home / "config.yaml").write_text(SMALL + IN_FILE)
    monitor.round()
    monitor("silence", "add", "--story", "1", "--for", "2d")
    first, *rest = monitor("silence", "list").out.splitlines()
    assert first.startswith("   1  story 1  until ")
    assert rest == [
        "   –  topic 'Korea Utara Rusia'  until 2996-12-20 08:00  cukup dulu  (config.yaml)",
        "   –  words Lavrov OR Putin  until 2996-12-21 00:00  (config.yaml)",
    ]
    assert [(each["id"], each["source"]) for each in monitor("silence", "list", "--json").lines] == [
        (1, "database"),
        (None, "config.yaml"),
        (None, "config.yaml"),
    ]
    assert monitor("silence", "list", "--json").lines[1] == {
        "id": None,
        "source": "config.yaml",
        "topic": "Korea Utara Rusia",
        "story": None,
        "words": None,
        "channel": None,
        "until": "2996-12-20T01:00:00+00:00",
        "reason": "cukup dulu",
    }


def test_what_stands_in_the_file_is_not_told_and_explain_says_by_what(home: Path, monitor: Monitor) -> None:
    (home / "config.yaml").write_text(SMALL + IN_FILE)
    assert "Kim Jong Un Dukung" not in monitor("once").out
    first = min(home.joinpath("seeds").iterdir())
    said = "(topic 'Korea Utara Rusia', until 2996-12-20 08:00: cukup dulu)"
    assert said in monitor("explain", f"seeds/{first.name}").out


def test_what_stands_in_the_file_is_ended_there(home: Path, monitor: Monitor) -> None:
    (home / "config.yaml").write_text(SMALL + IN_FILE)
    monitor.round()
    ended = monitor("silence", "end", "–")
    assert (ended.status, "is taken out of config.yaml" in ended.err) == (2, True)


def test_a_silence_that_is_over_is_a_warning_of_check(home: Path, monitor: Monitor) -> None:
    (home / "config.yaml").write_text(SMALL + IN_FILE)
    ended = monitor("check")
    assert (ended.status, ended.out) == (0, "ok: 1 feed, 1 topic, 1 channel\n")
    assert "config.yaml:14:24: this silence is over\n" in ended.err
    assert "hint: take it away" in ended.err
    assert ended.err.count("is over") == 1


@pytest.mark.parametrize(
    ("words", "place", "said"),
    [
        ("'Putin \"Kim'", "12:20", "this quote is never closed"),
        ("Putin AND (Kim", "12:23", "this bracket is never closed"),
        ("-Putin", "12:13", "this only excludes"),
    ],
)
def test_words_that_can_not_be_read_are_told_with_their_place_in_the_query(
    home: Path, monitor: Monitor, words: str, place: str, said: str
) -> None:
    silences = f"silences:\n  - {{words: {words}, until: 2996-12-20}}\n  - {{story: 0, until: 2996-12-20}}\n"
    (home / "config.yaml").write_text(SMALL + silences)
    ended = monitor("check")
    assert (ended.status, ended.err.count("hint:")) == (2, 2)
    assert f"config.yaml:{place}: {said}\n" in ended.err
    assert "config.yaml:13:13: 0 is too small\n" in ended.err


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
    monitor.round()
    ended = monitor("silence", "add", *wrong)
    assert (ended.status, ended.err.count("\n"), ended.out) == (2, 1, "")
    assert monitor("silence", "list").out == "nothing is silenced\n"
