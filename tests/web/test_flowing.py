"""A page that takes long says how far it is, ends when nobody reads it, and says so when it fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Scope

from monitor.errors import StoreError
from monitor.trial import Attempt, Attempted, Progress
from monitor.web.site import site as pages
from monitor.web.tools import Tools
from tests.build import NOON, settings
from tests.prepared import prepared
from tests.tools import tools_for

PATIENCE = 20  # seconds, for a machine that is busy


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    database = prepared(tmp_path / "monitor.db")
    yield tools_for(database, settings(), lambda: NOON)
    database.close()


def trying(tools: Tools, work: Callable[[Progress], None]) -> ASGIApp:
    """A site where each try is this work, in a thread."""

    async def attempt(_asked: Attempt, progress: Progress) -> Attempted:
        await asyncio.to_thread(work, progress)
        return Attempted(problem="that was all")

    return pages(replace(tools, attempt=attempt))


SCOPE: Scope = {
    "type": "http", "method": "GET", "path": "/try", "raw_path": b"/try", "query_string": b"query=beras", "http_version": "1.1",
    "headers": [(b"host", b"127.0.0.1:8080")], "scheme": "http", "root_path": "", "server": ("127.0.0.1", 8080), "client": ("127.0.0.1", 1),
}  # fmt: skip


async def test_a_long_try_says_how_far_it_is_before_it_is_done(tools: Tools) -> None:
    is_read = threading.Event()
    came: list[str] = []

    def work(progress: Progress) -> None:
        progress(30, 100)
        assert is_read.wait(PATIENCE)
        progress(100, 100)

    async def send(message: Message) -> None:
        came.append(message.get("body", b"").decode())
        if "Reading the archive: 30 %" in came[-1]:
            assert "that was all" not in "".join(came)
            is_read.set()

    async def receive() -> Message:
        return await asyncio.Future()

    await asyncio.wait_for(trying(tools, work)(SCOPE, receive, send), PATIENCE)
    whole = "".join(came)
    assert "<h1>Try a topic</h1>" in came[1]
    assert '<progress value="30" max="100"></progress>' in whole
    steps = whole[whole.index('<div class="steps">') : whole.index("that was all")]
    assert "</label></div>" in steps
    assert whole.endswith("</html>")


async def test_a_page_that_was_left_ends_its_work(tools: Tools) -> None:
    is_left, has_ended = asyncio.Event(), threading.Event()

    def work(progress: Progress) -> None:
        try:
            for done in range(100 * PATIENCE):
                progress(done, 100 * PATIENCE)
                threading.Event().wait(0.01)
        finally:
            has_ended.set()

    async def send(message: Message) -> None:
        if b"progress" in message.get("body", b""):
            is_left.set()

    async def receive() -> Message:
        await is_left.wait()
        return {"type": "http.disconnect"}

    await asyncio.wait_for(trying(tools, work)(SCOPE, receive, send), PATIENCE)
    assert await asyncio.to_thread(has_ended.wait, 2)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("locked"), "The database is busy or away"),
        (ValueError("?"), "Something went wrong; the log says what"),
    ],
)
async def test_a_try_that_fails_says_so_where_its_answer_would_be(tools: Tools, error: Exception, said: str) -> None:
    def work(_progress: Progress) -> None:
        raise error

    transport = httpx.ASGITransport(trying(tools, work))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
        page = (await browser.get("/try?query=beras")).text
    assert said in page
    assert page.endswith("</html>")
