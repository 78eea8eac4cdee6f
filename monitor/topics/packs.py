"""What comes along of names: short and long forms of Indonesian institutions, and of countries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from monitor.errors import UsageError

PACKS: Final = ("indonesia", "negara")

_NAME: Final = re.compile(r"\s*([^,(]+?)\s*(?:\(also: ([^)]*)\)\s*)?(?:,|$)")
_CASE: Final = "case:"
_EXACT: Final = "exact:"


@dataclass(frozen=True, slots=True)
class Pack:
    """Aliases as a user would write them; which of their short forms mean something else too; and which are not to be
    taken for words with affixes: Kejagung is not *jagung*, and who writes “menyulut” does not mean Sulut.
    """

    aliases: Mapping[str, tuple[str, ...]] = field(repr=False)
    ambiguous: Mapping[str, tuple[tuple[str, str], ...]] = field(repr=False)  # key → short form, what else it means
    protect: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Name:
    written: str
    also: str  # what else it means; often empty

    @property
    def text(self) -> str:
        return self.written.removeprefix(_CASE).removeprefix(_EXACT)

    @property
    def key(self) -> str:
        """What counts in capitals only is a word of its own in small letters: a topic names it by `case:AS`, or AS."""
        return self.text if self.is_key else _CASE + self.text

    @property
    def is_key(self) -> bool:
        return not self.written.startswith(_CASE)

    @property
    def is_whole(self) -> bool:
        return self.written.startswith(_EXACT)


@cache
def pack(name: str) -> Pack:
    """A list that comes with the program; each of its lines names one thing."""
    if name not in PACKS:
        raise UsageError(f"there is no alias pack called {name}")
    aliases: dict[str, tuple[str, ...]] = {}
    ambiguous: dict[str, tuple[tuple[str, str], ...]] = {}
    protect: set[str] = set()
    for names in _lines(name):
        notes = tuple((each.text, each.also) for each in names if each.also)
        for key in names:
            others = tuple(other.written for other in names if other is not key)
            aliases[key.key] = () if key.key in aliases else others  # of two things it stands for neither
            if notes and key.is_key:
                ambiguous[key.text] = notes
        protect.update(each.text for each in names if each.is_whole)
    return Pack({key: others for key, others in aliases.items() if others}, ambiguous, frozenset(protect))


def _lines(name: str) -> Iterator[tuple[_Name, ...]]:
    text = (files(__package__) / "packs" / f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield tuple(_Name(found[1], found[2] or "") for found in _NAME.finditer(line.replace(" = ", ", ", 1)))
