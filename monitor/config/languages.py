"""Codes of languages, and what is known of their words. Pure."""

from __future__ import annotations

import re
from typing import Final

from monitor.config import habits
from monitor.config.words import Form, Misread
from monitor.languages import language_of

_CODE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def _language(text: str) -> str:
    if text.casefold() == "none" or _CODE.fullmatch(text):
        _, *region = text.casefold().replace("_", "-").split("-")
        return "-".join((language_of(text), *region))
    raise _no_code(text, "; or none")


def _code(text: str) -> str:
    if text.casefold() == "none" or not _CODE.fullmatch(text):
        raise _no_code(text)
    return language_of(text)


def _no_code(text: str, otherwise: str = "") -> Misread:
    meant = habits.LANGUAGES.get(text.casefold().partition(" ")[0])
    hint = f"write {meant}" if meant else f"write its short form, like id, en or ko{otherwise}"
    return Misread("{it} is not a language's code", hint)


language: Final = Form(_language, _CODE.pattern, words=("none",))
code: Final = Form(_code, rf"(?![Nn][Oo][Nn][Ee]$){_CODE.pattern}")
