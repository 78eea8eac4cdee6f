"""Who works on this database, where many processes do: each says now and then that it lives.

What a dead one had in hand need not wait until its leases run out, but for deliveries: those may have gone, and whoever
is only slow shall be able to mark them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import ALERT, ARTICLE, ENTRY, FEED, WORKER

STAGES: Final = ("poll", "ingest", "deliver")  # what can be handed on
BEAT: Final = timedelta(seconds=10)
LOST: Final = timedelta(seconds=45)  # so long unheard of, it is dead
LONG_AGO: Final = timedelta(hours=1)  # so long its end is shown


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon those who work together miss each other, and what they handed to each other."""

    beat: timedelta = BEAT
    lost: timedelta = LOST
    looks_after: timedelta = timedelta(seconds=15)  # the dead, and jobs that nobody does any more
    queued: timedelta = timedelta(minutes=2)  # a job that nobody has begun by then is taken for lost
    sending: timedelta = timedelta(seconds=90)  # a delivery whose sender died goes again then
    again: timedelta = timedelta(seconds=30)  # what the database would not take is tried again then


@dataclass(frozen=True, slots=True)
class Worker:
    """A process as it tells of itself."""

    id: str
    name: str  # machine and process
    kind: str  # run or worker
    stages: tuple[str, ...]
    concurrency: int  # of each stage
    version: str
    started_at: datetime
    beat_at: datetime

    def is_alive(self, *, now: datetime) -> bool:
        return now - self.beat_at < LOST


def time(session: Session) -> datetime:
    """By the clock of the database's server; PostgreSQL only."""
    now: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def beat(session: Session, worker: Worker, *, now: datetime) -> None:
    """It lives. One that was taken for dead is there again, with all that it does."""
    c, stages = WORKER.c, " ".join(worker.stages)
    lives = sa.update(WORKER).where(c.id == worker.id).values(beat_at=now, stages=stages)
    if session.execute(lives).rowcount:  # type: ignore[attr-defined]  # CursorResult
        return
    session.execute(sa.insert(WORKER).values(**asdict(worker) | {"stages": stages, "beat_at": now}))


def leave(session: Session, worker_id: str) -> None:
    session.execute(sa.delete(WORKER).where(WORKER.c.id == worker_id))


def forget(session: Session) -> None:
    """Whoever works alone now is none of them."""
    session.execute(sa.delete(WORKER))


def known(session: Session) -> list[Worker]:
    return [_worker(row) for row in session.execute(sa.select(WORKER).order_by(WORKER.c.started_at, WORKER.c.id))]


def idle_stages(known: Sequence[Worker], *, now: datetime) -> tuple[str, ...]:
    """What nobody does: none where no process hands anything on, as one that works alone does all of it."""
    alive = [worker for worker in known if worker.is_alive(now=now)]
    if not any(worker.kind == "run" for worker in alive):
        return ()
    done = {stage for worker in alive for stage in worker.stages}
    return tuple(stage for stage in STAGES if stage not in done)


def capacity(session: Session, stage: str, *, now: datetime, lost: timedelta = LOST) -> int:
    """How many rows of a stage all that live can have in hand together."""
    alive = sa.select(WORKER.c.stages, WORKER.c.concurrency).where(WORKER.c.beat_at > now - lost)
    return sum(row.concurrency for row in session.execute(alive) if stage in row.stages.split())


def bury(session: Session, *, now: datetime, lost: timedelta = LOST) -> Sequence[str]:
    """Those that died since the last look, by name; what they had in hand is free again."""
    c = WORKER.c
    is_dead = sa.and_(c.beat_at <= now - lost, c.stages != "")
    dead = session.execute(sa.update(WORKER).where(is_dead).values(stages="").returning(c.id, c.name)).all()
    for row in dead:
        _free(session, row.id)
    session.execute(sa.delete(WORKER).where(c.beat_at <= now - LONG_AGO))
    return [row.name for row in dead]


def _free(session: Session, worker_id: str) -> None:
    """It counts as one of the three takings without an outcome: it may have died of them."""
    for table in (FEED, ENTRY, ALERT, ARTICLE):
        c = table.c
        mine = c.lease_token.startswith(f"{worker_id}:", autoescape=True)
        session.execute(sa.update(table).where(mine).values(lease_until=None, lease_token=None))


def _worker(row: sa.Row[Any]) -> Worker:
    values = row._asdict()
    return Worker(**values | {"stages": tuple(row.stages.split())})
