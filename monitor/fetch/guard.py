"""Opens connections only to addresses that were checked: the one that was judged is the one connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Final

import httpcore

from monitor.errors import FetchError
from monitor.fetch.address import is_forbidden, is_public

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

MOST_TRIED: Final = 4  # of a host's addresses


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system. It also reads the odd spellings (127.1, 0x7f000001), so these are judged by what they mean."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in answers))


class Guard(httpcore.AsyncNetworkBackend):
    """httpcore's way to the network. It is asked for every new connection, so for every hop of a redirect too.

    A name is resolved once, every answer is judged, and we connect to the answer itself: a name server that says
    something else a moment later (rebinding) is not asked. TLS still goes by the name, which httpcore keeps.
    """

    def __init__(self, resolver: Resolver, network: httpcore.AsyncNetworkBackend, *, allow_private: bool) -> None:
        self._resolve = resolver
        self._network = network
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the name is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        clock = asyncio.get_running_loop().time
        end = None if timeout is None else clock() + timeout
        async with asyncio.timeout_at(end):
            addresses = await self._checked(host, port)
        for left in range(len(addresses), 0, -1):
            share = None if end is None else max(end - clock(), 0) / left
            try:
                return await self._network.connect_tcp(addresses[-left], port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = _in_words(error)
        raise failure

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            answers = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise FetchError("unknown host") from None
        if not answers:
            raise FetchError("unknown host")
        for answer in answers:
            self._judge(answer)
        return answers[:MOST_TRIED]

    def _judge(self, answer: str) -> None:
        address = ip_address(answer)
        if is_forbidden(address):
            raise FetchError("link-local or metadata address refused")
        if not self._allow_private and not is_public(address):
            raise FetchError("private address refused")


def _in_words(error: Exception) -> FetchError:
    if isinstance(error, httpcore.ConnectTimeout):
        return FetchError("timed out")
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ConnectionRefusedError):
            return FetchError("connection refused")
        seen = seen.__cause__ or seen.__context__
    return FetchError("no connection")
