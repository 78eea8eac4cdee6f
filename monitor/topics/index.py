"""Which of many queries an article may make true: looked up by their rarest words, not asked one by one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.topics.analysis import Piece
from monitor.topics.checks import Check
from monitor.topics.evaluate import Fields
from monitor.topics.question import Clause, Question
from monitor.topics.tree import WHERE
from monitor.topics.ways import Way, key_of_pattern, ways_of

Rarity = Callable[[str], float]  # of a word or stem: the larger, the rarer
_FEW: Final = 4  # that many ways are tried one after the other; more are told apart by their next word
_DEEPEST: Final = 50  # words on the way to a branch; who still shares more of them is tried one after the other, too
_REMEMBERED: Final = 1 << 17  # forms of the stream that were tried against the wildcards
_LONGEST: Final = 100  # letters of a form that is remembered; longer ones are no words, and hardly come again


@dataclass(frozen=True, slots=True)
class Candidates:
    """The places of the queries that are true, and of those of which only the evaluator knows."""

    sure: set[int]
    open: set[int]


class Index:
    """All queries of one language.

    A tree of words: at each branch the rarest word that all below it need, so that an article's own words lead to the
    queries that it may make true, and nothing else is touched. What has nothing to be led by is always tried.
    """

    __slots__ = ("_bound", "_root", "_wildcards")

    def __init__(self, root: _Branch, bound: Mapping[str, Mapping[str, str]], wildcards: Wildcards) -> None:
        self._root = root
        self._bound = bound
        self._wildcards = wildcards

    @classmethod
    def build(cls, questions: Sequence[Question], rarity: Rarity = len) -> Index:
        order = _Order(rarity)
        entries = [
            _entry(number, way, order) for number, question in enumerate(questions) for way in ways_of(question.root)
        ]
        return cls(
            _branch(entries),
            _bound(order),
            Wildcards(piece for question in questions for piece in patterns_in(question)),
        )

    def candidates(self, article: Fields) -> Candidates:
        there = self._there(article)
        sure: set[int] = set()
        maybe: set[int] = set()
        level = [self._root]
        while level:
            below: list[_Branch] = []
            for branch in level:
                if branch.sure:
                    sure.update(branch.sure)
                for rest, bans, checks, number, is_sure in branch.entries:
                    if there.issuperset(rest) and there.isdisjoint(bans) and (not checks or _all_hold(checks, article)):
                        (sure if is_sure else maybe).add(number)
                if further := branch.further:
                    below += map(further.__getitem__, further.keys() & there)
            level = below
        return Candidates(sure, maybe - sure)

    def _there(self, article: Fields) -> set[str]:
        """Every key that the article has."""
        there = set(article["body"].places)
        there.update(article["title"].places)
        there.update(self._wildcards.found(there))
        for name, keys in self._bound.items():
            forms = article[name].places if name in article else {}  # type: ignore[index]  # a field by its name
            there.update([keys[form] for form in keys.keys() & forms.keys()])
        return there


def _all_hold(checks: Iterable[Check], article: Fields) -> bool:
    for check in checks:  # noqa: SIM110  a generator would take twice the time
        if not check.holds(article):
            return False
    return True


# -- the tree ------------------------------------------------------------------------------------

_Keys = tuple[str, ...]
# Keys that must be there, the rarest first; those that must not; what else; whose way it is, and is it sure.
_Entry = tuple[_Keys, _Keys, tuple[Check, ...], int, bool]


@dataclass(frozen=True, slots=True)
class _Branch:
    sure: tuple[int, ...] = ()
    entries: tuple[_Entry, ...] = ()
    further: dict[str, _Branch] | None = None


def _entry(number: int, way: Way, order: _Order) -> _Entry:
    for ban in way.bans:
        order[ban]  # so that it is known
    return tuple(sorted(way.needs, key=order.__getitem__)), tuple(way.bans), way.checks, number, way.is_sure


def _branch(entries: Iterable[_Entry], *, depth: int = 0) -> _Branch:
    """The entries without their way to here; many are told apart by the next of their words."""
    sure, here, next_ones = [], [], list[_Entry]()
    for entry in entries:
        rest, bans, checks, number, is_sure = entry
        if rest:
            next_ones.append(entry)
        elif is_sure and not bans and not checks:
            sure.append(number)
        else:
            here.append(entry)
    if depth and (len(next_ones) <= _FEW or depth == _DEEPEST):
        return _Branch(tuple(sure), (*here, *next_ones))
    further: dict[str, list[_Entry]] = {}
    for rest, bans, checks, number, is_sure in next_ones:
        further.setdefault(rest[0], []).append((rest[1:], bans, checks, number, is_sure))
    branches = {key: _branch(below, depth=depth + 1) for key, below in further.items()}
    return _Branch(tuple(sure), tuple(here), branches)


class _Order(dict[str, tuple[bool, float, str]]):
    """Where each key that was asked for stands, the rarest first. A wildcard is many words, so it is never rare."""

    def __init__(self, rarity: Rarity) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, key: str) -> tuple[bool, float, str]:
        self[key] = place = (key[0] == "*", -self._rarity(_word(key)), key)
        return place


def _word(key: str) -> str:
    return key.partition(":")[2].removeprefix("~") if ":" in key else key.removeprefix("~")


def _bound(keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """The keys of a single field: field → form → key."""
    bound: dict[str, dict[str, str]] = {}
    for key in keys:
        name, is_bound, form = key.partition(":")
        if is_bound and name[0] != "*":
            bound.setdefault(name, {})[form] = key
    return bound


# -- wildcards -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Memory:
    """What has been tried, and what some wildcard stands for."""

    tried: set[str] = field(default_factory=set)
    found: dict[str, _Keys] = field(default_factory=dict)


class Wildcards:
    """Each form of the stream is tried once against all wildcards, but for the very long ones."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._by_beginning: dict[str, list[tuple[str, Callable[[str], object], str]]] = {}
        for piece in dict.fromkeys(pieces):
            assert piece.pattern
            ways = self._by_beginning.setdefault(piece.prefix[:2], [])
            ways.append((piece.prefix, piece.pattern.fullmatch, key_of_pattern(piece)))
        self._memory = _Memory()

    def found(self, forms: set[str]) -> list[str]:
        """The keys of all wildcards that stand for one of these forms."""
        if not self._by_beginning:
            return []
        memory = self._memory
        if len(memory.tried) > _REMEMBERED:
            self._memory = memory = _Memory()
        found: list[str] = []
        for form in forms - memory.tried:
            if len(form) > _LONGEST:
                found += self._tried(form)
                continue
            if keys := tuple(self._tried(form)):
                memory.found[form] = keys
            memory.tried.add(form)
        found += [key for form in memory.found.keys() & forms for key in memory.found[form]]
        return found

    def _tried(self, form: str) -> Iterator[str]:
        for beginning in {form[:2], form[:1], ""}:
            for prefix, whole, key in self._by_beginning.get(beginning, ()):
                if form.startswith(prefix) and whole(form):
                    yield key


def patterns_in(question: Question) -> Iterator[Piece]:
    """The wildcards that it looks for in title or body."""
    for clause, _ in question.clauses:
        if set(clause.fields) & set(WHERE):
            yield from _patterns(clause)


def _patterns(clause: Clause) -> Iterator[Piece]:
    return (piece for row in clause.rows for piece in row if piece.pattern is not None)
