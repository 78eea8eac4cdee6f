"""Who is answered at all: by which name we were asked, and from which page something shall be changed. Pure ASGI.

A page elsewhere can give our address a name of its own (DNS rebinding), and can send a form to us. Neither needs a
password to be dangerous, so both are looked at before everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.settings import Web

# Nothing but what this site serves itself; no script stands in a page.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
log = structlog.get_logger()
_ENCODED: Final = tuple((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())
_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_USUAL: Final[Mapping[str, int]] = {"http": 80, "https": 443}
_LOCAL: Final = frozenset(("localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True, slots=True)
class Names:
    """The names by which this site may be asked."""

    own: frozenset[str]
    is_open: bool = False  # it listens on every address of its machine
    origin: str = ""  # scheme, host and port of its public address

    @classmethod
    def of(cls, web: Web) -> Names:
        origin = _origin(web.url) if web.url else ""
        public = urlsplit(origin).hostname
        own = {*_LOCAL, web.host.lower(), *([public] if public else [])}
        return cls(frozenset(own), is_open=_is_every_address(web.host), origin=origin)

    def know(self, host: str) -> bool:
        """One that listens everywhere is asked by numbers, and by its machine's name alone: neither can be had elsewhere."""
        return bool(host) and (host in self.own or (self.is_open and (_is_address(host) or "." not in host)))


def _origin(url: str) -> str:
    """As a browser writes it: the name in ASCII, a port only where it is not the usual one."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != _USUAL.get(parts.scheme) else "")


class Shielded:
    """Only who asks by our name, and changes something from our own pages, comes through."""

    def __init__(self, app: ASGIApp, names: Callable[[], Names]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_begun = False

        async def shielded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] = [*message["headers"], *_ENCODED]
            await send(message)

        try:
            await (self._refusal(scope) or self._app)(scope, receive, shielded)
        except Exception as error:  # noqa: BLE001  one line of the log, whatever it is
            log.error("an answer of the page broke off", why=f"{error!r}"[:200])
            if not has_begun:
                await PlainTextResponse("something went wrong; the log says what\n", 500)(scope, receive, shielded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if not scope["path"].startswith("/"):
            return PlainTextResponse("ask for a path of this site\n", 400)
        names = self._names()
        if not names.know(_asked_by(scope)):
            return PlainTextResponse(
                "unknown host: ask by the address in web.url, or by the one that is listened on\n", 400
            )
        headers = Headers(scope=scope)
        if _is_part_of_another_site(headers):
            return PlainTextResponse("pages of other sites may link to this, not show it\n", 403)
        if scope["method"] not in _SAFE and _is_from_elsewhere(headers, names):
            return PlainTextResponse("this comes from another site, which may change nothing here\n", 403)
        return None


def _asked_by(scope: Scope) -> str:
    """The host that was asked for; empty where there is none, or more than one."""
    names = [value for name, value in scope["headers"] if name == b"host"]
    return _host(names[0]) if len(names) == 1 else ""


def _host(said: bytes) -> str:
    try:
        parts = urlsplit(f"//{said.decode('ascii')}")
        is_plain = parts.username is None and not (parts.path or parts.query or parts.fragment)
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "") if is_plain else ""


def _is_every_address(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_unspecified


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_part_of_another_site(headers: Headers) -> bool:
    """As a picture, a script or a frame: a page elsewhere could otherwise have us search for a minute, again and again."""
    if set(headers.getlist("sec-fetch-site")) <= {"same-origin", "none"}:
        return False
    return headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest", "document") != "document"


def _is_from_elsewhere(headers: Headers, names: Names) -> bool:
    """What browsers say of where a request comes from (Fetch Metadata; RFC 6454); a program says nothing of it."""
    sites = set(headers.getlist("sec-fetch-site"))
    if not sites <= {"same-origin", "none"}:
        return True
    # A page of ours that is to name itself nowhere says "null"; what the browser says of the two sites can't be faked.
    if sites and headers.getlist("origin") == ["null"]:
        return False
    here = headers.get("host", "").lower()
    return any(not _is_ours(value.lower(), here, names) for value in _origins(headers))


def _origins(headers: Headers) -> list[str]:
    return headers.getlist("origin") or headers.getlist("referer")


def _is_ours(said: str, here: str, names: Names) -> bool:
    """Nobody's is "null", as a page in a sandbox says."""
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    return parts.netloc == here or f"{parts.scheme}://{parts.netloc}" == names.origin
