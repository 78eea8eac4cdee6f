"""The topics of an article, as `explain` shows them: those that matched, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.app.configuration import Configuration
from monitor.cli.common import marked, named
from monitor.model import Article, Match
from monitor.topics.asked import Asked, all_asked, closest_first, decided, tree, with_nearest

NAMED: Final = 8  # topics and outlets, before "and so many more"
CLOSEST: Final = 3  # topics that did not match, of which all clauses are shown
CLAUSES: Final = 20  # lines of a topic's query
PASSAGES: Final = 3  # of a topic


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of an article: those that it matched when it came, and what today's configuration says."""

    matched: tuple[Match, ...] = ()
    others: tuple[Asked, ...] = ()  # of the configuration, without a match; what came closest first
    today: Mapping[str, Asked] = field(default_factory=dict)  # all of the configuration, by name

    @property
    def only_now(self) -> tuple[str, ...]:
        """Of the others, those that would match today."""
        return tuple(each.topic.name for each in self.others if each.account.is_match)


def topics_of(
    article: Article, matches: tuple[Match, ...], configuration: Configuration, *, only: str | None = None
) -> Topics:
    """With what comes closest to what the others miss. `only` this topic, if one is named."""
    watchlist = configuration.watchlist
    asked = [each for each in all_asked(watchlist, article) if only in {None, each.topic.name}]
    matches = tuple(match for match in matches if only in {None, match.topic})
    matched = {match.topic for match in matches}
    of_matched = [each for each in asked if each.topic.name in matched]
    others = closest_first([each for each in asked if each.topic.name not in matched])
    found = with_nearest(watchlist, (*others, *of_matched))
    return Topics(matches, found[: len(others)], {each.topic.name: each for each in found})


def topic_lines(topics: Topics, *, is_one: bool = False) -> Iterator[str]:
    """Of the one that was asked for all clauses."""
    most = None if is_one else CLAUSES
    if not topics.matched and not is_one:
        yield "none matched, so nobody was to be told"
    for match in topics.matched:
        yield from _matched(match, topics.today.get(match.topic), most)
    if (others := [each.topic.name for each in topics.others]) and not is_one:
        did_not = "1 topic did not match" if len(others) == 1 else f"{len(others)} topics did not match"
        yield f"{did_not}: {named(others, most=NAMED)}"
    for each in topics.others[:CLOSEST]:
        yield f"{each.topic.name}: {'would match today, as ' if each.account.is_match else ''}{decided(each)}"
        yield from clause_lines(each, most=most)
    if topics.only_now:
        yield f"would match today: {named(topics.only_now, most=NAMED)}; what was seen before a topic is not told for it"


def _matched(match: Match, today: Asked | None, most: int | None) -> Iterator[str]:
    left = "" if today else " (it left the configuration)"
    yield f"{match.topic}: matched, score {match.score} of 100{left}"
    yield from passages(match)
    if today:
        if not today.account.is_match:
            yield f"    would not match today: {decided(today)}"
        yield from clause_lines(today, most=most)


def passages(match: Match) -> Iterator[str]:
    found = dict.fromkeys((found.field, marked(found)) for found in match.evidence)
    return (f"    in the {where}: {passage}" for where, passage in list(found)[:PASSAGES])


def clause_lines(it: Asked, *, most: int | None = CLAUSES) -> Iterator[str]:
    return (f"    {line}" for line in tree(it, most=most))
