"""A small HTTP/1.1 server on 127.0.0.1 in a thread of its own, and any other server the same way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

TURNS = 10
TLS = b"\x16"  # how a greeting of TLS begins


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked, in the order it came."""

    method: str
    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before the first byte; a big one hangs until the server closes


Answer = Callable[[Request], Response]


@contextmanager
def http_server(answer: Answer) -> Iterator[str]:
    """Answers on loopback for the time of the block; gives its address, without a slash at the end."""

    async def start() -> asyncio.Server:
        return await asyncio.start_server(lambda reader, writer: _talk(reader, writer, answer), "127.0.0.1", 0)

    with served(start) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(start: Callable[[], Awaitable[asyncio.Server]]) -> Iterator[int]:
    """Runs what `start` starts in a thread with an event loop of its own; gives its port."""
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Future()

    async def live() -> None:
        stop = asyncio.Event()
        try:
            server = await start()
        except OSError as error:
            ready.set_exception(error)
            return
        ready.set_result((asyncio.get_running_loop(), stop, server.sockets[0].getsockname()[1]))
        await stop.wait()
        for _ in range(TURNS):  # whoever came in the last moment is let in: between two turns, `close` would lose him
            await asyncio.sleep(0)
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    loop, stop, port = ready.result(timeout=10)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


# -- HTTP ----------------------------------------------------------------------------------------


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
    """One connection, kept alive until the client closes it or we end."""
    try:
        async with _closing(writer):
            while True:
                request = await _read(reader)
                response = answer(request)
                await asyncio.sleep(response.delay)
                writer.write(_bytes(request, response))
                await writer.drain()
                if request.headers.get("connection", "").lower() == "close":
                    return
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        return  # the client has gone, or the test is over


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    first = await reader.readexactly(1)
    if first == TLS:
        raise ConnectionError  # as a server does that knows no TLS
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = line.split(" ")
    named = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in named}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


def _bytes(request: Request, response: Response) -> bytes:
    headers = dict(response.headers)
    if response.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers.setdefault("Content-Length", str(len(response.body)))
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    body = b"" if request.method == "HEAD" else response.body
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
