"""Servers that mean harm, or are broken: each ends in plain words and in its time, and little is taken from it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from monitor.errors import FetchError
from monitor.fetch.client import ARTICLE, FEED, Client, Limits
from monitor.model import NotModified, Page, Validators
from tests.fetch.origin import Answer, Origin, redirect, reply

SMALL = Limits(bytes=1000, seconds=5)
BRIEF = Limits(bytes=1000, seconds=0.15)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as client:
        yield client


async def read(client: Client, url: str, limits: Limits = SMALL) -> bytes:
    page = await client.get(url, limits=limits, allow_private=True)
    assert isinstance(page, Page)
    return page.content


async def failure(client: Client, url: str, limits: Limits = SMALL) -> str:
    with pytest.raises(FetchError) as caught:
        await client.get(url, limits=limits, allow_private=True)
    assert "\n" not in str(caught.value)
    return str(caught.value)


class Flood:
    """An answer that begins like one and never ends."""

    def __init__(self, start: bytes, again: bytes, rest: float = 0) -> None:
        self.start, self.again, self.rest = start, again, rest
        self.sent = 0
        self.over = asyncio.Event()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.start)
            while True:
                writer.write(self.again)
                await writer.drain()
                self.sent += len(self.again)
                await asyncio.sleep(self.rest)
        finally:
            self.over.set()


def parts(*texts: bytes) -> Answer:
    """Each in a packet of its own."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for text in texts:
            writer.write(text)
            await writer.drain()
            await asyncio.sleep(0.02)

    return answer


# -- without end ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "again", "words"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: of the same\r\n" * 1000, "headers too large"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 20_000, "headers too large"),
        (b"HTTP/1.1 200 OK\r\n", b"x" * 20_000, "headers too large"),
        (b"HTTP/1.1 200 ", b"x" * 20_000, "headers too large"),
        (b"", b"\r\n" * 10_000, "headers too large"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "not an HTTP answer"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 500, "not an HTTP answer"),
        (CHUNKED + b"5;", b"extended" * 8000, "too large (over 32 MB)"),
        (CHUNKED, b"0" * 64_000, "too large (over 32 MB)"),
        (CHUNKED + b"0\r\n", b"X-More: of the same\r\n" * 1000, "headers too large"),
        (CHUNKED + b"5\r\nhello\r\n0\r\n", b"x" * 20_000, "headers too large"),
    ],
    ids=[
        "headers",
        "one header",
        "the name of a header",
        "the reason",
        "empty lines",
        "continue",
        "early hints",
        "what stands beside a chunk",
        "the length of a chunk",
        "trailers",
        "one trailer",
    ],
)
async def test_what_does_not_end_is_ended(client: Client, start: bytes, again: bytes, words: str) -> None:
    flood = Flood(start, again)
    async with Origin({"/": flood, "/good": reply(b"x")}) as origin:
        assert await failure(client, origin.url()) == words
        await flood.over.wait()
        assert flood.sent < (60_000_000 if "MB" in words else 15_000_000)  # a part of it the system's buffers hold
        assert await read(client, origin.url("/good")) == b"x"


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"5;", b"x"),
    ],
    ids=["headers", "one header", "empty lines", "continue", "chunks", "what stands beside a chunk"],
)
async def test_what_drips_is_given_up_in_time(client: Client, start: bytes, again: bytes) -> None:
    async with Origin({"/": Flood(start, again, rest=0.01)}) as origin:
        assert await failure(client, origin.url(), BRIEF) == "timed out"


async def test_a_server_that_only_listens_is_given_up_in_time_also_behind_tls(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for scheme in ("http", "https"):
            assert await failure(client, f"{scheme}://127.0.0.1:{server.getsockname()[1]}/", BRIEF) == "timed out"


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "500 Oops"])
async def test_the_page_beside_a_redirect_or_an_error_is_not_read(client: Client, status: str) -> None:
    flood = Flood(f"HTTP/1.1 {status}\r\nLocation: /good\r\n\r\n".encode(), b"x" * 100_000)
    async with Origin({"/": flood, "/good": reply(b"x")}) as origin:
        if status.startswith("302"):
            assert await read(client, origin.url(), FEED) == b"x"
        else:
            assert await failure(client, origin.url(), FEED) == f"HTTP {status[:3]}"
        await flood.over.wait()
        assert flood.sent < 15_000_000


async def test_one_that_floods_keeps_nobody_else_waiting(client: Client) -> None:
    flood = Flood(CHUNKED, b"8\r\nxxxxxxxx\r\n" * 5000)
    async with Origin({"/": flood, "/good": reply(b"x")}) as origin:
        urls = [origin.url(), *[origin.url("/good")] * 5]
        ends = await asyncio.gather(*(read(client, url, ARTICLE) for url in urls), return_exceptions=True)
        assert isinstance(ends[0], FetchError)
        assert ends[1:] == [b"x"] * 5


async def test_a_redirect_to_an_address_without_end(client: Client) -> None:
    async with Origin({"/": redirect("http://127.0.0.1/" + "a" * 1_000_000)}) as origin:
        assert await failure(client, origin.url()) == "headers too large"


async def test_headers_at_length_are_read_as_long_as_browsers_read_them(client: Client) -> None:
    headers = {f"X-{n}": "x" * 100 for n in range(150)} | {"Content-Security-Policy": "x" * 30_000}
    async with Origin({"/": reply(b"x", headers=headers)}) as origin:
        assert await read(client, origin.url()) == b"x"


