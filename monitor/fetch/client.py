"""One guarded, conditional GET: size, time, addresses and redirects stay within bounds."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType, TracebackType
from typing import Final, Self
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

from monitor.errors import FetchError
from monitor.fetch import answer
from monitor.fetch.address import http_url, port_of
from monitor.fetch.body import Body, too_large
from monitor.fetch.guard import Guard, Resolver, resolve
from monitor.fetch.transport import Transport
from monitor.model import NotModified, Page, Validators

Header = tuple[bytes, bytes]

MOST_REDIRECTS: Final = 5
CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 20

ANYTHING: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xml;q=0.9, */*;q=0.8"
)

_GOOD: Final = frozenset({200, 203})
_NOT_MODIFIED: Final = 304
_NOTHING: Final = Validators()
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_TIMEOUTS: Final = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": None}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one GET may cost: bytes of the page, inflated; seconds for everything, with all redirects."""

    bytes: int
    seconds: float


FEED: Final = Limits(bytes=10_000_000, seconds=60)
ARTICLE: Final = Limits(bytes=3_000_000, seconds=30)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked at every hop, and what only the place that the user named may hear."""

    limits: Limits
    headers: tuple[Header, ...]
    secrets: tuple[Header, ...]
    origin: tuple[str, str, int]
    conditional: bool

    def request(self, url: httpx.URL) -> httpx.Request:
        secrets = self.secrets if _origin(url) == self.origin else ()
        replaced = {name.lower() for name, _ in secrets}
        common = (header for header in self.headers if header[0].lower() not in replaced)
        return httpx.Request("GET", url, headers=[*common, *secrets], extensions={"timeout": _TIMEOUTS})


class Client:
    """Built once and shared. `resolver`, `network` (which is given checked addresses) and `tls` are there for tests.

    It uses httpx without its top floor: that one logs whole addresses, which may hold secrets, keeps cookies and follows
    redirects by itself. Proxies named in the environment are not used: behind one, no address could be checked. Inner
    addresses have connections of their own, so that none is opened for a feed that may and then met by one that may not.
    """

    def __init__(
        self,
        *,
        user_agent: str | None = None,
        resolver: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent or f"news-monitor/{version('news-monitor')}"
        network = network or httpcore.AnyIOBackend()
        tls = tls or httpx.create_ssl_context(trust_env=False)
        self._guarded = Transport(Guard(resolver, network, allow_private=False), tls)
        self._private = Transport(Guard(resolver, network, allow_private=True), tls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._guarded.aclose()
        await self._private.aclose()

    async def get(
        self,
        url: str,
        *,
        limits: Limits,
        validators: Validators = _NOTHING,
        headers: Mapping[str, str] = _NO_HEADERS,
        allow_private: bool = False,
        accept: str = ANYTHING,
    ) -> Page | NotModified:
        """The page at `url`. Raises FetchError, which says why there is none, in plain words and without secrets."""
        start = http_url(url)
        common = {"User-Agent": self._user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        ask = _Ask(
            limits=limits,
            headers=(*_encoded(common), *_conditions(validators)),
            secrets=(*_basic_auth(start), *_encoded(headers)),
            origin=_origin(start),
            conditional=validators != _NOTHING,
        )
        with _in_words():
            async with asyncio.timeout(limits.seconds):
                return await _follow(self._private if allow_private else self._guarded, start, ask)


async def _follow(transport: Transport, start: httpx.URL, ask: _Ask) -> Page | NotModified:
    url = _bare(start)
    for _ in range(MOST_REDIRECTS + 1):
        response = await transport.handle_async_request(ask.request(url))
        try:
            if response.status_code not in answer.REDIRECTS:
                return await _read(response, url, ask)
        finally:
            await response.aclose()
        url = _bare(http_url(_target(response, url)))
    raise FetchError("too many redirects")


async def _read(response: httpx.Response, url: httpx.URL, ask: _Ask) -> Page | NotModified:
    headers = response.headers
    if response.status_code == _NOT_MODIFIED and ask.conditional:
        async for _ in response.aiter_raw():  # there is nothing; but only then can the connection be used again
            pass
        return NotModified(answer.max_age(headers))
    if response.status_code not in _GOOD:
        raise answer.failure(response.status_code, headers)
    if answer.announced_size(headers) > ask.limits.bytes:
        raise too_large(ask.limits.bytes)
    body = Body(headers.get("content-encoding", ""), ask.limits.bytes)
    async for chunk in response.aiter_raw():
        body.add(chunk)
    return Page(
        url=str(url),
        content=body.content(),
        content_type=headers.get("content-type", ""),
        validators=answer.validators(headers),
        max_age=answer.max_age(headers),
    )


def _target(response: httpx.Response, url: httpx.URL) -> str:
    location = response.headers.get("location", "").strip()
    if not location:
        raise FetchError("redirect without an address", status=response.status_code)
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise FetchError("not an http(s) address") from None


@contextmanager
def _in_words() -> Iterator[None]:
    """Failures of the network, without the libraries' names for them."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException):
        raise FetchError("timed out") from None
    except (httpcore.NetworkError, httpcore.RemoteProtocolError, OSError) as error:
        raise FetchError(_broken(error)) from None
    except httpcore.ProtocolError:
        raise FetchError("a header for this address can't be sent") from None


def _broken(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"TLS certificate not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "no TLS connection"
        cause = cause.__cause__ or cause.__context__
    # httpcore has one name for a server that hangs up and for one that does not speak HTTP; only the words differ.
    hung_up = (
        not isinstance(error, httpcore.RemoteProtocolError) or "disconnected" in str(error) or "closed" in str(error)
    )
    return "connection broke off" if hung_up else "not an HTTP answer"


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, port_of(url)


def _bare(url: httpx.URL) -> httpx.URL:
    """Without user, password and fragment: so it is asked for, and so it becomes the page's own address."""
    return url.copy_with(userinfo=b"", fragment=None)


def _encoded(headers: Mapping[str, str]) -> list[Header]:
    return [(name.encode(errors="replace"), value.encode(errors="replace")) for name, value in headers.items()]


def _conditions(validators: Validators) -> Iterator[Header]:
    if validators.etag:
        yield b"If-None-Match", validators.etag.encode()
    if validators.last_modified:
        yield b"If-Modified-Since", validators.last_modified.encode()


def _basic_auth(url: httpx.URL) -> Iterator[Header]:
    if not url.userinfo:
        return
    user, _, password = url.userinfo.partition(b":")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    yield b"Authorization", b"Basic " + base64.b64encode(pair)
