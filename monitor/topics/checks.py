"""What can be told of words by their places alone, quicker than a whole query: are they in a row, are they near? Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Field
from monitor.topics.analysis import Row, Words
from monitor.topics.evaluate import Fields
from monitor.topics.places import stands


@dataclass(frozen=True, slots=True)
class Standing:
    """A row that must stand in one of some fields."""

    row: Row
    fields: tuple[Field, ...]
    forms: tuple[str, ...] = ()  # of words that may be written in any way; empty, if any may not

    def holds(self, article: Fields) -> bool:
        for name in self.fields:
            if name in article:
                words = article[name]
                if _stand(self.forms, words) if self.forms else stands(self.row, words):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Close:
    """Two forms with at most `distance` words between them, in one of some fields; `ordered`: `left` first."""

    left: str
    right: str
    distance: int
    ordered: bool
    fields: tuple[Field, ...]

    def holds(self, article: Fields) -> bool:
        for name in self.fields:  # noqa: SIM110  a generator would take twice the time
            if name in article and self._is_in(article[name]):
                return True
        return False

    def _is_in(self, words: Words) -> bool:
        if self.left not in words.places or self.right not in words.places:
            return False
        one, other, reach = self.left, self.right, self.distance + 1
        return _follows(one, other, reach, words) or (not self.ordered and _follows(other, one, reach, words))


Check = Standing | Close


def _follows(one: str, other: str, reach: int, words: Words) -> bool:
    """Does the second begin at most so many words after the end of the first?"""
    places = words.places[other]
    for start in words.places[one]:
        end = words.last(one, start)
        index = bisect_left(places, end + 1)
        if index < len(places) and places[index] <= end + reach:
            return True
    return False


def _stand(forms: Sequence[str], words: Words) -> bool:
    """The same as `stands`, for words that may be written in any way."""
    known = words.places
    for form in forms:
        if form not in known:
            return False
    for start in known[forms[0]]:
        at = start
        for form in forms:
            places = known[form]
            index = bisect_left(places, at)
            if index == len(places) or places[index] != at:
                break
            at = words.last(form, at) + 1
        else:
            return True
    return False
