"""The rules in order: send, hold or drop an alert, always with the reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor import settings
from monitor.alerts.digest import next_digest
from monitor.alerts.quiet import ends_at
from monitor.alerts.throttle import free_at
from monitor.model import Decision, Drop, Hold, Reason, Send, Told
from monitor.settings import AlertPolicy, Limit, QuietHours

AS_IT_HAPPENS: Final = settings.Send()
FLOOD: Final = timedelta(minutes=10)  # at least, from when a flood was listed to its first message
FLOODS: Final = timedelta(minutes=30)  # between its further ones
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SEVERAL: Final = 2  # outlets; copies are none
STRONG: Final = 50  # of 100: a match that needs no second outlet
UTC_CLOCK: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Case:
    """One story, for one topic, on one channel: all that a rule may look at."""

    now: datetime
    policy: AlertPolicy  # the topic's
    story_opened_at: datetime
    outlets: int  # that report the story by now; copies count as one
    told: Told
    age: timedelta | None = None  # when first seen; None: unknown, or published since the feed's last good poll
    settled: bool = False  # `once` does not wait for further outlets
    reconsidered: bool = False  # a held alert that is due
    send: settings.Send = AS_IT_HAPPENS  # the channel's
    zone: ZoneInfo = UTC_CLOCK
    quiet_hours: tuple[QuietHours, ...] = ()  # resolved for this topic and channel, as is the limit
    limit: Limit | None = None
    recent: tuple[datetime, ...] = ()  # when the channel's last notifications went, as far back as the limit looks
    silenced_by: str = ""  # in words; empty: nothing
    hidden_by: str = ""  # the narrower topic that tells it here; empty: none
    score: int = 100  # of the topic's best match in the story so far
    is_correction: bool = False  # the article is known; what it says was changed in substance
    since: datetime | None = None  # when the alert was first decided; None: now
    flooded_at: datetime | None = None  # when its feed listed hundreds of new entries at once, of which it is one


Rule = Callable[[Case], Decision | None]


def too_old(case: Case) -> Decision | None:
    """Old news is kept, not told. A held alert had its age judged when it came; that a told one was wrong is no old news."""
    if case.reconsidered or case.age is None or case.policy.max_age is None or _corrects(case):
        return None
    return Drop(Reason.TOO_OLD) if case.age > case.policy.max_age else None


def silenced(case: Case) -> Decision | None:
    """Nobody wants to hear of it for a while, however urgent it is."""
    return Drop(Reason.SILENCED) if case.silenced_by else None


def already_told(case: Case) -> Decision | None:
    """Told once; again only when enough further outlets have taken the story up, or what was told is corrected."""
    if case.told.topic_told_at is None or _corrects(case):
        return None
    grown = case.outlets - case.told.outlets_told
    enough = case.policy.follow_up is not None and grown >= case.policy.follow_up
    return None if enough else Drop(Reason.ALREADY_TOLD)


def hidden(case: Case) -> Decision | None:
    """A narrower topic tells it here, or was kept from that on purpose: not by the back door. What was told is corrected."""
    return Drop(Reason.HIDDEN) if case.hidden_by and not _corrects(case) else None


def flood(case: Case) -> Decision | None:
    """Hundreds of new entries at once are a site's new software as a rule: what concerns a topic is told together.

    Reading them takes a while; what is read later than the first message goes with the next one. Full minutes of the
    clock, so that the sections of one site, each a flood of its own, are told together too.
    """
    if case.flooded_at is None or case.reconsidered or _corrects(case) or _in_digests(case):
        return None
    first = _next(FLOOD, after=case.flooded_at + FLOOD)
    return Hold(Reason.FLOOD, until=first if case.now < first else _next(FLOODS, after=case.now))


def settling(case: Case) -> Decision | None:
    """The first message waits a little, so that it already names several outlets.

    What is told of a story that the channel knows (a follow-up, a correction) does not wait.
    A digest is such a wait itself; a second one could make a story miss it and go out alone after it.
    """
    if case.policy.urgent or case.settled or case.told.about_story_at is not None or _in_digests(case):
        return None
    until = case.story_opened_at + case.policy.wait
    return Hold(Reason.SETTLING, until=until) if case.now < until else None


def digest(case: Case) -> Decision | None:
    """Told with others at a set time: the first one after the alert came. What missed it goes as soon as it can."""
    if not _in_digests(case):
        return None
    due = next_digest(case.send, after=case.since or case.now, zone=case.zone)
    return Hold(Reason.DIGEST, until=due) if case.now < due else None


def quiet_hours(case: Case) -> Decision | None:
    """Nobody is to be disturbed now: what would go out waits until morning, or is let be."""
    if case.policy.urgent:
        return None
    match ends_at(case.quiet_hours, now=case.now, zone=case.zone):
        case None:
            return None
        case _, "drop":
            return Drop(Reason.QUIET_HOURS)
        case until, _:
            return Hold(Reason.QUIET_HOURS, until=until)


def weak(case: Case) -> Decision | None:
    """Neither a good match nor a second outlet. Asked last, as others may take the story up while it waits.

    The limit alone comes after it: what is not told needs no room.
    """
    if case.told.topic_told_at is not None or not is_weak(case.policy, score=case.score, outlets=case.outlets):
        return None
    return Drop(Reason.WEAK)


def throttled(case: Case) -> Decision | None:
    """The channel had as much as it may have for now: the rest is told together, later."""
    if case.policy.urgent or case.limit is None:
        return None
    until = free_at(case.limit, case.recent, now=case.now)
    return Hold(Reason.THROTTLED, until=until) if until else None


RULES: Final[tuple[Rule, ...]] = (
    too_old,
    silenced,
    already_told,
    hidden,
    flood,
    settling,
    digest,
    quiet_hours,
    weak,
    throttled,
)


def decide(case: Case) -> Decision:
    """Send, hold or drop; if no rule objects, the alert goes out now."""
    for rule in RULES:
        if decision := rule(case):
            return decision
    return Send(occasion(case.told, is_correction=case.is_correction))


def note(case: Case, decision: Decision) -> str:
    """What it was dropped for, more closely, for whoever asks; empty where the reason says it all."""
    match decision:
        case Drop(Reason.SILENCED):
            return case.silenced_by
        case Drop(Reason.HIDDEN):
            return f"topic '{case.hidden_by}'"
        case Drop(Reason.WEAK):
            return f"score {case.score}, one outlet"
        case _:
            return ""


def is_weak(policy: AlertPolicy, *, score: int, outlets: int) -> bool:
    return policy.only == "best" and score < STRONG and outlets < SEVERAL


def _next(step: timedelta, *, after: datetime) -> datetime:
    """The clock's next full ten minutes, say."""
    return EPOCH + ((after - EPOCH) // step + 1) * step


def _in_digests(case: Case) -> bool:
    return case.send.when != "as_it_happens"


def _corrects(case: Case) -> bool:
    """Whom it was not told it corrects nothing: to them it is news as any other."""
    return case.is_correction and case.told.topic_told_at is not None


def occasion(told: Told, *, is_correction: bool = False) -> Reason:
    if told.topic_told_at is not None:
        return Reason.CORRECTED if is_correction else Reason.STORY_GREW
    return Reason.NEW_STORY if told.about_story_at is None else Reason.NOW_ALSO
