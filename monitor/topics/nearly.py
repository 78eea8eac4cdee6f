"""Near misses: the articles that a topic lacks one clause of, the likest to its matches first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

from monitor.model import Article
from monitor.topics.evaluate import Fields, Whole, holds
from monitor.topics.filters import refused_by
from monitor.topics.lacking import is_bare, lacking
from monitor.topics.likeness import Likeness, Rarity, Thinned, likeness_to, terms_of
from monitor.topics.offers import Offer, Pool, offers
from monitor.topics.question import Clause, made
from monitor.topics.sieve import Sieve, could_be
from monitor.topics.stopwords import stop_words
from monitor.topics.tree import WHERE, AtLeast, Leaf, Near, Not, Query, Within, leaves, parts_of
from monitor.topics.watchlist import Watchlist
from monitor.topics.why import Why, in_words

MOST: Final = 20  # near misses that are told
_SAMPLE: Final = 4000  # articles by which words are called rare
_POSSIBLE: Final = 1000  # articles that have all clauses, of which only the evaluator knows more
_NEARLY: Final = 6000  # articles that lack a clause, in all
_FEWEST: Final = 200  # of them, for each clause
_READ: Final = 60  # of them, for each clause: the likest
_HEAP: Final = 300  # articles that near misses are likened to
_FEW_MATCHES: Final = 3  # with fewer, near misses are also likened to what has the clause that they lack
_AS_LIKE: Final = 0.5  # of one clause: the share of matches that a near miss must be liker to the others than
_REMEMBERED: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An article that would match, but for one clause of the query."""

    article: Article
    why: Why  # the whole query
    missing: Why  # the part of it that is amiss
    likeness: float  # 0–1, to the topic's matches

    @property
    def line(self) -> str:
        """What was missing, in words."""
        return in_words(self.missing)


@dataclass(frozen=True, slots=True)
class Told:
    """What a stream of articles tells about a topic."""

    topic: str
    looked_at: int  # articles
    matches: int  # of them, at most; of a topic with very many an estimate
    misses: tuple[NearMiss, ...]  # the likest first
    offers: tuple[Offer, ...]  # words that may be other names of a missing clause, the surest of each first


def near_misses(watchlist: Watchlist, topic: str, articles: Iterable[Article], *, most: int = MOST) -> Told:
    """Reads the stream once. Raises `UsageError` if there is no such topic."""
    nearly = Nearly(watchlist, topic)
    for article in articles:
        nearly.see(article)
    return nearly.told(most)


class Nearly:
    """A topic, while a stream of articles goes by: `see` each, then ask what is `told`.

    Several topics can look at one stream so. Keeps some thousand articles, however long the stream is.
    """

    def __init__(self, watchlist: Watchlist, topic: str) -> None:
        self._watchlist = watchlist
        self._watch = watchlist.found(topic)
        self._query = self._watch.question.query
        self._clauses: Mapping[Leaf, Clause] = {clause.of: clause for clause, _ in self._watch.question.clauses}
        self._positive = [clause for clause, is_positive in self._watch.question.clauses if is_positive]
        self._bits = {clause.of: 1 << at for at, clause in enumerate(self._positive)}
        self._sieve = Sieve(self._watch.analyser, self._positive)
        self._verdicts: dict[int, tuple[Query, ...]] = {}
        self._seen: Thinned[Article] = Thinned(_SAMPLE)
        self._possible: Thinned[Article] = Thinned(_POSSIBLE)
        self._nearly: dict[Query, Thinned[Article]] = {}

    def see(self, article: Article) -> None:
        self._seen.add(article)
        may_have = self._sieve.may_have(article)
        if may_have not in self._verdicts:
            self._verdicts[may_have] = self._verdict(may_have)
        verdict = self._verdicts[may_have]
        if len(verdict) > 1 or refused_by(self._watch.topic, article):
            return
        if not verdict:
            self._possible.add(article)
            return
        if verdict[0] not in self._nearly:
            self._nearly[verdict[0]] = Thinned(max(_FEWEST, _NEARLY // len(self._positive)))
        self._nearly[verdict[0]].add(article)

    def told(self, most: int = MOST) -> Told:
        return _told(self, most)

    def _verdict(self, may_have: int) -> tuple[Query, ...]:
        """What is missing at least; where that is too much, more than one."""
        if len(self._verdicts) >= _REMEMBERED:
            self._verdicts.clear()

        def may_be_so(query: Query) -> bool:
            if isinstance(query, Leaf):
                return query not in self._bits or bool(self._bits[query] & may_have)
            return isinstance(query, Not) or not any(lacking(part, may_be_so) for part in parts_of(query))

        return lacking(self._query, may_be_so)
