"""Bytes → the text of a file; what is no text is said in words. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

from monitor.config.files import MAX_BYTES
from monitor.config.source import Wrong

_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def decode(content: bytes, start: int = 0) -> str:
    """The file as text: no byte-order mark, and its lines end with a line feed alone.

    `start` is where this text will begin among those of all files.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = _lines(content.decode())
    except UnicodeDecodeError as error:
        before = _lines(content[: error.start].decode())
        raise Wrong(start + len(before), "this is not UTF-8", "save the file as UTF-8") from None
    if found := _UNREADABLE.search(text):
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise Wrong(start + found.start(), f"a sign that can't be seen stands here ({name})", "take it away")
    return text


def readable(content: bytes) -> str:
    """As much of a file as can be shown, though it is not text."""
    return _lines(content[:MAX_BYTES].removeprefix(codecs.BOM_UTF8).decode(errors="replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
