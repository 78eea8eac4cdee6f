"""What is given at the door: the form, where to go on to, and whether the password is the right one."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

import structlog
from starlette.requests import Request

from monitor.web.forms import BadForm, read_fields
from monitor.web.throttle import Throttle

log = structlog.get_logger()

_LONGEST: Final = 2000  # of where to go on to
_AT_A_TIME: Final = 2
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


@dataclass(frozen=True, slots=True)
class Right:
    pass


@dataclass(frozen=True, slots=True)
class Wrong:
    pass


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: int


class Passwords:
    """Checks passwords, a few at a time, and slowly each one that it has not just found right."""

    def __init__(self, is_right: Callable[[str], bool], clock: Callable[[], datetime]) -> None:
        self._is_right = is_right
        self._clock = clock
        self._throttle = Throttle()
        self._slots = asyncio.Semaphore(_AT_A_TIME)
        self._salt = secrets.token_bytes(32)
        self._found: deque[bytes] = deque(maxlen=4)

    async def check(self, password: str, address: str) -> Right | Wrong | Wait:
        if refused := self._refused(address):
            return refused
        if self._is_known(password):
            self._throttle.trust(address)
            return Right()
        async with self._slots:
            return await self._checked(password, address)

    async def _checked(self, password: str, address: str) -> Right | Wrong | Wait:
        """Asks once more first: others came to an end while this one waited."""
        if refused := self._refused(address):
            return refused
        now = self._clock()
        self._throttle.tried(address, now=now)
        if not self._is_known(password) and not await asyncio.to_thread(self._is_right, password):
            log.warning("a wrong password was given", address=address)
            return Wrong()
        self._throttle.take_back(address, at=now)
        self._throttle.trust(address)
        if not self._is_known(password):
            self._found.append(self._digest(password))
        return Right()

    def _refused(self, address: str) -> Wait | None:
        seconds = self._throttle.wait(address, now=self._clock())
        return Wait(seconds) if seconds else None

    def _is_known(self, password: str) -> bool:
        digest = self._digest(password)
        return any(hmac.compare_digest(digest, found) for found in self._found)

    def _digest(self, password: str) -> bytes:
        return hmac.digest(self._salt, password.encode("utf-8", "surrogatepass"), "sha256")


@dataclass(frozen=True, slots=True)
class Form:
    password: str
    next: str


async def read_form(request: Request) -> Form | BadForm:
    fields = await read_fields(request)
    if isinstance(fields, BadForm):
        return fields
    if "password" not in fields:
        return BadForm(400)
    return Form(fields["password"], ours(fields.get("next", "")))


def ours(address: str) -> str:
    """The address, where it is a path of this site that one may be sent on to; else the first page."""
    path, _, query = address.partition("?")
    plain = unquote(path)
    is_odd = "//" in plain or not path.startswith("/") or len(address) > _LONGEST
    if is_odd or _UNSAFE.search(plain) or _UNSAFE.search(query) or plain in ("/login", "/logout"):
        return "/"
    _, kept = parted(query)
    return f"{path}?{kept}" if kept else path


def parted(query: str) -> tuple[list[str], str]:
    """The tokens of a query, and the rest of it."""
    tokens: list[str] = []
    rest: list[str] = []
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        if unquote_plus(name) == "token":
            tokens.append(unquote_plus(value))
        else:
            rest.append(piece)
    return tokens, "&".join(rest)


def way_to_login(path: str, query: str) -> str:
    """Where the form is, and what to show after it."""
    after = ours(f"{quote(path)}?{query}")
    return "/login" if after == "/" else f"/login?next={quote(after, safe='/')}"
