"""Mail arrives readable, and what the mail server says decides what happens next."""

from __future__ import annotations

import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from threading import Thread

import pytest
from pydantic import SecretStr

from monitor.model import Failed, Message, Sent
from monitor.notify.channel import OpenChannel, open_channel
from monitor.notify.timeouts import Timeouts
from monitor.settings import Channel
from tests.sinks import MailSink

MESSAGE = Message(
    subject="Gempa: 북한 & Rusia – «uji»",
    body="Gempa di Maluku\nüber *alles*\n\nhttps://www.antaranews.com/berita/4321/" + "a-b" * 90 + "?x=1&y=2",
)

TAKEN = Sent("the mail server took it", provider_id="<d-7@example.org>")


def opened(url: str, *, read: float = 20) -> OpenChannel:
    return open_channel(Channel(name="surat", url=SecretStr(url)), console=StringIO(), timeouts=Timeouts(read=read))


def test_a_mail_is_plain_text_with_its_address_whole() -> None:
    with MailSink() as sink:
        assert opened(sink.channel).send(MESSAGE, uid="d-7") == TAKEN
        (mail,) = sink.wait_for(1)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == MESSAGE.body.splitlines()
    assert mail["Subject"] == MESSAGE.subject
    assert "watch@example.org" in mail["From"]
    assert "ana@example.org" in mail["To"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert sink.recipients == [["ana@example.org"]]


def test_the_same_delivery_has_the_same_message_id() -> None:
    with MailSink() as sink:
        channel = opened(sink.channel)
        for uid in ("d-7", "d-7", "d-8"):
            channel.send(MESSAGE, uid=uid)
        ids = [mail["Message-ID"] for mail in sink.wait_for(3)]
    assert ids == ["<d-7@example.org>", "<d-7@example.org>", "<d-8@example.org>"]


def test_headers_of_the_address_are_kept() -> None:
    with MailSink() as sink:
        opened(sink.channel + "&reply=desk@example.org&+List-Id=news").send(MESSAGE, uid="d-7")
        (mail,) = sink.wait_for(1)
    assert mail["List-Id"] == "news"
    assert mail["Reply-To"] == "desk@example.org"


@pytest.mark.parametrize("subject", ["Judul\r\nBcc: x@evil.example", "Judul\nX: y", "Judul\rX: y"])
def test_a_subject_brings_no_header(subject: str) -> None:
    with MailSink() as sink:
        outcome = opened(sink.channel).send(Message(subject, "isi"), uid="d-7")
    assert outcome == Failed("the mail could not be written", permanent=True)
    assert sink.messages == []


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("450 4.2.1 greylisted", Failed("the mail server said 450 4.2.1 greylisted")),
        ("550 5.1.1 no such user", Failed("the mail server said 550 5.1.1 no such user", permanent=True)),
        ("552 no room for ana@example.org", Failed("the mail server said 552 no room for …", permanent=True)),
    ],
)
def test_a_refused_mail_says_whether_to_try_again(said: str, outcome: Failed) -> None:
    with MailSink() as sink:
        sink.refuse(said)
        channel = opened(sink.channel)
        assert channel.send(MESSAGE, uid="d-7") == outcome
        assert channel.send(MESSAGE, uid="d-7") == TAKEN


def test_a_server_without_encryption_gets_no_password() -> None:
    with MailSink() as sink:
        url = f"mailtos://me:s3cretT0ken@127.0.0.1:{sink.port}?mode=starttls&from=watch@example.org&to=ana@example.org"
        outcome = opened(url).send(MESSAGE, uid="d-7")
    assert outcome == Failed("the mail server can't do what the channel asks for (encryption or login)", permanent=True)


def test_a_server_that_is_down_is_asked_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = taken.getsockname()[1]
        outcome = opened(f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org").send(MESSAGE, uid="d-7")
    assert outcome == Failed("the mail server refused the connection")


def test_a_server_that_says_nothing_is_asked_again_later() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=a@example.org&to=b@example.org"
        outcome = opened(url, read=0.05).send(MESSAGE, uid="d-7")
    assert outcome == Failed("the mail server did not answer in time")


@contextmanager
def greeting(said: bytes, *, times: int = 1) -> Iterator[str]:
    """A mail server that says this when it is called, then leaves."""

    def greet(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            for _ in range(times):
                connection.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=greet, args=(server,), daemon=True)
        thread.start()
        yield f"mailto://127.0.0.1:{server.getsockname()[1]}?from=a@example.org&to=b@example.org"
        thread.join(20)


def test_a_server_that_never_stops_talking_is_not_listened_to_for_ever() -> None:
    with greeting(b"220-welcome\r\n" * 1000, times=1000) as url:
        channel = opened(url)  # Apprise itself takes more
        tracemalloc.start()
        outcome = channel.send(MESSAGE, uid="d-7")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert outcome == Failed("the connection to the mail server broke")
    assert most < 5_000_000


@pytest.mark.parametrize(("code", "permanent"), [(421, False), (554, True)])
def test_a_server_that_will_not_talk_to_us_says_whether_to_try_again(code: int, permanent: bool) -> None:
    with greeting(b"%d no service here\r\n" % code) as url:
        outcome = opened(url).send(MESSAGE, uid="d-7")
    assert outcome == Failed(f"the mail server said {code} no service here", permanent=permanent)
