"""One at a time: is it new, which story is it, should someone be told? One transaction writes the answers.

What is to be told is written together with the article, its matches and its story, so that a crash loses neither
(docs/architecture.md, "What happens in a crash").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from monitor.model import (
    Article,
    Claim,
    Decision,
    HeldAlert,
    Joins,
    Likeness,
    Match,
    Member,
    Nearest,
    Opens,
    Placement,
    Quality,
    Reading,
    WaitingEntry,
)
from monitor.parse.links import text_id
from monitor.settings import Settings
from monitor.store import articles, entries, stories
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
        self._window = settings.stories.window
        self._tell = Tell(settings)

    # -- an article -----------------------------------------------------------------------------

    def judge(self, session: Session, claim: Claim[WaitingEntry], reading: Reading, *, now: datetime) -> Judged:
        article = reading.article
        known = articles.same(session, article)
        if known is not None and _is_another(known, article, claim.value):
            article = replace(article, key=f"{article.key}#{text_id(claim.value.entry.key)}")
            reading, known = replace(reading, article=article), None
        if known is not None and not _is_elsewhere(known, article):
            return self._known(session, claim, reading, known, now=now)
        where = self._placed(session, reading, known)
        story_id, opened = _story_of(session, where, article, now=now)
        day = article.first_seen_at.astimezone(self._zone).date()
        article_id = articles.add(
            session,
            article,
            story_id=story_id,
            day=day,
            now=now,
            copy_of=_copy_of(where),
            placing=_placing(where),
        )
        stories.admit(session, story_id, _member(reading, article_id, _copy_of(where)))
        articles.add_matches(session, article_id, reading.matches)
        entries.read(session, claim, article_id=article_id)
        decisions = self._told(session, reading, story_id, article_id, now=now)
        return Judged(
            True, is_copy=_copy_of(where) is not None, opened=opened, matches=reading.matches, decisions=decisions
        )

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

    def _placed(self, session: Session, reading: Reading, same: Known | None) -> Placement:
        """With the same text elsewhere, however long ago that was; else with what is like it."""
        if same is not None:
            likeness = Likeness(same.id, 1.0, 0.0, wording=1.0)
            return Joins(same.story_id, likeness, copy_of=same.copy_of or same.id)
        return place(
            reading.fingerprint,
            stories.candidates(session, reading.fingerprint),
            at=_at(reading.article),
            outlet=reading.article.outlet,
            window=self._window,
        )

    def _told(
        self, session: Session, reading: Reading, story_id: int, article_id: int, *, now: datetime
    ) -> tuple[Decision, ...]:
        if not reading.matches:
            return ()
        story = stories.story(session, story_id)
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


def _is_elsewhere(known: Known, article: Article) -> bool:
    """The same text by another outlet: it is told who carries it too."""
    return known.is_copy and known.article.outlet != article.outlet


def _story_of(session: Session, where: Placement, article: Article, *, now: datetime) -> tuple[int, bool]:
    match where:
        case Joins(story_id):
            return story_id, False
        case Opens():
            return stories.open_story(session, article.title, now=now), True
        case _:
            assert_never(where)


def _copy_of(where: Placement) -> int | None:
    return where.copy_of if isinstance(where, Joins) else None


def _placing(where: Placement) -> Likeness | Nearest | None:
    return where.likeness if isinstance(where, Joins) else where.nearest


def _member(reading: Reading, article_id: int, copy_of: int | None) -> Member:
    return Member(article_id, reading.fingerprint, _at(reading.article), reading.article.outlet, copy_of)


def _at(article: Article) -> datetime:
    """When it was published, as far as that can be believed."""
    return min(article.published_at or article.first_seen_at, article.first_seen_at)


def _age(reading: Reading) -> timedelta | None:
    """How old it was when we first saw it; None where that must not count against it."""
    article, polled_at = reading.article, reading.feed_last_success_at
    if article.published_at is None or (polled_at is not None and article.published_at > polled_at):
        return None
    return max(article.first_seen_at - article.published_at, timedelta())
