"""A daemon in the test's own loop, with a folder that is edited like the user's."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from monitor.app import daemon, utc_now
from monitor.app.beside import Wishes
from monitor.app.configuration import configuration
from monitor.app.house import Ground, House, open_house
from monitor.app.reload import Stillness
from monitor.metrics import Metrics
from monitor.store import configuration as state
from monitor.store.configuration import ConfigurationState
from monitor.store.database import Database
from tests.prepared import prepared
from tests.soak import free_port

QUICK = Stillness(settle=timedelta(milliseconds=20), doubt=timedelta(milliseconds=50))


@dataclass
class LiveDaemon:
    folder: Path
    database: Database
    wishes: Wishes = field(default_factory=Wishes)
    metrics: Metrics = field(default_factory=Metrics)
    console: io.StringIO = field(default_factory=io.StringIO)
    log: list[structlog.typing.EventDict] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "config.yaml"

    def edit(self, text: str, name: str = "config.yaml") -> None:
        """As most editors do it: another file takes the place of the old one."""
        draft = self.folder / f".{Path(name).name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.folder / name)

    def said(self, event: str) -> list[structlog.typing.EventDict]:
        return [entry for entry in self.log if entry["event"] == event]

    @property
    def changes(self) -> list[str]:
        """What each edit that was taken over changed."""
        return [entry["changed"] for entry in self.said("the edited configuration is in force")]

    @property
    def refusals(self) -> int:
        return len(self.said("the edited configuration can't be used; the last good one stays in force"))

    def state(self) -> ConfigurationState | None:
        return self.database.read(state.state, str(self.file))


S = TypeVar("S", bound=LiveDaemon)


async def until(is_so: Callable[[], object], within: float = 20) -> None:
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110 - it happens in rows and at sinks, which set no event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(folder: Path, text: str | None, *, stillness: Stillness = QUICK) -> AsyncIterator[LiveDaemon]:
    """`monitor run` on this configuration, or on the file that is there, until the test is over."""
    async with _watched(folder, text, LiveDaemon) as (service, ground):
        running = asyncio.create_task(daemon.run(ground, service.wishes, config=service.file, stillness=stillness))
        try:
            await until(lambda: running.done() or service.said("watching"))
            yield service
        finally:
            service.wishes.stop.set()
            await running


@dataclass
class Housed(LiveDaemon):
    """Without the watch on the file: it is looked at when the test says so."""

    house: House = field(init=False)


@asynccontextmanager
async def housed(folder: Path, text: str, *, clock: Callable[[], datetime] = utc_now) -> AsyncIterator[Housed]:
    watched = _watched(folder, text, Housed, clock=clock)
    async with watched as (service, ground), open_house(ground) as service.house:
        ticking = asyncio.create_task(_tick(service.house))
        try:
            yield service
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):  # but not what a tick failed of
                await ticking
            await service.house.engine.stop(grace=timedelta(seconds=5))


async def _tick(house: House) -> None:
    while True:
        await house.engine.tick()
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _watched(
    folder: Path, text: str | None, kind: type[S], *, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[tuple[S, Ground]]:
    if text is not None:
        (folder / "config.yaml").write_text(text, encoding="utf-8")
    wanted = configuration(folder / "config.yaml", environ=os.environ)
    storage = wanted.settings.storage
    database = prepared(storage.path) if storage.path else Database(storage.url.get_secret_value())
    service = kind(folder, database)
    with structlog.testing.capture_logs() as service.log:
        yield service, Ground(wanted, database, service.console, clock, service.metrics)
    database.close()


def a_config(folder: Path, *sections: str, port: int | None = None, url: str = "") -> str:
    """A configuration that keeps what it writes in the folder, or in the database at `url`."""
    database = url or f"sqlite:///{folder}/data/monitor.db"
    storage = f"storage: {{url: '{database}', archive: '{folder}/data/articles'}}"
    return "\n".join((*sections, storage, f"web: {{listen: '127.0.0.1:{port or free_port()}'}}", ""))
