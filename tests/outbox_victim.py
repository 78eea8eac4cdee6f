"""The daemon of `make soak-outbox`, in a process that is to be killed."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from monitor.app import daemon, utc_now
from monitor.app.beside import Wishes
from monitor.app.configuration import configuration
from monitor.app.house import Ground
from monitor.cli.common import log_to_stderr
from monitor.notify import mail, remote
from monitor.store.database import Database
from monitor.work.deliver import Patience

LOADED: Final = (mail, remote)  # by whoever forks, so that not every victim has to
SEND: Final = timedelta(seconds=1)


def daemon_that_dies(*, folder: str, minutes: float, kill_after: int) -> None:
    """In the victim's own process: `monitor run`, but with a clock that is ahead and less patience with a send."""
    os.chdir(folder)
    log_to_stderr(logging.INFO)
    wanted = configuration(Path("config.yaml"), environ=os.environ)
    database = Database(
        wanted.settings.storage.url.get_secret_value(), after_commit=Death(Path("data/monitor.db"), kill_after)
    )
    ahead = timedelta(minutes=minutes)
    with database.sole_runner():
        database.prepare()
        ground = Ground(wanted, database, sys.stderr, clock=lambda: utc_now() + ahead, patience=Patience(send=SEND))
        asyncio.run(_live(ground))
        database.close()
    os._exit(0)  # a send that hangs in its thread would hold it


async def _live(ground: Ground) -> None:
    wishes = Wishes()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, wishes.stop.set)
    await daemon.run(ground, wishes, config=Path("config.yaml"))


class Death:
    """Comes after the n-th commit that wrote something, or the first of a kind that none died after yet; 0: never."""

    def __init__(self, database: Path, kill_after: int) -> None:
        self._path, self._left = database, kill_after
        self._died = Path("died-after.txt")
        self._died.touch()
        self._known = self._died.read_text(encoding="utf-8").splitlines()
        self._watch: sqlite3.Connection | None = None
        self._version = 0

    def __call__(self, commit: str) -> None:
        if not self._left or not self._has_written():
            return
        self._left -= 1
        name = commit.strip("_")
        if not self._left or name not in self._known:
            with self._died.open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def _has_written(self) -> bool:
        if self._watch is None:
            self._watch = sqlite3.connect(self._path, check_same_thread=False)
        before = self._version
        (self._version,) = self._watch.execute("PRAGMA data_version").fetchone()
        return self._version != before
