"""Can a channel be reached? Connections are opened, logins given, and nothing is sent."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy

from monitor.notify.timeouts import Timeouts
from monitor.notify.wire import Asked


@dataclass(frozen=True, slots=True)
class Reached:
    how: str


@dataclass(frozen=True, slots=True)
class Unreached:
    why: str


@dataclass(frozen=True, slots=True)
class Untried:
    """Only a message would show it."""


Reach = Reached | Unreached | Untried

PORTS: Final = {"http": 80, "https": 443}
OF_PROXIES: Final = 1080  # SOCKS; those of HTTP name theirs
_TROUBLES: Final[Mapping[type[Exception], str]] = MappingProxyType(
    {
        TimeoutError: "no answer in time",
        ConnectionRefusedError: "connection refused",
        socket.gaierror: "the server's name is not known",
        ssl.SSLCertVerificationError: "no secure connection: the certificate could not be verified",
        ssl.SSLError: "no secure connection",
        OSError: "no connection",
        UnicodeError: "the server's name is not known",
        ValueError: "its address can't be used",
    }
)


def way_to(asked: Asked, timeouts: Timeouts) -> Reached | Unreached:
    """Whether there is one to where a request would have gone, or to the proxy that would have taken it there."""
    proxy = select_proxy(asked.url, dict(asked.proxies))
    try:
        _connect(proxy or asked.url, asked.verify, timeouts)
    except (OSError, ValueError) as error:
        why = next(words for kind, words in _TROUBLES.items() if isinstance(error, kind))
        return Unreached(f"its proxy: {why}" if proxy else why)
    return Reached("its proxy answers" if proxy else "its server answers")


def _connect(address: str, verify: bool | str, timeouts: Timeouts) -> None:
    place = urlsplit(address)
    port = place.port or PORTS.get(place.scheme, OF_PROXIES)
    with socket.create_connection((place.hostname or "", port), timeout=timeouts.connect) as plain:
        if place.scheme == "https":
            plain.settimeout(timeouts.read)
            _trusting(verify).wrap_socket(plain, server_hostname=place.hostname).close()


def _trusting(verify: bool | str) -> ssl.SSLContext:
    """The roots that requests trusts."""
    roots = verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH
    is_folder = Path(roots).is_dir()
    context = ssl.create_default_context(cafile=None if is_folder else roots, capath=roots if is_folder else None)
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
