"""What an Indonesian word is made of: the root under its affixes, where a dictionary knows one. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Roots:
    """`known` are looked for under all affixes; `whole` words have none, but those that any word takes (-nya, -lah …)."""

    known: Container[str]
    whole: Container[str]

    def of(self, word: str) -> str:
        """The root of a folded word; the word itself where none is known under it."""
        if irregular := _IRREGULAR.get(word):
            return irregular
        if word in self.whole or word in self.known:
            return word
        return self._under_affixes(word) or self._under_clitic(word) or word

    @staticmethod
    def written(root: str) -> Iterator[str]:
        """What every word with this root holds: the root, but perhaps its first letter (menulis, tulis); or an exception."""
        yield root[1:] or root
        yield from (word[1:] for word, irregular in _IRREGULAR.items() if irregular == root)

    def _under_clitic(self, word: str) -> str | None:
        for clitic in _CLITICS:
            bare = word.removesuffix(clitic)
            if bare == word or not (_is_long(bare) or (clitic == "nya" and self._is_root(bare))):
                continue
            root = self.of(bare)
            # Hardly a word ends in -nya by itself: what is before it is a word, though not a known one.
            is_word = root != bare or bare in self.whole or bare in self.known
            if is_word or (clitic == "nya" and len(bare) > _FEWEST_LETTERS):
                return root
        return None

    def _under_affixes(self, word: str) -> str | None:
        """The root that leaves the least to affixes."""
        heaviest, found = 0, None
        for suffix in _SUFFIXES:
            core = word.removesuffix(suffix)
            if suffix and core == word:
                continue
            for weight, root in self._under_prefixes(core, suffix):
                if weight > heaviest:
                    heaviest, found = weight, root
        return found and _IRREGULAR.get(found, found)

    def _under_prefixes(self, core: str, suffix: str) -> Iterator[tuple[int, str]]:
        if suffix and self._is_root(core) and _is_long(core, suffix):
            yield _LETTER * len(core) - _SUFFIX, core
        for prefix, under, melted in _outer(core):
            if suffix in _TAKES[prefix]:
                yield from self._inner(under, suffix, (prefix,), melted)
            elif suffix == "an" and core[-1] == "k" and prefix in _TAKES_KAN:
                yield from ((_LAST_RESORT, root) for _, root in self._inner(under, suffix, (prefix,), melted))

    def _inner(self, core: str, suffix: str, prefixes: tuple[str, ...], melted: int) -> Iterator[tuple[int, str]]:
        if self._is_root(core):
            yield _LETTER * (len(core) - melted) - _PREFIX * len(prefixes) - (_SUFFIX if suffix else 0) - melted, core
        if len(prefixes) == _MOST_PREFIXES:
            return
        for prefix, under, melts in _outer(core):
            if prefix in _INNER[prefixes[-1]] and (prefix != "ke" or suffix):
                yield from self._inner(under, suffix, (*prefixes, prefix), melts)

    def _is_root(self, core: str) -> bool:
        return len(core) >= _FEWEST_LETTERS and core in self.known


_LETTER, _PREFIX, _SUFFIX = 8, 9, 3  # what a letter of the root weighs, and what affixes take off
_LAST_RESORT: Final = 1
_FEWEST_LETTERS: Final = 3  # of a root
_MOST_PREFIXES: Final = 3
_SHORTEST_WITH_KU: Final = 6  # letters; most that are shorter are names
_CLITICS: Final = ("nya", "lah", "kah", "pun", "ku", "mu")
_SUFFIXES: Final = ("", "an", "kan", "i")
# The suffixes that go with a prefix.
_TAKES: Final = {
    "me": ("", "kan", "i"),
    "di": ("", "kan", "i"),
    "ku": ("", "kan", "i"),
    "kau": ("", "kan", "i"),
    "ter": ("", "kan", "i"),
    "ber": ("", "an", "kan"),
    "pe": ("", "an"),
    "per": ("", "an", "kan", "i"),
    "ke": ("an",),
    "se": ("", "an"),
}
_TAKES_KAN: Final = ("me", "di", "ter")  # where many write one k for two: menunjukan
# The prefixes that stand under another.
_INNER: Final = {
    "me": ("per", "ber", "ter", "ke", "se", "pe"),
    "di": ("per", "ber", "ter", "ke", "se", "pe"),
    "ku": ("per", "ber", "ke"),
    "kau": ("per", "ber", "ke"),
    "ter": ("per", "ke", "se", "pe"),
    "ber": ("pe", "per", "ke", "se"),
    "pe": ("ber", "per", "se", "ke", "ter"),
    "per": ("se", "ke"),
    "ke": ("pe", "per", "ber", "ter", "se"),
    "se": ("pe", "per", "ke"),
}
# Where another root would fit better by its form.
_IRREGULAR: Final = {
    "adakan": "ada",
    "ajukan": "aju",
    "beribu": "ribu",
    "berisikan": "isi",
    "berpengalaman": "alami",
    "doakan": "doa",
    "ketahui": "tahu",
    "sahkan": "sah",
    "mengawal": "kawal",
    "menganggur": "nganggur",
    "mengemas": "kemas",
    "mengemuka": "muka",
    "mengesahkan": "sah",
    "pemasukan": "masuk",
    "pembagian": "bagi",
    "pemerataan": "rata",
    "pencari": "cari",
    "pengalaman": "alami",
    "penganggur": "nganggur",
    "pengangguran": "nganggur",
    "pengesahan": "sah",
    "penggali": "gali",
    "pengawal": "kawal",
    "pengawalan": "kawal",
    "pengemasan": "kemas",
    "penglihatan": "lihat",
    "pengumuman": "umumkan",
    "perbaikan": "perbaiki",
    "perombakan": "rombak",
    "peramalan": "ramal",
    "peradangan": "radang",
    "seseorang": "orang",
    "terkemuka": "muka",
    "hilirisasi": "hilir",
    "vaksinasi": "vaksin",
}
_VOWELS: Final = "aeiou"


def _is_long(bare: str, suffix: str = "") -> bool:
    """Long enough to have nothing but a suffix: short roots with one are mostly names (Tomi, Golan, Mekkah)."""
    return len(bare) > _FEWEST_LETTERS or (len(bare) == _FEWEST_LETTERS and bare[0] in _VOWELS and suffix != "i")


def _outer(core: str) -> Iterator[tuple[str, str, int]]:
    """Each prefix that a word may begin with, what is under it, and how many of its letters had melted."""
    match core[:2]:
        case "me" | "pe":
            if core.startswith("per") or core == "pelajar":
                yield from _with_r(core, "per", "pel")
            else:
                yield from ((core[:2], under, melted) for under, melted in _under_nasal(core[2:]))
            if core[0] == "p":  # petugas, pekerja
                yield "pe", core[2:], 1
        case "be":
            yield from _with_r(core, "ber", "bel")
        case "te":
            yield from _with_r(core, "ter", "tel")
        case "di" | "ke" | "se":
            yield core[:2], core[2:], 0
        case "ku" if len(core) > _SHORTEST_WITH_KU:
            yield "ku", core[2:], 0
        case "ka" if core.startswith("kau") and len(core) > _SHORTEST_WITH_KU:
            yield "kau", core[3:], 0


def _with_r(core: str, prefix: str, before_ajar: str) -> Iterator[tuple[str, str, int]]:
    """ber-, per-, ter-: without their r before another (berenang, bekerja), with l in belajar."""
    if core.startswith(prefix):
        yield prefix, core[3:], 0
        yield prefix, core[2:], 1
    elif core[3:5] == "er":
        yield prefix, core[2:], 0
    if core == before_ajar + "ajar":
        yield prefix, "ajar", 0


def _under_nasal(body: str) -> Iterator[tuple[str, int]]:
    """What may be under me- and pe-: b, d, g … stay behind their nasal, p, t, s and k melt into it."""
    if body[:1] and body[0] in "lmnrwy":
        yield body, 0
    for nasal, (stays, melts) in _NASALS.items():
        rest = body.removeprefix(nasal)
        if rest == body or not rest:
            continue
        if rest[0] in stays:
            yield rest, 0
        if nasal == "m" and rest[0] in "lr":  # pemrosesan
            yield "p" + rest, 1
        if rest[0] in _VOWELS and melts:
            yield melts + rest, 1
    if body.startswith("nge") and _ONE_SYLLABLE.fullmatch(body[3:]):
        yield body[3:], 0


_ONE_SYLLABLE: Final = re.compile("[^aeiou]{1,3}(?:[aeiou]|ai|au)[^aeiou]{0,2}")
_NASALS: Final = {
    "m": ("bfvp", "p"),
    "n": ("dcjzts", "t"),
    "ny": ("", "s"),
    "ng": ("ghk" + _VOWELS, "k"),
}
