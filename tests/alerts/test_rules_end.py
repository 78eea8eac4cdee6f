"""Whatever the wishes and whatever the clock: what is held ends, nobody is woken, and no limit is passed."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import settings
from monitor.alerts.decide import Case, decide
from monitor.alerts.throttle import free_at
from monitor.model import Decision, Drop, Hold, Reason, Send, Told
from monitor.settings import AlertPolicy, Limit, QuietHours
from tests.alerts.localtime import BERLIN, MINUTE, instant, leave_some_time, minutes, says_quiet, zones

DAY = timedelta(days=1)
LONG_AGO = instant("Thu 2025-01-02 03:04", BERLIN)

ROUNDS = 7  # a flood, settling, digest, quiet hours, limit, quiet hours again, and out; two more each time another took the room

durations = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
policies = st.builds(
    AlertPolicy,
    wait=st.sampled_from([timedelta(0), 2 * MINUTE, timedelta(hours=5)]) | durations,
    follow_up=st.none() | st.integers(1, 9),
    max_age=st.none() | durations,
    urgent=st.booleans(),
    only=st.sampled_from(["all", "best"]),
)
sends = st.one_of(
    st.just(settings.Send()),
    st.just(settings.Send(when="hourly")),
    st.builds(settings.Send, when=st.just("daily"), at=times),
    st.builds(settings.Send, when=st.just("weekly"), at=times, weekday=st.integers(0, 6)),
)
quiet_hours = st.lists(
    st.builds(QuietHours, start=times, end=times, then=st.sampled_from(["hold", "drop"])), max_size=3
).map(tuple)
limits = st.none() | st.builds(Limit, count=st.integers(1, 4), per=st.sampled_from([MINUTE, timedelta(hours=1), DAY]))
moments = st.none() | st.just(LONG_AGO)
cases = st.builds(
    lambda now, opened, listed, **facts: Case(
        now=now, story_opened_at=now - opened, flooded_at=None if listed is None else now - listed, **facts
    ),
    now=minutes,
    listed=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=5)),  # in a flood, so long ago
    opened=st.just(timedelta(0)) | durations,
    policy=policies,
    outlets=st.integers(1, 20),
    told=st.builds(
        Told, turn=st.integers(0, 3), topic_told_at=moments, about_story_at=moments, outlets_told=st.integers(0, 9)
    ),
    age=st.none() | durations,
    settled=st.booleans(),
    send=sends,
    zone=zones,
    quiet_hours=quiet_hours,
    limit=limits,
    silenced_by=st.sampled_from(["", "", "", "topic"]),
    hidden_by=st.sampled_from(["", "", "", "Pasukan Korut"]),
    score=st.integers(0, 100),
    is_correction=st.booleans(),
)


# -- one alert -----------------------------------------------------------------------------------

# What may come between: others take the room just before it is due, or it is judged late.
disturbances = st.lists(st.sampled_from(["crowd", "a minute", "an hour", "four days"]), max_size=4)
LATE = {"a minute": MINUTE, "an hour": 60 * MINUTE, "four days": 4 * DAY}


def journey(first: Case, disturbed: list[str]) -> list[tuple[datetime, Decision]]:
    """What is decided, and when, until it is sent or dropped."""
    case, left = replace(first, since=first.now), list(disturbed)
    steps = [(case.now, decide(case))]
    while isinstance(held := steps[-1][1], Hold):
        assert held.until > case.now
        assert len(steps) < ROUNDS + 2 * len(disturbed), steps
        what = left.pop() if left else ""
        now = held.until + LATE.get(what, timedelta(0))
        recent = crowded(case, now) if what == "crowd" else case.recent
        settled = case.settled or held.reason is not Reason.SETTLING
        case = replace(case, now=now, recent=recent, reconsidered=True, settled=settled)
        steps.append((now, decide(case)))
    return steps


def crowded(case: Case, now: datetime) -> tuple[datetime, ...]:
    """As many as fit go just before."""
    recent = list(case.recent)
    while case.limit and free_at(case.limit, recent, now=now) is None:
        recent.append(now)
    return tuple(recent)


def is_quiet(case: Case, now: datetime, then: str) -> bool:
    """By a look at the clock on the wall."""
    wall = now.astimezone(case.zone).time()
    return any(says_quiet(each, wall) for each in case.quiet_hours if each.then == then)


@given(case=cases, went=st.lists(st.integers(0, 2000), max_size=5), disturbed=disturbances)
def test_a_held_alert_ends_sent_or_dropped(case: Case, went: list[int], disturbed: list[str]) -> None:
    recent = tuple(sorted(case.now - ago * MINUTE for ago in went))
    ended_at, end = journey(replace(case, recent=recent), disturbed)[-1]
    assert isinstance(end, Send | Drop)
    if isinstance(end, Drop) or case.policy.urgent:
        return
    assert not is_quiet(case, ended_at, "drop")
    assert not is_quiet(case, ended_at, "hold") or not leave_some_time(case.quiet_hours)


@given(case=cases, disturbed=disturbances)
def test_urgent_news_waits_for_nothing_but_a_digest_or_a_flood(case: Case, disturbed: list[str]) -> None:
    urgent = replace(case, policy=case.policy.model_copy(update={"urgent": True}))
    reasons = {decision.reason for _, decision in journey(urgent, disturbed)}
    assert not reasons & {Reason.SETTLING, Reason.QUIET_HOURS, Reason.THROTTLED}


@given(case=cases.filter(lambda case: case.flooded_at is not None), disturbed=disturbances)
def test_a_flood_holds_once_half_an_hour_at_most_and_nothing_of_it_settles(case: Case, disturbed: list[str]) -> None:
    """So that what it holds goes together."""
    (_, first), *others = journey(case, disturbed)
    if not isinstance(first, Hold) or first.reason is not Reason.FLOOD:
        assert not isinstance(first, Hold) or first.reason is Reason.DIGEST or case.is_correction
        return
    assert case.now < first.until <= case.now + 30 * MINUTE
    assert not {Reason.FLOOD, Reason.SETTLING} & {decision.reason for _, decision in others}


some_time = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=9))


@given(listed=minutes, read=st.lists(some_time, min_size=1, max_size=20))
def test_what_is_read_of_a_flood_in_ten_minutes_is_one_message_and_the_rest_two_an_hour(
    listed: datetime, read: list[timedelta]
) -> None:
    def goes_at(after: timedelta) -> datetime:
        usual: dict[str, Any] = {"policy": AlertPolicy(), "story_opened_at": listed, "outlets": 1, "told": Told()}
        held = decide(Case(now=listed + after, flooded_at=listed, **usual))
        assert isinstance(held, Hold)
        return held.until

    assert len({goes_at(after) for after in read if after < 10 * MINUTE}) <= 1
    assert len({goes_at(after) for after in read}) <= 3 + max(read) // (30 * MINUTE)


@given(case=cases, disturbed=disturbances)
def test_a_correction_of_what_was_told_is_told_unless_nobody_is_to_hear_of_it(case: Case, disturbed: list[str]) -> None:
    known = replace(case.told, topic_told_at=LONG_AGO, about_story_at=LONG_AGO)
    steps = [decision for _, decision in journey(replace(case, told=known, is_correction=True), disturbed)]
    assert steps[-1] in {Send(Reason.CORRECTED), Drop(Reason.SILENCED), Drop(Reason.QUIET_HOURS)}
    assert bool(case.silenced_by) == (steps[-1] == Drop(Reason.SILENCED))
    assert Reason.SETTLING not in {decision.reason for decision in steps}


@given(case=cases, disturbed=disturbances)
def test_a_correction_is_news_as_any_other_to_whom_it_was_not_told(case: Case, disturbed: list[str]) -> None:
    new = replace(case, told=replace(case.told, topic_told_at=None))
    corrected, as_usual = (journey(replace(new, is_correction=either), disturbed) for either in (True, False))
    assert corrected == as_usual


@given(case=cases.filter(lambda case: case.send.when != "as_it_happens"), disturbed=disturbances)
def test_a_digest_is_never_early(case: Case, disturbed: list[str]) -> None:
    ended_at, end = journey(case, disturbed)[-1]
    if isinstance(end, Send):
        assert ended_at > case.now
        assert any(shows(case, case.now + n * MINUTE) for n in range(1, int((ended_at - case.now) / MINUTE) + 1))


@given(case=cases.filter(lambda case: case.send.when != "as_it_happens"))
def test_a_digest_is_on_time_if_nothing_stands_against_it(case: Case) -> None:
    free = replace(case, quiet_hours=(), limit=None)
    ended_at, end = journey(free, [])[-1]
    if isinstance(end, Send):
        assert shows(case, ended_at)
        assert not any(shows(case, case.now + n * MINUTE) for n in range(1, int((ended_at - case.now) / MINUTE)))


def shows(case: Case, moment: datetime) -> bool:
    """The clock on the wall reaches a digest's time in this minute; what it shows again does not count."""
    before, wall = ((moment - back).astimezone(case.zone) for back in (MINUTE, timedelta(0)))
    if case.send.when == "hourly":
        return wall.minute == 0
    earlier, later = before.replace(tzinfo=None), wall.replace(tzinfo=None)
    days = {day for day in (earlier.date(), later.date()) if case.send.weekday in {None, day.weekday()}}
    return not wall.fold and any(earlier < datetime.combine(day, case.send.at or time(0)) <= later for day in days)


