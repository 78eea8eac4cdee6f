"""What the rules may look at, gathered inside the judging transaction: of an article that came, or of an alert that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.decide import Case, decide
from monitor.model import Drop, HeldAlert, Match, Reason, Story
from monitor.settings import Channel, Limit, Settings, Topic
from monitor.store import articles, history, stories
from monitor.store.database import Session
from monitor.work.correct import Corrections
from monitor.work.hiding import Hiding
from monitor.work.silence import Silences


@dataclass(frozen=True, slots=True)
class Occasion:
    """An article, and why somebody may be told of it."""

    article_id: int
    matches: tuple[Match, ...] = ()
    corrections: Corrections = field(default_factory=dict)
    age: timedelta | None = None  # None: it does not count
    flooded_at: datetime | None = None  # when it was listed with hundreds of others


class Cases:
    """Those of one configuration."""

    def __init__(self, settings: Settings, silences: Silences) -> None:
        self._zone = settings.timezone
        self._silences = silences
        self.hiding = Hiding(settings.topics)
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in settings.topics}
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in settings.channels}

    def of(
        self, session: Session, topic: Topic, story: Story, channel: str, occasion: Occasion, *, now: datetime
    ) -> Case | None:
        """None where an alert waits: it will name the outlet, with the passages of the first article."""
        case = self._case(session, topic, story, channel, occasion.article_id, now=now)
        score = max((match.score for match in occasion.matches if match.topic == topic.name), default=0)
        case = replace(case, age=occasion.age, flooded_at=occasion.flooded_at, score=max(case.score, score))
        if (channel, topic.name) in occasion.corrections:
            return replace(case, is_correction=True)
        waits = history.telling_held(session, story_id=story.id, channel=channel, topic=topic.name)
        if waits is None:
            return case
        case = replace(case, told=replace(case.told, turn=waits.turn))
        if waits.reason is Reason.FLOOD:
            return _out_of_flood(case)
        return replace(case, reconsidered=True) if self._may_not_wait(topic, channel) else None

    def again(self, session: Session, held: HeldAlert, *, settled: bool, now: datetime) -> Case | None:
        """None where its topic or its channel left the configuration."""
        topic = self._topics.get(held.topic)
        if topic is None or held.channel not in topic.channels:
            return None
        story = stories.story(session, held.story_id)
        case = self._case(session, topic, story, held.channel, held.article_id, now=now)
        settled = settled or held.reason is not Reason.SETTLING  # what waited for anything else waited long enough
        is_correction = held.is_correction
        return replace(case, reconsidered=True, settled=settled, since=held.since, is_correction=is_correction)

    def is_digest(self, channel: str) -> bool:
        settings = self._channels.get(channel)
        return settings is not None and settings.send.when != "as_it_happens"

    def _may_not_wait(self, topic: Topic, channel: str) -> bool:
        """It was made urgent while its alert was held: that goes with the next article."""
        return topic.policy.urgent and not self.is_digest(channel)

    def _case(
        self, session: Session, topic: Topic, story: Story, channel: str, article_id: int, *, now: datetime
    ) -> Case:
        limit, settings = self._limit(topic, channel), self._channels[channel]
        quiet = settings.quiet_hours
        return Case(
            now=now,
            policy=topic.policy,
            story_opened_at=story.opened_at,
            outlets=len(story.outlets),
            told=history.told(session, story_id=story.id, channel=channel, topic=topic.name),
            send=settings.send,
            zone=self._zone,
            quiet_hours=topic.policy.quiet_hours if quiet is None else quiet,
            limit=limit,
            recent=self._recent(session, topic, channel, since=now - limit.per) if limit else (),
            silenced_by=self._silences.of(session, topic.name, channel, story, article_id, now=now),
            hidden_by=self.hiding.before(session, topic.name, story, channel),
            score=articles.best_score(session, story.id, topic.name) if topic.policy.only == "best" else 100,
            since=now,
        )

    def _limit(self, topic: Topic, channel: str) -> Limit | None:
        """The channel's own word comes before the topic's, and that before the one for all."""
        match self._channels[channel].limit:
            case None:
                return topic.policy.limit
            case "off":
                return None
            case own:
                return own

    def _recent(self, session: Session, topic: Topic, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """What counts towards the limit. A topic's own counts what names it: the others' must not use it up for ever."""
        is_own = topic.has_own_limit and self._channels[channel].limit is None
        return history.recent(session, channel, since=since, topic=topic.name if is_own else None)


def _out_of_flood(case: Case) -> Case | None:
    """Its alert waits for a flood. An article that is in none makes it news as any other, unless that is not to be told."""
    if case.flooded_at is not None or isinstance(decide(case), Drop):
        return None
    return case
