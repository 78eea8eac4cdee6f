"""A synthetic news origin on loopback, quick enough never to be what is measured.

    python -m bench.origin --port 0 --feeds 1000 --entries 30     prints its addresses, one a line, and serves

    GET  /feed/N.xml                        RSS for even N, Atom for odd; ETag, Last-Modified, 304, gzip when asked
    GET  /article/N/M.html                  the page of entry M of feed N
    POST /control/add?share=0.1&count=1     a tenth of the feeds get one new entry each and lose their oldest
    GET  /control/counts                    {"feed": {"200": 1000, "304": 0}, "article": {…}, "other": {…}}

With --tls its addresses are https, under a certificate of its own (origin.pem), and with --latency-ms every answer waits so
long. Texts are the same for the same seed; instants count back from the start, so that entries are news.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import http.client
import json
import random
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from bench.prose import Item, article_document, feed_document, summary, title
from bench.wire import header

CERTIFICATE: Final = Path(__file__).with_name(
    "origin.pem"
)  # and its key: for 127.0.0.1, trusted by nobody who is not told to

# -- what it serves ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One feed with all its answers, built before anyone asks."""

    etag: bytes
    modified_at: datetime
    plain: bytes
    zipped: bytes
    unchanged: bytes


@dataclass(slots=True)
class Newsstand:
    """All feeds and articles, and how often each kind was asked for."""

    bases: Sequence[str]  # feeds are dealt out over these addresses
    seed: int
    started_at: datetime
    items: list[list[Item]] = field(default_factory=list)  # of each feed, newest first
    documents: list[Document] = field(default_factory=list)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    rounds: int = 0

    def base(self, feed: int) -> str:
        return self.bases[feed % len(self.bases)]

    def stock(self, feeds: int, entries: int) -> None:
        for feed in range(feeds):
            ages = (timedelta(minutes=7 * (entries - number), seconds=feed % 60) for number in range(entries))
            listed = [self._item(feed, number, self.started_at - age) for number, age in enumerate(ages)]
            self.items.append(listed[::-1])
            self.documents.append(self._document(feed, self.started_at))

    def add(self, share: float, count: int, *, now: datetime) -> int:
        """So many new entries in this share of the feeds, drawn anew each time; as many old ones leave."""
        self.rounds += 1
        drawn = random.Random(f"{self.seed}/add/{self.rounds}").sample(
            range(len(self.items)), round(share * len(self.items))
        )
        for feed in drawn:
            listed = self.items[feed]
            first = listed[0].number + 1
            new = [self._item(feed, number, now) for number in range(first, first + count)]
            self.items[feed] = (new[::-1] + listed)[: len(listed)]
            self.documents[feed] = self._document(feed, now)
        return len(drawn)

    def article(self, feed: int, number: int) -> str:
        listed = self.items[feed]
        item = next(item for item in listed if item.number == number)
        related = [(other.url, other.title) for other in listed[:8] if other is not item]
        return article_document(self.seed, item, related)

    def _item(self, feed: int, number: int, published_at: datetime) -> Item:
        url = f"{self.base(feed)}/article/{feed}/{number}.html"
        named, told = title(self.seed, feed, number), summary(self.seed, feed, number)
        return Item(feed, number, url, named, told, published_at.replace(microsecond=0))

    def _document(self, feed: int, now: datetime) -> Document:
        content = feed_document(feed, self.base(feed), self.items[feed]).encode()
        etag = b'W/"%s"' % hashlib.sha256(content).hexdigest()[:16].encode()
        stamp = format_datetime(now, usegmt=True).encode()
        validators = b"ETag: %s\r\nLast-Modified: %s\r\nVary: Accept-Encoding\r\n" % (etag, stamp)
        kind = b"Content-Type: application/%s+xml; charset=utf-8\r\n" % (b"atom" if feed % 2 else b"rss")
        zipped = gzip.compress(content, 6)
        return Document(
            etag,
            now.replace(microsecond=0),
            plain=response(HTTPStatus.OK, content, validators + kind),
            zipped=response(HTTPStatus.OK, zipped, validators + kind + b"Content-Encoding: gzip\r\n"),
            unchanged=response(HTTPStatus.NOT_MODIFIED, b"", validators),
        )


def response(status: HTTPStatus, content: bytes, headers: bytes = b"") -> bytes:
    length = b"" if status == HTTPStatus.NOT_MODIFIED else b"Content-Length: %d\r\n" % len(content)
    return b"HTTP/1.1 %d %s\r\n%s%s\r\n%s" % (status, status.phrase.encode(), headers, length, content)


def json_response(value: object) -> bytes:
    return response(HTTPStatus.OK, json.dumps(value).encode(), b"Content-Type: application/json\r\n")


# -- how it answers ------------------------------------------------------------------------------


def answer(stand: Newsstand, head: bytes) -> bytes:
    target = head.partition(b" ")[2].partition(b" ")[0].decode("latin-1")
    kind = target.removeprefix("/").partition("/")[0]
    if kind == "control":
        return control(stand, target)
    try:
        status, content = (feed_answer if kind == "feed" else article_answer)(stand, target, head)
    except (ValueError, IndexError, StopIteration):
        kind, status, content = "other", HTTPStatus.NOT_FOUND, response(HTTPStatus.NOT_FOUND, b"")
    stand.counts[kind, status.value] += 1
    return content


