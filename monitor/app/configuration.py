"""The configuration as a whole: read, and verified by the rooms that will work with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from monitor.app.verdict import Verdict, verdict_of
from monitor.config import Loaded, load
from monitor.errors import ConfigError, Problem
from monitor.notify.channel import recipients_of
from monitor.settings import Settings, Topic
from monitor.topics.watchlist import Watchlist
from monitor.work.like import FROM_THEN_ON, NOT_ARCHIVED, Like


@dataclass(frozen=True, slots=True)
class BadTopic:
    """A topic that can't be used as it stands."""

    name: str
    is_kept: bool  # its last good version is in force; else there was none, and it is left out
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings that were verified as a whole, with what is worth a warning."""

    settings: Settings
    watchlist: Watchlist
    warnings: tuple[Problem, ...] = ()
    file: str = ""  # where it stands
    looked_at: tuple[str, ...] = ()  # what the reading depended on (config/files.py)
    bad_topics: tuple[BadTopic, ...] = ()  # at a start there are none
    # What is to be said of an address under `like`, by topic and item, as long as the archive has no article of it.
    unknown: Mapping[tuple[str, int], Problem] = field(default_factory=dict)
    # For the next reading:
    topics: tuple[Topic, ...] = ()  # those in force, as they were before their channels became single recipients
    compiled: Watchlist | None = None  # every topic of the file that can be read, whether it is in force or not

    @property
    def good_topics(self) -> tuple[Topic, ...]:
        """Those in force as the file has them."""
        bad = {topic.name for topic in self.bad_topics}
        return tuple(topic for topic in self.topics if topic.name not in bad)

    def weighed(self, rarity: Callable[[str], float]) -> Configuration:
        """The same; topics are looked up by how rare their words are in the own stream."""
        if self.watchlist.rarity == rarity:
            return self
        watchlist = self.watchlist.weighed(rarity)
        return replace(
            self, watchlist=watchlist, compiled=watchlist if self.compiled is self.watchlist else self.compiled
        )


def configuration(
    path: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    running: Configuration | None = None,
    now: datetime | None = None,
) -> Configuration:
    """Read it and ask the rooms whether they can work with it; every problem at once, each at its place.

    `running` is what is in force: a topic that did not change is taken from there as it is, and of one that is wrong the
    last good version. Without it any mistake refuses the whole. `now`: whether to warn of what is over.
    """
    verdicts: list[Verdict] = []

    def verify(loaded: Loaded) -> tuple[Problem, ...]:
        verdicts.append(verdict_of(loaded, running.good_topics, running.compiled) if running else verdict_of(loaded))
        return verdicts[-1].problems

    try:
        load(path, environ=environ, verify=verify, now=now)
    except ConfigError as error:
        if running is None or not verdicts or not verdicts[-1].is_all_about_topics(error.problems):
            raise
        kept = _with_last_good(verdicts[-1], running, path)
        if not kept.topics or not all(topic.channels for topic in kept.topics):  # nothing watched, or nobody told
            raise
        return kept
    return _as_it_stands(verdicts[-1], path)


def _as_it_stands(verdict: Verdict, path: Path) -> Configuration:
    return _made(verdict, path, topics=verdict.loaded.settings.topics, watchlist=verdict.compiled)


def _with_last_good(verdict: Verdict, running: Configuration, path: Path) -> Configuration:
    """All of it, but of each bad topic the version that is in force."""
    settings = verdict.loaded.settings
    found = verdict.bad_topics
    last = {topic.name: topic for topic in running.topics}
    topics = [
        _rerouted(last[topic.name], topic, settings) if place in found else topic
        for place, topic in enumerate(settings.topics)
        if place not in found or topic.name in last
    ]
    bad = [
        BadTopic(settings.topics[place].name, settings.topics[place].name in last, problems)
        for place, problems in found.items()
    ]
    kept = frozenset(topic.name for topic in bad if topic.is_kept)
    watchlist = verdict.compiled.keeping(topics, kept, running.watchlist).comparing(Like(topics))
    return _made(verdict, path, topics=tuple(topics), watchlist=watchlist, bad=tuple(bad))


def _rerouted(last: Topic, wanted: Topic, settings: Settings) -> Topic:
    """What it names that left with this edit: a channel is told no more; if none is left, those that the edit wants for
    this topic are. Of feeds, one may have moved: then it looks where the edit wants this topic to.
    """
    channels = {channel.name for channel in settings.channels}
    left = tuple(name for name in last.channels if name in channels)
    named: dict[str, tuple[str, ...]] = {"channels": left or wanted.channels}
    if not {*last.feeds, *last.except_feeds} <= {feed.url for feed in settings.feeds}:
        # Where the edit names none, or none that is known, the topic must not look at all of them for that.
        named |= {"feeds": wanted.feeds or last.feeds, "except_feeds": wanted.except_feeds or last.except_feeds}
    return last.model_copy(update=named)


def _made(
    verdict: Verdict, path: Path, *, topics: tuple[Topic, ...], watchlist: Watchlist, bad: tuple[BadTopic, ...] = ()
) -> Configuration:
    loaded = verdict.loaded
    return Configuration(
        with_single_recipients(loaded.settings.model_copy(update={"topics": topics})),
        watchlist,
        loaded.warnings,
        file=file_of(path),
        looked_at=loaded.looked_at,
        bad_topics=bad,
        unknown=dict(_unknown(loaded)),
        topics=topics,
        compiled=verdict.compiled,
    )


def _unknown(loaded: Loaded) -> Iterator[tuple[tuple[str, int], Problem]]:
    for place, topic in enumerate(loaded.settings.topics):
        for sample in topic.like:
            if sample.key:
                path = ("topics", place, "like", sample.item)
                yield (topic.name, sample.item), loaded.problem(path, NOT_ARCHIVED, FROM_THEN_ON)


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
