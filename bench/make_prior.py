"""Makes monitor/stories/prior.txt: how common words are on the first day, before our own stream has told it.

`python -m bench.make_prior WHEEL` reads the word lists of the package wordfreq 3.1.1 (its data: CC BY-SA 4.0) from its
wheel, unopened. Only counts are taken, no text. (Counts raised by an estimate of what is common in news grouped worse:
the words of events, "police" or "killed", lost their weight.)
"""

from __future__ import annotations

import gzip
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from monitor.stories.frequencies import ALWAYS, is_counted
from monitor.text import tokens

Shares = dict[str, float]

PRIOR: Final = Path(__file__).parent.parent / "monitor" / "stories" / "prior.txt"
LIST: Final = "wordfreq/data/small_"

# What somebody who watches the news in these reads; of the others only the words that hold their sentences together.
WHOLE: Final = ("id", "en")
RAREST: Final = 2.5e-4  # of a whole list; such a word and one never seen count nearly the same
RAREST_ELSEWHERE: Final = 0.08
WORDS: Final = 250  # words of an article, less what is said twice
STEPS: Final = 8  # classes for each power of ten

# A function word that is a word of its own elsewhere (German "war") stays a matter of the stream.
FUNCTION: Final = 0.35
ALSO_FUNCTION: Final = 0.15
HARDLY_USED: Final = 0.01
QUOTED: Final = 300  # times rarer than where it is at home

HEADER: Final = """\
# How common words are before the stream has told it: a line a class, the share of articles that bear each of its words.
# Indonesian and English down to one in 4,000; of {others} further languages the words that hold sentences together.
# After "always": words of one language that mean nothing else in another.
#
# Made by bench/make_prior.py; no text of others stands here, only counts, put into classes. From:
# - wordfreq 3.1.1 (Robyn Speer), whose data may be redistributed under CC BY-SA 4.0
#   <https://creativecommons.org/licenses/by-sa/4.0/>; this table is passed on under the same licence. Its own sources:
#   Wikipedia, OPUS OpenSubtitles 2018 (OpenSubtitles), SUBTLEX (Marc Brysbaert and others; freely available data),
#   the Leeds Internet Corpus, ParaCrawl, Google Books Ngrams <http://books.google.com/ngrams>, news, web and Twitter.
#   Changed: words folded and split as monitor does, counts a word made into shares of articles, lists merged.
"""


def main(wheel: str) -> None:
    lists = dict(_lists(Path(wheel)))
    always = _always(lists)
    table = _merged(lists)
    lines = [f"{share:.2g} {' '.join(words)}" for share, words in _classes(table)]
    header = HEADER.format(others=len(lists) - len(WHOLE))
    PRIOR.write_text(header + "\n".join((*lines, " ".join((ALWAYS, *always)))) + "\n", encoding="utf-8")
    print(f"{len(table)} words, {PRIOR.stat().st_size // 1000} KB")


# -- from words to articles ----------------------------------------------------------------------


def _lists(wheel: Path) -> Iterator[tuple[str, Shares]]:
    """Of each language: the share of articles that bear a word."""
    with ZipFile(wheel) as opened:
        for name in sorted(opened.namelist()):
            if name.startswith(LIST):
                yield name.removeprefix(LIST).split(".")[0], _shares(gzip.decompress(opened.read(name)))


def _shares(content: bytes) -> Shares:
    """A list holds a list of words for each centibel, from the commonest on."""
    _, *classes = _unpacked(memoryview(content))
    often: defaultdict[str, float] = defaultdict(float)
    for centibels, words in enumerate(classes):
        for term in (token.term for word in words for token in tokens(word)):
            if is_counted(term):
                often[term] += 10 ** (-centibels / 100)
    return {term: 1 - math.exp(-frequency * WORDS) for term, frequency in often.items()}


# -- the table -----------------------------------------------------------------------------------


def _merged(lists: Mapping[str, Shares]) -> Shares:
    whole: Shares = {}
    for language in WHOLE:
        for word, share in lists[language].items():
            whole[word] = max(share, whole.get(word, 0.0))
    table = {word: share for word, share in whole.items() if share >= RAREST}
    for language in lists.keys() - {*WHOLE}:
        for word, share in lists[language].items():
            if share >= RAREST_ELSEWHERE:
                table[word] = max(_between(share, whole.get(word, 0.0)), table.get(word, 0.0))
    return table


def _between(share: float, whole: float) -> float:
    """A word of one language that is another in a language whose list is whole counts between the two."""
    return share if whole < HARDLY_USED else math.sqrt(share * whole)


def _classes(table: Shares) -> Iterator[tuple[float, list[str]]]:
    by_class: defaultdict[int, list[str]] = defaultdict(list)
    for word, share in table.items():
        by_class[round(-math.log10(share) * STEPS)].append(word)
    for step in sorted(by_class):
        yield 10 ** (-step / STEPS), sorted(by_class[step])


def _always(lists: Mapping[str, Shares]) -> list[str]:
    candidates = {word for shares in lists.values() for word, share in shares.items() if share >= FUNCTION}
    return sorted(word for word in candidates if _means_one_thing([shares.get(word, 0.0) for shares in lists.values()]))


def _means_one_thing(shares: Sequence[float]) -> bool:
    """In no language it is a word of some use that is not a function word; a few quotations in English are no use."""
    noise = max(HARDLY_USED, -math.expm1(math.log1p(-min(0.999999, max(shares))) / QUOTED))
    return not any(noise <= share < ALSO_FUNCTION for share in shares)


# -- MessagePack, as far as the lists use it -----------------------------------------------------


def _unpacked(packed: memoryview) -> list[list[str]]:
    value, _ = _value(packed, 0)
    if not isinstance(value, list):
        raise TypeError("not a list of words")
    return value


def _value(packed: memoryview, at: int) -> tuple[object, int]:
    """The value that begins there, and where it ends."""
    first, after = packed[at], at + 1
    if first < 0x80:
        return first, after
    if 0xA0 <= first < 0xC0 or first in (0xD9, 0xDA):
        length, after = (first & 0x1F, after) if first < 0xC0 else _number(packed, after, 1 if first == 0xD9 else 2)
        return str(packed[after : after + length], "utf-8"), after + length
    if first in (0xDC, 0xDD):
        length, after = _number(packed, after, 2 if first == 0xDC else 4)
    elif first < 0xA0:
        length = (first & 0xF) * (2 if first < 0x90 else 1)
    else:
        raise ValueError(f"a byte that no word list uses: {first:#x}")
    found: list[object] = []
    for _ in range(length):
        value, after = _value(packed, after)
        found.append(value)
    return found, after


def _number(packed: memoryview, at: int, size: int) -> tuple[int, int]:
    return int.from_bytes(packed[at : at + size], "big"), at + size


if __name__ == "__main__":
    main(*sys.argv[1:])
