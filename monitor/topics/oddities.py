"""What is accepted in a topic, but hardly means what its writer thinks: operators and commas where they are words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.errors import QueryError
from monitor.settings import Topic
from monitor.topics.aliases import Path, TopicError
from monitor.topics.lexemes import QUOTES, Lexeme, lexemes

ROOM: Final = 85  # columns of a hint

_OPERATOR: Final = re.compile(r"(?:^|(?<=\s))(?:NOT|(?<!^)(?:AND|OR))(?=\s+\S)")
_MINUS: Final = re.compile(r"(?:^|(?<=\s))-(?=\w)")
_COMMA: Final = re.compile(r"(?<=\w)\s*,(?=\s*[^\W\d])")
_LOWER: Final = re.compile(r"(?i)\b(?:and|or|not)\b")
_QUOTE: Final = re.compile(f"[{QUOTES}]")
_LISTS: Final = {"AND": "all", "OR": "any", "NOT": "none"}


def oddities(topic: Topic) -> Iterator[TopicError]:
    """Each with its place; nothing of it keeps the topic from being read. The hints repeat what the topic says."""
    if topic.query is not None:
        yield from _of_query(topic.query)
        return
    lists = {"any": topic.any, "all": topic.all, "none": topic.none}
    for key, items in lists.items():
        for place, item in enumerate(items):
            yield from _of_item(key, place, item)
    if not any(lists.values()):
        yield from _of_name(topic.name)


def _odd(path: Path, found: re.Match[str] | Lexeme, what: str, hint: str) -> TopicError:
    start = found.start if isinstance(found, Lexeme) else found.start()
    return TopicError(QueryError(what, start + 1, hint), path)


def _of_query(query: str) -> Iterator[TopicError]:
    if not _LOWER.search(query):
        return
    try:
        pieces = tuple(lexemes(query))
    except QueryError:  # it is told as an error
        return
    kinds = ("", *(piece.kind for piece in pieces), "")
    for piece, before, after in zip(pieces, kinds, kinds[2:], strict=False):
        operator = piece.text.upper()
        is_between = before in {"word", "phrase", ")"} or (operator == "NOT" and before in {"", "(", "AND"})
        if piece.kind == "word" and operator in _LISTS and is_between and after in {"word", "phrase", "modifier", "("}:
            what = f"'{piece.text}' is a word here: operators are in capitals"
            yield _odd(("query",), piece, what, f"write {operator}, or put quotes around the word")


def _of_item(key: str, place: int, item: str) -> Iterator[TopicError]:
    if _QUOTE.search(item):
        return
    if found := _OPERATOR.search(item):
        hint = _fitting(
            f"write {_as_list(key, item)}, or query: {item}", "write one word or phrase an item, or use query"
        )
        yield _odd((key, place), found, f"'{found[0]}' is a word here: items know no operators", hint)
    elif found := _COMMA.search(item):
        parts = ", ".join(filter(None, map(str.strip, item.split(","))))
        one = """or '"…"' if it is one phrase"""
        hint = _fitting(f"write {key}: [{parts}], {one}", f"write an item for each, {one}")
        yield _odd((key, place), found, "this comma separates nothing: all of it is one phrase", hint)


def _as_list(key: str, item: str) -> str:
    operators = [found[0] for found in _OPERATOR.finditer(item)]
    name = "none" if key == "none" else _LISTS[operators[0]]
    return f"{name}: [{', '.join(filter(None, map(str.strip, _OPERATOR.split(item))))}]"


def _of_name(name: str) -> Iterator[TopicError]:
    if found := _OPERATOR.search(name) or _MINUS.search(name):
        hint = _fitting(f"write query: {name}", "write a query below it")
        yield _odd(("name",), found, "operators have no meaning in a name: all its words count", hint)


def _fitting(hint: str, otherwise: str) -> str:
    return hint if len(hint) <= ROOM and "\n" not in hint else otherwise
