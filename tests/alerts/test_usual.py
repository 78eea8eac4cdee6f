"""Whether a topic finds as much as it uses to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import pytest

from monitor.alerts.usual import Loud, Silent, unusual

TODAY = date(2026, 6, 30)


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


ALL_DAYS = [days_ago(number) for number in range(100)]


def found(per_day: Mapping[int, int]) -> dict[date, int]:
    return {days_ago(number): count for number, count in per_day.items()}


def daily(count: int, *, until: int = 1, since: int = 60) -> dict[int, int]:
    return dict.fromkeys(range(until, since), count)


def said(per_day: Mapping[int, int], read: list[date] = ALL_DAYS) -> Silent | Loud | None:
    return unusual(found(per_day), read, today=TODAY)


# -- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pause", "is_silent"), [(3, False), (4, False), (5, True)])
def test_a_topic_of_every_day_is_silent_after_more_than_three_days(pause: int, is_silent: bool) -> None:
    assert (said(daily(5, until=pause)) == Silent(days_ago(pause), pause - 1, 1)) is is_silent


def test_weekends_are_no_silence_and_neither_is_a_week_of_holidays() -> None:
    on_workdays = {n: 5 for n in range(1, 60) if days_ago(n).weekday() < 5}
    for pause in range(1, 8):
        assert said({n: count for n, count in on_workdays.items() if n > pause}) is None


@pytest.mark.parametrize("per_month", [1, 2, 5, 9])
def test_a_rare_topic_is_never_silent(per_month: int) -> None:
    random = Random(per_month)
    days = sorted(random.sample(range(1, 100), 3 * per_month))
    for pause in range(60):
        assert said({n + pause: 3 for n in days}) is None


def test_a_topic_of_one_event_that_is_over_is_not_silent() -> None:
    assert said(dict.fromkeys(range(20, 30), 40)) is None


def test_a_new_topic_has_no_history_to_be_held_against_it() -> None:
    assert said(daily(5, until=6, since=16)) is None


def test_days_on_which_nothing_was_read_are_no_silence_of_the_topic() -> None:
    away = [days_ago(number) for number in (0, *range(9, 90))]
    assert said(daily(5, until=9), away) is None


def test_one_that_found_something_today_is_not_silent() -> None:
    assert said({**daily(5, until=20), 0: 1}) is None


# -- loud ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "is_loud"), [(35, False), (36, True)])
def test_three_times_the_busiest_day_is_loud(today: int, is_loud: bool) -> None:
    assert (said({**daily(5), 7: 12, 0: today}) == Loud(today, 12)) is is_loud


def test_a_rare_topic_may_have_its_day() -> None:
    assert said({40: 1, 3: 2, 0: 29}) is None
    assert said({40: 1, 3: 2, 0: 30}) == Loud(30, 2)


def test_the_day_after_is_not_loud_again() -> None:
    assert said({**daily(5), 1: 100, 0: 120}) is None


def test_a_new_topic_is_not_loud() -> None:
    assert said({3: 1, 0: 200}) is None


def test_a_topic_that_found_nothing_for_weeks_has_no_usual_day() -> None:
    assert said({60: 4, 50: 4, 0: 200}) is None


@pytest.mark.parametrize("seed", range(20))
def test_ordinary_weeks_are_never_told(seed: int) -> None:
    """Busy and calm days by chance, for a year: nothing is silent, nothing is loud."""
    random = Random(seed)
    rate = random.choice([2, 5, 20])
    counts = {days_ago(-n): sum(random.random() < 0.1 for _ in range(10 * rate)) for n in range(365)}
    for n in range(60, 365):
        today = days_ago(-n)
        known = {day: count for day, count in counts.items() if day <= today}
        assert unusual(known, set(counts), today=today) is None
