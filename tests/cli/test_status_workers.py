"""`status` where many machines work together: who lives, and what nobody does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.app import utc_now
from monitor.store import workers
from monitor.store.database import Database
from monitor.store.workers import LOST, Worker
from tests.cli.conftest import Monitor


def known(home: Path, *those: Worker) -> None:
    (home / "data").mkdir()
    database = Database(f"sqlite:///{home}/data/monitor.db")
    database.prepare()
    for worker in those:
        database.write(workers.beat, worker, now=worker.beat_at)
    database.close()


def a_worker(now: datetime, *stages: str) -> Worker:
    return Worker("w1", "gudang:17", "worker", stages, 16, "0.1.0", now - timedelta(hours=1), now)


def the_one_that_hands_on(now: datetime) -> Worker:
    return replace(a_worker(now), id="r1", name="depan:4", kind="run", concurrency=0)


def test_workers_and_what_they_do_are_shown(monitor: Monitor, home: Path) -> None:
    known(home, the_one_that_hands_on(utc_now()), a_worker(utc_now(), "poll", "ingest", "deliver"))
    out = monitor("status").out
    assert "depan:4: hands on what is due, since " in out
    assert "gudang:17: poll, ingest, deliver, 16 at a time, since " in out
    assert "nobody does this" not in out
    [told] = monitor("status", "--json").lines
    assert [(worker["name"], worker["stages"]) for worker in told["workers"]] == [
        ("depan:4", []),
        ("gudang:17", ["poll", "ingest", "deliver"]),
    ]


def test_a_worker_that_is_not_heard_of_any_more_and_what_nobody_does(monitor: Monitor, home: Path) -> None:
    known(home, the_one_that_hands_on(utc_now()), a_worker(utc_now() - LOST, "poll", "ingest", "deliver"))
    out = monitor("status").out
    assert "gudang:17: not heard of since " in out
    for stage in ("poll", "ingest", "deliver"):
        assert f"nobody does this: {stage}; start a worker: monitor worker" in out


def test_one_that_works_alone_has_no_workers_to_show(monitor: Monitor, home: Path) -> None:
    monitor.round()
    assert "workers" not in monitor("status").out
    assert monitor("status", "--json").lines[0]["workers"] == []
