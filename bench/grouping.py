"""A stream through the functions that group it, in order of time, as the daemon would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bench.shelf import Shelf
from monitor.model import Article, Candidate, Fingerprint, Joins, Member, Opens, Placement
from monitor.stories.fingerprint import fingerprint
from monitor.stories.frequencies import Frequencies, words_of
from monitor.stories.group import place
from monitor.work.count import has_grown

WINDOW: Final = timedelta(hours=72)
RENEWED: Final = timedelta(minutes=30)  # how often the daemon counts the words of its stream


class Place(Protocol):
    def __call__(
        self,
        fingerprint: Fingerprint,
        candidates: Sequence[Candidate],
        /,
        *,
        at: datetime,
        outlet: str,
        window: timedelta,
    ) -> Placement: ...


@dataclass(frozen=True, slots=True)
class Grouping:
    """The functions of `monitor.stories`; in a trial, others in their place."""

    words: Callable[[Article], Iterable[str]] = words_of
    frequencies: Callable[[int, Mapping[str, int]], Any] = Frequencies.of
    fingerprint: Callable[[Article, Any], Fingerprint] = fingerprint
    place: Place = place
    window: timedelta = WINDOW
    renewed: timedelta | None = RENEWED  # None: never, as on the first day


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article of the stream came to stand. Stories and articles are numbered by their place in the stream."""

    story: int
    placement: Placement


OURS: Final = Grouping()


def grouped(articles: Sequence[Article], by: Grouping = OURS) -> list[Placed]:
    return placed(articles, fingerprints(articles, by), by)


def fingerprints(articles: Sequence[Article], by: Grouping = OURS) -> list[Fingerprint]:
    """Each with the words of the stream as they were counted when it came."""
    counts: Counter[str] = Counter()
    counted_at, counted, frequencies = None, 0, by.frequencies(0, {})
    found = []
    for number, article in enumerate(articles):
        at = article.first_seen_at
        is_time = counted_at is None or by.renewed is None or at - counted_at >= by.renewed
        if by.renewed is not None and (is_time or has_grown(number - counted, counted)):
            counted_at, counted, frequencies = at, number, by.frequencies(number, dict(counts))
        found.append(by.fingerprint(article, frequencies))
        counts.update(by.words(article))
    return found


def placed(articles: Sequence[Article], fingerprints: Sequence[Fingerprint], by: Grouping = OURS) -> list[Placed]:
    shelf = Shelf(by.window)
    found = []
    for number, (article, told) in enumerate(zip(articles, fingerprints, strict=True)):
        at, outlet = article.published_at or article.first_seen_at, article.outlet
        candidates = shelf.candidates(told, at=at)
        placement = by.place(told, candidates, at=at, outlet=outlet, window=by.window)
        match placement:
            case Joins(story, _, copy_of):
                found.append(Placed(story, placement))
            case Opens():
                story, copy_of = number, None
                found.append(Placed(number, placement))
        shelf.add(story, Member(number, told, at, outlet, copy_of))
    return found
