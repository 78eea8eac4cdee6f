"""The stems of a language's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_ALGORITHMS: Final = {  # of Snowball, by language
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "nn": "norwegian",
    "no": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_LONGEST: Final = 30  # letters; what is longer is no word, and its stem would take long
_REMEMBERED: Final = 1 << 16  # words, as a careful stem takes long
_SHORTEST: Final = 4  # letters of a word that can have an affix
# What else PySastrawi takes off (-is, -er-, -in-) is seldom an affix in the news, and asking it takes long.
_AFFIXED: Final = re.compile(r"(?:[mpbt]e|di|ke|se|ku|kau).{3,}|.{2,}(?:nya|kan|an|i|[lkt]ah|pun|[km]u)")
_INDONESIAN: Final = ("id", "in")  # and the code of old
_SUFFIXES: Final = ("nya", "lah", "kah", "pun", "ku", "mu")


class Stems:
    """The stems of one language; words of `protect` stay whole."""

    def __init__(self, language: str, protect: Iterable[str] = ()) -> None:
        code = language.lower().partition("-")[0].partition("_")[0]
        self._is_indonesian = code in _INDONESIAN
        ours = _list("indonesian.txt") if self._is_indonesian else frozenset[str]()
        self._whole = ours | frozenset(protect)
        stem = _stemmer(code)
        self._stem = stem and lru_cache(maxsize=_REMEMBERED)(stem)
        self.are_known = stem is not None

    def of(self, term: str) -> str:
        """The stem of a folded word; the word itself where it has none."""
        if self._stem is None or not self._is_stemmed(term):
            return term
        return self._stem(term) or term

    def is_fixed(self, parts: tuple[str, ...]) -> bool:
        """Is this a doubled word of its own, as laba-laba (spider) is no laba (profit)?"""
        return self._is_indonesian and self._fixed(parts) is not None

    def of_doubled(self, parts: tuple[str, ...]) -> str | None:
        """The stem of a doubled word (anak-anak, bersalam-salaman); None for other words with hyphens."""
        if not self._is_indonesian or len(parts) != 2:  # noqa: PLR2004  doubled
            return None
        if fixed := self._fixed(parts):
            return fixed
        one, other = self.of(parts[0]), self.of(parts[1])
        if one != other:
            other = self.of("me" + parts[1])
        return one if one == other else None

    def _fixed(self, parts: tuple[str, ...]) -> str | None:
        if len(parts) != 2:  # noqa: PLR2004  doubled
            return None
        one, other = parts
        for suffix in ("", *_SUFFIXES):
            if other.endswith(suffix) and f"{one}-{other.removesuffix(suffix)}" in self._whole:
                return one + other.removesuffix(suffix)
        return None

    def _is_stemmed(self, term: str) -> bool:
        return _SHORTEST <= len(term) <= _LONGEST and term.isalpha() and term not in self._whole


@cache
def _list(name: str) -> frozenset[str]:
    text = files("monitor.topics").joinpath(name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _stemmer(code: str) -> Callable[[str], str] | None:
    if code in _INDONESIAN:
        return _sastrawi()
    if code not in _ALGORITHMS:
        return None
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer(_ALGORITHMS[code]).stemWord
    return stem


def _sastrawi() -> Callable[[str], str]:
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Stemmer import Stemmer
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    careful: Callable[[str], str] = Stemmer(ArrayDictionary(StemmerFactory().get_words())).stem_word
    return lambda term: careful(term) if _AFFIXED.fullmatch(term) else term
