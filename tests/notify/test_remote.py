"""Messages arrive at chats and web hooks, and what their servers answer decides what happens next."""

from __future__ import annotations

import gzip
import json
import logging
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from pydantic import SecretStr

from monitor.alerts.message import compose
from monitor.model import Failed, Message, Outcome, RateLimited, Sent, Unknown
from monitor.notify import wire
from monitor.notify.channel import OpenChannel, open_channel
from monitor.notify.timeouts import Timeouts
from monitor.settings import Channel
from tests.build import NOON, a_notification
from tests.loopback import Request, Response, http_server

MESSAGE = Message(subject="Gempa: Gempa di Maluku", body="Gempa\nGempa di Maluku\nhttps://a.id/1?a=1&b=2")
SECRET = "s3cretT0ken"


class Hook:
    """A server that answers as told and keeps what was asked."""

    def __init__(self, *answers: Response) -> None:
        self.asked: list[Request] = []
        self.answers = list(answers)
        self.url = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    @property
    def posted(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.asked]

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answers.pop(0) if self.answers else Response(200, b"ok")


@contextmanager
def hook(*answers: Response) -> Iterator[Hook]:
    made = Hook(*answers)
    with http_server(made.answer) as made.url:
        yield made


def opened(url: str, **timeouts: float) -> OpenChannel:
    return open_channel(Channel(name="redaksi", url=SecretStr(url)), console=StringIO(), timeouts=Timeouts(**timeouts))


def sent_to(hook: Hook, message: Message = MESSAGE) -> Outcome:
    return opened(f"json://me:{SECRET}@{hook.host}/{SECRET}/alerts?+X-Key={SECRET}").send(message, uid="d-1")


def test_a_web_hook_gets_title_and_message_as_text() -> None:
    with hook() as site:
        assert sent_to(site) == Sent("HTTP 200 (OK)")
    assert [(posted["title"], posted["message"]) for posted in site.posted] == [(MESSAGE.subject, MESSAGE.body)]


def test_a_web_hook_can_tell_a_copy() -> None:
    with hook() as site:
        sent_to(site)
        sent_to(site)
    assert [request.headers["idempotency-key"] for request in site.asked] == ["d-1", "d-1"]
    assert site.asked[0].headers["x-key"] == SECRET


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


DATES = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Retry-After": "Sun, 22 Nov 2026 12:02:00 GMT"}


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (Response(429, headers={"Retry-After": "120"}), minutes(2)),
        (Response(429, headers=DATES), minutes(2)),
        (Response(429, headers={"Retry-After": DATES["Retry-After"]}), minutes(1)),
        (Response(429, headers={"X-RateLimit-Reset-After": "1.5"}), minutes(1.5 / 60)),
        (Response(429, b'{"parameters": {"retry_after": 60}}'), minutes(1)),
        (Response(429, b'{"retry_after": 2.5}'), minutes(2.5 / 60)),
        (Response(429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 90000}'), minutes(1.5)),
        (Response(429, headers={"Retry-After": "0"}), minutes(1 / 60)),
        (Response(429, headers={"Retry-After": "999999999"}), timedelta(days=1)),
        (Response(429, headers={"Retry-After": "-3"}), minutes(1)),
        (Response(429, headers={"Retry-After": "soon"}), minutes(1)),
        (Response(429), minutes(1)),
    ],
)  # fmt: skip
def test_a_service_that_wants_less_says_how_long_to_wait(answer: Response, wait: timedelta) -> None:
    with hook(answer) as site:
        outcome = sent_to(site)
    assert isinstance(outcome, RateLimited)
    assert outcome.wait == wait
    assert outcome.what.startswith("HTTP 429 (Too Many Requests)")


