"""The words around the news, in one place so that they can be translated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from monitor.model import Quality


@dataclass(frozen=True, slots=True)
class Words:
    now_also: str
    also_reported: str
    stories: str
    and_more: str
    notice: str
    test: str
    seen: str
    just_now: str
    minutes_ago: str
    hours_ago: str
    days_ago: str
    months: tuple[str, ...]
    quality: Mapping[Quality, str]
    address_too_long: str


ENGLISH: Final = Words(
    now_also="Now also",
    also_reported="Also reported by",
    stories="{count} stories",
    and_more="and {count} more",
    notice="Notice",
    test="Test message",
    seen="seen {time}",
    just_now="just now",
    minutes_ago="{count} min ago",
    hours_ago="{count} h ago",
    days_ago="{count} d ago",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    quality=MappingProxyType(
        {
            Quality.FULL: "",
            Quality.TEASER: "only a teaser was readable",
            Quality.FEED_ONLY: "from the feed's own text, without the page",
        }
    ),
    address_too_long="(the address is too long for this channel)",
)
