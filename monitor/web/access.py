"""Who is let in: by a session, the password, or a token."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never
from urllib.parse import unquote

from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.web.forms import BadForm
from monitor.web.login import Passwords, Right, Wait, Wrong, ours, parted, read_form, way_to_login
from monitor.web.throttle import address_of

COOKIE: Final = "monitor_session"
LASTING: Final = timedelta(days=30)
_ENDED: Final = 1024
_READS: Final = ("GET", "HEAD")
_OPEN: Final = frozenset(("/healthz", "/readyz", "/static/style.css", "/static/icon.svg"))
_FOR_PROGRAMS: Final = frozenset(("/openapi.json", "/metrics", "/api/v1"))
_MUTE: Final = re.compile(r"/mute/[0-9A-Za-z._-]+(?:/unsubscribe)?")  # its token is its own way in
_ATOM: Final = re.compile(r"/atom|/(?:topics|channels)/.+/atom", re.DOTALL)
_ODD: Final = re.compile(r"//|/\.{1,2}(?:/|\Z)|[\x00-\x1f\x7f\\]")
_HOW: Final = "This needs a login: open /login, or send the password (HTTP Basic, any user name) or a token (Authorization: Bearer).\n"


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the door. Its making takes a while (scrypt): once, not for every request."""

    password: SecretStr
    key: bytes = field(repr=False)  # 32 random bytes, lasting
    is_https: bool
    clock: Callable[[], datetime] = field(repr=False)
    # Of password and key together: sessions and tokens end when the password changes, and a copy of the database opens nothing.
    root: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", _root(self.password.get_secret_value(), self.key))

    def is_right(self, password: str) -> bool:
        return hmac.compare_digest(_root(password, self.key), self.root)


def _root(password: str, key: bytes) -> bytes:
    # One and the same letter may be typed as one sign or as two.
    normal = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(normal, salt=key, n=2**14, r=8, p=1, dklen=32)


