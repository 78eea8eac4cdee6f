"""When the daemon looks for work."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.work.schedule import schedule


async def test_it_looks_for_work_at_its_start_and_not_a_second_later() -> None:
    async def tick() -> None:
        pass

    scheduler = schedule(tick)
    scheduler.start(paused=True)
    [job] = scheduler.get_jobs()
    assert job.next_run_time <= datetime.now(UTC)
    scheduler.shutdown()
