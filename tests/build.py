"""Values with good defaults: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from monitor.model import Article, Card, Entry, Kind, Notification
from monitor.settings import AlertPolicy, Channel, Feed, Settings, Topic
from monitor.text import content_hash

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def an_entry(title: str = "Lavrov bertemu Kim Jong Un di Wonsan", **changes: Any) -> Entry:
    values: dict[str, Any] = {"key": f"guid:{title}", "url": f"https://example.com/{len(title)}", "title": title}
    return Entry(**{**values, "text": "Rusia dan Korea Utara bertemu.", **changes})


def an_article(title: str = "Lavrov bertemu Kim Jong Un di Wonsan", **changes: Any) -> Article:
    text = changes.get("text", "Rusia dan Korea Utara bertemu.")
    values: dict[str, Any] = {
        "key": f"https://example.com/{title}",
        "url": f"https://example.com/{title}",
        "title": title,
        "text": text,
        "first_seen_at": NOON,
        "outlet": "example.com",
        "feed": "https://example.com/rss",
        "content_hash": content_hash(title, text),
    }
    return Article(**{**values, **changes})


def a_feed(url: str = "https://example.com/rss", **changes: Any) -> Feed:
    return Feed(**{"url": url, "name": "Contoh", **changes})


def a_topic(name: str = "Korea Utara Rusia", **changes: Any) -> Topic:
    values: dict[str, Any] = {"name": name, "language": "id", "channels": ("terminal",), "policy": AlertPolicy()}
    return Topic(**{**values, **changes})


def a_channel(name: str = "terminal", url: str = "console", **changes: Any) -> Channel:
    return Channel(**{"name": name, "url": SecretStr(url), **changes})


def settings(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "timezone": ZoneInfo("Asia/Jakarta"),
        "channels": (a_channel(),),
        "feeds": (a_feed(),),
        "topics": (a_topic(),),
    }
    return Settings(**{**values, **changes})


def a_notification(channel: str = "terminal", title: str = "Lavrov bertemu Kim", **changes: Any) -> Notification:
    card = Card(
        topics=("Korea Utara Rusia",),
        title=title,
        url="https://example.com/1",
        outlets=("example.com",),
        first_seen_at=NOON,
    )
    return Notification(**{"channel": channel, "kind": Kind.STORY, "cards": (card,), **changes})
