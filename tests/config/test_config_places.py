"""Whoever finds a mistake later can still point at its place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import Loaded, parse

REST = "channels: {terminal: console}\nfeeds: [https://news.example/rss.xml]\nalerts: {channels: [terminal]}\n"


def loaded(text: str) -> Loaded:
    return parse((text + REST).encode(), path=Path("config.yaml"), environ={"X": "filled"})


def marked(loaded: Loaded, path: tuple[str | int, ...], offset: int = 0) -> str:
    """The rest of the line from the caret on."""
    problem = loaded.problem(path, "wrong", offset=offset)
    return problem.source[problem.column - 1 :]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("query: tentara OR (pasukan", "tentara OR (pasukan"),
        ("query: 'Rusia''s OR (pasukan'", "Rusia's OR (pasukan"),
        ("query: '\"Korea Utara\" OR (pasukan'", '"Korea Utara" OR (pasukan'),
        ('query: "\\"Korea\\tUtara\\" \\u0042 OR (pasukan"', '"Korea\tUtara" B OR (pasukan'),
        ("query: |\n      tentara\n      OR (pasukan", "tentara\nOR (pasukan"),
        ("query: >-  # a comment\n      tentara\n\n\n      OR (pasukan", "tentara\n\nOR (pasukan"),
        ("query: tentara\n      OR (pasukan", "tentara OR (pasukan"),
        ('query: "tentara \\\n      OR (pasukan"', "tentara OR (pasukan"),
        ("query: &q 'tentara OR (pasukan'", "tentara OR (pasukan"),
        ("query: !!str tentara OR (pasukan", "tentara OR (pasukan"),
        ("query: 북한 OR (pasukan", "북한 OR (pasukan"),
    ],
)
def test_a_column_of_a_query_is_found_in_the_file(written: str, text: str) -> None:
    found = loaded(f"topics:\n  - name: A\n    {written}\n")
    query = found.settings.topics[0].query
    assert query is not None
    assert query.rstrip("\n") == text
    assert marked(found, ("topics", 0, "query"), text.index("(")).startswith("(pasukan")
    assert marked(found, ("topics", 0, "query"), text.index("OR")).startswith("OR (")


def test_an_end_of_a_text_is_its_last_place() -> None:
    found = loaded("topics:\n  - name: A\n    query: 'a OR'\n")
    assert marked(found, ("topics", 0, "query"), 4) == "'"


def test_what_is_filled_in_is_pointed_at_as_a_whole() -> None:
    found = loaded("topics:\n  - name: A\n    query: ab ${X} OR (c\n")
    assert marked(found, ("topics", 0, "query"), 1).startswith("b ${X}")
    assert marked(found, ("topics", 0, "query"), 14).startswith("${X}")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (("channels", "terminal"), "console}"),
        (("channels", "terminal", "url"), "console}"),
        (("topics", 0), "name: A"),
        (("topics", 0, "query"), "name: A"),
        (("topics", 7, "query"), "- name: A"),
        (("nowhere",), "topics:"),
        ((), "topics:"),
    ],
)
def test_what_is_not_written_is_pointed_at_where_it_would_be(path: tuple[str | int, ...], source: str) -> None:
    assert marked(loaded("topics:\n  - name: A\n"), path) == source


def test_a_channels_secret_is_not_shown_with_its_place() -> None:
    text = b"topics: [A]\nchannels:\n  terminal: json://secret@host/${X}\nfeeds: [https://a.example]\nalerts: {channels: [terminal]}"
    found = parse(text, path=Path("config.yaml"), environ={"X": "filled"})
    assert found.problem(("channels", "terminal", "url"), "wrong").source == "  terminal: json://******@****/${X}"
