"""What was read → the frozen Settings; a setting left out takes the default that stands in settings.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import SecretStr

from monitor.config.feeds import Known, key_of, name_of, shown_address
from monitor.config.nodes import Items, child
from monitor.config.shape import Draft, Ref, Section
from monitor.config.silences import silences_of
from monitor.settings import (
    AlertPolicy,
    Channel,
    Examples,
    Feed,
    QuietHours,
    Settings,
    Site,
    Storage,
    Stories,
    Topic,
    Web,
)


def is_readable(top: Section) -> bool:
    """Enough of the file could be read to build settings from it, though parts may be wrong."""
    topics = child(top.node, "topics")
    written = len(topics.items) if isinstance(topics, Items) else 0
    return written == len([topic for topic in top.get("topics", ()) if topic.get("name")])


def build(draft: Draft, top: Section) -> Settings:
    """Channels and feeds whose address could not be read are left out."""
    alerts = top.part("alerts")
    channels = _names(alerts.get("channels", ()))
    topic = partial(_topic, given=_Given.of(draft, top, channels))
    return Settings(
        **top.only("timezone", "language", "engine", "aliases"),
        **_each_once(top, "alias_packs", "protect"),
        channels=tuple(
            _channel(name, channel) for name, channel in top.get("channels", {}).items() if channel.get("url")
        ),
        feeds=tuple(_feed(draft, feed) for feed in top.get("feeds", ()) if feed.get("url")),
        topics=tuple(map(topic, top.get("topics", ()))),
        ops=_names(alerts.get("ops", ())) if "ops" in alerts.values else channels,
        heartbeat=SecretStr(heartbeat) if (heartbeat := top.get("heartbeat")) else None,
        silences=silences_of(top),
        sites={name.lower(): _site(site) for name, site in top.get("sites", {}).items()},
        stories=Stories.model_validate(top.part("stories").only("window")),
        storage=storage_from(top.part("storage")),
        web=_web(top.part("web")),
    )


def _names(refs: tuple[Ref, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref.name for ref in refs))


def _channel(name: str, channel: Section) -> Channel:
    fallback: Ref | None = channel.get("fallback")
    secret: str | None = channel.get("secret")
    return Channel(
        name=name,
        url=SecretStr(channel.get("url")),
        secret=SecretStr(secret) if secret else None,
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
        path=key_of(draft, url) if is_folder else None,
        name=name_of(draft, feed),
        backlog=feed.get("backlog", "alert" if is_folder else "skip"),
        headers=headers,
        proxy=SecretStr(feed.get("proxy")) if "proxy" in feed.values else None,
        **_each_once(feed, "tags"),
        **feed.only("every", "full_text", "allow_private", "user_agent", "language", "robots"),
    )


def _site(site: Section) -> Site:
    headers = {name: SecretStr(value) for name, value in site.get("headers", {}).items()}
    return Site(**site.only("content", "remove"), headers=headers)


@dataclass(frozen=True, slots=True)
class _Given:
    """What counts for a topic that says nothing of it."""

    language: str
    channels: tuple[str, ...]
    alerts: dict[str, Any]
    policy: AlertPolicy
    feeds: Known
    known: frozenset[str]  # channels

    @classmethod
    def of(cls, draft: Draft, top: Section, channels: tuple[str, ...]) -> _Given:
        alerts = _policy(top.part("alerts"))
        return cls(
            top.get("language", "none"),
            channels,
            alerts,
            AlertPolicy(**alerts),
            Known.of(draft, top),
            frozenset(top.get("channels", ())),
        )

    def told(self, topic: Section) -> tuple[str, ...]:
        """Its own channels, as far as there are such; else those of alerts."""
        return tuple(name for name in _names(topic.get("channels", ())) if name in self.known) or self.channels


def _topic(topic: Section, given: _Given) -> Topic:
    own = _policy(topic)
    return Topic(
        **topic.only("name", "query", "any", "all", "none", "regex", "within", "min_count", "min_score", "like_score"),
        like=tuple(
            sample.model_copy(update={"item": item})
            for item, those in enumerate(topic.get("like", ()))
            for sample in those
        ),
        **_each_once(topic, "fields", "languages"),
        **{name: given.feeds.all_of(topic.get(name)) for name in ("feeds", "except_feeds") if name in topic.values},
        **_examples(topic),
        language=topic.get("language", given.language),
        channels=given.told(topic),
        hides=_names(topic.get("hides", ())),
        policy=AlertPolicy(**(given.alerts | own)) if own else given.policy,
        has_own_limit="limit" in topic.values,
    )


def _each_once(owner: Section, *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(value)) for name, value in owner.only(*names).items()}


def _examples(topic: Section) -> dict[str, Examples]:
    if "examples" not in topic.values:
        return {}
    return {"examples": Examples(**topic.part("examples").only("match", "no_match"))}


def _policy(owner: Section) -> dict[str, Any]:
    return owner.only("wait", "follow_up", "max_age", "limit", "urgent", "only", "quiet_report") | _quiet_hours(owner)


def storage_from(storage: Section) -> Storage:
    return Storage.model_validate(storage.only("url", "archive", "keep"))


def _web(web: Section) -> Web:
    host, port = web.get("listen", (Web().host, Web().port))
    password = web.get("password") or None
    return Web(host=host, port=port, password=SecretStr(password) if password else None, url=web.get("url"))
