"""Serve the page inside the daemon's own loop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from monitor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    patience: float = 15.0  # seconds for a request to be whole
    connections: int = 256  # at a time


STANDARD: Final = Limits()


def listen(host: str, port: int) -> socket.socket:
    """Bound before anything else starts, so that a taken port is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family)
        # asyncio sets this by itself only for sockets that name their protocol, and these don't: head and body of an answer
        # would wait 40 ms for each other.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound
    except OSError as error:
        raise UsageError(
            f"web.listen: {host}:{port} can't be used ({os.strerror(error.errno or 0)}); is another monitor running, or another program?"
        ) from error


class Patient(H11Protocol):
    """Waits for a request for a while, and talks with so many at a time: connections that say nothing, or say it letter by
    letter, would else take all the files that the daemon may open.
    """

    def __init__(self, *, limits: Limits, **given: Any) -> None:
        super().__init__(**given)
        self._limits = limits
        self._seen: tuple[object, bool] = (None, False)
        self._since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            transport.abort()
        else:
            self._look()

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        cycle, now = cast("RequestResponseCycle | None", self.cycle), self.loop.time()  # None before the first request
        seen = (cycle, cycle is not None and cycle.response_complete)
        if seen != self._seen:
            self._seen, self._since = seen, now
        is_waiting = cycle is None or cycle.response_complete or cycle.more_body
        if is_waiting and now - self._since > self._limits.patience:
            self.transport.abort()
        else:
            self.loop.call_later(self._limits.patience / 3, self._look)


class Server(uvicorn.Server):
    """Signals are the daemon's own business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: ASGIApp, limits: Limits = STANDARD) -> Server:
    return Server(
        uvicorn.Config(
            app,
            # Anybody can say that a request came from elsewhere; wrong passwords are counted by who really asks.
            proxy_headers=False,
            server_header=False,
            http=cast("type[asyncio.Protocol]", partial(Patient, limits=limits)),
            ws="none",
            log_config=None,
            log_level="critical",  # what others send amiss is theirs; what goes wrong here `Shielded` says
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
        )
    )
