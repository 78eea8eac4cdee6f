"""The words of a text by how they are spelled: which come close to a given one. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

SHORTEST: Final = 3  # letters of a word that can be like another
BEGINNING: Final = 4  # letters that are the same, at least, where the rest is not
SAME: Final = 0.6  # share of the longer word that they make
LONGER: Final = 12  # letters that a word may have beyond the one asked for
LISTED: Final = 200  # words with the same beginning, or end, that are looked at
OF_ITS_OWN: Final = 0.15  # what another beginning or end costs at least
A_LETTER: Final = 0.03  # and each letter of it

Likeness = Literal["beginning", "ending", "spelling"]


class Alike(NamedTuple):
    """A word of the text. The less it costs, the closer it is."""

    cost: float
    form: str
    how: Likeness


class Effort:
    """How many words may still be compared letter by letter: so that no text takes long, whatever stands in it."""

    def __init__(self, most: int) -> None:
        self.left = most


class Spelled:
    """The words of a text, folded, each once."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = sorted(form for form in set(forms) if len(form) >= SHORTEST and not form.isdecimal())
        self._reversed = sorted(form[::-1] for form in self._forms)
        self._starting: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._ending: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for form in self._forms:
            self._starting[form[:2], len(form)].append(form)
            self._ending[form[-3:], len(form)].append(form)

    def alike(self, word: str, effort: Effort) -> list[Alike]:
        """What is spelled like it, the closest first."""
        if len(word) < SHORTEST or word.isdecimal():
            return []
        found: dict[str, Alike] = {}
        for alike in (*self._of_one_beginning(word), *self._of_one_end(word), *self._of_like_letters(word, effort)):
            if alike.form != word and (alike.form not in found or alike < found[alike.form]):
                found[alike.form] = alike
        return sorted(found.values())

    def _of_one_beginning(self, word: str) -> Iterator[Alike]:
        beginning = word[: max(BEGINNING, round(SAME * len(word)))]
        for form in _beginning_with(beginning, self._forms):
            same = _same_letters(word, form)
            if len(form) - len(word) <= LONGER and (same == len(word) or same >= SAME * max(len(form), len(word))):
                yield Alike(_cost(len(form) + len(word) - 2 * same), form, "beginning")

    def _of_one_end(self, word: str) -> Iterator[Alike]:
        if len(word) < BEGINNING:
            return
        for turned in _beginning_with(word[::-1], self._reversed):
            if len(turned) - len(word) <= LONGER:
                yield Alike(_cost(len(turned) - len(word)), turned[::-1], "ending")

    def _of_like_letters(self, word: str, effort: Effort) -> Iterator[Alike]:
        edits, letters = most_edits(len(word)), set(word)
        for length in range(len(word) - edits, len(word) + edits + 1):
            near = (*self._starting.get((word[:2], length), ()), *self._ending.get((word[-3:], length), ()))
            for form in near:
                if len(letters.symmetric_difference(form)) > 2 * edits:
                    continue
                if effort.left <= 0:
                    return
                effort.left -= 1
                if (far := distance(word, form, edits)) <= edits:
                    yield Alike(far / len(word), form, "spelling")


def most_edits(length: int) -> int:
    """So few letters may be wrong that it is still taken for the same word."""
    return 0 if length < 4 else 1 if length < 6 else 2 if length < 9 else 3  # noqa: PLR2004  the steps are the rule


def distance(one: str, other: str, most: int) -> int:
    """Letters that are missing, too many, wrong, or change places with the next; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for place, its in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != its))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == its:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)


def _same_letters(one: str, other: str) -> int:
    """At the beginning."""
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )


def _cost(letters: int) -> float:
    return OF_ITS_OWN + A_LETTER * letters


def _beginning_with(beginning: str, forms: list[str]) -> Iterator[str]:
    first = bisect_left(forms, beginning)
    for form in forms[first : first + LISTED]:
        if not form.startswith(beginning):
            return
        yield form
