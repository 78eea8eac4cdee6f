"""The workshop on the command line: try, check --diff, replay."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor

SMALL = """
timezone: Asia/Jakarta
language: id
channels: {terminal: console}
feeds: [seeds/]
aliases: {Korea Utara: [Korut]}
topics:
  - Korea Utara Rusia
  - name: Kim
    query: 'Kim NEAR/3 Un'
alerts: {channels: [terminal], wait: 0s}
"""


@pytest.fixture
def watched(home: Path, monitor: Monitor) -> Path:
    (home / "config.yaml").write_text(SMALL)
    monitor.round()
    return home


def test_a_query_says_what_it_would_have_found(watched: Path, monitor: Monitor) -> None:
    tried = monitor("try", "--query", "Lavrov")
    assert tried.status == 0
    assert "would have gone out" in tried.out
    assert "*Lavrov*" in tried.out
    assert "  - name: 'Lavrov'\n    query: 'Lavrov'" in tried.out


def test_a_topic_finds_what_it_found(watched: Path, monitor: Monitor) -> None:
    (tried,) = monitor("try", "--topic", "Korea Utara Rusia", "--json").lines
    assert (tried["read"], tried["articles"], len(tried["stories"]), tried["messages"]) == (2, 2, 1, 1)
    assert sum(day["articles"] for day in tried["days"]) == 2
    assert tried["stories"][0]["told_at"]


def test_nothing_found_ends_with_1(watched: Path, monitor: Monitor) -> None:
    assert monitor("try", "--query", "gajah").status == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "say what to try: --query QUERY or --topic NAME"),
        (["--query", "a", "--topic", "Kim"], "say what to try"),
        (["--topic", "Kin"], "there is no topic named 'Kin'; there is Korea Utara Rusia, Kim"),
        (["--query", "(a"], "the query can't be read"),
        (["--query", "a", "--since", "7"], "--since"),
        (["--query", "a", "--since", "0d"], "no time to look back"),
    ],
)
def test_wrong_use_is_said_in_one_line(watched: Path, monitor: Monitor, wrong: list[str], said: str) -> None:
    tried = monitor("try", *wrong)
    assert tried.status == 2
    assert said in tried.err
    assert len(tried.err.splitlines()) == 1


def test_the_difference_of_a_file_that_was_not_edited_is_empty(watched: Path, monitor: Monitor) -> None:
    checked = monitor("check", "--diff")
    assert checked.status == 0
    assert "no topic finds anything else" in checked.out
    assert monitor("check", "--diff", "--json").lines == []


def test_an_edit_says_what_comes_and_goes(watched: Path, monitor: Monitor) -> None:
    (watched / "config.yaml").write_text(
        SMALL.replace("'Kim NEAR/3 Un'", "gajah").replace("- Korea Utara Rusia", "- Lavrov")
    )
    checked = monitor("check", "--diff")
    assert "Kim: +0 / −1 stories in 30 days, 0 as before" in checked.out
    assert "Lavrov: +1 / −0 stories" in checked.out
    changed = {each["topic"]: each for each in monitor("check", "--diff", "--json").lines}
    assert set(changed) == {"Kim", "Lavrov", "Korea Utara Rusia"}
    assert [story["score"] > 0 for story in changed["Lavrov"]["more"]] == [True]


def test_before_the_first_start_there_is_nothing_to_compare_with(home: Path, monitor: Monitor) -> None:
    (home / "config.yaml").write_text(SMALL)
    assert "nothing to compare with" in monitor("check", "--diff").out


def test_a_replay_tells_message_by_message(watched: Path, monitor: Monitor) -> None:
    played = monitor("replay", "--since", "1d")
    assert played.status == 0
    first, summary = played.out.splitlines()
    assert "terminal" in first
    assert "Korea Utara Rusia" in first
    assert summary == "2 articles, 2 match; 1 message: terminal 1 (1.0 a day)"
    (message,) = monitor("replay", "--json").lines
    assert message["kind"] == "story"
    assert [story["topics"] for story in message["stories"]] == [["Kim", "Korea Utara Rusia"]]
    assert json.dumps(message)


def test_a_replay_by_other_rules_tells_otherwise(watched: Path, monitor: Monitor) -> None:
    (watched / "config.yaml").write_text(
        SMALL.replace("terminal: console", "terminal: {url: console, send: 'daily 07:00'}")
    )
    (message,) = monitor("replay", "--json").lines
    assert (message["kind"], message["held_by"]) == ("digest", "digest")


def test_a_second_look_says_what_is_missing_and_what_is_of_no_use(watched: Path, monitor: Monitor) -> None:
    tried = monitor("try", "--query", "Kim Rusia gajah", "--near")
    assert tried.status == 1
    assert "Near misses, the likest to what matches first:" in tried.out
    assert "'gajah' is not in it" in tried.out
    assert '"gajah" is in no article' in tried.out
    (found,) = monitor("try", "--query", "Kim Rusia gajah", "--near", "--json").lines
    assert {each["missing"] for each in found["near_misses"]} == {"gajah"}
    assert [each["state"] for each in found["words"] if each["word"] == "gajah"] == ["never hit"]


def test_a_topic_by_example_is_tried_by_its_samples(watched: Path, monitor: Monitor) -> None:
    first = min((watched / "seeds").iterdir())
    like = SMALL.replace("query: 'Kim NEAR/3 Un'", f"like: [seeds/{first.name}]")
    (watched / "config.yaml").write_text(like)
    (tried,) = monitor("try", "--topic", "Kim", "--json").lines
    assert tried["articles"] == 2


def test_a_second_look_at_a_topic_by_example_is_about_its_words(watched: Path, monitor: Monitor) -> None:
    like = "like: [seeds/]"
    (watched / "config.yaml").write_text(
        SMALL.replace("query: 'Kim NEAR/3 Un'", like).replace(
            "- Korea Utara Rusia", f"- {{name: Dua, query: Kim gajah, {like}}}"
        )
    )
    (alone,) = monitor("try", "--topic", "Kim", "--near", "--json").lines
    assert (alone["articles"], alone["near_misses"], alone["words"]) == (2, [], [])
    (beside,) = monitor("try", "--topic", "Dua", "--near", "--json").lines
    assert {each["missing"] for each in beside["near_misses"]} == {"gajah"}


# -- on a terminal -------------------------------------------------------------------------------


def seen_on_a_terminal(folder: Path, *arguments: str) -> tuple[str, str]:
    """What goes to standard output, and what a person before a terminal sees beside it."""
    ours, theirs = pty.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=theirs, text=True, check=False, timeout=60, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
        )  # fmt: skip
    finally:
        os.close(theirs)
    os.set_blocking(ours, False)
    try:
        seen = os.read(ours, 100_000).decode()
    except OSError:  # nothing was written
        seen = ""
    finally:
        os.close(ours)
    return ended.stdout, seen


@pytest.mark.parametrize(
    "command",
    [("try", "--query", "Lavrov", "--near"), ("replay",), ("check", "--diff")],
    ids=lambda command: command[0],
)
def test_a_person_at_a_terminal_sees_how_far_it_is(watched: Path, command: tuple[str, ...]) -> None:
    out, seen = seen_on_a_terminal(watched, *command)
    assert "reading the archive" in seen
    assert "reading the archive" not in out


def test_a_program_that_reads_json_sees_nothing_of_that(watched: Path) -> None:
    _, seen = seen_on_a_terminal(watched, "try", "--query", "Lavrov", "--json")
    assert seen == ""


def test_nothing_of_that_goes_into_a_pipe(watched: Path, monitor: Monitor) -> None:
    assert monitor("try", "--query", "Lavrov", "--near").err == ""
