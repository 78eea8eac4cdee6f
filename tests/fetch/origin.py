"""A server on loopback that answers byte for byte what a test says, and names that lead where a test says."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from monitor.fetch.guard import Place

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]  # names in lower case


def reply(body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    lines = {"Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return reply(status=status, headers={"Location": location})


class Origin:
    """`async with Origin({path: answer})`. It hangs up after each answer, unless `keep`."""

    def __init__(self, answers: Mapping[str, Answer], *, keep: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.answers = dict(answers)
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = 0
        self._talks: set[asyncio.Task[None]] = set()
        self._keep = keep
        self._tls = tls

    def url(self, path: str = "/", user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._talks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while await self._answer((await reader.readuntil(b"\r\n\r\n")).decode(), writer):
                    pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.strip().split("\r\n")
        path = first.split(" ")[1]
        pairs = (line.split(": ", 1) for line in lines)
        self.asked.append(Asked(path, {name.lower(): value for name, value in pairs}))
        answer = self.answers.get(path, reply(status="404 Not Found"))
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(writer)
        return self._keep


class Names:
    """A resolver: a name's answers one after the other, the last again and again. Numbers mean what the system says."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(place[0]) for *_, place in found]
        left = self._answers[host]
        return left.pop(0) if len(left) > 1 else left[0]


class Detour:
    """The internet in small: whatever the address, the connection ends on loopback, and the address is noted.

    `ports`: which port of loopback stands for one of the internet, where not the same. `is_reached`: whether there is a
    way to an address.
    """

    def __init__(
        self, ports: Mapping[int, int] | None = None, is_reached: Callable[[str], bool] = lambda _: True
    ) -> None:
        self.connected: list[str] = []
        self._ports = ports or {}
        self._is_reached = is_reached

    def __call__(self, place: Place) -> socket.socket:
        address, port, *_ = place[4]
        self.connected.append(address)
        if not self._is_reached(address):
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        return Astray(self._ports.get(port, port))


class Astray(socket.socket):
    def __init__(self, port: int) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._port = port

    def connect(self, _address: Any) -> None:
        super().connect(("127.0.0.1", self._port))


@contextmanager
def black_hole(host: str, port: int) -> Iterator[None]:
    """An address that takes no connection and refuses none, since nobody there has a place left for one."""
    with ExitStack() as full:
        server = full.enter_context(socket.socket())
        server.bind((host, port))
        server.listen(0)
        for _ in range(4):
            waiting = full.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((host, port))
        yield
