"""What an edit changed, in a sentence for the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.settings import Settings

# Where each of these stands in the file; what a topic takes over from `alerts` shows in the topics.
_OTHERS: Final = {
    "timezone": "timezone",
    "language": "language",
    "aliases": "aliases",
    "alias_packs": "alias packs",
    "protect": "protected words",
    "stories": "stories",
    "silences": "silences",
    "heartbeat": "heartbeat",
}


def difference(old: Settings, new: Settings) -> str:
    """As in "2 topics added, 1 feed removed"; empty where nothing changed."""
    parts = [
        *_of("topic", {topic.name: topic for topic in old.topics}, {topic.name: topic for topic in new.topics}),
        *_of("feed", {feed.url: feed for feed in old.feeds}, {feed.url: feed for feed in new.feeds}),
        *_of(
            "channel",
            {channel.name: channel for channel in old.channels},
            {channel.name: channel for channel in new.channels},
        ),
        *(f"{words} changed" for name, words in _OTHERS.items() if getattr(old, name) != getattr(new, name)),
    ]
    if old.ops != new.ops:
        parts.append("who hears notices changed")
    return ", ".join(parts)


def takes_away(old: Settings, new: Settings) -> bool:
    """Whether a topic, a feed or a channel is there no more."""
    return not (
        {topic.name for topic in old.topics} <= {topic.name for topic in new.topics}
        and {feed.url for feed in old.feeds} <= {feed.url for feed in new.feeds}
        and {channel.name for channel in old.channels} <= {channel.name for channel in new.channels}
    )


def _of(noun: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    counts = {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[name] != new[name] for name in old.keys() & new.keys()),
    }
    return [f"{count} {noun if count == 1 else noun + 's'} {how}" for how, count in counts.items() if count]
