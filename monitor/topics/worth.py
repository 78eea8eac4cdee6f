"""What each word of a topic is good for: how often it was found, and how often it decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from monitor.model import Article
from monitor.topics.evaluate import Fields, Whole, holds
from monitor.topics.explain import explain
from monitor.topics.filters import refused_by
from monitor.topics.gaps import Gaps
from monitor.topics.likeness import Thinned
from monitor.topics.question import Clause, Question, made, ready
from monitor.topics.sieve import Sieve
from monitor.topics.tree import Alias, Leaf, Phrase, Query, Regex, Word, leaves
from monitor.topics.watchlist import Watch, Watchlist
from monitor.topics.why import Kind, kind_of

_CHECKED: Final = 3000  # articles of a stream that may match, and are read
_TRIED: Final = 50  # articles that may have a phrase, and are read until one has it
_NEVER: Final = ()  # rows

State = Literal["decides", "dead", "never hit"]


@dataclass(frozen=True, slots=True)
class Worth:
    """A leaf of a topic's query, or one of the names that stand for an alias, and what it did over a stream.

    `hits`: matches that have it; of what a NOT forbids, articles that have it and would match without any NOT.
    `decided`: those of them that would not match without it; of a NOT, that would.
    """

    word: str  # as it is written in the query, or as the other name is
    alias_of: str  # the clause that it is another name for; empty: it stands in the query itself
    kind: Kind
    is_positive: bool  # False: a NOT stands before it
    column: int
    is_seen: bool  # in any article of the stream
    hits: int
    decided: int
    of: int  # matches that were looked at; of what a NOT forbids, with the articles that NOTs forbade

    @property
    def state(self) -> State:
        if not self.is_seen:
            return "never hit"
        return "decides" if self.decided else "dead"
