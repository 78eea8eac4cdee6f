"""The text form of an article, the form of seeds/: read and write. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from monitor.errors import ParseError
from monitor.parse.links import text_id

_NAME: Final = re.compile(r"[0-9]{3,}_([0-9a-f]{16})\.txt")
# No line holds these for a reader, and PostgreSQL refuses some.
_CONTROLS: Final = dict.fromkeys([*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xFEFF])


@dataclass(frozen=True, slots=True)
class TextFile:
    """An article as it stands in a file."""

    key: str  # "text:<id>"
    id: str  # 16 hex digits
    title: str
    text: str


def read(content: bytes, name: str) -> TextFile:
    """The article in a text file; its text is kept as it is."""
    form = _decoded(content).strip("\n")
    title, _, rest = form.lstrip().partition("\n")
    if not title:
        raise ParseError("empty file")
    title, text = title.strip(), rest.strip("\n")
    found = _NAME.fullmatch(name.replace("\\", "/").rpartition("/")[2])
    identity = found[1] if found else text_id(write(title, text))
    return TextFile(f"text:{identity}", identity, title, text)


def write(title: str, text: str) -> str:
    """Line 1 the title, an empty line, the body; no newline at the end."""
    return f"{title}\n\n{text}" if text else title


def file_name(number: int, identity: str) -> str:
    return f"{number:03d}_{identity}.txt"


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8: byte {error.start + 1} can't be read; save the file as UTF-8 text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text.translate(_CONTROLS))
