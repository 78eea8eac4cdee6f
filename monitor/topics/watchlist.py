"""All topics, ready to be asked which of them an article concerns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from monitor.errors import UsageError
from monitor.model import Article, Match
from monitor.settings import Topic
from monitor.topics.aliases import Aliases, TopicError, compile_aliases
from monitor.topics.evaluate import Clause, Part, clauses_of, holds, look_for, needs, part_of
from monitor.topics.explain import explain
from monitor.topics.query import of_topic
from monitor.topics.tree import Query

_NO_STEMS: Final = "none"


@dataclass(frozen=True, slots=True)
class Watch:
    """A topic's query with its words made ready."""

    topic: str
    query: Query
    language: str
    clauses: tuple[Clause, ...]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Watchlist:
    watches: tuple[Watch, ...] = ()

    @classmethod
    def compile(cls, topics: Sequence[Topic], aliases: Mapping[str, tuple[str, ...]]) -> Watchlist:
        """Raises `TopicError` for the first thing wrong; `compile_all` gives all."""
        watchlist, errors = compile_all(topics, aliases)
        if errors:
            raise errors[0][1]
        return watchlist

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every topic that the article concerns, in the order of the topics."""
        return _match(self.watches, article.title, article.text)

    def match_text(self, topic: str, title: str, body: str) -> tuple[Match, ...]:
        watches = [watch for watch in self.watches if watch.topic == topic]
        if not watches:
            raise UsageError(f"there is no topic called {topic}")
        return _match(watches, title, body)


def compile_all(
    topics: Sequence[Topic], aliases: Mapping[str, tuple[str, ...]]
) -> tuple[Watchlist, tuple[tuple[int | None, TopicError], ...]]:
    """The topics that can be read, and what is wrong with the others: place of the topic (None: an alias) and error."""
    read, wrong = compile_aliases(aliases)
    errors: list[tuple[int | None, TopicError]] = [(None, error) for error in wrong]
    watches: list[Watch] = []
    for place, topic in enumerate(topics):
        try:
            watches.append(_watch(topic, read))
        except TopicError as error:
            errors.append((place, error))
    return Watchlist(tuple(watches)), tuple(errors)


def match_query(query: Query, article: Article, *, language: str = _NO_STEMS) -> Match | None:
    """Does a single query match? Its match names no topic."""
    return next(iter(_match([_watch_query("", query, language)], article.title, article.text)), None)


def _watch(topic: Topic, aliases: Aliases) -> Watch:
    return _watch_query(topic.name, of_topic(topic, aliases), topic.language)


def _watch_query(topic: str, query: Query, language: str) -> Watch:
    clauses = clauses_of(query, language)
    return Watch(topic, query, language, clauses, needs(query, {clause.leaf: clause.rows for clause in clauses}))


def _match(watches: Iterable[Watch], title: str, body: str) -> tuple[Match, ...]:
    parts: dict[str, tuple[Part, Part]] = {}  # by language: the words of an article are read once for all its topics
    matches: list[Match] = []
    for watch in watches:
        if watch.language not in parts:
            parts[watch.language] = (part_of("title", title, watch.language), part_of("body", body, watch.language))
        if match := _judge(watch, parts[watch.language]):
            matches.append(match)
    return tuple(matches)


def _judge(watch: Watch, parts: tuple[Part, Part]) -> Match | None:
    title, body = parts
    for need in watch.needs:
        if not any(word in title.words or word in body.words for word in need):
            return None
    found = {clause.leaf: look_for(clause, parts) for clause in watch.clauses}
    return explain(watch.topic, watch.clauses, parts, found) if holds(watch.query, found) else None


# -- a topic's own examples ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FailedExample:
    """A text that a topic's author thought would match, or not, and does otherwise."""

    kind: Literal["match", "no_match"]
    place: int  # in that list, from 0
    text: str
    what: str  # in words


def failed_examples(topic: Topic, watchlist: Watchlist) -> tuple[FailedExample, ...]:
    """The examples that the topic does not keep; each text is read as an article's body."""
    wrong = [
        FailedExample("match", place, text, f"“{topic.name}” should match this example, but does not")
        for place, text in enumerate(topic.examples.match)
        if not watchlist.match_text(topic.name, "", text)
    ]
    return tuple(wrong) + tuple(
        FailedExample("no_match", place, text, f"“{topic.name}” should not match this example, but does")
        for place, text in enumerate(topic.examples.no_match)
        if watchlist.match_text(topic.name, "", text)
    )
