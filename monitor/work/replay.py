"""The archive once more: what other topics or rules would have found and told. Nothing is sent, nothing is changed.

Stories are those of the archive, as grouping does not depend on topics; the rules and the words are the real ones, in a
database of their own, at the times at which the articles came. What is not kept can't be replayed: silences of that time,
corrections, floods of a feed, and which feeds could not be asked when an article was published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Article, Match
from monitor.settings import Settings
from monitor.store import archived, articles, history, outbox
from monitor.store.archived import Arrived, Opened, Passes
from monitor.store.database import Database, Session
from monitor.store.outbox import Posted
from monitor.work.cases import Occasion
from monitor.work.judge import Judge, age_of

LATER: Final = timedelta(days=8)  # what waits at the end goes out within a week
BEFORE: Final = timedelta(days=7)  # judged too, so that what was told before the time is known in it
TOGETHER: Final = 1000  # held alerts judged again together

Matching = Callable[[Article], tuple[Match, ...]]
Progress = Callable[[int, int], None]


def silently(_done: int, _all: int) -> None:
    """For whoever does not watch."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the archive, both ends included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that concerns a topic."""

    arrived: Arrived
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What matched in a stretch of the archive; `earlier` what did shortly before it."""

    read: int  # articles of the stretch
    hits: tuple[Hit, ...] = ()
    earlier: tuple[Hit, ...] = ()

    def topics(self) -> Mapping[str, frozenset[int]]:
        """The stories that each topic found."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for hit in self.hits:
            for match in hit.matches:
                found[match.topic].add(hit.arrived.story_id)
        return {name: frozenset(stories) for name, stories in found.items()}


def find(
    session: Session, matching: Matching, span: Span, *, passes: Passes | None = None, progress: Progress = silently
) -> Found:
    """Ask every article, but those that do not pass by their title and text."""
    since = span.since - BEFORE
    total = archived.count(session, since=since, until=span.until)
    read = archived.count(session, since=span.since, until=span.until)
    hits: list[Hit] = []
    earlier: list[Hit] = []
    for looked_at, arrived in archived.that_pass(session, passes or _all_pass, since=since, until=span.until):
        if arrived is None:
            progress(looked_at, total)
        elif matches := matching(arrived.article):
            (hits if arrived.at >= span.since else earlier).append(Hit(arrived, matches))
    return Found(read, tuple(hits), tuple(earlier))


def _all_pass(_title: str, _text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Told:
    """What would have been told."""

    posted: tuple[Posted, ...] = ()  # messages, in order
    opened: Mapping[int, Opened] = field(default_factory=dict)  # the stories that were found


def tell(session: Session, settings: Settings, found: Found, span: Span) -> Told:
    """Each message that would have gone out by these settings, at its time; what waits at the end, at its time to come."""
    hits = {hit.arrived.id: hit for hit in (*found.earlier, *found.hits)}
    story_ids = {hit.arrived.story_id for hit in hits.values()}
    opened = archived.stories(session, story_ids)
    coming = archived.of_stories(session, story_ids, until=span.until)
    settings = settings.model_copy(update={"silences": ()})
    grows = any(topic.policy.only == "best" for topic in settings.topics)
    with _own_database() as database:
        database.write(_play, Judge(settings), opened, coming, hits, until=span.until + LATER, grows=grows)
        posted = database.read(outbox.posted)
    return Told(tuple(each for each in posted if span.since <= each.at), opened)


@contextmanager
def _own_database() -> Iterator[Database]:
    """In memory, for as long as it is needed."""
    database = Database("sqlite://")
    try:
        database.write(archived.make_tables)
        yield database
    finally:
        database.close()


def _play(
    session: Session,
    judge: Judge,
    opened: Mapping[int, Opened],
    coming: Iterable[Arrived],
    hits: Mapping[int, Hit],
    *,
    until: datetime,
    grows: bool,
) -> None:
    """`grows`: articles that concern nothing may make a weak story worth telling."""
    archived.copy_stories(session, list(opened.values()))
    began: set[int] = set()
    came: list[Arrived] = []  # since it was last looked at what is there
    due_at: datetime | None = None
    for arrived in coming:
        if due_at is not None and due_at <= arrived.at:
            _copy(session, came)
            due_at = _pass_time(session, judge, now=arrived.at)
        came.append(arrived)
        hit = hits.get(arrived.id)
        if hit is not None or grows:
            _copy(session, came)
            matches = hit.matches if hit else ()
            articles.add_matches(session, arrived.id, matches)
            occasion = Occasion(arrived.id, matches, age=age_of(arrived.article))
            judge.tell(session, arrived.story_id, occasion, is_new_story=arrived.story_id not in began, now=arrived.at)
            due_at = history.next_due(session)
        began.add(arrived.story_id)
    _copy(session, came)
    _pass_time(session, judge, now=until)


def _copy(session: Session, came: list[Arrived]) -> None:
    archived.copy_articles(session, came)
    came.clear()


def _pass_time(session: Session, judge: Judge, *, now: datetime) -> datetime | None:
    """Each held alert is judged again at its own time; when the next one is due."""
    while (due_at := history.next_due(session)) is not None and due_at <= now:
        judge.reconsider(session, history.claim_held(session, now=due_at, limit=TOGETHER), now=due_at)
    return due_at
