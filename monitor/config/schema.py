"""What config.yaml may hold, as a JSON Schema for editors; `python -m monitor.config.schema` prints it. Pure."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from monitor.config.addresses import A_FEED
from monitor.config.layout import SETTINGS, SILENCE, TOPIC, feed_url
from monitor.config.shape import ListOf, Named, OneOrMore, Reader, SectionOf, Setting, Shape, Word, exact
from monitor.config.silences import WAYS
from monitor.config.words import Form

Schema = Mapping[str, Any]

# A topic says in one way what must be there.
ONE_WAY: Final[Schema] = {
    "query": {"not": {"anyOf": [{"required": [name]} for name in ("any", "all", "none")]}},
    "none": {"anyOf": [{"required": [name]} for name in ("any", "all", "query", "regex", "like")]},
}

# A silence is of one thing, and ends.
ONE_THING: Final[Schema] = {
    "required": ["until"],
    "oneOf": [{"required": [name]} for name in WAYS],
}

FILLED_IN: Final = r"\$\{"  # whatever stands around it, only the program can tell
SCALARS: Final = ["string", "number", "boolean"]  # an editor takes 62 and true for no text, the program does


def schema() -> Schema:
    """Nothing is required at the top: an included file holds only a part."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.yaml of news-monitor, and the files it includes",
        **_section(SETTINGS),
    }


def _section(shape: Shape, shorthand: str | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {name: _setting(setting, is_needed=name == shorthand) for name, setting in shape.items()},
        **({"required": [shorthand]} if shorthand else {}),
        "additionalProperties": False,
        **({"dependentSchemas": ONE_WAY} if shape is TOPIC else ONE_THING if shape is SILENCE else {}),
    }


def _setting(setting: Setting[Any], *, is_needed: bool) -> Schema:
    default = {"true": True, "false": False}.get(setting.default, setting.default)
    return {
        "description": setting.about,
        **({"default": default} if setting.default else {}),
        **(_value(setting.read) if is_needed or not setting.may_be_empty else _or_nothing(_value(setting.read))),
    }


def _or_nothing(value: Schema) -> Schema:
    """A setting without a value is left out."""
    if "anyOf" in value:
        return {"anyOf": [*value["anyOf"], {"type": "null"}]}
    if "type" not in value:
        return value
    kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return {**value, "type": [*kinds, "null"]}


def _value(read: Reader[Any]) -> Schema:
    match read:
        case ListOf(item=item):
            return {"type": "array", "items": _value(item)}
        case OneOrMore(item=item):
            return {"anyOf": [_value(item), {"type": "array", "items": _value(item)}]}
        case Named(value=value):
            return {"type": "object", "additionalProperties": _value(value)}
        case SectionOf(shape=shape, shorthand=name):
            section = _section(shape, name)
            return {"anyOf": [_value(shape[name].read), section]} if name else section
        case Word(form=form):
            return _form(form)
        case _:
            return _text(read)


def _text(read: Reader[Any]) -> Schema:
    if read is exact:
        return {"type": SCALARS}
    if read is feed_url:
        return {"type": "string", "pattern": _whole(A_FEED)}
    return {"type": SCALARS, "pattern": r"\S"}


def _form(form: Form[Any]) -> Schema:
    """Words alone are listed, so that an editor can offer them."""
    if form.words == ("true", "false"):
        return {"type": ["boolean", "string"], "pattern": _whole("true|false")}
    looks = [_whole(form.pattern)] if form.pattern else [FILLED_IN] if form.words else []
    kinds = ["string", "integer"] if form.is_number else "string"
    text = {"type": kinds, **({"pattern": looks[0]} if looks else {})}
    return {"anyOf": [{"enum": list(form.words)}, text]} if form.words else text


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$|{FILLED_IN}"


def printed() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