def _signed(access: Access, purpose: str, text: str) -> str:
    seal = hmac.digest(access.root, f"{purpose}:{text}".encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(seal).rstrip(b"=").decode()


def _is(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def token_for(access: Access, scope: str) -> str:
    """Opens, for reading, what programs ask for ("api"), or one Atom document only (its path, nothing in it encoded)."""
    return _signed(access, "token", scope)


def with_token(access: Access, address: str) -> str:
    """The address (encoded, without a query) of an Atom document, so that a feed reader can open it."""
    return f"{address}?token={token_for(access, unquote(address))}"


def _opens(access: Access, token: str, path: str) -> bool:
    if _ATOM.fullmatch(path) and _is(token, token_for(access, path)):
        return True
    return _is_for_programs(path) and _is(token, token_for(access, "api"))


def _is_for_programs(path: str) -> bool:
    if _ODD.search(path):
        return False
    is_named = path in _FOR_PROGRAMS or path.startswith("/api/v1/")
    return is_named or _ATOM.fullmatch(path) is not None


def _session(access: Access) -> str:
    text = f"{int(access.clock().timestamp())}.{secrets.token_hex(16)}"
    return f"{text}.{_signed(access, 'session', text)}"


def _is_session(access: Access, cookie: str) -> bool:
    text, _, seal = cookie.rpartition(".")
    if not _is(seal, _signed(access, "session", text)):
        return False
    age = access.clock().timestamp() - int(text.partition(".")[0])
    return 0 <= age < LASTING.total_seconds()


def _cookies(headers: Headers) -> list[str]:
    """All of our name: another site on this host may have set one as well."""
    pairs = (piece.strip().partition("=") for line in headers.getlist("cookie") for piece in line.split(";"))
    return [value for name, _, value in pairs if name == COOKIE][:8]


def _authorization(headers: Headers) -> tuple[str, str]:
    """Its kind in lower case, and what is given; empty where there is none, or more than one."""
    given = headers.getlist("authorization")
    kind, _, value = given[0].strip().partition(" ") if len(given) == 1 else ("", "", "")
    return kind.lower(), value.strip()


def _password_of(basic: str) -> str | None:
    try:
        given = base64.b64decode(basic, validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = given.decode()
    except UnicodeDecodeError:
        text = given.decode("latin-1")
    _, colon, password = text.partition(":")
    return password if colon else None


# Shows the form: what became of the last try, and where to go on to. Its status and further headers are set here.
Page = Callable[[Request, Wrong | Wait | None, str], Response]


class Guarded:
    """Lets nobody through who has no way in, but to what is open to all."""

    def __init__(self, app: ASGIApp, access: Access, page: Page) -> None:
        self._app = app
        self._access = access
        self._page = page
        self._passwords = Passwords(access.is_right, access.clock)
        self._ended: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._answered(Request(scope, receive), send)
            case "lifespan":
                await self._app(scope, receive, send)
            case "websocket":
                await send({"type": "websocket.close", "code": 1008})
            case _:
                raise NotImplementedError(scope["type"])

    async def _answered(self, request: Request, send: Send) -> None:
        scope = request.scope
        if (scope["path"] in _OPEN and scope["method"] in _READS) or _MUTE.fullmatch(scope["path"]):
            await self._app(scope, request.receive, send)
            return
        try:
            refusal = await self._own(request) or await self._refusal(request)
        except ClientDisconnect:
            return
        if refusal is None:
            await self._app(_without_token(scope), request.receive, _not_stored(send))
        else:
            refusal.headers["Cache-Control"] = "no-store"
            await refusal(scope, request.receive, send)

    async def _own(self, request: Request) -> Response | None:
        """Login and logout are answered here."""
        match request.method, request.scope["path"]:
            case "GET" | "HEAD", "/login":
                after = ours(request.query_params.get("next", ""))
                return RedirectResponse(after, 303) if self._has_session(request) else self._page(request, None, after)
            case "POST", "/login":
                return await self._log_in(request)
            case "POST", "/logout":
                return self._log_out(request)
            case _:
                return None

    async def _log_in(self, request: Request) -> Response:
        form = await read_form(request)
        if isinstance(form, BadForm):
            return _with(self._page(request, None, "/"), form.status)
        outcome = await self._passwords.check(form.password, address_of(request.scope.get("client")))
        match outcome:
            case Right():
                response = RedirectResponse(form.next, 303)
                self._set(response, _session(self._access), LASTING)
                return response
            case Wrong():
                return _with(self._page(request, outcome, form.next), 403)
            case Wait(seconds):
                return _with(self._page(request, outcome, form.next), 429, {"Retry-After": str(seconds)})
            case _:
                assert_never(outcome)

    def _log_out(self, request: Request) -> Response:
        for cookie in _cookies(request.headers):
            if _is_session(self._access, cookie):
                self._ended[cookie] = None
        while len(self._ended) > _ENDED:
            self._ended.popitem(last=False)
        response = RedirectResponse("/login", 303)
        self._set(response, "", timedelta())
        return response

    def _set(self, response: Response, value: str, lasting: timedelta) -> None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=int(lasting.total_seconds()),
            secure=self._access.is_https,
            httponly=True,
            samesite="lax",
        )

    async def _refusal(self, request: Request) -> Response | None:
        """None: there is a way in."""
        if self._has_session(request) or self._has_token(request):
            return None
        kind, given = _authorization(request.headers)
        password = _password_of(given) if kind == "basic" else None
        if password is None:
            return _asked_to_log_in(request)
        outcome = await self._passwords.check(password, address_of(request.scope.get("client")))
        match outcome:
            case Right():
                return None
            case Wrong():
                return _asked_to_log_in(request)
            case Wait(seconds):
                text = f"Too many tries with a wrong password. Try again in {seconds} seconds.\n"
                return PlainTextResponse(text, 429, {"Retry-After": str(seconds)})
            case _:
                assert_never(outcome)

    def _has_session(self, request: Request) -> bool:
        cookies = _cookies(request.headers)
        return any(cookie not in self._ended and _is_session(self._access, cookie) for cookie in cookies)

    def _has_token(self, request: Request) -> bool:
        if request.method not in _READS:
            return False
        tokens, _ = parted(request.scope["query_string"].decode("latin-1"))
        kind, given = _authorization(request.headers)
        if kind == "bearer":
            tokens.append(given)
        return any(_opens(self._access, token, request.scope["path"]) for token in tokens[:4])


def _asked_to_log_in(request: Request) -> Response:
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    if request.method in _READS and "text/html" in request.headers.get("accept", "").lower():
        return RedirectResponse(way_to_login(path, query), 303)
    response = PlainTextResponse(_HOW, 401)
    for challenge in ('Basic realm="monitor", charset="UTF-8"', 'Bearer realm="monitor"'):
        response.headers.append("WWW-Authenticate", challenge)
    return response


def _with(response: Response, status: int, headers: dict[str, str] | None = None) -> Response:
    response.status_code = status
    response.headers.update(headers or {})
    return response


def _without_token(scope: Scope) -> Scope:
    """What the app is not told, it can't put into a link or a log."""
    _, query = parted(scope["query_string"].decode("latin-1"))
    return {**scope, "query_string": query.encode("latin-1")}


def _not_stored(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
        await send(message)

    return told
