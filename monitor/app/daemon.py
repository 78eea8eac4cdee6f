"""`run`: the house open until it is told to close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import socket as Socket  # noqa: N812  # a class
from typing import TYPE_CHECKING, Final

import structlog

from monitor.app import places
from monitor.app.beside import GRACE, MINUTE, Wishes, on_demand, on_edits, walled
from monitor.app.house import Ground, House, open_house
from monitor.app.life import Life
from monitor.app.memory import give_back_what_is_large, open_as_many_files_as_may_be
from monitor.app.muting import muted
from monitor.app.reload import Reload, Stillness, warn
from monitor.app.tries import Tries
from monitor.store import outbox, signing, silences
from monitor.store.silences import Silence
from monitor.web.server import listen, server
from monitor.web.site import site
from monitor.web.tools import Asked, Tools
from monitor.work.schedule import COUNT, TEND, TIDY, Job, schedule

if TYPE_CHECKING:
    from monitor.work.attend import Attend

log = structlog.get_logger()
UNBURIED: Final = "deliveries to removed channels can't be put away yet"


@dataclass(frozen=True, slots=True)
class Reloading:
    """The file that is watched for edits, and how."""

    config: Path
    stillness: Stillness


async def run(ground: Ground, wishes: Wishes, *, config: Path, stillness: Stillness = Stillness()) -> None:
    """The daemon, until it shall stop; then what runs is finished or given back."""
    give_back_what_is_large()
    open_as_many_files_as_may_be()
    web = ground.settings.web
    socket = listen(web.host, web.port)
    if ground.settings.engine == "local":
        await _run(ground, wishes, Reloading(config, stillness), socket)
        return
    from monitor.app.company import joined  # half a second, for few

    async with joined(ground, "run") as company:
        await _run(company.ground, wishes, Reloading(config, stillness), socket, company.attend)


async def _run(ground: Ground, wishes: Wishes, files: Reloading, socket: Socket, attend: Attend | None = None) -> None:
    async with open_house(ground) as house:
        life = Life(house, wishes, attend)
        key = await ground.database.exclusive(signing.key)
        page = server(site(_tools(ground, house, life.is_on_time, key)))
        serving = asyncio.create_task(page.serve([socket]))
        reload = Reload(house, files.config, stillness=files.stillness)
        ground.metrics.configured(now=ground.clock())
        beside = (on_edits(reload, places.ours(ground.settings)), on_demand(reload, wishes), _every_minute(house))
        looking = list(map(asyncio.create_task, beside))
        scheduler = schedule(
            *life.jobs(),
            Job("count", house.look_again, COUNT),
            Job("tidy", house.crew.tidy.tidy, TIDY),
            Job("tend", house.crew.tend.tend, TEND),
            Job("watch", house.crew.watch.watch, TEND),
            Job("report", house.crew.report.report, TEND),
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
        life.heartbeat.end()
        page.should_exit = True
        await serving
        if life.lost:
            raise life.lost[0]


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


async def _every_minute(house: House) -> None:
    while True:
        await asyncio.sleep(MINUTE.total_seconds())
        await walled(UNBURIED, house.bury_removed)
