"""A real browser before the real server; where either is not to be had, its tests are skipped."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from monitor.settings import Web
from monitor.store.database import Database
from monitor.web.server import listen, server
from monitor.web.site import site
from monitor.web.tools import Tools
from tests.browser.newsroom import Newsroom, newsroom
from tests.tools import tools_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "kunci ruang redaksi"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer: the loop that drives it stands in the way of asynchronous tests."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    from playwright.sync_api import Error

    from tests.browser.chromium import chromium, open_browser

    if (path := chromium()) is None:
        pytest.skip("there is no Chromium on this machine")
    with ExitStack() as until_done:
        try:
            opened = until_done.enter_context(open_browser(path))
        except (Error, OSError) as error:
            pytest.skip(f"Chromium can't be started: {str(error).splitlines()[0]}")
        yield opened


@contextmanager
def served(tools: Tools) -> Iterator[str]:
    """The address at which the page answers."""
    socket = listen("127.0.0.1", 0)
    running = server(site(tools))
    thread = threading.Thread(target=running.run, args=([socket],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with ThreadPoolExecutor(1) as thread:  # with a loop of its own
        room = thread.submit(newsroom, tmp_path_factory.mktemp("newsroom")).result()
    yield room
    room.tools.database.close()


@pytest.fixture(scope="session")
def address(room: Newsroom) -> Iterator[str]:
    """Of a page that is only looked at."""
    with served(room.tools) as address:
        yield address


@pytest.fixture
def own_address(room: Newsroom, tmp_path: Path) -> Iterator[str]:
    """Of a page that may be worked with: no other test sees what becomes of it."""
    copy = tmp_path / "monitor.db"
    with (
        closing(sqlite3.connect(room.tools.database.url.database or "")) as original,
        closing(sqlite3.connect(copy)) as own,
    ):
        original.backup(own)
    database = Database(f"sqlite:///{copy}")
    with served(tools_for(database, room.tools.settings(), room.clock)) as address:
        yield address
    database.close()


@pytest.fixture
def locked(room: Newsroom) -> Iterator[str]:
    """Of a page behind a password."""
    wanted = room.tools.settings().model_copy(update={"web": Web(password=SecretStr(PASSWORD))})
    with served(replace(room.tools, settings=lambda: wanted)) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
