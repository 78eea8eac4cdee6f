"""An address that names several people is one channel for each of them."""

from __future__ import annotations

from contextlib import ExitStack
from io import StringIO

import pytest
from pydantic import SecretStr

from monitor.errors import MonitorError
from monitor.model import Message, Sent
from monitor.notify.address import ChannelError
from monitor.notify.channel import OpenChannel, open_channel, problem_with, recipients_of
from monitor.settings import Channel
from tests.services import TELEGRAM, Sink
from tests.sinks import MailSink

MESSAGE = Message("Gempa", "Gempa di Maluku")
SECRET = "s3cretT0ken"
BOT = f"tgram://123456789:{SECRET}_hijklmnop"


def opened(url: str) -> OpenChannel:
    return open_channel(Channel(name="redaksi", url=SecretStr(url)), console=StringIO())


@pytest.mark.parametrize(
    ("named", "mailboxes"),
    [
        ("?to=b@example.org,c@example.org", ["b@example.org", "c@example.org"]),
        ("?to=b@example.org;c@example.org".replace(";", "%3B"), ["b@example.org", "c@example.org"]),
        ("?to=b@example.org&cc=c@example.org&bcc=d@example.org", ["b@example.org", "c@example.org", "d@example.org"]),
        ("/b@example.org/c@example.org", ["b@example.org", "c@example.org"]),
        ("/b@example.org/?to=c@example.org", ["b@example.org", "c@example.org"]),
        ("?to=b@example.org,B@Example.org&cc=b@example.org", ["b@example.org"]),
        ("?to=Budi%20%3Cb%2Bnews@example.org%3E,%22Sari,%20Ana%22%20%3Cc@example.org%3E", ["b+news@example.org", "c@example.org"]),
        ("?cc=b@example.org", ["watch@example.org", "b@example.org"]),  # Apprise puts the sender in an empty To
        ("?to=b@example.org", ["b@example.org"]),
    ],
)  # fmt: skip
def test_a_mail_to_several_is_a_mail_to_each(named: str, mailboxes: list[str]) -> None:
    with MailSink() as sink:
        head = f"mailto://127.0.0.1:{sink.port}{named}"
        urls = recipients_of(f"{head}{'&' if '?' in named else '?'}from=watch@example.org&+List-Id=news")
        for url in urls:
            assert isinstance(opened(url).send(MESSAGE, uid="d-1"), Sent)
        mails = sink.wait_for(len(urls))
    assert sink.recipients == [[mailbox] for mailbox in mailboxes]
    assert all(mailbox in mail["To"] for mailbox, mail in zip(mailboxes, mails, strict=True))
    assert {(mail["From"].addresses[0].addr_spec, mail["List-Id"]) for mail in mails} == {("watch@example.org", "news")}
    assert all(mail["Cc"] is None and mail["Bcc"] is None for mail in mails)


def test_each_keeps_its_name_and_the_login() -> None:
    url = f"mailtos://me:{SECRET}%40%2F@smtp.example.org:2525?from=a@example.org&to=%22Sari,%20Ana%22%20%3Cb@example.org%3E,c@example.org&mode=ssl"
    head = f"mailtos://me:{SECRET}%40%2F@smtp.example.org:2525?from=a@example.org&mode=ssl&to="
    assert recipients_of(url) == (
        f"{head}%22Sari%2C%20Ana%22%20%3Cb%40example.org%3E",
        f"{head}c%40example.org",
    )


@pytest.mark.parametrize(
    ("named", "chats"),
    [
        ("/111/222", {(111, None), (222, None)}),
        ("/111?to=222,@berita_x", {(111, None), (222, None), ("@berita_x", None)}),
        ("/111:5/-100222?topic=3", {(111, 5), (-100222, 3)}),
        ("/111/111", {(111, None)}),
        ("/111", {(111, None)}),
    ],
)
def test_several_telegram_chats_are_told_one_by_one(named: str, chats: set[tuple[int | str, int | None]]) -> None:
    with Sink(TELEGRAM) as sink:
        for url in recipients_of(BOT + named + ("&" if "?" in named else "?") + "silent=yes"):
            assert isinstance(sink.pointed(opened(url)).send(MESSAGE, uid="d-1"), Sent)
    told = [(posted["chat_id"], posted.get("message_thread_id")) for posted in sink.posted]
    assert len(told) == len(chats)
    assert set(told) == chats
    assert all(posted["disable_notification"] for posted in sink.posted)


@pytest.mark.parametrize(
    "url", ["console", "json://127.0.0.1:8080/x", f"{BOT}/1", f"{BOT}/", "ntfy://127.0.0.1/berita"]
)
def test_one_recipient_stays_as_it_is_written(url: str) -> None:
    assert recipients_of(url) == (url,)


@pytest.mark.parametrize(
    "url",
    [
        f"ntfy://{SECRET}@127.0.0.1/a/b",
        f"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOX{SECRET[:8]}/%23a/%23b",
        f"{BOT}/1/%23",
        f"mailto://me:{SECRET}@h.example.org?from=a@example.org&to=b@example.org,nobody",
        f"nope://{SECRET}",
    ],
)
def test_what_cannot_be_taken_apart_is_said_without_the_secret(url: str) -> None:
    with pytest.raises(ChannelError) as said:
        recipients_of(url)
    assert str(said.value) == problem_with(url)
    assert SECRET not in str(said.value)
    assert "Traceback" not in str(said.value)


@pytest.mark.parametrize("url", [f"{BOT}/1/2", "mailto://h.example.org?from=a@example.org&to=b@x.org,c@x.org"])
def test_several_are_never_told_through_one_channel(url: str) -> None:
    assert problem_with(url) is None
    with pytest.raises(MonitorError, match="2 recipients"), ExitStack() as stack:
        stack.callback(opened(url).close)
