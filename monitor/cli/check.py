"""`check`: can this configuration be used? All that is wrong at once, each with its place."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from monitor.app import utc_now
from monitor.app.configuration import Configuration, configuration
from monitor.cli.common import STANDARD, Config, Json, counted, database_to_look_at, say, say_json
from monitor.errors import ConfigError, Problem


def check(
    config: Config = STANDARD,
    json: Json = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="What the edit changes: stories that each topic finds now.")
    ] = False,
    since: Annotated[str, typer.Option(metavar="30d", help="With --diff: how far back.")] = "30d",
) -> None:
    try:
        usable = configuration(config, environ=os.environ, now=utc_now())
    except ConfigError as error:
        _show(error.problems, severity="error", json=json)
        raise typer.Exit(2) from None
    _show((*usable.warnings, *_unknown(usable)), severity="warning", json=json)
    if not json:
        say(_in_words(usable))
    if diff:
        from monitor.cli.changes import show_differences  # it looks into the database, which takes its time to load

        show_differences(usable, since, json=json)


def _unknown(usable: Configuration) -> tuple[Problem, ...]:
    """Addresses under `like` of which the archive has no article yet."""
    if not usable.unknown:
        return ()
    from monitor.work.archived import as_archived  # it loads the store: 0.3 s

    with closing(database_to_look_at(usable.settings)) as database:
        like = database.read(as_archived, usable.settings.topics)
    return tuple(usable.unknown[topic.name, sample.item] for topic, sample in like.unknown())


def _show(problems: tuple[Problem, ...], *, severity: str, json: bool) -> None:
    for problem in problems:
        if json:
            say_json({"severity": severity, **asdict(problem)})
        else:
            print(problem, file=sys.stderr)  # noqa: T201  # where errors go
    if problems and severity == "error" and not json:
        print(counted(len(problems), "error"), file=sys.stderr)  # noqa: T201  # likewise


def _in_words(configuration: Configuration) -> str:
    settings = configuration.settings
    counts = (
        counted(len(settings.feeds), "feed"),
        counted(len(settings.topics), "topic"),
        counted(len(settings.channels), "channel"),
    )
    return f"ok: {', '.join(counts)}"
