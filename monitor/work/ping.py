"""Tell a service that watches over us that all is well. Silence is the alarm, so nothing is told when it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from monitor.alerts.able import hindrances
from monitor.errors import FetchError, StoreError
from monitor.fetch.client import Client, Limits
from monitor.store import vitals
from monitor.store.database import Database
from monitor.work.live import Live

log = structlog.get_logger()
ANSWER: Final = Limits(bytes=1_000_000, seconds=10)
WELL: Final = range(200, 300)  # "no content" is no page, but an answer


@dataclass(slots=True)
class _Said:
    """What the log was told, so that it is told once."""

    hindrances: frozenset[str] = frozenset()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Ping:
    """Pings the address of the moment: an edit counts with the next ping."""

    database: Database
    client: Client
    live: Live
    clock: Callable[[], datetime]
    said: _Said = field(default_factory=_Said)

    async def ping(self, hindered: Sequence[str] = (), *, since: datetime) -> None:
        """`hindered`: what stands in our way, as far as it is known already; `since`: as `hindrances` has it."""
        address = self.live.plan.settings.heartbeat
        if address is None:
            return
        in_the_way = [*hindered, *await self._hindrances(since=since)]
        self._report(frozenset(in_the_way))
        if not in_the_way:
            await self._get(address.get_secret_value())

    async def _hindrances(self, *, since: datetime) -> list[str]:
        settings, now = self.live.plan.settings, self.clock()
        try:
            seen = await self.database.run(vitals.vitals, list(self.live.plan.channels), now=now)
        except StoreError:
            return ["the database can't be read"]
        return hindrances(seen, settings, since=since, now=now)

    async def _get(self, address: str) -> None:
        try:
            # The user's own watcher often stands in the inner network.
            await self.client.get(address, limits=ANSWER, allow_private=True)
        except FetchError as error:
            if error.status not in WELL:
                self._failed(str(error))
                return
        self._worked()

    def _failed(self, why: str) -> None:
        if not self.said.failed:
            log.warning("the heartbeat's address can't be pinged; it is tried again each minute", why=why)
        self.said.failed = True

    def _worked(self) -> None:
        if self.said.failed:
            log.info("the heartbeat's address can be pinged again")
        self.said.failed = False

    def _report(self, hindered: frozenset[str]) -> None:
        for why in sorted(hindered - self.said.hindrances):
            log.error("the heartbeat is not sent", why=why)
        if self.said.hindrances and not hindered:
            log.info("the heartbeat is sent again")
        self.said.hindrances = hindered
