"""What a topic asks beside its words: that an article is like given ones. Who can tell is handed in. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from monitor.model import Evidence, Field, Match
from monitor.settings import Topic
from monitor.text import Span, passage
from monitor.topics.question import Question
from monitor.topics.why import Samples, Why

_TEXT: Final[tuple[Field, ...]] = ("title", "body")
_LONGEST: Final = 40  # signs of a name in a piece of evidence
_LIKE: Final = "like "
_IN_COMMON: Final = ": "


@dataclass(frozen=True, slots=True)
class Near:
    """The one of a topic's samples that an article is most like."""

    name: str
    score: int  # 0–100
    words: tuple[str, ...] = ()  # in common, what counts most first; none where the score is too low for the topic
    places: Mapping[Field, tuple[Span, ...]] | None = None  # of these


Compare = Callable[[str, str], Mapping[str, Near]]  # of a title and a body: by the topic's name


def nothing_known(_title: str, _body: str) -> Mapping[str, Near]:
    return {}


@dataclass(frozen=True)
class Likeness:
    """Of one article to the samples of all topics; worked out when the first of them asks."""

    compare: Compare
    texts: Mapping[Field, str]

    @cached_property
    def near(self) -> Mapping[str, Near]:
        return self.compare(self.texts["title"], self.texts["body"])

    def suffices(self, topic: Topic) -> bool:
        return not topic.like or self.score(topic) >= topic.like_score

    def score(self, topic: Topic) -> int:
        found = self.near.get(topic.name)
        return found.score if found else 0

    def shown_in(self, match: Match, topic: Topic) -> Match:
        """The match with what is alike as further evidence."""
        if not topic.like or not (near := self.near.get(topic.name)):
            return match
        return replace(match, evidence=(*match.evidence, *_evidence(near, self.texts)))

    def beside(self, why: Why, topic: Topic) -> Why:
        """The tree of a topic's words with its samples as one more part."""
        if not topic.like:
            return why
        part = self._why(topic)
        if why.kind == "and":
            parts = (*why.parts, part)
            return replace(why, is_hit=why.is_hit and part.is_hit, parts=parts) if why.parts else part
        is_hit = why.is_hit and part.is_hit
        return Why(why.source, "and", is_hit, 0, (why, part), 1, Samples("all of these"))

    def _why(self, topic: Topic) -> Why:
        near, several = self.near.get(topic.name), len(topic.like) > 1
        samples = f"one of {len(topic.like)} articles" if several else _short(topic.like[0].name)
        found = f"{_short(near.name)} by {near.score} of 100" if near else ""
        said = f"like {samples}, by {topic.like_score} of 100 or more"
        if near:
            said += f" ({_short(near.name)}: {near.score})" if several else f" ({near.score})"
        words = f": {', '.join(near.words)}" if near and near.words else ""
        return Why(f"like {samples}", "like", self.suffices(topic), 0, (), 1, Samples(said), found=f"{found}{words}")


def asks_for_words(question: Question) -> bool:
    """Whether it says in words what must be there; else only `like` does."""
    return any(is_positive for _, is_positive in question.clauses)


def shared_terms(evidence: Iterable[Evidence]) -> tuple[str, str] | None:
    """The example and the words in common, where evidence of a topic by example names them."""
    for each in evidence:
        name, colon, words = each.term.removeprefix(_LIKE).rpartition(_IN_COMMON)
        if colon and each.term.startswith(_LIKE):
            return name, words
    return None


def _evidence(near: Near, texts: Mapping[Field, str]) -> Iterator[Evidence]:
    """A passage of title and body each, where words in common stand closest."""
    term = f"{_LIKE}{_short(near.name)}{_IN_COMMON}{', '.join(near.words)}"
    for name in _TEXT:
        if spans := (near.places or {}).get(name):
            start, end = passage(texts[name], spans)
            hits = [span for span in spans if start <= span[0] and span[1] <= end]
            inside = tuple((one - start, other - start) for one, other in hits)
            yield Evidence(term, name, *(hits or spans)[0], texts[name][start:end], inside)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"…{name[1 - _LONGEST :]}"
