"""The topics of one language, asked together of an article that was read once for all of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import is_

from monitor.model import Article, Field
from monitor.settings import Topic
from monitor.topics.analysis import Analyser
from monitor.topics.evaluate import Fields, is_true
from monitor.topics.filters import refused_by
from monitor.topics.index import Index, Rarity
from monitor.topics.question import Question
from monitor.topics.tree import WHERE


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """A topic and its query, made ready by one who knows its language."""

    topic: Topic
    question: Question
    analyser: Analyser


@dataclass(frozen=True, eq=False)
class Group:
    """The topics that were made ready by one analyser; `places` are theirs among all."""

    analyser: Analyser
    watches: tuple[Watch, ...]
    places: tuple[int, ...]
    fields: frozenset[Field]  # in which any of them looks, and title and body
    rarity: Rarity

    @cached_property
    def index(self) -> Index:
        """Made when it is first asked for: who only checks a configuration needs none."""
        return Index.build([watch.question for watch in self.watches], self.rarity)

    def read(self, texts: Mapping[Field, str]) -> Fields:
        return {name: self.analyser.read(text) for name, text in texts.items() if name in self.fields}

    def asked(self, fields: Fields, article: Article) -> Iterable[tuple[int, Watch]]:
        """The topics whose query is true, and whose filters let the article pass."""
        found = self.index.candidates(fields)
        for number in (*found.sure, *found.open):
            watch = self.watches[number]
            if refused_by(watch.topic, article):
                continue
            if number in found.sure or is_true(watch.question, fields):
                yield self.places[number], watch


def groups_of(watches: Sequence[Watch], rarity: Rarity, previous: Sequence[Group]) -> Iterable[Group]:
    by_analyser: dict[int, list[int]] = {}
    for place, watch in enumerate(watches):
        by_analyser.setdefault(id(watch.analyser), []).append(place)
    known = {id(group.analyser): group for group in previous}
    for analyser, places in by_analyser.items():
        those = tuple(watches[place] for place in places)
        kept = known.get(analyser)
        if kept and len(kept.watches) == len(those) and all(map(is_, kept.watches, those)):
            yield kept if kept.places == tuple(places) else replace(kept, places=tuple(places))
        else:
            yield _group(those, tuple(places), rarity)


def _group(watches: tuple[Watch, ...], places: tuple[int, ...], rarity: Rarity) -> Group:
    fields = frozenset(WHERE).union(
        *(clause.fields for watch in watches for clause, _ in watch.question.clauses if clause.fields is not WHERE)
    )
    return Group(watches[0].analyser, watches, places, fields, rarity)
