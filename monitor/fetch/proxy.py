"""A proxy that the user named: where it is, what it wants to hear, and what must not be asked through it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

import httpx

from monitor.errors import FetchError
from monitor.fetch.address import http_url, is_inner_name, refusal


@dataclass(frozen=True, slots=True)
class Proxy:
    url: httpx.URL
    login: str | None  # as a header says it

    def judge(self, host: str, *, allow_private: bool) -> None:
        """It is the proxy that asks what a name means; so there is nothing but the name to judge by."""
        try:
            reason = refusal(ip_address(host.rstrip(".")), allow_private=allow_private)
        except ValueError:
            reason = None if allow_private or not is_inner_name(host) else "private address refused"
        if reason:
            raise FetchError(reason, permanent=True)


def proxy_at(text: str) -> Proxy:
    """From http(s)://[user:password@]host[:port]."""
    try:
        url = http_url(text)
    except FetchError:
        raise FetchError("the proxy is not an http(s) address", permanent=True) from None
    return Proxy(url.copy_with(userinfo=b"", path="/", query=None, fragment=None), basic_auth(url))


def basic_auth(url: httpx.URL) -> str | None:
    """The login that an address holds, as a header says it."""
    if not url.userinfo:
        return None
    user, _, password = url.userinfo.partition(b":")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return "Basic " + base64.b64encode(pair).decode("ascii")
