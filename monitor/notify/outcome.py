"""What became of a message, sorted: sent, not now, perhaps, try again, or never."""

from __future__ import annotations

import json
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import chain
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

import requests

from monitor.model import Failed, Outcome, RateLimited, Sent, Unknown
from monitor.notify.wire import Answer, Heard, NoAnswer
from monitor.text import one_line

LONGEST_WAIT: Final = timedelta(days=1)
SHORTEST_WAIT: Final = timedelta(seconds=1)  # of a channel: "0" would be asked again and again
USUAL_WAIT: Final = timedelta(minutes=1)  # where a service does not say how long
PASSING: Final = frozenset({408, 409, 423, 425})  # of the 4xx: another try may help
MOVED: Final = frozenset({301, 308})
SERVER_ERROR: Final = 500
WORDS_LIMIT: Final = 160
SHORTEST: Final = 3  # letters of what might be a secret
SHORT: Final = 6

# Where a service says how the message is called there.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "tgram": ("result", "message_id"),
        "discord": ("id",),
        "slack": ("ts",),
        "ntfy": ("id",),
        "ntfys": ("id",),
        "gotify": ("id",),
        "gotifys": ("id",),
    }
)
# What Slack says with 200: not now, and never.
_SLOW_DOWN: Final = frozenset({"ratelimited", "rate_limited"})
_NEVER: Final = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "no_permission",
        "msg_too_long",
        "invalid_blocks",
    }
)

# The first that fits.
_SIGNS: Final = MappingProxyType(
    {
        "Connection refused": "connection refused",
        "resolve": "the server's name is not known",
        "Read timed out": "no answer in time",
    }
)
_TROUBLES: Final[Mapping[type[Exception], str]] = MappingProxyType(
    {
        requests.ReadTimeout: "no answer in time",
        requests.ConnectTimeout: "connecting took too long",
        requests.exceptions.SSLError: "no secure connection: the certificate could not be verified",
        requests.exceptions.ProxyError: "the proxy gave no connection",
        requests.ConnectionError: "the connection broke",
    }
)
_MAIL_TROUBLES: Final[Mapping[type[Exception], str]] = MappingProxyType(
    {
        TimeoutError: "the mail server did not answer in time",
        ConnectionRefusedError: "the mail server refused the connection",
        socket.gaierror: "the mail server's name is not known",
        ssl.SSLCertVerificationError: "no secure connection: the mail server's certificate could not be verified",
        smtplib.SMTPException: "the connection to the mail server broke",
        OSError: "the connection to the mail server broke",
    }
)


def sorted_http(heard: Sequence[Heard], url: str) -> Outcome:
    """Why a plugin did not send: the last thing that HTTP said."""
    match heard[-1] if heard else None:
        case Answer(status=status) as answer if status < 300:  # noqa: PLR2004 - the 2xx
            return _taken_back(answer, url)
        case Answer() as answer:
            return _refused(answer, url)
        case NoAnswer(error=error, was_written=True):
            return Unknown(_trouble(error))
        case NoAnswer(error=error):
            return Failed(_trouble(error))
        case None:
            return Failed("nothing was sent: this kind of channel gave no reason")


def sent(heard: Sequence[Heard], scheme: str) -> Sent:
    last = heard[-1] if heard else None
    return Sent(_named(last.status), _provider_id(last.says, scheme)) if isinstance(last, Answer) else Sent()


def _provider_id(says: bytes, scheme: str) -> str | None:
    named: Any = _json(says) if scheme in _NAMES else None
    for field in _NAMES.get(scheme, ()):
        named = named.get(field) if isinstance(named, dict) else None
    if isinstance(named, bool) or not isinstance(named, int | str):
        return None
    return one_line(str(named))[:WORDS_LIMIT] or None


def _taken_back(answer: Answer, url: str) -> Outcome:
    """The status says yes, and the plugin no."""
    what, says = _named(answer.status), _json(answer.says)
    is_a_no = answer.status == HTTPStatus.OK and says  # in its own words, which the plugin understands
    if answer.was_written and not is_a_no:
        return Unknown(f"{what}, but not the answer that was expected")
    what = f"{what}, but the service said no"
    if words := discreet(_reason(answer.says), url):
        what = f"{what}: {words}"
    refusal = str(says.get("error", ""))
    if refusal in _SLOW_DOWN:
        return RateLimited(_pause(answer), what)
    return Failed(what, permanent=refusal in _NEVER)


