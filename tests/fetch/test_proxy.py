"""By way of a proxy that the user named: it is asked, it alone hears its login, and it opens no way inside."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from monitor.errors import FetchError
from monitor.fetch.client import Client, Limits
from monitor.model import Page
from tests.fetch.origin import Names, Origin, redirect, reply

SMALL = Limits(bytes=1000, seconds=5)
CERTIFICATE = Path(__file__).with_name("news.example.pem")
LOGIN = "Basic " + base64.b64encode("ana:s3crét".encode()).decode()
FEED_URL = "http://news.example/feed"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(tls=ssl.create_default_context(cafile=CERTIFICATE)) as client:
        yield client


async def read(client: Client, url: str, proxy: str, *, allow_private: bool = False) -> Page:
    page = await client.get(url, limits=SMALL, proxy=proxy, allow_private=allow_private)
    assert isinstance(page, Page)
    return page


async def failure(client: Client, url: str, proxy: str, *, allow_private: bool = False) -> str:
    with pytest.raises(FetchError) as caught:
        await read(client, url, proxy, allow_private=allow_private)
    assert "s3cr" not in str(caught.value)
    return str(caught.value)


class Tunnel:
    """A proxy that connects to one port on loopback, whatever host it is asked for."""

    def __init__(self, port: int, answer: bytes = b"HTTP/1.1 200 Connected\r\n\r\n") -> None:
        self.asked: list[str] = []
        self._port = port
        self._answer = answer

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://ana:s3cr%C3%A9t@127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self._answer)
        if self._answer.startswith(b"HTTP/1.1 200"):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


# -- the way there --------------------------------------------------------------------------------


async def test_the_proxy_is_asked_and_what_the_name_means_is_left_to_it() -> None:
    names = Names(proxy_example=[["127.0.0.1"]])
    async with Origin({FEED_URL: reply(b"<rss/>")}) as proxy, Client(resolver=names) as client:
        page = await read(client, FEED_URL, f"http://proxy.example:{proxy.port}")
        assert (page.content, page.url) == (b"<rss/>", FEED_URL)
        assert (names.asked, proxy.asked[0].headers["host"]) == (["proxy.example"], "news.example")


async def test_the_proxy_hears_its_login_and_the_origin_hears_its_own(client: Client) -> None:
    async with Origin({FEED_URL: reply(b"x")}) as proxy:
        await read(client, "http://eve:pw@news.example/feed", proxy.url(user="ana:s3cr%C3%A9t@"))
        assert proxy.asked[0].headers["proxy-authorization"] == LOGIN
        assert proxy.asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"eve:pw").decode()


@pytest.fixture
async def secure() -> AsyncIterator[Origin]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    async with Origin({"/feed": reply(b"<rss/>")}, tls=context) as origin:
        yield origin


async def test_behind_tls_the_proxy_only_passes_on(client: Client, secure: Origin) -> None:
    async with Tunnel(secure.port) as proxy:
        page = await read(client, "https://news.example/feed", proxy.url)
        assert (page.content, page.url) == (b"<rss/>", "https://news.example/feed")
        assert proxy.asked[0].startswith("CONNECT news.example:443 HTTP/1.1\r\n")
        assert f"Proxy-Authorization: {LOGIN}\r\n" in proxy.asked[0]
        assert "proxy-authorization" not in secure.asked[0].headers
        assert "User-Agent: news-monitor/" in proxy.asked[0]


async def test_the_certificate_is_the_origins(client: Client, secure: Origin) -> None:
    async with Tunnel(secure.port) as proxy:
        words = await failure(client, "https://other.example/feed", proxy.url)
        assert words.startswith("TLS certificate not valid: Hostname mismatch")


async def test_a_proxy_is_one_feeds_and_not_the_next_ones(client: Client) -> None:
    async with Origin({FEED_URL: reply(b"by proxy")}, keep=True) as proxy, Origin({"/": reply(b"direct")}) as origin:
        for _ in range(2):
            assert (await read(client, FEED_URL, proxy.url())).content == b"by proxy"
        page = await client.get(origin.url(), limits=SMALL, allow_private=True)
        assert isinstance(page, Page)
        assert page.content == b"direct"


# -- no way inside --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1/", "private address refused"),
        ("http://127.1/", "private address refused"),
        ("http://2130706433/", "private address refused"),
        ("http://10.0.0.1./", "private address refused"),
        ("http://[::1]/", "private address refused"),
        ("http://[::ffff:10.0.0.1]/", "private address refused"),
        ("http://localhost/", "private address refused"),
        ("http://nas/", "private address refused"),
        ("http://wiki.corp.internal./", "private address refused"),
        ("http://169.254.169.254/", "link-local or metadata address refused"),
        ("http://[fe80::1]/", "link-local or metadata address refused"),
        ("file:///etc/passwd", "not an http(s) address"),
    ],
)
async def test_a_proxy_is_not_asked_for_what_is_inside(client: Client, url: str, words: str) -> None:
    async with Origin({FEED_URL: redirect(url)}) as proxy:
        assert await failure(client, url, proxy.url()) == words
        assert await failure(client, FEED_URL, proxy.url()) == words
        assert [asked.path for asked in proxy.asked] == [FEED_URL]


async def test_who_may_reach_inner_addresses_may_by_proxy_too_but_no_metadata(client: Client) -> None:
    async with Origin({"http://nas/": reply(b"x")}) as proxy:
        assert (await read(client, "http://nas/", proxy.url(), allow_private=True)).content == b"x"
        words = await failure(client, "http://169.254.169.254/", proxy.url(), allow_private=True)
        assert words == "link-local or metadata address refused"


# -- in words -------------------------------------------------------------------------------------


async def test_a_proxy_that_is_not_there(client: Client) -> None:
    async with Origin({}) as proxy:
        url = proxy.url(user="ana:s3cret@")
    for feed in (FEED_URL, "https://news.example/feed"):
        assert await failure(client, feed, url) == "the proxy refused the connection"


async def test_a_proxy_whose_name_nobody_knows() -> None:
    async with Client(resolver=Names()) as client:
        words = await failure(client, FEED_URL, "http://ana:s3cret@proxy.example:3128")
        assert words == "no way to the proxy: unknown host"


async def test_a_proxy_in_the_realm_of_metadata(client: Client) -> None:
    words = await failure(client, FEED_URL, "http://169.254.169.254:3128")
    assert words == "no way to the proxy: link-local or metadata address refused"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("407 Proxy Authentication Required", "the proxy wants a login"),
        ("403 Forbidden", "the proxy said HTTP 403"),
        ("502 Bad Gateway", "the proxy said HTTP 502"),
    ],
)
async def test_a_proxy_that_says_no_to_a_tunnel(client: Client, status: str, words: str) -> None:
    async with Tunnel(0, f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as proxy:
        assert await failure(client, "https://news.example/feed", proxy.url) == words


async def test_a_proxy_that_wants_a_login(client: Client) -> None:
    async with Origin({FEED_URL: reply(status="407 Proxy Authentication Required")}) as proxy:
        assert await failure(client, FEED_URL, proxy.url()) == "the proxy wants a login"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40_000])
async def test_a_proxy_that_is_none(client: Client, answer: bytes) -> None:
    words = {"connection broke off", "not an HTTP answer", "headers too large"}
    async with Tunnel(0, answer.replace(b"HTTP/1.1 200", b"HTTP/1.1 299")) as proxy:
        assert await failure(client, "https://news.example/feed", proxy.url) in words


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "127.0.0.1:3128", "http://", "http://a b/", "http://a:0"])
async def test_what_is_no_address_of_a_proxy(client: Client, proxy: str) -> None:
    assert await failure(client, FEED_URL, proxy) == "the proxy is not an http(s) address"


async def test_a_proxy_that_says_nothing_is_given_up_in_time(client: Client) -> None:
    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)

    answers: dict[str, bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]] = {FEED_URL: silent}
    async with Origin({**answers, "news.example:443": silent}) as proxy:
        for feed in (FEED_URL, "https://news.example/feed"):
            with pytest.raises(FetchError, match="timed out"):
                await client.get(feed, limits=Limits(1000, 0.15), proxy=proxy.url())
