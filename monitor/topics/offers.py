"""Words that may be other names of what near misses lack. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import log
from typing import Final

from monitor.model import Article
from monitor.topics.tongues import ENGLISH, Tongue
from monitor.topics.why import Kind

MOST: Final = 5  # words that are offered for a clause
_READ: Final = 2000  # characters of a text
_FEWEST: Final = 3  # near misses that must have the word
_LEAST: Final = 0.15  # share of the near misses that must have it
_RARER: Final = 10  # times it must be seldomer elsewhere
_SELDOM: Final = 0.02  # share of the other articles that may have it
_RARER_IF_SHORT: Final = 2  # the same of what is short for the clause
_SURE: Final = 5  # near misses, and articles with the clause, that are enough to ask them
_SHARED: Final = 0.2  # share of those that must have it: another name often stands beside the first
# What stands with the clause no oftener than with the rest of the query belongs to the rest; unless the clause is hardly
# ever without it.
_OFTENER: Final = 2
_ALWAYS: Final = 0.6
_SMALL: Final = 0.1  # of a name's articles at most have it without a capital
_CONTAINED: Final = 0.8  # of a word's articles that have it within a name: then the name is offered alone
_WORD: Final = re.compile(r"[^\W\d_]{3,}(?:[’'][^\W\d_]+)*|\b[A-Z]{2}\b")
_NAME: Final = re.compile(r"\b(?=([A-Z]\w+ [A-Z]\w+)\b)")
_ACRONYM: Final = 2  # letters: without its capitals it would be another word


@dataclass(frozen=True, slots=True)
class Offer:
    """A word or name that many near misses have which lack a clause, and few other articles."""

    clause: str  # as it is written in the query
    kind: Kind  # of the clause
    word: str  # as it is mostly written
    misses: int  # near misses without the clause that have it
    of: int  # near misses without the clause
    others: int  # other articles that have it
    of_others: int
    is_related: bool = False  # the clause is all of the query: no other clause says that the same matter is meant

    @property
    def share(self) -> float:
        """0–1, of the near misses."""
        return self.misses / self.of

    @property
    def line(self) -> str:
        return self.said()

    def said(self, tongue: Tongue = ENGLISH) -> str:
        clause = tongue.quoted(self.clause)
        counts = {name: tongue.number(getattr(self, name)) for name in ("misses", "of", "others", "of_others")}
        question = tongue.add_beside if self.kind in {"or", "regex"} else tongue.add_as_alias
        if self.is_related:
            question = tongue.only_related
        return tongue.offered.format(word=self.word, clause=clause, **counts) + question.format(clause=clause)


@dataclass(frozen=True, slots=True)
class Pool:
    """What is to be compared, for one clause."""

    clause: str
    kind: Kind
    lacking: Sequence[Article]  # the clause alone
    having: Sequence[Article]  # the clause, and best not all of the rest
    around: Sequence[Article] = ()  # all that lack the clause alone, or an even part of them
    is_all: bool = False  # the query has no other clause


def offers(
    pools: Sequence[Pool], sample: Iterable[Article], is_asked: Callable[[str], bool], stop: frozenset[str]
) -> tuple[Offer, ...]:
    """For each pool at most `MOST`, the surest first; `sample` is of the whole stream.

    `is_asked` tells of a word whether the query looks for it already.
    """
    counted = [_Counted(pool, is_asked, stop) for pool in pools]
    wanted = {name for each in counted for name in each.often}
    for article in sample if wanted else ():
        names = _names(article, stop).keys() & wanted
        for each in counted:
            each.see(article, names)
    return tuple(offer for each in counted for offer in each.best())


class _Counted:
    """A pool, and how often the words of its near misses are elsewhere."""

    def __init__(self, pool: Pool, is_asked: Callable[[str], bool], stop: frozenset[str]) -> None:
        self._pool = pool
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for article in pool.lacking:
            for name, written in _names(article, stop).items():
                self._written[name][written] += 1
        inside = {name: ways.total() for name, ways in self._written.items()}
        self._beside = _shares(pool.having, stop)
        self._around = _shares(pool.around, stop)
        self.often = _without_parts(
            {
                name: count
                for name, count in inside.items()
                if count >= max(_FEWEST, _LEAST * len(pool.lacking))
                and (is_short(name, pool.clause) or (self._stands_beside(name) and self._may_mean(name, count)))
                and not any(map(is_asked, name.split()))
            }
        )
        self._own = {article.key for article in (*pool.lacking, *pool.having)}
        self._elsewhere: Counter[str] = Counter()
        self._others = 0

    def see(self, article: Article, names: Iterable[str]) -> None:
        if article.key not in self._own:
            self._elsewhere.update(names)
            self._others += 1

    def best(self) -> Iterator[Offer]:
        found = [
            (is_short(name, self._pool.clause), score, name) for name in self.often if (score := self._score(name))
        ]
        for _, _, name in sorted(found, reverse=True)[:MOST]:
            written = max(self._written[name].items(), key=lambda way: (way[1], way[0]))[0]
            counts = (self.often[name], len(self._pool.lacking), self._elsewhere[name], self._others)
            yield Offer(self._pool.clause, self._pool.kind, written, *counts, is_related=self._pool.is_all)

    def _score(self, name: str) -> float:
        share = self.often[name] / len(self._pool.lacking)
        elsewhere = (self._elsewhere[name] + 0.5) / (self._others + 1)  # never quite 0: what was not seen may come
        if is_short(name, self._pool.clause):
            is_rare = share >= _RARER_IF_SHORT * elsewhere
        else:
            is_rare = share >= _RARER * elsewhere and self._elsewhere[name] <= _SELDOM * self._others
        return share * log(share / elsewhere) if is_rare else 0.0

    def _may_mean(self, name: str, count: int) -> bool:
        """Only a name is another name of a name."""
        if not all(word[:1].isupper() for word in re.findall(r"[^\W\d_]+", self._pool.clause)):
            return True
        small = sum(times for way, times in self._written[name].items() if way.islower())
        return small <= _SMALL * count

    def _stands_beside(self, name: str) -> bool:
        """Is it there where the clause is, and oftener than where the rest of the query is?"""
        if min(len(self._pool.having), len(self._pool.lacking)) < _SURE:
            return False
        return self._beside.get(name, 0) >= max(_SHARED, min(_ALWAYS, _OFTENER * self._around.get(name, 0)))


def is_short(name: str, clause: str) -> bool:
    """Is it made of the beginnings of a clause's words, as Korut of "Korea Utara" and KPK of its three?"""
    words = re.findall(r"[^\W\d_]+", clause.lower())
    return len(words) > 1 and _is_made_of(name.lower(), words)