def _refused(answer: Answer, url: str) -> Failed | RateLimited:
    status = answer.status
    what = _named(status)
    if 300 <= status < 400:  # noqa: PLR2004 - the 3xx
        return Failed(f"{what}: the address leads elsewhere, and is not followed", permanent=status in MOVED)
    if says := discreet(_reason(answer.says), url):
        what = f"{what}: {says}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(_pause(answer), what)
    permanent = status < SERVER_ERROR and status not in PASSING
    return Failed(what, permanent=permanent, retry_after=None if permanent else _retry_after(answer))


def _pause(answer: Answer) -> timedelta:
    wait = _retry_after(answer)
    return USUAL_WAIT if wait is None else max(wait, SHORTEST_WAIT)


def _named(status: int) -> str:
    with suppress(ValueError):
        return f"HTTP {status} ({HTTPStatus(status).phrase})"
    return f"HTTP {status}"


def _trouble(error: requests.RequestException) -> str:
    said = str(error)  # holds the address, so it is only looked at, never shown
    signs = (words for sign, words in _SIGNS.items() if sign in said)
    kinds = (words for kind, words in _TROUBLES.items() if isinstance(error, kind))
    return next(chain(signs, kinds), "the request could not be made")


# -- when to try again ---------------------------------------------------------------------------


def _retry_after(answer: Answer) -> timedelta | None:
    """From the headers, else from the body (Telegram, Discord, Matrix); a date counts from the server's own clock."""
    given = answer.headers.get("retry-after", "").strip()
    for said in (given, answer.headers.get("x-ratelimit-reset-after", ""), *_in_body(answer.says)):
        if (seconds := _number(said)) is not None:
            return min(timedelta(seconds=seconds), LONGEST_WAIT)
    with suppress(ValueError, TypeError):
        wait = parsedate_to_datetime(given) - parsedate_to_datetime(answer.headers.get("date", ""))
        return min(max(wait, timedelta(0)), LONGEST_WAIT)
    return None


def _in_body(says: bytes) -> Iterator[str]:
    body = _json(says)
    parameters = body.get("parameters")
    for holder in (parameters if isinstance(parameters, dict) else {}, body):
        yield str(holder.get("retry_after", ""))
    if isinstance(thousandths := body.get("retry_after_ms"), int):
        yield str(thousandths / 1000)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text) else None


# -- in words, without secrets -------------------------------------------------------------------


def _reason(says: bytes) -> str:
    """What a service says for itself: Telegram, Discord, Slack, ntfy, Mattermost, Gotify each in its own field."""
    body = _json(says)
    for field in ("description", "errorDescription", "message", "error", "errmsg"):
        if isinstance(said := body.get(field), str):
            return said
    text = says.decode("utf-8", "replace")
    return "" if "<" in text else text


def _json(says: bytes) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        body = json.loads(says)
        return body if isinstance(body, dict) else {}
    return {}


def discreet(said: str, url: str) -> str:
    """One short line of what a service said, without anything that stands in the channel's address."""
    line = one_line(said)
    for secret in sorted(_pieces(url), key=len, reverse=True):
        whole = rf"(?<!\w){re.escape(secret)}(?!\w)"  # a short one may be part of a harmless word
        line = re.sub(whole if len(secret) < SHORT else re.escape(secret), "…", line, flags=re.IGNORECASE)
    return line if len(line) <= WORDS_LIMIT else line[: WORDS_LIMIT - 1] + "…"


def _pieces(url: str) -> set[str]:
    """Every part of an address that might be a secret, as written and as meant; not the names of its settings."""
    rest, _, query = url.partition("://")[2].partition("?")
    values = [rest, *(value for _, mark, value in (pair.partition("=") for pair in query.split("&")) if mark)]
    spelled = {meant for value in values for meant in (value, unquote(value), unquote_plus(value))}
    parts = {part for text in spelled for part in re.split(r"[/@:#,;\s]+", text)}
    return {part for part in spelled | parts | {unquote(part) for part in parts} if len(part) >= SHORTEST}


# -- mail ----------------------------------------------------------------------------------------


def sorted_mail(error: Exception, url: str, *, was_written: bool) -> Failed | Unknown:
    """What an SMTP server said: 4xx may pass, 5xx will not. `was_written`: it had all of the mail, and did not say."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _by_code(*next(iter(error.recipients.values())), url=url)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error, url=url)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failed("the mail server can't do what the channel asks for (encryption or login)", permanent=True)
    if "timed out" in str(error):  # smtplib calls that a broken connection
        error = TimeoutError()
    what = next((words for kind, words in _MAIL_TROUBLES.items() if isinstance(error, kind)), None)
    if what and was_written:
        return Unknown(what)
    return Failed(what) if what else Failed("the mail could not be written", permanent=True)


def _by_code(code: int, said: bytes | str, *, url: str) -> Failed:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    what = f"the mail server said {code} {discreet(words, url)}".strip()
    return Failed(what, permanent=code >= SERVER_ERROR)