# -- what is said twice, or in two ways -----------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"X-Nul: \0\r\nContent-Length: 5\r\n",
    ],
)
async def test_a_length_that_can_be_read_in_two_ways_is_no_answer(client: Client, head: bytes) -> None:
    async with Origin({"/": b"HTTP/1.1 200 OK\r\n" + head + b"\r\n5\r\nhello\r\n0\r\n\r\n"}) as origin:
        assert await failure(client, origin.url()) == "not an HTTP answer"


@pytest.mark.parametrize("rest", [b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nhello"])
async def test_what_a_server_sends_after_nothing_changed_is_passed_over(client: Client, rest: bytes) -> None:
    async with Origin({"/": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n" + rest}, keep=True) as origin:
        for _ in range(3):
            known = Validators('"a"')
            answer = await client.get(origin.url(), limits=SMALL, validators=known, allow_private=True)
            assert answer == NotModified()


@pytest.mark.parametrize(
    "texts",
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", reply(b"hello")),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + reply(b"hello"),),
        (b"HTTP/1.1 200 O", b"K\r\nContent-Len", b"gth: 5\r\n\r", b"\nhel", b"lo"),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",),
        (CHUNKED, b"2\r\nhe\r\n", b"3;a=b\r\nllo\r\n", b"0\r\nX-Trailer: x\r\n\r\n"),
        (reply(b"hello") + b"\r\n",),
        (reply(b"hello"), b"HTTP/1.1 408 Request Timeout\r\n\r\n"),
    ],
    ids=["hints before", "two before", "in pieces", "bare line ends", "chunks", "a line more", "an answer more"],
)
async def test_an_odd_answer_that_is_one_is_read(client: Client, texts: tuple[bytes, ...]) -> None:
    async with Origin({"/": parts(*texts)}) as origin:
        assert await read(client, origin.url()) == b"hello"


async def test_a_server_that_changes_to_another_protocol(client: Client) -> None:
    flood = Flood(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", b"x" * 100_000)
    async with Origin({"/": flood}) as origin:
        assert await failure(client, origin.url()) == "HTTP 101"
        await flood.over.wait()


# -- in the middle of a page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ((CHUNKED, b"5\r\nhello\r\n", b"zz\r\n"), "not an HTTP answer"),
        ((CHUNKED, b"5\r\nhello\r\n", b"5\r\nhello, world"), "not an HTTP answer"),
        ((CHUNKED, b"5\r\nhello\r\n", b"fffffffffffffffff\r\n"), "not an HTTP answer"),
        ((CHUNKED, b"5\r\nhel"), "connection broke off"),
        ((CHUNKED, b"5\r\nhello\r\n"), "connection broke off"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"half"), "connection broke off"),
    ],
)
async def test_what_breaks_within_a_page_is_told_at_once(client: Client, texts: tuple[bytes, ...], words: str) -> None:
    async with Origin({"/": parts(*texts)}) as origin:
        assert await failure(client, origin.url(), FEED) == words


@pytest.mark.parametrize("etag", [b'"a\x01b"', b'"a\x0bb"', b'"a\x7fb"'])
async def test_a_validator_that_can_not_be_said_again_is_not_kept(client: Client, etag: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 1\r\n\r\nx"
    async with Origin({"/": answer}) as origin:
        page = await client.get(origin.url(), limits=SMALL, allow_private=True)
        assert isinstance(page, Page)
        assert page.validators == Validators()


# -- a connection that is kept --------------------------------------------------------------------


class Keeper:
    """Answers on a connection until it has been asked `times`; then does what it is told, and nothing more."""

    def __init__(self, times: int, then: Answer, *, at_once: bool) -> None:
        self._times, self._then, self._at_once = times, then, at_once
        self._asked: dict[asyncio.StreamWriter, int] = {}
        self.over = asyncio.Event()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        self._asked[writer] = asked = self._asked.get(writer, 0) + 1
        if asked <= self._times:
            writer.write(reply(b"asked"))
            await writer.drain()
        if asked == self._times + (not self._at_once) and not self.over.is_set():
            await self._end(writer)

    async def _end(self, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(0.05)
            if isinstance(self._then, bytes):
                writer.write(self._then)
                await writer.drain()
            else:
                await self._then(writer)
        finally:
            self.over.set()


async def test_answers_that_nobody_asked_for_end_the_connection(client: Client) -> None:
    keeper = Keeper(1, Flood(b"", reply(b"not asked") * 1000), at_once=True)
    async with Origin({"/": keeper}, keep=True) as origin:
        assert await read(client, origin.url()) == b"asked"
        await keeper.over.wait()  # it can send no more
        assert await read(client, origin.url()) == b"asked"
        assert origin.connections == 2


async def test_an_answer_that_came_before_its_question_is_not_taken_for_one(client: Client) -> None:
    async def early(writer: asyncio.StreamWriter) -> None:
        writer.write(reply(b"not asked"))
        await writer.drain()
        await asyncio.sleep(0.1)

    keeper = Keeper(1, early, at_once=True)
    async with Origin({"/": keeper}, keep=True) as origin:
        assert await read(client, origin.url()) == b"asked"
        await keeper.over.wait()
        assert await read(client, origin.url()) == b"asked"


async def test_a_connection_that_the_server_has_given_up_fails_no_poll(client: Client) -> None:
    """It hangs up just as the next question comes."""

    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with Origin({"/": Keeper(1, hang_up, at_once=False)}, keep=True) as origin:
        assert await read(client, origin.url()) == b"asked"
        assert await read(client, origin.url()) == b"asked"
        assert (len(origin.asked), origin.connections) == (3, 2)
