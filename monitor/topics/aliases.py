"""What else a word or phrase is called, as the user lists it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.errors import QueryError
from monitor.topics.lexemes import QUOTES, modifiers_of, refuse_wildcards, words_of
from monitor.topics.tree import Alias, Leaf, Phrase, Word

Words = tuple[str, ...]
Path = tuple[str | int, ...]


class TopicError(QueryError):
    """A query error and its place: ("query",), ("any", 1), ("name",) in a topic; ("aliases", "Rusia", 0) in the file."""

    def __init__(self, error: QueryError, path: Path) -> None:
        super().__init__(error.what, error.column, error.hint)
        self.path = path


@dataclass(frozen=True, slots=True)
class Aliases:
    """What else a word or phrase is called: its folded words → words and phrases that mean the same."""

    options: Mapping[Words, tuple[Word | Phrase, ...]]
    longest: int = 0  # words of the longest key

    @classmethod
    def compile(cls, written: Mapping[str, tuple[str, ...]]) -> Aliases:
        """Raises `TopicError` for the first thing wrong; `compile_aliases` gives all."""
        aliases, errors = compile_aliases(written)
        if errors:
            raise errors[0]
        return aliases

    def read(self, leaf: Word | Phrase) -> Leaf:
        """The leaf, or the alias whose key it is; with `case:` or `exact:` only the word itself will do."""
        options = None if leaf.case or leaf.exact else self.options.get(words_of(leaf.text))
        return Alias((leaf, *options), leaf.column, leaf.source) if options else leaf


DASHES: Final = ("-", "‐", "‑", "‒", "–", "—", "−")
NO_ALIASES: Final = Aliases({})


def compile_aliases(written: Mapping[str, tuple[str, ...]]) -> tuple[Aliases, tuple[TopicError, ...]]:
    """The aliases that can be read, and what is wrong with the others."""
    options: dict[Words, list[Word | Phrase]] = {}
    errors: list[TopicError] = []
    for key, values in written.items():
        if not words_of(key):
            errors.append(TopicError(QueryError("there is no word in this alias", 1, "name a word"), ("aliases", key)))
            continue
        meanings = options.setdefault(words_of(key), [])
        for place, value in enumerate(values):
            try:
                meanings.append(parse_item(value))
            except QueryError as error:
                errors.append(TopicError(error, ("aliases", key, place)))
    frozen = {words: tuple(meanings) for words, meanings in options.items()}
    return Aliases(frozen, max(map(len, frozen), default=0)), tuple(errors)


def parse_item(text: str) -> Word | Phrase:
    """One item of a list: a word, or a phrase if it has several. Operators are words here; `case:`, `exact:` before it
    and quotes around it count.
    """
    modifiers, at = modifiers_of(text)
    if text[at : at + 1] in DASHES and words_of(text[at:]):
        raise QueryError("an item can't exclude", at + 1, "leave the - away; to exclude a word, write none: [word]")
    quotes = [place for place in range(at, len(text)) if text[place] in QUOTES]
    if len(quotes) % 2:
        raise QueryError("this quote is never closed", quotes[-1] + 1, 'close it with "')
    refuse_wildcards(text[at:], at)
    if not words_of(text[at:]):
        raise QueryError("there is no word here", at + 1, "write a word or a phrase")
    column = len(text) - len(text.lstrip()) + 1
    shape = Phrase if quotes or len(text[at:].split()) > 1 else Word
    return shape(text[at:].strip(), column, text.strip(), "case" in modifiers, "exact" in modifiers)
