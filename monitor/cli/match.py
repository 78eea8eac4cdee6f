"""`match`: which of these text files concern a topic, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.app.configuration import Configuration
from monitor.cli.common import (
    STANDARD,
    Config,
    Json,
    as_looked_at,
    evidence_as_json,
    marked,
    named,
    read_or_defaults,
    say,
    say_json,
)
from monitor.errors import ParseError, QueryError, UsageError
from monitor.model import Article, Match
from monitor.parse import textfile
from monitor.settings import AlertPolicy, Settings, Topic
from monitor.topics.asked import Asked, asked, decided, tree
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all

ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # no rule looks at it here
NAMED = 20  # topics
QUERY = ""  # the name of the topic that --query stands for; no configured one can have it


def match(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Articles in text form; - is standard input.")],
    config: Config = STANDARD,
    json: Json = False,
    query: Annotated[str | None, typer.Option(help="A query, as in a topic.")] = None,
    topic: Annotated[str | None, typer.Option(help="One topic of the configuration; without either, all.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the query; else the configuration's.")] = None,
) -> None:
    if query is not None and topic is not None:
        raise UsageError("give --query or --topic, not both")
    if language is not None and query is None:
        raise UsageError("--language goes with --query")
    configuration = as_looked_at(read_or_defaults(config))
    topics = _topics(configuration.settings, query, topic, language)
    watchlist = _watchlist(topics, configuration)
    found = [_show(file, article, watchlist, topics, json=json) for file, article in _articles(files)]
    if not any(found):
        raise typer.Exit(1)


def _topics(settings: Settings, query: str | None, topic: str | None, language: str | None) -> list[Topic]:
    """Those that are asked. A file comes from no feed, so it is none that a topic leaves out."""
    if query is not None:
        asked_in = language or settings.language
        return [Topic(name=QUERY, query=query, language=asked_in, channels=(), policy=AlertPolicy())]
    names = [each.name for each in settings.topics]
    if topic is not None and topic not in names:
        raise UsageError(f"there is no topic named '{topic}'; there is {named(names, most=NAMED) or 'none'}")
    topics = [each for each in settings.topics if topic in {None, each.name}]
    if not topics:
        raise UsageError("there is no topic to match; give --query, or -c with a configuration that has topics")
    return [each.model_copy(update={"feeds": ()}) if each.feeds else each for each in topics]


def _watchlist(topics: Sequence[Topic], configuration: Configuration) -> Watchlist:
    vocabulary = Vocabulary.of(configuration.settings)
    watchlist, errors = compile_all(topics, vocabulary, previous=configuration.watchlist)
    for _, error in errors:
        raise UsageError(_pointed(topics[0].query or "", error))
    return watchlist


def _pointed(query: str, error: QueryError) -> str:
    """One line that says where: in a query of one line a column is enough."""
    hint = f"; {error.hint}" if error.hint else ""
    return f"the query can't be read: {error.what} at column {error.column} of {query!r}{hint}"


def _articles(files: Sequence[str]) -> Iterator[tuple[str, Article]]:
    for file in files:
        yield file, _article(file)


def _article(file: str) -> Article:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = textfile.read(content, Path(file).name)
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}") from None
    except ParseError as error:
        raise UsageError(f"{file} can't be read: {error}") from None
    return Article(
        key=text.key,
        url="",  # the name of a file is no address in which `url:` may look
        title=text.title,
        text=text.text,
        first_seen_at=ANY_TIME,
        outlet="",
        feed="",
        content_hash="",
    )


def _show(file: str, article: Article, watchlist: Watchlist, topics: Sequence[Topic], *, json: bool) -> bool:
    by_topic = {match.topic: match for match in watchlist.match(article)}
    for topic in topics:
        found = by_topic.get(topic.name)
        if json:
            say_json(_as_json(file, topic.name, found))
        elif found:
            say(_in_words(file, topic.name, found))
    if not by_topic and not json:
        why = asked(watchlist, topics[0], article) if len(topics) == 1 else None
        say(_missed(file, why))
    return bool(by_topic)


def _missed(file: str, why: Asked | None) -> str:
    """Of a single topic, or query, the clause that decided, and all of them."""
    if why is None:
        return f"{file}: no match"
    return "\n".join((f"{file}: no match: {decided(why)}", *(f"    {line}" for line in tree(why))))


def _as_json(file: str, name: str, match: Match | None) -> dict[str, object]:
    return {
        "file": file,
        "topic": name if name != QUERY else None,
        "matched": match is not None,
        "score": match.score if match else 0,
        "evidence": [evidence_as_json(found) for found in (match.evidence if match else ())],
    }


def _in_words(file: str, name: str, match: Match) -> str:
    heading = f"{file}: {name or 'the query'} (score {match.score})"
    return "\n".join(
        (
            heading,
            *(f"    {found.term} in the {found.field}: {marked(found)}" for found in match.evidence),
        )
    )
