"""The rules in order: send, hold or drop an alert, always with the reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Decision, Drop, Hold, Reason, Send, Told
from monitor.settings import AlertPolicy


@dataclass(frozen=True, slots=True)
class Case:
    """One story, for one topic, on one channel: all that a rule may look at."""

    now: datetime
    policy: AlertPolicy  # resolved for this topic and channel
    story_opened_at: datetime
    outlets: int  # that report the story by now; copies count as one
    told: Told
    age: timedelta | None = None  # when first seen; None: unknown, or published since the feed's last good poll
    settled: bool = False  # `once` does not wait for further outlets
    reconsidered: bool = False  # a held alert that is due


Rule = Callable[[Case], Decision | None]


def too_old(case: Case) -> Decision | None:
    """Old news is kept, not told. A held alert had its age judged when it came."""
    if case.reconsidered or case.age is None or case.policy.max_age is None:
        return None
    return Drop(Reason.TOO_OLD) if case.age > case.policy.max_age else None


def already_told(case: Case) -> Decision | None:
    """Told once; again only when enough further outlets have taken the story up."""
    if case.told.topic_told_at is None:
        return None
    grown = case.outlets - case.told.outlets_told
    enough = case.policy.follow_up is not None and grown >= case.policy.follow_up
    return None if enough else Drop(Reason.ALREADY_TOLD)


def settling(case: Case) -> Decision | None:
    """The first message waits a little, so that it already names several outlets."""
    if case.policy.urgent or case.settled or case.told.about_story_at is not None:
        return None
    until = case.story_opened_at + case.policy.wait
    return Hold(Reason.SETTLING, until=until) if case.now < until else None


RULES: Final[tuple[Rule, ...]] = (too_old, already_told, settling)


def decide(case: Case) -> Decision:
    """Send, hold or drop; if no rule objects, the alert goes out now."""
    for rule in RULES:
        if decision := rule(case):
            return decision
    return Send(_occasion(case.told))


def _occasion(told: Told) -> Reason:
    if told.topic_told_at is not None:
        return Reason.STORY_GREW
    return Reason.NEW_STORY if told.about_story_at is None else Reason.NOW_ALSO
