"""The query language: text → query, and what is wrong with a text, at its column. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from monitor.errors import QueryError
from monitor.model import Field
from monitor.topics.aliases import NO_ALIASES, Aliases, two_fields
from monitor.topics.lexemes import Lexeme, is_wild, lexemes, words_of
from monitor.topics.nearness import refuse_far
from monitor.topics.tree import WHERE, Alias, And, AtLeast, Leaf, Near, Not, Or, Phrase, Query, Word, refuse_exclusion

DEEPEST: Final = 40  # brackets and NOTs within each other, and NEARs in a row

_AFTER_PREFIX: Final = ("word", "phrase", "modifier", "field", "(", "ATLEAST")
_NO_OPERAND: Final = ("end", ")", "AND", "OR", "NEAR", "ONEAR")
_END_OF_ALL: Final = ("end", ")", "OR")
_NOTS: Final = ("NOT", "-")
_NEARS: Final = ("NEAR", "ONEAR")


def parse(text: str, aliases: Aliases = NO_ALIASES, fields: tuple[Field, ...] = WHERE) -> Query:
    """Read a query whose words are looked for in `fields` where it names none; raises `QueryError`."""
    pieces = tuple(lexemes(text))
    if not pieces:
        raise QueryError("the query is empty", 1, "write the words to look for")
    reader = _Reader(text, pieces, aliases, fields)
    query = reader.either()
    if reader.kind == ")":
        raise QueryError("this bracket closes nothing", reader.piece.column, "take it away, or open one before it")
    kinds = {piece.kind for piece in pieces}
    if "(" in kinds and not kinds.isdisjoint(_NEARS):  # without a bracket there are but words beside it
        refuse_far(query)
    if not kinds.isdisjoint(_NOTS):  # without a NOT nothing is excluded
        refuse_exclusion(query)
    return query


def all_words(text: str, words: tuple[Lexeme, ...], aliases: Aliases, fields: tuple[Field, ...]) -> Query:
    """All of some words of a text; nothing in it is an operator."""
    return _Reader(text, words, aliases, fields).all_of_them()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the prefixes around a place say of the words there."""

    fields: tuple[Field, ...]
    case: bool = False
    exact: bool = False

    def within(self, prefix: Lexeme) -> _Scope:
        match prefix.text:
            case "case":
                return replace(self, case=True)
            case "exact":
                return replace(self, exact=True)
            case "title" | "body" | "url" | "author" | "feed" as field:
                return replace(self, fields=(field,))
            case _:
                return self


