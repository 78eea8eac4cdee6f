"""What is filled in for ${…} arrives whole, and is never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.config import Loaded, parse
from monitor.errors import ConfigError

REST = """
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [phone]}
"""


def loaded(url: str, **environ: str) -> Loaded:
    return parse(f"channels:\n  phone: {url}\n{REST}".encode(), path=Path("config.yaml"), environ=environ)


def url_of(url: str, **environ: str) -> str:
    return loaded(url, **environ).settings.channels[0].url.get_secret_value()


@pytest.mark.parametrize(
    ("written", "arrives"),
    [
        ("tgram://${TOKEN}/${CHAT}", "tgram://12%3Aa%2Fb%40c/7"),
        ("${URL}", "json://ana:p@ss@host/x"),
        ("${URL}?format=text", "json://ana:p@ss@host/x?format=text"),
        ("json://${HOST:-localhost}/", "json://localhost/"),
        ("${HOST:-json://localhost:8000/a}", "json://localhost:8000/a"),
        ("json://${EMPTY:-a b}/", "json://a%20b/"),
        ("json://host/$${TOKEN}", "json://host/${TOKEN}"),
        ("json://host/a$TOKEN/$b", "json://host/a$TOKEN/$b"),
        ("'json://${CHAT}'", "json://7"),
    ],
)
def test_secrets_are_filled_in(written: str, arrives: str) -> None:
    found = url_of(written, TOKEN="12:a/b@c", CHAT="7", URL="json://ana:p@ss@host/x", EMPTY="")
    assert found == arrives


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("tgram://12:ab/7\r\n", "utf-8")
    assert url_of(f"${{file:{tmp_path / 'url'}}}") == "tgram://12:ab/7"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 100_000], ids=["no text", "too long"])
def test_a_secret_file_that_holds_no_secret_is_said_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "url").write_bytes(content)
    with pytest.raises(ConfigError, match="this file"):
        loaded(f"${{file:{tmp_path / 'url'}}}")


@pytest.mark.parametrize("content", ["", "\n", " \n"])
def test_an_empty_secret_file_is_refused_as_an_empty_variable_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "url").write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="this file is empty"):
        loaded(f"tgram://12:ab/${{file:{tmp_path / 'url'}}}")


@pytest.mark.parametrize("content", ["json://127.0.0.1\nmore\n", "\njson://127.0.0.1", "json://127.0.0.1\rmore"])
def test_a_secret_file_of_several_lines_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "url").write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="this file holds several lines"):
        loaded(f"${{file:{tmp_path / 'url'}}}")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), "/dev/zero"):
        with pytest.raises(ConfigError, match=r"this is no file\n"):
            loaded(f"${{file:{name}}}")
    with pytest.raises(ConfigError, match="this is a folder"):
        loaded(f"${{file:{tmp_path}}}")


def test_names_are_never_filled_in() -> None:
    text = "channels:\n  phone: console\naliases:\n  ${NAME}: [x]\n" + REST
    assert "${NAME}" in parse(text.encode(), path=Path("config.yaml"), environ={"NAME": "y"}).settings.aliases


def test_a_comment_needs_no_variable() -> None:
    assert url_of("console   # or ${SLACK_URL}") == "console"


def test_a_password_keeps_its_blanks() -> None:
    text = "channels: {phone: console}\nweb: {password: '${WORD}'}\n" + REST
    password = parse(text.encode(), path=Path("config.yaml"), environ={"WORD": " a b "}).settings.web.password
    assert password is not None
    assert password.get_secret_value() == " a b "


@pytest.mark.parametrize(
    "section",
    [
        "timezone: ${X}",
        "language: ${X}!",
        "engine: ${X}",
        "aliases: {a: ${X}}",
        "storage: {url: '${X}', keep: '${X}'}",
        "web: {listen: '${X}:99999', url: '${X}'}",
        "alerts: {channels: ['${X}'], wait: '${X}', follow_up: '${X}', limit: '${X}', max_age: '${X}'}",
        "alerts: {channels: [phone], quiet_hours: [{from: '${X}', to: '${X}', then: '${X}'}]}",
        "feeds: ['${X}', 'http://${X}:x/', {url: 'https://a.example', headers: {A: '${X}é'}, backlog: '${X}'}]",
        "topics: [{name: '${X}'}, {name: '${X}', within: '${X}', urgent: '${X}', channels: ['${X}']}]",
        "channels: {phone: {url: 'json://${X}', limit: '${X}', send: 'daily ${X}', fallback: '${X}'}}",
    ],
)
def test_no_message_shows_what_was_filled_in(section: str) -> None:
    name = section.partition(":")[0]
    base = "channels: {phone: console}\n" + REST
    rest = "\n".join(line for line in base.splitlines() if line.partition(":")[0] != name)
    with pytest.raises(ConfigError) as error:
        parse(f"{section}\n{rest}".encode(), path=Path("config.yaml"), environ={"X": "5hunter2"})
    assert "hunter2" not in str(error.value) + repr(error.value.problems)


def test_a_variable_that_is_no_text_is_said_in_words() -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        loaded("json://${X}", X="\udcff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        loaded("${X}", X="\udcff")
