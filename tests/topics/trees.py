"""Queries put together by hand, for tests of what is done with them: so a mistake of the parser is no other's."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.model import Field
from monitor.topics.analysis import Analyser
from monitor.topics.evaluate import Fields
from monitor.topics.question import Question, ready
from monitor.topics.tree import (
    WHERE,
    Alias,
    And,
    AtLeast,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Unit,
    Within,
    Word,
)

PLAIN = Analyser("none")


def word(text: str, *, case: bool = False, exact: bool = False, fields: tuple[Field, ...] = WHERE) -> Word:
    return Word(text, 1, text, case, exact, fields)


def phrase(text: str, *, case: bool = False, fields: tuple[Field, ...] = WHERE) -> Phrase:
    return Phrase(text, 1, f'"{text}"', case, fields=fields)


def alias(*options: str, fields: tuple[Field, ...] = WHERE) -> Alias:
    read = tuple(phrase(option) if " " in option else word(option) for option in options)
    return Alias(read, 1, options[0], fields)


def regex(pattern: str, *, column: int = 1, fields: tuple[Field, ...] = WHERE) -> Regex:
    return Regex(pattern, column, pattern, fields)


def near(left: Query | str, right: Query | str, distance: int = 5, *, ordered: bool = False) -> Near:
    one, other = of(left), of(right)
    operator = "ONEAR" if ordered else "NEAR"
    return Near(one, other, distance, ordered, 1, f"{one.source} {operator}/{distance} {other.source}")


def at_least(count: int, part: Query | str) -> AtLeast:
    return AtLeast(count, of(part), 1, f"ATLEAST/{count}({of(part).source})")


def within(unit: Unit, *parts: Query | str) -> Within:
    part = every(*parts)
    return Within(unit, part, 1, part.source)


def no(part: Query | str) -> Not:
    return Not(of(part), 1, f"NOT {of(part).source}")


def every(*parts: Query | str) -> Query:
    read = tuple(map(of, parts))
    return read[0] if len(read) == 1 else And(read, 1, " ".join(part.source for part in read))


def either(*parts: Query | str) -> Or:
    read = tuple(map(of, parts))
    return Or(read, 1, " OR ".join(part.source for part in read))


def of(part: Query | str) -> Query:
    """Words in a row are a phrase."""
    if not isinstance(part, str):
        return part
    return phrase(part) if " " in part else word(part)


def question(query: Query | str, analyser: Analyser = PLAIN) -> Question:
    return ready(of(query), analyser)


def read(body: str = "", title: str = "", others: Mapping[Field, str] | None = None) -> Fields:
    return {name: PLAIN.read(text) for name, text in {"title": title, "body": body, **(others or {})}.items()}
