"""One at a time: is it new, which story is it, should someone be told? One transaction writes the answers.

What is to be told is written together with the article, its matches and its story, so that a crash loses neither
(docs/architecture.md, "What happens in a crash").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from monitor.settings import Settings
from monitor.store import articles, entries, history, stories
from monitor.store.articles import Known
from monitor.store.database import Session
from monitor.stories.corrections import corrected
from monitor.stories.group import place
from monitor.work.cases import Occasion
from monitor.work.correct import filled_up, read_anew, told_by, told_of
from monitor.work.identity import identified
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

    def __init__(self, settings: Settings, topics: Callable[[Article], tuple[str, ...]] = lambda _article: ()) -> None:
        """`topics` names those that an article concerns."""
        self._zone: ZoneInfo = settings.timezone
        self._window = settings.stories.window
        self._topics = topics
        self._tell = Tell(settings)

    # -- an article -----------------------------------------------------------------------------

    def judge(self, session: Session, claim: Claim[WaitingEntry], reading: Reading, *, now: datetime) -> Judged:
        identity = identified(session, claim.value, reading.article, window=self._window, now=now)
        article, known = identity.article, identity.known
        reading = replace(reading, article=article)
        if known is not None and identity.is_again:
            return self._again(session, claim, reading, known, now=now)
        if known is not None and not is_elsewhere(known, article):
            return self._known(session, claim, reading, known, now=now)
        where = placed(session, reading, known, window=self._window)
        story_id, opened = _story_of(session, where, article, now=now)
        day = article.first_seen_at.astimezone(self._zone).date()
        copy_of = _copy_of(where)
        article_id = articles.add(
            session, article, story_id=story_id, day=day, now=now, copy_of=copy_of, placing=_placing(where)
        )
        stories.admit(session, story_id, _member(reading, article_id, copy_of))
        articles.add_matches(session, article_id, reading.matches)
        entries.read(session, claim, article_id=article_id)
        corrections = {} if opened else told_by(session, article, story_id)
        occasion = Occasion(article_id, reading.matches, corrections, judged_age(reading), _flooded_at(reading))
        decisions = self.tell(session, story_id, occasion, is_new_story=opened, now=now)
        return Judged(True, is_copy=copy_of is not None, opened=opened, matches=reading.matches, decisions=decisions)

    def _known(
        self, session: Session, claim: Claim[WaitingEntry], reading: Reading, known: Known, *, now: datetime
    ) -> Judged:
        """Nothing is told twice; but what concerns a topic and was not seen in a poorer reading is told now."""
        entries.read(session, claim, article_id=known.id)
        is_fuller = known.article.quality is not Quality.FULL and reading.article.quality is Quality.FULL
        if known.is_copy or not is_fuller:
            return Judged(is_new=False, is_copy=known.is_copy)
        further = self._further(reading, known)
        self._replace(session, known, replace(reading, article=filled_up(known.article, reading.article)), now=now)
        decisions = self.tell(
            session, known.story_id, Occasion(known.id, further, {}, judged_age(reading), _flooded_at(reading)), now=now
        )
        return Judged(is_new=False, matches=further, decisions=decisions)

    def _again(
        self, session: Session, claim: Claim[WaitingEntry], reading: Reading, known: Known, *, now: datetime
    ) -> Judged:
        """Its feed lists it in other words: what it corrects is told to whoever was told it, and what is new to a topic."""
        entries.read(session, claim, article_id=known.id)
        anew = replace(reading, article=read_anew(known.article, reading.article))
        if _said(anew.article) == _said(known.article):
            return Judged(is_new=False)
        further = self._further(reading, known)
        correction = corrected(known.article, reading.article)
        self._replace(session, known, anew, now=now)
        corrections = told_of(session, known.id, known.story_id, correction) if correction else {}
        occasion = Occasion(known.id, further, corrections, judged_age(anew), _flooded_at(anew))
        decisions = self.tell(session, known.story_id, occasion, now=now)
        return Judged(is_new=False, matches=further, decisions=decisions)

    def _further(self, reading: Reading, known: Known) -> tuple[Match, ...]:
        """What it did not concern before; a topic that is newer than the article would have found it in the old text."""
        further = [match for match in reading.matches if match.topic not in known.topics]
        before = self._topics(known.article) if further else ()
        return tuple(match for match in further if match.topic not in before)

    def _replace(self, session: Session, known: Known, reading: Reading, *, now: datetime) -> None:
        """The article as it is by now; where its text stayed, so does what was found in it."""
        article = reading.article
        articles.update(session, known.id, article, now=now)
        stories.retitle(session, known.story_id, known.article.title, article.title)
        if article.text == known.article.text:
            further = tuple(match for match in reading.matches if match.topic not in known.topics)
            articles.add_matches(session, known.id, further)
            return
        articles.match_again(session, known.id, reading.matches)
        stories.admit_again(session, known.story_id, _member(reading, known.id, known.copy_of))

    def tell(
        self, session: Session, story_id: int, occasion: Occasion, *, now: datetime, is_new_story: bool = False
    ) -> tuple[Decision, ...]:
        """Who was not told as the story was weak may be told now, whatever this article concerns."""
        weak = () if is_new_story else history.weak(session, story_id)
        if not occasion.matches and not occasion.corrections and not weak:
            return ()
        return self._tell.of(session, stories.story(session, story_id), occasion, weak, now=now)

    def reconsider(
        self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime, settled: bool = False
    ) -> tuple[Decision, ...]:
        """Judge held alerts that are due again, by the same rules."""
        return self._tell.again(session, claims, now=now, settled=settled)


def placed(session: Session, reading: Reading, same: Known | None, *, window: timedelta) -> Placement:
    """With the same text elsewhere, however long ago that was; else with what is like it. Changes nothing."""
    if same is not None:
        likeness = Likeness(same.id, 1.0, 0.0, wording=1.0)
        return Joins(same.story_id, likeness, copy_of=same.copy_of or same.id)
    return place(
        reading.fingerprint,
        stories.candidates(session, reading.fingerprint),
        at=believed_at(reading.article),
        outlet=reading.article.outlet,
        window=window,
    )


def _said(article: Article) -> tuple[str, str, Quality]:
    return article.title, article.text, article.quality


def is_elsewhere(known: Known, article: Article) -> bool:
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
    return Member(article_id, reading.fingerprint, believed_at(reading.article), reading.article.outlet, copy_of)


def believed_at(article: Article) -> datetime:
    """When it was published, as far as that can be believed."""
    return min(article.published_at or article.first_seen_at, article.first_seen_at)


def judged_age(reading: Reading) -> timedelta | None:
    """None where it must not count against it."""
    published_at, polled_at = reading.article.published_at, reading.feed_last_success_at
    if published_at is not None and polled_at is not None and published_at > polled_at:
        return None
    return age_of(reading.article)


def age_of(article: Article) -> timedelta | None:
    """How old it was when we first saw it; None where that is not known."""
    if article.published_at is None:
        return None
    return max(article.first_seen_at - article.published_at, timedelta())


def _flooded_at(reading: Reading) -> datetime | None:
    return reading.article.first_seen_at if reading.in_flood else None