# -- many alerts on one channel ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Telling:
    now: datetime
    is_urgent: bool


def told(cases: list[Case]) -> list[Telling]:
    """Each judged when it comes and when it is due again, by one clock; each that goes counts for the others."""
    queue = [(case.now, number, replace(case, since=case.now)) for number, case in enumerate(cases)]
    heapq.heapify(queue)
    went: list[Telling] = []
    rounds = 0
    while queue:
        now, number, case = heapq.heappop(queue)
        rounds += 1
        assert rounds <= len(cases) * (ROUNDS + 2 * len(cases))
        recent = tuple(each.now for each in went)
        match decide(replace(case, now=now, recent=recent)):
            case Hold(_, until):
                heapq.heappush(queue, (until, number, replace(case, reconsidered=True)))
            case Send():
                went.append(Telling(now, case.policy.urgent))
            case Drop():
                pass
    return went


@given(
    channel=cases,
    came=st.lists(st.tuples(st.integers(0, 3 * 24 * 60), policies, st.booleans()), min_size=2, max_size=8),
    limit=limits.filter(bool),
)
def test_a_limit_holds_in_every_stretch(channel: Case, came: list[tuple[int, AlertPolicy, bool]], limit: Limit) -> None:
    one = replace(channel, limit=limit, told=Told(), silenced_by="", age=None)
    went = told([_later(one, after * MINUTE, policy, is_new=is_new) for after, policy, is_new in came])
    for number, last in enumerate(went):
        stretch = [each for each in went[: number + 1] if each.now > last.now - limit.per]
        assert last.is_urgent or len(stretch) <= limit.count


