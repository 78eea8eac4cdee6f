"""What the rooms say of settings: can they work with them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.config import Loaded
from monitor.errors import Problem
from monitor.notify.channel import problem_with, recipients_of
from monitor.settings import AlertPolicy, Topic
from monitor.topics.aliases import TopicError
from monitor.topics.examples import failed_examples
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.work.like import Like

ANY_CHANNEL: Final = "write console, atom, or an Apprise URL such as tgram://TOKEN/CHAT or mailtos://…"
ANOTHER_NAME: Final = "give this channel another name"


@dataclass(frozen=True, slots=True)
class Verdict:
    loaded: Loaded
    compiled: Watchlist  # the topics that can be read
    bad: Mapping[int, tuple[Problem, ...]]  # by their place, topics that can't be read or don't keep their examples
    others: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.others, *(problem for problems in self.bad.values() for problem in problems))

    @property
    def bad_topics(self) -> Mapping[int, tuple[Problem, ...]]:
        """Also those of which not even the settings could all be read."""
        misread = self.loaded.misread
        places = sorted({*misread, *self.bad})
        return {place: (*misread.get(place, ()), *self.bad.get(place, ())) for place in places}

    def is_all_about_topics(self, problems: Iterable[Problem]) -> bool:
        """Is nothing else wrong than what is said of topics here?"""
        return set(problems) <= {problem for problems in self.bad_topics.values() for problem in problems}


def verdict_of(loaded: Loaded, known: Sequence[Topic] = (), previous: Watchlist | None = None) -> Verdict:
    """Queries that can't be read, channels that can't be used, examples that a topic does not keep.

    `known` topics are in force, as `previous` has them: one that did not change is neither read again nor tried.
    """
    settings = loaded.settings
    watchlist, errors = compile_all(settings.topics, Vocabulary.of(settings), previous=previous)
    watchlist = watchlist.comparing(Like(settings.topics))
    tried = {topic.name: topic for topic in known}
    bad: dict[int, list[Problem]] = {}
    others: list[Problem] = []
    for place, error in errors:
        found = others if place is None else bad.setdefault(place, [])
        found.append(_query_problem(loaded, place, error))
    for place, topic in enumerate(settings.topics):
        if place in bad or _is_known(topic, tried, watchlist, previous):
            continue
        if failed := list(_example_problems(loaded, place, topic, watchlist)):
            bad[place] = failed
    others += [*_unusable_channels(loaded), *_taken_names(loaded), *_unreadable_silences(loaded, watchlist)]
    return Verdict(loaded, watchlist, {place: tuple(bad[place]) for place in sorted(bad)}, tuple(others))


def _is_known(topic: Topic, known: Mapping[str, Topic], watchlist: Watchlist, previous: Watchlist | None) -> bool:
    """Neither it nor what its words mean has changed."""
    if previous is None or known.get(topic.name) != topic:
        return False
    return watchlist.watch(topic.name) is previous.watch(topic.name)


def _unusable_channels(loaded: Loaded) -> Iterator[Problem]:
    for channel in loaded.settings.channels:
        if said := problem_with(channel.url.get_secret_value()):
            what, hint = (*re.split("[:;] ", said, maxsplit=1), ANY_CHANNEL)[:2]
            yield loaded.problem(("channels", channel.name, "url"), what, hint)


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


def _unreadable_silences(loaded: Loaded, watchlist: Watchlist) -> Iterator[Problem]:
    settings = loaded.settings
    asked = {place: each.words for place, each in enumerate(settings.silences) if each.words is not None}
    queries = [
        Topic(name="", query=words, language=settings.language, channels=(), policy=AlertPolicy())
        for words in asked.values()
    ]
    _, errors = compile_all(queries, Vocabulary.of(settings), previous=watchlist)
    places = tuple(asked)
    for number, error in errors:
        if number is not None:  # what is wrong with aliases is told with the topics
            path = ("silences", places[number], "words")
            yield loaded.problem(path, error.what, error.hint, offset=error.column - 1)


def _query_problem(loaded: Loaded, topic: int | None, error: TopicError) -> Problem:
    path = error.path if topic is None else ("topics", topic, *error.path)
    return loaded.problem(path, error.what, error.hint, offset=error.column - 1)


def _example_problems(loaded: Loaded, place: int, topic: Topic, watchlist: Watchlist) -> Iterator[Problem]:
    if any(sample.key for sample in topic.like):  # what is like an article at an address only the archive can tell
        return
    for failed in failed_examples(topic, watchlist):
        path = ("topics", place, "examples", failed.kind, failed.place)
        yield loaded.problem(path, failed.what, failed.hint)
