"""What each service says, and what becomes of the message: sent, not now, perhaps, try again, never."""

from __future__ import annotations

import os
import pty
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from threading import Thread

import pytest
from pydantic import SecretStr

from monitor.model import Failed, Message, Outcome, RateLimited, Sent, Unknown
from monitor.notify.channel import OpenChannel, open_channel
from monitor.notify.timeouts import Timeouts
from monitor.settings import Channel
from tests.services import (
    DISCORD,
    GONE,
    GOTIFY,
    HANGS,
    JSON,
    LEAVES,
    NTFY,
    SILENT,
    SLACK,
    SLACK_BOT,
    TELEGRAM,
    MailServer,
    Sink,
    Speaker,
)

MESSAGE = Message("Gempa: Gempa di Maluku", "Gempa di Maluku")
SHORT = 0.1  # seconds, where silence is waited for
PATIENT = 0.7  # where much is said before


def opened(url: str, *, read: float = 20, connect: float = 5) -> OpenChannel:
    timeouts = Timeouts(connect=connect, read=read)
    return open_channel(Channel(name="redaksi", url=SecretStr(url)), console=StringIO(), timeouts=timeouts)


def told(sink: Sink, *, message: Message = MESSAGE, read: float = 20) -> Outcome:
    return sink.pointed(opened(sink.channel, read=read)).send(message, uid="d-1")


def sent(status: str, provider_id: str | None = None) -> Sent:
    return Sent(f"HTTP {status}", provider_id)


def wait(seconds: float, what: str = "") -> RateLimited:
    return RateLimited(timedelta(seconds=seconds), f"HTTP 429 (Too Many Requests){what}")


def again(what: str) -> Failed:
    return Failed(f"HTTP {what}")


def never(what: str) -> Failed:
    return Failed(f"HTTP {what}", permanent=True)


CASES: list[tuple[Speaker, str, Outcome]] = [
    (TELEGRAM, "taken", sent("200 (OK)", "77")),
    (TELEGRAM, "too many", wait(3, ": Too Many Requests: retry after 3")),
    (TELEGRAM, "no chat", never("400 (Bad Request): Bad Request: chat not found")),
    (TELEGRAM, "blocked", never("403 (Forbidden): Forbidden: bot was blocked by the user")),
    (TELEGRAM, "no such bot", never("404 (Not Found): Not Found")),
    (TELEGRAM, "token revoked", never("401 (Unauthorized): Unauthorized")),
    (TELEGRAM, "broken", again("502 (Bad Gateway): Bad Gateway")),
    (DISCORD, "taken", sent("200 (OK)", "1183004418920123456")),
    (DISCORD, "taken without a word", sent("204 (No Content)")),
    (DISCORD, "too many", wait(65, ": You are being rate limited.")),
    (DISCORD, "too many, by its body", wait(1.5, ": You are being rate limited.")),
    (DISCORD, "webhook gone", never("404 (Not Found): Unknown Webhook")),
    (DISCORD, "wrong token", never("401 (Unauthorized): Invalid Webhook Token")),
    (DISCORD, "empty", never("400 (Bad Request): Cannot send an empty message")),
    (DISCORD, "broken", again("503 (Service Unavailable): upstream connect error")),
    (SLACK, "taken", sent("200 (OK)")),
    (SLACK, "too many", wait(30, ": rate_limited")),
    (SLACK, "no service", never("404 (Not Found): no_service")),
    (SLACK, "archived", never("410 (Gone): channel_is_archived")),
    (SLACK, "prohibited", never("403 (Forbidden): action_prohibited")),
    (SLACK, "bad payload", never("400 (Bad Request): invalid_payload")),
    (SLACK, "broken", again("500 (Internal Server Error): rollup_error")),
    (SLACK_BOT, "taken", sent("200 (OK)", "1503435956.000247")),
    (SLACK_BOT, "too many", wait(30, ": ratelimited")),
    (SLACK_BOT, "too many, said with 200", RateLimited(timedelta(minutes=1), "HTTP 200 (OK), but the service said no: ratelimited")),
    (SLACK_BOT, "no channel", never("200 (OK), but the service said no: channel_not_found")),
    (SLACK_BOT, "broken", again("200 (OK), but the service said no: fatal_error")),
    (NTFY, "taken", sent("200 (OK)", "sPs71M8A2T")),
    (NTFY, "too many", wait(60, ": limit reached: too many requests")),
    (NTFY, "forbidden", never("403 (Forbidden): forbidden")),
    (NTFY, "too large", never(f"413 ({HTTPStatus(413).phrase}): attachment too large")),
    (NTFY, "full", again("507 (Insufficient Storage): cannot publish to UnifiedPush topic")),
    (NTFY, "broken", again("500 (Internal Server Error): internal server error")),
    (NTFY, "another answer", Unknown("HTTP 202 (Accepted), but not the answer that was expected")),
    (GOTIFY, "taken", sent("200 (OK)", "25")),
    (GOTIFY, "wrong token", never("401 (Unauthorized): you need to provide a valid token")),
    (GOTIFY, "too many", wait(7)),
    (GOTIFY, "broken", again("500 (Internal Server Error): Internal Server Error")),
    (JSON, "taken", sent("200 (OK)")),
    (JSON, "gone", never("410 (Gone): gone")),
]  # fmt: skip
ALL = [TELEGRAM, DISCORD, SLACK, SLACK_BOT, NTFY, GOTIFY, JSON]


