"""One guarded, conditional GET: size, time, addresses and redirects stay within bounds."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from types import MappingProxyType, TracebackType
from typing import Final, Self

import httpx

from monitor.errors import FetchError
from monitor.fetch import answer
from monitor.fetch.address import http_url, port_of
from monitor.fetch.body import Body, too_large
from monitor.fetch.failure import PROXY_WANTS_LOGIN, in_words, refused_by_proxy
from monitor.fetch.guard import Guard, Names, Place, Resolver, open_socket
from monitor.fetch.proxy import Proxy, basic_auth, proxy_at
from monitor.fetch.transport import Transport
from monitor.model import NotModified, Page, Validators

Header = tuple[bytes, bytes]
Origin = tuple[str, str, int]

MOST_REDIRECTS: Final = 5
ANYTHING: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xml;q=0.9, */*;q=0.8"
)

_GOOD: Final = frozenset({200, 203})
_NOT_MODIFIED: Final = 304
_NOTHING: Final = Validators()
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ENDS_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FOR_GOOD: Final = frozenset({301, 308})
_CODINGS: Final[Header] = (b"Accept-Encoding", b"gzip, deflate")


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
    origin: Origin
    conditional: bool
    allow_private: bool
    proxy: Proxy | None

    def request(self, url: httpx.URL) -> httpx.Request:
        if self.proxy:
            self.proxy.judge(url.host, allow_private=self.allow_private)
        secrets = self.secrets if _is_of(self.origin, url) else ()
        replaced = {name.lower() for name, _ in secrets}
        common = (header for header in self.headers if header[0].lower() not in replaced)
        return httpx.Request("GET", url, headers=[*common, *secrets], extensions={"proxy": self.proxy})


class Client:
    """Built once and shared. `resolver`, `sockets` (for addresses that were checked) and `tls` are there for tests.

    It uses httpx without its top floor: that one logs whole addresses, which may hold secrets, keeps cookies and follows
    redirects by itself. Proxies named in the environment are not used: behind one, no address could be checked. Inner
    addresses have connections of their own, so that none is opened for a feed that may and then met by one that may not;
    so have the proxies that the user names.
    """

    def __init__(
        self,
        *,
        user_agent: str | None = None,
        resolver: Resolver | None = None,
        sockets: Callable[[Place], socket.socket] = open_socket,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent or f"news-monitor/{version('news-monitor')}"
        tls = tls or _trusting_the_usual()
        self._names = Names()
        resolver = resolver or self._names
        self._guarded = Transport(Guard(resolver, sockets, allow_private=False), tls)
        self._private = Transport(Guard(resolver, sockets, allow_private=True), tls)
        self._proxied = Transport(Guard(resolver, sockets, allow_private=True), tls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in (self._guarded, self._private, self._proxied):
            await transport.aclose()
        self._names.close()

    async def get(
        self,
        url: str,
        *,
        limits: Limits,
        validators: Validators = _NOTHING,
        headers: Mapping[str, str] = _NO_HEADERS,
        allow_private: bool = False,
        accept: str = ANYTHING,
        user_agent: str | None = None,
        proxy: str | None = None,
        trusted: str | None = None,
    ) -> Page | NotModified:
        """The page at `url`. Raises FetchError, which says why there is none, in plain words and without secrets.

        `trusted`: the address whose host may hear `headers` and the login, where `url` is what it has moved to.
        """
        start = http_url(url)
        named = start if trusted is None or trusted == url else http_url(trusted)
        common = {"User-Agent": user_agent or self._user_agent, "Accept": accept}
        ask = _Ask(
            limits=limits,
            headers=(*_encoded(common), _CODINGS, *_conditions(validators)),
            secrets=(*_login(named), *_encoded(headers)),
            origin=_origin(named),
            conditional=validators != _NOTHING,
            allow_private=allow_private,
            proxy=proxy_at(proxy) if proxy else None,
        )
        with in_words(ask.proxy):
            async with asyncio.timeout(limits.seconds):
                return await _follow(self._way(ask), start, ask)

    def _way(self, ask: _Ask) -> Transport:
        if ask.proxy:
            return self._proxied
        return self._private if ask.allow_private else self._guarded


async def _follow(transport: Transport, start: httpx.URL, ask: _Ask) -> Page | NotModified:
    url, moved = _bare(start), True
    for hop in range(MOST_REDIRECTS + 1):
        response = await transport.handle_async_request(ask.request(url))
        try:
            if response.status_code not in answer.REDIRECTS:
                page = await _read(response, url, ask)
                return replace(page, moved_to=str(url)) if hop and moved and isinstance(page, Page) else page
        except FetchError as error:
            error.gone = error.gone and (not hop or moved)  # what was there for now is gone, not what the user named
            raise
        finally:
            await response.aclose()
        following = _bare(http_url(_target(response, url)))
        moved = moved and response.status_code in _FOR_GOOD and not (url.scheme == "https" != following.scheme)
        url = following
    raise FetchError("too many redirects", permanent=True)


async def _read(response: httpx.Response, url: httpx.URL, ask: _Ask) -> Page | NotModified:
    headers = response.headers
    if response.status_code == _NOT_MODIFIED and ask.conditional:
        return NotModified(answer.max_age(headers))
    if response.status_code == PROXY_WANTS_LOGIN and ask.proxy:
        raise refused_by_proxy(response.status_code)
    if response.status_code not in _GOOD:
        raise answer.failure(response.status_code, headers, url=url)
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
        said_at=answer.said_at(headers),
    )


def _target(response: httpx.Response, url: httpx.URL) -> str:
    location = response.headers.get("location", "").strip()
    if not location:
        raise FetchError("redirect without an address", status=response.status_code)
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise FetchError("not an http(s) address", permanent=True) from None


@cache  # reading the usual roots takes 25 ms, and nobody changes a context
def _trusting_the_usual() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])  # some servers refuse who does not say what comes
    return context


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, url.host, port_of(url)


def _is_of(origin: Origin, url: httpx.URL) -> bool:
    """Whether what was meant for the one may be told to the other: the same place, or that place behind TLS."""
    asked = _origin(url)
    return asked == origin or (origin == ("http", url.host, 80) and asked == ("https", url.host, 443))


def _bare(url: httpx.URL) -> httpx.URL:
    """Without user, password and fragment: so it is asked for, and so it becomes the page's own address."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


def _encoded(headers: Mapping[str, str]) -> list[Header]:
    if not all(_NAME.fullmatch(name) and not _ENDS_LINE.search(value) for name, value in headers.items()):
        raise FetchError("a header for this address can't be sent", permanent=True)
    return [(name.encode(errors="replace"), value.encode(errors="replace")) for name, value in headers.items()]


def _conditions(validators: Validators) -> Iterator[Header]:
    if validators.etag:
        yield b"If-None-Match", validators.etag.encode()
    if validators.last_modified:
        yield b"If-Modified-Since", validators.last_modified.encode()


def _login(url: httpx.URL) -> Iterator[Header]:
    if (login := basic_auth(url)) is not None:
        yield b"Authorization", login.encode()
