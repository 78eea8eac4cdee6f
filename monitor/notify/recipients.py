"""An address that Apprise would send to several is made into one for each of them, where that is safe: mail and Telegram."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final
from urllib.parse import quote, unquote

from apprise.plugins.base import NotifyBase
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.telegram import NotifyTelegram

from monitor.notify.address import ChannelError, parsed, plugin_for
from monitor.notify.timeouts import Timeouts

NAMED: Final = frozenset({"to", "cc", "bcc"})
UNREADABLE: Final = "one of the recipients in this address can't be used"
UNSPLIT: Final = "this address has several recipients and can't be taken apart: make a channel for each"
# What a copy of an address must have as the address has it, besides its one recipient.
_MAIL_STAYS: Final = attrgetter(
    "smtp_host", "port", "user", "password", "secure_mode", "from_addr", "verify_certificate", "headers", "reply_to"
)
_TELEGRAM_STAYS: Final = attrgetter("bot_token", "silent", "preview", "verify_certificate")


def recipients_of(url: str) -> tuple[str, ...]:
    """An address for each recipient of this one; ChannelError: it can't be used, or not for several."""
    plugin: Any = parsed(url, Timeouts())  # Apprise gives the fields of an address no types that help
    if isinstance(plugin, NotifyEmail):
        return _mailboxes(url, plugin)
    if isinstance(plugin, NotifyTelegram) and plugin.targets:
        return _chats(url, plugin)
    plugin_for(url, Timeouts())
    return (url,)


def _mailboxes(url: str, plugin: Any) -> tuple[str, ...]:
    copies = [(plugin.names.get(mailbox), mailbox) for mailbox in [*sorted(plugin.cc), *sorted(plugin.bcc)]]
    named = [*plugin.targets, *copies]
    if not named:
        raise ChannelError("this address has no recipient that can be used")
    if len(_written_in(url)) > len(named):
        raise ChannelError(UNREADABLE)
    if len(plugin.targets) == len(named) == 1:
        return (url,)
    one_each = {mailbox.casefold(): (name, mailbox) for name, mailbox in reversed(named)}
    return tuple(_mail_to(url, plugin, *each) for each in reversed(one_each.values()))


def _mail_to(url: str, plugin: Any, name: str | bool | None, mailbox: str) -> str:
    to = f'"{name}" <{mailbox}>' if name else mailbox
    made = _rebuilt(url, path="", asked=[f"to={quote(to, safe='')}"])
    one: Any = _one(made)
    if [address for _, address in one.targets] != [mailbox] or _MAIL_STAYS(one) != _MAIL_STAYS(plugin):
        raise ChannelError(UNSPLIT)
    return made


def _chats(url: str, plugin: Any) -> tuple[str, ...]:
    token = plugin.bot_token.split(":")  # may stand in the path
    if len(set(_written_in(url)) - set(token)) > len(plugin.targets):
        raise ChannelError(UNREADABLE)
    if len(plugin.targets) == 1:
        return (url,)
    return tuple(_chat(url, plugin, *target) for target in plugin.targets)


def _chat(url: str, plugin: Any, chat: str | int, thread: int | None) -> str:
    made = _rebuilt(url, path=f"/{chat}:{thread}" if thread else f"/{chat}", asked=[])
    one: Any = _one(made)
    if one.targets != [(chat, thread)] or _TELEGRAM_STAYS(one) != _TELEGRAM_STAYS(plugin):
        raise ChannelError(UNSPLIT)
    return made


def _one(made: str) -> NotifyBase:
    try:
        return plugin_for(made, Timeouts())
    except ChannelError as problem:
        raise ChannelError(UNSPLIT) from problem


# -- the address as it is written ----------------------------------------------------------------


def _rebuilt(url: str, *, path: str, asked: Iterable[str]) -> str:
    """The address without its recipients, and with these; all else as the user wrote it."""
    head, _, query = url.partition("?")
    scheme, _, rest = head.partition("://")
    kept = [pair for pair in query.split("&") if pair and _key(pair) not in NAMED]
    asking = "&".join([*kept, *asked])
    return f"{scheme}://{rest.partition('/')[0]}{path}" + (f"?{asking}" if asking else "")


def _written_in(url: str) -> list[str]:
    """The recipients that somebody wrote there, usable or not; Apprise leaves out quietly what it can't read."""
    head, _, query = url.partition("?")
    path = head.partition("://")[2].partition("/")[2]
    named = [pair.partition("=")[2] for pair in query.split("&") if _key(pair) in NAMED]
    listed = [unquote(text) for text in [*path.split("/"), *named]]
    bare = [re.sub(r'"[^"]*"', "", text) for text in listed]  # a name may hold a comma
    return [piece.strip() for text in bare for piece in re.split(r"[,;]", text) if piece.strip()]


def _key(pair: str) -> str:
    return unquote(pair.partition("=")[0]).strip().lower()
