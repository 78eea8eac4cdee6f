"""The configuration as a whole: read, and verified by the rooms that will work with it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from monitor.config import Loaded, load
from monitor.errors import Problem
from monitor.notify.channel import problem_with, recipients_of
from monitor.settings import Settings
from monitor.topics.aliases import TopicError
from monitor.topics.watchlist import Watchlist, compile_all, failed_examples

ANY_CHANNEL: Final = "write console, or an Apprise URL such as tgram://TOKEN/CHAT or mailtos://…"
ANOTHER_NAME: Final = "give this channel another name"
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
    settings = with_single_recipients(loaded.settings)
    return Configuration(
        settings,
        Watchlist.compile(settings.topics, settings.aliases),
        loaded.warnings,
        file=file_of(path),
        looked_at=loaded.looked_at,
    )


def file_of(path: Path) -> str:
    """What the file is known by, to a daemon and to whoever looks."""
    return str(path.parent.resolve() / path.name)


def with_single_recipients(settings: Settings) -> Settings:
    """A channel is one recipient, so that a message that reached one of two is not sent again to both.

    The first of several keeps the channel's name; the others are told whenever it is, but as a fallback.
    """
    urls = {channel.name: recipients_of(channel.url.get_secret_value()) for channel in settings.channels}
    if all(len(each) == 1 for each in urls.values()):
        return settings
    names = {name: (name, *(f"{name} ({place})" for place in range(2, len(each) + 1))) for name, each in urls.items()}

    def spread(channels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(single for name in channels for single in names[name])

    singles = [
        channel.model_copy(update={"name": name, "url": SecretStr(url)})
        for channel in settings.channels
        for name, url in zip(names[channel.name], urls[channel.name], strict=True)
    ]
    topics = [topic.model_copy(update={"channels": spread(topic.channels)}) for topic in settings.topics]
    return settings.model_copy(
        update={"channels": tuple(singles), "topics": tuple(topics), "ops": spread(settings.ops)}
    )


def problems_of(loaded: Loaded) -> list[Problem]:
    """Queries that can't be read, channels that can't be used, examples that a topic does not keep."""
    settings = loaded.settings
    watchlist, errors = compile_all(settings.topics, settings.aliases)
    problems = [_query_problem(loaded, place, error) for place, error in errors]
    for channel in settings.channels:
        if said := problem_with(channel.url.get_secret_value()):
            what, hint = (*re.split("[:;] ", said, maxsplit=1), ANY_CHANNEL)[:2]
            problems.append(loaded.problem(("channels", channel.name, "url"), what, hint))
    problems += _taken_names(loaded)
    return [*problems, *_example_problems(loaded, watchlist, unread={place for place, _ in errors})]


def _taken_names(loaded: Loaded) -> list[Problem]:
    """The second recipient of a channel is called so."""
    channels = {channel.name: channel for channel in loaded.settings.channels}
    problems = []
    for name, channel in channels.items():
        url = channel.url.get_secret_value()
        several = () if problem_with(url) else recipients_of(url)
        taken = {f"{name} ({place})" for place in range(2, len(several) + 1)} & channels.keys()
        problems += [
            loaded.problem(("channels", each), f"this is what a further recipient of '{name}' is called", ANOTHER_NAME)
            for each in sorted(taken)
        ]
    return problems


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