def feed_answer(stand: Newsstand, target: str, head: bytes) -> tuple[HTTPStatus, bytes]:
    document = stand.documents[int(target.removeprefix("/feed/").removesuffix(".xml"))]
    if unchanged(document, head):
        return HTTPStatus.NOT_MODIFIED, document.unchanged
    return HTTPStatus.OK, document.zipped if b"gzip" in header(head, b"accept-encoding") else document.plain


def unchanged(document: Document, head: bytes) -> bool:
    if known := header(head, b"if-none-match"):
        return document.etag in known
    since = header(head, b"if-modified-since").decode("latin-1")
    return bool(since) and parsedate_to_datetime(since) >= document.modified_at


def article_answer(stand: Newsstand, target: str, head: bytes) -> tuple[HTTPStatus, bytes]:
    feed, number = target.removeprefix("/article/").removesuffix(".html").split("/")
    content = stand.article(int(feed), int(number)).encode()
    kind = b"Content-Type: text/html; charset=utf-8\r\n"
    if b"gzip" in header(head, b"accept-encoding"):
        content, kind = gzip.compress(content, 1), kind + b"Content-Encoding: gzip\r\n"
    return HTTPStatus.OK, response(HTTPStatus.OK, content, kind)


def control(stand: Newsstand, target: str) -> bytes:
    parts = urlsplit(target)
    if parts.path == "/control/counts":
        return json_response(counted(stand.counts))
    if parts.path != "/control/add":
        return response(HTTPStatus.NOT_FOUND, b"")
    asked = parse_qs(parts.query)
    share, count = float(asked.get("share", ["0.1"])[0]), int(asked.get("count", ["1"])[0])
    feeds = stand.add(share, count, now=datetime.now(UTC))
    return json_response({"feeds": feeds, "entries": feeds * count})


def counted(counts: Counter[tuple[str, int]]) -> dict[str, dict[str, int]]:
    kinds: dict[str, dict[str, int]] = {"feed": {"200": 0, "304": 0}, "article": {"200": 0}, "other": {}}
    for (kind, status), times in counts.items():
        kinds[kind][str(status)] = times
    return kinds


class Connection(asyncio.Protocol):
    """One client: keep-alive, pipelining, requests without a body."""

    def __init__(self, stand: Newsstand, latency: float) -> None:
        self.stand = stand
        self.latency = latency  # seconds
        self.waiting = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for head in heads:
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._answer, head)
            else:
                self._answer(head)

    def _answer(self, head: bytes) -> None:
        self.transport.write(answer(self.stand, head))
        if header(head, b"connection").lower() == b"close":
            self.transport.close()


# -- how it is started ---------------------------------------------------------------------------


async def serve(options: argparse.Namespace) -> None:
    stand = Newsstand([], options.seed, datetime.now(UTC))
    loop = asyncio.get_running_loop()
    ports = [options.port] + [0] * (options.ports - 1)
    tls, scheme = (_tls(), "https") if options.tls else (None, "http")

    def connection() -> Connection:
        return Connection(stand, options.latency_ms / 1000)

    servers = [await loop.create_server(connection, "127.0.0.1", port, ssl=tls) for port in ports]
    stand.bases = [f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    stand.stock(options.feeds, options.entries)
    print(*stand.bases, sep="\n", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.origin", description="A synthetic news origin on loopback.")
    parser.add_argument("--port", type=int, default=0, help="of the first address; 0 takes a free one")
    parser.add_argument("--ports", type=int, default=1, help="addresses to deal the feeds out over")
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tls", action="store_true", help="https")
    parser.add_argument("--latency-ms", type=float, default=0, help="before every answer")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        sys.exit(0)


@dataclass(frozen=True, slots=True)
class Origin:
    """A running origin, as those who measure see it."""

    bases: tuple[str, ...]
    feeds: int
    entries: int

    @property
    def urls(self) -> list[str]:
        return [f"{self.bases[feed % len(self.bases)]}/feed/{feed}.xml" for feed in range(self.feeds)]

    def add(self, share: float = 0.1, count: int = 1) -> int:
        """How many entries were added."""
        told: dict[str, int] = self._ask("POST", f"/control/add?share={share}&count={count}")
        return told["entries"]

    def counts(self) -> Counter[str]:
        """How often each kind was answered so far: {"feed 200": 1000, …}."""
        told: dict[str, dict[str, int]] = self._ask("GET", "/control/counts")
        return Counter({f"{kind} {status}": times for kind, by in told.items() for status, times in by.items()})

    def _connection(self) -> http.client.HTTPConnection:
        scheme, _, place = self.bases[0].partition("://")
        if scheme == "http":
            return http.client.HTTPConnection(place, timeout=60)
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        return http.client.HTTPSConnection(place, timeout=60, context=trusting)

    def _ask(self, method: str, path: str) -> Any:
        connection = self._connection()
        try:
            connection.request(method, path)
            return json.load(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def running(
    *, feeds: int, entries: int, ports: int = 1, seed: int = 1, tls: bool = False, latency_ms: float = 0
) -> Iterator[Origin]:
    """An origin in a process of its own, for the time of the block."""
    asked = {"feeds": feeds, "entries": entries, "ports": ports, "seed": seed, "latency-ms": latency_ms}
    flags = [*(f"--{name}={value}" for name, value in asked.items()), *(["--tls"] if tls else [])]
    with subprocess.Popen([sys.executable, "-m", "bench.origin", *flags], stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield Origin(tuple(child.stdout.readline().strip() for _ in range(ports)), feeds, entries)
        finally:
            child.terminate()


if __name__ == "__main__":
    main()
