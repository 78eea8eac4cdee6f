"""What the rooms find in a configuration is told at its place, in lines that fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from apprise.manager_plugins import NotificationManager

from monitor.app.configuration import configuration
from monitor.app.verdict import ANY_CHANNEL
from monitor.errors import ConfigError, Problem
from monitor.notify import address

LONGEST = 100


def problems(folder: Path, *urls: str) -> tuple[Problem, ...]:
    channels = "".join(f"  c{place}: {url}\n" for place, url in enumerate(urls))
    rest = "feeds: [https://news.example/rss]\ntopics: [Gempa]\nalerts: {channels: [c0]}\n"
    (folder / "config.yaml").write_text(f"channels:\n{channels}{rest}", "utf-8")
    with pytest.raises(ConfigError) as error:
        configuration(folder / "config.yaml", environ={})
    return error.value.problems


@pytest.mark.parametrize(
    ("url", "what", "hint"),
    [
        ("tgram://x", "this tgram address can't be used", "it should look like tgram://{bot_token}/{chat_id}"),
        ("telegram://1:ab/2", "'telegram' is not a service we know", "did you mean tgram://?"),
        ("windows://x", "windows:// does not work on this machine", ANY_CHANNEL),
        ("consol", "this address does not start with a service and ://", "did you mean console?"),
        ("phone", "this address does not start with a service and ://", ANY_CHANNEL),
        (
            "https://news.example/x",
            "this web address is no webhook that we know",
            "for one of your own write webhook:// or webhooks://",
        ),
    ],
)
def test_an_address_that_can_not_be_used_is_said_with_what_to_do(
    tmp_path: Path, url: str, what: str, hint: str
) -> None:
    (problem,) = problems(tmp_path, url)
    assert (problem.line, problem.column) == (2, 7)
    assert (problem.what, problem.hint) == (what, hint)


def test_what_is_said_of_any_service_fits_a_line(tmp_path: Path) -> None:
    assert address.OURS  # read, before Apprise reads all services: then Python grumbles about one of them no more
    schemes = NotificationManager().schemas()  # type: ignore[no-untyped-call]  # Apprise's own
    for problem in problems(tmp_path, *(f"{scheme}:///" for scheme in schemes)):
        lines = str(problem).replace(f"{tmp_path}/", "").splitlines()
        assert [line for line in lines if len(line) > LONGEST] == []
        assert "" not in (problem.what, problem.hint)
