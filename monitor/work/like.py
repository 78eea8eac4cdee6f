"""What topics want articles to be like: their samples, weighed as the words of the stream weigh at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from monitor.model import Article, Field, Fingerprint
from monitor.settings import Sample, Topic
from monitor.stories.alike import Neighbours, Vector, places, shared
from monitor.stories.fingerprint import Weights, fingerprint, heaviest, said, weighed
from monitor.stories.frequencies import Frequencies
from monitor.text import Span
from monitor.topics.alike import Near
from monitor.work.reach import Reach

NAMED: Final = 5  # words in common that are shown
NOT_ARCHIVED: Final = "no article of this address is in the archive yet"
FROM_THEN_ON: Final = "it counts from when a feed has brought one; a text file counts at once"
MENTIONED: Final = 5  # of 100; what is less alike is that by chance, and need not be told apart
ON_THE_FIRST_DAY: Final = Frequencies.of(0, {})


class Like:
    """Compares articles with the samples of all topics; it is what a watchlist compares by.

    Others weigh and learn meanwhile, in threads of theirs: who compares takes one reference.
    """

    def __init__(self, topics: Iterable[Topic], frequencies: Frequencies = ON_THE_FIRST_DAY) -> None:
        wanting: dict[Sample, list[Topic]] = {}
        self._scores: dict[str, int] = {}
        self._last: tuple[str, str, Frequencies, Vector] = ("", "", frequencies, {})
        for topic in topics:
            for sample in dict.fromkeys(topic.like):
                wanting.setdefault(sample, []).append(topic)
                self._scores[topic.name] = topic.like_score
        self._least = _least(min((MENTIONED, *self._scores.values())))
        self._wanting: Mapping[Sample, list[Topic]] = wanting
        self.addresses = frozenset(sample.key for sample in wanting if sample.key)
        self._said = {sample: said(sample.title, sample.text) for sample in wanting if not sample.key}
        self._turn = Lock()  # of two who weigh at once the later would forget what the other learnt
        self._now = self._weighed(frequencies)

    def __call__(self, title: str, body: str) -> Mapping[str, Near]:
        """For each topic the sample that the article is most like; nothing where they share hardly a word."""
        now = self._now
        if not now.samples:
            return {}
        one = _Compared(title, body, self._vector(title, body, now.frequencies))
        best: dict[str, tuple[float, int]] = {}
        for place, cosine in now.neighbours.near(one.vector).items():
            if cosine < self._least:
                continue
            found = (cosine, -place)
            for name in now.wanting[place]:
                if name not in best or found > best[name]:
                    best[name] = found
        return {name: now.near(one, self._scores[name], -place, cosine) for name, (cosine, place) in best.items()}

    def passes(self, names: frozenset[str]) -> Callable[[str, str], bool]:
        """Whether an article with this title and text is as like a sample of one of these topics as it wants, as of now."""
        now, neighbours = self._now, self._now.neighbours
        wanting = {place: names.intersection(some) for place, some in enumerate(now.wanting)}
        least = {place: _least(min(self._scores[name] for name in some)) for place, some in wanting.items() if some}
        weights = Weights(now.frequencies)
        may_reach = Reach([neighbours.vectors[place] for place in least], list(least.values()))

        def is_near(title: str, text: str) -> bool:
            found = neighbours.near(heaviest(weights.of(said(title, text))))
            return any(found.get(place, 0) >= cosine for place, cosine in least.items())

        return lambda title, text: may_reach(title, text) and is_near(title, text)

    def fingerprint(self, article: Article, frequencies: Frequencies) -> Fingerprint:
        """What an article is like. To be compared next, its words need not be weighed again: that takes most of the time."""
        found = fingerprint(article, frequencies)
        self._last = (article.title, article.text, frequencies, found.terms)
        return found

    def _vector(self, title: str, body: str, frequencies: Frequencies) -> Vector:
        last_title, last_body, last_frequencies, vector = self._last
        if title is last_title and body is last_body and frequencies is last_frequencies:
            return vector
        return heaviest(weighed(said(title, body), frequencies))

    def weigh(self, frequencies: Frequencies) -> None:
        """From now on words weigh so."""
        with self._turn:
            if frequencies is not self._now.frequencies:
                self._now = self._weighed(frequencies)

    def learn(self, found: Mapping[str, Article]) -> None:
        """What stands at addresses, by key."""
        texts = {sample: found[sample.key] for sample in self._wanting if sample.key in found}
        if not texts:
            return
        with self._turn:
            self._said |= {sample: said(article.title, article.text) for sample, article in texts.items()}
            self._now = self._weighed(self._now.frequencies)

    def unknown(self) -> Iterable[tuple[Topic, Sample]]:
        """Addresses of which the archive has no article yet."""
        for sample, topics in self._wanting.items():
            if sample not in self._said:
                yield from ((topic, sample) for topic in topics)

    def _weighed(self, frequencies: Frequencies) -> _Weighed:
        samples = tuple(self._said)
        vectors = [heaviest(weighed(self._said[sample], frequencies)) for sample in samples]
        names = tuple(sample.name for sample in samples)
        wanting = tuple(tuple(topic.name for topic in self._wanting[sample]) for sample in samples)
        return _Weighed(frequencies, names, wanting, Neighbours(vectors))


def _least(score: int) -> float:
    """The cosine that may be rounded to it."""
    return (score - 0.5) / 100


@dataclass(frozen=True, slots=True)
class _Compared:
    title: str
    body: str
    vector: Vector

    def places(self, words: tuple[str, ...]) -> Mapping[Field, tuple[Span, ...]]:
        texts: Mapping[Field, str] = {"title": self.title, "body": self.body}
        return {name: found for name, text in texts.items() if (found := places(text, words))}


@dataclass(frozen=True, slots=True)
class _Weighed:
    """All samples whose text is known, as of one moment."""

    frequencies: Frequencies
    samples: tuple[str, ...]  # their names
    wanting: tuple[tuple[str, ...], ...]  # the topics that name each of them
    neighbours: Neighbours

    def near(self, one: _Compared, wanted: int, place: int, cosine: float) -> Near:
        """What is shared is worked out only where it will be shown."""
        name, score = self.samples[place], min(100, round(100 * cosine))
        if score < wanted:
            return Near(name, score)
        words = shared(one.vector, self.neighbours.vectors[place], NAMED)
        return Near(name, score, words, one.places(words))
