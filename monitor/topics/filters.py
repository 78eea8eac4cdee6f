"""What a topic asks of an article beside its words. Pure."""

from __future__ import annotations

from typing import Final, Literal

from monitor.model import Article
from monitor.settings import Topic

Filter = Literal["languages", "feeds", "except_feeds", "min_score"]
_OLD_CODES: Final = {"in": "id", "iw": "he", "ji": "yi"}


def refused_by(topic: Topic, article: Article) -> Filter | None:
    """An article of unknown language passes. (What it scores is known only later.)"""
    if topic.languages and article.language and _code(article.language) not in map(_code, topic.languages):
        return "languages"
    if topic.feeds and article.feed not in topic.feeds:
        return "feeds"
    return "except_feeds" if article.feed in topic.except_feeds else None


def _code(language: str) -> str:
    """Of the language alone: pt-BR is pt."""
    primary = language.lower().replace("_", "-").partition("-")[0]
    return _OLD_CODES.get(primary, primary)
