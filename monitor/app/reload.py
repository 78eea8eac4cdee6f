"""An edit of the configuration: taken over as a whole while the daemon works, or refused and told once."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread

from monitor.app.configuration import Configuration, configuration
from monitor.app.house import House
from monitor.config.difference import difference
from monitor.config.files import digest
from monitor.errors import ConfigError, Problem, StoreError
from monitor.model import Kind, Notification
from monitor.settings import Settings
from monitor.store import configuration as state
from monitor.store import outbox
from monitor.store.database import Session

log = structlog.get_logger()
# What holds the daemon's place in the world; the rest changes while it works.
AT_THE_START: Final = ("storage", "web", "engine")


@dataclass(frozen=True, slots=True)
class Patience:
    """Editors write in several steps."""

    settle: timedelta = timedelta(seconds=0.5)  # files that say the same after this time are written
    doubt: timedelta = timedelta(seconds=2)  # what can't be used may be half of what is to come


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the files, as they stand, can't be used."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading came to, and what it looked at."""

    outcome: Configuration | Refused
    looked_at: tuple[str, ...]
    digest: str


class Reload:
    """Looks whether the files changed, and makes of them what can be made."""

    def __init__(
        self, house: House, path: Path, *, patience: Patience = Patience(), environ: Mapping[str, str] = os.environ
    ) -> None:
        self._house = house
        self._read = partial(configuration, path, environ=environ)
        self._patience = patience
        self._file = house.ground.configuration.file
        self._is_refused = False
        self._digest: str | None = None  # of what was last made something of
        self.looked_at: tuple[str, ...] = house.ground.configuration.looked_at
        self._turn = asyncio.Lock()

    async def look(self, *, even_if_unchanged: bool = False) -> None:
        """Take over what changed. Whatever is wrong is logged, and what is in force stays in force."""
        async with self._turn:
            if not even_if_unchanged and await self._seen(self.looked_at) == self._digest:
                return
            read = await self._reading()
            try:
                await self._make_of(read.outcome)
                self._digest, self.looked_at = read.digest, read.looked_at
            except StoreError as error:  # the next look tries again
                log.error("an edit of the configuration can't be taken over yet", why=str(error))

    # -- reading --------------------------------------------------------------------------------

    async def _reading(self) -> Read:
        """What the files say once they have come to rest."""
        while True:
            before = await self._settled()
            read = await to_thread.run_sync(self._read_once)
            if await self._seen(self.looked_at) != before:
                continue
            if isinstance(read.outcome, Configuration):
                return read
            await asyncio.sleep(self._patience.doubt.total_seconds())
            if await self._seen(read.looked_at) == read.digest:
                return read

    async def _settled(self) -> str:
        before = await self._seen(self.looked_at)
        while True:
            await asyncio.sleep(self._patience.settle.total_seconds())
            after = await self._seen(self.looked_at)
            if after == before:
                return after
            before = after

    async def _seen(self, looked_at: tuple[str, ...]) -> str:
        return await to_thread.run_sync(digest, looked_at)

    def _read_once(self) -> Read:
        try:
            wanted = self._read()
        except ConfigError as error:
            return Read(Refused(error.problems), error.looked_at, digest(error.looked_at))
        return Read(wanted, wanted.looked_at, digest(wanted.looked_at))

    # -- what becomes of it ---------------------------------------------------------------------

    async def _make_of(self, outcome: Configuration | Refused) -> None:
        match outcome:
            case Configuration():
                await self._adopt(outcome)
            case Refused(problems):
                await self._refuse(problems)

    async def _adopt(self, wanted: Configuration) -> None:
        house = self._house
        running = house.live.plan.settings
        for name in AT_THE_START:
            if getattr(wanted.settings, name) != getattr(running, name):
                log.warning("this edit counts from the next start on", setting=name)
        settings = wanted.settings.model_copy(update={name: getattr(running, name) for name in AT_THE_START})
        if changed := difference(running, settings):
            await house.adopt(replace(wanted, settings=settings))
            log.info("the edited configuration is in force", changed=changed)
            warn(wanted)
        elif self._is_refused:
            await house.ground.database.exclusive(state.mended, self._file)
            log.info("the configuration can be used again; nothing changed")
        self._is_refused = False
        house.ground.metrics.configured(now=house.ground.clock())

    async def _refuse(self, problems: tuple[Problem, ...]) -> None:
        house = self._house
        now = house.ground.clock()
        why = tuple(map(in_a_line, problems))
        notice = _notice(self._file, why, house.live.plan.settings, now=now)
        await house.ground.database.exclusive(_refuse, self._file, why, notice, now=now)
        log.error("the edited configuration can't be used; the last good one stays in force", mistakes=len(why))
        for line in why[: state.MOST_SHOWN]:
            log.error(line)
        self._is_refused = True
        house.ground.metrics.refused_configuration()


def warn(wanted: Configuration) -> None:
    for problem in wanted.warnings:
        log.warning(in_a_line(problem))


def in_a_line(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.what}{hint}"


def _notice(file: str, why: tuple[str, ...], settings: Settings, *, now: datetime) -> list[outbox.Letter]:
    count = "a mistake" if len(why) == 1 else f"{len(why)} mistakes"
    more = [f"… and {len(why) - state.MOST_SHOWN} more"] if len(why) > state.MOST_SHOWN else []
    head = f"{Path(file).name} was edited and can't be used: {count}. What was in force before stays in force."
    text = "\n".join((head, "", *why[: state.MOST_SHOWN], *more))
    return [_letter(Notification(channel, Kind.NOTICE, text=text), now=now) for channel in settings.ops]


def _letter(notification: Notification, *, now: datetime) -> outbox.Letter:
    key = f"notice:configuration:{now.isoformat()}:{notification.channel}"
    return outbox.Letter(notification, key=key, uid=hashlib.sha256(key.encode()).hexdigest()[:32])


def _refuse(session: Session, file: str, why: tuple[str, ...], notice: list[outbox.Letter], *, now: datetime) -> None:
    """Told once for as long as it stays refused."""
    if state.refuse(session, file, why, now=now):
        for letter in notice:
            outbox.put(session, letter, now=now)
