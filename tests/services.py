"""Sinks that speak like the services: what Telegram, Discord, Slack, ntfy and Gotify answer, and a mail server by script."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from monitor.notify.channel import OpenChannel
from tests.loopback import Request, Response, http_server, served

FOREVER: Final = 3600.0
HANGS: Final = Response(delay=FOREVER)  # the request is read, and never answered
LEAVES: Final = Response(status=0)  # the request is read, then the connection is closed


def answers(status: int, said: object = None, **headers: str) -> Response:
    """`said` as JSON; headers by their names with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, b"" if said is None else json.dumps(said).encode(), named)


# -- services ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a service says, by what happened; and how its plugin is led to a sink."""

    channel: str  # the address, with {host} where it can name one
    says: Mapping[str, Response]  # "taken" is said when nothing else was asked for
    points: Mapping[str, str] = field(default_factory=dict)  # of a plugin whose service has a fixed address: {url}


def _telegram(code: int, description: str, **parameters: int) -> Response:
    said = {"ok": False, "error_code": code, "description": description}
    return answers(code, said | ({"parameters": parameters} if parameters else {}))


TELEGRAM: Final = Speaker(
    "tgram://123456789:abcdefg_hijklmnop/12345",
    points={"notify_url": "{url}/bot"},
    says={
        "taken": answers(200, {"ok": True, "result": {"message_id": 77, "chat": {"id": 12345}, "text": "…"}}),
        "too many": _telegram(429, "Too Many Requests: retry after 3", retry_after=3),
        "can't parse": _telegram(400, "Bad Request: can't parse entities: Can't find end of the entity at offset 5"),
        "no chat": _telegram(400, "Bad Request: chat not found"),
        "blocked": _telegram(403, "Forbidden: bot was blocked by the user"),
        "no such bot": _telegram(404, "Not Found"),
        "token revoked": _telegram(401, "Unauthorized"),
        "broken": _telegram(502, "Bad Gateway"),
    },
)

DISCORD: Final = Speaker(
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    points={"notify_url": "{url}"},
    says={
        "taken": answers(200, {"id": "1183004418920123456", "type": 0, "content": "…"}, X_RateLimit_Remaining="4"),
        "taken without a word": answers(204, X_RateLimit_Remaining="4"),
        "too many": answers(
            429,
            {"message": "You are being rate limited.", "retry_after": 64.57, "global": False},
            X_RateLimit_Limit="5",
            X_RateLimit_Remaining="0",
            X_RateLimit_Reset="4102444800.123",
            X_RateLimit_Reset_After="64.57",
            Retry_After="65",
        ),
        "too many, by its body": answers(429, {"message": "You are being rate limited.", "retry_after": 1.5}),
        "webhook gone": answers(404, {"message": "Unknown Webhook", "code": 10015}),
        "wrong token": answers(401, {"message": "Invalid Webhook Token", "code": 50027}),
        "empty": answers(400, {"message": "Cannot send an empty message", "code": 50006}),
        "broken": Response(503, b"upstream connect error"),
    },
)

SLACK: Final = Speaker(
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7F",
    points={"webhook_url": "{url}"},
    says={
        "taken": Response(200, b"ok"),
        "too many": Response(429, b"rate_limited", {"Retry-After": "30"}),
        "no service": Response(404, b"no_service"),
        "archived": Response(410, b"channel_is_archived"),
        "prohibited": Response(403, b"action_prohibited"),
        "bad payload": Response(400, b"invalid_payload"),
        "broken": Response(500, b"rollup_error"),
    },
)

SLACK_BOT: Final = Speaker(
    "slack://xoxb-1234-1234-abc124/#general",
    points={"api_url": "{url}/{{}}"},
    says={
        "taken": answers(200, {"ok": True, "channel": "C123ABC456", "ts": "1503435956.000247"}),
        "too many": answers(429, {"ok": False, "error": "ratelimited"}, Retry_After="30"),
        "too many, said with 200": answers(200, {"ok": False, "error": "ratelimited"}),
        "no channel": answers(200, {"ok": False, "error": "channel_not_found"}),
        "broken": answers(200, {"ok": False, "error": "fatal_error"}),
    },
)

