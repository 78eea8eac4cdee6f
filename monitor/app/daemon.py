"""`run`: the house open until it is told to close."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from monitor.app.edits import edits
from monitor.app.house import Ground, House, open_house
from monitor.app.reload import Patience, Reload, warn
from monitor.errors import StoreError
from monitor.store import entries, outbox
from monitor.web.server import listen, pages, server
from monitor.work.heartbeat import Heartbeat
from monitor.work.schedule import schedule

log = structlog.get_logger()
GRACE: Final = timedelta(seconds=7)  # `docker stop` kills after ten


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the daemon is asked from outside while it works."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)


async def run(ground: Ground, wishes: Wishes, *, config: Path, patience: Patience = Patience()) -> None:
    """The daemon, until it shall stop; then what runs is finished or given back."""
    web = ground.settings.web
    socket = listen(web.host, web.port)
    heartbeat, lost = Heartbeat(ground.settings.storage.heartbeat), asyncio.Event()
    async with open_house(ground) as house:

        async def tick() -> None:
            if not await ground.database.is_alone():
                log.error("the lock on the database is lost; stopping, as another monitor may be running")
                lost.set()
                wishes.stop.set()
                return
            await house.engine.tick()
            now = ground.clock()
            ground.metrics.last_tick.set(now.timestamp())
            ground.metrics.outbox.set(await ground.database.run(outbox.waiting))
            ground.metrics.poisoned.set(await ground.database.run(entries.poisoned))
            if not wishes.stop.is_set():  # else it would look alive after its end
                heartbeat.beat(now=now)

        def is_on_time() -> bool:
            return heartbeat.is_on_time(now=ground.clock())

        page = server(pages(is_on_time=is_on_time, exposition=ground.metrics.exposition))
        serving = asyncio.create_task(page.serve([socket]))
        reload = Reload(house, config, patience=patience)
        ground.metrics.configured(now=ground.clock())
        looking = [asyncio.create_task(_on_edits(house, reload)), asyncio.create_task(_on_demand(reload, wishes))]
        scheduler = schedule(tick)
        scheduler.start()
        log.info("watching", feeds=len(ground.settings.feeds), topics=len(ground.settings.topics))
        warn(ground.configuration)
        await wishes.stop.wait()
        log.info("stopping")
        for task in looking:
            task.cancel()
        # Last: it would cut off a tick that is taking rows.
        await house.engine.stop(grace=GRACE)
        scheduler.shutdown(wait=False)
        heartbeat.end()
        page.should_exit = True
        await serving
        if lost.is_set():
            raise StoreError(
                "the database gave up our lock (its server was restarted, or the connection broke); start again"
            )


async def _on_edits(house: House, reload: Reload) -> None:
    async for _ in edits(lambda: reload.looked_at):
        await _look(reload)
        try:
            await house.bury_removed()
        except StoreError as error:
            log.error("deliveries to removed channels can't be put away yet", why=str(error))


async def _on_demand(reload: Reload, wishes: Wishes) -> None:
    while True:
        await wishes.reload.wait()
        wishes.reload.clear()
        await _look(reload, even_if_unchanged=True)


async def _look(reload: Reload, *, even_if_unchanged: bool = False) -> None:
    try:
        await reload.look(even_if_unchanged=even_if_unchanged)
    except Exception as error:  # noqa: BLE001  # a reload that fails must not end reloading
        log.error("an edit of the configuration could not be looked at, in a way nobody foresaw", why=repr(error))
