"""Many machines: what is due is handed on through a queue in PostgreSQL, and done by whoever has a hand free.

The rows are the truth. The queue carries their ids, after the commit that handed them on and never inside of it: a job that
gets lost is a lease that runs out, and a job that comes late or twice finds its token gone and does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

import structlog
from anyio import to_thread
from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Status

from monitor.errors import StoreError
from monitor.model import Claim
from monitor.store import leases, workers
from monitor.store.database import Database, Session
from monitor.store.workers import Pace
from monitor.text import one_line
from monitor.work.engine import Batch, LocalEngine, Stage

log = structlog.get_logger()
AHEAD: Final = 2  # so many times what all can have in hand is handed on: who ends a job finds the next
AT_ONCE: Final = 500  # rows handed on in one transaction
STARTS_AGAIN: Final = timedelta(seconds=2)  # after the database was away
WELL: Final = timedelta(minutes=1)  # whoever took jobs for so long has come back
IN_CASE: Final = timedelta(seconds=5)  # jobs are looked for, should a notification get lost
# None is open at the start, so that none is waited for. Whoever can't be reached is given up soon, and asked anew for the
# next wish: the pool would wait ever longer between its own tries, up to minutes after the server is back.
CONNECTIONS: Final[dict[str, Any]] = {"min_size": 0, "timeout": 5, "reconnect_timeout": 5}


def kind_of(stage: str) -> str:
    """Deliveries to all channels are one kind of work for whoever does it."""
    return stage.partition(" ")[0]


# -- handing on --------------------------------------------------------------------------------------


class Queue:
    """Where jobs are put; of use in any thread."""

    def __init__(self, conninfo: str, pace: Pace = Pace()) -> None:
        self._app = App(connector=SyncPsycopgConnector(conninfo=conninfo, max_size=2, **CONNECTIONS))
        self._pace = pace

    @contextmanager
    def opened(self) -> Iterator[Queue]:
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # we say ourselves what is worth to be said
        logging.getLogger("psycopg").setLevel(logging.CRITICAL)
        with _in_words():
            self._app.open()
        try:
            yield self
        finally:
            self._app.close()

    def put(self, kind: str, rows: Batch) -> None:
        jobs: list[dict[str, Any]] = [{"ids": [row.id], "token": row.token} for row in rows]
        with _in_words():
            self._app.configure_task(task_of(kind), queue=kind).batch_defer(*jobs)

    def handing_on(self, stage: Stage) -> Stage:
        """The stage as one that takes what is due and hands it on, no more than who lives can do."""

        async def put(rows: Batch) -> None:
            await to_thread.run_sync(self.put, kind_of(stage.name), rows)

        take = partial(hand_on, stage=stage, pace=self._pace)
        return replace(stage, lease=self._pace.queued, take=take, work=put, slots=1, batch=AT_ONCE, wakes=())


def hand_on(session: Session, *, stage: Stage, pace: Pace, now: datetime, limit: int) -> Batch:
    capacity = workers.capacity(session, kind_of(stage.name), now=now, lost=pace.lost)
    if stage.held is None:
        room = AHEAD * capacity - leases.held(session, stage.rows, now=now)
    else:
        room = min(stage.slots, capacity) - stage.held(session, now=now)
    if room <= 0 or not capacity:
        return []
    claims = stage.take(session, now=now, limit=min(limit, room))
    leases.queue(session, stage.rows, claims, until=now + pace.queued)
    return claims


# -- doing -------------------------------------------------------------------------------------------


class StartRows(Protocol):
    """Hold rows that were handed on by a token, by one that is ours."""

    def __call__(self, session: Session, ids: Sequence[int], token: str, *, mine: str, now: datetime) -> Batch: ...


@dataclass(frozen=True, slots=True)
class Hands:
    """What one process does of that which is handed on: so many jobs of each kind at a time."""

    database: Database
    engine: LocalEngine
    starts: dict[str, StartRows]  # by kind
    stage_of: Callable[[str, Claim[Any]], Stage | None]  # by kind; None: nobody here knows what to do with it
    clock: Callable[[], datetime]
    worker: str  # begins our tokens
    concurrency: int
    pace: Pace = Pace()

    async def work(self, *, grace: timedelta) -> None:
        """Until it is cancelled; a database that is away is waited for."""
        asyncio.get_running_loop().set_exception_handler(_unless_it_is_the_queue)
        app = App(connector=PsycopgConnector(conninfo=self.database.conninfo, max_size=4, **CONNECTIONS))
        for kind in self.starts:
            app.task(name=task_of(kind), queue=kind, retry=RetryStrategy(max_attempts=3, wait=1))(self._job(kind))
        async with app.open_async(), asyncio.TaskGroup() as group:
            for kind in self.starts:
                group.create_task(self._always(app, kind, grace), name=f"worker {kind}")

    async def _always(self, app: App, kind: str, grace: timedelta) -> None:
        is_said, loop = False, asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await app.run_worker_async(
                    queues=[kind],
                    name=f"{self.worker} {kind}",
                    concurrency=self.concurrency,
                    fetch_job_polling_interval=IN_CASE.total_seconds(),
                    shutdown_graceful_timeout=grace.total_seconds(),
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self.pace.beat.total_seconds(),
                    stalled_worker_timeout=self.pace.lost.total_seconds(),
                )
                why = "it ended"
            except ProcrastinateException as error:
                why = one_line(str(error.__cause__ or error))
            except Exception as error:  # noqa: BLE001  # the other kinds go on, and so shall this one
                why = f"in a way nobody foresaw: {error!r}"
            if not is_said or loop.time() - began > WELL.total_seconds():
                log.error("jobs can't be taken from the queue; it is tried again until they can", kind=kind, why=why)
            is_said = True
            await asyncio.sleep(STARTS_AGAIN.total_seconds())

    def _job(self, kind: str) -> Callable[..., Awaitable[None]]:
        async def job(ids: list[int], token: str) -> None:
            await self._do(kind, ids, token)

        return job

    async def _do(self, kind: str, ids: list[int], token: str) -> None:
        mine = f"{self.worker}:{secrets.token_hex(8)}"
        starting = asyncio.ensure_future(
            self.database.beside(self.starts[kind], ids, token, mine=mine, now=self.clock())
        )
        claims: Batch | None = None
        try:
            claims = await asyncio.shield(starting)
            for claim in claims:
                await self._carry(kind, claim)
        except StoreError as error:
            log.warning("a job could not be begun; it is handed on again", kind=kind, why=str(error))
        except asyncio.CancelledError:
            # What the engine has in hand already is its own to finish or to give back.
            if claims is None:
                await self._give_back_when_begun(kind, starting)
            raise

    async def _give_back_when_begun(self, kind: str, starting: asyncio.Future[Batch]) -> None:
        """Told to stop while the database was asked: what it says comes too late for us, but the rows are held by then."""
        with suppress(StoreError):
            rows = await starting
            await self.database.beside(leases.give_back, STAGE_ROWS[kind], rows)

    async def _carry(self, kind: str, claim: Claim[Any]) -> None:
        if (stage := self.stage_of(kind, claim)) is None:
            await self.database.beside(leases.give_back, STAGE_ROWS[kind], [claim])
            return
        lease = self.pace.sending if kind == "deliver" else stage.lease
        await self.engine.carry(replace(stage, lease=lease), [claim])


STAGE_ROWS: Final = {"poll": leases.FEEDS, "ingest": leases.ENTRIES, "deliver": leases.DELIVERIES}


def task_of(kind: str) -> str:
    return f"monitor.{kind}"


# -- sweeping ----------------------------------------------------------------------------------------


async def sweep(conninfo: str, *, lost: timedelta) -> None:
    """Jobs that nobody does any more, as their worker died; their rows are due again by themselves."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, max_size=1, **CONNECTIONS))
    with suppress(ProcrastinateException):  # the next sweep finds them
        async with app.open_async():
            jobs = app.job_manager
            await jobs.prune_stalled_workers(lost.total_seconds())
            for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=lost.total_seconds()):
                with suppress(ProcrastinateException):  # another `run` swept it away just now
                    await jobs.finish_job(job, status=Status.FAILED, delete_job=True)


def _unless_it_is_the_queue(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job whose end could not be written, as the database was away, is swept; nobody need hear of each."""
    if not isinstance(context.get("exception"), ProcrastinateException):
        loop.default_exception_handler(context)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except ProcrastinateException as error:
        raise StoreError(f"the queue said no: {one_line(str(error.__cause__ or error))}") from error
