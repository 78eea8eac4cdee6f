"""What each kind of chat can show: how feed text is made harmless for it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote

from monitor.model import Markup

UNSEEN: Final = "\u200b"  # after an @ it keeps a name from being a mention; nobody sees it


def utf16(text: str) -> int:
    """How Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- plain text, HTML, Slack ---------------------------------------------------------------------


def as_it_is(text: str) -> str:
    return text


def escape_html(text: str) -> str:
    return html.escape(text, quote=False)


# -- Markdown ------------------------------------------------------------------------------------

# Brackets belong to an address in pairs only: the last one of "(https://a.id/x)" does not.
_ADDRESS: Final = re.compile(r"(https?://(?:[^\s<>()\[\]]|\([^\s<>()\[\]]*\)|\[[^\s<>()\[\]]*\])+)", re.IGNORECASE)
_SPECIAL: Final = re.compile(r"[\\`*_\[\]#|~>]")
_LIST_ITEM: Final = re.compile(r"^([ \t]*\d*)([-+.)])(?=\s)", re.MULTILINE)
_OPENS: Final = re.compile(r"([@<])")  # a mention, or a link as Slack, Mattermost and Rocket.Chat write it
_CALLS: Final = re.compile(r"@(?=everyone\b|here\b|all\b|channel\b)", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    """Backslashes before whatever could come alive, but not inside an address: there they would break it."""
    pieces = _ADDRESS.split(text)  # words and addresses take turns
    return "".join(_quiet_address(piece) if n % 2 else _quiet_words(piece) for n, piece in enumerate(pieces))


def _quiet_words(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LIST_ITEM.sub(r"\1\\\2", text)
    return break_calls(text)


def break_calls(text: str) -> str:
    """For a chat that knows no backslashes, but mentions and links in angle brackets."""
    return _OPENS.sub(rf"\1{UNSEEN}", text)


def _quiet_address(link: str) -> str:
    """What would end the address, mark it up or call people is percent-encoded; the address stays the same one."""
    encoded = re.sub(r"[()\[\]`*|~\\{}\"']", lambda found: quote(found[0], safe=""), link)
    return _CALLS.sub("%40", encoded)


# -- who can show what ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dialect:
    """A chat that we write in its own markup."""

    markup: Markup
    body_format: Literal["text", "html", "markdown"]  # what Apprise is to take it for


def _markdown(limit: int, bold: str = "**", escape: Callable[[str], str] = escape_markdown) -> Markup:
    return Markup(escape, strong=(bold, bold), mark=(bold, bold), limit=limit)


PLAIN: Final = Markup(as_it_is)
TELEGRAM: Final = Markup(escape_html, strong=("<b>", "</b>"), mark=("<b>", "</b>"), limit=4096, measure=utf16)
DISCORD: Final = _markdown(2000)
SLACK: Final = _markdown(3000, bold="*", escape=escape_html)  # of one section block
MARKDOWN: Final = _markdown(4000)

_DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        "tgram": Dialect(TELEGRAM, "html"),
        "discord": Dialect(DISCORD, "text"),
        "slack": Dialect(SLACK, "markdown"),
        "mmost": Dialect(MARKDOWN, "text"),
        "mmosts": Dialect(MARKDOWN, "text"),
        "rocket": Dialect(_markdown(1000, bold="*"), "markdown"),
        "rockets": Dialect(_markdown(1000, bold="*"), "markdown"),
        "gchat": Dialect(_markdown(4000, bold="*", escape=break_calls), "markdown"),
        "revolt": Dialect(_markdown(2000), "text"),
        "guilded": Dialect(_markdown(2000), "text"),
    }
)


def dialect_of(scheme: str) -> Dialect | None:
    """None: plain text will do."""
    return _DIALECTS.get(scheme.lower())
