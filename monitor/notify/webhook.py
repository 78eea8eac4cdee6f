"""A webhook of the user's own: our document as JSON, signed as Standard Webhooks says (standardwebhooks.com, 1.0)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from contextlib import suppress
from time import time
from typing import Final
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from monitor.model import Failed, Form, Markup, Message, Outcome
from monitor.notify import wire
from monitor.notify.chat import as_it_is
from monitor.notify.outcome import sent, sorted_http
from monitor.notify.reach import Reach, Untried, way_to
from monitor.notify.timeouts import Timeouts
from monitor.settings import WEBHOOKS

_PREFIX: Final = "whsec_"  # what comes after it is base64
PROGRAM: Final = Markup(as_it_is, mark=("", ""), form=Form.DOCUMENT)


def problem_of(url: str) -> str | None:
    """Why this can't be posted to, in words that do not show it; None: it can."""
    scheme, _, rest = url.partition("://")
    bad = f"this webhook address can't be used: it should look like {scheme.lower()}://tools.example.org/hooks/news"
    try:
        parts = urlsplit(_address_of(url))
        is_good = bool(parts.hostname) and parts.port != 0 and not any(sign.isspace() for sign in rest)
    except ValueError:
        return bad
    return None if is_good else bad


def _address_of(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{WEBHOOKS[scheme.lower()]}://{rest}"


class Webhook:
    """One address. It is posted to once a message, and redirects are not followed: they would lead secrets astray."""

    markup: Final = PROGRAM

    def __init__(self, name: str, url: str, secret: SecretStr | None, timeouts: Timeouts) -> None:
        wire.install()
        self.name = name
        self._address = _address_of(url)
        self._url = url
        self._key = key_of(secret.get_secret_value()) if secret else b""
        self._timeouts = timeouts

    def send(self, message: Message, *, uid: str) -> Outcome:
        body = json.dumps({**(message.document or {}), "id": uid}, ensure_ascii=False).encode("utf-8", "replace")
        with wire.listening() as heard:
            try:
                went = self._posted(body, uid)
            except Exception:  # noqa: BLE001 - an outcome is owed, whatever stands in the address
                return sorted_http(heard, self._url) if heard else Failed("this address can't be posted to")
        return sent(heard, "webhook") if went else sorted_http(heard, self._url)

    def reach(self) -> Reach:
        with wire.stopping() as asked, suppress(Exception):
            self._posted(b"", "")
        return way_to(asked[0], self._timeouts) if asked else Untried()

    def close(self) -> None:
        """Nothing stays open."""

    def _posted(self, body: bytes, uid: str) -> bool:
        timeouts = (self._timeouts.connect, self._timeouts.read)
        headers = {"Content-Type": "application/json", "User-Agent": "news-monitor", "Idempotency-Key": uid}
        headers |= signed(body, uid, self._key, at=int(time()))
        answer = requests.post(self._address, body, headers=headers, timeout=timeouts, allow_redirects=False)
        return 200 <= answer.status_code < 300  # noqa: PLR2004 - the 2xx


def key_of(secret: str) -> bytes:
    """A secret is its own key, unless it says that it is base64."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def signed(body: bytes, uid: str, key: bytes, *, at: int) -> dict[str, str]:
    """The headers by which a receiver knows that it was us, and when; without a key only which message it is."""
    headers = {"Webhook-Id": uid, "Webhook-Timestamp": str(at)}
    if not key:
        return headers
    seal = hmac.digest(key, f"{uid}.{at}.".encode() + body, "sha256")
    return headers | {"Webhook-Signature": f"v1,{base64.b64encode(seal).decode()}"}
