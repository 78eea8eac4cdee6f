"""Which addresses can be a channel, and what is said of those that can't."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.notify.channel import problem_with

SECRET = "s3cretT0ken"


@pytest.mark.parametrize(
    "url",
    [
        "console",
        "json://127.0.0.1:8080/alerts",
        "jsons://example.org/alerts",
        "tgram://123456789:abcdefg_hijklmnop/12345",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7F",
        "https://ntfy.sh/berita",
        "mailtos://me:secret@smtp.example.org?from=watch@example.org&to=ana@example.org",
        "mailtos://ana:secret@gmail.com",
        "ntfys://ntfy.example.org/berita",
    ],
)
def test_these_can_be_channels(url: str) -> None:
    assert problem_with(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"nope://{SECRET}", "'nope' is not a service we know"),
        (SECRET, "does not start with a service and ://"),
        ("", "does not start with a service and ://"),
        (f"tgram://{SECRET}/1", "it should look like tgram://{bot_token}/{chat_id}"),
        (f"mailto://me:{SECRET}@h.example.org?from=a@example.org&to=nobody", "no recipient"),
        (f"mailto://me:{SECRET}@h.example.org?from=a@example.org&to=nobody&bcc=b@example.org", "one of the recipients"),
        (f"mailto://me:{SECRET}@h.example.org/b@example.org/nobody?from=a@example.org", "one of the recipients"),
        (f"tgram://123456789:{SECRET}_hijklmnop/1/sp%C3%A4ti", "one of the recipients"),
        (f"mailto://{SECRET}", "?from={sender}&to={recipient}"),
        (f"https://example.org/{SECRET}", "write webhook:// or webhooks://"),
        (f"json://example.org:99999/{SECRET}", "no port 99999"),
        (f"ntfy://example.org/{SECRET}/b", "2 recipients"),
        (f"json://[::1/{SECRET}", "this json address can't be used"),
        (f"telegram://{SECRET}/1", "did you mean tgram://?"),
        (f"discrod://{SECRET}/1", "did you mean discord://?"),
        (f"windows://{SECRET}", "windows:// does not work on this machine"),
        (f"ses://{SECRET}", "see https://"),
    ],
)
def test_what_is_wrong_is_said_without_the_secret(url: str, words: str) -> None:
    problem = problem_with(url)
    assert problem is not None
    assert words in problem
    assert SECRET not in problem
    assert "\n" not in problem


@pytest.mark.parametrize("url", ["consol", "Console", "cosnole", "console://", "konsole", "CONSOLE "])
def test_a_misspelt_console_is_guessed(url: str) -> None:
    assert str(problem_with(url)).endswith("; did you mean console?")


@pytest.mark.parametrize("url", ["", SECRET, "json://[::1", "nope://x", "slack"])
def test_nothing_else_is_taken_for_the_console(url: str) -> None:
    assert "console" not in str(problem_with(url))


schemes = st.sampled_from(["json", "tgram", "mailto", "discord", "slack", "ntfy", "https", "x", ""])


@given(scheme=schemes, rest=st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_there_is_an_answer(scheme: str, rest: str) -> None:
    problem = problem_with(f"{scheme}://{rest}")
    assert problem is None or "\n" not in problem


def test_who_only_prints_does_not_pay_for_the_other_channels() -> None:
    lines = (
        "import sys, io",
        "from pydantic import SecretStr",
        "from monitor.notify.channel import open_channel, problem_with",
        "from monitor.settings import Channel",
        "open_channel(Channel(name='t', url=SecretStr('console')), console=io.StringIO())",
        "problem_with('console')",
        "sys.exit('apprise' in sys.modules or 'requests' in sys.modules)",
    )
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], check=False).returncode == 0
