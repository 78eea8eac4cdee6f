"""When the configuration is looked at: at its edits, once a minute, and not for what we write beside it ourselves."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from monitor.app import places
from monitor.app.edits import edits
from monitor.settings import Storage
from monitor.store.database import Database
from monitor.work.heartbeat import Heartbeat
from tests.build import settings
from tests.work.live_daemon import until

ROOT = Path(__file__).parents[2]
OTHER = 12345
HOUR = timedelta(hours=1)


class Looks:
    """How often it was looked."""

    def __init__(self) -> None:
        self.count = 0

    async def listen(self, *names: str, **words: Any) -> None:
        async for _ in edits(lambda: names, **words):
            self.count += 1


@asynccontextmanager
async def looking(*names: object, **words: Any) -> AsyncIterator[Looks]:
    looks = Looks()
    listening = asyncio.create_task(looks.listen(*map(str, names), **{"every": HOUR, **words}))
    try:
        yield looks
        assert not listening.done(), listening.exception()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_it_is_looked_once_when_the_watch_is_open(tmp_path: Path) -> None:
    """An edit while the daemon started was seen by nobody."""
    async with looking(tmp_path / "config.yaml") as looks:
        await until(lambda: looks.count)


async def test_an_edit_is_seen(tmp_path: Path) -> None:
    async with looking(tmp_path / "config.yaml") as looks:
        await until(lambda: looks.count == 1)
        (tmp_path / "config.yaml").write_text("topics: []")
        await until(lambda: looks.count == 2)


async def test_a_folder_that_was_deleted_and_made_anew_is_watched_again(tmp_path: Path) -> None:
    """It may even have the number of the old one."""
    folder = tmp_path / "config"
    folder.mkdir()
    async with looking(folder / "config.yaml") as looks:
        await until(lambda: looks.count)
        for _ in range(2):
            shutil.rmtree(folder)
            folder.mkdir()
            before = looks.count
            await until(lambda: looks.count > before)  # noqa: B023 - it is over before the next turn
            await asyncio.sleep(2)  # what was left of that change is told too
            before = looks.count
            (folder / "config.yaml").write_text("topics: []")
            await until(lambda: looks.count > before)  # noqa: B023 - likewise


async def test_a_folder_that_was_away_for_a_while_is_watched_again(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    async with looking(folder / "config.yaml") as looks:
        await until(lambda: looks.count == 1)
        folder.mkdir()
        await until(lambda: looks.count == 2)
        (folder / "config.yaml").write_text("topics: []")
        await until(lambda: looks.count == 3)


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 300, "loop/a.yaml"])
async def test_a_name_that_no_file_can_have_hinders_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    async with looking(tmp_path / "config.yaml", f"{tmp_path}/{name}") as looks:
        await until(lambda: looks.count == 1)
        (tmp_path / "config.yaml").write_text("topics: []")
        await until(lambda: looks.count == 2)


async def test_what_we_write_beside_it_ourselves_is_no_edit(tmp_path: Path) -> None:
    """The database and its heartbeat lie in the configuration's folder, which is reached by a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    storage = Storage(url=SecretStr(f"sqlite:///{tmp_path}/link/monitor.db"), archive=f"{tmp_path}/articles")
    async with looking(tmp_path / "link/config.yaml", own=places.ours(settings(storage=storage))) as looks:
        await until(lambda: looks.count == 1)
        for _ in range(5):
            Heartbeat(storage.heartbeat).beat(now=datetime.now(UTC))
            database = Database(storage.url.get_secret_value())
            with database.sole_runner():
                database.prepare()
            database.close()
            await asyncio.sleep(0.5)
        assert looks.count == 1
        (tmp_path / "real/config.yaml").write_text("topics: []")
        await until(lambda: looks.count == 2)


async def test_the_minute_is_kept_though_we_write_all_the_time(tmp_path: Path) -> None:
    own = tmp_path / "monitor.db"
    async with looking(tmp_path / "config.yaml", own=[own], every=timedelta(seconds=1)) as looks:

        def written_and_looked() -> bool:
            own.write_text(str(looks.count))
            return looks.count > 2

        await until(written_and_looked)


# All is loaded before the change of user: this Python may lie where that user may not look.
AS_OTHER = f"""
import asyncio, os, sys
from datetime import timedelta
from monitor.app.edits import edits, log

async def look(most):
    async for _ in edits(lambda: sys.argv[1:], every=timedelta(hours=1)):
        print("look", flush=True)
        if not (most := most - 1):
            return

log.warning("loaded")
asyncio.run(look(1))
os.setgroups([])
os.setresgid({OTHER}, {OTHER}, {OTHER})
os.setresuid({OTHER}, {OTHER}, {OTHER})
print("as other", flush=True)
asyncio.run(look(2))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may come to; pytest's own are root's alone."""
    with tempfile.TemporaryDirectory(prefix="monitor-edits-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_a_folder_that_can_not_be_watched_is_told_once_and_keeps_no_other_from_it(place: Path) -> None:
    """As a folder of secrets whose files may be read, but not listed."""
    config, secret = place / "config.yaml", place / "secrets/token"
    secret.parent.mkdir(mode=0o711)
    command = [sys.executable, "-c", AS_OTHER, str(config), str(secret)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        said = []
        for line in child.stdout:
            said.append(line.strip())
            if said[-1] == "look" and "as other" in said:
                config.write_text("topics: []")
    told = said[said.index("as other") + 1 :]
    assert told[1:] == ["look", "look"]
    assert "a folder of the configuration can't be watched; it is looked at every minute" in told[0]
    assert f"{place}/secrets" in told[0]