@pytest.mark.parametrize(
    ("answer", "what", "permanent", "retry_after"),
    [
        (Response(503, headers={"Retry-After": "60"}), "HTTP 503 (Service Unavailable)", False, minutes(1)),
        (Response(503), "HTTP 503 (Service Unavailable)", False, None),
        (Response(500, b"<html>oops</html>"), "HTTP 500 (Internal Server Error)", False, None),
        (Response(408), "HTTP 408 (Request Timeout)", False, None),
        (Response(400, b"can't parse"), "HTTP 400 (Bad Request): can't parse", True, None),
        (Response(401), "HTTP 401 (Unauthorized)", True, None),
        (Response(403, b'{"description": "bot was blocked"}'), "HTTP 403 (Forbidden): bot was blocked", True, None),
        (Response(404, headers={"Retry-After": "60"}), "HTTP 404 (Not Found)", True, None),
        (Response(410), "HTTP 410 (Gone)", True, None),
        (Response(599), "HTTP 599", False, None),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_do(
    answer: Response, what: str, permanent: bool, retry_after: timedelta | None
) -> None:
    with hook(answer) as site:
        outcome = sent_to(site)
    assert outcome == Failed(what, permanent, retry_after)


@pytest.mark.parametrize(("status", "permanent"), [(302, False), (307, False), (301, True), (308, True)])
def test_a_message_does_not_follow_a_redirect(status: int, permanent: bool) -> None:
    with hook() as elsewhere, hook(Response(status, headers={"Location": f"{elsewhere.url}/landed"})) as site:
        outcome = sent_to(site)
    assert isinstance(outcome, Failed)
    assert outcome.permanent is permanent
    assert "leads elsewhere" in outcome.what
    assert elsewhere.asked == []


def test_a_server_that_does_not_answer_may_have_the_message() -> None:
    with hook(Response(delay=3600)) as site:
        outcome = opened(f"json://{site.host}/x", read=0.05).send(MESSAGE, uid="d-1")
    assert outcome == Unknown("no answer in time")


def test_a_server_that_is_down_is_asked_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        outcome = opened(f"json://127.0.0.1:{taken.getsockname()[1]}/{SECRET}").send(MESSAGE, uid="d-1")
    assert outcome == Failed("connection refused")


def test_a_channel_works_again_after_a_failure() -> None:
    with hook(Response(500), Response(429)) as site:
        channel = opened(f"json://{site.host}/x")
        outcomes = [channel.send(MESSAGE, uid="d-1") for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Failed, RateLimited, Sent]
    assert len(site.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a_server_that_repeats_our_secrets_does_not_give_them_away(
    status: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    says = f"no such hook: /{SECRET}/alerts of me:{SECRET.upper()} at you, \x1b[31m\r\nX: y".encode()
    with caplog.at_level(logging.DEBUG), hook(Response(status, says)) as site:
        outcome = sent_to(site)
    assert isinstance(outcome, Failed | RateLimited)
    shown = "".join([outcome.what, caplog.text, *capfd.readouterr()])
    assert SECRET.lower() not in shown.lower()
    assert "\x1b" not in outcome.what
    assert "\n" not in outcome.what


def test_a_long_answer_is_cut() -> None:
    with hook(Response(400, b"very " * 9999)) as site:
        outcome = sent_to(site)
    assert isinstance(outcome, Failed)
    assert len(outcome.what) < 250


@contextmanager
def talking(head: bytes, body: bytes, *, times: int) -> Iterator[tuple[str, list[int]]]:
    """A server that repeats `body` as long as somebody listens, then leaves; and how many bytes it got rid of."""
    said: list[int] = []

    def talk(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(head + b"\r\n\r\n")
            for _ in range(times):
                connection.sendall(body)
                said.append(len(body))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=talk, args=(server,), daemon=True)
        thread.start()
        yield f"json://127.0.0.1:{server.getsockname()[1]}/alerts", said
        thread.join(20)


@pytest.mark.parametrize(("status", "outcome"), [(b"200 OK", Sent), (b"503 Busy", Failed)])
def test_no_more_of_an_answer_is_read_than_it_takes(status: bytes, outcome: type[Outcome]) -> None:
    with talking(b"HTTP/1.1 " + status + b"\r\nContent-Length: 20000000", b"x" * 10_000, times=2000) as (url, said):
        assert isinstance(opened(url).send(MESSAGE, uid="d-1"), outcome)
    assert sum(said) < 19_000_000  # what lay between the two of us was not read


def test_an_answer_that_unpacks_to_more_is_not_unpacked() -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    answer = Response(400, packed, headers={"Content-Encoding": "gzip"})
    with hook(answer) as site, wire.listening() as heard:
        opened(f"json://{site.host}/x")
        requests.post(site.url, timeout=20)
    (said,) = heard
    assert isinstance(said, wire.Answer)
    assert said.says == b"x" * 65_536


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 99", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip"]
)
def test_a_message_that_was_taken_is_sent_though_the_rest_of_the_answer_breaks(head: bytes) -> None:
    with talking(head, b"x", times=9) as (url, _):
        assert opened(url).send(MESSAGE, uid="d-1") == Sent("HTTP 200 (OK)")


# -- push services -------------------------------------------------------------------------------


def test_ntfy_gets_each_message_at_once() -> None:
    """Left alone, Apprise would sleep for 5.5 s before the second."""
    with hook(*[Response(200, b"{}")] * 3) as site:
        channel = opened(f"ntfy://{site.host}/berita")
        started = time.monotonic()
        outcomes = [channel.send(MESSAGE, uid="d-1") for _ in range(3)]
        assert time.monotonic() - started < 5
    assert outcomes == [Sent("HTTP 200 (OK)")] * 3
    assert site.posted == [{"topic": "berita", "title": MESSAGE.subject, "message": MESSAGE.body}] * 3


def test_gotify_gets_title_and_message() -> None:
    with hook(Response(200, b"{}")) as site:
        assert opened(f"gotify://{site.host}/AbcdefgHijk.mnp").send(MESSAGE, uid="d-1") == Sent("HTTP 200 (OK)")
    assert (site.posted[0]["title"], site.posted[0]["message"]) == (MESSAGE.subject, MESSAGE.body)


def test_wishes_in_the_address_that_would_spoil_a_message_count_for_nothing() -> None:
    with hook(Response(500), Response(302, headers={"Location": "/landed"})) as site:
        url = f"json://{site.host}/x?format=html&overflow=split&retry=5&wait=9&redirect=yes&emojis=yes"
        assert isinstance(opened(url).send(MESSAGE, uid="d-1"), Failed)
        assert isinstance(opened(url).send(MESSAGE, uid="d-1"), Failed)
        assert opened(url).send(Message("s", ":smile: <b>"), uid="d-1") == Sent("HTTP 200 (OK)")
    assert len(site.asked) == 3
    assert site.posted[-1]["message"] == ":smile: <b>"


# -- chats whose servers have a fixed address: the plugin is pointed at ours ----------------------


def pointed(url: str, **addresses: str) -> OpenChannel:
    channel = opened(url)
    for name, address in addresses.items():
        setattr(channel._plugin, name, address)  # type: ignore[attr-defined]
    return channel


ATTACK = "@everyone @here <!channel> <@U1> [x](http://evil.example) <b>*tebal*</b> `kode` & _x_"


def test_telegram_reads_its_html_and_nothing_else() -> None:
    with hook(Response(200, b'{"ok": true}')) as site:
        channel = pointed("tgram://123456789:abcdefg_hijklmnop/12345", notify_url=f"{site.url}/bot")
        strong = "".join([channel.markup.strong[0], channel.markup.escape(ATTACK), channel.markup.strong[1]])
        assert channel.send(Message("s", strong), uid="d-1") == Sent("HTTP 200 (OK)")
    assert site.posted[0]["parse_mode"] == "HTML"
    assert site.posted[0]["chat_id"] == "12345" or site.posted[0]["chat_id"] == 12345
    assert site.posted[0]["text"] == strong
    assert re.findall(r"<[^<>]*>", strong) == ["<b>", "</b>"]


def test_a_bot_that_was_blocked_in_telegram_is_not_asked_again() -> None:
    says = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
    with hook(Response(403, says)) as site:
        channel = pointed("tgram://123456789:abcdefg_hijklmnop/12345", notify_url=f"{site.url}/bot")
        outcome = channel.send(MESSAGE, uid="d-1")
    assert outcome == Failed("HTTP 403 (Forbidden): Forbidden: bot was blocked by the user", permanent=True)


DISCORD = "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


def test_discord_calls_nobody() -> None:
    with hook(Response(204)) as site:
        channel = pointed(DISCORD, notify_url=site.url)
        assert channel.send(Message("s", channel.markup.escape(ATTACK)), uid="d-1") == Sent("HTTP 204 (No Content)")
    posted = site.posted[0]
    assert posted["allowed_mentions"] == {"parse": []}
    assert "embeds" not in posted
    assert "@everyone" not in posted["content"]
    assert "<@" not in posted["content"]
    assert "[x](" not in posted["content"]


TITLE = "@everyone @here dan @EVERYONE menunggu <@&12> di Wonsan"


@pytest.mark.parametrize("ping", ["", "?ping=12345"])
def test_whoever_a_title_names_reads_it_as_text_in_discord(ping: str) -> None:
    with hook(Response(204)) as site:
        channel = pointed(f"discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js{ping}", notify_url=site.url)
        told = compose(a_notification(title=TITLE), markup=channel.markup, zone=ZoneInfo("Asia/Jakarta"), now=NOON)
        assert channel.send(told, uid="d-1") == Sent("HTTP 204 (No Content)")
    content = site.posted[0]["content"]
    assert content.replace("\u200b", "").replace("\\", "").count(TITLE) == 1  # as a reader sees it
    assert not re.search(r"@everyone|@here|<@&", content, re.IGNORECASE)


def test_discord_makes_us_wait_elsewhere_than_in_our_thread() -> None:
    """Left alone, Apprise would sleep for ten seconds and more, and send again."""
    limits = {"Retry-After": "2", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}
    with hook(Response(204, headers=limits), Response(429, headers=limits), Response(204)) as site:
        channel = pointed(DISCORD, notify_url=site.url)
        started = time.monotonic()
        outcomes = [channel.send(MESSAGE, uid="d-1") for _ in range(3)]
        assert time.monotonic() - started < 5
    assert outcomes[1] == RateLimited(timedelta(seconds=2), "HTTP 429 (Too Many Requests)")
    assert [type(outcome) for outcome in outcomes] == [Sent, RateLimited, Sent]
    assert len(site.asked) == 3


def test_slack_shows_text_as_text() -> None:
    with hook(Response(200, b"ok")) as site:
        address = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7F"
        channel = pointed(address, webhook_url=site.url)
        harmless = channel.markup.escape(ATTACK)
        assert channel.send(Message("s", harmless), uid="d-1") == Sent("HTTP 200 (OK)")
    assert site.posted[0]["attachments"][0]["text"] == harmless
    assert "<" not in harmless


def test_mattermost_calls_nobody_and_makes_no_link() -> None:
    with hook() as site:
        channel = opened(f"mmost://{site.host}/abcdefghijklmnop")
        channel.send(Message("s", channel.markup.escape(ATTACK)), uid="d-1")
    text = site.posted[0]["text"]
    assert not any(alive in text for alive in ("@everyone", "@here", "<!channel", "<@", "[x]("))
