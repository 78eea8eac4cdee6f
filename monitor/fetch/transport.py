"""An httpx transport whose connections are guarded, over aiohttp. Its failures are aiohttp's.

httpx's own one costs ten times as much for each request (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Final, TypedDict

import aiohttp
import httpx
from yarl import URL

from monitor.fetch.guard import Guard
from monitor.fetch.proxy import Proxy
from monitor.fetch.wire import Connector

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 20
# Servers commonly hang up after 5 s; a connection kept as long would now and then be used just when it ends.
KEPT_SECONDS: Final = 4
KEPT_ORIGINS: Final = 64  # each idle connection is an open file, and feeds live on many hosts
LONGEST_HEADER: Final = 32_768  # bytes; some sites say at length what a browser may load
MOST_HEADERS: Final = 200

_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=READ_SECONDS)


class _Way(TypedDict, total=False):
    proxy: URL
    proxy_headers: dict[str, str]


_DIRECT: Final = _Way()


class Transport(httpx.AsyncBaseTransport):
    """Redirects, cookies and proxies of the environment are nothing that it knows of."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self._guard = guard
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None
        self._asked_at: dict[tuple[str, str, int | None], float] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """`extensions["proxy"]`: the way there, a Proxy or None."""
        session = self._session = self._session or self._opened()
        headers = [(name.decode("latin-1"), value.decode("utf-8")) for name, value in request.headers.raw]
        if not self._is_kept(request.url):
            headers.append(("Connection", "close"))
        proxy: Proxy | None = request.extensions.get("proxy")
        way = _way(proxy, request, headers) if proxy else _DIRECT
        url = URL(str(request.url), encoded=True)
        got = await session.request(request.method, url, headers=headers, allow_redirects=False, **way)
        return httpx.Response(got.status, headers=list(got.raw_headers), stream=_Stream(got), request=request)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        connector = Connector(
            limit=0,  # whoever asks has a slot of his own
            resolver=self._guard,
            use_dns_cache=False,  # each connection is judged by what the name means then
            socket_factory=self._guard.open_socket,
            ssl=self._tls,
            keepalive_timeout=KEPT_SECONDS,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # fetch/body.py inflates, and counts while it does
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
            timeout=_TIMEOUT,
            trust_env=False,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_HEADERS,
        )

    def _is_kept(self, url: httpx.URL) -> bool:
        """Whether its connection may wait for the next request: where the last one was a moment ago."""
        now, origin = asyncio.get_running_loop().time(), (url.scheme, url.host, url.port)
        is_again = now - self._asked_at.pop(origin, -KEPT_SECONDS) < KEPT_SECONDS
        while self._asked_at and (oldest := next(iter(self._asked_at))):
            if now - self._asked_at[oldest] < KEPT_SECONDS:
                break
            del self._asked_at[oldest]
        if len(self._asked_at) < KEPT_ORIGINS:
            self._asked_at[origin] = now  # at the end: the oldest stand first
        return is_again


def _way(proxy: Proxy, request: httpx.Request, headers: list[tuple[str, str]]) -> _Way:
    """The login goes to the proxy: with the wish for a tunnel, or in a request that it reads (and takes it out)."""
    login = {"Proxy-Authorization": proxy.login} if proxy.login else {}
    is_tunnel = request.url.scheme == "https"
    if not is_tunnel:
        headers.extend(login.items())
    wish = {**login, "User-Agent": request.headers.get("User-Agent", "")} if is_tunnel else {}
    return _Way(proxy=URL(str(proxy.url), encoded=True), proxy_headers=wish)


class _Stream(httpx.AsyncByteStream):
    """The body in aiohttp's hands, as httpx wants to hold it."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Part by part as the server sent it, of one byte if it wants; whoever reads counts them."""
        content = self._response.content
        while not content.at_eof():
            part, _ = await content.readchunk()
            if part:
                yield part

    async def aclose(self) -> None:
        """What was not read to its end is cut off."""
        self._response.close()
