"""Why a topic matched or did not, in plain words: English for the commands, and for the page Indonesian too. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from monitor.model import Field
from monitor.topics.nearest import Close
from monitor.topics.tongues import ENGLISH, Tongue
from monitor.topics.tree import WHERE, Alias, And, AtLeast, Leaf, Near, Not, Or, Phrase, Query, Regex, Within, Word
from monitor.topics.why import Samples, Why, deciding

_LONGEST: Final = 60  # signs of a clause that are shown
MOST: Final = 3  # nearest words of a line


# -- a clause ------------------------------------------------------------------------------------


def says(query: Query | Samples, tongue: Tongue = ENGLISH) -> str:  # noqa: PLR0911  a return for each kind
    """What it asks for."""
    match query:
        case Word() | Phrase() | Alias() | Regex():
            is_usual = set(query.fields) == set(WHERE)
            where = "" if is_usual else tongue.in_field.format(what=_in_fields(query.fields, tongue))
            return _quoted(query.source) + where
        case Near(_, _, distance, ordered):
            return _counted(tongue.near_ordered if ordered else tongue.near, distance)
        case AtLeast(count):
            return _counted(tongue.at_least, count)
        case Within(unit):
            what = _counted(tongue.words_in_a_row, unit) if isinstance(unit, int) else tongue.units[unit]
            return tongue.within.format(what=what)
        case Not():
            return tongue.no
        case And():
            return tongue.all
        case Or():
            return tongue.any
        case Samples(said):
            return said
        case _:
            assert_never(query)


def _where(why: Why, tongue: Tongue) -> str:
    return _in_fields(why.of.fields, tongue) if isinstance(why.of, Leaf) else tongue.it


def _in_fields(fields: Sequence[Field], tongue: Tongue) -> str:
    if set(fields) == set(WHERE):
        return tongue.it
    return tongue.the.format(what=tongue.disj.join(tongue.fields[name] for name in fields))


def _counted(text: str, count: int) -> str:
    one, _, more = text.rpartition("|")
    return (one if count == 1 and one else more).format(n=count)


def _quoted(source: str) -> str:
    short = " ".join(source.split())
    if len(short) > _LONGEST:
        short = short[: _LONGEST - 1] + "…"
    return short if short[:1] in set('"“”„«') else f"'{short}'"


# -- a line --------------------------------------------------------------------------------------


def in_words(why: Why, tongue: Tongue = ENGLISH) -> str:
    """One line: what of this is in the article, or is not, and what comes closest."""
    return _of_hit(why, tongue) if why.is_hit else _of_miss(why, tongue) + _closest(why, tongue)


def _of_hit(why: Why, tongue: Tongue) -> str:
    match why.kind:
        case "not":
            return tongue.is_not_in.format(what=_name(why.parts[0]), where=_where(why.parts[0], tongue))
        case "and":
            said = [in_words(deciding(part), tongue) for part in why.parts if part.kind != "not"]
            return _listed(said or [tongue.nothing_amiss], tongue)
        case "or" | "within":
            return in_words(deciding(why), tongue)
        case "atleast":
            times = _counted(tongue.times, why.places)
            return f"{tongue.is_in.format(what=_name(why.parts[0]), where=tongue.it)} {times}"
        case "word" | "phrase" | "alias" | "regex" | "near":
            return tongue.is_in.format(what=_name(why), where=_where(why, tongue)) + _as(why, tongue)
        case "like":
            return f"it is like {why.found}"
        case _:
            assert_never(why.kind)


def _of_miss(why: Why, tongue: Tongue) -> str:  # noqa: PLR0911  a return for each kind
    how = says(why.of, tongue)
    match why.kind:
        case "not":
            found = _culprit(why.parts[0])
            hit = tongue.is_in.format(what=_name(found), where=_where(found, tongue)) + _as(found, tongue)
            return tongue.must_not_be.format(hit=hit)
        case "or":
            return tongue.nothing_of.format(what=_name(why))
        case "near":
            return tongue.are_in_but_not.format(what=_listed([_name(part) for part in why.parts], tongue), how=how)
        case "atleast":
            return tongue.only.format(what=_name(why.parts[0]), times=_counted(tongue.times, why.places), how=how)
        case "within":
            return tongue.is_in_but_not.format(what=_name(why.parts[0]), how=how)
        case "word" | "phrase" | "alias" | "regex" | "and":
            return tongue.is_not_in.format(what=_name(why), where=_where(why, tongue))
        case "like":
            return f"it is like {why.found} only" if why.found else f"it is not {why.source}"
        case _:
            assert_never(why.kind)


def _culprit(why: Why) -> Why:
    """The smallest part that is in the article, where a NOT stands before it."""
    hit = deciding(why)
    return why if hit.kind == "not" else hit


def _name(why: Why) -> str:
    return _quoted(why.source)


def _as(why: Why, tongue: Tongue) -> str:
    """How it is written there, where that is another word."""
    if not why.found or why.found.casefold() in why.source.casefold():
        return ""
    return tongue.as_.format(what=_quoted(why.found))


def _listed(names: list[str], tongue: Tongue) -> str:
    return tongue.conj.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# -- what comes closest --------------------------------------------------------------------------


def _closest(why: Why, tongue: Tongue) -> str:
    found = _nearest(why)[:MOST]
    if not found:
        return ""
    if found[0].how == "elsewhere":
        where = _in_fields((found[0].field,), tongue)
        return tongue.elsewhere.format(what=_quoted(found[0].text), where=where)
    shown = ", ".join(_shown(close, tongue) for close in found)
    return (tongue.come_closest if why.kind == "near" else tongue.nearest).format(what=shown)


def _nearest(why: Why) -> Sequence[Close]:
    """Of an OR, that of its sides, each in its turn."""
    if why.kind != "or":
        return why.nearest
    sides = [_nearest(part) for part in why.parts]
    found = (side[at] for at in range(MOST) for side in sides if at < len(side))
    return tuple({close.text: close for close in found if close.how != "elsewhere"}.values())


def _shown(close: Close, tongue: Tongue) -> str:
    how = tongue.how.get(close.how)
    return _quoted(close.text) + (f" ({_counted(how, close.between)})" if how else "")


# -- the tree ------------------------------------------------------------------------------------


def lines(why: Why, tongue: Tongue = ENGLISH) -> list[str]:
    """The tree, a line for each part: whether it is as the query wants it, how often it was found, what comes closest."""
    return list(_lines(why, "", tongue))


def _lines(why: Why, indent: str, tongue: Tongue) -> Iterator[str]:
    said, parts = says(why.of, tongue), why.parts
    if why.kind == "not" and not parts[0].parts:
        said, parts = f"{tongue.no} {says(parts[0].of, tongue)}", ()
    closest = "" if why.kind == "or" else _closest(why, tongue)
    yield f"{indent}{'✓' if why.is_hit else '✗'} {said}{_how_often(why, tongue)}{closest}"
    for part in parts:
        yield from _lines(part, indent + "  ", tongue)


def _how_often(why: Why, tongue: Tongue) -> str:
    if not why.places or why.kind in {"and", "or", "within"}:
        return ""
    written = f", {_quoted(why.found)}" if _as(why, tongue) else ""
    return f" ({_counted(tongue.places, why.places)}{written})"
