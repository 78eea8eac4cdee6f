"""One message to one recipient; what became of it is always an answer, never an exception."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Protocol, TextIO, runtime_checkable

from monitor.errors import MonitorError
from monitor.model import Markup, Message, Outcome
from monitor.notify.console import Console
from monitor.notify.shelf import Shelf
from monitor.notify.timeouts import Timeouts
from monitor.settings import ATOM, WEBHOOKS, Channel

if TYPE_CHECKING:
    from monitor.notify.reach import Reach  # it loads requests

CONSOLE: Final = "console"
BUILT_IN: Final = (CONSOLE, ATOM)
MAIL: Final = frozenset({"mailto", "mailtos"})
LONGEST_MISSPELT: Final = 10


class OpenChannel(Protocol):
    """A channel that can be sent through, and may hold up its thread; one at a time, but for those that were given up."""

    @property
    def name(self) -> str: ...

    @property
    def markup(self) -> Markup:
        """What its reader can show; messages for it are composed with this."""

    def send(self, message: Message, *, uid: str) -> Outcome:
        """Send once. `uid` is the delivery's own, the same at every try, for recipients that can tell copies."""

    def close(self) -> None: ...


@runtime_checkable
class Reachable(Protocol):
    """A channel that lies behind a network."""

    def reach(self) -> Reach:
        """Whether there is a way to its server. Nothing is sent."""


def open_channel(channel: Channel, *, console: TextIO | None, timeouts: Timeouts | None = None) -> OpenChannel:
    """Ready to send; raises MonitorError where `problem_with` finds something."""
    url = channel.url.get_secret_value()
    if url == CONSOLE:
        return Console(channel.name, console)
    if url == ATOM:
        return Shelf(channel.name)
    timeouts = timeouts or Timeouts()
    if _is_webhook(url):
        from monitor.notify.webhook import Webhook

        return Webhook(channel.name, url, channel.secret, timeouts)
    # Apprise takes 0.1 s and 35 MB: who only prints never pays for it.
    from monitor.notify.address import plugin_for, scheme_of
    from monitor.notify.mail import Mail
    from monitor.notify.remote import Remote

    plugin = plugin_for(url, timeouts)
    if scheme_of(plugin) in MAIL:
        return Mail(channel.name, plugin, url, timeouts)
    return Remote(channel.name, plugin, url, timeouts)


def reach(channel: Channel) -> Reach:
    """Whether it can be reached, as far as that can be known without sending anything; waits for its server."""
    from monitor.notify.reach import Reached, Unreached, Untried

    if channel.url.get_secret_value() in BUILT_IN:
        return Reached("built in")
    try:
        opened = open_channel(channel, console=None)
    except MonitorError as error:
        return Unreached(str(error))
    try:
        return opened.reach() if isinstance(opened, Reachable) else Untried()
    finally:
        opened.close()


def recipients_of(url: str) -> tuple[str, ...]:
    """A URL for each single recipient, where Apprise would send to several; raises ChannelError, whose words do not show it.

    What comes back holds the same secrets as what was given.
    """
    if url in BUILT_IN or _is_webhook(url):
        return (url,)
    from monitor.notify import recipients

    return recipients.recipients_of(url)


def problem_with(url: str) -> str | None:
    """Why this channel URL can't be used, in words that do not show it; None: it can."""
    if url in BUILT_IN:
        return None
    if _is_webhook(url):
        from monitor.notify.webhook import problem_of

        return problem_of(url)
    from monitor.notify.address import ChannelError

    try:
        recipients_of(url)
    except ChannelError as problem:
        return f"{problem}; did you mean {CONSOLE}?" if _is_misspelt_console(url) else str(problem)
    return None


def _is_webhook(url: str) -> bool:
    return url.partition("://")[0].lower() in WEBHOOKS


def _is_misspelt_console(url: str) -> bool:
    word = url.partition("://")[0].strip().casefold()
    return len(word) <= LONGEST_MISSPELT and bool(get_close_matches(word, [CONSOLE], cutoff=0.75))
