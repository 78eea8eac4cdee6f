"""Serve the page inside the daemon's own loop."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from monitor.errors import UsageError


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


class Server(uvicorn.Server):
    """Signals are the daemon's own business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: ASGIApp) -> Server:
    return Server(
        uvicorn.Config(
            app,
            # Anybody can say that a request came from elsewhere; wrong passwords are counted by who really asks.
            proxy_headers=False,
            server_header=False,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
        )
    )
