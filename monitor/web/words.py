"""How the page says things in English and in Indonesian: texts, moments, ages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.web.texts import TEXTS

Language = Literal["en", "id"]

_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    }
)


def say(language: Language, key: str, **facts: object) -> str:
    """The text; a key that it has not comes back as it is, so that a later version's word is shown all the same."""
    if key not in TEXTS:
        return key.partition("_")[2].replace("_", " ") or key
    text = TEXTS[key][0 if language == "en" else 1]
    if "|" in text:
        one, _, more = text.partition("|")
        text = one if facts.get("n") == 1 else more
    return text.format(**facts) if facts else text


_LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({"id": "id", "in": "id", "en": "en"})  # "in" until 1989


def preferred(accept: str) -> Language:
    """What a browser asks for (RFC 9110, 12.5.4): Indonesian where it stands before English."""
    ranked: list[tuple[float, int, Language]] = []
    for index, part in enumerate(accept.split(",")[:20]):
        name, _, weight = part.strip().lower().partition(";")
        language = _LANGUAGES.get(name.partition("-")[0])
        if language and (quality := _quality(weight)) > 0:
            ranked.append((-quality, index, language))
    return min(ranked)[2] if ranked else "en"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def clock(moment: datetime, zone: ZoneInfo, language: Language, *, now: datetime) -> str:
    """A moment as people write it: the day is left out where it is today."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    hour = f"{local:%H:%M}"
    if local.date() == today.date():
        return hour
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local.day} {_MONTHS[language][local.month - 1]}{year} {hour}"


_STEPS: Final = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))


def lasting(time: timedelta, language: Language) -> str:
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if time >= 2 * unit:
            return say(language, name, n=round(time / unit))
    return say(language, "seconds", n=round(time.total_seconds()))


def age(moment: datetime, language: Language, *, now: datetime) -> str:
    """How long ago it was, or how soon it will be."""
    past = now >= moment
    distance = now - moment if past else moment - now
    if distance < timedelta(minutes=1):
        return say(language, "just_now" if past else "at_once")
    for least, unit, name in _STEPS:
        if distance >= least:
            return say(language, f"{name}_ago" if past else f"in_{name}", n=distance // unit)
    return say(language, "minutes_ago" if past else "in_minutes", n=distance // timedelta(minutes=1))