class _Reader:
    """Recursive descent, a method per rule: either (OR), all_of_them (AND), side (NOT), near (NEAR), atom."""

    def __init__(self, text: str, pieces: tuple[Lexeme, ...], aliases: Aliases, fields: tuple[Field, ...]) -> None:
        self.text = text
        self.pieces = (*pieces, Lexeme("end", "", len(text), len(text)))
        self.aliases = aliases
        self.scope = _Scope(fields)
        self.depth = 0
        self.move(0)

    def move(self, to: int) -> None:
        self.at = to
        self.kind = self.pieces[to].kind  # of the next piece

    @property
    def piece(self) -> Lexeme:
        return self.pieces[self.at]

    def take(self) -> Lexeme:
        piece = self.pieces[self.at]
        self.at = to = self.at + 1
        self.kind = self.pieces[to].kind
        return piece

    def source(self, first: int) -> tuple[int, str]:
        """Column and text from the piece `first` to the one just read."""
        start = self.pieces[first].start
        return start + 1, self.text[start : self.pieces[self.at - 1].end]

    def either(self) -> Query:
        first = self.at
        query = self.all_of_them()
        if self.kind != "OR":
            return query
        parts = [query]
        while self.kind == "OR":
            self.expect_after(self.take())
            parts.append(self.all_of_them())
        return Or(tuple(parts), *self.source(first))

    def all_of_them(self) -> Query:
        first = self.at
        query = self.side()
        if self.kind in _END_OF_ALL:
            return query
        parts = [query]
        while self.kind not in _END_OF_ALL:
            if self.kind == "AND":
                self.expect_after(self.take())
            parts.append(self.side())
        return And(tuple(parts), *self.source(first))

    def side(self) -> Query:
        if self.kind not in _NOTS:
            return self.near()
        first = self.at
        operator = self.take()
        self.expect_after(operator)
        return Not(self.deeper(operator, self.side), *self.source(first))

    def near(self) -> Query:
        first, count = self.at, 0
        query = self.atom()
        while self.kind in _NEARS:
            operator = self.take()
            self.expect_after(operator)
            count += 1
            if count > DEEPEST:
                raise QueryError(f"more than {DEEPEST} NEARs in a row", operator.column, "write it shorter")
            if self.kind in _NOTS:
                raise QueryError("NEAR can't hold a NOT", self.piece.column, "put the NOT outside of the NEAR")
            right = self.atom()
            query = Near(query, right, operator.number, operator.kind == "ONEAR", *self.source(first))
        return query

    def atom(self) -> Query:
        first, outer = self.at, self.scope
        if self.kind in ("modifier", "field"):
            self.prefixes()
        if self.kind == "(":
            query = self.bracket()
        elif self.kind == "ATLEAST":
            query = self.at_least(first)
        else:
            query = self.leaf(first)
        self.scope = outer
        return query

    def prefixes(self) -> None:
        field = ""
        while self.kind in ("modifier", "field"):
            prefix = self.take()
            if self.kind not in _AFTER_PREFIX or self.piece.start != prefix.end:
                hint = f'write {prefix.text}:word or {prefix.text}:"…"'
                raise QueryError(f"{prefix.text}: has nothing right after it", prefix.column, hint)
            if prefix.kind == "field":
                if field not in {"", prefix.text}:
                    raise two_fields(field, prefix.text, prefix.column)
                field = prefix.text
            self.scope = self.scope.within(prefix)

    def at_least(self, first: int) -> Query:
        operator = self.take()
        if self.kind != "(":
            hint = f"write {operator.text}(word) or {operator.text}(word OR another)"
            raise QueryError(f"{operator.text} has no bracket after it", operator.column, hint)
        part = self.bracket()
        return AtLeast(operator.number, part, *self.source(first))

    def bracket(self) -> Query:
        opening = self.take()
        if self.kind == ")":
            raise QueryError("there is nothing between these brackets", opening.column, "take them away")
        if self.kind == "end":
            hint = "write words after it, and close it with )"
            raise QueryError("this bracket is never closed", opening.column, hint)
        query = self.deeper(opening, self.either)
        if self.kind != ")":
            raise QueryError("this bracket is never closed", opening.column, "close it with )")
        self.take()
        return query

    def leaf(self, first: int) -> Leaf:
        if self.kind not in ("word", "phrase"):
            raise self.misplaced(self.piece)
        piece, scope = self.take(), self.scope
        if piece.kind == "word":
            if self.aliases.options and not (scope.case or scope.exact) and (alias := self.alias(first)):
                return alias
            return Word(piece.text, *self.source(first), scope.case, scope.exact, scope.fields)
        phrase = Phrase(piece.text, *self.source(first), scope.case, scope.exact, scope.fields)
        return self.aliases.read(phrase)

    def alias(self, first: int) -> Leaf | None:
        """Bare words in a row that are the key of an alias, the longest. A prefix is of one word alone."""
        begin = self.at - 1
        found, longest = begin, words_of(self.pieces[begin].text)
        most = 1 if begin > first else self.aliases.longest.get(longest[0], 0)
        words, key = longest[:0], longest
        for at in range(begin, len(self.pieces)):
            if self.pieces[at].kind != "word" or is_wild(self.pieces[at].text):
                break
            words += words_of(self.pieces[at].text)
            if words in self.aliases.options:
                found, key = at + 1, words
            if len(words) >= most:
                break
        if found == begin:
            return self.in_capitals(first)
        self.move(found)
        column, source = self.source(first)
        text = self.text[self.pieces[begin].start : self.pieces[found - 1].end]
        shape = Word if found == begin + 1 else Phrase
        leaf = shape(text, column, source, fields=self.scope.fields)
        return Alias((leaf, *self.aliases.options[key]), column, source, self.scope.fields)

    def in_capitals(self, first: int) -> Leaf | None:
        """AS is a country; as is a word."""
        text = self.pieces[self.at - 1].text
        options = self.aliases.capitals.get(text)
        if not options:
            return None
        word = Word(text, *self.source(first), case=True, fields=self.scope.fields)
        return Alias((word, *options), word.column, word.source, self.scope.fields)

    def expect_after(self, operator: Lexeme) -> None:
        if self.kind in _NO_OPERAND:
            raise QueryError(f"{operator.text} has nothing after it", operator.column, "write what should follow")

    def misplaced(self, piece: Lexeme) -> QueryError:
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
