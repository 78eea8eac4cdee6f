"""Two sentences that are alike: which figures and names stand in the place of others. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Self

from monitor.stories.statements import Statement, Vocabulary, Word

WORDS: Final = 100  # of a sentence that are laid side by side, from the first that is other
LONGEST: Final = 7  # words that stand in the place of others; more is another clause
MOST: Final = 4  # places in one sentence; with more it is another sentence

_SHORTEST_SPELT: Final = 5  # letters; one letter makes another word of a shorter one: Iran, Irak
_ENDINGS: Final = frozenset({"s", "n", "an", "ian", "ans", "ians", "nya", "lah", "ku", "mu"})

_Words = Sequence[Word]


@dataclass(frozen=True, slots=True)
class Swap:
    """What was said, and what is said in its place."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence of one reading, and the words of that whole reading."""

    statement: Statement
    all: Vocabulary

    @property
    def words(self) -> _Words:
        return self.statement.words


@dataclass(frozen=True, slots=True)
class _Left:
    """What a sentence says and the other does not, or less often."""

    words: Counter[str]
    figures: Counter[str]

    @classmethod
    def of(cls, one: Statement, other: Statement) -> Self:
        said, said_other = (Counter(word.said for word in each.words) for each in (one, other))
        return cls(said - said_other, one.figures - other.figures)


def swaps(one: Side, other: Side, *, fewest_kept: int, only_plain: bool = False) -> list[Swap]:
    """The figures and names that were said and are not any more, each with those in its place.

    Where the sentence stayed the same but for them (it is plain), any other figure counts, and any other name that is
    new or was not said elsewhere. Where it was reworded too, only what is gone from the whole article, and only if what
    came is new to it.
    """
    blocks, kept, is_moved = _laid_side_by_side(one.words, other.words)
    if kept < fewest_kept:
        return []
    gone, come = _Left.of(one.statement, other.statement), _Left.of(other.statement, one.statement)
    found = [_figures(block, gone, come) or _names(block, one, other, gone, come) for block in blocks]
    is_plain = not is_moved and all(found) and len(blocks) <= MOST
    if only_plain and not is_plain:
        return []
    return [each for each in found if each and (_counts(each, one, other) if is_plain else _is_gone(each, one, other))]


@dataclass(frozen=True, slots=True)
class _Block:
    before: _Words
    after: _Words


def _laid_side_by_side(one: _Words, other: _Words) -> tuple[list[_Block], int, bool]:
    """The places with other words, how many words stayed, and whether some came or went without any in their place."""
    said, said_other = [word.said for word in one], [word.said for word in other]
    start = _common(said, said_other)
    end = _common(said[start:][::-1], said_other[start:][::-1])
    last, other_last = len(said) - end, len(said_other) - end
    matcher = SequenceMatcher(None, said[start:last][:WORDS], said_other[start:other_last][:WORDS], autojunk=False)
    blocks, kept, is_moved = [], start + end, max(last, other_last) - start > WORDS
    for what, first, stop, other_first, other_stop in matcher.get_opcodes():
        if what == "equal":
            kept += stop - first
        elif what == "replace" and max(stop - first, other_stop - other_first) <= LONGEST:
            blocks.append(_Block(one[start:][first:stop], other[start:][other_first:other_stop]))
        else:
            is_moved = True
    return blocks, kept, is_moved


# -- figures -------------------------------------------------------------------------------------


def _figures(block: _Block, gone: _Left, come: _Left) -> Swap | None:
    before = tuple(word.said for word in block.before if word.is_figure and word.said in gone.figures)
    after = tuple(word.said for word in block.after if word.is_figure and word.said in come.figures)
    return Swap(before, after) if before and after else None


# -- names ---------------------------------------------------------------------------------------


def _names(block: _Block, one: Side, other: Side, gone: _Left, come: _Left) -> Swap | None:
    before = tuple(word.said for word in block.before if word.said in gone.words and _is_name(word, one, other))
    after = tuple(word.said for word in block.after if word.said in come.words and _is_name(word, other, one))
    is_headline = one.statement.is_headline or other.statement.is_headline
    # Capitals tell nothing there: on one side at least the text must know the name.
    if is_headline and not (one.all.names.intersection(before) or other.all.names.intersection(after)):
        return None
    swap = Swap(before, after)
    return swap if before and after and _is_other(swap, block, one, other) else None


def _is_name(word: Word, side: Side, other: Side) -> bool:
    if word.is_figure or word.is_lower:
        return False
    if word.said in side.all.names:
        return True
    if not side.statement.is_headline:
        return word.is_capital
    return word.said not in side.all.lowers and word.said not in other.all.lowers


def _is_other(swap: Swap, block: _Block, one: Side, other: Side) -> bool:
    """Not the same name in another spelling, longer or shorter, nor another word for whom it names."""
    pairs = [(before, after) for before in swap.before for after in swap.after]
    if any(pair in side.all.together for pair in pairs for side in (one, other)):
        return False
    if _is_short_for(block.before, block.after) or _is_short_for(block.after, block.before):
        return False
    left = [each for each in swap.before if not any(is_spelling(each, name) for name in swap.after)]
    came = [each for each in swap.after if not any(is_spelling(each, name) for name in swap.before)]
    return bool(left and came)


def _is_short_for(short: _Words, long: _Words) -> bool:
    """KPK, Menlu, Korut: one word whose letters stand in this order in several."""
    if len(short) != 1 or len(long) < 2 or short[0].said[0] != long[0].said[0]:  # noqa: PLR2004
        return False
    letters = iter("".join(word.said for word in long))
    return all(letter in letters for letter in short[0].said)


def is_spelling(one: str, other: str) -> bool:
    """Whether two names are one, spelt or bent otherwise: a letter more, less, other, or two that changed places."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and long[len(short) :] in _ENDINGS:
        return True
    if len(short) < _SHORTEST_SPELT or len(long) - len(short) > 1:
        return False
    start = _common(short, long)
    end = _common(short[start:][::-1], long[start:][::-1])
    middle = short[start : len(short) - end], long[start : len(long) - end]
    return max(map(len, middle)) <= 1 or (len(middle[0]) == 2 and middle[0] == middle[1][::-1])  # noqa: PLR2004


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))


# -- does it count? ------------------------------------------------------------------------------


def _counts(swap: Swap, one: Side, other: Side) -> bool:
    """In a sentence that stayed the same; of names one at least must have come to the article or left it."""
    is_figure = swap.before[0] in one.statement.figures
    return is_figure or not (_all_in(swap.before, other) and _all_in(swap.after, one))


def _is_gone(swap: Swap, one: Side, other: Side) -> bool:
    return not other.all.said.intersection(swap.before) and not one.all.said.intersection(swap.after)


def _all_in(terms: Iterable[str], side: Side) -> bool:
    return side.all.said.issuperset(terms)
