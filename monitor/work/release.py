"""Judge held alerts again when their time has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.metrics import Metrics
from monitor.model import Claim, HeldAlert
from monitor.store.database import Database
from monitor.work.ingest import verdict_of
from monitor.work.judge import Judge


@dataclass(frozen=True, slots=True)
class Release:
    """Built once per configuration."""

    database: Database
    metrics: Metrics
    judge: Judge
    clock: Callable[[], datetime]
    settled: bool = False  # `once`: nobody waits for company

    async def release(self, claims: Sequence[Claim[HeldAlert]]) -> None:
        """Together, so that the topics of one story go out in one message."""
        decisions = await self.database.exclusive(self.judge.reconsider, claims, now=self.clock(), settled=self.settled)
        for decision in decisions:
            self.metrics.alerts.labels(verdict_of(decision), decision.reason).inc()
