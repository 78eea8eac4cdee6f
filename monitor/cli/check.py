"""`check`: can this configuration be used? All that is wrong at once, each with its place."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict

import typer

from monitor import app
from monitor.cli.common import STANDARD, Config, Json, say, say_json
from monitor.errors import ConfigError, Problem


def check(config: Config = STANDARD, json: Json = False) -> None:
    """Read the configuration and the topics' own examples, and say what is wrong."""
    try:
        configuration = app.configuration(config, environ=os.environ)
    except ConfigError as error:
        _show(error.problems, severity="error", json=json)
        raise typer.Exit(2) from None
    _show(configuration.warnings, severity="warning", json=json)
    if not json:
        say(_in_words(configuration))


def _show(problems: tuple[Problem, ...], *, severity: str, json: bool) -> None:
    for problem in problems:
        if json:
            say_json({"severity": severity, **asdict(problem)})
        else:
            print(problem, file=sys.stderr)  # noqa: T201  # where errors go
    if problems and severity == "error" and not json:
        count = len(problems)
        print(f"{count} error{'s' if count > 1 else ''}", file=sys.stderr)  # noqa: T201  # likewise


def _in_words(configuration: app.Configuration) -> str:
    settings = configuration.settings
    counts = (
        _count(len(settings.feeds), "feed"),
        _count(len(settings.topics), "topic"),
        _count(len(settings.channels), "channel"),
    )
    return f"ok: {', '.join(counts)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


COMMANDS = (check,)