def scheme(value: object) -> str | None:
    return value.channel.partition("://")[0] if isinstance(value, Speaker) else None


@pytest.mark.parametrize(("service", "says", "outcome"), CASES, ids=scheme)
def test_what_a_service_says_is_understood(service: Speaker, says: str, outcome: Outcome) -> None:
    with Sink(service, says) as sink:
        assert told(sink) == outcome
    assert len(sink.asked) == 1


def test_every_saying_has_its_case() -> None:
    said = {(service.channel, says) for service in ALL for says in service.says}
    assert said - {(service.channel, says) for service, says, _ in CASES} == {(TELEGRAM.channel, "can't parse")}


@pytest.mark.parametrize("service", ALL, ids=scheme)
def test_a_service_that_hangs_may_have_the_message(service: Speaker) -> None:
    with Sink(service, HANGS) as sink:
        assert told(sink, read=SHORT) == Unknown("no answer in time")


@pytest.mark.parametrize("service", ALL, ids=scheme)
def test_a_service_that_leaves_without_an_answer_may_have_the_message(service: Speaker) -> None:
    with Sink(service, LEAVES) as sink:
        assert told(sink) == Unknown("the connection broke")


@contextmanager
def unsecured(*, hangs: bool) -> Iterator[int]:
    """A port where TLS is spoken to, and nobody does."""

    def take() -> None:
        with suppress(OSError):
            caller, _ = server.accept()
            with caller:
                caller.recv(1)
                if hangs:
                    caller.recv(1_000_000)
                    caller.recv(1_000_000)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(20)


@pytest.mark.parametrize("hangs", [True, False])
def test_a_server_that_never_came_to_read_the_message_is_asked_again_later(hangs: bool) -> None:
    with unsecured(hangs=hangs) as port:
        outcome = opened(f"jsons://127.0.0.1:{port}/alerts", read=SHORT, connect=SHORT).send(MESSAGE, uid="d-1")
    assert isinstance(outcome, Failed)
    assert not outcome.permanent


# -- Telegram and our markup ---------------------------------------------------------------------


def test_what_telegram_cannot_parse_is_told_without_markup() -> None:
    with Sink(TELEGRAM, "can't parse") as sink:
        outcome = told(sink, message=Message("s", "<b>Gempa &lt;b&gt; &amp; badai</b>\n<b>potong"))
    assert outcome == sent("200 (OK)", "77")
    assert [posted["text"] for posted in sink.posted][1:] == ["Gempa &lt;b&gt; &amp; badai\npotong"]


