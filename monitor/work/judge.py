"""One at a time: is it new, which story is it, should someone be told? One transaction writes the answers.

What is to be told is written together with the article, its matches and its story, so that a crash loses neither
(docs/architecture.md, "What happens in a crash").
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.decide import Case, decide
from monitor.errors import LeaseLost
from monitor.model import (
    Alert,
    Article,
    Card,
    Claim,
    Decision,
    Drop,
    Evidence,
    HeldAlert,
    Joins,
    Kind,
    Match,
    Notification,
    Opens,
    Passage,
    Quality,
    Reading,
    Reason,
    Send,
    Story,
    WaitingEntry,
)
from monitor.parse.links import text_id
from monitor.settings import Settings, Topic
from monitor.store import articles, entries, history, outbox
from monitor.store.articles import Known
from monitor.store.database import Session
from monitor.stories.group import place

PASSAGES: Final = 3  # in one message
KINDS: Final = {
    Reason.NEW_STORY: Kind.STORY,
    Reason.NOW_ALSO: Kind.NOW_ALSO,
    Reason.STORY_GREW: Kind.FOLLOW_UP,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an entry."""

    is_new: bool  # False: an article we have
    is_copy: bool = False  # of an article we have
    opened: bool = False  # a story
    matches: tuple[Match, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """An alert that goes out now."""

    alert_id: int
    topic: str
    article_id: int
    reason: Reason


class Judge:
    """The rules of one configuration, applied inside a transaction that is already open."""

    def __init__(self, settings: Settings) -> None:
        self._zone: ZoneInfo = settings.timezone
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in settings.topics}

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
        decisions = self._decisions(session, reading, story_id, article_id, now=now)
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
        decisions = self._decisions(session, fuller, known.story_id, known.id, now=now)
        return Judged(is_new=False, matches=further, decisions=decisions)

    def _placed(self, session: Session, reading: Reading, *, now: datetime) -> tuple[int, bool]:
        midnight = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        candidates = articles.lookalikes(session, reading.fingerprint, since=midnight)
        match place(reading.fingerprint, candidates, since=midnight):
            case Joins(story_id):
                return story_id, False
            case Opens():
                return articles.open_story(session, reading.article.title, reading.fingerprint.terms, now=now), True

    def _decisions(
        self, session: Session, reading: Reading, story_id: int, article_id: int, *, now: datetime
    ) -> tuple[Decision, ...]:
        if not reading.matches:
            return ()
        story = articles.story(session, story_id)
        decisions: list[Decision] = []
        going: defaultdict[str, list[Going]] = defaultdict(list)
        for topic, channel in self._cases_of(reading.matches):
            if history.is_held(session, story_id=story_id, channel=channel, topic=topic.name):
                continue  # the alert that waits will name its outlet, with the passages of the first article
            case = _case(session, topic, story, channel, age=_age(reading), now=now)
            decision = decide(case)
            alert = Alert(topic.name, story_id, channel, case.told.turn, decision, urgent=topic.policy.urgent)
            alert_id = history.record(session, alert, article_id=article_id, now=now)
            decisions.append(decision)
            if isinstance(decision, Send):
                going[channel].append(Going(alert_id, topic.name, article_id, decision.reason))
        for channel, told in going.items():
            self._tell(session, story, channel, told, now=now)
        return tuple(decisions)

    def _cases_of(self, matches: Iterable[Match]) -> list[tuple[Topic, str]]:
        """Topic and channel, those first that may not wait: they take the others with them."""
        topics = [topic for match in matches if (topic := self._topics.get(match.topic))]
        topics.sort(key=lambda topic: not topic.policy.urgent)
        return [(topic, channel) for topic in topics for channel in topic.channels]

    # -- held alerts ----------------------------------------------------------------------------

    def reconsider(
        self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime, settled: bool = False
    ) -> tuple[Decision, ...]:
        """Judge held alerts that are due again, by the same rules."""
        decisions: list[Decision] = []
        going: defaultdict[tuple[int, str], list[Going]] = defaultdict(list)
        for claim in claims:
            held = claim.value
            decision = self._again(session, held, now=now, settled=settled)
            try:
                history.close(session, claim, decision, now=now)
            except LeaseLost:  # it went meanwhile, in company of another about the same story
                continue
            decisions.append(decision)
            if isinstance(decision, Send):
                going[held.story_id, held.channel].append(Going(held.id, held.topic, held.article_id, decision.reason))
        for (story_id, channel), told in going.items():
            self._tell(session, articles.story(session, story_id), channel, told, now=now)
        return tuple(decisions)

    def _again(self, session: Session, held: HeldAlert, *, now: datetime, settled: bool) -> Decision:
        topic = self._topics.get(held.topic)
        if topic is None or held.channel not in topic.channels:
            return Drop(Reason.REMOVED)
        story = articles.story(session, held.story_id)
        case = _case(session, topic, story, held.channel, age=None, now=now)
        return decide(replace(case, reconsidered=True, settled=settled))

    def _company(self, session: Session, story: Story, channel: str, *, now: datetime) -> list[Going]:
        """Other topics' alerts about this story that still wait for company: here it is."""
        company = []
        for held in history.still_settling(session, story_id=story.id, channel=channel):
            decision = self._again(session, held, now=now, settled=False)
            alert = Alert(held.topic, story.id, channel, held.turn, decision)
            history.record(session, alert, article_id=held.article_id, now=now)
            if isinstance(decision, Send):
                company.append(Going(held.id, held.topic, held.article_id, decision.reason))
        return company

    # -- telling --------------------------------------------------------------------------------

    def _tell(self, session: Session, story: Story, channel: str, going: Sequence[Going], *, now: datetime) -> None:
        """One notification for all that goes to one channel about one story."""
        told = [*going, *self._company(session, story, channel, now=now)]
        article = articles.get(session, min(item.article_id for item in told))
        topics = tuple(sorted({item.topic for item in told}))
        evidence = [found for item in told for found in articles.evidence_of(session, item.article_id, item.topic)]
        card = _card(article, story, topics, evidence)
        key = f"alert:{min(item.alert_id for item in told)}"
        letter = outbox.Letter(
            notification=Notification(channel, _kind(told), (card,)),
            key=key,
            uid=hashlib.sha256(f"{key}:{channel}:{now.isoformat()}".encode()).hexdigest()[:32],
            outlets_told=dict.fromkeys((item.alert_id for item in told), len(story.outlets)),
        )
        outbox.put(session, letter, now=now)


