"""No command ever shows a traceback, whatever it is given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Monitor

COMMANDS = (
    ("once",),
    ("run",),
    ("check",),
    ("status",),
    ("health",),
    ("match", "seeds/000_af52723efe8b9ce8.txt"),
    ("export", "out"),
    ("notify", "terminal"),
    ("normalize", "missing.html"),
)
BAD = {
    "no file": None,
    "empty": b"",
    "binary": bytes(range(256)),
    "a list": b"- a\n- b\n",
    "a query error": SMALL.replace("name: Korea Utara Rusia", "name: x\n    query: '(Rusia'").encode(),
    "an unusable channel": SMALL.replace("console", "nope://x").encode(),
    "a storage that is no database": SMALL.encode() + b"storage: {url: 'mongodb://x'}\n",
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_configuration_is_told_with_its_place(
    monitor: Monitor, home: Path, command: tuple[str, ...], content: bytes | None
) -> None:
    (home / "config.yaml").unlink() if content is None else (home / "config.yaml").write_bytes(content)
    ended = monitor(*command)
    if content is None and command[0] in {"match", "normalize"}:
        assert ended.status == 2  # no topic to match; no such page
        return
    assert ended.status == 2
    assert "Traceback" not in ended.err
    assert "config.yaml" in ended.err or "storage" in ended.err


def test_a_query_error_points_into_the_query(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(SMALL.replace("name: Korea Utara Rusia", "name: x\n    query: '(Rusia'"))
    ended = monitor("check")
    place, source, caret, *_ = ended.err.splitlines()
    assert place.startswith("config.yaml:10:13: ")
    assert source[caret.index("^")] == "("


def test_a_failing_example_is_an_error_at_the_example(monitor: Monitor, home: Path) -> None:
    examples = "name: Korea Utara Rusia\n    examples: {match: [Gempa di Maluku]}"
    (home / "config.yaml").write_text(SMALL.replace("name: Korea Utara Rusia", examples))
    ended = monitor("check")
    assert ended.status == 2
    assert "config.yaml:10:" in ended.err
    assert "should match" in ended.err


def test_check_says_ok(monitor: Monitor) -> None:
    ended = monitor("check")
    assert (ended.status, ended.out) == (0, "ok: 1 feed, 1 topic, 1 channel\n")


def test_a_database_that_can_not_be_opened(monitor: Monitor, home: Path) -> None:
    (home / "data").mkdir()
    (home / "data/monitor.db").write_bytes(b"this is no database at all, not in the least" * 100)
    for command in ("once", "status"):
        ended = monitor(command)
        assert ended.status == 2
        assert len(ended.err.splitlines()) == 1
        assert "monitor.db" in ended.err


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["once", "--nonsense"], ["match"], ["export", "--format", "pdf", "x"]]
)
def test_wrong_use_ends_with_2(monitor: Monitor, arguments: list[str]) -> None:
    ended = monitor(*arguments)
    assert ended.status == 2
    assert "Traceback" not in ended.err


def test_secrets_are_never_shown(monitor: Monitor, home: Path) -> None:
    secret = "s3cr3t-t0k3n"
    channels = "channels: {terminal: 'json://user:${TOKEN}@127.0.0.1:9/x?+X-Key=${TOKEN}'}"
    (home / "config.yaml").write_text(SMALL.replace("channels: {terminal: console}", channels, 1))
    ended = [
        monitor(*command, TOKEN=secret) for command in (("once",), ("status",), ("check",), ("notify", "terminal"))
    ]
    assert all(secret not in each.out + each.err for each in ended)
    kept = [file for file in (home / "data").rglob("*") if file.is_file()]
    assert kept
    assert all(secret.encode() not in file.read_bytes() for file in kept)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told_like_any_mistake(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").chmod(0)
    assert "config.yaml:1:1: this file may not be read" in monitor("check").err
    assert json.loads(monitor("check", "--json").out)["what"] == "this file may not be read"


def test_a_pipe_is_read_like_a_file_and_nobody_waits_for_one_without_a_writer(monitor: Monitor, home: Path) -> None:
    os.mkfifo(home / "pipe")
    assert "pipe:1:1: this is no file" in monitor("check", "-c", "pipe").err
    assert json.loads(monitor("check", "--json", "-c", "pipe").out)["line"] == 1


def test_mistakes_of_every_room_are_told_at_once(monitor: Monitor, home: Path) -> None:
    wrong = (
        SMALL.replace("wait: 10s", "wait: 10")
        .replace("console", "nope://x")
        .replace("name: Korea", "query: '(' \n    name: Korea")
    )
    (home / "config.yaml").write_text(wrong)
    ended = monitor("check")
    places = [line.partition(": ")[0] for line in ended.err.splitlines() if line.startswith("config.yaml:")]
    assert places == ["config.yaml:3:22", "config.yaml:9:13", "config.yaml:11:38"]
