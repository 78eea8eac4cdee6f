"""When a person is told of a story, when it waits, and when it is let be."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from monitor import settings
from monitor.alerts.decide import Case, decide, note
from monitor.model import Decision, Drop, Hold, Reason, Send, Told
from monitor.settings import AlertPolicy, Limit, QuietHours
from tests.alerts.localtime import BERLIN, JAKARTA, instant

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
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
CORRECTED: dict[str, Any] = {"told": told(), "is_correction": True}
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
        ("what was told is corrected", a_case(**CORRECTED), Send(Reason.CORRECTED)),
        ("at once", a_case(**CORRECTED, **JUST_NOW), Send(Reason.CORRECTED)),
        ("however many report it by now", a_case(**CORRECTED, outlets=9), Send(Reason.CORRECTED)),
        ("also to who wants no follow-up", a_case(AlertPolicy(follow_up=None), **CORRECTED), Send(Reason.CORRECTED)),
        ("however old the article is", a_case(**CORRECTED, age=timedelta(days=99)), Send(Reason.CORRECTED)),
        ("whom it was not told it corrects nothing", a_case(is_correction=True), Send(Reason.NEW_STORY)),
        ("so that it waits as any", a_case(**JUST_NOW, is_correction=True), Hold(Reason.SETTLING, until=NOON + MINUTE)),
        ("and may be too old", a_case(is_correction=True, age=timedelta(days=4)), Drop(Reason.TOO_OLD)),
        ("nor for a topic that finds the story only now", a_case(told=told(topic=False), is_correction=True), Send(Reason.NOW_ALSO)),
        ("which may find it too old", a_case(told=told(topic=False), is_correction=True, age=timedelta(days=4)), Drop(Reason.TOO_OLD)),
    ],
)  # fmt: skip
def test_rules(sentence: str, case: Case, decision: Decision) -> None:
    assert decide(case) == decision, sentence


# -- silences, digests, quiet hours, limits ------------------------------------------------------

CAME = instant("Mon 2026-11-23 23:00", BERLIN)  # at night
MORNING = instant("Tue 2026-11-24 05:30", BERLIN)
SEVEN = instant("Tue 2026-11-24 07:00", BERLIN)
DAILY = settings.Send(when="daily", at=time(7))
NIGHT = (QuietHours(start=time(22), end=time(5, 30)),)
NO_NIGHT = (QuietHours(start=time(22), end=time(5, 30), then="drop"),)
ONE_AN_HOUR = Limit(count=1, per=timedelta(hours=1))
FULL: dict[str, Any] = {"limit": ONE_AN_HOUR, "recent": (CAME - 10 * MINUTE,)}
ROOM = CAME + 50 * MINUTE


def at_night(policy: AlertPolicy | None = None, **facts: Any) -> Case:
    """A story whose wait is over at eleven in the evening, in Berlin."""
    return a_case(policy, **{"now": CAME, "story_opened_at": CAME - timedelta(hours=1), "zone": BERLIN, **facts})


def next_day(**facts: Any) -> Case:
    return at_night(since=CAME, reconsidered=True, **facts)


@pytest.mark.parametrize(
    ("sentence", "case", "decision"),
    [
        ("nobody hears of what is silenced", at_night(silenced_by="topic"), Drop(Reason.SILENCED)),
        ("be it urgent", at_night(URGENT, silenced_by="topic"), Drop(Reason.SILENCED)),
        ("be it a follow-up", at_night(told=told(), outlets=9, silenced_by="topic"), Drop(Reason.SILENCED)),
        ("known or not", at_night(told=told(), silenced_by="topic"), Drop(Reason.SILENCED)),
        ("be it held when the silence began", next_day(now=MORNING, silenced_by="topic"), Drop(Reason.SILENCED)),
        ("old news is too old first", at_night(age=timedelta(days=9), silenced_by="topic"), Drop(Reason.TOO_OLD)),
        ("be it corrected", at_night(**CORRECTED, silenced_by="topic"), Drop(Reason.SILENCED)),
        ("a story waits for the digest", at_night(send=DAILY), Hold(Reason.DIGEST, until=SEVEN)),
        ("an urgent one too", at_night(URGENT, send=DAILY), Hold(Reason.DIGEST, until=SEVEN)),
        ("a follow-up too", at_night(send=DAILY, told=told(), outlets=9), Hold(Reason.DIGEST, until=SEVEN)),
        ("a further topic too", at_night(send=DAILY, told=told(topic=False)), Hold(Reason.DIGEST, until=SEVEN)),
        ("a correction too", at_night(send=DAILY, **CORRECTED), Hold(Reason.DIGEST, until=SEVEN)),
        ("it goes out with it", next_day(send=DAILY, now=SEVEN, **CORRECTED), Send(Reason.CORRECTED)),
        ("a story just opened waits for nothing but the digest", at_night(send=DAILY, story_opened_at=CAME), Hold(Reason.DIGEST, until=SEVEN)),
        ("it goes with the digest that comes before its wait is over", at_night(send=DAILY, story_opened_at=SEVEN - MINUTE, now=SEVEN, since=SEVEN - MINUTE), Send(Reason.NEW_STORY)),
        ("what comes with the digest's minute waits for the next", at_night(send=DAILY, now=SEVEN), Hold(Reason.DIGEST, until=SEVEN + timedelta(days=1))),
        ("the digest goes out", next_day(send=DAILY, now=SEVEN), Send(Reason.NEW_STORY)),
        ("not a second earlier", next_day(send=DAILY, now=SEVEN - timedelta(seconds=1)), Hold(Reason.DIGEST, until=SEVEN)),
        ("a missed digest goes at once, whatever the hour", next_day(send=DAILY, now=SEVEN + timedelta(days=4, hours=2)), Send(Reason.NEW_STORY)),
        ("what came in the night is told in the morning", at_night(quiet_hours=NIGHT), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("at the first minute", next_day(quiet_hours=NIGHT, now=MORNING), Send(Reason.NEW_STORY)),
        ("or never", at_night(quiet_hours=NO_NIGHT), Drop(Reason.QUIET_HOURS)),
        ("a follow-up does not ring at night", at_night(quiet_hours=NIGHT, told=told(), outlets=9), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("nor does a further topic", at_night(quiet_hours=NIGHT, told=told(topic=False)), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("nor does a correction", at_night(quiet_hours=NIGHT, **CORRECTED), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("which is told in the morning", next_day(quiet_hours=NIGHT, now=MORNING, **CORRECTED), Send(Reason.CORRECTED)),
        ("or never, as all else", at_night(quiet_hours=NO_NIGHT, **CORRECTED), Drop(Reason.QUIET_HOURS)),
        ("urgent news does", at_night(URGENT, quiet_hours=NIGHT), Send(Reason.NEW_STORY)),
        ("whatever was said of others", at_night(URGENT, quiet_hours=NO_NIGHT), Send(Reason.NEW_STORY)),
        ("quiet hours are those of the zone", at_night(quiet_hours=NIGHT, zone=JAKARTA), Hold(Reason.QUIET_HOURS, until=instant("Tue 2026-11-24 05:30", JAKARTA))),
        ("a story settles first, at night too", at_night(quiet_hours=NIGHT, story_opened_at=CAME), Hold(Reason.SETTLING, until=CAME + 2 * MINUTE)),
        ("a digest at night waits for the morning", next_day(send=DAILY, now=SEVEN, quiet_hours=(QuietHours(start=time(22), end=time(8)),)), Hold(Reason.QUIET_HOURS, until=SEVEN + timedelta(hours=1))),
        ("what is dropped in quiet hours is what would go out in them", at_night(send=DAILY, quiet_hours=NO_NIGHT), Hold(Reason.DIGEST, until=SEVEN)),
        ("above the limit it waits for room", at_night(**FULL), Hold(Reason.THROTTLED, until=ROOM)),
        ("there is room", next_day(**FULL, now=ROOM), Send(Reason.NEW_STORY)),
        ("a second earlier there is none", next_day(**FULL, now=ROOM - timedelta(seconds=1)), Hold(Reason.THROTTLED, until=ROOM)),
        ("a follow-up counts as well", at_night(**FULL, told=told(), outlets=9), Hold(Reason.THROTTLED, until=ROOM)),
        ("so does a further topic", at_night(**FULL, told=told(topic=False)), Hold(Reason.THROTTLED, until=ROOM)),
        ("so does a correction", at_night(**FULL, **CORRECTED), Hold(Reason.THROTTLED, until=ROOM)),
        ("so does a digest", next_day(send=DAILY, now=SEVEN, limit=ONE_AN_HOUR, recent=(SEVEN,)), Hold(Reason.THROTTLED, until=SEVEN + timedelta(hours=1))),
        ("urgent news knows no limit", at_night(URGENT, **FULL), Send(Reason.NEW_STORY)),
        ("be it a correction", at_night(URGENT, **FULL, **CORRECTED, quiet_hours=NIGHT), Send(Reason.CORRECTED)),
        ("no limit, none kept", at_night(recent=(CAME,) * 99), Send(Reason.NEW_STORY)),
        ("quiet hours come before the limit", at_night(**FULL, quiet_hours=NIGHT), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("what the channel knows is not held for it", at_night(**FULL, quiet_hours=NIGHT, send=DAILY, told=told()), Drop(Reason.ALREADY_TOLD)),
    ],
)  # fmt: skip
def test_further_rules(sentence: str, case: Case, decision: Decision) -> None:
    assert decide(case) == decision, sentence


# -- a flood ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "read", "told"),
    [
        ("12:00", "12:00", "12:20"),
        ("12:03", "12:03", "12:20"),
        ("12:03", "12:19", "12:20"),
        ("12:09", "12:11", "12:20"),
        ("12:11", "12:11", "12:30"),
        ("12:03", "12:20", "12:30"),
        ("12:03", "12:31", "13:00"),
        ("12:03", "18:59", "19:00"),
    ],
)
def test_what_came_in_a_flood_waits_for_the_others(listed: str, read: str, told: str) -> None:
    """Ten minutes at least; what is read later goes at the next half hour."""
    flooded_at, now, until = (instant(f"Sat 2026-11-21 {clock}", BERLIN) for clock in (listed, read, told))
    assert decide(a_case(now=now, flooded_at=flooded_at)) == Hold(Reason.FLOOD, until)


def test_a_flood_is_no_matter_of_urgency() -> None:
    assert isinstance(decide(a_case(URGENT, flooded_at=NOON)), Hold)


def test_what_waited_for_a_flood_is_told() -> None:
    assert decide(a_case(flooded_at=NOON - 10 * MINUTE, reconsidered=True)) == Send(Reason.NEW_STORY)


def test_old_and_told_news_of_a_flood_are_dropped_at_once() -> None:
    old = a_case(AlertPolicy(max_age=timedelta(days=3)), flooded_at=NOON, age=timedelta(days=4))
    assert decide(old) == Drop(Reason.TOO_OLD)
    assert decide(a_case(told=told(), flooded_at=NOON)) == Drop(Reason.ALREADY_TOLD)
    assert decide(a_case(flooded_at=NOON, silenced_by="topic")) == Drop(Reason.SILENCED)


def test_a_correction_and_a_channel_with_digests_do_not_wait_for_a_flood() -> None:
    assert decide(a_case(flooded_at=NOON, **CORRECTED)) == Send(Reason.CORRECTED)
    in_digest = decide(a_case(flooded_at=NOON, send=settings.Send(when="hourly")))
    assert isinstance(in_digest, Hold)
    assert in_digest.reason is Reason.DIGEST


# -- only the best, and what a narrower topic tells ------------------------------------------------

BEST = AlertPolicy(only="best")
URGENT_BEST = AlertPolicy(only="best", urgent=True)
WEAK: dict[str, Any] = {"score": 49, "outlets": 1}
HIDDEN: dict[str, Any] = {"hidden_by": "Pasukan Korut"}


@pytest.mark.parametrize(
    ("sentence", "case", "decision"),
    [
        ("who wants all is told all", a_case(**WEAK), Send(Reason.NEW_STORY)),
        ("of the best, what hardly matches is not told", a_case(BEST, **WEAK), Drop(Reason.WEAK)),
        ("what matches well is", a_case(BEST, score=50), Send(Reason.NEW_STORY)),
        ("so is what two outlets report", a_case(BEST, score=0, outlets=2), Send(Reason.NEW_STORY)),
        ("an urgent topic obeys too", a_case(URGENT_BEST, **WEAK), Drop(Reason.WEAK)),
        ("at once, as it does not wait", a_case(URGENT_BEST, **JUST_NOW, **WEAK), Drop(Reason.WEAK)),
        ("others have their time to take it up", a_case(BEST, **JUST_NOW, **WEAK), Hold(Reason.SETTLING, until=NOON + MINUTE)),
        ("and are looked for then", a_case(BEST, now=WAIT_OVER, reconsidered=True, **WEAK), Drop(Reason.WEAK)),
        ("until the digest goes", at_night(BEST, send=DAILY, **WEAK), Hold(Reason.DIGEST, until=SEVEN)),
        ("until the morning", at_night(BEST, quiet_hours=NIGHT, **WEAK), Hold(Reason.QUIET_HOURS, until=MORNING)),
        ("what quiet hours let be was dropped for them", at_night(BEST, quiet_hours=NO_NIGHT, **WEAK), Drop(Reason.QUIET_HOURS)),
        ("what is weak needs no room", at_night(BEST, **FULL, **WEAK), Drop(Reason.WEAK)),
        ("what was told goes on being told", a_case(BEST, told=told(outlets=0), **WEAK | {"outlets": 5}), Send(Reason.STORY_GREW)),
        ("also where one outlet is left of it", a_case(AlertPolicy(only="best", follow_up=0), told=told(), **WEAK), Send(Reason.STORY_GREW)),
        ("so is what was wrong in it", a_case(BEST, **CORRECTED, **WEAK), Send(Reason.CORRECTED)),
        ("a further topic has to be good itself", a_case(BEST, told=told(topic=False), **WEAK), Drop(Reason.WEAK)),
        ("a narrower topic tells it", a_case(**HIDDEN), Drop(Reason.HIDDEN)),
        ("however urgent the wide one is", a_case(URGENT, **HIDDEN), Drop(Reason.HIDDEN)),
        ("and at once", a_case(**JUST_NOW, **HIDDEN), Drop(Reason.HIDDEN)),
        ("follow-ups are the narrow one's too", a_case(told=told(), outlets=9, **HIDDEN), Drop(Reason.HIDDEN)),
        ("what was told is corrected all the same", a_case(**CORRECTED, **HIDDEN), Send(Reason.CORRECTED)),
        ("but to nobody else", a_case(is_correction=True, **HIDDEN), Drop(Reason.HIDDEN)),
        ("what is silenced was silenced first", a_case(silenced_by="topic", **HIDDEN), Drop(Reason.SILENCED)),
        ("what is old was too old first", a_case(age=timedelta(days=9), **HIDDEN), Drop(Reason.TOO_OLD)),
        ("what was told was told first", a_case(told=told(), **HIDDEN), Drop(Reason.ALREADY_TOLD)),
        ("a flood does not hold it", a_case(flooded_at=NOON, **HIDDEN), Drop(Reason.HIDDEN)),
    ],
)  # fmt: skip
def test_rules_of_choice(sentence: str, case: Case, decision: Decision) -> None:
    assert decide(case) == decision, sentence


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (a_case(BEST, score=31), "score 31, one outlet"),
        (a_case(**HIDDEN), "topic 'Pasukan Korut'"),
        (a_case(silenced_by="story 3, until noon", **HIDDEN), "story 3, until noon"),
        (a_case(**JUST_NOW), ""),
        (a_case(age=timedelta(days=9), score=31, **HIDDEN), ""),
    ],
)
def test_what_is_dropped_says_for_what(case: Case, said: str) -> None:
    assert note(case, decide(case)) == said
