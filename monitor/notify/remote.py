"""A channel that is reached through Apprise: chats, push services, web hooks."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from apprise import NotifyType
from apprise.plugins.base import NotifyBase
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.discord import NotifyDiscord

from monitor.model import Failed, Markup, Message, Outcome
from monitor.notify import wire
from monitor.notify.address import scheme_of
from monitor.notify.chat import MARKDOWN, PLAIN, Dialect, dialect_of
from monitor.notify.outcome import sent, sorted_http
from monitor.notify.reach import Reach, Untried, way_to
from monitor.notify.timeouts import Timeouts

NOTHING: Final = Message("-", "-")
UNREADABLE: Final = "can't parse entities"  # Telegram's words


class Remote:
    """One recipient of one service. To be used by one thread at a time, which must be its own: sending blocks."""

    def __init__(self, name: str, plugin: NotifyBase, url: str, timeouts: Timeouts) -> None:
        wire.install()
        self.name = name
        self._plugin = plugin
        self._url = url
        self._timeouts = timeouts
        self._scheme = scheme_of(plugin)
        self._dialect = _dialect(plugin)
        self.markup = self._dialect.markup if self._dialect else _plain(plugin)
        if isinstance(plugin, NotifyDiscord):
            _with_manners(plugin)

    def send(self, message: Message, *, uid: str) -> Outcome:
        outcome = self._tried(message, uid)
        if self._scheme == "tgram" and isinstance(outcome, Failed) and UNREADABLE in outcome.what:
            # Better without bold letters than not at all.
            return self._tried(replace(message, body=without_tags(message.body)), uid)
        return outcome

    def reach(self) -> Reach:
        """A service that does without HTTP could only be tried with a message."""
        if not hasattr(sys.modules[type(self._plugin).__module__], "requests"):
            return Untried()
        with wire.stopping() as asked, suppress(Exception):
            self._send(NOTHING, "")
        return way_to(asked[0], self._timeouts) if asked else Untried()

    def _tried(self, message: Message, uid: str) -> Outcome:
        with wire.listening() as heard:
            try:
                went = self._send(message, uid)
            except Exception:  # noqa: BLE001 - an outcome is owed, whatever a plugin does; its words may hold secrets
                return sorted_http(heard, self._url) if heard else Failed("this kind of channel failed within itself")
        return sent(heard, self._scheme) if went else sorted_http(heard, self._url)

    def close(self) -> None:
        """Apprise keeps nothing open."""

    def _send(self, message: Message, uid: str) -> bool:
        plugin = self._plugin
        if self._dialect:
            # Ours is finished markup: `notify` would convert it, or take it for plain text.
            form = self._dialect.body_format
            return bool(plugin.send(body=message.body, title="", notify_type=NotifyType.INFO, body_format=form))
        if isinstance(plugin, NotifyJSON):
            plugin.headers = {**plugin.headers, "Idempotency-Key": uid}
        title = message.subject[: plugin.title_maxlen] if plugin.title_maxlen > 0 else ""
        return bool(plugin.notify(body=message.body, title=title, notify_type=NotifyType.INFO, body_format="text"))


def _dialect(plugin: NotifyBase) -> Dialect | None:
    """Our markup for a service that we know; Markdown for one that shows nothing else; None: plain text."""
    if known := dialect_of(scheme_of(plugin)):
        return known
    if [str(form.value) for form in plugin._formats()] == ["markdown"]:  # noqa: SLF001 - nothing public tells it
        return Dialect(replace(MARKDOWN, limit=plugin.body_maxlen), "markdown")
    return None


def _plain(plugin: NotifyBase) -> Markup:
    return replace(PLAIN, limit=plugin.body_maxlen or None)


def without_tags(body: str) -> str:
    """Our HTML without its markup; what a feed wrote in angle brackets is escaped, and stays."""
    return re.sub(r"<[^<>]*>?", "", body)


def _with_manners(plugin: NotifyDiscord) -> None:
    """Discord pings whoever a text names, and answers before it has the message, unless it is told not to."""
    # `?ping=` is the user's own wish; names in feed text are broken by our markup.
    quiet: dict[str, Any] = {} if plugin.ping else {"allowed_mentions": {"parse": []}}
    send = plugin._send  # noqa: SLF001 - the one place where the payload passes

    def politely(payload: dict[str, Any], params: dict[str, str] | None = None, **kwargs: Any) -> bool:
        return bool(send(payload | quiet, params={**(params or {}), "wait": "true"}, **kwargs))

    plugin._send = politely  # type: ignore[method-assign, assignment]  # noqa: SLF001 - no attachments come here
