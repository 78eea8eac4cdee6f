"""One of many that work on this database: those that hand on what is due, and workers that do it."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

import structlog

from monitor.app.beside import GRACE, Wishes, on_demand, on_edits
from monitor.app.house import Ground, House, open_house
from monitor.app.memory import give_back_what_is_large, open_as_many_files_as_may_be
from monitor.app.places import ours
from monitor.app.reload import Reload, Stillness, warn
from monitor.app.stages import Company
from monitor.errors import StoreError, UsageError
from monitor.store import entries, feeds, outbox
from monitor.store.workers import Worker
from monitor.work.attend import Attend
from monitor.work.clock import DatabaseClock
from monitor.work.procrastinate import Hands, Queue, StartRows
from monitor.work.schedule import COUNT, Job, schedule

log = structlog.get_logger()
SETTLES: Final = timedelta(seconds=5)  # what the database would not take is offered again
ENDS: Final = GRACE + timedelta(seconds=6)  # also where the database does not answer
LEAVES: Final = timedelta(seconds=3)
GONE: Final = "the queue can't be worked on any more, in a way nobody foresaw: {}; start again"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a process does of that which is handed on: so many jobs of each of these stages at a time."""

    stages: Sequence[str] = ()
    concurrency: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    ground: Ground
    attend: Attend


@asynccontextmanager
async def joined(ground: Ground, kind: Literal["run", "worker"], offer: Offer = Offer()) -> AsyncIterator[Joined]:
    """Known to all others, going by the database's clock; at the end it is gone, and what it had is free."""
    clock = DatabaseClock(ground.database)
    await clock.set()
    me = _worker(kind, offer, clock)
    attend = Attend(ground.database, clock, me, ground.pace)
    await attend.beat()
    try:
        with Queue(ground.database.conninfo, ground.pace).opened() as queue:
            yield Joined(replace(ground, clock=clock, company=Company(me.id, kind, queue)), attend)
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVES.total_seconds()):
                await attend.leave()


def _worker(kind: str, offer: Offer, clock: DatabaseClock) -> Worker:
    return Worker(
        id=secrets.token_hex(4),
        name=f"{socket.gethostname()}:{os.getpid()}",
        kind=kind,
        stages=tuple(offer.stages),
        concurrency=offer.concurrency,
        version=version("news-monitor"),
        started_at=clock(),
        beat_at=clock(),
    )


async def work(
    ground: Ground, wishes: Wishes, *, config: Path, offer: Offer, stillness: Stillness = Stillness()
) -> None:
    """A worker, until it shall stop; then what runs is finished or given back."""
    give_back_what_is_large()
    open_as_many_files_as_may_be()
    async with joined(ground, "worker", offer) as company, open_house(company.ground) as house:
        refused: list[UsageError] = []

        async def beat() -> None:
            try:
                await company.attend.beat()
            except UsageError as error:
                refused.append(error)
                wishes.stop.set()

        reload = Reload(house, config, stillness=stillness)
        beside = (on_edits(reload, ours(ground.settings)), on_demand(reload, wishes))
        looking = [asyncio.create_task(each) for each in beside]
        scheduler = schedule(
            Job("beat", beat, ground.pace.beat),
            Job("settle", house.engine.settle, SETTLES),
            Job("count", house.look_again, COUNT),
        )
        scheduler.start()
        log.info("working", stages=list(offer.stages), concurrency=offer.concurrency)
        warn(ground.configuration)
        working = asyncio.create_task(_hands(company, house, offer).work(grace=GRACE))
        stopping = asyncio.create_task(wishes.stop.wait())
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        gone = working.exception() if working.done() else None
        for task in (*looking, working, stopping):
            task.cancel()
        ending = asyncio.gather(house.engine.stop(grace=GRACE), *looking, working, stopping, return_exceptions=True)
        await asyncio.wait([ending], timeout=ENDS.total_seconds())
        scheduler.shutdown(wait=False)
        if refused:
            raise refused[0]
        if gone:
            raise StoreError(GONE.format(repr(gone)))


def _hands(company: Joined, house: House, offer: Offer) -> Hands:
    pace = company.ground.pace
    sending = partial(outbox.start, lease=pace.sending)
    starts: Mapping[str, StartRows] = {"poll": feeds.start, "ingest": entries.start, "deliver": sending}
    return Hands(
        database=company.ground.database,
        engine=house.engine,
        starts={kind: starts[kind] for kind in offer.stages},
        stage_of=house.carried,
        clock=company.ground.clock,
        worker=company.attend.me.id,
        concurrency=offer.concurrency,
        pace=pace,
    )
