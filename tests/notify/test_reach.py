"""Whether a channel can be reached is told without sending anything through it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from monitor.notify.channel import reach
from monitor.notify.reach import Reach, Reached, Unreached, Untried
from monitor.settings import Channel
from tests.sinks import JsonSink, MailSink


def reached(url: str) -> Reach:
    return reach(Channel(name="kanal", url=SecretStr(url)))


@pytest.fixture
def closed() -> Iterator[int]:
    """A port where nobody listens."""
    with socket.socket() as taken:  # bound and not listening: nobody else gets it meanwhile
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


@pytest.mark.parametrize("scheme", ["json", "webhook", "ntfy"])
def test_a_service_is_reached_and_hears_nothing(scheme: str) -> None:
    with JsonSink() as sink:
        place = sink.channel.partition("://")[2]
        assert reached(f"{scheme}://{place}") == Reached("its server answers")
        assert sink.tries == []


@pytest.mark.parametrize("scheme", ["json", "webhook", "ntfy", "mailto"])
def test_a_closed_port_is_told(scheme: str, closed: int) -> None:
    found = reached(f"{scheme}://127.0.0.1:{closed}/rahasia?from=a@example.org&to=b@example.org")
    assert isinstance(found, Unreached)
    assert "refused" in found.why
    assert "rahasia" not in found.why


def test_a_name_that_nobody_knows_is_told() -> None:
    assert reached("jsons://tidak-ada.invalid/rahasia") == Unreached("the server's name is not known")


def test_who_does_not_speak_tls_is_told() -> None:
    with JsonSink() as sink:
        assert reached(sink.channel.replace("json://", "jsons://")) == Unreached("no secure connection")


def test_a_mail_server_is_reached_as_far_as_the_login() -> None:
    with MailSink(password="benar") as sink:
        right = sink.channel.replace("mailto://", "mailto://ana:benar@")
        wrong = sink.channel.replace("mailto://", "mailto://ana:rahasia@")
        assert reached(right) == Reached("its server took the login")
        found = reached(wrong)
        assert isinstance(found, Unreached)
        assert found.why.startswith("the mail server said 535")
        assert "rahasia" not in found.why
        assert sink.messages == []


def test_a_mail_server_without_a_login_is_reached() -> None:
    with MailSink() as sink:
        assert reached(sink.channel) == Reached("its server answers")
        assert sink.messages == []


def test_behind_a_proxy_it_is_the_proxy_that_must_answer(closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with JsonSink() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert reached("tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/-100123456") == Reached(
            "its proxy answers"
        )
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed}")
        assert reached(
            "discord://417429632418316298/JHZ7lQml277CDHmQKMHI8qBe7bk2ZwO5UKjCiOAF7711o33MyqU344Qpgv7YTpadV_js"
        ) == (Unreached("its proxy: connection refused"))


def test_what_does_without_http_is_not_tried() -> None:
    assert reached("rsyslog://127.0.0.1:1") == Untried()


def test_what_is_built_in_is_always_there() -> None:
    assert [reached(url) for url in ("console", "atom")] == [Reached("built in")] * 2
