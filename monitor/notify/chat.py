"""What each kind of chat can show: how feed text is made harmless for it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from monitor.model import Markup

UNSEEN: Final = "\u200b"  # between a sign and what it would act on; nobody sees it


def utf16(text: str) -> int:
    """How Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_it_is(text: str) -> str:
    return text


# -- addresses and words take turns --------------------------------------------------------------

# Brackets belong to an address in pairs only: the last one of "(https://a.id/x)" does not.
_ADDRESS: Final = re.compile(r"(https?://(?:[^\s<>()\[\]]|\([^\s<>()\[\]]*\)|\[[^\s<>()\[\]]*\])+)", re.IGNORECASE)
_CALLS: Final = re.compile(r"@(?=everyone\b|here\b|all\b|channel\b)", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(#?\w+);")


def _quietened(text: str, words: Callable[[str], str], link: Callable[[str], str]) -> str:
    """What makes words harmless would break an address."""
    return "".join(link(piece) if n % 2 else words(piece) for n, piece in enumerate(_ADDRESS.split(text)))


def _quiet_address(link: str) -> str:
    """What would end the address, mark it up or call people is percent-encoded; the address stays the same one."""
    encoded = re.sub(r"[()\[\]`*|~\\{}\"']", _percent, link)
    return _CALLS.sub("%40", _ENTITY.sub(r"&\1%3B", encoded))


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"  # not `quote`, which leaves the tilde


# -- signs without an escape are kept apart from what they would act on --------------------------

_MENTION: Final = re.compile(r"([@<])")  # or a link as Slack, Mattermost, Rocket.Chat and Google Chat write it
_EMOJI: Final = re.compile(r":(?=[^\s:]{1,100}:)")  # :x:
_APP_LINK: Final = re.compile(r"\b(?!https?:)([a-z][a-z0-9+.-]{0,30}:)(?=//)", re.IGNORECASE)  # slack://, tg://
_TAG: Final = re.compile(r"(?<![\w#~])([#~])(?=\w)")  # #hashtag, ~channel


def _no_emoji(text: str) -> str:
    return _EMOJI.sub(f":{UNSEEN}", text)


def _no_app(text: str) -> str:
    return _APP_LINK.sub(rf"\1{UNSEEN}", text)


def _no_mention(text: str) -> str:
    return _MENTION.sub(rf"\1{UNSEEN}", text)


# -- HTML: Telegram ------------------------------------------------------------------------------

# What Telegram makes a link of by itself: @name, #tag, $USD, /command. A name may go on in the next piece of a line.
_SPOTTED: Final = re.compile(r"[@#](?=\w|\Z)|\$(?=[A-Z]|\Z)|(?<![A-Za-z0-9_])/(?=\w|\Z)")


def escape_html(text: str) -> str:
    return _quietened(text, lambda words: _html(_quiet_spotted(words)), _html)


def _quiet_spotted(text: str) -> str:
    return _no_app(_SPOTTED.sub(rf"\g<0>{UNSEEN}", text))


def _html(text: str) -> str:
    return html.escape(text, quote=False)


def _html_link(words: str, address: str) -> str:
    return f'<a href="{html.escape(address)}">{_html(words)}</a>'


# -- Slack and Google Chat, which know no backslashes --------------------------------------------

_SETS_TEXT: Final = re.compile(r"[*~]|(?<![^\W_])_|_(?![^\W_])")
_GRAVE: Final = "\u02cb"  # looks like the backtick, which opens code wherever it stands
_QUOTE: Final = re.compile(r"^(?=[ \t]*(?:>|&gt;))", re.MULTILINE)


def escape_slack(text: str) -> str:
    """Its documented escape for links and mentions; what sets text has none, and is kept apart."""
    return _quietened(text, lambda words: _quiet_signs(_html(words)), lambda link: _html(_quiet_address(link)))


def escape_google_chat(text: str) -> str:
    return _quietened(text, lambda words: _quiet_signs(_no_mention(words)), _quiet_address)


def _quiet_signs(text: str) -> str:
    text = _SETS_TEXT.sub(rf"{UNSEEN}\g<0>{UNSEEN}", text.replace("`", _GRAVE))
    return _no_app(_no_emoji(_QUOTE.sub(UNSEEN, text)))


# -- Markdown ------------------------------------------------------------------------------------

_SPECIAL: Final = re.compile(r"[\\`*_\[\]#|~>]")
_LIST_ITEM: Final = re.compile(r"^([ \t]*\d*)([-+.)])(?=\s|\Z)", re.MULTILINE)
_RULE: Final = re.compile(r"^(?=[ \t]*(?:-+|=+)[ \t]*$)", re.MULTILINE)  # a line, or a heading of what is above it


def escape_markdown(text: str) -> str:
    """Backslashes before whatever could come alive, but not inside an address: there they would break it."""
    lines = _quietened(text, _quiet_words, _quiet_address)
    return _RULE.sub(UNSEEN, _LIST_ITEM.sub(r"\1\\\2", lines))


def _quiet_words(text: str) -> str:
    text = _no_app(_no_emoji(_TAG.sub(rf"\1{UNSEEN}", text)))
    return _no_mention(_SPECIAL.sub(r"\\\g<0>", _ENTITY.sub(rf"&{UNSEEN}\1;", text)))


def _quiet_link(words: str, address: str) -> str:
    """In angle brackets Discord makes no picture of what is behind it."""
    return f"[{words}](<{address}>)"


# -- who can show what ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dialect:
    """A chat that we write in its own markup."""

    markup: Markup
    body_format: Literal["text", "html", "markdown"]  # what Apprise is to take it for


def _markdown(limit: int, bold: str = "**", escape: Callable[[str], str] = escape_markdown) -> Markup:
    return Markup(escape, strong=(bold, bold), mark=(bold, bold), limit=limit)


PLAIN: Final = Markup(as_it_is)
TELEGRAM: Final = Markup(
    escape_html, strong=("<b>", "</b>"), mark=("<b>", "</b>"), limit=4096, measure=utf16, link=_html_link
)
DISCORD: Final = replace(_markdown(2000), link=_quiet_link)
SLACK: Final = _markdown(3000, bold="*", escape=escape_slack)  # of one section block
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
        "gchat": Dialect(_markdown(4000, bold="*", escape=escape_google_chat), "markdown"),
        "revolt": Dialect(_markdown(2000), "text"),
        "guilded": Dialect(_markdown(2000), "text"),
    }
)


def dialect_of(scheme: str) -> Dialect | None:
    """None: plain text will do."""
    return _DIALECTS.get(scheme.lower())
