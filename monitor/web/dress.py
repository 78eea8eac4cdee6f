"""Templates, and what they may say: words, times, marks. Whatever comes from outside is text, never markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.web.tools import Tools
from monitor.web.words import Language, age, clock, lasting, preferred, say

RELEASE: Final = version("news-monitor")
MENU: Final = (
    ("/", "today"),
    ("/stories", "stories"),
    ("/search", "search"),
    ("/topics", "topics"),
    ("/feeds", "feeds"),
    ("/deliveries", "deliveries"),
    ("/silences", "silences"),
    ("/settings", "settings"),
)

_ANSWER: Final = Markup("<!--answer-->")  # nothing that is typed can say so: it would be escaped

Page = Callable[[Request, Tools, "Dress"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Voice:
    """How a page speaks to the one who asked for it."""

    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, key: str, **facts: object) -> str:
        return say(self.language, key, **facts)

    def when(self, moment: datetime) -> str:
        """For where no element can stand: the hour and the age."""
        return f"{self.clock(moment)} ({age(moment, self.language, now=self.now)})"

    def clock(self, moment: datetime) -> str:
        return clock(moment, self.zone, self.language, now=self.now)

    def lasting(self, time: timedelta) -> str:
        return lasting(time, self.language)

    def time(self, moment: datetime) -> Markup:
        shown = age(moment, self.language, now=self.now)
        element = Markup('<time datetime="{}" title="{}">{}</time> <small>({})</small>')
        local = moment.astimezone(self.zone)
        return element.format(
            moment.astimezone(UTC).isoformat(timespec="seconds"),
            f"{local:%Y-%m-%d %H:%M:%S %Z}",
            self.clock(moment),
            shown,
        )


class Dress:
    """Turns what a page has to say into HTML. Where a login is needed `atom` adds to a feed's address what opens it, and `token` opens the API."""

    def __init__(self, *, atom: Callable[[str], str] = str, token: str = "") -> None:
        self.token = token
        self._pages = Environment(
            loader=PackageLoader("monitor.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals |= {
            "menu": MENU,
            "release": RELEASE,
            "atom": atom,
            "can_leave": bool(token),
            "topic_url": topic_url,
            "topic_atom": topic_atom,
            "channel_url": channel_url,
            "marked": marked,
        }

    def page(self, name: str, voice: Voice, *, here: str = "", status: int = 200, **facts: Any) -> Response:
        return HTMLResponse(self.part(name, voice, here=here, **facts), status)

    def halves(self, name: str, voice: Voice, *, here: str = "", **facts: Any) -> tuple[str, str]:
        """What stands before the answer, and what after it: for a page that comes piece by piece."""
        before, _, after = self.part(name, voice, here=here, answer=_ANSWER, **facts).partition(_ANSWER)
        return before, after

    def part(self, name: str, voice: Voice, *, here: str = "", **facts: Any) -> str:
        said = {
            "t": voice.say,
            "time": voice.time,
            "clock": voice.clock,
            "language": voice.language,
            "now": voice.now,
            "here": here,
        }
        return self._pages.get_template(name).render(**said, **facts)


def voice_of(request: Request, *, zone: ZoneInfo, now: datetime) -> Voice:
    return Voice(preferred(request.headers.get("accept-language", "")), zone, now)


def topic_url(name: str) -> str:
    """A topic that is called like the feed of another one gets a slash: a token for feeds must open no page."""
    return f"/topics/{quote(name, safe='')}" + ("/" if name.endswith("/atom") else "")


def topic_atom(name: str) -> str:
    return f"/topics/{quote(name, safe='')}/atom"


def channel_url(name: str) -> str:
    return f"/channels/{quote(name, safe='')}"


def marked(text: str, hits: Sequence[tuple[int, int]]) -> Markup:
    """The text with its hits (code points) marked."""
    parts: list[Markup] = []
    done = 0
    for start, end in sorted(hits):
        if start < done or end > len(text) or start >= end:
            continue
        parts += [Markup.escape(text[done:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        done = end
    return Markup().join([*parts, Markup.escape(text[done:])])


def link_to(address: str) -> str:
    """The address, where it is one that a browser may be sent to; else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def with_query(path: str, values: Mapping[str, str | None]) -> str:
    """The path with those values that there are."""
    pairs = [f"{name}={quote(value, safe='')}" for name, value in values.items() if value]
    return f"{path}?{'&'.join(pairs)}" if pairs else path
