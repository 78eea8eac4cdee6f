"""Examples of what a topic is after: files, folders and addresses, and what is said where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import Loaded, parse
from monitor.config.samples import MOST
from monitor.errors import ConfigError, Problem
from monitor.settings import Topic

REST = "channels: {t: console}\nalerts: {channels: [t]}\nfeeds: [https://a.example/rss]\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "contoh").mkdir()
    (tmp_path / "kosong").mkdir()
    for name, text in {"b.txt": "Gempa\n\nDi Maluku.", "a.TXT": "Banjir\n\nDi Demak.", "c.md": "Bukan"}.items():
        (tmp_path / "contoh" / name).write_text(text, "utf-8")
    (tmp_path / "satu.txt").write_text("Longsor\n\nDi Cianjur.", "utf-8")
    (tmp_path / "hampa.txt").write_text("\n \n", "utf-8")
    (tmp_path / "latin.txt").write_bytes("Café\n\nDi".encode("latin-1"))
    return tmp_path


def loaded(home: Path, settings: str) -> Loaded:
    return parse(f"{REST}topics:\n- {{name: Bencana, {settings}}}\n".encode(), path=home / "config.yaml", environ={})


def topic(home: Path, settings: str) -> Topic:
    return loaded(home, settings).settings.topics[0]


def problem(home: Path, settings: str) -> Problem:
    with pytest.raises(ConfigError) as error:
        loaded(home, settings)
    (found,) = error.value.problems
    return found


def test_a_text_file_beside_the_configuration_is_an_example(home: Path) -> None:
    [found] = topic(home, "like: satu.txt").like
    assert (found.name, found.title, found.text) == ("satu.txt", "Longsor", "Di Cianjur.")


def test_a_folder_stands_for_its_texts(home: Path) -> None:
    found = topic(home, "like: [contoh/, satu.txt]").like
    assert [(each.name, each.title, each.item) for each in found] == [
        ("a.TXT", "Banjir", 0),
        ("b.txt", "Gempa", 0),
        ("satu.txt", "Longsor", 1),
    ]


def test_an_address_stands_for_the_article_that_has_it_however_it_is_written(home: Path) -> None:
    [found] = topic(home, "like: 'https://ana:rahasia@www.news.example/2026/gempa?utm_source=x'").like
    assert found.key == topic(home, "like: https://news.example/2026/gempa").like[0].key
    assert "rahasia" not in str(found)


def test_a_topic_that_only_says_what_it_is_like_is_not_looked_for_by_its_name(home: Path) -> None:
    assert topic(home, "like: satu.txt, none: [simulasi]").none == ("simulasi",)


def test_how_like_it_must_be_is_a_number(home: Path) -> None:
    assert topic(home, "like: satu.txt").like_score == 20
    assert topic(home, "like: satu.txt, like_score: 35").like_score == 35


def test_the_files_are_looked_at_and_so_is_what_may_come_into_a_folder(home: Path) -> None:
    looked_at = loaded(home, "like: [contoh/, satu.txt]").looked_at
    assert str(home / "satu.txt") in looked_at
    assert any(name.startswith(str(home / "contoh/*")) for name in looked_at)


@pytest.mark.parametrize(
    ("settings", "column", "what"),
    [
        ("like: tiada.txt", 25, "there is no such file or folder"),
        ("like: [satu.txt, tiada/]", 36, "there is no such file or folder"),
        ("like: kosong/", 25, "there are no texts in this folder"),
        ("like: hampa.txt", 25, "'hampa.txt' can't be read: empty file"),
        (
            "like: latin.txt",
            25,
            "'latin.txt' can't be read: not UTF-8: byte 4 can't be read; save the file as UTF-8 text",
        ),
        ("like: ftp://news.example/a.txt", 25, "an address starts with http:// or https://, not 'ftp://'"),
        ("like: 'https://'", 25, "'https://…' is not a web address"),
        ("like: []", 19, "'like' holds no examples"),
        ("like: satu.txt, like_score: 0", 47, "0 is too small"),
        ("like: satu.txt, like_score: 101", 47, "101 is too large"),
    ],
)
def test_what_can_be_no_example_is_said_at_its_place(home: Path, settings: str, column: int, what: str) -> None:
    found = problem(home, settings)
    assert (found.line, found.column, found.what) == (5, column, what)
    assert found.hint


def test_a_folder_of_more_texts_than_anybody_would_choose_is_refused(home: Path) -> None:
    for number in range(MOST + 1):
        (home / "kosong" / f"{number}.txt").write_text(f"Gempa {number}", "utf-8")
    assert problem(home, "like: kosong/").what == f"more than {MOST} texts are in this folder"
