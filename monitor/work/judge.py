"""One at a time: is it new, which story is it, should someone be told? One transaction writes the answers.

What is to be told is written together with the article, its matches and its story, so that a crash loses neither
(docs/architecture.md, "What happens in a crash").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.model import (
    Article,
    Claim,
    Decision,
    HeldAlert,
    Joins,
    Match,
    Opens,
    Quality,
    Reading,
    WaitingEntry,
)
from monitor.parse.links import text_id
from monitor.settings import Settings
from monitor.store import articles, entries
from monitor.store.articles import Known
from monitor.store.database import Session
from monitor.stories.group import place
from monitor.work.tell import Tell


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an entry."""

    is_new: bool  # False: an article we have
    is_copy: bool = False  # of an article we have
    opened: bool = False  # a story
    matches: tuple[Match, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Judge:
    """The rules of one configuration, applied inside a transaction that is already open."""

    def __init__(self, settings: Settings) -> None:
        self._zone: ZoneInfo = settings.timezone
        self._tell = Tell(settings)

    # -- an article -----------------------------------------------------------------------------

    def judge(self, session: Session, claim: Claim[WaitingEntry], reading: Reading, *, now: datetime) -> Judged:
        article = reading.article
        known = articles.same(session, article)
        if known is not None and _is_another(known, article, claim.value):
            article = replace(article, key=f"{article.key}#{text_id(claim.value.entry.key)}")
            reading, known = replace(reading, article=article), None
        if known is not None:
            return self._known(session, claim, reading, known, now=now)
        story_id, opened = self._placed(session, reading, now=now)
        day = article.first_seen_at.astimezone(self._zone).date()
        article_id = articles.add(session, article, story_id=story_id, day=day, now=now)
        articles.add_matches(session, article_id, reading.matches)
        entries.read(session, claim, article_id=article_id)
        decisions = self._told(session, reading, story_id, article_id, now=now)
        return Judged(is_new=True, opened=opened, matches=reading.matches, decisions=decisions)

    def _known(
        self, session: Session, claim: Claim[WaitingEntry], reading: Reading, known: Known, *, now: datetime
    ) -> Judged:
        """Nothing is told twice; but what concerns a topic and was not seen in a poorer reading is told now."""
        entries.read(session, claim, article_id=known.id)
        is_fuller = known.article.quality is not Quality.FULL and reading.article.quality is Quality.FULL
        if known.is_copy or not is_fuller:
            return Judged(is_new=False, is_copy=known.is_copy)
        articles.improve(session, known.id, reading.article, now=now)
        further = tuple(match for match in reading.matches if match.topic not in known.topics)
        articles.add_matches(session, known.id, further)
        fuller = replace(reading, matches=further)
        decisions = self._told(session, fuller, known.story_id, known.id, now=now)
        return Judged(is_new=False, matches=further, decisions=decisions)

    def _placed(self, session: Session, reading: Reading, *, now: datetime) -> tuple[int, bool]:
        midnight = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        candidates = articles.lookalikes(session, reading.fingerprint, since=midnight)
        match place(reading.fingerprint, candidates, at=now):
            case Joins(story_id):
                return story_id, False
            case Opens():
                return articles.open_story(session, reading.article.title, reading.fingerprint.terms, now=now), True

    def _told(
        self, session: Session, reading: Reading, story_id: int, article_id: int, *, now: datetime
    ) -> tuple[Decision, ...]:
        if not reading.matches:
            return ()
        story = articles.story(session, story_id)
        return self._tell.of(session, story, reading.matches, article_id=article_id, age=_age(reading), now=now)

    def reconsider(
        self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime, settled: bool = False
    ) -> tuple[Decision, ...]:
        """Judge held alerts that are due again, by the same rules."""
        return self._tell.again(session, claims, now=now, settled=settled)


def _is_another(known: Known, article: Article, waiting: WaitingEntry) -> bool:
    """The same address, a new entry of the same feed, and neither the title nor the text: a page that shows the latest."""
    before = known.article
    if known.is_copy or before.feed != article.feed or before.key != article.key or waiting.entry.is_file:
        return False
    return before.title != article.title and before.content_hash != article.content_hash


def _age(reading: Reading) -> timedelta | None:
    """How old it was when we first saw it; None where that must not count against it."""
    article, polled_at = reading.article, reading.feed_last_success_at
    if article.published_at is None or (polled_at is not None and article.published_at > polled_at):
        return None
    return max(article.first_seen_at - article.published_at, timedelta())
