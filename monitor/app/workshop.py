"""Topics tried out on the archive: what they would have found, and told after all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from monitor.app.closely import look
from monitor.app.copying import as_yaml
from monitor.app.in_force import InForce
from monitor.errors import QueryError, UsageError
from monitor.model import Match
from monitor.settings import AlertPolicy, Channel, Settings, Topic
from monitor.store import frequencies
from monitor.store.database import Session
from monitor.store.outbox import Posted
from monitor.topics.sieve import passes
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.trial import Attempt, Attempted, Closely, Difference, Progress, Trial, TriedDay, TriedStory
from monitor.work import replay
from monitor.work.archived import as_archived
from monitor.work.replay import Found, Hit, Span, silently

YOU: Final = "you"  # the channel of a query that stands in no topic yet
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """A topic alone with what it needs: only its own rules and channels."""

    settings: Settings
    watchlist: Watchlist
    topic: Topic

    @classmethod
    def of(cls, topic: Topic, settings: Settings) -> Bench:
        """Raises `UsageError` where its query can't be read."""
        alone = settings.model_copy(update={"topics": (topic.model_copy(update={"hides": ()}),)})
        return cls(alone, _compiled(topic, settings), topic)

    @classmethod
    def of_query(cls, query: str, settings: Settings, *, language: str | None = None) -> Bench:
        """As a topic of its own, told at once by the default rules."""
        name = " ".join(query.replace('"', "").split())[:_LONGEST_NAME] or "?"
        asked_in = language or settings.language
        topic = Topic(name=name, query=query, language=asked_in, channels=(YOU,), policy=AlertPolicy())
        channels = (Channel(name=YOU, url=SecretStr("console")),)
        return cls.of(topic, settings.model_copy(update={"channels": channels}))

    def find(self, session: Session, span: Span, *, progress: Progress = silently) -> Found:
        return find(session, self.watchlist, span, progress=progress)

    def closely(self, session: Session, span: Span, *, progress: Progress = silently) -> Closely:
        """What failed by one clause alone, which words may be other names, what each word is good for, and overlaps."""
        return look(session, self.watchlist, self.topic, self.settings, span, progress=progress)

    def trial(self, session: Session, span: Span, *, progress: Progress = silently) -> Trial:
        found = self.find(session, span, progress=progress)
        told = replay.tell(session, self.settings, found, span)
        stories = _stories(found.hits, told.posted)
        return Trial(
            topic=self.topic.name,
            since=span.since,
            until=span.until,
            read=found.read,
            articles=len(found.hits),
            stories=tuple(sorted(stories, key=lambda each: (each.at, each.id), reverse=True)),
            messages=len(told.posted),
            days=_days(found.hits, stories, told.posted, span, self.settings.timezone),
            yaml=as_yaml(self.topic),
        )


def find(session: Session, watchlist: Watchlist, span: Span, *, progress: Progress = silently) -> Found:
    counted = frequencies.snapshot(session)
    weighed, topics = watchlist.weighed(counted.rarity), [watch.topic for watch in watchlist.watches]
    like = as_archived(session, topics, counted) if any(topic.like for topic in topics) else None
    let = passes(weighed.groups, like.passes if like else None)
    matching = weighed.comparing(like).match if like else weighed.match
    return replay.find(session, matching, span, passes=let, progress=progress)


def _compiled(topic: Topic, settings: Settings) -> Watchlist:
    watchlist, errors = compile_all([topic], Vocabulary.of(settings))
    for _, error in errors:
        raise UsageError(pointed(topic.query or "", error))
    return watchlist


def pointed(query: str, error: QueryError) -> str:
    """One line that says where: in a query of one line a column is enough."""
    hint = f"; {error.hint}" if error.hint else ""
    return f"the query can't be read: {error.what} at column {error.column} of {query!r}{hint}"


def _stories(hits: Sequence[Hit], posted: Sequence[Posted]) -> list[TriedStory]:
    told_at: dict[int, datetime] = {}
    for message in posted:
        for card in message.notification.cards:
            if card.story_id is not None:
                told_at.setdefault(card.story_id, message.at)
    by_story: defaultdict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_story[hit.arrived.story_id].append(hit)
    return [_story(story_id, found, told_at.get(story_id)) for story_id, found in by_story.items()]


def _story(story_id: int, hits: Sequence[Hit], told_at: datetime | None) -> TriedStory:
    best = max(hits, key=lambda hit: (_best(hit).score, -hit.arrived.id))
    article = best.arrived.article
    return TriedStory(
        id=story_id,
        title=article.title,
        url=article.url,
        at=min(hit.arrived.at for hit in hits),
        score=_best(best).score,
        outlets=tuple(dict.fromkeys(hit.arrived.article.outlet for hit in hits)),
        evidence=_best(best).evidence,
        told_at=told_at,
    )