NTFY: Final = Speaker(
    "ntfy://{host}/berita",
    says={
        "taken": answers(200, {"id": "sPs71M8A2T", "time": 1, "event": "message", "topic": "berita"}),
        "too many": answers(429, {"code": 42901, "http": 429, "error": "limit reached: too many requests"}),
        "forbidden": answers(403, {"code": 40301, "http": 403, "error": "forbidden"}),
        "too large": answers(413, {"code": 41301, "http": 413, "error": "attachment too large"}),
        "full": answers(507, {"code": 50701, "http": 507, "error": "cannot publish to UnifiedPush topic"}),
        "broken": answers(500, {"code": 50001, "http": 500, "error": "internal server error"}),
        "another answer": Response(202, b"queued by the proxy"),
    },
)

GOTIFY: Final = Speaker(
    "gotify://{host}/AbcdefgHijk.mnp",
    says={
        "taken": answers(200, {"id": 25, "appid": 5, "message": "…", "priority": 5}),
        "wrong token": answers(
            401, {"error": "Unauthorized", "errorCode": 401, "errorDescription": "you need to provide a valid token"}
        ),
        "too many": Response(429, b"<html>slow down</html>", {"Retry-After": "7"}),  # its proxy
        "broken": answers(500, {"error": "Internal Server Error", "errorCode": 500}),
    },
)

JSON: Final = Speaker("json://{host}/alerts", says={"taken": Response(200, b"ok"), "gone": Response(410, b"gone")})


class Sink:
    """One service on loopback: says "taken", or what it is told to, and keeps what was posted."""

    def __init__(self, service: Speaker, *says: str | Response) -> None:
        self.service = service
        self.asked: list[Request] = []
        self.url = ""
        self._next = deque(says)
        self._open = ExitStack()

    @property
    def channel(self) -> str:
        return self.service.channel.format(host=self.url.removeprefix("http://"))

    @property
    def posted(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.asked]

    def pointed(self, channel: OpenChannel) -> OpenChannel:
        """The channel, led here."""
        for name, value in self.service.points.items():
            setattr(channel._plugin, name, value.format(url=self.url))  # type: ignore[attr-defined]
        return channel

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        says = self._next.popleft() if self._next else "taken"
        response = self.service.says[says] if isinstance(says, str) else says
        if response is LEAVES:
            raise ConnectionAbortedError
        return response

    def __enter__(self) -> Self:
        self.url = self._open.enter_context(http_server(self._answer))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


# -- mail ----------------------------------------------------------------------------------------

SILENT: Final = "never says anything again"
GONE: Final = "closes the connection"
USUAL: Final = {
    "greeting": "220 sink.example.org",
    "EHLO": "250-sink.example.org\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}
OTHERWISE: Final = "250 ok"


class MailServer:
    """Says what its script says to each verb; "mail" is when the first bytes of a mail came, "end" when its last did."""

    def __init__(self, script: Mapping[str, str] | None = None) -> None:
        self.script: dict[str, str] = {**USUAL, **(script or {})}
        self.next: dict[str, str] = {}  # said once, before the script goes on
        self.mails: list[bytes] = []  # that came whole
        self.port = 0
        self._open = ExitStack()

    @property
    def channel(self) -> str:
        return f"mailto://me:rahasia@127.0.0.1:{self.port}?from=watch@example.org&to=ana@example.org"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._say("greeting", writer)
            while line := (await reader.readline()).decode().split():
                verb = line[0].upper()
                said = await self._say(verb, writer)
                if said.startswith("354"):
                    await self._take(reader, writer)
                if verb == "QUIT":
                    break
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(100)
        if "mail" in self.script:
            await self._say("mail", writer)
        self.mails.append(first + await reader.readuntil(b"\r\n.\r\n"))
        await self._say("end", writer)

    async def _say(self, stage: str, writer: asyncio.StreamWriter) -> str:
        said = self.next.pop(stage, None) or self.script.get(stage, OTHERWISE)
        if said == SILENT:
            await asyncio.sleep(FOREVER)
        if said == GONE:
            writer.transport.abort()
            raise ConnectionAbortedError
        if said.startswith("421"):  # and it hangs up
            writer.write(f"{said}\r\n".encode())
            await writer.drain()
            raise ConnectionAbortedError
        writer.write(f"{said}\r\n".encode())
        await writer.drain()
        return said

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._talk, "127.0.0.1", 0)

    def __enter__(self) -> Self:
        self.port = self._open.enter_context(served(self._start))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()
