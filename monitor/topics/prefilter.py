"""Which of very many texts can't concern a topic: seen without reading them word for word. Pure.

Reading a text costs half a millisecond, and most of an archive has nothing to do with a topic. What it needs is looked for
in the letters as they stand: wherever they might be part of a word that the topic is led to by, that word alone is read.
A text that is let through may still concern nothing; one that is refused concerns none of the topics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import re2

from monitor.topics.analysis import STEM, Analyser, Piece
from monitor.topics.groups import Group
from monitor.topics.index import patterns_in
from monitor.topics.ways import key_of_pattern

_BETWEEN: Final = r"[^a-z0-9\s]{0,2}"  # what may stand between the letters of a word: U.S., e-mail, O'Brien
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_BLANK: Final = re.compile(r"\s")
_REMEMBERED: Final = 1 << 18  # chunks
_IN_TEXT: Final = frozenset(("title", "body"))


@dataclass(slots=True)
class Prefilter:
    """For the topics of one language."""

    _analyser: Analyser
    _keys: frozenset[str]  # forms
    _patterns: tuple[Piece, ...]
    _traces: Any  # of re2, which has no types
    _known: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, group: Group) -> Prefilter | None:
        """None where some topic is led to by nothing that stands in a text."""
        leads = group.index.leads()
        wild = {key_of_pattern(piece): piece for watch in group.watches for piece in patterns_in(watch.question)}
        forms: set[str] = set()
        patterns: list[Piece] = []
        for key in leads or ():
            name, is_bound, form = key.partition(":")
            if key in wild:
                patterns.append(wild[key])
            elif is_bound and name not in _IN_TEXT:
                return None
            else:
                forms.add(form if is_bound else key)
        traces = {trace for form in forms for trace in _traces_of(form, group.analyser)}
        traces |= {piece.prefix for piece in patterns}
        if leads is None or not all(trace.strip("^") for trace in traces):
            return None
        return cls(group.analyser, frozenset(forms), tuple(patterns), _anywhere(traces))

    def lets_through(self, text: str) -> bool:
        return any(map(self._is_led_to, self._chunks(text)))

    def _chunks(self, text: str) -> Iterator[str]:
        """Those that hold a trace; and all that are not plain ASCII, whose letters may be written in many ways."""
        lower = text.lower()
        if len(lower) != len(text):
            lower = _as_long(text)
        for found in self._traces.finditer(lower):
            yield _around(text, found.start(), found.end())
        for other in _NOT_ASCII.finditer(text):
            yield _around(text, other.start(), other.end())

    def _is_led_to(self, chunk: str) -> bool:
        known = self._known.get(chunk)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[chunk] = self._is_led_to_anew(chunk)
        return known

    def _is_led_to_anew(self, chunk: str) -> bool:
        forms = self._analyser.read(chunk).places.keys()
        if not self._keys.isdisjoint(forms):
            return True
        return any(piece.pattern and piece.pattern.fullmatch(form) for piece in self._patterns for form in forms)


def passes(groups: Iterable[Group]) -> Callable[[str, str], bool] | None:
    """Whether an article with this title and text may concern any topic; None: that can't be told from them alone."""
    filters = [Prefilter.of(group) for group in groups]
    known = [each for each in filters if each is not None]
    if len(known) < len(filters):
        return None
    return lambda title, text: any(each.lets_through(title) or each.lets_through(text) for each in known)


def _traces_of(form: str, analyser: Analyser) -> tuple[str, ...]:
    """What a chunk must hold to have this form, but for what is neither letter nor digit."""
    return analyser.stems.traces(form.removeprefix(STEM)) if form.startswith(STEM) else (form,)


def _as_long(text: str) -> str:
    """In lower case, each sign at its place: some become longer."""
    return "".join(lower if len(lower := sign.lower()) == 1 else sign for sign in text)


def _around(text: str, start: int, end: int) -> str:
    """The chunk that this is part of."""
    while start and not text[start - 1].isspace():
        start -= 1
    after = _BLANK.search(text, end)
    return text[start : after.start() if after else len(text)]


def _anywhere(traces: Iterable[str]) -> Any:
    ways = [_way(trace) for trace in sorted(traces) if trace.strip("^").isascii()]
    return re2.compile("|".join(ways) or r"\bnothing\b\B")


def _way(trace: str) -> str:
    """Letters that can't be written in ASCII are found by being none."""
    if trace.startswith("^"):
        return rf"\b{re.escape(trace[1:])}"
    return _BETWEEN.join(map(re.escape, re.sub(r"[^a-z0-9]", "", trace.lower())))
