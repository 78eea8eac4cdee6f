"""The words of a language: in which forms a word is found, and by which form it is looked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.text import Token, tokens

# Words that the end of a paragraph is away from the beginning of the next: no phrase and no NEAR (99 at most) gets over.
PARAGRAPH_GAP: Final = 100
_POSSESSIVE: Final = ("'s", "’s", "'S", "’S")


@dataclass(frozen=True, slots=True)
class Term:
    """A form in which the word at `position` (counted in words) can be found; `start` and `end` in code points."""

    term: str
    cased: str  # the same with its capitals
    position: int
    start: int
    end: int


def analyse(text: str, language: str) -> list[Term]:
    """Every word of a text in every form it can be found by, in order; the plain form of a word comes first."""
    found: list[Term] = []
    position = end = 0
    for token in tokens(text):
        position += 1 + PARAGRAPH_GAP * (text.count("\n", end, token.start) > 0)
        end = token.end
        found += [Term(term, cased, position, token.start, end) for term, cased in _forms(token, text, language)]
    return found


def looked_for(text: str, language: str) -> tuple[Term, ...]:
    """What a word or phrase of a query is looked for by: one form of each of its words."""
    one_of_each = {term.position: term for term in reversed(analyse(text, language))}
    return tuple(reversed(one_of_each.values()))


def _forms(token: Token, text: str, language: str) -> Iterator[tuple[str, str]]:
    """For now no language is known more closely than by folding: stems come with issue 6."""
    del language
    yield token.term, token.cased
    if text[token.start : token.end].endswith(_POSSESSIVE):  # Russia's is about Russia
        yield token.term[:-1], token.cased[:-1]