def _best(hit: Hit) -> Match:
    return max(hit.matches, key=lambda match: match.score)


def _days(
    hits: Sequence[Hit], stories: Sequence[TriedStory], posted: Sequence[Posted], span: Span, zone: ZoneInfo
) -> tuple[TriedDay, ...]:
    counted = {day: TriedDay(day) for day in _all_days(span, zone)}

    def one_more(at: datetime, name: str) -> None:
        day = at.astimezone(zone).date()
        known = counted.get(day, TriedDay(day))
        counted[day] = replace(known, **{name: getattr(known, name) + 1})

    for hit in hits:
        one_more(hit.arrived.at, "articles")
    for story in stories:
        one_more(story.at, "stories")
    for message in posted:
        one_more(min(message.at, span.until), "messages")
    return tuple(counted[day] for day in sorted(counted))


def _all_days(span: Span, zone: ZoneInfo) -> Iterator[date]:
    day, last = span.since.astimezone(zone).date(), span.until.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


# -- on the page ---------------------------------------------------------------------------------


def attempt(
    session: Session, asked: Attempt, settings: Settings, span: Span, progress: Progress = silently
) -> Attempted:
    """What somebody tries on the page: a query, a topic as it is, or a topic with another query."""
    before = _named(asked, settings) if asked.query else None
    try:
        bench = _bench_of(asked, settings)
    except UsageError as error:
        return Attempted(problem=str(error))
    if before is None:
        return Attempted(bench.trial(session, span, progress=progress))
    found = Bench.of(before, settings).find(session, span, progress=_part(0, progress))
    trial = bench.trial(session, span, progress=_part(1, progress))
    old, new = ({story.id: story for story in stories} for stories in (_stories(found.hits, ()), trial.stories))
    return Attempted(trial, _difference(before.name, old, new))


def closely(session: Session, asked: Attempt, settings: Settings, span: Span, progress: Progress = silently) -> Closely:
    """A second look at the same."""
    return _bench_of(asked, settings).closely(session, span, progress=progress)


def _bench_of(asked: Attempt, settings: Settings) -> Bench:
    topic = _named(asked, settings)
    if topic is None:
        return Bench.of_query(asked.query, settings)
    return Bench.of(_with_query(topic, asked.query) if asked.query else topic, settings)


def _named(asked: Attempt, settings: Settings) -> Topic | None:
    return next((topic for topic in settings.topics if topic.name == asked.topic), None)


def _part(number: int, progress: Progress) -> Progress:
    """Of two readings of the archive."""
    return lambda done, total: progress(number * total + done, 2 * total)


def _with_query(topic: Topic, query: str) -> Topic:
    blank = {name: Topic.model_fields[name].default for name in ("any", "all", "none", "regex", "within", "min_count")}
    return topic.model_copy(update={**blank, "query": query})


# -- an edit -------------------------------------------------------------------------------------


def differences(
    session: Session, before: InForce, after: InForce, span: Span, progress: Progress = silently
) -> list[Difference]:
    """Of each topic that an edit may have changed; those that find the same stories all the same are left out."""
    names = [name for name in dict.fromkeys((*after.named, *before.named)) if _may_differ(name, before, after)]
    old = _stories_of(session, before, names, span, _part(0, progress))
    new = _stories_of(session, after, names, span, _part(1, progress))
    changed = [_difference(name, old.get(name, {}), new.get(name, {})) for name in names]
    return [each for each in changed if each.more or each.fewer]


def _may_differ(name: str, before: InForce, after: InForce) -> bool:
    old, new = before.named.get(name), after.named.get(name)
    return old is None or new is None or old != new or before.vocabulary != after.vocabulary


def _stories_of(
    session: Session, here: InForce, names: Sequence[str], span: Span, progress: Progress
) -> Mapping[str, Mapping[int, TriedStory]]:
    topics = [here.named[name] for name in names if name in here.named]
    watchlist, _ = compile_all(topics, here.vocabulary)
    found = find(session, watchlist, span, progress=progress)
    by_topic: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in found.hits:
        for match in hit.matches:
            by_topic[match.topic].append(Hit(hit.arrived, (match,)))
    return {name: {story.id: story for story in _stories(hits, ())} for name, hits in by_topic.items()}


def _difference(name: str, old: Mapping[int, TriedStory], new: Mapping[int, TriedStory]) -> Difference:
    return Difference(
        topic=name,
        more=_newest_first(new, without=old),
        fewer=_newest_first(old, without=new),
        stays=len(old.keys() & new.keys()),
    )


def _newest_first(these: Mapping[int, TriedStory], *, without: Mapping[int, TriedStory]) -> tuple[TriedStory, ...]:
    rest = [story for number, story in these.items() if number not in without]
    return tuple(sorted(rest, key=lambda each: (each.at, each.id), reverse=True))
