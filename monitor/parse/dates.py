"""Instants as feeds and pages write them, English and Indonesian; None wherever the instant is in doubt. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari",
            "feb february februari pebruari peb",
            "mar march maret",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august agu agt ags agus agust agustus",
            "sep sept september",
            "oct october okt oktober",
            "nov november nop nopember",
            "dec december des desember",
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
_TIME: Final = r"(?P<hour>\d{1,2})(?P<mark>[:.])(?P<minute>\d{2})(?:(?P=mark)(?P<second>\d{2}))?(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE: Final = r"(?P<zone>(?:(?:GMT|UTC?)\s*)?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,4})(?:\s*\([^()]*\))?"
_GAP: Final = r"(?:[\s,|-]|\bpukul\b|\bjam\b|\bat\b)+"
_BY_DAY: Final = r"(?P<day>\d{1,2})[\s-]+(?P<month>[a-z]{3,9})\.?,?[\s-]+(?P<year>\d{4}|\d{2})"
_BY_MONTH: Final = r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"
_BY_YEAR: Final = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?:[a-z']{{2,9}}\.?,?\s*)?{_BY_DAY}{_GAP}{_TIME}\s*{_ZONE}",
        rf"(?:[a-z']{{2,9}}\.?,?\s*)?{_BY_MONTH}{_GAP}{_TIME}\s*{_ZONE}",
        rf"{_BY_YEAR}(?:T|{_GAP}){_TIME}\s*{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})T(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?(?P<half>){_ZONE}",
        rf"(?:[a-z']{{2,9}}\.?,?\s*)?(?P<month>[a-z]{{3,9}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+{_ZONE}\s+(?P<year>\d{{4}})",
        # A day beyond 12 is no month; what may be either says nothing.
        rf"(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d{{2}})[/-](?P<year>\d{{4}}){_GAP}{_TIME}\s*{_ZONE}",
    )
)
_EPOCH: Final = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?", re.ASCII)
# What is older or newer is a placeholder (1970-01-01, 0001-01-01), not the time of an article.
A_DAY: Final = timedelta(days=1)
_YEARS: Final = range(1995, 2100)


def instant(text: str | None) -> datetime | None:
    """The instant in UTC; None where the text names none: no zone, no such day, a form we can't be sure of."""
    text = (text or "").strip()
    if not text or len(text) > 80:  # noqa: PLR2004  no date is longer, and patterns stay quick
        return None
    if found := _EPOCH.fullmatch(text):
        return _plausible(datetime.fromtimestamp(int(found[1]), UTC))
    matches = (form.fullmatch(text) for form in _FORMS)
    if found := next((match for match in matches if match), None):
        return _read(found)
    return None


def _read(found: re.Match[str]) -> datetime | None:
    part = found.groupdict()
    offset = _offset(part["zone"])
    month = int(part["month"]) if part["month"].isdigit() else _MONTHS.get(part["month"].lower())
    if offset is None or month is None:
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
    return int(text) if len(text) == 4 else 2000 + int(text)  # noqa: PLR2004


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
    name = zone.lower().replace(" ", "")
    if name in _ZONES:
        return timedelta(hours=_ZONES[name])
    found = re.fullmatch(r"(?:gmt|utc?)?([+-])(\d{1,2}):?(\d{2})?", name)
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if size > timedelta(hours=14):
        return None
    return -size if found[1] == "-" else size
