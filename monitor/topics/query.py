"""The query language: text → query, and what is wrong with a text, at its column. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from monitor.errors import QueryError
from monitor.settings import Topic
from monitor.topics.aliases import NO_ALIASES, Aliases, Path, TopicError, Words, parse_item
from monitor.topics.lexemes import QUOTES, Lexeme, lexemes, words_of
from monitor.topics.tree import Alias, And, Leaf, Not, Or, Phrase, Query, Word, refuse_exclusion

DEEPEST: Final = 40  # brackets and NOTs within each other


# -- a topic's query -----------------------------------------------------------------------------


def of_topic(topic: Topic, aliases: Aliases = NO_ALIASES) -> Query:
    """The query of a topic, however it is written; raises `TopicError`."""
    if topic.query is not None:
        return _placed(("query",), partial(parse, topic.query, aliases))
    if topic.all or topic.any or topic.none:
        return _of_lists(topic, aliases)
    return _placed(("name",), partial(_of_name, topic.name, aliases))


def _placed(path: Path, read: Callable[[], Query]) -> Query:
    try:
        return read()
    except QueryError as error:
        raise TopicError(error, path) from None


def _of_lists(topic: Topic, aliases: Aliases) -> Query:
    if not topic.all and not topic.any:
        error = QueryError("this topic only excludes", 1, "say under any or all what must be there")
        raise TopicError(error, ("none", 0))
    every = _items("all", topic.all, aliases)
    some = _items("any", topic.any, aliases)
    never = _items("none", topic.none, aliases)
    either = (_group(Or, some),) if some else ()
    return _group(And, (*every, *either, *(Not(leaf, leaf.column, leaf.source) for leaf in never)))


def _items(key: str, items: Iterable[str], aliases: Aliases) -> tuple[Query, ...]:
    return tuple(_placed((key, place), partial(_read_item, item, aliases)) for place, item in enumerate(items))


def _read_item(item: str, aliases: Aliases) -> Query:
    return aliases.read(parse_item(item))


def _group(shape: type[And | Or], parts: tuple[Query, ...]) -> Query:
    joint = " AND " if shape is And else " OR "
    return parts[0] if len(parts) == 1 else shape(parts, 1, joint.join(part.source for part in parts))


_NAME_WORD: Final = re.compile(rf"[^\s–—/|(){QUOTES}]+")


def _of_name(name: str, aliases: Aliases) -> Query:
    """All words of a name; nothing in it is an operator."""
    words = [
        Lexeme("word", found[0], found.start(), found.end())
        for found in _NAME_WORD.finditer(name)
        if words_of(found[0])
    ]
    if not words:
        raise QueryError("there is no word in this name", 1, "add a query, or any: with the words to look for")
    reader = _Reader(name, tuple(words), aliases)
    return reader.all_of_them()


# -- the grammar ---------------------------------------------------------------------------------


def parse(text: str, aliases: Aliases = NO_ALIASES) -> Query:
    """Read a query; raises `QueryError`."""
    pieces = tuple(lexemes(text))
    if not pieces:
        raise QueryError("the query is empty", 1, "write the words to look for")
    reader = _Reader(text, pieces, aliases)
    query = reader.either()
    if left := reader.next:
        raise QueryError("this bracket closes nothing", left.column, "take it away, or open one before it")
    refuse_exclusion(query)
    return query


class _Reader:
    """Recursive descent, a method per rule: either (OR), all_of_them (AND), side (NOT), atom."""

    def __init__(self, text: str, pieces: tuple[Lexeme, ...], aliases: Aliases) -> None:
        self.text = text
        self.pieces = pieces
        self.aliases = aliases
        self.at = 0
        self.depth = 0
        self.modifiers: frozenset[str] = frozenset()  # of the brackets around

    @property
    def next(self) -> Lexeme | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def take(self, *kinds: str) -> Lexeme | None:
        piece = self.next
        if piece is None or piece.kind not in kinds:
            return None
        self.at += 1
        return piece

    def source(self, first: int) -> tuple[int, str]:
        """Column and text from the piece `first` to the one just read."""
        start = self.pieces[first].start
        return start + 1, self.text[start : self.pieces[self.at - 1].end]

    def either(self) -> Query:
        first = self.at
        parts = [self.all_of_them()]
        while operator := self.take("OR"):
            self.expect_after(operator)
            parts.append(self.all_of_them())
        return parts[0] if len(parts) == 1 else Or(tuple(parts), *self.source(first))

    def all_of_them(self) -> Query:
        first = self.at
        parts = [self.side()]
        while (piece := self.next) and piece.kind not in ("OR", ")"):
            if operator := self.take("AND"):
                self.expect_after(operator)
            parts.append(self.side())
        return parts[0] if len(parts) == 1 else And(tuple(parts), *self.source(first))

    def side(self) -> Query:
        first = self.at
        operator = self.take("NOT", "-")
        if not operator:
            return self.atom()
        self.expect_after(operator)
        with_not = self.deeper(operator, self.side)
        return Not(with_not, *self.source(first))

    def atom(self) -> Query:
        first, outer = self.at, self.modifiers
        while modifier := self.take("modifier"):
            self.modifiers |= {modifier.text}
            piece = self.next
            if piece is None or piece.start != modifier.end or piece.kind not in ("word", "phrase", "modifier", "("):
                hint = f'write {modifier.text}:word or {modifier.text}:"…"'
                raise QueryError(f"{modifier.text}: has nothing right after it", modifier.column, hint)
        query = self.bracket(opening) if (opening := self.take("(")) else self.leaf(first)
        self.modifiers = outer
        return query

    def bracket(self, opening: Lexeme) -> Query:
        if self.take(")"):
            raise QueryError("there is nothing between these brackets", opening.column, "take them away")
        if not self.next:
            raise QueryError(
                "this bracket is never closed", opening.column, "write words after it, and close it with )"
            )
        query = self.deeper(opening, self.either)
        if not self.take(")"):
            raise QueryError("this bracket is never closed", opening.column, "close it with )")
        return query

    def leaf(self, first: int) -> Leaf:
        if not self.modifiers and (alias := self.alias()):
            return alias
        piece = self.take("word", "phrase")
        if not piece:
            raise self.misplaced()
        shape = Phrase if piece.kind == "phrase" else Word
        case, exact = ("case" in self.modifiers, "exact" in self.modifiers)
        return self.aliases.read(shape(piece.text, *self.source(first), case, exact))

    def alias(self) -> Leaf | None:
        """Bare words in a row that are the key of an alias, the longest."""
        first, words = self.at, list[Words]()
        while len(words) < self.aliases.longest and (piece := self.take("word")):
            words.append(words_of(piece.text))
        for count in range(len(words), 0, -1):
            self.at = first + count
            column, source = self.source(first)
            shape = Word if count == 1 else Phrase
            if isinstance(alias := self.aliases.read(shape(source, column, source)), Alias):
                return alias
        self.at = first
        return None

    def expect_after(self, operator: Lexeme) -> None:
        piece = self.next
        if piece is None or piece.kind in (")", "AND", "OR"):
            raise QueryError(f"{operator.text} has nothing after it", operator.column, "write what should follow")

    def misplaced(self) -> QueryError:
        piece = self.next
        if piece is None:  # can't be: who calls has looked
            return QueryError("something is missing at the end", len(self.text) + 1, "write what should follow")
        if piece.kind == ")":
            return QueryError("this bracket closes nothing", piece.column, "take it away, or open one before it")
        return QueryError(f"{piece.text} has nothing before it", piece.column, "write what should come before")

    def deeper(self, opening: Lexeme, read: Callable[[], Query]) -> Query:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(
                f"more than {DEEPEST} brackets or NOTs within each other", opening.column, "write it flatter"
            )
        query = read()
        self.depth -= 1
        return query
