"""The host of an address, as a key and as people read it. Pure."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from unicodedata import normalize
from urllib.parse import SplitResult, quote

_UNUSUAL: Final = re.compile("[\u00df\u03c2\u200c\u200d]")  # IDNA 2003 reads these as other letters, or as none


def host_in(split: SplitResult) -> str:
    """Lower case, ASCII, without the last dot."""
    host = (split.hostname or "").rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return ".".join(_label(label) for label in host.split(".")) if _UNUSUAL.search(host) else _ascii(host)
    except UnicodeError:
        return quote(host.encode("utf-8", "replace")).lower()


def _ascii(host: str) -> str:
    return host.encode("idna").decode("ascii")


def _label(label: str) -> str:
    """Straße is not strasse."""
    if not _UNUSUAL.search(label):
        return _ascii(label)
    return f"xn--{normalize('NFKC', label).encode('punycode').decode('ascii')}"


def readable(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def is_ip(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
