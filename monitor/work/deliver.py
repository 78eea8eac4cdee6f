"""Bring a notification to its channel, and mark it only after it went.

A crash between the send and its mark sends it again: an alert may come twice, none is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import assert_never
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.message import compose
from monitor.metrics import Metrics
from monitor.model import Claim, Delivery, Failed, Sent
from monitor.notify.channel import OpenChannel
from monitor.store import outbox
from monitor.store.database import Database
from monitor.timing import retry_at

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deliver:
    """Built once per configuration; each channel has a thread of its own, so that one that hangs delays no other."""

    database: Database
    metrics: Metrics
    channels: Mapping[str, OpenChannel]
    zone: ZoneInfo
    random: Random
    clock: Callable[[], datetime]
    threads: Mapping[str, ThreadPoolExecutor] = field(init=False)

    def __post_init__(self) -> None:
        threads = {name: ThreadPoolExecutor(1, thread_name_prefix=f"channel-{name}") for name in self.channels}
        object.__setattr__(self, "threads", threads)

    async def deliver(self, claim: Claim[Delivery]) -> None:
        delivery = claim.value
        channel = self.channels[delivery.notification.channel]
        message = compose(delivery.notification, markup=channel.markup, zone=self.zone, now=self.clock())
        loop = asyncio.get_running_loop()
        thread = self.threads[channel.name]
        outcome = await loop.run_in_executor(thread, lambda: channel.send(message, uid=delivery.uid))
        now = self.clock()
        match outcome:
            case Sent():
                await self.database.exclusive(outbox.sent, claim, now=now)
                self._count(channel.name, "sent")
            case Failed(what, permanent=True):
                await self.database.exclusive(outbox.dead, claim, what, now=now)
                self._count(channel.name, "dead")
                log.error("delivery is dead", channel=channel.name, why=what, delivery=delivery.uid)
            case Failed(what):
                due_at = retry_at(
                    delivery.attempts, now=now, retry_after=outcome.retry_after, spread=self.random.random()
                )
                await self.database.exclusive(outbox.retry, claim, what, now=now, due_at=due_at)
                self._count(channel.name, "failed")
                log.warning("delivery failed", channel=channel.name, why=what, again_at=due_at.isoformat())
            case _:
                assert_never(outcome)

    def _count(self, channel: str, result: str) -> None:
        self.metrics.deliveries.labels(channel, result).inc()

    def close(self) -> None:
        """A send that still runs is not waited for: its lease sends it again."""
        for thread in self.threads.values():
            thread.shutdown(wait=False, cancel_futures=True)
        for channel in self.channels.values():
            channel.close()
