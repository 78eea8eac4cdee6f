"""When the daemon looks for work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.work.schedule import COUNT, TICK, Job, Punctuality, schedule


async def nothing() -> None:
    pass


async def test_it_looks_for_work_at_its_start_and_not_a_second_later() -> None:
    scheduler = schedule(Job("tick", nothing, TICK), Job("count", nothing, COUNT))
    scheduler.start(paused=True)
    assert all(job.next_run_time <= datetime.now(UTC) for job in scheduler.get_jobs())
    scheduler.shutdown()


async def test_words_are_counted_twice_an_hour() -> None:
    scheduler = schedule(Job("tick", nothing, TICK), Job("count", nothing, COUNT))
    scheduler.start(paused=True)
    assert scheduler.get_job("count").trigger.interval == timedelta(minutes=30)
    scheduler.shutdown()


def test_it_is_known_how_late_a_look_for_work_was_at_worst() -> None:
    punctuality = Punctuality(timedelta(seconds=1))
    for at in (100.0, 101.0, 104.5, 105.5):
        punctuality.begins(at=at)
    assert punctuality.worst == 2.5


def test_a_first_look_is_never_late() -> None:
    punctuality = Punctuality(timedelta(seconds=1))
    punctuality.begins(at=100.0)
    assert punctuality.worst == 0
