"""Articles per CPU second through the functions that group them, beside taking their words apart alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from bench.grouping import Grouping, fingerprints, placed
from monitor.model import Article
from monitor.text import tokens

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Stopwatch:
    """Adds up the CPU time of the calls of a function."""

    seconds: float = 0.0

    def around(self, function: Callable[P, T]) -> Callable[P, T]:
        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            started = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - started

        return timed


@dataclass(frozen=True, slots=True)
class Speed:
    """CPU seconds for all articles."""

    articles: int
    words: float  # taking them apart: below this nobody can go
    fingerprint: float
    place: float
    everything: float  # with candidates from memory and the counts of the stream


def speed(articles: Sequence[Article], by: Grouping) -> Speed:
    words, printing, placing, everything = Stopwatch(), Stopwatch(), Stopwatch(), Stopwatch()
    words.around(_taken_apart)(articles)
    timed = replace(by, fingerprint=printing.around(by.fingerprint), place=placing.around(by.place))
    found = everything.around(fingerprints)(articles, timed)
    everything.around(placed)(articles, found, timed)
    return Speed(len(articles), words.seconds, printing.seconds, placing.seconds, everything.seconds)


def _taken_apart(articles: Sequence[Article]) -> None:
    for article in articles:
        tokens(article.title)
        tokens(article.text)


def speed_table(measured: Speed) -> str:
    rows = {
        "words alone": measured.words,
        "fingerprint": measured.fingerprint,
        "place": measured.place,
        "fingerprint and place": measured.fingerprint + measured.place,
        "with candidates and counts": measured.everything,
    }
    lines = [f"{'':<28}{'articles per CPU second':>24}{'ms each':>9}"]
    for name, seconds in rows.items():
        each = max(seconds, 1e-9) / measured.articles
        lines.append(f"{name:<28}{1 / each:>24,.0f}{1000 * each:>9.3f}")
    return "\n".join(lines)
