"""A query as a line, to be compared."""

from __future__ import annotations

from typing import assert_never

from monitor.topics.tree import WHERE, Alias, And, AtLeast, Leaf, Near, Not, Or, Phrase, Query, Regex, Within, Word


def shape(query: Query) -> str:  # noqa: PLR0911  a case and a return for each kind
    """The query with all its brackets; {options}, <left distance right>, n×part, clause@field."""
    match query:
        case Word() | Phrase():
            return words(query) + where(query)
        case Alias(options):
            return "{" + ", ".join(map(words, options)) + "}" + where(query)
        case Regex(pattern):
            return f"/{pattern}/" + where(query)
        case Near(left, right, distance, ordered):
            return f"<{shape(left)} {distance}{'>' * ordered} {shape(right)}>"
        case AtLeast(count, part):
            return f"{count}×{shape(part)}"
        case Within(unit, part):
            return f"[{unit}: {shape(part)}]"
        case Not(part):
            return f"-{shape(part)}"
        case And(parts):
            return "(" + " & ".join(map(shape, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(shape, parts)) + ")"
        case _:
            assert_never(query)


def words(leaf: Word | Phrase) -> str:
    text = leaf.text if isinstance(leaf, Word) else f'"{leaf.text}"'
    return "case:" * leaf.case + "exact:" * leaf.exact + text


def where(leaf: Leaf) -> str:
    return "" if leaf.fields == WHERE else "@" + ",".join(leaf.fields)
