"""What of a document is left out before it is read, because reading it would take for ever; and how that is said. Pure.

Each pass is linear in the document. What is cut is no news: an archive of thousands, a book for a text, a wall of attributes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

MOST_ENTRIES: Final = 5_000  # a feed lists its news, not its archive
LONGEST_TEXT: Final = 1_000_000  # bytes of one piece of text
LONGEST_TAG: Final = 4_096  # bytes; feedparser needs the square of the number of attributes
LONGEST_PERSON: Final = 500  # bytes; it looks for an address in a name, with the square of its length (feedparser#562)

_OPEN: Final = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LONG_TAG: Final = re.compile(rb"<([A-Za-z_][\w.:-]{0,200})\s[^<>]{%d,}" % LONGEST_TAG)
_PERSONS: Final = frozenset(
    b"author creator managingeditor webmaster contributor publisher owner editor name email".split()
)
_MAY_BE_LONG: Final = re.compile(rb">(?:[^<]{%d}|\s{0,100}<!\[CDATA\[)" % LONGEST_PERSON)
_LONG_TEXT: Final = re.compile(rb"[^<]{%d,}" % (LONGEST_TEXT + 1))
_LONG_CDATA: Final = re.compile(rb"<!\[CDATA\[((?:(?!\]\]>).){%d,}+)" % (LONGEST_TEXT + 1), re.DOTALL)
_CUT_CHARACTER: Final = re.compile(rb"(?:&[^;&\s]{0,12}|[\xc0-\xff][\x80-\xbf]{0,3})\Z")


MOST_TAGS: Final = 1_000_000
MOST_NAMESPACES: Final = 500
_NAMESPACE: Final = re.compile(rb"xmlns:([^\s=]{1,200})")


def refusal(content: bytes) -> str | None:
    """Why a document is not read at all."""
    if content.count(b"<") > MOST_TAGS:
        return f"not a feed that can be read: it has more than {MOST_TAGS:,} tags"
    if content.count(b"xmlns") > MOST_NAMESPACES and len(set(_NAMESPACE.findall(content))) > MOST_NAMESPACES:
        return f"not a feed that can be read: it has more than {MOST_NAMESPACES} namespaces"
    return None


@dataclass(frozen=True, slots=True)
class Capped:
    content: bytes
    complaint: str | None = None  # what was left out, in plain words


def capped(content: bytes) -> Capped:
    """A document in UTF-8, or in a charset that writes ASCII as ASCII, without what is too much of it."""
    said: list[str] = []
    for cap in (_few_entries, _short_tags, _short_names, short_texts):
        content, complaint = cap(content)
        said += [complaint] if complaint else []
    return Capped(content, "; ".join(said) or None)


def few_of(entries: int) -> str | None:
    return f"it lists {entries} entries; the first {MOST_ENTRIES} are read" if entries > MOST_ENTRIES else None


def _few_entries(content: bytes) -> tuple[bytes, str]:
    if content.count(b"<") <= MOST_ENTRIES:
        return content, ""
    starts = [found.start() for found in _OPEN.finditer(content)]
    if len(starts) <= MOST_ENTRIES:
        return content, ""
    ends = [found.end() for found in _CLOSE.finditer(content, starts[MOST_ENTRIES])]
    rest = content[ends[-1] :] if ends else b""
    return content[: starts[MOST_ENTRIES]] + rest, few_of(len(starts)) or ""


def _short_tags(content: bytes) -> tuple[bytes, str]:
    found, many = _LONG_TAG.subn(rb"<\1", content)
    return found, f"attributes of more than {LONGEST_TAG} bytes are left out" if many else ""


def _short_names(content: bytes) -> tuple[bytes, str]:
    kept: list[bytes] = []
    done = 0
    for found in _MAY_BE_LONG.finditer(content):
        if found.start() < done or not _is_of_a_person(content, found.start()):
            continue
        is_cdata = found[0].endswith(b"[")
        end = content.find(b"]]>" if is_cdata else b"<", found.end())
        end = len(content) if end < 0 else end + (3 if is_cdata else 0)
        if end - found.start() > LONGEST_PERSON:
            kept.append(content[done : found.start() + 1])
            done = end
    if not kept:
        return content, ""
    return b"".join((*kept, content[done:])), f"names of more than {LONGEST_PERSON} bytes are left out"


def _is_of_a_person(content: bytes, end: int) -> bool:
    """Whether the tag that ends there opens somebody's name."""
    start = content.rfind(b"<", max(end - LONGEST_TAG, 0), end)
    name = content[start + 1 : end].split(maxsplit=1)[:1] if start >= 0 else []
    return bool(name) and name[0].rpartition(b":")[2].lower() in _PERSONS


def short_texts(content: bytes) -> tuple[bytes, str]:
    if len(content) <= LONGEST_TEXT:
        return content, ""
    found, many = _LONG_TEXT.subn(_shortened, content)
    found, more = _LONG_CDATA.subn(partial(_shortened, before=b"<![CDATA["), found)
    return found, f"of texts of more than {LONGEST_TEXT // 1_000_000} MB the beginning is read" if many or more else ""


def _shortened(found: re.Match[bytes], *, before: bytes = b"") -> bytes:
    """Without half a character or half an entity at its end."""
    text = found[1] if before else found[0]
    return before + _CUT_CHARACTER.sub(b"", text[:LONGEST_TEXT])
