"""The bytes of a page, inflated as they come and counted while inflating, so that a bomb stops at the cap."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from monitor.errors import FetchError

if TYPE_CHECKING:
    from zlib import _Decompress

GZIP_MAGIC: Final = b"\x1f\x8b"
MOST_MEMBERS: Final = 1000  # of a gzip file; each costs time although it may hold nothing
MOST_PIECES: Final = 50_000  # of a page as it arrives; a page sent byte by byte would keep the whole program busy
# The last two are none, but some servers say them.
_CODINGS: Final = {
    "": "",
    "identity": "",
    "none": "",
    "utf-8": "",
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "deflate",
}


class Body:
    """What has come so far. Neither what was received nor what it inflates to may be more than `limit` bytes."""

    def __init__(self, coding: str, limit: int) -> None:
        self._limit = limit
        self._received = 0
        self._pieces = 0
        self._content = bytearray()
        self._inflater = _inflater(coding)

    def add(self, chunk: bytes) -> None:
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise FetchError("sent in too many pieces", permanent=True)
        self._received += len(chunk)
        if self._received > self._limit:
            raise too_large(self._limit)
        # One byte more than fits tells "exactly full" from "too large".
        room = self._limit - len(self._content) + 1
        self._content += chunk if self._inflater is None else self._inflater.inflate(chunk, room)
        if len(self._content) > self._limit:
            raise too_large(self._limit)

    def content(self) -> bytes:
        """All of it; a compressed text that ends too early is no content."""
        if self._inflater is not None and self._received and not self._inflater.complete:
            raise FetchError("unreadable compression: it ends too early", permanent=True)
        return bytes(self._content)


class Inflater:
    """A gzip file (of one member or several, as the standard allows) or a deflate stream (with or without its zlib frame)."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._stream: _Decompress | None = None
        self._waiting = b""  # too little to tell what begins here
        self._members = 0
        self._over = False

    @property
    def complete(self) -> bool:
        """A byte left over after the last member is padding."""
        return self._stream is None and self._members > 0

    def inflate(self, chunk: bytes, room: int) -> bytes:
        """At most `room` bytes; what does not fit is dropped."""
        data, out = self._waiting + chunk, bytearray()
        self._waiting = b""
        while data and len(out) < room and not self._over:
            if self._stream is None and len(data) < len(GZIP_MAGIC):
                self._waiting = data
                break
            data = self._step(data, out, room)
        return bytes(out)

    def _step(self, data: bytes, out: bytearray, room: int) -> bytes:
        stream = self._stream or self._begin(data)
        if stream is None:
            return b""
        try:
            out += stream.decompress(data, room - len(out))
        except zlib.error:
            raise FetchError("unreadable compression", permanent=True) from None
        self._stream = None if stream.eof else stream
        self._members += stream.eof
        return stream.unused_data

    def _begin(self, data: bytes) -> _Decompress | None:
        """What begins here; None where the rest is padding, which every browser passes over."""
        if self._members and (self._coding == "deflate" or not data.startswith(GZIP_MAGIC)):
            self._over = True
            return None
        if self._members >= MOST_MEMBERS:
            raise FetchError("unreadable compression: too many parts", permanent=True)
        return zlib.decompressobj(_window(self._coding, data))


def too_large(limit: int) -> FetchError:
    return FetchError(f"too large (over {limit / 1e6:g} MB)", permanent=True)


def _inflater(coding: str) -> Inflater | None:
    known = _CODINGS.get(coding.strip().lower())
    if known is None:
        raise FetchError("unreadable compression: neither gzip nor deflate", permanent=True)
    return Inflater(known) if known else None


def _window(coding: str, data: bytes) -> int:
    """What zlib calls the frame. "deflate" should have zlib's own (RFC 9110 §8.4.1.2); many servers send it bare."""
    if coding == "gzip":
        return zlib.MAX_WBITS | 16
    framed = data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if framed else -zlib.MAX_WBITS
