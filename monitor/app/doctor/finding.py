"""What a look at one thing gave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Result = Literal["ok", "look", "wrong"]

_HALVES: Final = re.compile(r"(?<=.); |(?<=.): ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for a person. `subject`: which of several; `do`: what helps, where something does."""

    check: str
    result: Result
    what: str
    subject: str | None = None
    do: str | None = None


def parted(check: str, result: Result, line: str) -> Finding:
    """A line of ours says what is wrong, and behind the first "; " or ": " what to do."""
    what, *rest = _HALVES.split(line, maxsplit=1)
    return Finding(check, result, what, do="".join(rest) or None)


def lasting(time: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if time >= unit:
            count = time // unit
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"


def said(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Today without its date."""
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%Y-%m-%d %H:%M}"


def size(number: float) -> str:
    """Of bytes."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"  # noqa: PLR2004 - a gigabyte


def counted(number: int, singular: str, plural: str = "") -> str:
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"
