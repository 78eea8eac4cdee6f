"""What became of an article, for machines."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.cli.account import likeness_of
from monitor.cli.account_topics import Topics
from monitor.cli.common import evidence_as_json, instant
from monitor.model import Article, Likeness, Nearest
from monitor.parse import textfile
from monitor.settings import Settings
from monitor.store.explain import Account, Placed, Telling
from monitor.topics import asked
from monitor.work.archive import id_of


def as_json(account: Account, topics: Topics, settings: Settings) -> dict[str, Any]:
    placed = account.placed
    return {
        "entries": [_plain(asdict(listed)) for listed in account.entries],
        "article": _article_as_json(placed, account.others, settings) if placed else None,
        "topics": _topics_as_json(topics),
        "story": _story_as_json(placed) if placed else None,
        "alerts": [_alert_as_json(telling) for telling in account.alerts],
    }


def file_of(placed: Placed, settings: Settings) -> Path:
    name = textfile.file_name(placed.number, id_of(placed.article))
    return Path(settings.storage.archive) / placed.day.isoformat() / name


def _article_as_json(placed: Placed, others: tuple[Article, ...], settings: Settings) -> dict[str, Any]:
    article, likeness = placed.article, likeness_of(placed.placing)
    original = brief(placed.original) | {"wording": likeness.wording if likeness else None} if placed.original else None
    return brief(article) | {
        "feed": article.feed,
        "quality": str(article.quality),
        "quality_reason": article.quality_reason,
        "published_at": instant(article.published_at),
        "first_seen_at": instant(article.first_seen_at),
        "file": str(file_of(placed, settings)),
        "archived_at": instant(placed.archived_at),
        "copy_of": original,
        "others": [id_of(other) for other in others],
    }


def brief(article: Article) -> dict[str, Any]:
    return {"id": id_of(article), "url": article.url, "title": article.title, "outlet": article.outlet}


def _topics_as_json(topics: Topics) -> dict[str, Any]:
    matched = [
        {
            "topic": match.topic,
            "score": match.score,
            "evidence": [evidence_as_json(found) for found in match.evidence],
        }
        for match in topics.matched
    ]
    return {
        "matched": matched,
        "not_matched": [each.topic.name for each in topics.others],
        "would_match": list(topics.only_now),
        "queries": queries_as_json(topics),
    }


def queries_as_json(topics: Topics) -> list[dict[str, Any]]:
    """What every topic says today, clause by clause: those that matched, then what came closest first."""
    matched = [topics.today[match.topic] for match in topics.matched if match.topic in topics.today]
    return [{"topic": each.topic.name} | asked.as_json(each) for each in (*matched, *topics.others)]


def likeness_as_json(likeness: Likeness | None, article: Article | None, story_id: int) -> dict[str, Any] | None:
    if likeness is None:
        return None
    return {
        "article": brief(article) if article else None,
        "story": story_id,
        "score": likeness.score,
        "bar": likeness.bar,
        "raised_by": list(likeness.against),
        "shared": list(likeness.shared),
        "wording": likeness.wording,
    }


def _story_as_json(placed: Placed) -> dict[str, Any]:
    story, placing = placed.story, placed.placing
    opened = isinstance(placing, Nearest) or (placing is None and placed.is_first)
    story_id = placing.story_id if isinstance(placing, Nearest) else story.id
    nearest = likeness_as_json(likeness_of(placing), placed.nearest, story_id)
    return _plain(asdict(story)) | {"decision": "opened" if opened else "joined", "nearest": nearest}


def _alert_as_json(telling: Telling) -> dict[str, Any]:
    return _plain(asdict(telling)) | {
        "occasion": brief(telling.occasion),
        "deliveries": [_plain(asdict(carried)) for carried in telling.deliveries],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in values.items()}
