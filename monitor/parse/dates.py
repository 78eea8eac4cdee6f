"""Instants as feeds and pages write them, English, Indonesian and others; None wherever the instant is in doubt. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from unicodedata import normalize

# English, Indonesian, then names of other languages that mean one month wherever they are used.
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari januar janvier janv enero ene gennaio gen janeiro ocak",
            "feb february februari pebruari peb februar fevrier fevr febrero febbraio fevereiro fev subat",
            "mar march maret marz maerz mrt maart mars marts marzo marco mart",
            "apr april avril avr abril abr aprile nisan",
            "may mei mai maj mayo maggio mag maio mayis",
            "jun june juni juin junio giugno giu junho haziran",
            "jul july juli juil juillet julio luglio lug julho temmuz",
            "aug august agu agt ags agus agust agustus aout agosto ago augustus agustos",
            "sep sept september septembre septiembre settembre setembro set eylul",
            "oct october okt oktober octobre octubre ottobre ott outubro out ekim",
            "nov november nop nopember novembre noviembre novembro kasim",
            "dec december des desember dezember dez decembre diciembre dic dicembre dezembro aralik",
        ),
        start=1,
    )
    for name in names.split()
}
# Only names that mean one offset (CST is Chicago's and China's); WIB, WITA and WIT are Indonesia's.
_ZONES: Final = {
    **dict.fromkeys(("z", "ut", "utc", "gmt"), 0.0),
    "wib": 7.0,
    "wita": 8.0,
    "wit": 9.0,
    "sgt": 8.0,
    "myt": 8.0,
    "hkt": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "msk": 3.0,
    "est": -5.0,
    "edt": -4.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "wet": 0.0,
    "west": 1.0,
    "cet": 1.0,
    "cest": 2.0,
    "eet": 2.0,
    "eest": 3.0,
    "aest": 10.0,
    "aedt": 11.0,
}
_FRACTION: Final = r"(?:(?P=mark)(?P<second>\d{2})(?:[.,]\d+)?)?"
_TIME: Final = rf"(?P<hour>\d{{1,2}})(?P<mark>[:.])(?P<minute>\d{{2}}){_FRACTION}\s*(?P<half>[ap]\.?m\.?)?"
_OFFSET: Final = r"(?:GMT|UTC?)?\s*[+-]\d{1,2}(?:[:.]?\d{2})?"
_ZONE: Final = (
    rf"(?P<zone>{_OFFSET}|[a-z]{{1,4}}|\((?:{_OFFSET}|[a-z]{{1,4}})\))(?:\s*\((?P<aside>[^()]*)\)|\[[\w/+-]+\])?"
)
_GAP: Final = r"(?:[\s,|/@-]|\bpukul\b|\bjam\b|\bat\b)+"
_WEEKDAY: Final = r"(?:[a-z'-]{2,13}(?:[.,]+\s*|\s+))?"
_BY_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<month>[a-z]{3,10})\.?,?[\s-]+(?:de\s+)?(?P<year>\d{4}|\d{2})"
_BY_MONTH: Final = r"(?P<month>[a-z]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
_BY_YEAR: Final = r"(?P<year>\d{4})(?P<between>[-/.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_WEEKDAY}{_BY_DAY}{_GAP}{_TIME}\s*{_ZONE}",
        rf"{_WEEKDAY}{_BY_MONTH}{_GAP}{_TIME}\s*{_ZONE}",
        rf"{_BY_YEAR}(?:T|{_GAP}){_TIME}\s*{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})T(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?(?P<half>){_ZONE}",
        rf"{_WEEKDAY}(?P<month>[a-z]{{3,10}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+{_ZONE}\s+(?P<year>\d{{4}})",
        # A day beyond 12 is no month; what may be either says nothing.
        rf"{_WEEKDAY}(?P<day>1[3-9]|2\d|3[01])(?P<between>[-/.])(?P<month>\d{{1,2}})(?P=between)(?P<year>\d{{4}}){_GAP}{_TIME}\s*{_ZONE}",
    )
)
# Of ten digits that begin with 2, some mean a day and an hour: 2025071410.
_EPOCH: Final = re.compile(r"(1\d{9})(?:\d{3}|\.\d+)?", re.ASCII)
_LONGEST: Final = 80  # no date is longer, and patterns stay quick
# What is older or newer is a placeholder (1970-01-01, 0001-01-01), not the time of an article.
_YEARS: Final = range(1995, 2100)
_FIRST_OF_TWO: Final = 70  # of years of two digits: 70 is 1970, 69 is 2069 (RFC 2822 and POSIX)
_TYPOGRAPHY: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‐": "-", "·": ",", "•": ",", "’": "'", "ʼ": "'", "ı": "i"}
)
A_DAY: Final = timedelta(days=1)
_WIDEST: Final = timedelta(hours=14)


def instant(text: str | None) -> datetime | None:
    """The instant in UTC; None where the text names none: no zone, no such day, a form we can't be sure of."""
    if not text or len(text) > _LONGEST:
        return None
    text = _plain(text)[:_LONGEST]
    if found := _EPOCH.fullmatch(text):
        return _plausible(datetime.fromtimestamp(int(found[1]), UTC))
    matches = (form.fullmatch(text) for form in _FORMS)
    if found := next((match for match in matches if match), None):
        return _read(found)
    return None


def _plain(text: str) -> str:
    """Without accents, full width, odd blanks and dashes."""
    if not text.isascii():
        apart = normalize("NFKD", text.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
        text = "".join(char for char in apart if not "\u0300" <= char <= "\u036f")
    return " ".join(text.split())


def _read(found: re.Match[str]) -> datetime | None:
    part = found.groupdict()
    offset = _offset(part["zone"])
    month = int(part["month"]) if part["month"].isdigit() else _MONTHS.get(part["month"].lower())
    if offset is None or month is None or _contradicts(part["aside"], offset):
        return None
    hour, minute, second = _hour(int(part["hour"]), part["half"]), int(part["minute"]), _second(part["second"])
    is_end_of_day = (hour, minute, second) == (24, 0, 0)  # ISO 8601: the first moment of the next day
    try:
        day = datetime(_year(part["year"]), month, int(part["day"]), tzinfo=timezone(offset))
        local = day + A_DAY if is_end_of_day else day.replace(hour=hour, minute=minute, second=second)
        return _plausible(local.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _plausible(moment: datetime) -> datetime | None:
    return moment if moment.year in _YEARS else None


def _year(text: str) -> int:
    if len(text) == 4:  # noqa: PLR2004  the digits of a whole year
        return int(text)
    return int(text) + (2000 if int(text) < _FIRST_OF_TWO else 1900)


def _second(text: str | None) -> int:
    return 59 if text == "60" else int(text or 0)  # a leap second


def _hour(hour: int, half: str | None) -> int:
    """Hours of a 12-hour clock; one that has no such hour gives 99, which no day has."""
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004
        return 99
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _offset(zone: str) -> timedelta | None:
    name = zone.lower().strip("()").replace(" ", "")
    if name in _ZONES:
        return timedelta(hours=_ZONES[name])
    found = re.fullmatch(r"(?:gmt|utc?)?([+-])(\d{1,2})[:.]?(\d{2})?", name)
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if size > _WIDEST or int(found[3] or 0) not in (0, 15, 30, 45):
        return None
    return -size if found[1] == "-" else size


def _contradicts(aside: str | None, offset: timedelta) -> bool:
    """One of the two is wrong, as in "+0000 (WIB)"."""
    named = _offset(aside) if aside else None
    return named is not None and named != offset
