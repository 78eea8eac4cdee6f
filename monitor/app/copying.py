"""What somebody may copy into the configuration: a topic, a topic with one more word, another name for a word."""

from __future__ import annotations

import re
from typing import Final

from monitor.errors import QueryError
from monitor.settings import Settings, Topic
from monitor.topics.lexemes import words_of
from monitor.topics.offers import Offer
from monitor.topics.query import parse
from monitor.topics.tree import Alias, Phrase, Query, Word, leaves

_PLAIN: Final = re.compile(
    r"[^\W\d_]+(?: [^\W\d_]+)*"
)  # letters alone: but for those words YAML takes them as they are
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def as_yaml(topic: Topic) -> str:
    """What it looks for, as an item of `topics`."""
    lines = [f"- name: {_quoted(topic.name)}"]
    for name in ("query", "any", "all", "none", "regex", "within", "min_score"):
        value, default = getattr(topic, name), Topic.model_fields[name].default
        if value == default:
            continue
        lines.append(f"  {name}: {_written(value)}")
    if topic.like:
        lines.append(f"  like: {_written(tuple(sample.name for sample in topic.like))}")
        if topic.like_score != Topic.model_fields["like_score"].default:
            lines.append(f"  like_score: {topic.like_score}")
    return "\n".join(lines) + "\n"


def with_offer(offer: Offer, topic: Topic, query: Query, settings: Settings) -> str:
    """Taken up: as another name of the clause, or beside it where it can have none; empty where neither can be written."""
    if offer.is_related:
        return _beside(offer, topic)
    leaf = next((leaf for leaf, _ in leaves(query) if leaf.source == offer.clause), None)
    name = leaf.options[0] if isinstance(leaf, Alias) else leaf
    if isinstance(name, Word | Phrase) and not (name.case or name.exact or "*" in name.text or "?" in name.text):
        others = [option.source for option in leaf.options[1:]] if isinstance(leaf, Alias) else []
        return _as_alias(name.text, others, offer.word, settings)
    return _beside(offer, topic)


def _as_alias(name: str, others: list[str], word: str, settings: Settings) -> str:
    """With the names that it has, as a key that the user writes is the user's alone: what packs say of it no longer counts."""
    own = {tuple(words_of(key)): key for key in settings.aliases}
    key = own.get(tuple(words_of(name)), name)
    known = settings.aliases.get(key, tuple(others))
    return f"aliases:\n  {_item(key)}: [{', '.join(map(_item, (*known, word)))}]\n"


def _beside(offer: Offer, topic: Topic) -> str:
    if offer.kind == "or" and topic.any and not topic.query:
        return as_yaml(topic.model_copy(update={"any": (*topic.any, offer.word)}))
    if not topic.query or topic.query.count(offer.clause) != 1:
        return ""
    word = offer.word if " " not in offer.word else f'"{offer.word}"'
    either = f"{offer.clause} OR {word}"
    changed = topic.query.replace(offer.clause, either if offer.kind == "or" else f"({either})")
    try:
        parse(changed)
    except QueryError:
        return ""
    return as_yaml(topic.model_copy(update={"query": changed}))


def _item(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT else _quoted(text)


def _written(value: object) -> str:
    match value:
        case str():
            return _quoted(value)
        case tuple():
            return "[" + ", ".join(map(_written, value)) + "]"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    """In single quotes nothing has another meaning but the quote itself."""
    return "'" + text.replace("'", "''") + "'"
