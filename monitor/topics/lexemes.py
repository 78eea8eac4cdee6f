"""The pieces of a query: words, phrases, signs, prefixes and operators; what can't be read is refused here. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from monitor.errors import QueryError
from monitor.text import tokens

QUOTES: Final = '"“”„‟＂«»'
MODIFIERS: Final = ("case", "exact")
FIELDS: Final = ("title", "body", "url", "author", "feed")
WILDCARDS: Final = "*?"
FARTHEST: Final = 99  # words between the two sides of a NEAR
MOST: Final = 999  # times, for ATLEAST
_USUAL: Final = 5  # a NEAR without a number
_LETTERS: Final = 2  # that a wildcard needs before it
_STARS: Final = 4  # in one word; each more makes it slower to look for
_STRETCH: Final = 1000  # signs read at once, to find out whether there is a word in them
_SHOWN: Final = 30  # signs of a piece that a message repeats

_UNSEEN: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"  # what comes along when a text is copied

_PIECE: Final = re.compile(
    rf"(?P<plain>[A-Za-z0-9]++(?=[\s(){QUOTES}]|$))"
    r"|(?P<sign>[()])"
    rf"|(?P<phrase>[{QUOTES}][^{QUOTES}]*+[{QUOTES}])"
    r"|(?P<minus>-)"
    r"|(?P<prefix>[^\W\d_]\w*+:)"
    rf"|(?P<unseen>[{_UNSEEN}]++)"
    rf"|(?P<word>[^\s(){QUOTES}]++)"
    r"|(?P<quote>\S)"
)
_NOT_SEEN: Final = re.compile(f"[{_UNSEEN}]+")
_PREFIX: Final = re.compile(rf"({'|'.join((*MODIFIERS, *FIELDS))}):")
_NUMBER: Final = re.compile(r"0*([0-9]{1,3})")
_CERTAINLY_A_WORD: Final = re.compile(r"[A-Za-z0-9]")
_BORDER: Final = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_CHUNK: Final = re.compile(r"\S+")
_WITH_NUMBER: Final = frozenset({"NEAR", "ONEAR", "ATLEAST"})
_OPERATORS: Final = _WITH_NUMBER | {"AND", "OR", "NOT"}
_DASHES: Final = frozenset("‐‑‒–—−")
_FOREIGN: Final = re.compile(r"(?:[WwNn]|PRE|pre)?/([0-9]{1,3})|~([0-9]{1,3})")  # how others write NEAR
_BOOST: Final = re.compile(r"(?<=\w)[~^][0-9.]*$")  # of search engines: how much, how alike
_SIGNS_FOR: Final = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT"}


class Lexeme(NamedTuple):
    """`kind` is "word", "phrase", "modifier", "field", "end", or the sign or operator itself. `text` is the word, what
    stands between the quotes, the prefix without its colon, the operator with its number.
    """

    kind: str
    text: str
    start: int
    end: int
    number: int = 0  # of NEAR, ONEAR and ATLEAST

    @property
    def column(self) -> int:
        return self.start + 1


def words_of(text: str) -> tuple[str, ...]:
    """By which words aliases are told apart: F16, F-16 and f 16 are one."""
    if text.isascii() and text.isalpha():
        return (text.lower(),)
    return tuple(word for token in tokens(text) for word in _BORDER.split(token.term))


def has_word(text: str) -> bool:
    if _CERTAINLY_A_WORD.search(text):
        return True
    return any(tokens(text[start : start + _STRETCH]) for start in range(0, len(text), _STRETCH))


def lexemes(text: str) -> Iterator[Lexeme]:
    for found in _PIECE.finditer(text):
        match found.lastgroup:
            case "plain":
                yield _plain(found)
            case "sign":
                yield Lexeme(found[0], found[0], *found.span())
            case "phrase":
                yield _phrase(found)
            case "minus":
                yield _minus(found)
            case "prefix":
                yield _prefix(found)
            case "word":
                yield _word(found)
            case "unseen":
                continue
            case _:
                raise QueryError("this quote is never closed", found.start() + 1, 'close it with "')


def prefixes_of(item: str) -> tuple[tuple[str, ...], int]:
    """The `case:`, `title:` and so on that an item of a list begins with, and where its own text begins."""
    found: list[str] = []
    at = len(item) - len(item.lstrip())
    while prefix := _PREFIX.match(item, at):
        found.append(prefix[1])
        at = prefix.end()
    return tuple(found), at


def is_wild(text: str) -> bool:
    return "*" in text or "?" in text


def check_wildcards(text: str, shift: int = 0) -> None:
    """`shift` is where `text` begins in what the user wrote."""
    if not is_wild(text):
        return
    for chunk in filter(lambda found: is_wild(found[0]), _CHUNK.finditer(text)):
        for column, before, stars in wildcards(chunk[0], shift + chunk.start() + 1):
            _check_wildcard(text[column - shift - 1], column, before, stars)


def wildcards(text: str, column: int) -> Iterator[tuple[int, int, int]]:
    """Of each wildcard: its column, how many letters stand before it in its word, and how many * until there."""
    letters = stars = 0
    for place, char in enumerate(text, column):
        if char in WILDCARDS:
            stars += char == "*"
            yield place, letters, stars
        elif char.isalnum():
            letters += 1
        elif not _is_within_word(char):
            letters = stars = 0


def _is_within_word(char: str) -> bool:
    """An apostrophe, a mark, a sign that can't be seen: none of them ends a word."""
    return char in "'’‘" or (not char.isascii() and unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"})


def _check_wildcard(wildcard: str, column: int, before: int, stars: int) -> None:
    hint = f"write at least {_LETTERS} letters of the word before it"
    if before == 0:
        raise QueryError(f"a word can't begin with {wildcard}", column, hint)
    if before < _LETTERS:
        raise QueryError(f"there is only one letter before this {wildcard}", column, hint)
    if stars > _STARS:
        raise QueryError(f"there are more than {_STARS} * in this word", column, "write more of its letters")


def _plain(found: re.Match[str]) -> Lexeme:
    word = found[0]
    if word in _OPERATORS:
        return _operator(word, *found.span())
    if word[-1].isdecimal() and (name := word.rstrip("0123456789")) in _WITH_NUMBER:
        raise QueryError(f"{_shown(word)} has no slash", found.start() + 1, f"write {name}/{word[len(name) :][:3]}")
    return Lexeme("word", word, *found.span())


def _phrase(found: re.Match[str]) -> Lexeme:
    start, end = found.span()
    phrase = found[0][1:-1]
    check_wildcards(phrase, start + 1)
    if not has_word(phrase):
        raise QueryError("there is no word between these quotes", start + 1, "write a word or a phrase between them")
    return Lexeme("phrase", phrase, start, end)


def _minus(found: re.Match[str]) -> Lexeme:
    start, end = found.span()
    if not found.string[end : end + 1].strip():
        raise QueryError("this - stands alone", start + 1, "write -word without a blank to exclude a word")
    if found.string[end] == "-":
        raise QueryError("-- excludes nothing", start + 1, "write one - to exclude a word")
    return Lexeme("-", "-", start, end)


def _prefix(found: re.Match[str]) -> Lexeme:
    name, column = found[0][:-1], found.start() + 1
    if name in FIELDS:
        return Lexeme("field", name, *found.span())
    if name in MODIFIERS:
        return Lexeme("modifier", name, *found.span())
    if name.lower() in (*FIELDS, *MODIFIERS):
        raise QueryError(f"there is no field {name}:", column, f"write {name.lower()}: in small letters")
    if name in _WITH_NUMBER:
        raise QueryError(f"{name} takes no colon", column, f"write {name}/5")
    hint = f"there are {', '.join(f'{field}:' for field in FIELDS)}; put quotes around it to look for it as words"
    raise QueryError(f"there is no field {_shown(name)}:", column, hint)


def _word(found: re.Match[str]) -> Lexeme:
    word, at = found[0], found.start()
    seen = word if word.isascii() else _NOT_SEEN.sub("", word)
    if seen.partition("/")[0] in _WITH_NUMBER or seen in _OPERATORS:
        return _operator(seen, *found.span())
    if foreign := _FOREIGN.fullmatch(seen):
        hint = f"write one NEAR/{foreign[1] or foreign[2]} other, without a blank before the slash"
        raise QueryError(f"{seen} is not understood", at + 1, hint)
    if word[0] == "!" and has_word(word):
        raise QueryError("! is not understood", at + 1, f"write -{_shown(word[1:])} to exclude a word")
    if boost := _BOOST.search(seen):
        raise QueryError(f"{boost[0]} is not understood", at + boost.start() + 1, "leave it away")
    if word[0] in _DASHES:
        raise QueryError(f"{word[0]} is no minus", at + 1, "write -word to exclude a word, or put quotes around it")
    check_wildcards(word, at)
    if not has_word(word):
        operator = _SIGNS_FOR.get(word)
        hint = f"write {operator}" if operator else "leave it away"
        raise QueryError(f"there is no word in {_shown(word)}", at + 1, hint)
    return Lexeme("word", word, *found.span())


_EXAMPLES: Final = {
    "NEAR": "write NEAR/5: at most five words between",
    "ONEAR": "write ONEAR/5: at most five words between, in this order",
    "ATLEAST": "write ATLEAST/2(word): found twice or more",
}


def _operator(word: str, start: int, end: int) -> Lexeme:
    name, slash, number = word.partition("/")
    if name not in _WITH_NUMBER:
        return Lexeme(name, word, start, end)
    if not number:
        if not slash and name != "ATLEAST":
            return Lexeme(name, word, start, end, _USUAL)
        raise QueryError(f"{word} has no number after it", start + 1, _EXAMPLES[name])
    least, most = (1, MOST) if name == "ATLEAST" else (0, FARTHEST)
    figures = _NUMBER.fullmatch(number)
    if not figures or not least <= int(figures[1]) <= most:
        raise QueryError(f"{_shown(word)}: its number must be from {least} to {most}", start + 1, _EXAMPLES[name])
    return Lexeme(name, word, start, end, int(figures[1]))


def _shown(piece: str) -> str:
    """A piece of a query as a message repeats it: on one line, and not long."""
    short = piece if len(piece) <= _SHOWN else f"{piece[: _SHOWN - 1]}…"
    return "".join(char if char.isprintable() else "�" for char in short)
