"""Where alerts arrive in the tests: a real HTTP sink for json:// and a real SMTP sink for mailto://."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import ssl
import threading
from collections import deque
from contextlib import ExitStack
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.loopback import Request, Response, http_server, served

Posted = dict[str, Any]
FOREVER = 3600.0


class JsonSink:
    """Takes posted JSON; can be told to refuse or to hang for the next few tries.

    `tries` holds all that came, `messages` what was answered with 200.
    """

    def __init__(self) -> None:
        self.tries: list[Posted] = []
        self.messages: list[Posted] = []
        self.url = ""
        self._next: deque[Response] = deque()
        self._arrived = threading.Condition()
        self._open = ExitStack()

    @property
    def channel(self) -> str:
        """The address as a channel in config.yaml."""
        return self.url.replace("http://", "json://", 1) + "/alerts"

    def refuse(self, status: int, *, times: int = 1, retry_after: int | None = None) -> None:
        """The next tries are answered with this status."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self._next.extend([Response(status, b"no", headers)] * times)

    def hang(self, *, times: int = 1) -> None:
        """The next tries are read, but never answered."""
        self._next.extend([Response(delay=FOREVER)] * times)

    def wait_for(self, count: int, *, within: float = 20.0) -> list[Posted]:
        """All messages, as soon as there are so many; whatever there is when the time is over."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=within)
            return list(self.messages)

    def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return Response(405)
        try:
            posted: Posted = json.loads(request.body)
        except ValueError:
            return Response(400, b"not JSON")
        response = self._next.popleft() if self._next else Response(200, b"ok")
        with self._arrived:
            self.tries.append(posted)
            if response.status == 200 and response.delay < FOREVER:
                self.messages.append(posted)
            self._arrived.notify_all()
        return response

    def __enter__(self) -> Self:
        self.url = self._open.enter_context(http_server(self._answer))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


class MailSink:
    """Takes mail for anybody; can be told to refuse the next few messages. With `tls` it asks for STARTTLS first.

    `password`: for whoever logs in; who gives another one is refused.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, password: str = "") -> None:
        self.connections = 0
        self._tls = tls
        self._password = password
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []  # of each message, as the envelope named them
        self.encrypted: list[bool] = []  # of each message
        self.contents: list[bytes] = []  # as they came
        self.port = 0
        self._next: deque[str] = deque()
        self._arrived = threading.Condition()
        self._open = ExitStack()

    @property
    def channel(self) -> str:
        """The address as a channel in config.yaml."""
        return f"mailto://127.0.0.1:{self.port}?from=watch@example.org&to=ana@example.org"

    def refuse(self, answer: str, *, times: int = 1) -> None:
        """The next messages are answered with this line: "451 try later", "550 no such user"."""
        self._next.extend([answer] * times)

    def wait_for(self, count: int, *, within: float = 20.0) -> list[EmailMessage]:
        """All messages, as soon as there are so many; whatever there is when the time is over."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=within)
            return list(self.messages)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - the name and the arguments that aiosmtpd calls
        if self._next:
            return self._next.popleft()
        assert isinstance(envelope.content, bytes)
        with self._arrived:
            self.encrypted.append(session.ssl is not None)
            self.contents.append(envelope.content)
            self.messages.append(_message(envelope.content))
            self.recipients.append(list(envelope.rcpt_tos))
            self._arrived.notify_all()
        return "250 taken"

    def __enter__(self) -> Self:
        self.port = self._open.enter_context(served(self._start))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    async def _start(self) -> asyncio.Server:
        wishes: dict[str, Any] = {"tls_context": self._tls, "require_starttls": True} if self._tls else {}
        if self._password:
            wishes |= {"authenticator": self._judge, "auth_require_tls": False}

        def protocol() -> SMTP:
            self.connections += 1
            return _Smtp(self, hostname="sink.example.org", **wishes)

        return await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)

    def _judge(self, *said: Any) -> AuthResult:
        login = said[-1]
        is_right = isinstance(login, LoginPassword) and login.password == self._password.encode()
        return AuthResult(success=is_right, handled=False)


class _Smtp(SMTP):
    async def _handle_client(self) -> None:
        """A connection that its client keeps open ends with the test."""
        try:
            await super()._handle_client()
        finally:
            for transport in (self.transport, self._original_transport):  # with TLS there are two
                if isinstance(transport, asyncio.Transport):
                    transport.abort()


def _message(content: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
