"""What people write out of habit, or in their own language → how it is written here; "" where that can't be told. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final


def _spelt(**words: str) -> Mapping[str, str]:
    return {word: meant for meant, listed in words.items() for word in listed.split()}


UNITS: Final = _spelt(
    s="s sec secs second seconds detik dtk sek sekunde sekunden",
    m="m min mins minute minutes menit mnt minuten",
    h="h hr hrs hour hours jam std stunde stunden",
    d="d day days hari t tag tage tagen",
    w="w wk week weeks minggu pekan woche wochen",
)
SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
PERS: Final = {"m": "minute", "h": "hour", "d": "day"}
TRUTHS: Final = _spelt(
    true="yes y on 1 ya iya y benar betul aktif ja j an wahr true enabled",
    false="no n off 0 tidak t salah bukan nonaktif nein n aus falsch false disabled",
)
NOTHING: Final = frozenset(["off", "never", "none", "no", "false", "unlimited", "tidak", "nein", "nie", "aus"])
WEEKDAYS: Final = _spelt(
    Monday="monday mon senin montag mo",
    Tuesday="tuesday tue selasa dienstag di",
    Wednesday="wednesday wed rabu mittwoch mi",
    Thursday="thursday thu kamis donnerstag do",
    Friday="friday fri jumat jum'at freitag fr",
    Saturday="saturday sat sabtu samstag sonnabend sa",
    Sunday="sunday sun minggu ahad sonntag so",
)
LANGUAGES: Final = _spelt(
    id="indonesia indonesian bahasa ind indonesisch",
    en="english inggris englisch us uk",
    de="german deutsch jerman",
    ko="korean korea kr",
    ja="japanese jepang jp",
    zh="chinese cina mandarin cn",
    ru="russian rusia russisch",
    ar="arabic arab arabisch",
    ms="malay melayu",
    nl="dutch belanda",
    fr="french prancis",
    es="spanish spanyol",
    pt="portuguese portugis",
)
ZONES: Final = {
    "wib": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "wit": "Asia/Jayapura",
    "indonesia": "Asia/Jakarta",
    "mez": "Europe/Berlin",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "bst": "Europe/London",
    "pst": "America/Los_Angeles",
    "z": "UTC",
}
MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "january jan januari januar",
            "february feb februari februar",
            "march mar maret märz",
            "april apr",
            "may mei mai",
            "june jun juni",
            "july jul juli",
            "august aug agustus agu",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec desember des dezember dez",
        ),
        1,
    )
    for word in words.split()
}

# Patterns are texts here: they are compiled when there is a mistake.
_AMOUNT: Final = r"(\d{1,6}(?:[.,]\d{1,3})?)\s?([^\W\d_]+)\.?"
_CLOCK: Final = r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.]\d{2})? ?(am|pm|uhr|h|wib|wita|wit)?"
_LIMIT: Final = r"(\d{1,6}) ?(?:/|x|per|pro|an?|each|every|se|tiap)? ?([^\W\d_]*)\.?"
_DATE: Final = r"(\d{1,4})[-./ ]{1,2}(\d{1,2}|[^\W\d_]+)[-./ ]{1,2}(\d{1,4})(?:[ T,]+(.+))?"
_OFFSET: Final = r"(?:utc|gmt)? ?[+-] ?\d{1,2}(?::?\d\d)?"


def duration(text: str) -> str:
    """`5 min`, `2 menit`, `1,5h`, `5m30s`, `1 week`."""
    amounts = re.findall(_AMOUNT, text)
    if not amounts or re.sub(_AMOUNT, "", text).strip(" ,\u00a0"):
        return ""
    total = Fraction()
    for number, unit in amounts:
        if unit.casefold() not in UNITS:
            return ""
        total += Fraction(number.replace(",", ".")) * SECONDS[UNITS[unit.casefold()]]
    return _seconds(total)


def _seconds(total: Fraction) -> str:
    unit = next((unit for unit in "dhms" if total and not total % SECONDS[unit]), "")
    return f"{total / SECONDS[unit]}{unit}" if unit else ""


def limit(text: str) -> str:
    """`20/h`, `20 per jam`, `20`."""
    found = re.fullmatch(_LIMIT, text, re.IGNORECASE)
    if not found or not int(found[1]):
        return ""
    unit = UNITS.get(found[2].casefold(), "")
    return f"{found[1]}/{PERS[unit]}" if unit in PERS else ""


def clock(text: str) -> str:
    """`22.00`, `22`, `10pm`, `22:00:00`."""
    found = re.fullmatch(_CLOCK, text, re.IGNORECASE)
    if not found:
        return ""
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half in {"am", "pm"}:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""  # noqa: PLR2004 - a clock's own numbers


def send(text: str) -> str:
    """`daily`, `Daily 7`, `weekly Senin 07.00`."""
    first, *rest = text.casefold().split()
    day = next((WEEKDAYS[word] for word in rest if word in WEEKDAYS), "Monday")
    at = next((meant for word in rest if (meant := clock(word))), "07:00")
    if first in {"daily", "harian", "täglich", "everyday"}:
        return f"daily {at}"
    if first in {"weekly", "mingguan", "wöchentlich"}:
        return f"weekly {day} {at}"
    return ""


def zone(text: str) -> str:
    """An abbreviation's place; of an offset, the advice to name one."""
    if meant := ZONES.get(text.casefold()):
        return meant
    return "the zone of a place, like Asia/Jakarta" if re.fullmatch(_OFFSET, text, re.IGNORECASE) else ""


def moment(text: str) -> str:
    """`20.12.2026`, `20 Desember 2026 08.00 WIB`, `2026/12/20`; not where day and month could be either."""
    found = re.fullmatch(_DATE, text)
    if not found:
        return ""
    first, month, last, at = found.groups()
    year, day = (first, last) if len(first) > len(last) else (last, first)
    number = MONTHS.get(month.casefold(), 0) if not month.isdecimal() else int(month)
    is_either = "/" in text and year == last and month.isdecimal() and int(day) <= 12  # noqa: PLR2004 - months
    if len(year) != 4 or len(day) > 2 or is_either or not 1 <= number <= 12 or not 1 <= int(day) <= 31:  # noqa: PLR2004 - a calendar's own numbers
        return ""
    written = clock(at) if at else ""
    return "" if at and not written else f"{year}-{number:02}-{int(day):02} {written}".rstrip()
