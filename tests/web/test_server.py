"""The page as it is really served."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from pydantic import SecretStr

from monitor.settings import Web
from monitor.web.server import STANDARD, Limits, listen, server
from monitor.web.site import site
from tests.build import settings
from tests.tools import tools_for
from tests.web.test_pages import desk
from tests.work.desk import Desk

__all__ = ["desk"]  # fixture


@asynccontextmanager
async def served(desk: Desk, limits: Limits = STANDARD) -> AsyncIterator[httpx.URL]:
    wanted = settings(storage=desk.storage, web=Web(password=SecretStr("kunci")))
    bound = listen("127.0.0.1", 0)
    running = server(site(tools_for(desk.database, wanted, desk.clock)), limits)
    serving = asyncio.create_task(running.serve([bound]))
    yield httpx.URL(f"http://127.0.0.1:{bound.getsockname()[1]}")
    running.should_exit = True
    await serving


@pytest.fixture
async def address(desk: Desk) -> AsyncIterator[httpx.URL]:
    async with served(desk) as address:
        yield address


async def test_who_claims_to_ask_from_elsewhere_may_not_guess_on(address: httpx.URL) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        given = [
            (
                await client.post("/login", data={"password": "x"}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            ).status_code
            for number in range(7)
        ]
        assert given == [403] * 5 + [429] * 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HT",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        (
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\npass"
        ),
    ],
)
async def test_who_says_nothing_or_not_all_is_not_waited_for(desk: Desk, said: bytes) -> None:
    async with served(desk, Limits(patience=0.2)) as address:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(said)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 20) == b""
        writer.close()
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/healthz")).status_code == 200


async def test_connections_without_number_leave_the_daemon_its_files(desk: Desk) -> None:
    async with served(desk, Limits(connections=3)) as address:
        kept = [await asyncio.open_connection(address.host, address.port) for _ in range(3)]
        reader, writer = await asyncio.open_connection(address.host, address.port)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 20) == b""
        for _, each in [*kept, (reader, writer)]:
            each.close()


def test_an_answer_does_not_wait_to_be_longer() -> None:
    with listen("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        accepted, _ = bound.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_it_does_not_say_what_serves_it(address: httpx.URL) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        assert "server" not in (await client.get("/healthz")).headers
