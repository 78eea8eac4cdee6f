"""The floor: every feed asked for once, validators sent, bodies read and thrown away; nothing is parsed or stored.

    python -m bench.floor STATE.json FEEDS.txt

The leanest client that asyncio allows, as a process of its own: what any poller must at least spend.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bench.measure import Lap
from bench.wire import header

IN_FLIGHT = 32


class Caller(asyncio.Protocol):
    """One connection that asks for one feed after the other until none waits."""

    def __init__(self, waiting: deque[str], etags: dict[str, str]) -> None:
        self.waiting = waiting
        self.etags = etags
        self.buffer = b""
        self.url = ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end or len(body) < int(header(head, b"content-length") or 0):
            return
        self.etags[self.url] = header(head, b"etag").decode()
        self.buffer = b""
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError(f"closed at {self.url}"))

    def _ask(self) -> None:
        if not self.waiting:
            self.done.set_result(None)
            self.transport.close()
            return
        self.url = self.waiting.popleft()
        parts = urlsplit(self.url)
        known = f"If-None-Match: {self.etags[self.url]}\r\n" if self.url in self.etags else ""
        asked = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n{known}\r\n"
        self.transport.write(asked.encode())


async def ask_all(urls: Sequence[str], etags: dict[str, str]) -> None:
    by_address: dict[tuple[str, str, int], deque[str]] = {}
    for url in urls:
        parts = urlsplit(url)
        by_address.setdefault((parts.scheme, parts.hostname or "", parts.port or 80), deque()).append(url)
    tls = ssl.create_default_context()  # heeds SSL_CERT_FILE
    each = max(1, IN_FLIGHT // len(by_address))
    await asyncio.gather(
        *(_call(address, tls, waiting, etags) for address, waiting in by_address.items() for _ in range(each))
    )


async def _call(address: tuple[str, str, int], tls: ssl.SSLContext, waiting: deque[str], etags: dict[str, str]) -> None:
    loop = asyncio.get_running_loop()
    scheme, host, port = address
    by = tls if scheme == "https" else None
    _, caller = await loop.create_connection(lambda: Caller(waiting, etags), host, port, ssl=by)
    await caller.done


def main(state: Path, feeds: Path) -> None:
    etags: dict[str, str] = json.loads(state.read_text()) if state.exists() else {}
    lap = Lap()
    asyncio.run(ask_all(feeds.read_text().split(), etags))
    print(json.dumps(lap.so_far()))
    state.write_text(json.dumps(etags))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
