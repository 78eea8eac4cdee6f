"""What runs when: a handful of jobs, never one per feed. When a feed is due is a column, not a job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.errors import MonitorError

log = structlog.get_logger()
TICK: Final = timedelta(seconds=1)
COUNT: Final = timedelta(minutes=30)
TIDY: Final = timedelta(hours=1)
TEND: Final = timedelta(minutes=1)
PING: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Job:
    """What comes at the start, or a while after it, and again and again."""

    name: str
    run: Callable[[], Awaitable[None]]
    every: timedelta
    after: timedelta = timedelta(0)  # the start


@dataclass(slots=True)
class Punctuality:
    """How late a job was at worst, since the start."""

    every: timedelta
    began_at: float | None = field(default=None, init=False)
    worst: float = field(default=0.0, init=False)  # seconds

    def begins(self, *, at: float) -> None:
        """`at`: seconds by any clock that never goes back."""
        if self.began_at is not None:
            self.worst = max(self.worst, at - self.began_at - self.every.total_seconds())
        self.began_at = at


def schedule(*jobs: Job) -> AsyncIOScheduler:
    """A scheduler that is not started yet. Late runs are made up for once, never dropped."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    first = datetime.now(UTC)
    for job in jobs:
        seconds = job.every.total_seconds()
        known_as = {"id": job.name, "replace_existing": True}
        scheduler.add_job(job.run, "interval", seconds=seconds, next_run_time=first + job.after, **known_as)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it prints tracebacks; _failed says it in a line
    scheduler.add_listener(Failures().heard, EVENT_JOB_ERROR | EVENT_JOB_EXECUTED)
    return scheduler


@dataclass(slots=True)
class Failures:
    """A job that fails is one line, however often it comes again, until it does what it should or fails otherwise."""

    of: dict[str, str] = field(default_factory=dict)

    def heard(self, event: JobExecutionEvent) -> None:
        if isinstance(event.exception, asyncio.CancelledError):  # we are stopping
            return
        error = event.exception
        why = str(error) if isinstance(error, MonitorError) else repr(error)
        if error is not None and self.of.get(event.job_id) != why:
            log.error("a scheduled job failed; it comes again in its time", job=event.job_id, why=why)
        self.of.pop(event.job_id, None)
        if error is not None:
            self.of[event.job_id] = why
