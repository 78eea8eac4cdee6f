"""What each word of a topic is good for: how often it was found, and how often it decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from monitor.model import Article
from monitor.topics.analysis import Row
from monitor.topics.evaluate import Whole, holds
from monitor.topics.explain import explain
from monitor.topics.filters import refused_by
from monitor.topics.gaps import Gaps
from monitor.topics.groups import Watch
from monitor.topics.likeness import Thinned
from monitor.topics.question import Clause, Question, made, ready
from monitor.topics.tongues import ENGLISH, Tongue
from monitor.topics.tree import Alias, Leaf, Phrase, Word
from monitor.topics.watchlist import Watchlist
from monitor.topics.why import Kind, kind_of

_READ: Final = 3000  # articles of a stream, of those that may match
_TRIED: Final = 200  # articles that may have a word and are read, until one has it

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

    @property
    def line(self) -> str:
        return self.said()

    def said(self, tongue: Tongue = ENGLISH) -> str:
        what = self._named(tongue)
        if not self.is_seen:
            return tongue.in_no_article.format(what=what)
        counts = {"hits": tongue.number(self.hits), "of": tongue.number(self.of)}
        n = tongue.number(self.decided)
        if not self.is_positive:
            kept_out = tongue.some_of_them.format(n=n) if self.decided else tongue.none_of_them
            return tongue.kept_out.format(what=what, decided=kept_out, **counts)
        decided = tongue.decided_some.format(n=n) if self.decided else tongue.decided_none
        return tongue.in_matches.format(what=what, decided=decided, **counts)

    def _named(self, tongue: Tongue) -> str:
        name = tongue.quoted(self.word)
        if not self.alias_of:
            return name
        how = tongue.by_itself if self.word == self.alias_of else tongue.for_another
        return how.format(what=name, other=self.alias_of)


@dataclass(frozen=True, slots=True)
class Worths:
    topic: str
    looked_at: int  # articles
    matches: int  # of the articles that were read; of a topic with some thousand only an even part is
    words: tuple[Worth, ...]  # in the order of the query; the names of an alias after it


def worths(watchlist: Watchlist, topic: str, articles: Iterable[Article]) -> Worths:
    """Reads the stream once. Raises `UsageError` if there is no such topic."""
    weighing = Weighing(watchlist, topic)
    for article in articles:
        weighing.see(article)
    return weighing.told()


class Weighing:
    """A topic, while a stream of articles goes by: `see` each, then ask what is `told`.

    Several topics can look at one stream so. It keeps some thousand articles, however long the stream is.
    """

    def __init__(self, watchlist: Watchlist, topic: str) -> None:
        self._watchlist = watchlist
        self._topic = watchlist.found(topic).topic
        self._question = watchlist.found(topic).question
        self._units = list(_units(watchlist.found(topic)))
        self._gaps = Gaps(watchlist, topic, [unit.clause for unit in self._units])
        never = {clause.of: () for clause, is_positive in self._question.clauses if not is_positive}
        self._allowing = _changed(self._question, never)
        self._possible: Thinned[Article] = Thinned(_READ)
        self._seen = [0] * len(self._units)  # articles that were read for each; -1: one of them has it
        self._unseen = (1 << len(self._units)) - 1
        self._looked_at = 0

    def see(self, article: Article) -> None:
        self._looked_at += 1
        missing, found = self._gaps.at_least_beside(article)
        if sought := found & self._unseen:
            self._seek(article, sought)
        if not missing and not refused_by(self._topic, article):
            self._possible.add(article)

    def told(self) -> Worths:
        hits, decided = [0] * len(self._units), [0] * len(self._units)
        matches = allowed = 0
        for article in self._possible:
            whole = Whole(self._watchlist.read(self._topic.name, article))
            is_match = self._is_match(self._question, whole)
            if not is_match and not self._is_match(self._allowing, whole):
                continue
            matches, allowed = matches + is_match, allowed + 1
            for at, unit in enumerate(self._units):
                if (is_match or not unit.is_positive) and whole.has(unit.clause):
                    hits[at] += 1
                    decided[at] += self._is_match(unit.without, whole) != is_match
        told = tuple(
            Worth(
                unit.word,
                unit.alias_of,
                kind_of(unit.leaf),
                unit.is_positive,
                unit.leaf.column,
                is_seen=self._seen[at] < 0 or hits[at] > 0,
                hits=hits[at],
                decided=decided[at],
                of=matches if unit.is_positive else allowed,
            )
            for at, unit in enumerate(self._units)
        )
        return Worths(self._topic.name, self._looked_at, matches, told)

    def _is_match(self, question: Question, whole: Whole) -> bool:
        if not holds(question.root, whole):
            return False
        least = self._topic.min_score
        return not least or explain(self._topic.name, question, whole.article).score >= least

    def _seek(self, article: Article, sought: int) -> None:
        """Only who reads it knows whether it is there as it must be written, and in a row."""
        whole = Whole(self._watchlist.read(self._topic.name, article))
        for at, unit in enumerate(self._units):
            if sought >> at & 1:
                self._seen[at] = -1 if whole.has(unit.clause) else self._seen[at] + 1
                if self._seen[at] in {-1, _TRIED}:
                    self._unseen &= ~(1 << at)


# -- what is weighed -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A leaf, or a name of one; and the query without it."""

    word: str
    alias_of: str
    leaf: Leaf
    is_positive: bool
    clause: Clause
    without: Question


def _units(watch: Watch) -> Iterator[_Unit]:
    for clause, is_positive in watch.question.clauses:
        leaf = clause.of
        yield _Unit(leaf.source, "", leaf, is_positive, clause, _changed(watch.question, {leaf: ()}))
        if isinstance(leaf, Alias):
            rows = [_clause_of(option, leaf, watch).rows for option in leaf.options]
            for at, option in enumerate(leaf.options):
                others = tuple(dict.fromkeys(row for each in (*rows[:at], *rows[at + 1 :]) for row in each))
                without = _changed(watch.question, {leaf: others})
                yield _Unit(option.source, leaf.source, option, is_positive, _clause_of(option, leaf, watch), without)


def _clause_of(option: Word | Phrase, alias: Alias, watch: Watch) -> Clause:
    (clause, _), *_ = ready(replace(option, fields=alias.fields), watch.analyser).clauses
    return clause


def _changed(question: Question, rows: Mapping[Leaf, tuple[Row, ...]]) -> Question:
    """The query, with other rows for some leaves; without any, a leaf is never found."""
    clauses = tuple(
        (replace(clause, rows=rows[clause.of], pattern=None) if clause.of in rows else clause, is_positive)
        for clause, is_positive in question.clauses
    )
    root = made(question.query, {clause.of: clause for clause, _ in clauses})
    return Question(question.query, root, clauses)
