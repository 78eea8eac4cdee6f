"""The text form: what is read comes out again, byte for byte."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.parse import textfile
from monitor.text import normalise, one_line

SEEDS = sorted((Path(__file__).parent.parent.parent / "seeds").glob("*.txt"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_the_seeds_come_out_byte_for_byte(path: Path) -> None:
    found = textfile.read(path.read_bytes(), path.name)
    assert textfile.write(found.title, found.text).encode() == path.read_bytes()
    assert found.id == path.stem.partition("_")[2]
    assert found.key == f"text:{found.id}"
    assert textfile.file_name(int(path.name[:3]), found.id) == path.name


def test_there_are_two_seeds() -> None:
    assert len(SEEDS) == 2


lines = st.text(max_size=40).map(one_line).filter(bool)


@given(lines, st.lists(lines | st.just(""), max_size=8))
def test_an_article_written_and_read_is_the_same_article(title: str, body: list[str]) -> None:
    text = normalise("\n".join(body))
    found = textfile.read(textfile.write(title, text).encode(), "any.txt")
    assert (found.title, found.text) == (title, text)
    assert found.id == sha256(textfile.write(title, text).encode()).hexdigest()[:16]


def tried(content: bytes, name: str) -> textfile.TextFile | str:
    """The article, or why there is none."""
    try:
        return textfile.read(content, name)
    except ParseError as error:
        return str(error)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_are_an_article_or_refused_in_words(content: bytes, name: str) -> None:
    found = tried(content, name)
    title = found if isinstance(found, str) else found.title
    assert title
    assert "\n" not in title


def test_a_file_from_windows_is_read() -> None:
    found = textfile.read("\ufeffJudul\r\n\r\nSatu.\r\nDua.\r\n".encode(), "catatan.txt")
    assert (found.title, found.text) == ("Judul", "Satu.\nDua.")


def test_text_is_kept_as_it_is() -> None:
    text = "Satu.  Dua.\tTiga. \n\n\n  Menjorok."
    assert textfile.read(f"Judul\n\n{text}\n".encode(), "a.txt").text == text


def test_letters_are_composed() -> None:
    assert textfile.read("Cafe\u0301\n\nisi".encode(), "a.txt").title == "Café"


def test_a_title_alone_is_an_article() -> None:
    found = textfile.read(b"Judul saja\n", "a.txt")
    assert textfile.write(found.title, found.text) == "Judul saja"


@pytest.mark.parametrize(
    ("name", "keeps"),
    [
        ("000_00112233445566ff.txt", True),
        ("1234_00112233445566ff.txt", True),
        ("folder/000_00112233445566ff.txt", True),
        ("00_00112233445566ff.txt", False),
        ("000_00112233445566fg.txt", False),
        ("000_00112233445566ff.md", False),
    ],
)
def test_only_a_name_of_our_form_keeps_its_id(name: str, *, keeps: bool) -> None:
    assert (textfile.read(b"Judul\n\nIsi.", name).id == "00112233445566ff") is keeps


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty file"), (b"\xef\xbb\xbf \n\n", "empty file"), (b"Judul\n\nna\xefve", "not UTF-8: byte 10")],
)
def test_what_is_wrong_is_said_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        textfile.read(content, "a.txt")


def test_numbers_grow_beyond_three_digits() -> None:
    assert textfile.file_name(7, "00112233445566ff") == "007_00112233445566ff.txt"
    assert textfile.file_name(12345, "00112233445566ff") == "12345_00112233445566ff.txt"
