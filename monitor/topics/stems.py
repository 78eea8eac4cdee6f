"""The stems of a language's words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from monitor.topics.affixes import Roots
from monitor.topics.stopwords import INDONESIAN

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

# Of these a stem may begin with another letter than its word: gelopen, loop; duna, t; bhfear, fear; cxu, ĉu; djak, đak.
_BEGINNING_ANEW: Final = ("nl", "tr", "ga", "eo", "sr")
_LONGEST: Final = 30  # letters; what is longer is no word, and its stem would take long
_REMEMBERED: Final = 1 << 16  # words
_SHORTEST: Final = 4  # letters of a word that can have an affix
_INDONESIAN: Final = ("id", "in")  # and the code of old


class Stems:
    """The stems of one language; words of `protect` stay whole."""

    def __init__(self, language: str, protect: Iterable[str] = ()) -> None:
        code = language.lower().partition("-")[0].partition("_")[0]
        self._is_indonesian = code in _INDONESIAN
        self._begins_anew = code in _BEGINNING_ANEW
        self._doubled = _doubled() if self._is_indonesian else {}
        stem = _indonesian(frozenset(protect)) if self._is_indonesian else _snowball(code)
        self._whole = frozenset(protect)
        self._stem = stem and lru_cache(maxsize=_REMEMBERED)(stem)
        self.are_known = stem is not None

    def of(self, term: str) -> str:
        """The stem of a folded word; the word itself where it has none."""
        if self._stem is None or not self._is_stemmed(term):
            return term
        return self._stem(term) or term

    def traces(self, stem: str) -> tuple[str, ...]:
        """What a word of ASCII must hold to have this stem, hyphens aside: one of these; after ^ what it must begin with.

        A necessary condition, cheap to look for: most words that hold a trace have another stem. Empty: any word may have it.
        """
        if self._is_indonesian:
            root = stem.removesuffix(_DERIVED).replace("-", "")
            return tuple(dict.fromkeys(Roots.written(root)))
        if not self.are_known:
            return (stem,)
        return ("",) if self._begins_anew else (f"^{stem[:1]}",)

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
        if one == other:
            return one
        if self.of(parts[0] + "an") == other:  # kemerah-merahan
            return other
        return one if self.of("me" + parts[1]) == one else None  # tembak-menembak, menulis-nulis

    def _fixed(self, parts: tuple[str, ...]) -> str | None:
        """The doubled word of its own that this is, or of which it is a form (memata-matai, perundang-undangan)."""
        if len(parts) != 2:  # noqa: PLR2004  doubled
            return None
        for first in _ends(parts[0]):
            for suffix in _SUFFIXES:
                second = parts[1].removesuffix(suffix)
                if second in self._doubled.get(first, ()) and (not suffix or second != parts[1]):
                    return f"{first}-{second}"
        return None

    def _is_stemmed(self, term: str) -> bool:
        return _SHORTEST <= len(term) <= _LONGEST and term.isalpha() and term not in self._whole


def _ends(word: str) -> Iterator[str]:
    """A word, and what is left of it without a prefix."""
    yield word
    yield from (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))


_PREFIXES: Final = ("me", "mem", "men", "meng", "di", "ber", "ter", "ke", "per", "pe", "pem", "pen", "peng", "se")
_SUFFIXES: Final = ("", "nya", "lah", "kah", "pun", "ku", "mu", "an", "annya", "i", "inya", "kan", "kannya")


@cache
def _list(name: str) -> frozenset[str]:
    text = files("monitor.topics").joinpath(name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _doubled() -> Mapping[str, tuple[str, ...]]:
    """The doubled words of their own, by their first half."""
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for word in sorted(_list("indonesian/doubled.txt")):
        first, _, second = word.partition("-")
        found[first] += (second,)
    return found


@cache
def _dictionary() -> frozenset[str]:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return (frozenset(StemmerFactory().get_words()) | _list("indonesian/roots.txt")) - _list("indonesian/rare.txt")


def _indonesian(protect: frozenset[str]) -> Callable[[str], str]:
    roots = Roots(_dictionary(), _list("indonesian/rare.txt") | _list("indonesian.txt") | protect)

    def stem(word: str) -> str:
        if word in INDONESIAN:
            return word
        root = roots.of(word)
        is_written = root == word or word.removeprefix(root) in _CLITICS
        return root if is_written or root not in _EVERYWHERE else root + _DERIVED

    return stem


# Income (pendapatan) comes from a word for can (dapat), to oppose (menentang) from one for about (tentang): what is made of
# words that stand in every article has a stem with its like, but another than they.
_EVERYWHERE: Final = INDONESIAN | {"aku", "kini", "nanti", "sama", "satu", "terus"}
_DERIVED: Final = "+"
_CLITICS: Final = ("nya", "lah", "kah", "pun", "ku", "mu")


def _snowball(code: str) -> Callable[[str], str] | None:
    if code not in _ALGORITHMS:
        return None
    import snowballstemmer

    def stem(term: str) -> str:
        """A stemmer keeps its word in itself, and several threads ask: so each word has one of its own."""
        found: str = snowballstemmer.stemmer(_ALGORITHMS[code]).stemWord(term)
        return found

    return stem