def _later(case: Case, after: timedelta, policy: AlertPolicy, *, is_new: bool) -> Case:
    now = case.now + after
    return replace(case, now=now, story_opened_at=now if is_new else case.story_opened_at, policy=policy)


def test_ten_stories_at_once_with_three_an_hour_take_four_hours() -> None:
    noon = instant("Tue 2026-11-24 12:00", BERLIN)
    usual: dict[str, Any] = {"policy": AlertPolicy(), "story_opened_at": noon - DAY, "outlets": 1, "told": Told()}
    went = told([Case(now=noon, limit=Limit(count=3, per=60 * MINUTE), **usual)] * 10)
    assert [(each.now - noon) // (60 * MINUTE) for each in went] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


# -- after an outage -----------------------------------------------------------------------------


BACK = "Mon 2026-03-30 10:17"  # the clock was changed meanwhile


@pytest.mark.parametrize(
    ("came", "told_at"),
    [
        ("Thu 2026-03-26 08:00", BACK),
        ("Fri 2026-03-27 08:00", BACK),
        ("Sun 2026-03-29 01:59", BACK),
        ("Sun 2026-03-29 03:00", BACK),
        ("Mon 2026-03-30 06:59", BACK),
        ("Mon 2026-03-30 07:00", "Tue 2026-03-31 07:00"),
    ],
)
def test_after_four_days_without_power_all_that_was_due_goes_at_once(came: str, told_at: str) -> None:
    seven = settings.Send(when="daily", at=time(7))
    since, now = instant(came, BERLIN), instant(BACK, BERLIN)
    decision = decide(
        Case(
            now=now,
            policy=AlertPolicy(),
            story_opened_at=since,
            outlets=1,
            told=Told(),
            reconsidered=True,
            send=seven,
            zone=BERLIN,
            since=since,
        )
    )
    tomorrow = Hold(Reason.DIGEST, until=instant(told_at, BERLIN))
    assert decision == (Send(Reason.NEW_STORY) if told_at == BACK else tomorrow)
