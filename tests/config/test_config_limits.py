"""No file, however made, takes the program down or holds it up."""

from __future__ import annotations

import gc
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config import Loaded, parse
from monitor.errors import ConfigError, width

GOOD = """
timezone: Asia/Jakarta
channels:
  terminal: console
  phone: {url: "tgram://${TOKEN}/7", limit: 10/hour, send: daily 07:00, fallback: terminal}
feeds:
  - https://news.example/rss.xml
  - {url: "https://b.example", every: 5m, backlog: 3, headers: {A: "${TOKEN}"}}
aliases: {Rusia: &words [Moskow, Kremlin]}
topics:
  - Gempa
  - {name: Korut, any: *words, wait: "${WAIT:-1m}", quiet_hours: [{from: 22:00, to: 05:30}]}
alerts: {channels: [terminal], follow_up: 5 outlets, max_age: off}
web: {listen: "127.0.0.1:8080", password: "${TOKEN}"}
"""
ENVIRON = {"TOKEN": "hunter2", "WAIT": "hunter2"}
LONGEST = 100  # columns of a terminal
in_its_own_time = settings(deadline=None)  # a machine that does much else at the same time is no mistake
PIECES = [
    *"[]{}:,-?*&!|>'\"%@`#\t\n\r\0 ~$\\",
    "${",
    "${TOKEN}",
    "://",
    "\n  ",
    "5",
    "null",
    "\x85",
    "\u2028",
    "\ufeff",
    "<<: ",
]


def answer(source: bytes) -> Loaded | ConfigError:
    try:
        return parse(source, path=Path("config.yaml"), environ=ENVIRON)
    except ConfigError as error:
        return error


def sound(source: bytes) -> None:
    found = answer(source)
    problems = found.warnings if isinstance(found, Loaded) else found.problems
    assert isinstance(found, Loaded) or problems
    for problem in problems:
        assert "hunter2" not in repr(problem)
        assert "\n" not in problem.what + problem.hint + problem.source
        assert problem.hint or problem in getattr(found, "warnings", ())
        assert max(sum(map(width, line)) for line in str(problem).expandtabs(1).splitlines()) <= LONGEST


@in_its_own_time
@given(st.text())
def test_any_text_gives_settings_or_a_list_of_mistakes(text: str) -> None:
    sound(text.encode(errors="surrogatepass"))


@in_its_own_time
@given(st.binary())
def test_any_bytes_give_settings_or_a_list_of_mistakes(source: bytes) -> None:
    sound(source)


@st.composite
def spoiled(draw: st.DrawFn, good: str = GOOD) -> str:
    """A good file with some of its signs replaced."""
    text = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[start + draw(st.integers(0, 8)) :]
    return text


@in_its_own_time
@given(spoiled())
def test_a_good_file_with_slips_gives_settings_or_a_list_of_mistakes(text: str) -> None:
    sound(text.encode())


PART = """
channels: {phone: {url: "tgram://${TOKEN}/7", send: daily 07:00}}
feeds: [{url: "https://b.example", every: 5m, headers: {A: "${TOKEN}"}}]
aliases: {Rusia: &words [Moskow, Kremlin]}
topics:
  - {name: Korut, any: *words, channels: [phone]}
"""


@in_its_own_time
@given(spoiled(), spoiled(PART))
def test_slips_in_several_files_give_settings_or_a_list_of_mistakes(main: str, part: str) -> None:
    main = f"include: '*.yaml'\n{main}"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.yaml", "b.yaml"):
            (Path(folder) / name).write_bytes(part.encode())
        try:
            problems = parse(main.encode(), path=Path(folder, "config"), environ=ENVIRON).warnings
        except ConfigError as error:
            problems = error.problems
        for problem in problems:
            assert "hunter2" not in repr(problem)
            lines = re.split(r"\r\n|\r|\n", part if problem.file.endswith(".yaml") else main)
            assert 0 < problem.line <= len(lines)


@pytest.mark.fuzz
@pytest.mark.skipif("MONITOR_FUZZ" not in os.environ, reason="make fuzz")
@settings(max_examples=20_000, deadline=None)
@given(spoiled())
def test_many_slips(text: str) -> None:
    sound(text.encode())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"[" * 1_000_000, "more than 30"),
        (b"{a: " * 100_000, "more than 30"),
        (b"- " * 100_000, "more than 30"),
        (b"? " * 100_000, "more than 30"),
        (b"a: &a [*a]", "would hold itself"),
        (b"#" * (32 * 1024 * 1024 + 1), "larger than 32 MB"),
        (b"- &a [" + b"x," * 999 + b"]\n" + b"- *a\n" * 21, "20,000"),
        (b"a:\n  - &d " + b"[" * 27 + b"]" * 27 + b"\n  - [[*d]]", "more than 30"),
    ],
    ids=["brackets", "braces", "dashes", "questions", "itself", "bytes", "anchors", "anchors in depth"],
)
def test_a_file_made_to_hurt_is_refused(source: bytes, said: str) -> None:
    found = answer(source)
    assert isinstance(found, ConfigError)
    assert said in found.problems[0].what
    assert len(str(found)) < 1000


def test_anchors_may_add_as_much_as_is_allowed() -> None:
    source = b"- &a [" + b"x," * 999 + b"]\n" + b"- *a\n" * 20
    found = answer(source)
    assert isinstance(found, ConfigError)
    assert "20,000" not in str(found)


def test_a_file_full_of_mistakes_is_told_in_a_hundred() -> None:
    found = answer(b"".join(b"key%d: 1\n" % number for number in range(5000)))
    assert isinstance(found, ConfigError)
    assert len(found.problems) == 101
    assert found.problems[-1].what == "more than 100 mistakes; the others are not shown"


@pytest.mark.parametrize("source", [GOOD.encode(), b"feeds: [", b"\xff"])
def test_reading_leaves_the_collecting_of_garbage_on(source: bytes) -> None:
    answer(source)
    assert gc.isenabled()