def _is_made_of(short: str, words: Sequence[str]) -> bool:
    if not words:
        return not short
    common = _shared_letters(short, words[0])
    return any(_is_made_of(short[length:], words[1:]) for length in range(common, 0, -1))


def _shared_letters(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _shares(articles: Sequence[Article], stop: frozenset[str]) -> Mapping[str, float]:
    counts = Counter(name for article in articles for name in _names(article, stop))
    return {name: count / len(articles) for name, count in counts.items()}


def _without_parts(counts: Mapping[str, int]) -> dict[str, int]:
    """The words that hardly ever stand outside of a name are left to it."""
    inner = {
        word
        for name, count in counts.items()
        for word in (name.split() if " " in name else ())
        if count >= _CONTAINED * counts.get(word, count)
    }
    return {name: count for name, count in counts.items() if " " in name or name not in inner}


def _names(article: Article, stop: frozenset[str]) -> dict[str, str]:
    """Words, and names of two words; in small letters, and as they are written first."""
    text = article.text[:_READ]
    found: dict[str, str] = {}
    for word in _WORD.findall(f"{article.title}\n{text}"):
        if len(word) == _ACRONYM:
            found[word] = f"case:{word}"
        elif (folded := word.lower()) not in stop:
            found.setdefault(folded, word)
    for name in _NAME.findall(text):
        folded = name.lower()
        if stop.isdisjoint(folded.split()):
            found.setdefault(folded, name)
    return found
