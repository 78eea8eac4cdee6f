"""Bytes of a web page → text, by what they are first and by what they are said to be second. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

_DECLARED: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML: Final = re.compile(r"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What browsers understand by these names.
_MEANT: Final = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "iso-8859-9": "cp1254",
    "big5": "big5hkscs",
}
# Codecs of Python that are no charsets: one fails on everything, others read backslashes as commands.
_NO_CHARSETS: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
_SEVEN_BIT: Final = ("iso-2022", "hz", "utf-7")


def decoded(content: bytes, content_type: str) -> str:
    """The text of a page; what can't be read becomes U+FFFD. UTF-8 that reads without fault is UTF-8."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    declared = list(_declared(content, content_type))
    if declared and declared[0].startswith(_SEVEN_BIT) and content.isascii():
        return content.decode(declared[0], "replace")
    for name in ("utf-8", *declared):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode(declared[0] if declared else "cp1252", "replace")


def _declared(content: bytes, content_type: str) -> Iterator[str]:
    """Names of charsets we know, the header's first."""
    head = content[:4096].decode("ascii", "replace")
    for found in (_DECLARED.search(content_type), _DECLARED.search(head), _XML.search(head)):
        name = found[1].lower() if found else ""
        name = _MEANT.get(name, name)
        if name and not name.startswith(("utf-16", "utf-32")) and _is_known(name):
            yield name


def _is_known(name: str) -> bool:
    try:
        found = codecs.lookup(name)
        return found.name not in _NO_CHARSETS and found._is_text_encoding  # noqa: SLF001  the only sign that it gives text
    except (LookupError, ValueError):
        return False
