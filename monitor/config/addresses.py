"""Addresses of the web, of storages and to listen at: text → what it names, or why it can't be. Pure."""

from __future__ import annotations

import base64
import re
from functools import partial
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from monitor.config.words import Form, Misread

LAST_PORT: Final = 65_535
A_FEED: Final = r"[Hh][Tt][Tt][Pp][Ss]?://\S+|(?!.*://)(?!www\.|[\w.-]+\.[a-z]{2,}(?:[/:?].*[^/])?$).+"  # or a folder
A_STORAGE: Final = "write sqlite:///data/monitor.db"
A_WATCHER: Final = "https://hc-ping.com/…"
A_PROXY: Final = "http://proxy.example:3128"

_ALMOST_WEB: Final = r"https?[:/\\]"
_HOST: Final = r"(?:www\.|(?:[\w-]+\.)+[a-z]{2,}(?:[/:?]|$))"
_ENCODED: Final = "in a name or password write %40 for @, %2F for /, %3F for ? and %23 for #"
_PORT: Final = re.compile(r":([^:\]]*)$")  # not within the brackets of IPv6


def _web_address(text: str, like: str) -> str:
    """An http(s) address with a host and a port that can be."""
    if any(char.isspace() for char in text):
        two = any("://" in word for word in text.split()[1:])
        raise Misread(
            "a blank can't stand in an address", "write each in a line of its own" if two else "write %20 for it"
        )
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Misread("{it} is not a web address", f"write one like {like}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misread("{it} is not a web address", f"write one like {like}")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise Misread("this port is not possible", f"write one from 1 to {LAST_PORT}")
    return text


_A_WEB_ADDRESS: Final = r"[Hh][Tt][Tt][Pp][Ss]?://\S+"
feed_address: Final = Form(partial(_web_address, like="https://news.example/rss.xml"), _A_WEB_ADDRESS)


def _heartbeat(text: str) -> str:
    """Nothing of it is ever shown: who knows it can say that we live."""
    if text.partition("://")[0].lower() not in {"http", "https"}:
        raise Misread("this address has no http:// or https://", f"write one like {A_WATCHER}")
    return _web_address(text, A_WATCHER)


heartbeat: Final = Form(_heartbeat, _A_WEB_ADDRESS)


def _own_address(text: str) -> str:
    """The page has a host of its own: all its addresses begin at the root."""
    parts = urlsplit(_web_address(text, like="https://watch.example"))
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Misread(
            "the page can't stand under a path", f"write {parts.scheme}://{parts.netloc} and give it a host of its own"
        )
    return text


own_address: Final = Form(_own_address, _A_WEB_ADDRESS)


def no_feed(text: str, written: str) -> tuple[str, str]:
    """Why a text is neither a web address nor a folder that is there, and what to write; only `written` is shown."""
    scheme, strokes, _ = written.partition("://")
    if strokes and "$" not in scheme:
        return f"an address starts with http:// or https://, not '{scheme[:10]}://'", "write https:// in its place"
    if "://" in text:
        return "an address starts with http:// or https://", "look at what is filled in for ${…}"
    if re.match(_ALMOST_WEB, text, re.IGNORECASE):
        return "an address starts with http:// or https://", "write the ':' and both strokes of https://"
    if re.match(_HOST, text, re.IGNORECASE):
        return "this address has no http:// or https://", "write https:// before it; a folder's name ends with '/'"
    if any(char.isspace() for char in text):
        return "this is neither an address nor a folder that is there", "write each feed in a line of its own"
    return "there is no such folder", "it is looked for beside config.yaml; an address starts with https://"


def _listen(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal():
        meant = text if text.isdecimal() and len(text) <= len(str(LAST_PORT)) else "8080"
        raise Misread("{it} is not an address and a port", f"write 127.0.0.1:{meant}")
    if len(port) > len(str(LAST_PORT)) or int(port) > LAST_PORT:
        raise Misread("the port in {it} is not possible", f"write one from 0 to {LAST_PORT}; 0 takes any free one")
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], int(port)
    if not host or host == "*" or ":" in host or "/" in host:
        raise Misread("{it} is not an address and a port", f"write 127.0.0.1:{port}, 0.0.0.0:{port} or [::]:{port}")
    return host, int(port)


listen: Final = Form(_listen, r"\S+:[0-9]{1,5}")


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def is_private(url: str) -> bool:
    """Whether an address names the inner network outright; a name is judged when it is fetched."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.casefold() == "localhost"


def _storage(text: str) -> str:
    """Nothing of it is ever shown: it may hold a password."""
    scheme, colon, rest = text.partition("://")
    if scheme == "postgres":
        raise Misread("a PostgreSQL storage starts with postgresql://", "write postgresql:// for postgres://")
    match scheme if colon else "":
        case "sqlite":
            _sqlite_file(rest)
        case "postgresql" | "postgresql+psycopg":
            _server(rest)
        case _:
            raise Misread("this is no storage", f"{A_STORAGE} or postgresql://…")
    return text


storage: Final = Form(_storage, r"(sqlite:///|postgresql(\+psycopg)?://).+")


def _sqlite_file(rest: str) -> None:
    file = rest.partition("?")[0]
    if not file.startswith("/") or file in {"/", "/:memory:"}:
        raise Misread("this storage names no file", A_STORAGE)


def _server(rest: str) -> None:
    address = rest.partition("?")[0]
    if address.count("@") > 1:
        raise Misread("this storage holds more than one @", "in a password write %40 for it")
    authority = address.partition("@")[2] if "@" in address else address
    port = _PORT.search(authority.partition("/")[0])
    if port and not (port[1].isdecimal() and 0 < int(port[1][:10]) <= LAST_PORT):
        raise Misread("the port of this storage is not possible", f"write one from 1 to {LAST_PORT}")


def _header(text: str, what: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise Misread(f"{what} may hold plain letters, digits and signs only", "write it without accents and emoji")
    return text


header: Final = Form(partial(_header, what="a header"), r"[ -~]+", is_number=True)
user_agent: Final = Form(partial(_header, what="a user agent"), r"[ -~]+", is_number=True)


def _proxy(text: str) -> str:
    """Nothing of it is ever shown: it may hold a password."""
    scheme, strokes, rest = text.partition("://")
    if not strokes:
        raise Misread("this proxy has no http:// or https://", "write http:// before it")
    if scheme.lower().startswith("socks"):
        raise Misread("a SOCKS proxy can't be used", f"an HTTP proxy can: {A_PROXY}; Privoxy makes one of it")
    if scheme.lower() not in {"http", "https"}:
        raise Misread("a proxy starts with http:// or https://", f"write one like {A_PROXY}")
    place, stroke, after = rest.partition("/")
    if "@" in after or place.count("@") > 1 or any(sign in place for sign in "?#"):
        raise Misread("the login of this proxy can't be read", _ENCODED)
    if stroke and after:
        raise Misread("a proxy ends with its port", f"write one like {A_PROXY}")
    if urlsplit(_web_address(text, A_PROXY)).port is None:
        raise Misread("the port of this proxy is missing", f"write it at the end: {A_PROXY}")
    return text


proxy: Final = Form(_proxy, r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+:[0-9]{1,5}/?")


def secret_fault(secret: str | None) -> tuple[str, str] | None:
    """Why nothing can be signed with it, and what to do; None: it can, or there is none."""
    if secret == "":
        return "this secret is empty", "look at what is filled in, or leave the line away"
    if secret and secret.startswith(_SIGNING) and not _is_base64(secret.removeprefix(_SIGNING)):
        return "after whsec_ comes base64, and this is none", "copy all of it, or write one that does not begin so"
    return None


_SIGNING: Final = "whsec_"


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
