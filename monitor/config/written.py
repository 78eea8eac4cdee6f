"""Feeds as config.yaml would hold them: lines to paste, or an included file. Pure.

What comes from elsewhere stays text: nothing in it begins another line, or is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from monitor.config.addresses import feed_address
from monitor.config.words import Misread

# What needs no quotes, wherever it stands: a wider net would have to know more of YAML.
_PLAIN: Final = re.compile(
    r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[^\W\d_][\w./()&+-]*(?: [\w./()&+-]+)*", re.IGNORECASE
)
_PLAIN_ADDRESS: Final = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]*[\w/=]", re.ASCII)
_SHORT: Final = {0xFF: "x02", 0xFFFF: "u04", 0x10FFFF: "U08"}


@dataclass(frozen=True, slots=True)
class Line:
    """A feed to be written down."""

    url: str
    name: str = ""  # empty: it is called by its address
    tags: tuple[str, ...] = ()
    allow_private: bool = False


def is_possible(url: str) -> bool:
    """Whether it may stand under `feeds`."""
    try:
        return bool(feed_address(url))
    except Misread:
        return False


def document(feeds: Iterable[Line]) -> str:
    """A file to be included, or a part of config.yaml."""
    return "".join(f"{line}\n" for line in ("feeds:", *(each for feed in feeds for each in lines(feed))))


def lines(feed: Line) -> Iterator[str]:
    """The lines of one feed, indented to stand under `feeds:`."""
    address = _address(feed.url)
    settings = [
        *([f"name: {text(feed.name)}"] if feed.name else []),
        *([f"tags: [{', '.join(map(text, feed.tags))}]"] if feed.tags else []),
        *(["allow_private: true"] if feed.allow_private else []),
    ]
    yield f"  - {'url: ' if settings else ''}{address}"
    yield from (f"    {setting}" for setting in settings)


def text(value: str) -> str:
    value = value.replace("${", "$${")
    return value if _PLAIN.fullmatch(value) else _quoted(value)


def _address(url: str) -> str:
    """A brace has no place in an address; with a dollar before it, something of ours would be sent there."""
    url = url.replace("{", "%7B").replace("}", "%7D")
    return url if _PLAIN_ADDRESS.fullmatch(url) else _quoted(url)


def _quoted(value: str) -> str:
    return f'"{"".join(map(_sign, value))}"'


def _sign(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    form = next(form for most, form in _SHORT.items() if ord(char) <= most)
    return f"\\{form[0]}{ord(char):{form[1:]}x}"
