"""The pieces of a query: words, phrases, signs and operators; what is not understood is refused here. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.errors import QueryError
from monitor.text import tokens

QUOTES: Final = '"“”„‟＂«»'
_SPACE: Final = re.compile(r"\s+")
_PHRASE: Final = re.compile(f"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
_WORD: Final = re.compile(rf"[^\s(){QUOTES}]+")
_PREFIX: Final = re.compile(r"([^\W\d_]\w*):")
_MODIFIERS: Final = frozenset({"case", "exact"})
_FIELDS_TO_COME: Final = frozenset({"title", "body", "url", "author", "feed"})
_OPERATOR_TO_COME: Final = re.compile(r"(O?NEAR|ATLEAST)(/|$)")
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_DASHES: Final = frozenset("‐‑‒–—−")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`kind` is "word", "phrase", "modifier", or the sign or operator itself."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def column(self) -> int:
        return self.start + 1


def words_of(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def lexemes(text: str) -> Iterator[Lexeme]:
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        lexeme = _lexeme(text, at)
        yield lexeme
        at = lexeme.end


def modifiers_of(item: str) -> tuple[frozenset[str], int]:
    """The `case:` and `exact:` an item of a list begins with, and where its own text begins."""
    found: set[str] = set()
    at = len(item) - len(item.lstrip())
    while (prefix := _PREFIX.match(item, at)) and prefix[1] in _MODIFIERS | _FIELDS_TO_COME:
        _refuse_field(prefix[1], at + 1)
        found.add(prefix[1])
        at = prefix.end()
    return frozenset(found), at


def refuse_wildcards(text: str, shift: int = 0) -> None:
    """`shift` is where `text` begins in what the user wrote."""
    if not (wildcard := re.search(r"[*?]", text)):
        return
    column = shift + wildcard.start() + 1
    if not words_of(text[: wildcard.start()][-1:]):
        raise QueryError(f"a word can't begin with {wildcard[0]}", column, "write at least its first two letters")
    raise QueryError(f"{wildcard[0]} as a wildcard is not understood yet", column, "write the words out, with OR")


def _lexeme(text: str, at: int) -> Lexeme:
    if text[at] in QUOTES:
        return _phrase(text, at)
    if text[at] in "()":
        return Lexeme(text[at], text[at], at, at + 1)
    if text[at] == "-":
        return _minus(text, at)
    if prefix := _PREFIX.match(text, at):
        return _modifier(prefix)
    return _word(text, at)


def _phrase(text: str, at: int) -> Lexeme:
    found = _PHRASE.match(text, at)
    if not found:
        raise QueryError("this quote is never closed", at + 1, 'close it with "')
    refuse_wildcards(found[1], found.start(1))
    if not words_of(found[1]):
        raise QueryError("there is no word between these quotes", at + 1, "write a word or a phrase between them")
    return Lexeme("phrase", found[1], at, found.end())


def _minus(text: str, at: int) -> Lexeme:
    if not text[at + 1 : at + 2].strip():
        raise QueryError("this - stands alone", at + 1, "write -word without a blank to exclude a word")
    return Lexeme("-", "-", at, at + 1)


def _modifier(prefix: re.Match[str]) -> Lexeme:
    _refuse_field(prefix[1], prefix.start() + 1)
    return Lexeme("modifier", prefix[1], prefix.start(), prefix.end())


def _refuse_field(name: str, column: int) -> None:
    if name in _FIELDS_TO_COME:
        raise QueryError(f"{name}: is not understood yet", column, "leave it away: title and body are searched")
    if name not in _MODIFIERS:
        raise QueryError(f"there is no field {name}:", column, "put quotes around it to look for it as words")


def _word(text: str, at: int) -> Lexeme:
    found = _WORD.match(text, at)
    assert found
    word = found[0]
    if word in _OPERATORS:
        return Lexeme(word, word, at, found.end())
    if later := _OPERATOR_TO_COME.match(word):
        raise QueryError(f"{later[1]} is not understood yet", at + 1, "use AND, OR, NOT and phrases in quotes")
    if word[0] in _DASHES:
        raise QueryError(f"{word[0]} is no minus", at + 1, "write -word to exclude a word, or put quotes around it")
    refuse_wildcards(word, at)
    if not words_of(word):
        raise QueryError(f"there is no word in {word}", at + 1, "leave it away")
    return Lexeme("word", word, at, found.end())
