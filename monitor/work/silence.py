"""Whether somebody asked not to hear of it: silences are asked when an alert is decided, so that they count at once.

Those of the configuration and those of the database hold alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.errors import QueryError
from monitor.model import Article, Story
from monitor.settings import Settings, Silenced
from monitor.store import articles, silences
from monitor.store.database import Session
from monitor.store.silences import Silence
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_query

_KEPT: Final = 100  # queries that are remembered as they were read


class Silences:
    """Those of one configuration: it says what words mean."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._zone = settings.timezone
        self._room = _KEPT + len(settings.silences)
        self._read: dict[str, Watchlist | None] = {}

    def of(self, session: Session, topic: str, channel: str, story: Story, article_id: int, *, now: datetime) -> str:
        """What silences it, in words; empty where nothing does."""
        for silence in self._holding(session, now=now):
            if _is_here(silence, channel) and self._is_meant(session, silence, topic, story, article_id):
                return in_words(silence, self._zone)
        return ""

    def _holding(self, session: Session, *, now: datetime) -> Iterator[Silence | Silenced]:
        yield from self._settings.silent(now=now)
        yield from silences.active(session, now=now)

    def _is_meant(
        self, session: Session, silence: Silence | Silenced, topic: str, story: Story, article_id: int
    ) -> bool:
        if silence.topic is not None:
            return silence.topic == topic
        if silence.story_id is not None:
            return silence.story_id == story.id
        query = self._query(silence.words or "")
        return query is not None and bool(query.topics(self._article(session, article_id)))

    def _article(self, session: Session, article_id: int) -> Article:
        return articles.get(session, article_id)

    def _query(self, words: str) -> Watchlist | None:
        """None where an edit of the configuration made it unreadable: then it silences nothing."""
        if words not in self._read:
            if len(self._read) >= self._room:
                self._read.clear()
            try:
                self._read[words] = compile_query(words, Vocabulary.of(self._settings), self._settings.language)
            except QueryError:
                self._read[words] = None
        return self._read[words]


class SilencesOf(Silences):
    """For an article that is not kept."""

    def __init__(self, settings: Settings, article: Article) -> None:
        super().__init__(settings)
        self._unkept = article

    def _article(self, session: Session, article_id: int) -> Article:  # noqa: ARG002  there is but one
        return self._unkept


def in_words(silence: Silence | Silenced, zone: ZoneInfo) -> str:
    reason = f": {silence.reason}" if silence.reason else ""
    return f"{target(silence)}, until {silence.until.astimezone(zone):%Y-%m-%d %H:%M}{reason}"


def _is_here(silence: Silence | Silenced, channel: str) -> bool:
    """What stands in the file holds on all channels."""
    return not isinstance(silence, Silence) or silence.channel in {None, channel}


def target(silence: Silence | Silenced) -> str:
    where = f" on {silence.channel}" if isinstance(silence, Silence) and silence.channel is not None else ""
    if silence.topic is not None:
        return f"topic '{silence.topic}'{where}"
    return (f"story {silence.story_id}" if silence.story_id is not None else f"words {silence.words}") + where
