"""A command loads what it needs and no more: an edit is checked at once, and a container asks for health all day."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli import COMMANDS, main
from tests.cli.conftest import SMALL

HEAVY = frozenset({
    "alembic", "anyio", "apprise", "apscheduler", "asyncio", "feedparser", "aiohttp", "httpx", "jinja2", "lxml",
    "prometheus_client", "requests", "rich", "sqlalchemy", "sqlmodel", "starlette", "structlog", "trafilatura", "uvicorn",
    "watchfiles",
})  # fmt: skip
LAVROV = "seeds/003_bf961051b976ab37.txt"


def loaded(home: Path, *arguments: str) -> frozenset[str]:
    """The packages that the command loads as a process of its own."""
    command = [sys.executable, "-X", "importtime", "-m", "monitor", *arguments]
    ended = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    lines = [line.rpartition("|")[2].strip() for line in ended.stderr.splitlines() if line.startswith("import time:")]
    assert "Traceback" not in ended.stderr
    return frozenset(name.partition(".")[0] for name in lines)


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("check",), ("check", "--help"), ("health",), ("match", LAVROV), ("nonsense",)],
    ids=" ".join,
)
def test_a_quick_command_loads_nothing_heavy(home: Path, arguments: tuple[str, ...]) -> None:
    assert loaded(home, *arguments) & HEAVY == set()


def test_only_a_channel_that_needs_apprise_loads_it(home: Path) -> None:
    (home / "config.yaml").write_text(SMALL.replace("{terminal: console}", "{terminal: 'json://127.0.0.1:9'}"))
    found = loaded(home, "check")
    assert "apprise" in found
    assert found & {"sqlalchemy", "httpx", "feedparser", "structlog"} == set()


def test_the_help_lists_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    for line, (_, does) in zip(listed, COMMANDS.values(), strict=True):
        said = line.strip().partition("  ")[2].strip().removesuffix("...")
        assert said
        assert does.startswith(said)


def test_a_misspelt_command_is_guessed_also_where_it_is_not_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stauts"]) == 2
    assert "Did you mean 'status'?" in capsys.readouterr().err
