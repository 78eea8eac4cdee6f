"""Bytes → the text of a file; what is no text is said in words. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

from monitor.config.files import MAX_BYTES
from monitor.config.source import Wrong

ANOTHER: Final = "start from the config.yaml that came with monitor"

_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
# The longer mark first: that of UTF-32 begins like that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_UTF8: Final = "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"
_NO_TEXT: Final = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"SQLite format 3",
    b"\x7fELF",
    b"GIF8",
)


def decode(content: bytes, start: int = 0) -> str:
    """The file as text: no byte-order mark, and its lines end with a line feed alone.

    `start` is where this text will begin among those of all files.
    """
    if what := _other_than_utf8(content):
        raise Wrong(start, *what)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = _lines(content.decode())
    except UnicodeDecodeError as error:
        before = _lines(content[: error.start].decode())
        raise Wrong(start + len(before), "this sign is not UTF-8", _UTF8) from None
    if found := _UNREADABLE.search(text):
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise Wrong(start + found.start(), f"a sign that can't be seen stands here ({name})", "take it away")
    if what := _other_than_yaml(text):
        raise Wrong(start, *what)
    return text


def readable(content: bytes) -> str:
    """As much of a file as can be shown, though it is not text."""
    if _other_than_utf8(content):
        return ""
    return _lines(content[:MAX_BYTES].removeprefix(codecs.BOM_UTF8).decode(errors="replace"))


def _other_than_utf8(content: bytes) -> tuple[str, str] | None:
    if content.startswith(_NO_TEXT):
        return "this is not a text file", ANOTHER
    for mark, name in _MARKS:
        if content.startswith(mark):
            return f"this file is {name}, not UTF-8", _UTF8
    head = content[:400]
    # Letters of most languages' settings are ASCII: in UTF-16 every other byte of these is zero.
    zeros = sorted((head[::2].count(0), head[1::2].count(0)))
    if len(head) > 1 and zeros[0] > len(head) // 4:
        return "this is not a text file", ANOTHER
    if len(head) > 1 and zeros[1] > len(head) // 4:
        return "this file is UTF-16, not UTF-8", _UTF8
    return None


def _other_than_yaml(text: str) -> tuple[str, str] | None:
    head = text[:1_000].lstrip().casefold()
    if head.startswith("<") and not head.startswith("<<"):
        return "this is a web page or XML, not a configuration", ANOTHER
    if head.startswith("{\\rtf"):
        return "this was saved by a word processor", "save it as plain text, in UTF-8"
    return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
