"""Judge held alerts again when their time has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.metrics import Metrics
from monitor.model import Claim, Decision, HeldAlert
from monitor.store.database import Database, Session
from monitor.work.ingest import verdict_of
from monitor.work.live import Live


@dataclass(frozen=True, slots=True)
class Release:
    """Judges by the plan of the moment."""

    database: Database
    metrics: Metrics
    live: Live
    clock: Callable[[], datetime]
    settled: bool = False  # `once`: nobody waits for company

    async def release(self, claims: Sequence[Claim[HeldAlert]]) -> None:
        """Together, so that the topics of one story go out in one message."""
        decisions = await self.database.exclusive(self._judge, claims, now=self.clock())
        for decision in decisions:
            self.metrics.alerts.labels(verdict_of(decision), decision.reason).inc()

    def _judge(self, session: Session, claims: Sequence[Claim[HeldAlert]], *, now: datetime) -> Sequence[Decision]:
        return self.live.plan.judge.reconsider(session, claims, now=now, settled=self.settled)