def test_what_telegram_cannot_parse_at_all_is_given_up() -> None:
    with Sink(TELEGRAM, "can't parse", "can't parse") as sink:
        outcome = told(sink)
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert len(sink.asked) == 2


def test_discord_is_asked_to_say_when_it_has_the_message() -> None:
    with Sink(DISCORD) as sink:
        told(sink)
    assert sink.asked[0].path.endswith("?wait=true")


# -- mail ----------------------------------------------------------------------------------------

TAKEN = Sent("the mail server took it", "<d-1@example.org>")


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ({}, TAKEN),
        ({"QUIT": "500 what?"}, TAKEN),
        ({"QUIT": GONE}, TAKEN),
        ({"QUIT": SILENT}, TAKEN),
        ({"end": "451 4.3.0 try again later"}, Failed("the mail server said 451 4.3.0 try again later")),
        ({"RCPT": "450 4.2.1 greylisted"}, Failed("the mail server said 450 4.2.1 greylisted")),
        ({"RCPT": "550 5.1.1 no such user"}, Failed("the mail server said 550 5.1.1 no such user", permanent=True)),
        ({"end": "552 5.3.4 too big"}, Failed("the mail server said 552 5.3.4 too big", permanent=True)),
        ({"greeting": "421 too busy"}, Failed("the mail server said 421 too busy")),
        ({"MAIL": "421 too busy"}, Failed("the mail server said 421 too busy")),
        ({"DATA": "421 too busy"}, Failed("the mail server said 421 too busy")),
        ({"end": "421 too busy"}, Failed("the mail server said 421 too busy")),
        ({"AUTH": "535 5.7.8 wrong password"}, Failed("the mail server said 535 5.7.8 wrong password", permanent=True)),
        ({"AUTH": "454 4.7.0 try again later"}, Failed("the mail server said 454 4.7.0 try again later")),
        ({"greeting": SILENT}, Failed("the mail server did not answer in time")),
        ({"RCPT": SILENT}, Failed("the mail server did not answer in time")),
        ({"DATA": SILENT}, Failed("the mail server did not answer in time")),
        ({"RCPT": GONE}, Failed("the connection to the mail server broke")),
        ({"DATA": GONE}, Failed("the connection to the mail server broke")),
        ({"mail": GONE}, Unknown("the connection to the mail server broke")),
        ({"end": SILENT}, Unknown("the mail server did not answer in time")),
        ({"end": GONE}, Unknown("the connection to the mail server broke")),
    ],
)
def test_what_a_mail_server_says_is_understood(script: Mapping[str, str], outcome: Outcome) -> None:
    with MailServer(script) as server:
        assert (
            opened(server.channel, read=PATIENT if SILENT in script.values() else 20).send(MESSAGE, uid="d-1")
            == outcome
        )


def test_a_mail_that_broke_off_in_the_middle_did_not_arrive() -> None:
    long = Message("Gempa", "Gempa di Maluku\n" * 800_000)  # more than lies between two sockets unread
    with MailServer({"mail": GONE}) as server:
        outcome = opened(server.channel).send(long, uid="d-1")
    assert outcome == Failed("the connection to the mail server broke")
    assert server.mails == []


# -- the console ---------------------------------------------------------------------------------


def test_a_terminal_shows_the_message_until_it_is_closed() -> None:
    mine, its = pty.openpty()
    with os.fdopen(its, "w", encoding="utf-8") as terminal:
        channel = open_channel(Channel(name="terminal", url=SecretStr("console")), console=terminal)
        assert channel.send(MESSAGE, uid="d-1") == Sent("shown")
        assert os.read(mine, 10_000).startswith(b"Gempa di Maluku\r\n")
        os.close(mine)
        assert channel.send(MESSAGE, uid="d-2") == Failed("the terminal or pipe is closed")
        with suppress(OSError):
            terminal.close()
