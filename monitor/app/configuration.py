"""The configuration as a whole: read, and verified by the rooms that will work with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config import Loaded, load
from monitor.errors import Problem
from monitor.notify.channel import problem_with
from monitor.settings import Settings
from monitor.topics.aliases import TopicError
from monitor.topics.watchlist import Watchlist, compile_all, failed_examples

ANY_CHANNEL: Final = "write console, or an Apprise URL such as tgram://TOKEN/CHAT or mailtos://…"
OR_THE_EXAMPLE: Final = "change what the topic looks for, or the example"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings that were verified as a whole, with what is worth a warning."""

    settings: Settings
    watchlist: Watchlist
    warnings: tuple[Problem, ...] = ()
    file: str = ""  # where it stands
    looked_at: tuple[str, ...] = ()  # what the reading depended on (config/files.py)


def configuration(path: Path, *, environ: Mapping[str, str] = os.environ) -> Configuration:
    """Read it and ask the rooms whether they can work with it; every problem at once, each at its place."""
    loaded = load(path, environ=environ, verify=problems_of)
    settings = loaded.settings
    return Configuration(
        settings,
        Watchlist.compile(settings.topics, settings.aliases),
        loaded.warnings,
        file=str(path.absolute()),
        looked_at=loaded.looked_at,
    )


def problems_of(loaded: Loaded) -> list[Problem]:
    """Queries that can't be read, channels that can't be used, examples that a topic does not keep."""
    settings = loaded.settings
    watchlist, errors = compile_all(settings.topics, settings.aliases)
    problems = [_query_problem(loaded, place, error) for place, error in errors]
    problems += [
        loaded.problem(("channels", channel.name, "url"), what, ANY_CHANNEL)
        for channel in settings.channels
        if (what := problem_with(channel.url.get_secret_value()))
    ]
    return [*problems, *_example_problems(loaded, watchlist, unread={place for place, _ in errors})]


def _query_problem(loaded: Loaded, topic: int | None, error: TopicError) -> Problem:
    path = error.path if topic is None else ("topics", topic, *error.path)
    return loaded.problem(path, error.what, error.hint, offset=error.column - 1)


def _example_problems(loaded: Loaded, watchlist: Watchlist, *, unread: set[int | None]) -> list[Problem]:
    return [
        loaded.problem(("topics", place, "examples", failed.kind, failed.place), failed.what, OR_THE_EXAMPLE)
        for place, topic in enumerate(loaded.settings.topics)
        if place not in unread
        for failed in failed_examples(topic, watchlist)
    ]
