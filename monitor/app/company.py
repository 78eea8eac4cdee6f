"""One of many that work on this database: those that hand on what is due, and workers that do it."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
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
from monitor.errors import UsageError
from monitor.store import entries, feeds, outbox
from monitor.store.workers import BEAT, Worker
from monitor.work.attend import Attend
from monitor.work.clock import DatabaseClock
from monitor.work.procrastinate import Hands, Queue, StartRows
from monitor.work.schedule import COUNT, Job, schedule

log = structlog.get_logger()
STARTS: Final[Mapping[str, StartRows]] = {"poll": feeds.start, "ingest": entries.start, "deliver": outbox.start}


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
    attend = Attend(ground.database, clock, me)
    await attend.beat()
    try:
        with Queue(ground.database.conninfo).opened() as queue:
            yield Joined(replace(ground, clock=clock, company=Company(me.id, kind, queue)), attend)
    finally:
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
        scheduler = schedule(Job("beat", beat, BEAT), Job("count", house.look_again, COUNT))
        scheduler.start()
        log.info("working", stages=list(offer.stages), concurrency=offer.concurrency)
        warn(ground.configuration)
        working = asyncio.create_task(_hands(company, house, offer).work(grace=GRACE))
        stopping = asyncio.create_task(wishes.stop.wait())
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        for task in (*looking, working, stopping):
            task.cancel()
        await asyncio.gather(house.engine.stop(grace=GRACE), *looking, working, stopping, return_exceptions=True)
        scheduler.shutdown(wait=False)
        if refused:
            raise refused[0]


def _hands(company: Joined, house: House, offer: Offer) -> Hands:
    return Hands(
        database=company.ground.database,
        engine=house.engine,
        starts={kind: STARTS[kind] for kind in offer.stages},
        stage_of=house.carried,
        clock=company.ground.clock,
        worker=company.attend.me.id,
        concurrency=offer.concurrency,
    )
