"""`run`: the house open until it is told to close."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from monitor.app import utc_now
from monitor.app.house import Ground, open_house
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.store import entries, outbox
from monitor.store.database import Database
from monitor.web.server import listen, pages, server
from monitor.work.heartbeat import Heartbeat
from monitor.work.schedule import schedule

log = structlog.get_logger()
GRACE: Final = timedelta(seconds=7)  # `docker stop` kills after ten


async def run(ground: Ground, stop: asyncio.Event) -> None:
    """The daemon, until `stop` is set; then what runs is finished or given back."""
    web = ground.settings.web
    socket = listen(web.host, web.port)
    heartbeat, lost = heartbeat_of(ground.settings, ground.database), asyncio.Event()
    async with open_house(ground) as house:

        async def tick() -> None:
            if not await ground.database.is_alone():
                log.error("the lock on the database is lost; stopping, as another monitor may be running")
                lost.set()
                stop.set()
                return
            await house.engine.tick()
            now = ground.clock()
            ground.metrics.last_tick.set(now.timestamp())
            ground.metrics.outbox.set(await ground.database.run(outbox.waiting))
            ground.metrics.poisoned.set(await ground.database.run(entries.poisoned))
            heartbeat.beat(now=now)

        def is_on_time() -> bool:
            return heartbeat.is_on_time(now=ground.clock())

        page = server(pages(is_on_time=is_on_time, exposition=ground.metrics.exposition))
        serving = asyncio.create_task(page.serve([socket]))
        scheduler = schedule(tick)
        scheduler.start()
        log.info("watching", feeds=len(ground.settings.feeds), topics=len(ground.settings.topics))
        await stop.wait()
        log.info("stopping")
        # Last: it would cut off a tick that is taking rows.
        await house.engine.stop(grace=GRACE)
        scheduler.shutdown(wait=False)
        heartbeat.end()
        page.should_exit = True
        await serving
        if lost.is_set():
            raise UsageError(
                "the database gave up our lock (its server was restarted, or the connection broke); start again"
            )


def heartbeat_of(settings: Settings, database: Database) -> Heartbeat:
    if database.path is not None:
        return Heartbeat(database.path.with_name(database.path.name + ".heartbeat"))
    return Heartbeat(Path(settings.storage.archive).parent / "monitor.heartbeat")


def is_alive(settings: Settings) -> bool:
    """Has a daemon on this database looked for work within the last half minute?"""
    database = Database(settings.storage.url.get_secret_value())
    database.close()
    return heartbeat_of(settings, database).is_on_time(now=utc_now())
