"""Opens connections only to addresses that were checked: the one that was judged is the one connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from itertools import chain, zip_longest
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.fetch.address import refusal

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Place = tuple[Any, Any, int, str, tuple[Any, ...]]  # as getaddrinfo has it

MOST_TRIED: Final = 4  # of a host's addresses
MOST_LOOKUPS: Final = 64  # at a time; there are as many threads as were ever needed at once


def ask_system(host: str, port: int) -> Sequence[str]:
    """It also reads the odd spellings (127.1, 0x7f000001), so these are judged by what they mean."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in answers))


class Names:
    """What names mean. A name server that does not answer holds a thread for long; the other names must not wait for it."""

    def __init__(self, ask: Callable[[str, int], Sequence[str]] = ask_system) -> None:
        self._ask = ask
        self._threads = ThreadPoolExecutor(MOST_LOOKUPS, thread_name_prefix="names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, host, port)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Stopped(OSError):
    """No connection, and why in words. An OSError, since these are what aiohttp hands on."""


class Forbidden(Stopped):
    """Whoever asks again gets the same answer."""


def open_socket(place: Place) -> socket.socket:
    family, kind, protocol, _, _ = place
    return socket.socket(family, kind, protocol)


class Guard(AbstractResolver):
    """aiohttp's way to addresses. It is asked for every new connection, so for every hop of a redirect too.

    A name is resolved once, every answer is judged, and we connect to the answer itself: a name server that says
    something else a moment later (rebinding) is not asked. TLS still goes by the name, which aiohttp keeps. An address
    that is written as a number is not resolved; so each is judged once more when its socket is opened.
    """

    def __init__(self, resolver: Resolver, sockets: Callable[[Place], socket.socket], *, allow_private: bool) -> None:
        self._resolve = resolver
        self._sockets = sockets
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family  # all that there are
        try:
            answers = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise Stopped("unknown host") from None
        if not answers:
            raise Stopped("unknown host")
        for answer in answers:
            self._judge(answer)
        return [_resolved(host, answer, port) for answer in _of_both_kinds(answers)]

    def open_socket(self, place: Place) -> socket.socket:
        self._judge(place[4][0])
        return self._sockets(place)

    async def close(self) -> None:
        """There is nothing to close."""

    def _judge(self, answer: str) -> None:
        if reason := refusal(ip_address(answer), allow_private=self._allow_private):
            raise Forbidden(reason)


def _of_both_kinds(answers: Sequence[str]) -> list[str]:
    """Those that are tried. Some hosts have more IPv6 addresses than that, and not every network leads to these."""
    kinds: dict[bool, list[str]] = {}
    for answer in answers:
        kinds.setdefault(":" in answer, []).append(answer)
    turns = chain.from_iterable(zip_longest(*kinds.values()))
    return [answer for answer in turns if answer is not None][:MOST_TRIED]


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
