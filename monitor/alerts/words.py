"""The words around the news, in one place so that they can be translated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from monitor.model import HeldBy, Quality


@dataclass(frozen=True, slots=True)
class Words:
    now_also: str
    follow_up: str
    correction: str
    also_reported: str
    outlets_in_all: str
    also_carried: str
    news: str
    corrected: str
    others_reported: str
    was: str
    now: str
    added: str
    gone: str
    held: Mapping[HeldBy, str]  # what a digest is
    continued: str
    one_story: str
    stories: str
    one_more_follows: str
    more_follow: str
    may_repeat: str
    and_more: str
    notice: str
    test: str
    seen: str
    published: str
    just_now: str
    minutes_ago: str
    hours_ago: str
    days_ago: str
    months: tuple[str, ...]
    quality: Mapping[Quality, str]
    untitled: str
    address_too_long: str
    mute: str
    mute_story: str
    mute_topic: str
    mute_topics: str
    about: str


ENGLISH: Final = Words(
    now_also="Now also",
    follow_up="Follow-up",
    correction="Correction",
    also_reported="Also reported by:",
    outlets_in_all="{count} outlets in all",
    also_carried="also carried by {names}",
    news="New:",
    corrected="{outlet} corrected its article",
    others_reported="also reported by {names}",
    was="was: {text}",
    now="now: {text}",
    added="new: {text}",
    gone="no longer there: {text}",
    held=MappingProxyType(
        {
            HeldBy.DIGEST: "Digest",
            HeldBy.QUIET_HOURS: "Held back in the quiet hours",
            HeldBy.LIMIT: "More than the limit lets through",
            HeldBy.OUTAGE: "While this channel could not be reached",
            HeldBy.FLOOD: "A feed listed hundreds of new entries at once",
        }
    ),
    continued="{head} (continued)",
    one_story="1 story",
    stories="{count} stories",
    one_more_follows="1 more follows",
    more_follow="{count} more follow",
    may_repeat="(may come twice)",
    and_more="and {count} more",
    notice="Notice",
    test="Test message",
    seen="seen {time}",
    published="published {time}",
    just_now="just now",
    minutes_ago="{count} min ago",
    hours_ago="{count} h ago",
    days_ago="{count} d ago",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    quality=MappingProxyType(
        {
            Quality.FULL: "",
            Quality.TEASER: "only a teaser was readable",
            Quality.PAYWALL: "only the beginning could be read, the rest is for subscribers",
            Quality.FEED_ONLY: "from the feed's own text, without the page",
            Quality.NO_ARTICLE: "from the feed's own text: its page shows no article",
        }
    ),
    untitled="(no title)",
    address_too_long="(the address is too long for this channel)",
    mute="mute a story or a topic",
    mute_story="mute this story",
    mute_topic="mute this topic for a day",
    mute_topics="mute a topic for a day",
    about="more about it",
)
