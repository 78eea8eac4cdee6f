"""Words that may be other names of what near misses lack. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.model import Article
from monitor.topics.why import Kind

MOST: Final = 5  # words that are offered for a clause
_READ: Final = 2000  # characters of a text
_FEWEST: Final = 3  # near misses that must have the word
_LEAST: Final = 0.15  # share of the near misses that must have it
_RARER: Final = 6  # times it must be seldomer elsewhere
_SURE: Final = 5  # articles with the clause that are enough to ask them
_SHARED: Final = 0.15  # share of those that must have it: another name stands beside the first
_NEARER: Final = 0.75  # of its share in the near misses it must have beside the clause, or it belongs to the rest of the query
_CONTAINED: Final = 0.8  # of a word's articles that have it within a name: then the name is offered
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_SHORTEST: Final = 3  # letters
_NAMES: Final = re.compile(r"[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)+")


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

    @property
    def share(self) -> float:
        """0–1, of the near misses."""
        return self.misses / self.of


@dataclass(frozen=True, slots=True)
class Pool:
    """What is to be compared, for one clause."""

    clause: str
    kind: Kind
    lacking: Sequence[Article]  # the clause alone
    having: Sequence[Article]  # the clause, and not all of the rest
    others: Sequence[Article]


def line(offer: Offer) -> str:
    clause = offer.clause if offer.clause[:1] in set('"“”„«') else f'"{offer.clause}"'
    said = f"{offer.word} occurs in {offer.misses:,} of {offer.of:,} near misses without {clause}"
    seldom = f" and in {offer.others:,} of {offer.of_others:,} other articles"
    ask = f"add OR {offer.word} to {clause}" if offer.kind in {"or", "regex"} else f"add it as an alias of {clause}"
    return f"{said}{seldom}: {ask}?"


def offers(pool: Pool, is_asked: Callable[[str], bool], stop: Collection[str], most: int = MOST) -> tuple[Offer, ...]:
    """The surest first. `is_asked` tells of a word in small letters whether the query looks for it."""
    lacking = [_read(article, stop) for article in pool.lacking]
    having = [_read(article, stop) for article in pool.having]
    inside, beside = _counted(lacking), _counted(having)
    often = {
        name: count
        for name, count in inside.items()
        if count >= max(_FEWEST, _LEAST * len(lacking)) and _stands_beside(count / len(lacking), beside[name], len(having))
    }
    asked = {name for name in often if any(map(is_asked, name.split()))}
    elsewhere = _elsewhere(often.keys() - asked, pool.others, stop)
    found: list[tuple[float, str]] = []
    for name in _without_parts({name: often[name] for name in often if name not in asked}):
        share = (elsewhere[name] + 0.5) / (len(pool.others) + 1)
        lift = often[name] / len(lacking) / share
        if lift >= _RARER:
            found.append((often[name] * _logarithm(lift), name))
    written = _written(lacking)
    return tuple(
        Offer(pool.clause, pool.kind, written[name], often[name], len(lacking), elsewhere[name], len(pool.others))
        for _, name in sorted(found, reverse=True)[:most]
    )
