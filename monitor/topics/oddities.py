"""What is accepted in a topic, but hardly means what its writer thinks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from monitor.errors import QueryError
from monitor.settings import Topic
from monitor.topics.aliases import NO_ALIASES, Aliases, Path, TopicError
from monitor.topics.lexemes import QUOTES, Lexeme, is_wild, lexemes, wildcards, words_of
from monitor.topics.stopwords import stop_words
from monitor.topics.sugar import read_parts
from monitor.topics.tree import Alias, Query, Word, leaves

ROOM: Final = 85  # columns of a hint
LETTERS: Final = 4  # before a wildcard; with fewer it is found in words of every kind

_OPERATOR: Final = re.compile(r"(?:^|(?<=\s))(?:NOT|(?<!^)(?:AND|OR|O?NEAR(?:/[0-9]+)?))(?=\s+\S)")
_MINUS: Final = re.compile(r"(?:^|(?<=\s))-(?=\w)")
_COMMA: Final = re.compile(r"(?<=\w)\s*,(?=\s*[^\W\d])")
_LOWER: Final = re.compile(r"and|or|not|o?near(?:/[0-9]+)?|atleast/[0-9]+", re.IGNORECASE)
_QUOTE: Final = re.compile(f"[{QUOTES}]")
_CHUNK: Final = re.compile(r"[^\s():]+")
_WORDS: Final = re.compile(r"\w+")
_LISTS: Final = {"AND": "all", "OR": "any", "NOT": "none"}
_IN_INDONESIAN: Final = {"DAN": "AND", "ATAU": "OR", "TIDAK": "NOT", "BUKAN": "NOT"}
_ENDS: Final = frozenset({"word", "phrase", ")"})
_BEGINS: Final = frozenset({"word", "phrase", "modifier", "field", "("})
_MAY_BE_LOWER: Final = frozenset({"and", "or", "not", "near", "onear", "atleast"})

Ambiguous = Mapping[str, Sequence[tuple[str, str]]]  # key of an alias → a short form, and what else it means


def oddities(topic: Topic, aliases: Aliases = NO_ALIASES) -> Iterator[TopicError]:
    """Each with its place; nothing of it keeps the topic from being read. The hints repeat what the topic says."""
    lists = {"any": topic.any, "all": topic.all, "none": topic.none}
    if topic.query is not None:
        yield from _of_query(topic.query)
    for key, items in lists.items():
        for place, item in enumerate(items):
            yield from _of_item(key, place, item)
    if topic.query is None and not any(lists.values()) and not topic.regex and not topic.like:
        yield from _of_name(topic.name)
    yield from _of_stop_words(topic, aliases)


def ambiguities(topic: Topic, aliases: Aliases, ambiguous: Ambiguous) -> Iterator[TopicError]:
    """The aliases of a topic that are also called by a short form that means something else as well."""
    meanings = {words_of(key): notes for key, notes in ambiguous.items()}
    for path, query in read_parts(topic, aliases):
        for alias in _aliases_of(query):
            for short, also in meanings.get(words_of(alias.options[0].text), ()):
                what = f"'{alias.source}' is also looked for as {short}, which can mean {also}"
                yield TopicError(QueryError(_cut(what), alias.column, _only_one(alias.source, path)), path)


def _only_one(name: str, path: Path) -> str:
    """How to say that one meaning is meant. In a name nothing is an operator."""
    own = f"add to aliases what {name} is to be called"
    if path == ("name",):
        return _fitting(own, "add to aliases what it is to be called")
    return _fitting(f"write exact: before it, or {own}", "write exact: before it")


def _cut(what: str) -> str:
    return what if len(what) <= ROOM else f"{what[: ROOM - 1]}…"


def _aliases_of(query: Query) -> Iterator[Alias]:
    for leaf, _ in leaves(query):
        if isinstance(leaf, Alias):
            yield leaf


def _odd(path: Path, start: int, what: str, hint: str) -> TopicError:
    return TopicError(QueryError(what, start + 1, hint), path)


# -- queries -------------------------------------------------------------------------------------


def _of_query(query: str) -> Iterator[TopicError]:
    is_lower = not _MAY_BE_LOWER.isdisjoint(_WORDS.findall(query.lower()))
    if not is_lower and not is_wild(query):
        return
    try:
        pieces = tuple(lexemes(query))
    except QueryError:  # it is told as an error
        return
    if is_lower:
        yield from _small_operators(pieces)
    yield from _short_wildcards(("query",), query)


def _small_operators(pieces: Sequence[Lexeme]) -> Iterator[TopicError]:
    kinds = ("", *(piece.kind for piece in pieces), "")
    for piece, before, after in zip(pieces, kinds, kinds[2:], strict=False):
        if piece.kind != "word" or not _LOWER.fullmatch(piece.text):
            continue
        operator = piece.text.upper()
        may_begin = operator == "NOT" or operator.startswith("ATLEAST")
        if (before in _ENDS or (may_begin and before in {"", "(", "AND", "OR"})) and after in _BEGINS:
            what = f"'{piece.text}' is a word here: operators are in capitals"
            yield _odd(("query",), piece.start, what, f"write {operator}, or put quotes around the word")


def _short_wildcards(path: Path, text: str) -> Iterator[TopicError]:
    if not is_wild(text):
        return
    for chunk in _CHUNK.finditer(text):
        first = next(iter(wildcards(chunk[0], chunk.start() + 1)), None)
        if first and first[1] < LETTERS:
            word, sign = chunk[0].strip(QUOTES + "-"), text[first[0] - 1]
            what = f"'{word}' has only {first[1]} letters before its {sign}: it is found in words of every kind"
            yield _odd(path, first[0] - 1, what, "write four letters or more before it")
        elif chunk[0].rstrip(QUOTES + ")").endswith("?"):
            at = chunk.start() + len(chunk[0].rstrip(QUOTES + ")")) - 1
            yield _odd(path, at, "this ? stands for one letter", "leave it away if it only ends a question")


# -- lists and names -----------------------------------------------------------------------------


def _of_item(key: str, place: int, item: str) -> Iterator[TopicError]:
    yield from _short_wildcards((key, place), item)
    if _QUOTE.search(item):
        return
    if found := _OPERATOR.search(item):
        hint = _fitting(f"write {_as_list(key, item)}query: {item}", "write one word or phrase an item, or use query")
        yield _odd((key, place), found.start(), f"'{found[0]}' is a word here: items know no operators", hint)
    elif found := _COMMA.search(item):
        parts = ", ".join(filter(None, map(str.strip, item.split(","))))
        one = """or '"…"' if it is one phrase"""
        hint = _fitting(f"write {key}: [{parts}], {one}", f"write an item for each, {one}")
        yield _odd((key, place), found.start(), "this comma separates nothing: all of it is one phrase", hint)


def _as_list(key: str, item: str) -> str:
    """How a list would say it, where one can."""
    operators = [found[0] for found in _OPERATOR.finditer(item)]
    if not _LISTS.keys() >= set(operators):
        return ""
    name = "none" if key == "none" else _LISTS[operators[0]]
    return f"{name}: [{', '.join(filter(None, map(str.strip, _OPERATOR.split(item))))}], or "


def _of_name(name: str) -> Iterator[TopicError]:
    if found := _OPERATOR.search(name) or _MINUS.search(name):
        hint = _fitting(f"write query: {name}", "write a query below it")
        yield _odd(("name",), found.start(), "operators have no meaning in a name: all its words count", hint)


# -- stop words ----------------------------------------------------------------------------------


def _of_stop_words(topic: Topic, aliases: Aliases) -> Iterator[TopicError]:
    stops = stop_words(topic.language)
    said = " ".join((topic.query or topic.name, *topic.all, *topic.any, *topic.none))
    if stops.isdisjoint(_WORDS.findall(said.lower())):  # nearly always: so it needs no reading
        return
    for path, query in read_parts(topic, aliases):
        for leaf, _ in leaves(query):
            if isinstance(leaf, Word) and not leaf.case and leaf.text.casefold() in stops:
                yield _stop_word(leaf, path, topic.name)


def _stop_word(word: Word, path: Path, name: str) -> TopicError:
    what = f"'{word.text}' stands in nearly every article"
    at, is_name = word.column - 1, path == ("name",)
    if word.text in _IN_INDONESIAN and not is_name:
        return _odd(path, at, f"'{word.text}' is a word here", f"write {_IN_INDONESIAN[word.text]}")
    if word.text.isupper() and len(word.text) > 1:
        query = f"{name[:at]}case:{name[at:]}"
        hint = _fitting(f"write query: {query}", "write a query with case: before it")
        return _odd(path, at, f"{what}, in small letters", hint if is_name else f"write case:{word.text}")
    return _odd(path, at, what, "leave it away" if is_name else "leave it away, or put quotes around it if it is meant")


def _fitting(hint: str, otherwise: str) -> str:
    return hint if len(hint) <= ROOM and "\n" not in hint else otherwise
