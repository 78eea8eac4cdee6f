"""Texts of about 450 words, and topics such as newsrooms have, drawn from other texts; for bench.matching."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import prose
from bench.streams import read
from monitor.text import fold

WORDS: Final = 450  # of a text
INVENTED: Final = 2400  # texts, where no folder is given
NAMED: Final = 0.25  # the share of topics with a name that no text has
NEAR: Final = 5
_COMMON: Final = 100  # so many of the commonest words are in no topic
_PLAIN: Final = re.compile(r"[^\W\d_]+|\d+")

Raw = tuple[str, str]  # title and text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a topic asks for: every one of these words or phrases, some of those, none of the last; or two words near."""

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    near: tuple[str, str] | None = None

    @property
    def query(self) -> str:
        if self.near:
            return f"{self.near[0]} NEAR/{NEAR} {self.near[1]}"
        some = [f"({' OR '.join(map(_quoted, self.some))})"] if self.some else []
        return " ".join([*map(_quoted, self.every), *some, *(f"-{_quoted(item)}" for item in self.none)])


def _quoted(item: str) -> str:
    return f'"{item}"' if " " in item else item


# -- texts ---------------------------------------------------------------------------------------


def raw_texts(folder: Path | None) -> list[Raw]:
    if folder is None:
        return [(prose.title(7, 1, number), "\n".join(prose.body(7, 1, number))) for number in range(INVENTED)]
    return [(piece.article.title, piece.article.text) for piece in read(folder).pieces if piece.article.text]


def of_one_length(texts: Sequence[Raw]) -> list[Raw]:
    """Texts of about 450 words: long ones cut, short ones joined."""
    made, title, lines, words = list[Raw](), "", list[str](), 0
    for name, text in texts:
        title = title or name
        for line in filter(str.strip, text.split("\n")):
            lines.append(" ".join(line.split()[: WORDS - words]))
            words += len(lines[-1].split())
            if words >= WORDS:
                break
        if words >= WORDS:
            made.append((title, "\n".join(lines)))
            title, lines, words = "", [], 0
    return made


def plain(raw: Raw) -> Raw:
    """Folded words of letters alone or digits alone, a blank between: so every engine sees the same words."""
    title, text = raw
    lines = (" ".join(_PLAIN.findall(fold(line))) for line in text.split("\n"))
    return " ".join(_PLAIN.findall(fold(title))), "\n".join(filter(None, lines))


# -- topics --------------------------------------------------------------------------------------


def topics_of(texts: Sequence[Raw], count: int, seed: str) -> list[Wanted]:
    """70 % mixes of AND, OR and NOT, 16 % phrases, 8 % NEAR, 6 % one of some phrases."""
    rng = random.Random(seed)
    source = _Source(texts)
    shapes = rng.choices((_mix, _phrase, _near, _phrases), (70, 16, 8, 6), k=count)
    return [shape(rng, source) for shape in shapes]


class _Source:
    """The words of the texts that a topic may be about."""

    def __init__(self, texts: Sequence[Raw]) -> None:
        lines = [[line.split() for line in (title, *text.split("\n"))] for title, text in texts]
        often = Counter(word for text in lines for line in text for word in line)
        self.common = {word for word, _ in often.most_common(_COMMON)}
        self.texts = [(text, sorted(self._fit(text))) for text in lines]
        self.texts = [(text, words) for text, words in self.texts if len(words) > 20]

    def _fit(self, text: list[list[str]]) -> set[str]:
        return {word for line in text for word in line if self.fits(word)}

    def fits(self, word: str) -> bool:
        return len(word) > 3 and word.isalpha() and word not in self.common


def _words(rng: random.Random, source: _Source, count: int) -> list[str]:
    """Different words of one text; now and then the first is a name that no text has."""
    words = rng.sample(rng.choice(source.texts)[1], count)
    if rng.random() < NAMED:
        words[0] = (
            f"zq{prose.words(rng, 1)[0]}{rng.choice(prose.ONSETS)}{rng.choice(prose.VOWELS)}{rng.randrange(10**4)}"
        )
        words[0] = "".join(chr(ord(char) + 49) if char.isdigit() else char for char in words[0])
    return words


def _mix(rng: random.Random, source: _Source) -> Wanted:
    count = rng.randint(2, 6)
    words = _words(rng, source, count)
    nots = rng.choice((0, 0, 1)) if count > 2 else 0
    ors = rng.choice((0, 2, 3)) if count - nots > 3 else 0
    every, rest = words[: count - nots - ors], words[count - nots - ors :]
    return Wanted(tuple(every), tuple(rest[:ors]), tuple(rest[ors:]))


def _phrase(rng: random.Random, source: _Source) -> Wanted:
    phrase = next(_rows(rng, source))
    return Wanted((phrase, *_words(rng, source, 1))) if rng.random() < NAMED else Wanted((phrase,))


def _phrases(rng: random.Random, source: _Source) -> Wanted:
    rows = _rows(rng, source)
    return Wanted(some=tuple(dict.fromkeys(next(rows) for _ in range(rng.randint(2, 3)))))


def _near(rng: random.Random, source: _Source) -> Wanted:
    one, other = _words(rng, source, 2)
    return Wanted(near=(one, other))


def _rows(rng: random.Random, source: _Source) -> Iterator[str]:
    """Two or three words in a row, the first and the last of them no common ones."""
    while True:
        line = rng.choice(rng.choice(source.texts)[0])
        size = rng.choice((2, 2, 3))
        if len(line) >= size:
            start = rng.randint(0, len(line) - size)
            row = line[start : start + size]
            if source.fits(row[0]) and source.fits(row[-1]) and len(set(row)) == size:
                yield " ".join(row)
