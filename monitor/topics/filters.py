"""What a topic asks of an article beside its words. Pure."""

from __future__ import annotations

from typing import Literal

from monitor.languages import language_of
from monitor.model import Article
from monitor.settings import Topic

Filter = Literal["languages", "feeds", "except_feeds", "min_score"]


def refused_by(topic: Topic, article: Article) -> Filter | None:
    """An article of unknown language passes. (What it scores is known only later.)"""
    if topic.languages and article.language and language_of(article.language) not in map(language_of, topic.languages):
        return "languages"
    if topic.feeds and article.feed not in topic.feeds:
        return "feeds"
    return "except_feeds" if article.feed in topic.except_feeds else None
