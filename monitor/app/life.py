"""What keeps the daemon going: the tick that looks for work, and the signs of life that others go by."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from monitor.alerts.steady import Moment, Steadiness
from monitor.app import utc_now
from monitor.app.beside import Wishes
from monitor.app.house import House
from monitor.errors import Damaged, MonitorError, StoreError, UsageError
from monitor.store import entries, outbox, workers
from monitor.work.heartbeat import Heartbeat
from monitor.work.schedule import PING, TICK, Job, Punctuality

if TYPE_CHECKING:
    from monitor.work.attend import Attend

log = structlog.get_logger()
STEADY: Final = getattr(time, "CLOCK_BOOTTIME", None)  # of Linux alone
LOST: Final = "the database gave up our lock (its server was restarted, or the connection broke); start again"


class Life:
    """Alone, it ends with its lock on the database; one of many goes on when the database is back."""

    def __init__(self, house: House, wishes: Wishes, attend: Attend | None) -> None:
        self._house = house
        self._ground = house.ground
        self._wishes = wishes
        self._attend = attend
        self._punctuality = Punctuality(TICK)
        # Among many it is the database's clock that counts: it follows this machine's only between two looks.
        self._steadiness = Steadiness(TICK, has_own_clock=attend is None)
        self._is_away = False
        self._unwritten: str | None = None  # why the heartbeat is not
        self._idle: tuple[str, ...] = ()
        self._able_since = house.ground.clock()
        self.heartbeat = Heartbeat(house.ground.settings.storage.heartbeat)
        self.lost: list[MonitorError] = []

    def is_on_time(self) -> bool:
        return self.heartbeat.is_on_time(now=self._clock())

    def jobs(self) -> Iterator[Job]:
        yield Job("tick", self._tick, TICK)
        # Not at once: what starts and ends again and again is not well.
        yield Job("ping", self._ping, PING, after=PING)
        if self._attend is not None:
            pace = self._attend.pace
            yield Job("beat", self._beat, pace.beat)
            yield Job("look after the others", self._look_after, pace.looks_after)

    async def _tick(self) -> None:
        metrics, database = self._ground.metrics, self._ground.database
        self._punctuality.begins(at=asyncio.get_running_loop().time())
        metrics.tick_late.set(self._punctuality.worst)
        if happened := self._steadiness.step(self._moment()):
            self._able_since = self._ground.clock()
            self._house.crew.watch.happened(happened)
        if self._attend is None and not await database.is_alone():
            log.error("the lock on the database is lost; stopping, as another monitor may be running")
            self._end(StoreError(LOST))
            return
        try:
            await self._house.engine.tick()
            metrics.outbox.set(await database.run(outbox.waiting))
            metrics.poisoned.set(await database.run(entries.poisoned))
        except Damaged as error:  # to go on writing would make it worse
            self._end(error)
            return
        except StoreError as error:
            if not self._is_away:
                log.error("the database takes nothing; work waits, and goes on when it does", why=str(error))
            self._is_away = True
            if self._attend is None:  # of many the others may live; alone this is no life
                return
        else:
            if self._is_away:
                log.info("the database takes rows again")
            self._is_away = False
        metrics.last_tick.set(self._ground.clock().timestamp())
        if not self._wishes.stop.is_set():  # else it would look alive after its end
            self._live()

    def _live(self) -> None:
        why = self.heartbeat.beat(now=self._clock())
        if why and why != self._unwritten:
            log.error("the heartbeat can't be written", file=str(self.heartbeat.path), why=why)
        self._unwritten = why

    async def _beat(self) -> None:
        assert self._attend is not None
        try:
            await self._attend.beat()
        except UsageError as error:
            self._end(error)

    async def _look_after(self) -> None:
        assert self._attend is not None
        await self._attend.look_after()
        try:
            known = await self._ground.database.run(workers.known)
        except StoreError:  # the beat says it
            return
        idle = workers.idle_stages(known, now=self._ground.clock())
        if idle and idle != self._idle:
            log.error("nobody does this; start a worker: monitor worker", stages=list(idle))
        self._idle = idle

    async def _ping(self) -> None:
        await self._house.crew.ping.ping(list(self._hindrances()), since=self._able_since)

    def _hindrances(self) -> Iterator[str]:
        if not self.is_on_time():
            yield "work is not looked for in time"
        if self._is_away:
            yield "the database takes nothing"
        for stage in self._idle:
            yield f"nobody does this: {stage}"

    def _end(self, why: MonitorError) -> None:
        self.lost.append(why)
        self._wishes.stop.set()

    def _moment(self) -> Moment:
        awake = time.monotonic()
        steady = time.clock_gettime(STEADY) if STEADY is not None else awake
        return Moment(self._ground.clock(), steady, awake)

    def _clock(self) -> datetime:
        """The heartbeat is looked at by others on this machine, who go by its clock."""
        return utc_now() if self._attend is not None else self._ground.clock()
