"""An httpx transport whose connections are guarded. Its failures are httpcore's."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

import httpcore
import httpx

from monitor.fetch.guard import Guard

CONNECTIONS: Final = 100
# httpcore looks through all connections at each request, and feeds live on many hosts, so few are met again. Measured
# with 32 requests in flight: 100 kept cost 2.6 ms of CPU per request, 8 kept cost 0.9 ms.
KEPT_CONNECTIONS: Final = 8
# Servers commonly hang up after 5 s; a connection kept as long would now and then be used just when it ends.
KEPT_SECONDS: Final = 4


class Transport(httpx.AsyncBaseTransport):
    """httpx's own transport can't be given a network backend."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=CONNECTIONS,
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=guard,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        got = await self._pool.handle_async_request(asked)
        return httpx.Response(got.status, headers=got.headers, stream=_Stream(got), request=request)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    """The body in httpcore's hands, as httpx wants to hold it."""

    def __init__(self, response: httpcore.Response) -> None:
        assert isinstance(response.stream, AsyncIterable)
        self._body = response.stream
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()
