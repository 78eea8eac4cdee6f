"""What is said where a text, a list or settings stand in each other's place, or a name means nothing here. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.config.hints import listed, meant
from monitor.config.lines import habit_in
from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.source import QUOTED, Fault, Wrong, quoted, shortened

KINDS: Final = {Scalar: "a text", Items: "a list", Pairs: "settings"}

_POSSIBLE: Final = "possible here: "
_GLUED: Final = r"([A-Za-z_]\w*) *[:：=]"
_UNSAFE: Final = r"://|:\S*@|\w=|[\n\[\]{}]"  # not repeated: a secret, or no text between brackets


def unknown(key: Scalar, shape: Mapping[str, object], elsewhere: Mapping[str, str]) -> Fault:
    if key.text == "<<":
        return Fault(key.start, "settings can't be merged with '<<' here", "write them out")
    if key.text in {"http", "https"}:
        return Fault(key.start, f"a blank can't stand after '{key.text}:'", f"write {key.text}://… without a blank")
    if not key.style and (fault := habit_in(f"{key.text}: ", key.start)):
        return fault
    likely = "" if key.text in elsewhere else meant(key.text, shape)
    hint = f"did you mean '{likely}'?" if likely else elsewhere.get(key.text, listed(_POSSIBLE, shape))
    return Fault(key.start, f"there is no setting {quoted(key.text)} here", hint)


def refuse_glued(node: Scalar, shape: Mapping[str, object]) -> None:
    """`name:Gempa` is a text to YAML."""
    found = re.match(_GLUED, node.text)
    if found and not node.style and found[1] in shape and (fault := habit_in(node.text, node.start)):
        raise Wrong(fault.index, fault.what, fault.hint)


def refuse_text_with_colon(
    node: Pairs, shape: Mapping[str, object], shorthand: str, elsewhere: Mapping[str, str]
) -> None:
    """`- Gempa: besar` are settings to YAML."""
    key, value = node.pairs[0] if len(node.pairs) == 1 else (None, None)
    if not key or not shorthand or key.text in shape:
        return
    fault = unknown(key, shape, elsewhere)
    if not fault.hint.startswith(_POSSIBLE):
        return  # it is told when the settings are read
    if not isinstance(value, Scalar):
        hint = f"write '- {shorthand}: {first_name(node)}', and its settings below that"
        raise Wrong(key.start, fault.what, hint)
    if value.is_null:
        raise Wrong(key.end, "text can't end with ':'", "take it away, or put all of it in quotes")
    raise Wrong(key.end, "text can't hold ': '", 'put all of it in quotes: "…: …"')


def as_text(node: Node) -> str:
    if isinstance(node, Items):
        return 'write one text; text that starts with [ goes in quotes: "[…]"'
    return 'text that starts with { or holds ": " goes in quotes: "…: …"'


def text_for_list(node: Scalar, shape: Mapping[str, object], shorthand: str) -> Wrong:
    if not node.text.strip():
        return Wrong(node.start, "nothing stands here", "write a list, like [a, b], or take the line away")
    fault = None if node.style else habit_in(node.text, node.start)
    if fault:
        return Wrong(fault.index, fault.what, fault.hint)
    if shape and not shorthand:
        hint = f"write [{{{', '.join(f'{name}: …' for name in shape)}}}]"
    elif len(node.text) < QUOTED and not re.search(_UNSAFE, node.text):
        hint = f"write [{node.text}]"
    else:
        hint = "write each item in a line of its own: - …"
    return Wrong(node.start, "this must be a list, not a text", hint)


def names_for_list(node: Node, shape: Mapping[str, object], shorthand: str) -> Wrong:
    first = first_name(node)
    if first.startswith("-") and (fault := habit_in(first, node.start)):
        return Wrong(fault.index, fault.what, fault.hint)
    if not shape:
        return Wrong(node.start, "this must be a list of texts", "write [a, b], or each in a line of its own: - …")
    known = first in shape or not shorthand
    hint = f"write '- {first}: …'" if known else f"write '- {shorthand}: {first}', and its settings below that"
    return Wrong(node.start, "this must be a list: each item starts with '-'", hint)


def first_name(node: Node) -> str:
    """The first name that stands in some settings, or in a list of them; as it may be shown."""
    while isinstance(node, Items) and node.items:
        node = node.items[0]
    shown = node.pairs[0][0].text if isinstance(node, Pairs) and node.pairs else "name"
    return "name" if re.search(_UNSAFE, shown) else shortened(shown)
