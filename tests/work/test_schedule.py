"""When the daemon looks for work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.work.schedule import COUNT, TICK, Job, schedule


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
