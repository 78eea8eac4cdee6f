"""A topic's query, asked of many articles what of it each lacks: first roughly, and of few exactly. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from monitor.model import Article
from monitor.topics.evaluate import Whole, holds
from monitor.topics.lacking import lacking
from monitor.topics.question import Clause, made
from monitor.topics.sieve import Sieve, could_be
from monitor.topics.tree import WHERE, Leaf, Not, Query, leaves, parts_of
from monitor.topics.watchlist import Watchlist
from monitor.topics.why import Why

_REMEMBERED: Final = 1 << 16  # verdicts, and words


class Gaps:
    """`beside`: clauses that are looked for as well, though the query does not ask for them."""

    def __init__(self, watchlist: Watchlist, topic: str, beside: Sequence[Clause] = ()) -> None:
        watch = watchlist.found(topic)
        self._watchlist = watchlist
        self._watch = watch
        self.topic = watch.topic
        self.query = watch.question.query
        self._clauses: Mapping[Leaf, Clause] = {clause.of: clause for clause, _ in watch.question.clauses}
        self._positive = [clause for clause, is_positive in watch.question.clauses if is_positive]
        self.clauses = len(self._positive)
        self._bits: Mapping[Query, int] = {clause.of: 1 << at for at, clause in enumerate(self._positive)}
        self._sieve = Sieve(watch.analyser, (*self._positive, *beside))
        self._own = (1 << self.clauses) - 1
        self._roughly = lru_cache(maxsize=_REMEMBERED)(self._lacks)
        self.is_compound = len(self._lacks(0)) > 1  # else nothing is left of it where a clause is missing
        self.is_asked = lru_cache(maxsize=_REMEMBERED)(self._is_asked)

    def at_least(self, article: Article) -> tuple[Query, ...]:
        """What it lacks for sure, told quickly. A NOT, and whether words are near, is left open."""
        return self.at_least_beside(article)[0]

    def at_least_beside(self, article: Article) -> tuple[tuple[Query, ...], int]:
        """The same, and which of the clauses `beside` it may have: a bit for each, the first the lowest."""
        found = self._sieve.may_have(article.title, article.text)
        return self._roughly(found & self._own), found >> self.clauses

    def of(self, article: Article) -> tuple[Query, ...]:
        """What it lacks; nothing, if the query is true of it."""
        whole = Whole(self._watchlist.read(self.topic.name, article))
        return lacking(self.query, lambda query: holds(made(query, self._clauses), whole))

    def has_any(self, article: Article) -> bool:
        """Any clause that speaks for it, in title or body."""
        whole = Whole(self._watchlist.read(self.topic.name, article))
        return any(whole.has(clause) for clause in self._positive if set(clause.fields) & set(WHERE))

    def may_have(self, part: Query, article: Article) -> bool:
        """Might it have anything of this part of the query?"""
        found = self._sieve.may_have(article.title, article.text)
        return any(self._bits.get(leaf, 0) & found for leaf, _ in leaves(part))

    def why(self, article: Article) -> Why:
        """With what comes closest to what is missing."""
        ((_, account),) = self._watchlist.accounts_with_nearest((self.topic.name,), article)
        return account.why

    def _lacks(self, found: int) -> tuple[Query, ...]:
        def may_be_so(query: Query) -> bool:
            if isinstance(query, Leaf):
                return query not in self._bits or bool(self._bits[query] & found)
            return isinstance(query, Not) or not any(lacking(part, may_be_so) for part in parts_of(query))

        return lacking(self.query, may_be_so)

    def _is_asked(self, word: str) -> bool:
        """Does the query look for it, alone or within a phrase?"""
        forms = self._watch.analyser.read(word).places
        return any(could_be(piece, forms) for clause in self._clauses.values() for row in clause.rows for piece in row)
