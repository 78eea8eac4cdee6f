"""What the headers of an answer say: validators, how long it stays fresh, when to come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from monitor.errors import FetchError
from monitor.model import Validators

LONGEST_REST: Final = timedelta(days=1)
LONGEST_VALIDATOR: Final = 1000  # characters; it is kept in a row and sent with every request
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = 410
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.ASCII | re.IGNORECASE)
_UNKEPT = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)\s*(?:$|,)", re.IGNORECASE)


def validators(headers: httpx.Headers) -> Validators:
    return Validators(etag=_short(headers.get("etag")), last_modified=_short(headers.get("last-modified")))


def max_age(headers: httpx.Headers) -> timedelta | None:
    """How long the server says that nothing will change; None where it does not say, or says to ask every time."""
    control = headers.get("cache-control", "")
    age = _MAX_AGE.search(control)
    return None if age is None or _UNKEPT.search(control) else timedelta(seconds=int(age[1]))


def said_at(headers: httpx.Headers) -> datetime | None:
    """By the server's clock: a cache that hands on what it was told says how long ago that was (RFC 9111, 5.1)."""
    sent, age = _instant(headers.get("date", "")), headers.get("age", "0").strip()
    if sent is None or not (age.isdecimal() and age.isascii()):
        return sent
    return sent + timedelta(seconds=int(age[:9]))


def retry_after(headers: httpx.Headers) -> timedelta | None:
    """What the server asked for, at most a day. A date counts from the server's own clock, so that ours may be wrong."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return min(timedelta(seconds=int(asked[:9])), LONGEST_REST)
    until, sent = _instant(asked), _instant(headers.get("date", ""))
    if until is None or sent is None:
        return None
    return min(max(until - sent, timedelta(0)), LONGEST_REST)


def announced_size(headers: httpx.Headers) -> int:
    """Content-Length, where it is one."""
    size = headers.get("content-length", "")
    return int(size[:18]) if size.isdecimal() and size.isascii() else 0


def failure(status: int, headers: httpx.Headers, *, url: httpx.URL) -> FetchError:
    wait, gone = retry_after(headers), status == _GONE
    return FetchError(f"HTTP {status}", status=status, retry_after=wait, gone=gone, answered_by=str(url))


def _instant(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _short(value: str | None) -> str | None:
    """What we can say again, later."""
    return value if value and len(value) <= LONGEST_VALIDATOR and value.isprintable() else None
