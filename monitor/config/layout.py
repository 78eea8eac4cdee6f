"""What config.yaml may hold, as data: each section's settings and how their values are read."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Final

from monitor.config import words
from monitor.config.nodes import Node
from monitor.config.shape import Draft, Shape, anything, exact, line, list_of, named, reference, section, text, word
from monitor.config.source import Wrong

FEWEST_SECONDS: Final = timedelta(seconds=2)
MOMENT: Final = timedelta(seconds=1)

# Settings that are accepted but change nothing in this version: where they stand, and the values that promise nothing.
WITHOUT_EFFECT: Final = {
    "language": frozenset({"none"}),
    "engine": frozenset({"local"}),
    "include": frozenset[str](),
    "alias_packs": frozenset[str](),
    "channels.*.limit": frozenset({"off"}),
    "channels.*.send": frozenset({"as_it_happens"}),
    "channels.*.fallback": frozenset[str](),
    "channels.*.quiet_hours": frozenset[str](),
    "topics.*.language": frozenset({"none"}),
    "topics.*.within": frozenset({"article"}),
    "topics.*.min_count": frozenset[str](),
    "topics.*.fields": frozenset[str](),
    "topics.*.regex": frozenset[str](),
    "topics.*.limit": frozenset({"off"}),
    "topics.*.quiet_hours": frozenset[str](),
    "alerts.ops": frozenset[str](),
    "alerts.limit": frozenset({"off"}),
    "alerts.quiet_hours": frozenset[str](),
    "storage.keep": frozenset[str](),
    "web.password": frozenset[str](),
    "web.url": frozenset[str](),
}

# Where secrets may be written: these are never shown, and of these URLs only the scheme.
SECRETS: Final = ("feeds.*.headers.*", "web.password")
SECRET_URLS: Final = ("channels.*", "channels.*.*")


def feed_url(draft: Draft, node: Node) -> str:
    """An http(s) address, or a folder that is there, as it is written."""
    url = line(draft, node)
    if url.casefold().startswith(("http://", "https://")):
        return word(words.web_address)(draft, node)
    if "://" in url:
        raise Wrong(node.start, "this is neither a web address nor a folder", "it starts with http:// or https://")
    folder = draft.folder / url
    if os.path.isdir(folder):  # noqa: PTH112 - pathlib raises on names that no folder can have
        return url
    if os.path.isfile(folder):  # noqa: PTH113 - likewise
        raise Wrong(node.start, "this is a file, not a folder", "name the folder it stands in")
    hint = "a web address starts with http:// or https://; a folder is looked for beside this file"
    raise Wrong(node.start, "this is neither a web address nor a folder that is there", hint)


QUIET_HOURS: Final[Shape] = {
    "from": word(words.clock),
    "to": word(words.clock),
    "then": word(words.one_of("hold", "drop")),
}

POLICY: Final[Shape] = {
    "wait": word(words.duration),
    "follow_up": word(words.or_else("never", None, words.outlets)),
    "max_age": word(words.or_else("off", None, words.at_least(MOMENT, "1s"))),
    "limit": word(words.or_else("off", None, words.limit)),
    "quiet_hours": list_of(section(QUIET_HOURS)),
    "urgent": word(words.yes),
}

CHANNEL: Final[Shape] = {
    "url": line,
    "limit": word(words.or_else("off", "off", words.limit)),
    "fallback": reference,
    "send": word(words.send),
    "quiet_hours": list_of(section(QUIET_HOURS)),
}

FEED: Final[Shape] = {
    "url": feed_url,
    "name": line,
    "every": word(words.at_least(FEWEST_SECONDS, "2s")),
    "full_text": word(words.one_of("auto", "always", "never")),
    "backlog": word(words.backlog),
    "allow_private": word(words.yes),
    "headers": named(word(words.header)),
}

TOPIC: Final[Shape] = {
    "name": line,
    "query": text,
    "any": list_of(text),
    "all": list_of(text),
    "none": list_of(text),
    "within": word(words.within),
    "min_count": word(words.count),
    "fields": anything,
    "regex": anything,
    "language": word(words.language),
    "examples": section({"match": list_of(text), "no_match": list_of(text)}),
    "channels": list_of(reference),
    **POLICY,
}

ALERTS: Final[Shape] = {"channels": list_of(reference), "ops": list_of(reference), **POLICY}
STORAGE: Final[Shape] = {
    "url": word(words.storage),
    "archive": line,
    "keep": word(words.at_least(MOMENT, "1s")),
}
WEB: Final[Shape] = {"listen": word(words.listen), "password": exact, "url": word(words.web_address)}

SETTINGS: Final[Shape] = {
    "timezone": word(words.zone),
    "language": word(words.language),
    "engine": word(words.one_of("local", "procrastinate")),
    "channels": named(section(CHANNEL, shorthand="url")),
    "feeds": list_of(section(FEED, shorthand="url")),
    "aliases": named(list_of(text)),
    "alias_packs": list_of(line),
    "topics": list_of(section(TOPIC, shorthand="name")),
    "alerts": section(ALERTS),
    "storage": section(STORAGE),
    "web": section(WEB),
    "include": anything,
}

# Where a setting belongs that stands at the left edge by mistake.
HOMES: Final = dict.fromkeys(ALERTS, "alerts") | {"archive": "storage", "keep": "storage", "listen": "web"}
