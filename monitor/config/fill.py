"""`${NAME}`, `${NAME:-default}` and `${file:…}` in a text of the file → what they stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from monitor.config import files
from monitor.config.hints import guess
from monitor.config.source import shortened

MAX_SECRET: Final = 64 * 1024

_ALONE: Final = "a secret's file holds the secret and nothing else"

_PLACEHOLDER: Final = re.compile(
    r"""(?x) \$\$\{
          | \$\{ (?: (?P<name>[A-Za-z_][A-Za-z0-9_]*) (?: :- (?P<default>[^}$]*) )? | file:(?P<file>[^}$]+) ) \}
          | (?P<broken>\$\{)"""
)

_ALMOST: Final = r"\$\{ *(?:env[.:])? *(?P<name>[A-Za-z_][A-Za-z0-9_]*) *(?:\}|$)"


class Unfilled(Exception):
    """Something can't be filled in; `offset` is its place in the text."""

    def __init__(self, offset: int, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.offset = offset
        self.what = what
        self.hint = hint


def has_placeholder(template: str) -> bool:
    return "${" in template


def files_in(template: str) -> list[str]:
    """The files of secrets that a text names, absolute; also those that are not there."""
    if not has_placeholder(template):
        return []
    return [os.path.abspath(found["file"]) for found in _PLACEHOLDER.finditer(template) if found["file"]]  # noqa: PTH100 - pathlib resolves no dots


def fill(template: str, environ: Mapping[str, str]) -> str:
    """In a URL what is filled in is percent-encoded, unless it is the whole value."""
    if not has_placeholder(template):
        return template
    whole = _PLACEHOLDER.fullmatch(template) is not None
    in_url = not whole and "://" in _PLACEHOLDER.sub("", template)

    def one(found: re.Match[str]) -> str:
        if found[0] == "$${":
            return "${"
        value = _value(found, environ)
        return quote(value, safe="") if in_url else value

    return _PLACEHOLDER.sub(one, template)


def _value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    if found["broken"]:
        almost = re.match(_ALMOST, found.string[found.start() :])
        hint = (
            f"write ${{{shortened(almost['name'])}}}"
            if almost
            else "write ${NAME} or ${NAME:-default}; $${ for the signs alone"
        )
        raise Unfilled(found.start(), "this ${ can't be read", hint)
    if found["file"]:
        return _content(found["file"], found.start())
    name, default = found["name"], found["default"]
    shown = shortened(name)
    if value := environ.get(name):
        return value
    if default is not None:
        return default
    if value is not None:
        raise Unfilled(found.start(), f"${{{shown}}} is empty", f"write ${{{shown}:-}} if it may be")
    others = tuple(other for other in environ if other != name)
    hint = guess(name, others) or f"set it before the start, or write ${{{shown}:-default}}"
    raise Unfilled(found.start(), f"${{{shown}}} is not set", hint)


def _content(path: str, offset: int) -> str:
    try:
        content = files.content(path, MAX_SECRET)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Unfilled(offset, "there is no such file", _ALONE) from None
    except IsADirectoryError:
        raise Unfilled(offset, "this is a folder", _ALONE) from None
    except files.NoFile:
        raise Unfilled(offset, "this is no file", _ALONE) from None
    except OSError:
        raise Unfilled(offset, "this file may not be read", "let the user that monitor runs as read it") from None
    if len(content) > MAX_SECRET:
        raise Unfilled(offset, "this file is too long for a secret", "name the file that holds it and nothing else")
    try:
        return _secret(content.decode().rstrip("\r\n"), offset)
    except UnicodeDecodeError:
        raise Unfilled(
            offset, "this file is no text in UTF-8", "save it as UTF-8, the secret and nothing else"
        ) from None


def _secret(text: str, offset: int) -> str:
    if not text.strip():
        raise Unfilled(offset, "this file is empty", _ALONE)
    if "\n" in text or "\r" in text:
        raise Unfilled(offset, "this file holds several lines", _ALONE)
    return text
