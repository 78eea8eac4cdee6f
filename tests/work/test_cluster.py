"""Workers are killed, PostgreSQL is torn down, a clock is wrong: nothing is lost; `make soak-cluster` goes on for longer."""

from __future__ import annotations

from pathlib import Path

from tests.soak_cluster import Asked, soak

SHORT = Asked(
    seconds=10,
    feeds=9,
    runs=1,
    workers=2,
    hosts=3,
    every="2s",
    publishes=9,
    pause=(2, 4),
    restarts=((0.4, True),),
    away=1,
    module="tests.hurried",
    patience=180,
    is_timed=False,
)


def test_killed_and_cut_off_the_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    result = soak(tmp_path, SHORT, report=print)
    assert result.is_good, result
