"""Why it matched, why it did not: the query as a tree, each part of it hit or not, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from monitor.model import Field
from monitor.text import Span
from monitor.topics.analysis import Words
from monitor.topics.evaluate import Fields, Sight, Whole, count, holds, true_stretches
from monitor.topics.places import Hit, spans_of_pattern
from monitor.topics.question import Clause, Inside, Question, made
from monitor.topics.tree import (
    WHERE,
    Alias,
    And,
    AtLeast,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Unit,
    Within,
    Word,
    parts_of,
)

Kind = Literal["word", "phrase", "alias", "regex", "near", "atleast", "within", "not", "and", "or"]
_KINDS: Final[Mapping[type[Query], Kind]] = {
    Word: "word",
    Phrase: "phrase",
    Alias: "alias",
    Regex: "regex",
    Near: "near",
    AtLeast: "atleast",
    Within: "within",
    Not: "not",
    And: "and",
    Or: "or",
}
_LONGEST: Final = 60  # signs of a clause that are shown


@dataclass(frozen=True, slots=True)
class Why:
    """A part of a query, and whether the article has it. Of a NOT: whether it does not have what follows."""

    source: str
    kind: Kind
    is_hit: bool
    places: int  # that don't overlap; of a NOT: of what must not be there
    parts: tuple[Why, ...]
    column: int
    says: str  # what it asks for, in words
    where: str = "it"  # where a leaf is looked for, in words
    found: str = ""  # how the first place of a leaf is written


def why(question: Question, article: Fields) -> Why:
    return _why(question.query, Whole(article), {clause.of: clause for clause, _ in question.clauses})


def kind_of(query: Query) -> Kind:
    return _KINDS[type(query)]


def _why(query: Query, sight: Sight, clauses: Mapping[Leaf, Clause]) -> Why:
    node = made(query, clauses)
    inner = sight
    if isinstance(node, Inside):  # of a hit: as it is in the first stretch that has it
        inner = next(true_stretches(node, sight), sight)
    return Why(
        source=query.source,
        kind=kind_of(query),
        is_hit=holds(node, sight),
        places=count(made(query.part, clauses) if isinstance(query, Not | AtLeast) else node, sight),
        parts=tuple(_why(part, inner, clauses) for part in parts_of(query)),
        column=query.column,
        says=_says(query),
        where=_where(query.fields) if isinstance(query, Leaf) else "it",
        found=_found(node, sight) if isinstance(node, Clause) else "",
    )


def _found(clause: Clause, sight: Sight) -> str:
    """How the first place is written."""
    whole = sight if isinstance(sight, Whole) else sight.whole
    for name, hits in sight.hits(clause).items():
        words = whole.article[name]
        start, end = _span(clause, hits[0], words)
        return words.text[start:end]
    return ""


def _span(clause: Clause, hit: Hit, words: Words) -> Span:
    if clause.pattern is None:
        return words.span(hit.first, hit.last)
    spans = spans_of_pattern(clause.pattern, words.text)
    return next(span for span in spans if words.place_of(span) == (hit.first, hit.last))


# -- the words -----------------------------------------------------------------------------------

_NAMES: Final[Mapping[Field, str]] = {
    "title": "title",
    "body": "body",
    "url": "address",
    "author": "author",
    "feed": "feed",
}


def _says(query: Query) -> str:  # noqa: PLR0911  a return for each kind
    match query:
        case Word() | Phrase() | Alias() | Regex():
            where = _where(query.fields)
            return _quoted(query.source) + ("" if where == "it" else f" in {where}")
        case Near(_, _, distance, ordered):
            order = ", in this order" if ordered else ""
            return f"near each other, with {_times(distance, 'word')} between at most{order}"
        case AtLeast(count):
            return f"{_times(count, 'time')} or more"
        case Within(unit):
            return f"within {_unit(unit)}"
        case Not():
            return "not"
        case And():
            return "all of these"
        case Or():
            return "any of these"
        case _:
            assert_never(query)


def _where(fields: tuple[Field, ...]) -> str:
    return "it" if set(fields) == set(WHERE) else "the " + " or ".join(_NAMES[name] for name in fields)


def _unit(unit: Unit) -> str:
    if isinstance(unit, int):
        return f"{_times(unit, 'word')} in a row"
    return "the title" if unit == "title" else f"one {unit}"


def _times(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _quoted(source: str) -> str:
    short = " ".join(source.split())
    if len(short) > _LONGEST:
        short = short[: _LONGEST - 1] + "…"
    return short if short[:1] in set('"“”„«') else f"'{short}'"


# -- what decided --------------------------------------------------------------------------------


def deciding(why: Why) -> Why:
    """The part but for which it would be otherwise: of a miss the first that is missing, of a hit what was found."""
    if why.kind == "not" or not why.parts:
        return why
    if why.kind == "or":
        return deciding(next(part for part in why.parts if part.is_hit)) if why.is_hit else why
    if why.is_hit:
        return why if why.kind in {"and", "near", "atleast"} else deciding(why.parts[0])
    missing = [part for part in why.parts if not part.is_hit]
    return deciding(missing[0]) if missing else why


def clauses_hit(why: Why) -> int:
    """How close it came: the leaves that speak for the article, and were found."""
    if why.kind == "not":
        return 0
    return sum(map(clauses_hit, why.parts)) if why.parts else int(why.is_hit)


def in_words(why: Why) -> str:
    """One line: what of this is in the article, or is not."""
    return _of_hit(why) if why.is_hit else _of_miss(why)


def _of_hit(why: Why) -> str:
    match why.kind:
        case "not":
            return f"{_name(why.parts[0])} is not in {why.parts[0].where}"
        case "and":
            return _listed(
                [in_words(deciding(part)) for part in why.parts if part.kind != "not"] or ["nothing is amiss"]
            )
        case "or" | "within":
            return in_words(deciding(why))
        case "atleast":
            return f"{_name(why.parts[0])} is in it {_times(why.places, 'time')}"
        case "word" | "phrase" | "alias" | "regex" | "near":
            return f"{_name(why)} is in {why.where}{_as(why)}"
        case _:
            assert_never(why.kind)


def _of_miss(why: Why) -> str:
    match why.kind:
        case "not":
            found = _culprit(why.parts[0])
            return f"{_name(found)} is in {found.where}{_as(found)}, and must not be"
        case "or":
            return f"nothing of {_name(why)} is in it"
        case "near":
            return f"{_listed([_name(part) for part in why.parts])} are in it, but not {why.says}"
        case "atleast":
            return f"{_name(why.parts[0])} is in it {_times(why.places, 'time')} only, not {why.says}"
        case "within":
            return f"{_name(why.parts[0])} is in it, but not {why.says}"
        case "word" | "phrase" | "alias" | "regex" | "and":
            return f"{_name(why)} is not in {why.where}"
        case _:
            assert_never(why.kind)


def _culprit(why: Why) -> Why:
    """The smallest part that is in the article, where a NOT stands before it."""
    hit = deciding(why)
    return why if hit.kind == "not" else hit


def _name(why: Why) -> str:
    return _quoted(why.source)


def _as(why: Why) -> str:
    """How it is written there, where that is another word."""
    if not why.found or why.found.casefold() in why.source.casefold():
        return ""
    return f" (as {_quoted(why.found)})"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# -- the tree ------------------------------------------------------------------------------------


def lines(why: Why) -> list[str]:
    """The tree, a line for each part: whether it is as the query wants it, and how often it was found."""
    return list(_lines(why, ""))


def _lines(why: Why, indent: str) -> Iterator[str]:
    says, parts = why.says, why.parts
    if why.kind == "not" and not parts[0].parts:
        says, parts = f"not {parts[0].says}", ()
    yield f"{indent}{'✓' if why.is_hit else '✗'} {says}{_how_often(why)}"
    for part in parts:
        yield from _lines(part, indent + "  ")


def _how_often(why: Why) -> str:
    if not why.places or why.kind in {"and", "or", "within"}:
        return ""
    return f" ({_times(why.places, 'place')}{_written(why)})"


def _written(why: Why) -> str:
    return f", {_quoted(why.found)}" if _as(why) else ""
