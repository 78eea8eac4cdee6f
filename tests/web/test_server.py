"""The page as it is really served."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from monitor.settings import Web
from monitor.web.server import listen, server
from monitor.web.site import site
from tests.build import settings
from tests.web.test_pages import desk, tools_of
from tests.work.desk import Desk

__all__ = ["desk"]  # fixture


@pytest.fixture
async def address(desk: Desk) -> AsyncIterator[httpx.URL]:
    wanted = settings(storage=desk.storage, web=Web(password=SecretStr("kunci")))
    bound = listen("127.0.0.1", 0)
    running = server(site(tools_of(desk, wanted)))
    serving = asyncio.create_task(running.serve([bound]))
    yield httpx.URL(f"http://127.0.0.1:{bound.getsockname()[1]}")
    running.should_exit = True
    await serving


async def test_who_claims_to_ask_from_elsewhere_may_not_guess_on(address: httpx.URL) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        given = [
            (
                await client.post("/login", data={"password": "x"}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            ).status_code
            for number in range(7)
        ]
        assert given == [403] * 5 + [429] * 2


def test_an_answer_does_not_wait_to_be_longer() -> None:
    with listen("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        accepted, _ = bound.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_it_does_not_say_what_serves_it(address: httpx.URL) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        assert "server" not in (await client.get("/healthz")).headers
