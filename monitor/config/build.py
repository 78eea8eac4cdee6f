"""What was read → the frozen Settings; a setting left out takes the default that stands in settings.py."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from monitor.config.checks import feed_key, shown_address
from monitor.config.nodes import Items, Scalar, child
from monitor.config.shape import Draft, Ref, Section
from monitor.settings import AlertPolicy, Channel, Examples, Feed, QuietHours, Settings, Storage, Stories, Topic, Web


def is_readable(top: Section) -> bool:
    """Enough of the file could be read to build settings from it, though parts may be wrong."""
    topics = child(top.node, "topics")
    written = len(topics.items) if isinstance(topics, Items) else 0
    return written == len([topic for topic in top.get("topics", ()) if topic.get("name")])


def build(draft: Draft, top: Section) -> Settings:
    """Channels and feeds whose address could not be read are left out."""
    alerts = top.part("alerts")
    channels = _names(alerts.get("channels", ()))
    return Settings(
        **top.only("timezone", "language", "engine", "aliases", "alias_packs"),
        channels=tuple(
            _channel(name, channel) for name, channel in top.get("channels", {}).items() if channel.get("url")
        ),
        feeds=tuple(_feed(draft, feed) for feed in top.get("feeds", ()) if feed.get("url")),
        topics=tuple(_topic(topic, top, channels) for topic in top.get("topics", ())),
        ops=_names(alerts.get("ops", ())) if "ops" in alerts.values else channels,
        stories=Stories.model_validate(top.part("stories").only("window")),
        storage=storage_from(top.part("storage")),
        web=_web(top.part("web")),
    )


def _names(refs: tuple[Ref, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref.name for ref in refs))


def _channel(name: str, channel: Section) -> Channel:
    fallback: Ref | None = channel.get("fallback")
    return Channel(
        name=name,
        url=SecretStr(channel.get("url")),
        fallback=fallback.name if fallback else None,
        **channel.only("limit", "send"),
        **_quiet_hours(channel),
    )


def _quiet_hours(owner: Section) -> dict[str, Any]:
    if "quiet_hours" not in owner.values:
        return {}
    hours = [one for one in owner.get("quiet_hours") if one.get("from") and one.get("to")]
    read = [QuietHours(start=one.get("from"), end=one.get("to"), **one.only("then")) for one in hours]
    return {"quiet_hours": tuple(read)}


def _feed(draft: Draft, feed: Section) -> Feed:
    url: str = feed.get("url")
    is_folder = "://" not in url
    headers = {name: SecretStr(value) for name, value in feed.get("headers", {}).items()}
    shown = shown_address(feed)
    return Feed(
        url=shown,
        secret=SecretStr(url) if url != shown else None,
        path=feed_key(draft, url) if is_folder else None,
        name=feed.get("name") or (os.path.basename(feed_key(draft, url)) if is_folder else _host(feed, url)),  # noqa: PTH119 - a text, not a path
        backlog=feed.get("backlog", "alert" if is_folder else "skip"),
        headers=headers,
        **feed.only("every", "full_text", "allow_private"),
    )


def _host(feed: Section, url: str) -> str:
    """Host and path of an address, as it is written: what is filled in stays out of a name."""
    node = child(feed.node, "url") or feed.node
    parts = urlsplit(node.text.strip() if isinstance(node, Scalar) and "://" in node.text else url)
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    return f"{host}{parts.path}".rstrip("/")


def _topic(topic: Section, top: Section, channels: tuple[str, ...]) -> Topic:
    examples = topic.part("examples")
    alerts = top.part("alerts")
    return Topic(
        **topic.only("name", "query", "any", "all", "none", "within"),
        language=topic.get("language", top.get("language", "none")),
        examples=Examples(**examples.only("match", "no_match")),
        channels=_names(topic.get("channels", ())) or channels,
        policy=AlertPolicy(**(_policy(alerts) | _policy(topic))),
        has_own_limit="limit" in topic.values,
    )


def _policy(owner: Section) -> dict[str, Any]:
    return owner.only("wait", "follow_up", "max_age", "limit", "urgent") | _quiet_hours(owner)


def storage_from(storage: Section) -> Storage:
    return Storage.model_validate(storage.only("url", "archive", "keep"))


def _web(web: Section) -> Web:
    host, port = web.get("listen", (Web().host, Web().port))
    password = web.get("password") or None
    return Web(host=host, port=port, password=SecretStr(password) if password else None, url=web.get("url"))
