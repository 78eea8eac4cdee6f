"""A topic, however it is written, as one query. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final, Literal

from monitor.errors import QueryError
from monitor.model import Field
from monitor.settings import Topic
from monitor.topics.aliases import NO_ALIASES, Aliases, Path, TopicError, parse_item
from monitor.topics.lexemes import QUOTES, WILDCARDS, Lexeme, has_word
from monitor.topics.query import all_words, parse
from monitor.topics.question import compiled
from monitor.topics.tree import WHERE, Alias, And, AtLeast, Not, Or, Query, Regex, Unit, Within, leaves

_List = Literal["all", "any", "none"]

_NAME_WORD: Final = re.compile(rf"[^\s–—/|(){QUOTES}{WILDCARDS}]+")
_STRETCH: Final = re.compile(r"([1-9][0-9]{0,3}) words?")


def aliases_of(topic: Topic, aliases: Aliases) -> tuple[str, ...]:
    """By what else the topic looks for its words, each once, as it is looked for; empty where it can't be read."""
    listed = {option.text for options in aliases.options.values() for option in options}
    try:
        found = (leaf for leaf, _ in leaves(of_topic(topic, aliases)))
        options = [option.text for leaf in found if isinstance(leaf, Alias) for option in leaf.options]
    except QueryError:
        return ()
    return tuple(dict.fromkeys(text for text in options if text in listed))


def of_topic(topic: Topic, aliases: Aliases = NO_ALIASES) -> Query:
    """The query of a topic; raises `TopicError`. The columns in it are those of the key or item they stand in."""
    positive = _positive(topic, aliases)
    if not positive and not topic.like:
        error = QueryError("this topic only excludes", 1, "say under any or all what must be there")
        raise TopicError(error, ("none", 0))
    if topic.min_count > 1 and positive:
        often = _group(And, positive)
        positive = (AtLeast(topic.min_count, often, often.column, often.source),)
    never = tuple(Not(part, part.column, part.source) for part in _items("none", topic, aliases))
    whole = _group(And, (*positive, *never))
    unit = _unit(topic.within)
    return whole if unit is None or not positive else Within(unit, whole, whole.column, whole.source)


def _positive(topic: Topic, aliases: Aliases) -> tuple[Query, ...]:
    """What must be there, all of it."""
    some = _items("any", topic, aliases)
    lists = (*_items("all", topic, aliases), *_either(some), *_either(_patterns(topic)))
    if topic.query is not None:
        return (_placed(("query",), partial(parse, topic.query, aliases, _fields(topic))), *lists)
    if lists or topic.none or topic.like:
        return lists
    return (_placed(("name",), partial(_of_name, topic.name, aliases, _fields(topic))),)


def read_parts(topic: Topic, aliases: Aliases = NO_ALIASES) -> Iterator[tuple[Path, Query]]:
    """Each thing a topic says in words, with the key or item it stands in; what can't be read is left out."""
    lists: dict[_List, tuple[str, ...]] = {"all": topic.all, "any": topic.any, "none": topic.none}
    read = partial(_read_item, aliases=aliases, fields=_fields(topic))
    parts: list[tuple[Path, Callable[[], Query]]] = [
        ((key, place), partial(read, item)) for key, items in lists.items() for place, item in enumerate(items)
    ]
    if topic.query is not None:
        parts.append((("query",), partial(parse, topic.query, aliases, _fields(topic))))
    elif not parts and not topic.regex and not topic.like:
        parts.append((("name",), partial(_of_name, topic.name, aliases, _fields(topic))))
    for path, part in parts:
        with suppress(QueryError):
            yield path, part()


def _fields(topic: Topic) -> tuple[Field, ...]:
    return topic.fields or WHERE


def _placed(path: Path, read: Callable[[], Query]) -> Query:
    try:
        return read()
    except QueryError as error:
        raise TopicError(error, path) from None


def _items(key: _List, topic: Topic, aliases: Aliases) -> tuple[Query, ...]:
    items: tuple[str, ...] = getattr(topic, key)
    read = partial(_read_item, aliases=aliases, fields=_fields(topic))
    return tuple(_placed((key, place), partial(read, item)) for place, item in enumerate(items))


def _read_item(item: str, aliases: Aliases, fields: tuple[Field, ...]) -> Query:
    return aliases.read_item(parse_item(item, fields))


def _patterns(topic: Topic) -> tuple[Query, ...]:
    return tuple(
        _placed(("regex", place), partial(_pattern, pattern, _fields(topic)))
        for place, pattern in enumerate(topic.regex)
    )


def _pattern(pattern: str, fields: tuple[Field, ...]) -> Query:
    compiled(pattern)  # here it is known which of the topic's patterns is wrong
    return Regex(pattern, 1, pattern, fields)


def _of_name(name: str, aliases: Aliases, fields: tuple[Field, ...]) -> Query:
    words = tuple(Lexeme("word", found[0], *found.span()) for found in _NAME_WORD.finditer(name) if has_word(found[0]))
    if not words:
        raise QueryError("there is no word in this name", 1, "add a query, or any: with the words to look for")
    return all_words(name, words, aliases, fields)


def _unit(within: str) -> Unit | None:
    """None: the article as a whole."""
    match within:
        case "article":
            return None
        case "title" | "paragraph" | "sentence":
            return within
        case _ if stretch := _STRETCH.fullmatch(within):
            return int(stretch[1])
        case _:
            hint = "write title, paragraph, sentence, article or a number of words, as 20 words"
            raise TopicError(QueryError("there is no such stretch of an article", 1, hint), ("within",))


def _either(parts: tuple[Query, ...]) -> tuple[Query, ...]:
    return (_group(Or, parts),) if parts else ()


def _group(shape: type[And | Or], parts: tuple[Query, ...]) -> Query:
    joint = " AND " if shape is And else " OR "
    return parts[0] if len(parts) == 1 else shape(parts, 1, joint.join(map(_bracketed, parts)))


def _bracketed(part: Query) -> str:
    return f"({part.source})" if isinstance(part, Or) else part.source
