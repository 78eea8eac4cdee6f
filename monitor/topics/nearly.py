"""Near misses: the articles that a topic lacks one clause of, the likest to its matches first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from monitor.model import Article
from monitor.topics.clause_words import in_words
from monitor.topics.filters import refused_by
from monitor.topics.gaps import Gaps
from monitor.topics.lacking import part_of
from monitor.topics.likeness import Likeness, Rarity, Thinned, likeness_to, terms_of
from monitor.topics.offers import Offer, Pool, offers
from monitor.topics.stopwords import stop_words
from monitor.topics.tongues import ENGLISH, Tongue
from monitor.topics.tree import Leaf, Or, Query
from monitor.topics.watchlist import Watchlist
from monitor.topics.why import Why, kind_of

MOST: Final = 20  # near misses that are told
_SAMPLE: Final = 4000  # articles by which words are called rare
_POSSIBLE: Final = 1000  # articles that have all clauses, of which only the evaluator knows more
_NEARLY: Final = 6000  # articles that lack a clause, in all
_FEWEST: Final = 200  # of them, for each clause
_READ: Final = 60  # of them, for each clause: the likest; fewer, where that is more than so many in all
_READ_IN_ALL: Final = 1200
_COMPARED: Final = 30  # of them, for each clause: by the words of the likest others are offered
_POOLS: Final = 12  # clauses that words are offered for: those that most near misses lack
_HEAP: Final = 300  # articles that near misses are likened to
_BESIDE: Final = 100  # articles that have a clause and lack another, for each of the others
_FEW_MATCHES: Final = 3  # with fewer, near misses are also likened to what has the clause that they lack
_QUARTER: Final = 0.25
# So unlike to the matches, and so much less like than the likest, it has the other words by chance; of a short stream
# nobody knows which words are rare, and likeness says little.
_BY_CHANCE: Final = 0.05
_LESS: Final = 1 / 3
_SHORT: Final = 500  # articles
# What has no clause must be so like to the matches, of what a quarter of them is less than; each is part of their centre.
_AS_LIKE: Final = 0.85


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An article that would match, but for one clause of the query."""

    article: Article
    why: Why  # the whole query
    missing: Why  # the part of it that is amiss
    likeness: float  # 0–1, to the topic's matches

    @property
    def line(self) -> str:
        return self.said()

    def said(self, tongue: Tongue = ENGLISH) -> str:
        """What is amiss, in words."""
        return in_words(self.missing, tongue)


@dataclass(frozen=True, slots=True)
class Told:
    """What a stream of articles tells about a topic."""

    topic: str
    looked_at: int  # articles
    matches: int  # articles, whatever they score; of a topic with more than a thousand an estimate
    misses: tuple[NearMiss, ...]  # the likest first
    offers: tuple[Offer, ...]  # for each missing clause, the surest first


def near_misses(watchlist: Watchlist, topic: str, articles: Iterable[Article], *, most: int = MOST) -> Told:
    """Reads the stream once. Raises `UsageError` if there is no such topic."""
    nearly = Nearly(watchlist, topic)
    for article in articles:
        nearly.see(article)
    return nearly.told(most)


