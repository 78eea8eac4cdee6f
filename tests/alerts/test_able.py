"""Whether monitor can do its job: feeds are asked, somebody answers, messages go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.able import Vitals, Way, hindrances
from monitor.alerts.condition import Condition
from monitor.settings import Settings
from tests.build import NOON, a_channel, a_feed, settings

MINUTE = timedelta(minutes=1)
LONG_AGO = NOON - timedelta(days=7)


def after(minutes: float) -> Any:
    return NOON + minutes * MINUTE


def a_condition(number: int = 1, **changes: Any) -> Condition:
    """Read a moment ago, and due again in a quarter of an hour."""
    values = {"host": f"{number}.example:443", "last_polled_at": NOON, "last_success_at": NOON, "due_at": after(15)}
    return Condition(number, f"Feed {number}", **{**values, **changes})


def out_of_reach(number: int = 1, *, since: float, read: float | None, asked: float) -> Condition:
    return a_condition(
        number,
        failures=2,
        last_error="unknown host",
        failing_since=after(since),
        last_polled_at=after(asked),
        last_success_at=None if read is None else after(read),
        due_at=after(asked + 15),
    )


def said(*feeds: Condition, at: float, ways: tuple[Way, ...] = (), by: Settings | None = None) -> list[str]:
    return hindrances(Vitals(feeds, ways), by or settings(), since=LONG_AGO, now=after(at))


# -- feeds ---------------------------------------------------------------------------------------


def test_all_is_well_where_feeds_are_asked_when_they_are_due() -> None:
    assert said(a_condition(1), a_condition(2), at=5) == []


def test_a_server_may_ask_for_a_longer_pause_than_the_user() -> None:
    assert said(a_condition(due_at=after(60)), at=59) == []


@pytest.mark.parametrize(("at", "is_well"), [(24, True), (25, False)])
def test_feeds_that_are_due_and_that_nobody_asks_for_ten_minutes_are_no_work(at: float, is_well: bool) -> None:
    assert (said(a_condition(), at=at) == []) is is_well


def test_of_hundreds_that_are_due_after_a_pause_some_wait_their_turn() -> None:
    waiting = [a_condition(number, last_polled_at=LONG_AGO, due_at=LONG_AGO) for number in range(300)]
    assert said(a_condition(301, last_polled_at=after(19)), *waiting, at=20) == []


def test_what_was_due_before_the_start_waits_since_the_start() -> None:
    found = hindrances(Vitals([a_condition()], ()), settings(), since=after(600), now=after(605))
    assert found == []


def test_a_feed_that_is_paused_is_not_waited_for() -> None:
    assert said(a_condition(paused="HTTP 410", due_at=None), at=600) == []


def test_a_server_that_answers_with_a_fault_was_reached() -> None:
    failing = a_condition(failures=9, last_error="HTTP 503", failing_since=LONG_AGO, last_success_at=LONG_AGO)
    assert said(failing, at=5) == []


@pytest.mark.parametrize(("at", "is_well"), [(44, True), (46, False)])
def test_where_no_feed_answers_for_three_pauses_we_are_cut_off(at: float, is_well: bool) -> None:
    cut_off = [out_of_reach(number, since=1, read=0, asked=at - 1) for number in range(3)]
    assert (said(*cut_off, at=at) == []) is is_well


def test_one_feed_that_answers_is_enough() -> None:
    cut_off = [out_of_reach(number, since=1, read=0, asked=60) for number in range(3)]
    assert said(*cut_off, a_condition(9, last_polled_at=after(58), due_at=after(73)), at=61) == []


def test_one_dead_feed_says_nothing_while_the_others_are_not_due() -> None:
    dead = out_of_reach(since=-9000, read=None, asked=299)
    seldom = a_condition(2, due_at=after(24 * 60))
    assert said(dead, seldom, at=300) == []


def test_a_first_feed_that_never_could_be_reached_is_no_good_work() -> None:
    assert said(out_of_reach(since=0, read=None, asked=45), at=46) == ["no feed can be reached"]


def test_a_folder_does_not_hide_that_the_line_is_dead() -> None:
    folder = a_condition(2, host=None, last_polled_at=after(46), due_at=after(61))
    assert said(out_of_reach(since=1, read=0, asked=45), folder, at=47) == ["no feed can be reached"]


def test_feeds_that_are_asked_all_the_time_are_given_ten_minutes_too() -> None:
    quick = settings(feeds=(a_feed(every=timedelta(seconds=2)),))
    assert said(out_of_reach(since=0, read=0, asked=9), at=9, by=quick) == []
    assert said(out_of_reach(since=0, read=0, asked=10), at=10, by=quick) == ["no feed can be reached"]


# -- channels ------------------------------------------------------------------------------------

PHONE_AND_MAIL = settings(channels=(a_channel("phone", fallback="mail"), a_channel("mail")))


def test_what_is_due_and_not_tried_for_ten_minutes_is_not_sent() -> None:
    way = Way("mail", waits_since=NOON)
    assert said(at=9, ways=(way,)) == []
    assert said(at=10, ways=(way,)) == ["what is due for the channel mail is not sent"]


def test_a_hundred_messages_on_their_way_to_a_slow_channel_are_no_fault() -> None:
    assert said(at=20, ways=(Way("mail", waits_since=NOON, moved_at=after(19)),)) == []


def test_a_channel_that_rests_as_it_was_asked_to_is_waited_for() -> None:
    assert said(at=29, ways=(Way("mail", waits_since=NOON, moved_at=after(20)),)) == []


def test_a_channel_that_is_given_up_is_no_fault_where_its_fallback_works() -> None:
    phone = Way("phone", is_given_up=True)
    assert said(at=1, ways=(phone, Way("mail")), by=PHONE_AND_MAIL) == []
    broken = said(at=1, ways=(phone, Way("mail", is_given_up=True)), by=PHONE_AND_MAIL)
    assert broken == [
        "the channel phone does not work, and has no fallback that does",
        "the channel mail does not work, and has no fallback that does",
    ]


def test_channels_that_fall_back_on_each_other_are_looked_at_once() -> None:
    circle = settings(channels=(a_channel("phone", fallback="mail"), a_channel("mail", fallback="phone")))
    ways = (Way("phone", is_given_up=True), Way("mail", is_given_up=True))
    assert len(said(at=1, ways=ways, by=circle)) == 2
