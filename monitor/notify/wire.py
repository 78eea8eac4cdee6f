"""What HTTP answered while Apprise was sending.

Apprise says only "sent" or "not sent"; when to try again depends on the status and on Retry-After, which it throws
away. Its plugins call `requests.post(…)`, which opens a session of its own each time: there is no session, hook or
adapter to hand in. So `install` wraps `requests.adapters.HTTPAdapter.send`, once for the process; outside `listening`
the wrapped method does what it did before. Each thread hears only its own requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from traceback import walk_tb
from typing import Any, Final

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

SAYS_LIMIT: Final = 64 * 1024  # bytes of a body that are read; no service needs more to say yes or no
READS: Final = frozenset({"GET", "HEAD"})  # a plugin looks something up; no message is in it


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]  # names in lower case
    says: bytes = b""  # the beginning of its body
    was_written: bool = True  # the request may have held the message


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What kept a server from answering."""

    error: RequestException
    was_written: bool = False  # the server had all of the request: it may have the message


Heard = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class Asked:
    """What would have been asked."""

    url: str
    proxies: Mapping[str, str]
    verify: bool | str  # whether the certificate must be good, or by which roots


_ear: Final[ContextVar[list[Heard] | None]] = ContextVar("heard", default=None)
_stop: Final[ContextVar[list[Asked] | None]] = ContextVar("stopped", default=None)


class NotSentError(RequestException):
    """It was only to be seen where it would go."""


class ToldToWait(RequestException):
    """429: the plugin must give up now; Discord's and Matrix' would sleep in our thread and try again."""


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """What is heard in this thread, in order."""
    heard: list[Heard] = []
    token = _ear.set(heard)
    try:
        yield heard
    finally:
        _ear.reset(token)


@contextmanager
def stopping() -> Iterator[list[Asked]]:
    """Nothing leaves this thread; what would have."""
    asked: list[Asked] = []
    token = _stop.set(asked)
    try:
        yield asked
    finally:
        _stop.reset(token)


def install() -> None:
    """Make requests overhearable; a second time does nothing."""
    send = HTTPAdapter.send
    if hasattr(send, "overheard"):
        return

    def overheard(adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        if (stopped := _stop.get()) is not None:
            proxies, verify = kwargs.get("proxies") or {}, kwargs.get("verify", True)
            stopped.append(Asked(str(request.url), proxies, verify))
            raise NotSentError
        heard = _ear.get()
        if heard is None:
            return send(adapter, request, *args, **kwargs)
        try:
            response = send(adapter, request, *args, **kwargs)
            heard.append(_answer(response))
        except RequestException as error:
            heard.append(NoAnswer(error, request.method not in READS and _waited_for_answer(error)))
            raise
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise ToldToWait
        return response

    overheard.overheard = True  # type: ignore[attr-defined]  # the mark that it is installed
    HTTPAdapter.send = overheard  # type: ignore[assignment, method-assign]  # said above


def _answer(response: Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    says = _beginning(response)
    response.raw.close()
    response.raw = BytesIO(says)  # so that the plugin reads no more than we did
    return Answer(response.status_code, headers, says, response.request.method not in READS)


def _waited_for_answer(error: BaseException | None) -> bool:
    """Whether it went wrong after the request was written: in http.client's `getresponse`.

    The kind of an error does not tell: a TLS handshake that times out is a ReadTimeout too.
    """
    while error is not None:
        if any(frame.f_code.co_name == "getresponse" for frame, _ in walk_tb(error.__traceback__)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _beginning(response: Response) -> bytes:
    """What broke off or can't be unpacked says nothing; the status, which came, still counts."""
    with suppress(HTTPError):
        return bytes(response.raw.read(SAYS_LIMIT, decode_content=True))
    return b""
