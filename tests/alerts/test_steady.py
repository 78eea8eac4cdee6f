"""Whether time went by as it should: a clock that was set, a machine that slept, one that stood still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.alerts.steady import Happening, Jumped, Moment, Slept, Stalled, Steadiness
from tests.build import NOON

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def after(wall: float, *, steady: float | None = None, awake: float | None = None) -> list[Happening]:
    """What is said of a look that came after so many seconds by each clock."""
    steadiness = Steadiness(SECOND)
    steady = wall if steady is None else steady
    steadiness.step(Moment(NOON, 1000.0, 500.0))
    return steadiness.step(Moment(NOON + wall * SECOND, 1000.0 + steady, 500.0 + (steady if awake is None else awake)))


@pytest.mark.parametrize("seconds", [0.4, 1, 5, 30])
def test_a_look_that_is_a_little_late_is_nothing(seconds: float) -> None:
    assert after(seconds) == []


def test_a_first_look_is_nothing() -> None:
    assert Steadiness(SECOND).step(Moment(NOON, 0, 0)) == []


def test_a_clock_that_is_set_back_an_hour_went_back() -> None:
    assert after(-3599, steady=1) == [Jumped(-HOUR, NOON - 3599 * SECOND)]


def test_a_clock_that_is_set_forward_went_forward() -> None:
    assert after(3601, steady=1) == [Jumped(HOUR, NOON + 3601 * SECOND)]


def test_a_clock_that_is_kept_by_the_network_moves_a_little_all_the_time() -> None:
    assert after(-20, steady=1) == after(50, steady=1) == []


def test_a_machine_that_slept_has_a_clock_that_is_right() -> None:
    assert after(3601, awake=1) == [Slept(HOUR, NOON + 3601 * SECOND)]


def test_one_that_was_awake_and_looked_for_no_work_stood_still() -> None:
    assert after(46) == [Stalled(45 * SECOND, NOON + 46 * SECOND)]


def test_each_is_said_of_one_look_alone() -> None:
    steadiness = Steadiness(SECOND)
    said = [steadiness.step(Moment(NOON + at * SECOND, at, at)) for at in (0, 1, 100, 101, 102)]
    assert [len(each) for each in said] == [0, 0, 1, 0, 0]


def test_of_another_machines_clock_nothing_is_said() -> None:
    steadiness = Steadiness(SECOND, has_own_clock=False)
    steadiness.step(Moment(NOON, 0, 0))
    assert steadiness.step(Moment(NOON + HOUR, 1, 1)) == []
