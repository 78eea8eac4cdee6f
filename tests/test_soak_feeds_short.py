"""Feeds that fail in every way harm no other; `make soak-feeds` goes on for much longer, with many more."""

from __future__ import annotations

from pathlib import Path

from tests.faults import FAULTS, HEAVY, Plan
from tests.press import DEEDS
from tests.soak_feeds import Asked, soak

QUICK = tuple(kind for kind in (*FAULTS, *DEEDS) if kind not in HEAVY)


def test_each_kind_of_fault_comes_where_there_are_feeds_enough() -> None:
    plan = Plan(seconds=600)
    kinds = {phase.what for feed in range(len(FAULTS) + len(DEEDS)) for phase in plan.of(feed, seed=3)}
    assert kinds == {*FAULTS, *DEEDS}


def test_most_feeds_are_well_at_any_time() -> None:
    plan = Plan(seconds=1800)
    phases = [plan.of(feed, seed=1) for feed in range(1000)]
    for moment in range(0, 1800, 60):
        ill = sum(any(one.start <= moment < one.end and one.what in FAULTS for one in of_one) for of_one in phases)
        assert ill < 300


def test_feeds_that_fail_in_every_way_lose_nothing_and_harm_no_other(tmp_path: Path) -> None:
    plan = Plan(seconds=12, well=5, unwell=3, calm=2, only=QUICK)
    asked = Asked(plan, feeds=len(QUICK) + 20, every=(2,), publishes=5, look=1, is_timed=False)
    result = soak(tmp_path, asked, report=print)
    assert result.complaints == ()