class Nearly:
    """A topic, while a stream of articles goes by: `see` each, then ask what is `told`.

    Several topics can look at one stream so. It keeps some thousand articles, however long the stream is.
    """

    def __init__(self, watchlist: Watchlist, topic: str) -> None:
        self._gaps = Gaps(watchlist, topic)
        self._seen: Thinned[Article] = Thinned(_SAMPLE)
        self._possible: Thinned[Article] = Thinned(_POSSIBLE)
        self._nearly: dict[Query, Thinned[Article]] = {}
        self._share = max(_FEWEST, _NEARLY // max(1, self._gaps.clauses))

    def see(self, article: Article) -> None:
        self._seen.add(article)
        missing = self._gaps.at_least(article)
        if len(missing) > 1 or refused_by(self._gaps.topic, article):
            return
        if not missing:
            self._possible.add(article)
        else:
            self._nearly.setdefault(missing[0], Thinned(self._share)).add(article)

    def told(self, most: int = MOST) -> Told:
        return _Weighed(self._gaps, list(self._seen), self._possible, self._nearly).told(self._seen.seen, most)


@dataclass(frozen=True, slots=True)
class _Found:
    likeness: float
    article: Article
    missing: Query


class _Weighed:
    """What was seen of a stream, when it is over."""

    def __init__(
        self,
        gaps: Gaps,
        sample: Sequence[Article],
        possible: Thinned[Article],
        nearly: Mapping[Query, Thinned[Article]],
    ) -> None:
        self._gaps = gaps
        self._stop = stop_words(gaps.topic.language)
        self._sample = sample
        self._nearly = {missing: _each_once(articles) for missing, articles in nearly.items()}
        self._rarity = Rarity.of(map(self._terms, sample))
        judged = [(article, gaps.of(article)) for article in _each_once(possible)]
        self._matches = [article for article, missing in judged if not missing]
        self._estimated = round(possible.seen * len(self._matches) / max(1, len(judged)))
        self._possible = [(article, missing[0]) for article, missing in judged if len(missing) == 1]

    def told(self, looked_at: int, most: int) -> Told:
        found = sorted(self._found(), key=lambda each: (-each.likeness, each.article.key))
        least = min(_BY_CHANCE, _LESS * found[0].likeness) if found and looked_at >= _SHORT else 0.0
        misses = tuple(self._told(each) for each in found[:most] if each.likeness >= least)
        pools = list(self._pools(found))
        offered = offers(pools, self._sample, self._gaps.is_asked, self._stop)
        return Told(self._gaps.topic.name, looked_at, self._estimated, misses, offered)

    def _told(self, found: _Found) -> NearMiss:
        why = self._gaps.why(found.article)
        return NearMiss(found.article, why, part_of(why, self._gaps.query, found.missing), found.likeness)

    # -- near misses ------------------------------------------------------------------------------

    def _found(self) -> Iterator[_Found]:
        known = {missing: self._likeness(missing) for missing in (*self._nearly, *(each for _, each in self._possible))}
        for article, missing in self._possible:
            yield _Found(known[missing](self._terms(article)), article, missing)
        read = min(_READ, _READ_IN_ALL // max(1, len(self._nearly)) + 1)
        for missing, articles in self._nearly.items():
            likeness = known[missing]
            ranked = sorted(((likeness(self._terms(each)), each.key, each) for each in articles), reverse=True)
            floor = 0.0 if self._gaps.is_compound else self._floor(likeness)
            for like, _, article in ranked[:read]:
                gaps = self._gaps.of(article)
                if len(gaps) == 1 and (self._gaps.has_any(article) or (floor and like >= floor)):
                    yield _Found(like, article, gaps[0])

    def _likeness(self, missing: Query) -> Likeness:
        if len(self._matches) >= _FEW_MATCHES:
            return self._to_matches
        return likeness_to(
            map(self._terms, [*self._matches, *self._beside(missing)]), self._rarity, self._gaps.is_asked
        )

    @cached_property
    def _to_matches(self) -> Likeness:
        return likeness_to(map(self._terms, _some(self._matches, _HEAP)), self._rarity, self._gaps.is_asked)

    def _floor(self, likeness: Likeness) -> float:
        """So like must be what has no clause at all; 0: nothing is."""
        own = sorted(likeness(self._terms(article)) for article in _some(self._matches, _HEAP))
        return _AS_LIKE * own[int(len(own) * _QUARTER)] if len(own) >= _FEW_MATCHES else 0.0

    def _beside(self, missing: Query) -> list[Article]:
        """Articles that have what those lack, and lack something else."""
        others = (articles for other, articles in self._nearly.items() if other != missing)
        return _some([each for articles in others for each in _some(articles, _BESIDE)], _HEAP)

    def _terms(self, article: Article) -> frozenset[str]:
        return terms_of(article) - self._stop

    # -- words ------------------------------------------------------------------------------------

    def _pools(self, found: Iterable[_Found]) -> Iterator[Pool]:
        lacking: dict[Query, list[Article]] = {}
        for each in found:
            if isinstance(each.missing, Leaf | Or):
                lacking.setdefault(each.missing, []).append(each.article)
        for missing, articles in sorted(lacking.items(), key=lambda each: -len(each[1]))[:_POOLS]:
            beside = [each for each in self._beside(missing) if self._gaps.may_have(missing, each)]
            having = beside if self._gaps.is_compound else _some(self._matches, _HEAP)
            around = self._nearly.get(missing, articles) if self._gaps.is_compound else ()
            sought, around = articles[:_COMPARED], _some(around, _HEAP)
            is_all = not self._gaps.is_compound
            yield Pool(missing.source, kind_of(missing), sought, having, around, is_all=is_all)


def _some(articles: Sequence[Article], most: int) -> list[Article]:
    """An even part of them."""
    return list(articles[:: -(-len(articles) // most) or 1])


def _each_once(articles: Iterable[Article]) -> list[Article]:
    """By their titles: what an agency writes, many print."""
    return list({article.title.casefold() or article.key: article for article in articles}.values())
