"""Who is told what: the rules decide about each alert, and what goes out together becomes one message.

Called inside the judging transaction, so that the decisions and the waiting messages are written together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.decide import Case, decide, occasion
from monitor.alerts.digest import arranged
from monitor.errors import LeaseLost
from monitor.model import (
    Alert,
    Card,
    Claim,
    Decision,
    Drop,
    HeldAlert,
    HeldBy,
    Hold,
    Kind,
    Match,
    Notification,
    Reason,
    Send,
    Story,
)
from monitor.settings import Channel, Limit, Settings, Topic
from monitor.store import articles, corrections, history, outbox, silences, stories
from monitor.store.database import Session
from monitor.work.card import Going, cards_of, kind_of
from monitor.work.correct import Corrections
from monitor.work.silence import Silences


@dataclass(frozen=True, slots=True)
class Occasion:
    """An article, and why somebody may be told of it."""

    article_id: int
    matches: tuple[Match, ...] = ()
    corrections: Corrections = field(default_factory=dict)
    age: timedelta | None = None  # None: it does not count
    flooded_at: datetime | None = None  # when it was listed with hundreds of others


class Tell:
    """The rules of one configuration."""

    def __init__(self, settings: Settings, silences: Silences | None = None) -> None:
        self._zone = settings.timezone
        self._silences = silences or Silences(settings)
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in settings.topics}
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in settings.channels}

    # -- an article -----------------------------------------------------------------------------

    def of(self, session: Session, story: Story, occasion: Occasion, *, now: datetime) -> tuple[Decision, ...]:
        """What each channel is told of an article that concerns these topics, or corrects what was told for them."""
        decisions: list[Decision] = []
        for channel, topics in self.by_channel(occasion).items():
            cases: dict[str, Case] = {}
            for topic in topics:
                case = self.case_of(session, topic, story, channel, occasion, now=now)
                if case is not None:
                    cases[topic.name] = case
            going: list[Going] = []
            for name, decision in together(cases).items():
                case = cases[name]
                alert = _alert(case, name, story.id, channel, decision)
                alert_id = history.record(session, alert, article_id=occasion.article_id, now=now)
                if case.is_correction:
                    corrections.note(session, alert_id, occasion.corrections[channel, name])
                _note(session, alert_id, case, decision)
                decisions.append(decision)
                if isinstance(decision, Send):
                    told = case.told.outlets_told
                    going.append(Going(alert_id, name, story.id, occasion.article_id, decision.reason, told))
            if going:
                decisions += self._send(session, channel, going, None, now=now)
        return tuple(decisions)

    def by_channel(self, occasion: Occasion) -> Mapping[str, Sequence[Topic]]:
        topics: defaultdict[str, dict[str, Topic]] = defaultdict(dict)
        for topic in (self._topics[match.topic] for match in occasion.matches if match.topic in self._topics):
            for channel in topic.channels:
                topics[channel][topic.name] = topic
        for channel, name in occasion.corrections:
            if name in self._topics and channel in self._topics[name].channels:
                topics[channel][name] = self._topics[name]
        return {channel: tuple(named.values()) for channel, named in topics.items()}

    def case_of(
        self, session: Session, topic: Topic, story: Story, channel: str, occasion: Occasion, *, now: datetime
    ) -> Case | None:
        """None where an alert waits: it will name the outlet, with the passages of the first article."""
        case = self._case(session, topic, story, channel, occasion.article_id, now=now)
        case = replace(case, age=occasion.age, flooded_at=occasion.flooded_at)
        if (channel, topic.name) in occasion.corrections:
            return replace(case, is_correction=True)
        waits = history.telling_held(session, story_id=story.id, channel=channel, topic=topic.name)
        if waits is None:
            return case
        case = replace(case, told=replace(case.told, turn=waits.turn))
        if waits.reason is Reason.FLOOD:
            return _out_of_flood(case)
        return replace(case, reconsidered=True) if self._may_not_wait(topic, channel) else None

    def _may_not_wait(self, topic: Topic, channel: str) -> bool:
        """It was made urgent while its alert was held: that goes with the next article."""
        return topic.policy.urgent and not self._is_digest(channel)

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

    # -- held alerts ----------------------------------------------------------------------------

    def again(
        self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime, settled: bool
    ) -> tuple[Decision, ...]:
        """Held alerts that are due, by the same rules; what was held back of a channel is told together."""
        decisions: list[Decision] = []
        for (channel, _), due in _groups(claims).items():
            going: list[Going] = []
            waited_for: set[Reason] = set()
            for claim in due:
                held = claim.value
                case = self._case_again(session, held, settled=settled, now=now)
                decision = decide(case) if case else Drop(Reason.REMOVED)
                try:
                    history.close(session, claim, decision, now=now)
                except LeaseLost:  # it went meanwhile, in company of another about the same story
                    continue
                decisions.append(decision)
                if case:
                    _note(session, claim.id, case, decision)
                if case is None:
                    self._hand_over(session, held, now=now)
                if case and isinstance(decision, Send):
                    going.append(_going(held, decision.reason, case))
                    waited_for.add(held.reason)
            if going:
                decisions += self._send(session, channel, going, self._held_by(channel, waited_for), now=now)
        return tuple(decisions)

    def _case_again(self, session: Session, held: HeldAlert, *, settled: bool, now: datetime) -> Case | None:
        """None where its topic or its channel left the configuration."""
        topic = self._topics.get(held.topic)
        if topic is None or held.channel not in topic.channels:
            return None
        story = stories.story(session, held.story_id)
        case = self._case(session, topic, story, held.channel, held.article_id, now=now)
        settled = settled or held.reason is not Reason.SETTLING  # what waited for anything else waited long enough
        is_correction = held.is_correction
        return replace(case, reconsidered=True, settled=settled, since=held.since, is_correction=is_correction)

    def _hand_over(self, session: Session, held: HeldAlert, *, now: datetime) -> None:
        """Its topic is told elsewhere now: there it waits as it did here, unless the matter was decided there already.

        Where the topic left too, nobody asked for it.
        """
        topic = self._topics.get(held.topic)
        for channel in topic.channels if topic else ():
            if topic and history.is_open(session, story_id=held.story_id, channel=channel, topic=held.topic):
                waits, urgent = Hold(held.reason, now), topic.policy.urgent
                waiting = Alert(held.topic, held.story_id, channel, 0, waits, urgent, held.is_correction)
                alert_id = history.record(session, waiting, article_id=held.article_id, now=now, since=held.since)
                corrections.note(session, alert_id, corrections.noted(session, held.id))

    def _held_by(self, channel: str, reasons: Collection[Reason]) -> HeldBy | None:
        if self._is_digest(channel) or Reason.DIGEST in reasons:  # held for one before this channel had none any more
            return HeldBy.DIGEST
        if Reason.QUIET_HOURS in reasons:
            return HeldBy.QUIET_HOURS
        if Reason.FLOOD in reasons:
            return HeldBy.FLOOD
        return HeldBy.LIMIT if Reason.THROTTLED in reasons else None

    def _is_digest(self, channel: str) -> bool:
        settings = self._channels.get(channel)
        return settings is not None and settings.send.when != "as_it_happens"

    def _company(
        self, session: Session, channel: str, story_id: int, *, now: datetime
    ) -> tuple[list[Going], list[Decision]]:
        """The alerts about this story that still wait for this channel: here is what they wait for."""
        company: list[Going] = []
        decisions: list[Decision] = []
        for held in history.held(session, story_id=story_id, channel=channel):
            case = self._case_again(session, held, settled=True, now=now)
            if case is None:
                continue
            decision = _in_company(case)
            case = replace(case, told=replace(case.told, turn=held.turn))
            alert = _alert(case, held.topic, story_id, channel, decision)
            alert_id = history.record(session, alert, article_id=held.article_id, now=now)
            _note(session, alert_id, case, decision)
            decisions.append(decision)
            if isinstance(decision, Send):
                company.append(_going(held, decision.reason, case))
        return company, decisions

    # -- one message ----------------------------------------------------------------------------

    def _send(
        self, session: Session, channel: str, going: Sequence[Going], held_by: HeldBy | None, *, now: datetime
    ) -> list[Decision]:
        """One notification for all that goes to a channel together: of one story, or what was held back.

        What was decided about those that go along.
        """
        by_story: defaultdict[int, list[Going]] = defaultdict(list)
        for item in going:
            by_story[item.story_id].append(item)
        cards: list[Card] = []
        outlets_told: dict[int, int] = {}
        told_up_to: dict[int, int] = {}
        decisions: list[Decision] = []
        for story_id, told in by_story.items():
            company, decided = self._company(session, channel, story_id, now=now)
            told.extend(company)
            decisions += decided
            story = stories.story(session, story_id)
            cards += cards_of(session, story, channel, told, is_digest=held_by is not None)
            outlets_told |= dict.fromkeys((item.alert_id for item in told), len(story.outlets))
            if held_by is not None or kind_of(told) is not Kind.CORRECTION:  # which has no room for what else is new
                news = (item.alert_id for item in told if item.reason is not Reason.CORRECTED)
                told_up_to |= dict.fromkeys(news, articles.newest(session, story_id))
        is_digest = held_by is HeldBy.DIGEST or len(by_story) > 1 or (held_by is not None and len(cards) > 1)
        kind = Kind.DIGEST if is_digest else kind_of(next(iter(by_story.values())))
        notification = Notification(channel, kind, arranged(cards), held_by=held_by if is_digest else None)
        key = f"alert:{min(outlets_told)}"
        uid = hashlib.sha256(f"{key}:{channel}:{now.isoformat()}".encode()).hexdigest()[:32]
        letter = outbox.Letter(notification, key=key, uid=uid, outlets_told=outlets_told, told_up_to=told_up_to)
        outbox.put(session, letter, now=now)
        return decisions


def together(cases: Mapping[str, Case]) -> dict[str, Decision]:
    """About one story on one channel, by topic: where one goes out now, the others go along."""
    alone = {name: decide(case) for name, case in cases.items()}
    if not any(isinstance(decision, Send) for decision in alone.values()):
        return alone
    return {name: _in_company(case) for name, case in cases.items()}


def _out_of_flood(case: Case) -> Case | None:
    """Its alert waits for a flood. An article that is in none makes it news as any other, unless that is not to be told."""
    if case.flooded_at is not None or isinstance(decide(case), Drop):
        return None
    return case


def _in_company(case: Case) -> Send | Drop:
    """The channel hears of the story in any case: only what nobody wants to hear at all does not go along."""
    match decide(case):
        case Drop(reason) as dropped if reason is not Reason.QUIET_HOURS:
            return dropped
        case _:
            return Send(occasion(case.told, is_correction=case.is_correction))


def _note(session: Session, alert_id: int, case: Case, decision: Decision) -> None:
    if decision == Drop(Reason.SILENCED):
        silences.note(session, alert_id, case.silenced_by)


def _alert(case: Case, topic: str, story_id: int, channel: str, decision: Decision) -> Alert:
    return Alert(topic, story_id, channel, case.told.turn, decision, case.policy.urgent, case.is_correction)


def _groups(claims: Sequence[Claim[HeldAlert]]) -> dict[tuple[str, int | None], list[Claim[HeldAlert]]]:
    """By channel; what waited only for company is told story by story, after what waited longer."""
    groups: defaultdict[tuple[str, int | None], list[Claim[HeldAlert]]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.value.reason is Reason.SETTLING):
        held = claim.value
        groups[held.channel, held.story_id if held.reason is Reason.SETTLING else None].append(claim)
    return groups


def _going(held: HeldAlert, reason: Reason, case: Case) -> Going:
    return Going(held.id, held.topic, held.story_id, held.article_id, reason, case.told.outlets_told)
