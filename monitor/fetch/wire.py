"""What may come over one connection: an answer to each question, of bounded length, and nothing more."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.http_parser import RawResponseMessage
from aiohttp.streams import StreamReader

LARGEST_HEAD: Final = 1_000_000  # bytes: all headers, and whatever comes before them
LARGEST_ANSWER: Final = 32_000_000  # bytes as sent, with what no page shows: marks of chunks, trailers
MOST_INTERIM: Final = 20  # answers before the answer (100, 103)
_INTERIM: Final = frozenset(range(100, 200)) - {101}  # after 101 no HTTP follows
_END_OF_HEAD: Final = b"\r\n\r\n"

Answer = tuple[RawResponseMessage, StreamReader]


class Unreadable(aiohttp.ClientError):
    """No answer that we read to its end, and why in words."""


class Connector(aiohttp.TCPConnector):
    """aiohttp's, which makes connections of our kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        ours: type[ResponseHandler] = Wire
        self._factory = partial(ours, loop=self._loop)


class Wire(ResponseHandler):
    """aiohttp takes whatever comes: interim answers and marks of chunks without end; answers that nobody asked for,
    of which it keeps all, and gives the first to the next question. And what is broken in the middle of a page it
    doesn't tell who reads that page, who then waits until the time is over.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        super().__init__(loop)
        self._left = LARGEST_HEAD
        self._interim = 0
        self._is_awaited = True

    def set_response_params(self, **params: Any) -> None:
        """A question is about to be asked."""
        self._left = LARGEST_HEAD
        self._interim = 0
        self._is_awaited = True
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        end = data.find(_END_OF_HEAD) if self._is_awaited else -1
        if end >= 0 and (end := end + len(_END_OF_HEAD)) < len(data):
            # By itself: what follows "nothing changed" may be no HTTP, and would spoil that answer.
            self._take(data[:end])
            data = data[end:]
        self._take(data)

    def _take(self, data: bytes) -> None:
        self._left -= len(data)
        if self._exception is not None:
            return
        if data and self._is_idle():
            self._hang_up("an answer that nobody asked for")
        elif self._left < 0:
            self._hang_up("headers too large" if self._is_awaited else f"too large (over {LARGEST_ANSWER / 1e6:g} MB)")
        else:
            super().data_received(data)

    def feed_data(self, data: Answer, size: int = 0) -> None:
        """The head of an answer has been read."""
        is_interim = data[0].code in _INTERIM
        self._interim += is_interim
        if not self._is_awaited or self._interim > MOST_INTERIM:
            self._hang_up("not an HTTP answer")
            return
        if not is_interim:
            self._is_awaited = False
            self._left = LARGEST_ANSWER
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        if isinstance(exc, HttpProcessingError):
            exc = Unreadable("headers too large" if cause and _is_too_long(cause[0]) else "not an HTTP answer")
        super().set_exception(exc, *cause)
        page = self._payload
        if page is not None and not page.is_eof() and page.exception() is None:
            page.set_exception(exc, *cause)

    def _is_idle(self) -> bool:
        return not self._is_awaited and (self._payload is None or self._payload.is_eof())

    def _hang_up(self, why: str) -> None:
        if self.transport is not None:
            self.transport.abort()
        self.set_exception(Unreadable(why))


def _is_too_long(error: BaseException) -> bool:
    return isinstance(error, LineTooLong) or "Too many headers" in str(error)
