"""Bring a notification to its channel, and mark it only after it went.

A crash between the send and its mark sends it again: an alert may come twice, none is lost.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final, assert_never

import structlog

from monitor.alerts.message import compose
from monitor.errors import LeaseLost, StoreError
from monitor.metrics import Metrics
from monitor.model import Claim, Delivery, Failed, Message, Outcome, Sent
from monitor.notify.channel import OpenChannel
from monitor.store import leases, outbox
from monitor.store.database import Database
from monitor.timing import retry_at
from monitor.work.live import Live

log = structlog.get_logger()
UNWRITTEN: Final = "what became of a message can't be written yet; it is tried again until it can"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a whole send may take, and how soon a mark that can't be written is tried again."""

    send: timedelta = timedelta(seconds=60)
    mark: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Deliver:
    """Sends by the plan of the moment; each send has a thread of its own, so that one that hangs delays no other."""

    database: Database
    metrics: Metrics
    live: Live
    random: Random
    clock: Callable[[], datetime]
    patience: Patience = Patience()

    async def deliver(self, claim: Claim[Delivery]) -> None:
        delivery, plan = claim.value, self.live.plan
        channel = plan.channels.get(delivery.notification.channel)
        if channel is None:  # it left the configuration while it was in hand
            await self.database.exclusive(leases.give_back, leases.DELIVERIES, [claim])
            return
        zone = plan.settings.timezone
        message = compose(delivery.notification, markup=channel.markup, zone=zone, now=self.clock())
        outcome = await self._sent(channel, message, delivery.uid)
        now = self.clock()
        match outcome:
            case Sent():
                await self._mark(claim, partial(outbox.sent, claim=claim, now=now))
                self._count(channel.name, "sent")
            case Failed(what, permanent=True):
                await self._mark(claim, partial(outbox.dead, claim=claim, what=what, now=now))
                self._count(channel.name, "dead")
                log.error("delivery is dead", channel=channel.name, why=what, delivery=delivery.uid)
            case Failed(what):
                due_at = retry_at(
                    delivery.attempts, now=now, retry_after=outcome.retry_after, spread=self.random.random()
                )
                await self._mark(claim, partial(outbox.retry, claim=claim, what=what, now=now, due_at=due_at))
                self._count(channel.name, "failed")
                log.warning("delivery failed", channel=channel.name, why=what, again_at=due_at.isoformat())
            case _:
                assert_never(outcome)

    async def _sent(self, channel: OpenChannel, message: Message, uid: str) -> Outcome:
        """A server that answers a byte at a time is never silent long enough for a timeout: a send has an end too."""
        sending = in_thread(partial(channel.send, message, uid=uid), name=f"channel-{channel.name}")
        seconds = self.patience.send.total_seconds()
        try:
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow the cancellation of a stop
                return await asyncio.wrap_future(sending)
        except TimeoutError:
            return Failed(f"no answer within {seconds:g} s")

    async def _mark(self, claim: Claim[Delivery], mark: Callable[..., None]) -> None:
        """Until it is written: a message that went, and whose lease ran out unmarked, would go again."""
        is_said = False
        while True:
            try:
                return await self.database.exclusive(mark)
            except LeaseLost:
                raise
            except StoreError as error:
                if not is_said:
                    channel, uid = claim.value.notification.channel, claim.value.uid
                    log.error(UNWRITTEN, channel=channel, why=str(error), delivery=uid)
                is_said = True
            await asyncio.sleep(self.patience.mark.total_seconds())

    def _count(self, channel: str, result: str) -> None:
        self.metrics.deliveries.labels(channel, result).inc()


def in_thread(send: Callable[[], Outcome], *, name: str) -> Future[Outcome]:
    """In a thread that may be given up: neither another send nor the end of the program waits for it."""
    future: Future[Outcome] = Future()
    future.set_running_or_notify_cancel()  # whoever stops waiting does not take it back

    def run() -> None:
        try:
            future.set_result(send())
        except BaseException as error:  # noqa: BLE001 - it is raised where the send is waited for
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
