"""A real browser before the real server; where either is not to be had, its tests are skipped."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources

import pytest
from playwright.sync_api import Browser, Error, sync_playwright
from pydantic import SecretStr

from monitor.settings import Web
from monitor.web.server import listen, server
from monitor.web.site import site
from monitor.web.tools import Tools
from tests.browser.newsroom import newsroom

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PASSWORD = "kunci ruang redaksi"


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def open_browser(path: str) -> Iterator[Browser]:
    # Chromium's own sandbox needs rights that it refuses to use as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer: the loop that drives it stands in the way of asynchronous tests."""
    if (path := chromium()) is None:
        pytest.skip("there is no Chromium on this machine")
    try:
        with open_browser(path) as opened:
            yield opened
    except Error as error:
        pytest.skip(f"Chromium can't be started: {error.message.splitlines()[0]}")


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
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    with ThreadPoolExecutor(1) as thread:  # with a loop of its own
        room = thread.submit(newsroom, tmp_path_factory.mktemp("newsroom")).result()
    yield room.tools
    room.tools.database.close()


@pytest.fixture(scope="session")
def address(tools: Tools) -> Iterator[str]:
    with served(tools) as address:
        yield address


@pytest.fixture
def locked(tools: Tools) -> Iterator[str]:
    """The same behind a password."""
    wanted = tools.settings().model_copy(update={"web": Web(password=SecretStr(PASSWORD))})
    with served(replace(tools, settings=lambda: wanted)) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
