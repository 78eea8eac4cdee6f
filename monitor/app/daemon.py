"""`run`: the house open until it is told to close."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from monitor.app import places
from monitor.app.edits import edits
from monitor.app.house import Ground, House, open_house
from monitor.app.memory import give_back_what_is_large, open_as_many_files_as_may_be
from monitor.app.muting import muted
from monitor.app.reload import Reload, Stillness, warn
from monitor.app.tries import Tries
from monitor.errors import StoreError
from monitor.store import entries, outbox, signing, silences
from monitor.store.silences import Silence
from monitor.web.server import listen, server
from monitor.web.site import site
from monitor.web.tools import Asked, Tools
from monitor.work.heartbeat import Heartbeat
from monitor.work.schedule import COUNT, TEND, TICK, TIDY, Job, Punctuality, schedule

log = structlog.get_logger()
GRACE: Final = timedelta(seconds=7)  # `docker stop` kills after ten
MINUTE: Final = timedelta(minutes=1)
UNSEEN: Final = "an edit of the configuration could not be looked at"
UNWATCHED: Final = "the configuration can't be watched; the next try is in a minute"
UNBURIED: Final = "deliveries to removed channels can't be put away yet"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the daemon is asked from outside while it works."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)


async def run(ground: Ground, wishes: Wishes, *, config: Path, stillness: Stillness = Stillness()) -> None:
    """The daemon, until it shall stop; then what runs is finished or given back."""
    give_back_what_is_large()
    open_as_many_files_as_may_be()
    web = ground.settings.web
    socket = listen(web.host, web.port)
    heartbeat, lost = Heartbeat(ground.settings.storage.heartbeat), asyncio.Event()
    punctuality, clock = Punctuality(TICK), asyncio.get_running_loop().time
    async with open_house(ground) as house:

        async def tick() -> None:
            punctuality.begins(at=clock())
            ground.metrics.tick_late.set(punctuality.worst)
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

        key = await ground.database.exclusive(signing.key)
        page = server(site(_tools(ground, house, is_on_time, key)))
        serving = asyncio.create_task(page.serve([socket]))
        reload = Reload(house, config, stillness=stillness)
        ground.metrics.configured(now=ground.clock())
        beside = (_on_edits(reload, places.ours(ground.settings)), _on_demand(reload, wishes), _every_minute(house))
        looking = list(map(asyncio.create_task, beside))
        scheduler = schedule(
            Job("tick", tick, TICK),
            Job("count", house.crew.count.count, COUNT),
            Job("tidy", house.crew.tidy.tidy, TIDY),
            Job("tend", house.crew.tend.tend, TEND),
        )
        scheduler.start()
        log.info("watching", feeds=len(ground.settings.feeds), topics=len(ground.settings.topics))
        warn(ground.configuration)
        await wishes.stop.wait()
        log.info("stopping")
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
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


def _tools(ground: Ground, house: House, is_on_time: Callable[[], bool], key: bytes) -> Tools:
    async def send_again(delivery_id: int) -> bool:
        channels = [channel.name for channel in house.live.plan.settings.channels]
        database, now = ground.database, ground.clock()
        return await database.exclusive(outbox.send_one_again, delivery_id, channels=channels, now=now)

    async def silence(said: Silence) -> bool:
        return await ground.database.exclusive(silences.add_if_there, said, now=ground.clock())

    async def end_silence(number: int) -> bool:
        return await ground.database.exclusive(silences.end, number, now=ground.clock()) is not None

    async def mute(asked: Asked) -> bool:
        ops, now = house.live.plan.settings.ops, ground.clock()
        return await ground.database.exclusive(muted, asked, ops=ops, now=now)

    tries = Tries(ground.database, lambda: house.live.plan.settings, ground.clock)
    return Tools(
        database=ground.database,
        settings=lambda: house.live.plan.settings,
        watchlist=lambda: house.live.plan.watchlist,
        file=ground.configuration.file,
        is_on_time=is_on_time,
        exposition=ground.metrics.exposition,
        clock=ground.clock,
        send_again=send_again,
        silence=silence,
        end_silence=end_silence,
        mute=mute,
        attempt=tries.attempt,
        closely=tries.closely,
        key=key,
    )


async def _on_edits(reload: Reload, own: Collection[Path]) -> None:
    async def watch() -> None:
        async for _ in edits(lambda: reload.looked_at, own=own):
            await _walled(UNSEEN, reload.look)

    while True:
        await _walled(UNWATCHED, watch)
        await asyncio.sleep(MINUTE.total_seconds())


async def _on_demand(reload: Reload, wishes: Wishes) -> None:
    while True:
        await wishes.reload.wait()
        wishes.reload.clear()
        await _walled(UNSEEN, partial(reload.look, even_if_unchanged=True))


async def _every_minute(house: House) -> None:
    while True:
        await asyncio.sleep(MINUTE.total_seconds())
        await _walled(UNBURIED, house.bury_removed)


async def _walled(otherwise: str, step: Callable[[], Awaitable[None]]) -> None:
    """What fails here is tried again, and must not end the trying."""
    try:
        await step()
    except StoreError as error:
        log.error(otherwise, why=str(error))
    except Exception as error:  # noqa: BLE001  # whatever it is
        log.error(otherwise, why=f"in a way nobody foresaw: {error!r}")
