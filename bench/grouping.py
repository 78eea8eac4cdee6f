"""A stream through the functions that group it, in order of time, as the daemon would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bench.shelf import Shelf
from monitor.model import Article, Candidate, Fingerprint, Joins, Member, Opens, Placement
from monitor.stories import fingerprint as known_fingerprint
from monitor.stories import group
from monitor.text import tokens

WINDOW: Final = timedelta(hours=72)
RENEWED: Final = timedelta(minutes=30)  # how often the daemon counts the words of its stream


class Place(Protocol):
    def __call__(
        self,
        fingerprint: Fingerprint,
        candidates: Collection[Candidate],
        *,
        at: datetime,
        outlet: str,
        window: timedelta,
    ) -> Placement: ...


def _words(article: Article) -> Iterable[str]:
    return {token.term for token in tokens(f"{article.title}\n{article.text}")}


def _frequencies(documents: int, counts: Mapping[str, int]) -> object:
    return documents, counts


def _fingerprint(article: Article, frequencies: Any) -> Fingerprint:  # noqa: ARG001 - not asked for yet
    return known_fingerprint.fingerprint(article)


def _place(
    fingerprint: Fingerprint,
    candidates: Collection[Candidate],
    *,
    at: datetime,
    outlet: str,  # noqa: ARG001 - not asked for yet
    window: timedelta,  # noqa: ARG001 - not asked for yet
) -> Placement:
    return group.place(fingerprint, candidates, at=at)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The functions of `monitor.stories`; in a trial, others in their place."""

    words: Callable[[Article], Iterable[str]] = _words
    frequencies: Callable[[int, Mapping[str, int]], Any] = _frequencies
    fingerprint: Callable[[Article, Any], Fingerprint] = _fingerprint
    place: Place = _place
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
    counted_at, frequencies = None, by.frequencies(0, {})
    found = []
    for number, article in enumerate(articles):
        at = article.first_seen_at
        if by.renewed is not None and (counted_at is None or at - counted_at >= by.renewed):
            counted_at, frequencies = at, by.frequencies(number, dict(counts))
        found.append(by.fingerprint(article, frequencies))
        counts.update(by.words(article))
    return found


def placed(articles: Sequence[Article], fingerprints: Sequence[Fingerprint], by: Grouping = OURS) -> list[Placed]:
    shelf = Shelf(by.window)
    found = []
    for number, (article, fingerprint) in enumerate(zip(articles, fingerprints, strict=True)):
        at, outlet = article.published_at or article.first_seen_at, article.outlet
        candidates = shelf.candidates(fingerprint, at=at)
        placement = by.place(fingerprint, candidates, at=at, outlet=outlet, window=by.window)
        match placement:
            case Joins(story, _, copy_of):
                found.append(Placed(story, placement))
            case Opens():
                story, copy_of = number, None
                found.append(Placed(number, placement))
        shelf.add(story, Member(number, fingerprint, at, outlet, copy_of))
    return found
