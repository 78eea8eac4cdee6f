"""What would become of an article if it were listed now, by the rules that judge and tell. Only looks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from monitor.model import Article, Joins, Match, Placement, Reading, Story, WaitingEntry
from monitor.settings import Settings
from monitor.store import articles, frequencies, stories
from monitor.store.database import Session
from monitor.stories.fingerprint import fingerprint
from monitor.work.cases import Occasion
from monitor.work.correct import told_by
from monitor.work.identity import identified
from monitor.work.judge import is_elsewhere, judged_age, placed
from monitor.work.silence import SilencesOf
from monitor.work.tell import Foretold, Tell

UNKEPT = 0  # the number of what has no row


@dataclass(frozen=True, slots=True)
class Foreseen:
    known: Article | None  # it is an article that we have, under another address
    placement: Placement | None  # None: it has its place already
    story: Story | None  # that it would join
    nearest: Article | None  # that the numbers are about
    alerts: tuple[Foretold, ...]


def foresee(
    session: Session, waiting: WaitingEntry, article: Article, matches: tuple[Match, ...], settings: Settings
) -> Foreseen:
    """At the moment when it was first seen."""
    now, window = article.first_seen_at, settings.stories.window
    identity = identified(session, waiting, article, window=window, now=now)
    article, known = identity.article, identity.known
    if known is not None and not is_elsewhere(known, article):
        return Foreseen(known.article, None, stories.story(session, known.story_id), None, ())
    reading = Reading(article, matches, fingerprint(article, frequencies.snapshot(session)))
    where = placed(session, reading, known, window=window)
    story = _joined(stories.story(session, where.story_id), article, where) if isinstance(where, Joins) else None
    likeness = where.likeness if isinstance(where, Joins) else where.nearest and where.nearest.likeness
    nearest = articles.get(session, likeness.article_id) if likeness else None
    opened = Story(UNKEPT, article.title, now, (article.outlet,), ())
    return Foreseen(None, where, story, nearest, _told(session, reading, story or opened, settings))


def _joined(story: Story, article: Article, where: Joins) -> Story:
    if where.copy_of is not None:
        return story
    return replace(story, outlets=tuple(dict.fromkeys((*story.outlets, article.outlet))))


def _told(session: Session, reading: Reading, story: Story, settings: Settings) -> tuple[Foretold, ...]:
    article = reading.article
    tell = Tell(settings, SilencesOf(settings, article))
    corrections = told_by(session, article, story.id)
    occasion = Occasion(UNKEPT, reading.matches, corrections, judged_age(reading))
    return tuple(tell.foretell(session, story, occasion, now=article.first_seen_at))
