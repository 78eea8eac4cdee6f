"""The words a value may be made of: text → durations, limits, times, addresses. Pure.

A text that can't be read raises Misread; `{it}` in its words is filled in by the caller, who knows what may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from monitor.config import habits, hints
from monitor.settings import Limit, Send
from monitor.topics.packs import PACKS

T = TypeVar("T")

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
PERS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_WORDS: Final = 1_000  # of a stretch
PLACES: Final = ("article", "title", "paragraph", "sentence")
LONGEST: Final = timedelta(days=36_500)
A_DURATION: Final = "write a whole number and a unit, like 30s, 5m, 2h or 3d"
REPORTS: Final = "daily 07:00 or weekly Monday 07:00"
SENDS: Final = "as_it_happens, hourly, daily 07:00 or weekly Monday 07:00"

_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_CLOCK: Final = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
_LIMIT: Final = re.compile(r"([0-9]{1,6}) ?/ ?(minute|hour|day)")


class Misread(Exception):
    """A text is not what its setting needs."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """What a text may be: how it is read, and how an editor may know it beforehand."""

    read: Callable[[str], T]
    pattern: str = ""  # a regular expression for the whole of it
    words: tuple[str, ...] = ()  # what it may be besides
    is_number: bool = False  # editors take it for a number

    def __call__(self, text: str) -> T:
        return self.read(text)


def _duration(text: str) -> timedelta:
    if found := _DURATION.fullmatch(text):
        span = timedelta(**{UNITS[found[2]]: min(int(found[1]), 10**8)})
        if span > LONGEST:
            raise Misread("{it} is too long", "the longest is 36500d")
        return span
    if text.isdecimal():
        raise Misread("{it} has no unit", _units(text))
    meant = habits.duration(text)
    raise Misread("{it} is not a duration", f"write {meant}" if meant else A_DURATION)


def _units(number: str) -> str:
    shown = number[:6].lstrip("0") or "0"
    return f"write {shown}m (minutes), {shown}s, {shown}h or {shown}d"


duration: Final = Form(_duration, _DURATION.pattern)


def at_least(least: timedelta, shown: str) -> Form[timedelta]:
    def read(text: str) -> timedelta:
        span = duration(text)
        if span < least:
            raise Misread("{it} is too short", f"the shortest here is {shown}")
        return span

    too_few = "|".join(str(number) for number in range(int(least.total_seconds())))
    return Form(read, rf"(?!0*({too_few})s|0+[mhd]){duration.pattern}")


def _days(text: str) -> timedelta:
    span = duration(text)
    if span % timedelta(days=1) or span < A_WEEK:
        raise Misread("{it} is no number of days, or too short", "write 180d; the shortest here is 7d")
    return span


A_WEEK: Final = timedelta(days=7)
days: Final = Form(_days, r"0*([7-9]|[1-9][0-9]{1,7})d")


def or_else(word: str, value: T, form: Form[T]) -> Form[T]:
    """`off` or `never`, else what `form` makes of it; both are named where neither fits."""

    def either(text: str) -> T:
        if text.casefold() == word:
            return value
        if text.casefold() in habits.NOTHING:
            raise Misread("{it} is not possible here", f"write {word}")
        try:
            return form(text)
        except Misread as error:
            raise Misread(error.what, f"{error.hint}; or {word}") from None

    return Form(either, form.pattern, (word, *form.words))


def _limit(text: str) -> Limit:
    found = _LIMIT.fullmatch(text)
    if not found and text.isdecimal() and int(text[:6]):
        raise Misread("{it} does not say in which time", f"write {text[:6]}/hour, {text[:6]}/minute or {text[:6]}/day")
    if not found:
        number = re.match("[1-9][0-9]{0,5}|$", text)
        some = number[0] if number and number[0] else "10"
        raise Misread(
            "{it} is not a limit", f"write {habits.limit(text) or f'{some}/minute, {some}/hour or {some}/day'}"
        )
    if not int(found[1]):
        raise Misread("{it} would tell nothing, ever", "write 1/day or more")
    return Limit(count=int(found[1]), per=PERS[found[2]])


limit: Final = Form(_limit, _LIMIT.pattern)


def _outlets(text: str) -> int:
    number, _, word = text.partition(" ")
    if not number.isdecimal() or word.strip() not in {"outlet", "outlets", ""}:
        meant = number[:6] if number.isdecimal() and int(number[:6]) else "5"
        raise Misread("{it} is not a number of outlets", f"write {meant} outlets")
    if not word:
        raise Misread("{it} has no unit", f"write {text[:6]} outlets")
    return _between(int(number[:10]), least=1)


outlets: Final = Form(_outlets, "[0-9]+ outlets?")


def number(least: int, most: int) -> Form[int]:
    def read(text: str) -> int:
        if not text.isdecimal():
            raise Misread("{it} is not a whole number", f"write one from {least} to {most:,}")
        return _between(int(text[:18]), least=least, most=most)

    return Form(read, "0*[1-9][0-9]*" if least else "[0-9]+", is_number=True)


count: Final = number(0, 1_000_000)


def _between(found: int, *, least: int, most: int = 1_000_000) -> int:
    if not least <= found <= most:
        raise Misread(
            "{it} is too small" if found < least else "{it} is too large", f"write one from {least} to {most:,}"
        )
    return found


def _clock(text: str) -> time:
    found = _TIME.fullmatch(text)
    if not found:
        meant = habits.clock(text)
        raise Misread("{it} is not a time of day", f'write "{meant}"' if meant else 'write one like "22:00"')
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - a clock's own numbers
        raise Misread("there is no {it} on a clock", "write 00:00 to 23:59; midnight is 00:00")
    return time(hour, minute)


clock: Final = Form(_clock, _CLOCK)


def _send(text: str) -> Send:
    match text.split():
        case ["as_it_happens"]:
            return Send()
        case ["hourly"]:
            return Send(when="hourly")
        case ["daily", at] if _TIME.fullmatch(at):
            return Send(when="daily", at=clock(at))
        case ["weekly", day, at] if day.casefold() in WEEKDAYS and _TIME.fullmatch(at):
            return Send(when="weekly", at=clock(at), weekday=WEEKDAYS.index(day.casefold()))
        case _:
            meant = habits.send(text)
            raise Misread("{it} does not say when to send", f"write {meant or SENDS}")


send: Final = Form(
    _send,
    rf"daily {_CLOCK}|weekly ({'|'.join(f'[{day[0].upper()}{day[0]}]{day[1:]}' for day in WEEKDAYS)}) {_CLOCK}",
    words=("as_it_happens", "hourly"),
)


def _report(text: str) -> Send:
    """As `send` says it, but for what comes too often to be read."""
    when = text.split()[:1]
    if when in (["daily"], ["weekly"]):
        return _send(text)
    raise Misread("{it} does not say when to report", f"write {habits.send(text) or REPORTS}")


report: Final = Form(_report, send.pattern)


def one_of(*words: str) -> Form[str]:
    def read(text: str) -> str:
        if text in words:
            return text
        hint = hints.guess(text, words) or f"write {', '.join(words[:-1])} or {words[-1]}"
        raise Misread("{it} is not possible here", hint)

    return Form(read, words=words)


def _yes(text: str) -> bool:
    if text.casefold() in {"true", "false"}:
        return text.casefold() == "true"
    raise Misread("{it} is neither true nor false", f"write {habits.TRUTHS.get(text.casefold(), 'true or false')}")


yes: Final = Form(_yes, words=("true", "false"))


def _backlog(text: str) -> Literal["skip", "alert"] | int:
    match text:
        case "skip" | "alert":
            return text
        case _ if text.isdecimal():
            return count(text)
        case _:
            raise Misread(
                "{it} does not say what to do with old entries", "write skip (tell none), alert (tell all) or a number"
            )


backlog: Final = Form(_backlog, "[0-9]+", words=("skip", "alert"), is_number=True)


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise Misread("there is no time zone {it}", _zone_meant(text)) from None


def _zone_meant(text: str) -> str:
    if meant := habits.zone(text):
        return f"write {meant}"
    zones = sorted(available_timezones())
    place = text.replace(" ", "_").casefold()
    close = next((name for name in zones if place in {name.casefold(), name.casefold().rpartition("/")[2]}), "")
    close = close or hints.meant(text, zones)
    return f"did you mean '{close}'?" if close else "write one like Asia/Jakarta"


zone: Final = Form(_zone)


def _within(text: str) -> str:
    amount, _, word = text.partition(" ")
    if text in PLACES:
        return text
    if amount.isdecimal() and word in {"word", "words"}:
        if not 0 < int(amount[:10]) <= MOST_WORDS:
            raise Misread("{it} is no part of an article", f"1 to {MOST_WORDS} words are possible")
        return f"{int(amount)} words"
    if found := re.match(r"0*([1-9][0-9]{0,2})(?![0-9])", text):
        raise Misread("{it} is no part of an article", f"write {found[1]} words")
    hint = hints.guess(text, PLACES) or f"write {', '.join(PLACES)} or 20 words"
    raise Misread("{it} is no part of an article", hint)


within: Final = Form(_within, "0*(?:[1-9][0-9]{0,2}|1000) words?", words=PLACES)


def _protected(text: str) -> str:
    if len(text.split()) > 1:
        raise Misread("{it} is more than one word", "write each word as an item of its own")
    return text


protected: Final = Form(_protected, r"\S+")


def _tag(text: str) -> str:
    if "," in text:
        raise Misread("{it} holds a comma", "write each as an item of its own: [a, b]")
    if text.startswith("/"):
        raise Misread("{it} starts with a stroke", "write it without")
    return " ".join(text.split())


tag: Final = Form(_tag, r"\s*[^,/\s][^,]*", is_number=True)


def _pack(text: str) -> str:
    if text not in PACKS:
        there = hints.listed("there are: ", PACKS)
        raise Misread("there is no alias pack {it}", hints.guess(text, PACKS) or there)
    return text


pack: Final = Form(_pack, words=PACKS)