def _is_another(known: Known, article: Article, waiting: WaitingEntry) -> bool:
    """The same address, a new entry of the same feed, and neither the title nor the text: a page that shows the latest."""
    before = known.article
    if known.is_copy or before.feed != article.feed or before.key != article.key or waiting.entry.is_file:
        return False
    return before.title != article.title and before.content_hash != article.content_hash


def _case(session: Session, topic: Topic, story: Story, channel: str, *, age: timedelta | None, now: datetime) -> Case:
    return Case(
        now=now,
        policy=topic.policy,
        age=age,
        story_opened_at=story.opened_at,
        outlets=len(story.outlets),
        told=history.told(session, story_id=story.id, channel=channel, topic=topic.name),
    )


def _age(reading: Reading) -> timedelta | None:
    """How old it was when we first saw it; None where that must not count against it."""
    article, polled_at = reading.article, reading.feed_last_success_at
    if article.published_at is None or (polled_at is not None and article.published_at > polled_at):
        return None
    return max(article.first_seen_at - article.published_at, timedelta())


def _kind(told: Iterable[Going]) -> Kind:
    """A new story is the greatest news, a further topic the smallest."""
    kinds = {KINDS[item.reason] for item in told}
    return next(kind for kind in (Kind.STORY, Kind.FOLLOW_UP, Kind.NOW_ALSO) if kind in kinds)


def _card(article: Article, story: Story, topics: tuple[str, ...], evidence: Sequence[Evidence]) -> Card:
    hits: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)  # of all topics, where they share a passage
    for found in evidence:
        if found.field == "body":
            hits[found.snippet] |= set(found.hits)
    passages = [Passage(text, tuple(sorted(spans))) for text, spans in hits.items()]
    return Card(
        topics=topics,
        title=article.title,
        url=article.url,
        outlets=story.outlets,
        first_seen_at=article.first_seen_at,
        published_at=article.published_at,
        passages=tuple(passages)[:PASSAGES],
        quality=article.quality,
    )
