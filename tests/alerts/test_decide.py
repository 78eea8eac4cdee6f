"""When a person is told of a story, when it waits, and when it is let be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.decide import Case, decide
from monitor.model import Decision, Drop, Hold, Reason, Send, Told
from monitor.settings import AlertPolicy

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=9)
MINUTE = timedelta(minutes=1)


def a_case(policy: AlertPolicy | None = None, **facts: Any) -> Case:
    """A story whose wait is over, not told yet."""
    usual: dict[str, Any] = {"now": NOON, "story_opened_at": NOON - timedelta(hours=1), "outlets": 1, "told": Told()}
    return Case(policy=policy or AlertPolicy(), **usual | facts)


def told(outlets: int = 1, *, topic: bool = True) -> Told:
    earlier = NOON - 10 * MINUTE
    return Told(
        turn=1 if topic else 0,
        topic_told_at=earlier if topic else None,
        about_story_at=earlier,
        outlets_told=outlets,
    )


WAIT_OVER = NOON - timedelta(hours=1) + AlertPolicy().wait
JUST_NOW: dict[str, Any] = {"story_opened_at": NOON - MINUTE}
URGENT = AlertPolicy(urgent=True)


@pytest.mark.parametrize(
    ("sentence", "case", "decision"),
    [
        ("a new story is told", a_case(), Send(Reason.NEW_STORY)),
        ("a story just opened waits for more outlets", a_case(**JUST_NOW), Hold(Reason.SETTLING, until=NOON + MINUTE)),
        ("it is told when its wait is over", a_case(now=WAIT_OVER, reconsidered=True), Send(Reason.NEW_STORY)),
        ("an urgent topic does not wait", a_case(URGENT, **JUST_NOW), Send(Reason.NEW_STORY)),
        ("`once` does not wait", a_case(**JUST_NOW, settled=True), Send(Reason.NEW_STORY)),
        ("no wait asked for, none made", a_case(AlertPolicy(wait=timedelta(0)), story_opened_at=NOON), Send(Reason.NEW_STORY)),
        ("news of three days is told", a_case(age=timedelta(days=3)), Send(Reason.NEW_STORY)),
        ("older news is not", a_case(age=timedelta(days=3, seconds=1)), Drop(Reason.TOO_OLD)),
        ("unless age is of no matter to the user", a_case(AlertPolicy(max_age=None), age=timedelta(days=999)), Send(Reason.NEW_STORY)),
        ("or unknown", a_case(age=None), Send(Reason.NEW_STORY)),
        ("a held alert does not grow too old", a_case(age=timedelta(days=4), reconsidered=True), Send(Reason.NEW_STORY)),
        ("old news does not wait first", a_case(**JUST_NOW, age=timedelta(days=4)), Drop(Reason.TOO_OLD)),
        ("an urgent topic tells no old news either", a_case(URGENT, age=timedelta(days=4)), Drop(Reason.TOO_OLD)),
        ("a story is told once", a_case(told=told()), Drop(Reason.ALREADY_TOLD)),
        ("four further outlets are not five", a_case(told=told(outlets=1), outlets=5), Drop(Reason.ALREADY_TOLD)),
        ("five are: told again", a_case(told=told(outlets=1), outlets=6), Send(Reason.STORY_GREW)),
        ("never again if so asked", a_case(AlertPolicy(follow_up=None), told=told(), outlets=99), Drop(Reason.ALREADY_TOLD)),
        ("a follow-up does not wait", a_case(**JUST_NOW, told=told(), outlets=9), Send(Reason.STORY_GREW)),
        ("a second topic of a told story is short", a_case(told=told(topic=False)), Send(Reason.NOW_ALSO)),
        ("and does not wait", a_case(**JUST_NOW, told=told(topic=False)), Send(Reason.NOW_ALSO)),
    ],
)  # fmt: skip
def test_rules(sentence: str, case: Case, decision: Decision) -> None:
    assert decide(case) == decision, sentence


durations = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))
instants = st.none() | st.just(LONG_AGO)
policies = st.builds(
    AlertPolicy,
    wait=durations,
    follow_up=st.none() | st.integers(1, 9),
    max_age=st.none() | durations,
    urgent=st.booleans(),
)
tellings = st.builds(
    Told, turn=st.integers(0, 3), topic_told_at=instants, about_story_at=instants, outlets_told=st.integers(0, 9)
)


@given(
    policy=policies,
    told=tellings,
    age=st.none() | durations,
    opened=durations,
    outlets=st.integers(1, 20),
    settled=st.booleans(),
)
def test_a_held_alert_judged_when_due_is_sent_or_dropped(
    *, policy: AlertPolicy, told: Told, age: timedelta | None, opened: timedelta, outlets: int, settled: bool
) -> None:
    now = NOON
    case = Case(now, policy, NOON - opened, outlets, told, age, settled)
    decision = decide(case)
    if isinstance(decision, Hold):
        assert decision.until > now
        case = Case(decision.until, policy, NOON - opened, outlets, told, age, settled, reconsidered=True)
        assert isinstance(decide(case), Send | Drop)
