"""Failures of the network in words: without the libraries' names for them, and without addresses, which may hold secrets."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from monitor.errors import FetchError
from monitor.fetch.address import port_of
from monitor.fetch.guard import Forbidden, Stopped
from monitor.fetch.proxy import Proxy
from monitor.fetch.wire import Unreadable

PROXY_WANTS_LOGIN = 407


@contextmanager
def in_words(proxy: Proxy | None = None) -> Iterator[None]:
    try:
        yield
    except TimeoutError:  # aiohttp's are such, too
        raise FetchError("timed out") from None
    except Unreadable as error:
        raise FetchError(str(error)) from None
    except aiohttp.ClientHttpProxyError as error:
        raise refused_by_proxy(error.status) from None
    except aiohttp.ClientConnectorError as error:
        raise FetchError(_no_connection(error, proxy), permanent=isinstance(error.os_error, Forbidden)) from None
    except aiohttp.InvalidURL:
        raise FetchError("not an http(s) address", permanent=True) from None
    except (aiohttp.ClientError, OSError) as error:
        raise FetchError("no TLS connection" if _is_tls(error) else "connection broke off") from None


def refused_by_proxy(status: int) -> FetchError:
    """Not with the status of a site: that was not asked."""
    return FetchError("the proxy wants a login" if status == PROXY_WANTS_LOGIN else f"the proxy said HTTP {status}")


def _no_connection(error: aiohttp.ClientConnectorError, proxy: Proxy | None) -> str:
    words = _why(error)
    if proxy is None or (error.host, error.port) != (proxy.url.raw_host.decode("ascii"), port_of(proxy.url)):
        return words
    return "the proxy refused the connection" if words == "connection refused" else f"no way to the proxy: {words}"


def _why(error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"TLS certificate not valid: {_verify_message(error.certificate_error)}"
    match error.os_error:
        case Stopped() as stopped:
            return str(stopped)
        case TimeoutError():
            return "timed out"
        case ConnectionRefusedError():
            return "connection refused"
        case ssl.SSLError():
            return "no TLS connection"
        case _:
            return "no connection"


def _verify_message(error: Exception) -> str:
    return getattr(error, "verify_message", None) or str(error)


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
