"""Who is told what: the rules decide about each alert, and what goes out together becomes one message.

Called inside the judging transaction, so that the decisions and the waiting messages are written together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.alerts.company import in_company, together
from monitor.alerts.decide import Case, decide, note
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
    Notification,
    Reason,
    Send,
    Story,
)
from monitor.settings import Settings, Topic
from monitor.store import articles, corrections, history, outbox, stories
from monitor.store.database import Session
from monitor.work.card import Going, cards_of, kind_of
from monitor.work.cases import Cases, Occasion
from monitor.work.silence import Silences

HIDES_NO_MORE: Final = (Reason.REMOVED, Reason.WEAK, Reason.TOO_OLD)


@dataclass(frozen=True, slots=True)
class Foretold:
    """What would be decided for one topic on one channel."""

    topic: str
    channel: str
    decision: Decision | None  # None: an alert that waits already would name its outlet too
    note: str = ""  # what would silence or hide it, or how weak it would be


class Tell:
    """The rules of one configuration."""

    def __init__(self, settings: Settings, silences: Silences | None = None) -> None:
        self._cases = Cases(settings, silences or Silences(settings))
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in settings.topics}

    # -- an article -----------------------------------------------------------------------------

    def of(
        self, session: Session, story: Story, occasion: Occasion, weak: Sequence[HeldAlert] = (), *, now: datetime
    ) -> tuple[Decision, ...]:
        """What each channel is told of an article that concerns these topics, or corrects what was told for them.

        `weak` was not told of the story so far, and may be told now, whatever the article concerns.
        """
        decisions: list[Decision] = []
        for channel, occasions in self._by_channel(occasion, weak).items():
            cases = self._cases_on(session, channel, story, occasions, now=now)
            going: list[Going] = []
            for name, decision in together(cases).items():
                case, article_id = cases[name], occasions[name].article_id
                if decision == Drop(Reason.WEAK) and occasions[name] is not occasion:  # it is as it was
                    continue
                alert = _alert(case, name, story.id, channel, decision)
                alert_id = history.record(session, alert, article_id=article_id, now=now)
                if case.is_correction:
                    corrections.note(session, alert_id, occasion.corrections[channel, name])
                _note(session, alert_id, case, decision)
                decisions.append(decision)
                if isinstance(decision, Send):
                    told = case.told.outlets_told
                    going.append(Going(alert_id, name, story.id, article_id, decision.reason, told))
            if going:
                decisions += self._send(session, channel, going, None, now=now)
        return tuple(decisions)

    def foretell(self, session: Session, story: Story, occasion: Occasion, *, now: datetime) -> list[Foretold]:
        """What would be decided, and nothing is."""
        found: list[Foretold] = []
        for channel, occasions in self._by_channel(occasion, ()).items():
            cases = self._cases_on(session, channel, story, occasions, now=now)
            decisions = together(cases)
            for name in occasions:
                decision = decisions.get(name)
                said = note(cases[name], decision) if decision else ""
                found.append(Foretold(name, channel, decision, said))
        return found

    def _by_channel(self, occasion: Occasion, weak: Sequence[HeldAlert]) -> Mapping[str, Mapping[str, Occasion]]:
        """By topic. What was weak is judged again by its own article, but where this one is news for the topic too."""
        found: defaultdict[str, dict[str, Occasion]] = defaultdict(dict)
        for topic in (self._topics[match.topic] for match in occasion.matches if match.topic in self._topics):
            for channel in topic.channels:
                found[channel][topic.name] = occasion
        for channel, name in occasion.corrections:
            if name in self._topics and channel in self._topics[name].channels:
                found[channel][name] = occasion
        for each in weak:
            here, known = found[each.channel], self._topics.get(each.topic)
            is_news = each.topic in here and known is not None and not _is_old(occasion, known)
            if known is not None and each.channel in known.channels and not is_news:
                here[each.topic] = Occasion(each.article_id)
        return found

    def _cases_on(
        self, session: Session, channel: str, story: Story, occasions: Mapping[str, Occasion], *, now: datetime
    ) -> dict[str, Case]:
        """The narrower topics first: for what is decided about them others may be hidden."""
        hiding, cases = self._cases.hiding, dict[str, Case]()
        for name in hiding.narrow_first(occasions):
            case = self._cases.of(session, self._topics[name], story, channel, occasions[name], now=now)
            if case is not None:
                cases[name] = replace(case, hidden_by=hiding.among(cases, name) or case.hidden_by)
        return cases

    # -- held alerts ----------------------------------------------------------------------------

    def again(
        self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime, settled: bool
    ) -> tuple[Decision, ...]:
        """Held alerts that are due, by the same rules; what was held back of a channel is told together."""
        decisions: list[Decision] = []
        for (channel, _), due in _groups(claims).items():
            going: list[Going] = []
            waited_for: set[Reason] = set()
            for claim in sorted(due, key=lambda claim: self._cases.hiding.rank(claim.value.topic)):
                held = claim.value
                case = self._cases.again(session, held, settled=settled, now=now)
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
                if isinstance(decision, Drop) and decision.reason in HIDES_NO_MORE:
                    going += self._unhidden(session, held, decisions, now=now)
                if case and isinstance(decision, Send):
                    going.append(_going(held, decision.reason, case))
                    waited_for.add(held.reason)
            if going:
                decisions += self._send(session, channel, going, self._held_by(channel, waited_for), now=now)
        return tuple(decisions)

    def _unhidden(self, session: Session, held: HeldAlert, decisions: list[Decision], *, now: datetime) -> list[Going]:
        """What was hidden by it goes after all: else nobody would hear of the story."""
        going: list[Going] = []
        for each in history.hidden(session, story_id=held.story_id, channel=held.channel):
            case = self._cases.again(session, each, settled=True, now=now)
            decision = decide(case) if case else Drop(Reason.REMOVED)
            if case is None or isinstance(decision, Drop):
                continue
            case = replace(case, told=replace(case.told, turn=each.turn))
            alert = _alert(case, each.topic, each.story_id, each.channel, decision)
            history.record(session, alert, article_id=each.article_id, now=now, since=each.since)
            decisions.append(decision)
            if isinstance(decision, Send):
                going.append(_going(each, decision.reason, case))
        return going

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
        # What was held for one may be of a time when this channel had digests.
        if self._cases.is_digest(channel) or Reason.DIGEST in reasons:
            return HeldBy.DIGEST
        if Reason.QUIET_HOURS in reasons:
            return HeldBy.QUIET_HOURS
        if Reason.FLOOD in reasons:
            return HeldBy.FLOOD
        return HeldBy.LIMIT if Reason.THROTTLED in reasons else None

    def _company(
        self, session: Session, channel: str, story_id: int, *, now: datetime
    ) -> tuple[list[Going], list[Decision]]:
        """The alerts about this story that still wait for this channel: here is what they wait for."""
        company: list[Going] = []
        decisions: list[Decision] = []
        for held in history.held(session, story_id=story_id, channel=channel):
            case = self._cases.again(session, held, settled=True, now=now)
            if case is None:
                continue
            decision = in_company(case)
            if decision is None:
                continue
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


def _note(session: Session, alert_id: int, case: Case, decision: Decision) -> None:
    if said := note(case, decision):
        history.note(session, alert_id, said)


def _is_old(occasion: Occasion, topic: Topic) -> bool:
    max_age = topic.policy.max_age
    return occasion.age is not None and max_age is not None and occasion.age > max_age


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
