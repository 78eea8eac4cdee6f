"""Markup to plain words: paragraphs, one-line titles, names, languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from lxml import etree

from monitor.languages import language_of
from monitor.text import normalise, one_line

_BLOCK_TAGS: Final = (
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody tfoot thead tr ul"
)
_UNSEEN_TAGS: Final = (
    "script style template noscript iframe object embed svg math head title select textarea button audio video"
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_UNSEEN: Final = frozenset(_UNSEEN_TAGS.split())
_CELLS: Final = frozenset({"td", "th"})
_MARKUP: Final = re.compile(r"<[a-zA-Z!/][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w+);")
# What survives one reading as text though it was meant as markup: content that was escaped twice.
_ESCAPED_TWICE: Final = re.compile(
    r"</(?:p|div|a|b|i|em|strong|ul|li|span|h[1-6])>|<(?:br|p)\s*/?>|<img\s", re.IGNORECASE
)
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strong|sub|sup|tt|u|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAKING: Final = re.compile(r"</?(?:br|p|div|h[1-6])\b", re.IGNORECASE)
_LONGEST_NAME: Final = 500
_ADDRESS: Final = re.compile(r"https?://[^\s()<>]*|[^\s()<>,;]*@[^\s()<>,;]*", re.IGNORECASE)
# Marks that turn letters around until they are ended, which they need not be; no language needs them between words.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_LONG_NUMBER: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")  # no character has such; Python refuses to read it
_LONG_TAG: Final = re.compile(r"<([a-zA-Z][\w:-]{0,40})[^<>]{10000,}>")  # the reader of HTML needs the square of it
_MAY_BE_LONG: Final = 10_000
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?![a-z])")


def paragraphs(markup: str) -> str:
    """What a reader would see of a piece of HTML (or of plain text): paragraphs joined by an empty line."""
    if len(markup) > _MAY_BE_LONG:
        markup = _LONG_TAG.sub(r"<\1>", markup)
    if not _MARKUP.search(markup):
        return joined(markup.split("\n"))
    text = joined(_lines(markup))
    return joined(_lines(text)) if _ESCAPED_TWICE.search(text) else text


def joined(lines: list[str]) -> str:
    """One line each paragraph, an empty line between them."""
    kept = (one_line(_straight(line)) for line in lines)
    return normalise("\n\n".join(line for line in kept if line))


def title_line(markup: str) -> str:
    """A title without markup, on one line; titles come escaped once or twice."""
    for _ in range(2):
        markup = _unescaped(_INLINE.sub(_gap, markup))
    return one_line(_straight(_INLINE.sub(_gap, markup)))


def first_words(text: str) -> str:
    """The beginning of a text, to stand for a title that is missing."""
    line = text.partition("\n")[0]
    if len(line) <= 80:  # noqa: PLR2004  about one line of a screen
        return line
    return line[:80].rpartition(" ")[0].rstrip(" ,;:–-") + "…" if " " in line[:80] else line[:79] + "…"


def author_name(markup: str) -> str | None:
    """Who wrote it, without markup, mail addresses and links; None where no name is left."""
    name = title_line(markup[:_LONGEST_NAME])
    name = _ADDRESS.sub("", name).strip(" ,;:|()<>-–")
    return name if any(char.isalpha() for char in name) else None


def two_letters(language: str | None) -> str | None:
    """The language alone: of id-ID, of id_ID, of ind and of the old name "in" it is id."""
    found = _LANGUAGE.match((language or "").strip().lower())
    short = language_of(found[0]) if found else ""
    return short if len(short) == 2 else None  # noqa: PLR2004  as its name says


def _straight(line: str) -> str:
    return line if line.isascii() else _TURNING.sub("", line)


def _unescaped(text: str) -> str:
    return unescape(_LONG_NUMBER.sub("", text)) if "&" in text else text


def _gap(tag: re.Match[str]) -> str:
    return " " if _BREAKING.match(tag[0]) else ""


def _lines(markup: str) -> list[str]:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(f"<html><body>{normalise(markup)}</body></html>".encode(), parser)
    except (etree.LxmlError, ValueError):
        tree = None
    if tree is None:  # too deep, or nothing but tags
        return _unescaped(re.sub(r"<[^<>]*>", "\n", markup)).split("\n")
    return "".join(_pieces(tree)).split("\n")


def _pieces(tree: etree._Element) -> Iterator[str]:
    """The text in order; an end of line wherever a block begins or ends."""
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = str(element.tag)
        unseen += (tag in _UNSEEN) * (1 if event == "start" else -1)
        if tag in _BLOCKS:
            yield "\n"
        elif tag in _CELLS:
            yield " "
        if not unseen:
            yield " ".join(((element.text if event == "start" else element.tail) or "").split("\n"))
