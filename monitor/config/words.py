"""The words a value may be made of: text → durations, limits, times, addresses. Pure.

A text that can't be read raises Misread; `{it}` in its words is filled in by the caller, who knows what may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Final, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from monitor.settings import Limit, Send

T = TypeVar("T")

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
PERS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST: Final = timedelta(days=36_500)
LAST_PORT: Final = 65_535
SENDS: Final = "as_it_happens, hourly, daily 07:00 or weekly Monday 07:00"

A_STORAGE: Final = "write sqlite:///data/monitor.db"
_PORT: Final = re.compile(r":([^:\]]*)$")  # not within the brackets of IPv6
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LIMIT: Final = re.compile(r"([0-9]{1,6}) ?/ ?(minute|hour|day)")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


class Misread(Exception):
    """A text is not what its setting needs."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def duration(text: str) -> timedelta:
    if found := _DURATION.fullmatch(text):
        span = timedelta(**{UNITS[found[2]]: min(int(found[1]), 10**8)})
        if span > LONGEST:
            raise Misread("{it} is too long", "the longest is 36500d")
        return span
    if text.isdecimal():
        others = ", ".join(f"{text}{unit}" for unit in "shd")
        raise Misread("{it} has no unit", f"write {text}m (minutes), {others}")
    raise Misread("{it} is not a duration", "write a whole number and a unit, like 30s, 5m, 2h or 3d")


def at_least(least: timedelta, shown: str) -> Callable[[str], timedelta]:
    def read(text: str) -> timedelta:
        span = duration(text)
        if span < least:
            raise Misread("{it} is too short", f"the shortest here is {shown}")
        return span

    return read


def or_else(word: str, value: T, read: Callable[[str], T]) -> Callable[[str], T]:
    """`off` or `never`, else what `read` makes of it; both are named where neither fits."""

    def either(text: str) -> T:
        if text.casefold() == word:
            return value
        try:
            return read(text)
        except Misread as error:
            raise Misread(error.what, f"{error.hint}; or {word}") from None

    return either


def limit(text: str) -> Limit:
    found = _LIMIT.fullmatch(text)
    if not found:
        raise Misread("{it} is not a limit", "write 10/minute, 10/hour or 10/day")
    if not int(found[1]):
        raise Misread("{it} would tell nothing, ever", "write 1/day or more")
    return Limit(count=int(found[1]), per=PERS[found[2]])


def outlets(text: str) -> int:
    number, _, word = text.partition(" ")
    if not number.isdecimal() or word.strip() not in {"outlet", "outlets", ""}:
        raise Misread("{it} is not a number of outlets", "write 5 outlets")
    if not word:
        raise Misread("{it} has no unit", f"write {text} outlets")
    return _between(int(number[:10]), least=1)


def count(text: str) -> int:
    if not text.isdecimal():
        raise Misread("{it} is not a whole number")
    return _between(int(text[:10]), least=0)


def _between(number: int, *, least: int, most: int = 1_000_000) -> int:
    if not least <= number <= most:
        raise Misread(
            "{it} is too small" if number < least else "{it} is too large", f"{least} to {most:,} is possible"
        )
    return number


def clock(text: str) -> time:
    found = _TIME.fullmatch(text)
    if not found:
        raise Misread("{it} is not a time of day", 'write hours and minutes, like "22:00"')
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - a clock's own numbers
        raise Misread("there is no {it} on a clock", "00:00 to 23:59; midnight is 00:00")
    return time(hour, minute)


def send(text: str) -> Send:
    match text.split():
        case ["as_it_happens"]:
            return Send()
        case ["hourly"]:
            return Send(when="hourly")
        case ["daily", at]:
            return Send(when="daily", at=clock(at))
        case ["weekly", day, at] if day.casefold() in WEEKDAYS:
            return Send(when="weekly", at=clock(at), weekday=WEEKDAYS.index(day.casefold()))
        case _:
            raise Misread("{it} does not say when to send", f"write {SENDS}")


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        close = get_close_matches(text[:64].casefold(), words, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"write {', '.join(words[:-1])} or {words[-1]}"
        raise Misread("{it} is not possible here", hint)

    return read


def yes(text: str) -> bool:
    if text.casefold() in {"true", "false"}:
        return text.casefold() == "true"
    raise Misread("{it} is neither true nor false", "write true or false")


def backlog(text: str) -> Literal["skip", "alert"] | int:
    match text:
        case "skip" | "alert":
            return text
        case _ if text.isdecimal():
            return count(text)
        case _:
            raise Misread("{it} does not say what to do with old entries", "write skip, alert or a number")


def language(text: str) -> str:
    if text.casefold() == "none" or _LANGUAGE.fullmatch(text):
        return text.casefold().replace("_", "-")
    raise Misread("{it} is not a language's code", "write its short form, like id, en or ko; or none")


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        zones = sorted(available_timezones())
    close = get_close_matches(text[:64], zones, n=1) or [name for name in zones if name.endswith(f"/{text.title()}")]
    raise Misread(
        "there is no time zone {it}", f"did you mean '{close[0]}'?" if close else "write one like Asia/Jakarta"
    )


def within(text: str) -> str:
    number, _, word = text.partition(" ")
    if text in {"article", "title", "paragraph", "sentence"} or (number.isdecimal() and word in {"word", "words"}):
        return text
    raise Misread("{it} is no part of an article", "write article, title, paragraph, sentence or 20 words")


def web_address(text: str) -> str:
    """An http(s) address with a host and a port that can be."""
    if any(char.isspace() for char in text):
        raise Misread("a blank can't stand in an address", "write %20 for it")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Misread("{it} is not a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misread("{it} is not a web address", "it starts with http:// or https://")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise Misread("this port is not possible", f"1 to {LAST_PORT}")
    return text


def listen(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal():
        raise Misread("{it} is not an address and a port", "write 127.0.0.1:8080")
    if len(port) > len(str(LAST_PORT)) or int(port) > LAST_PORT:
        raise Misread("the port in {it} is not possible", f"0 to {LAST_PORT}; 0 takes any free one")
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], int(port)
    if not host or ":" in host or "/" in host:
        raise Misread("{it} is not an address and a port", "write 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080")
    return host, int(port)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def is_private(url: str) -> bool:
    """Whether an address names the inner network outright; a name is judged when it is fetched."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.casefold() == "localhost"


def storage(text: str) -> str:
    """Nothing of it is ever shown: it may hold a password."""
    scheme, colon, rest = text.partition("://")
    if scheme == "postgres":
        raise Misread("a PostgreSQL storage starts with postgresql://")
    match scheme if colon else "":
        case "sqlite":
            _sqlite_file(rest)
        case "postgresql" | "postgresql+psycopg":
            _server(rest)
        case _:
            raise Misread("this is no storage", f"{A_STORAGE} or postgresql://…")
    return text


def _sqlite_file(rest: str) -> None:
    file = rest.partition("?")[0]
    if not file.startswith("/") or file in {"/", "/:memory:"}:
        raise Misread("this storage names no file", A_STORAGE)


def _server(rest: str) -> None:
    address = rest.partition("?")[0]
    if address.count("@") > 1:
        raise Misread("this storage holds more than one @", "in a password write %40 for it")
    authority = address.partition("@")[2] if "@" in address else address
    port = _PORT.search(authority.partition("/")[0])
    if port and not (port[1].isdecimal() and 0 < int(port[1][:10]) <= LAST_PORT):
        raise Misread("the port of this storage is not possible", f"1 to {LAST_PORT}")


def header(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise Misread("a header is one line of ASCII")
    return text
