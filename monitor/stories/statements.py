"""What a sentence states: its words, its figures by their value, its names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations
from typing import Final

from monitor.text import Token, plain, tokens

LONGEST: Final = 1_500  # characters of a sentence that are read
_SMALL: Final = 4  # letters
_LONGEST_CHAIN: Final = 6  # words of a name with its titles
_STOPS: Final = (".", ".”", '."', "。")
_MOST_DIGITS: Final = 15  # longer ones are no quantities and are not reckoned with


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared; of a figure its value, however it is written."""

    said: str
    is_figure: bool = False
    is_capital: bool = False  # with a capital where none is due: a name, but not in a headline
    is_lower: bool = False  # without one where a name would have it
    is_joined: bool = False  # only a blank stands between it and the word before


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, read."""

    text: str
    words: tuple[Word, ...]
    is_headline: bool  # most words have a capital, so that capitals tell nothing

    @property
    def figures(self) -> Counter[str]:
        return Counter(word.said for word in self.words if word.is_figure)

    @property
    def terms(self) -> frozenset[str]:
        """The words that are no figures."""
        return frozenset(word.said for word in self.words if not word.is_figure)


def statement(sentence: str) -> Statement:
    """A sentence, read; of one that is too long the beginning."""
    words = list(_words(_money(plain(sentence[:LONGEST]))))
    is_headline = _is_headline(words, is_open=not sentence.endswith(_STOPS))
    return Statement(sentence, tuple(_dated(list(_reckoned(words, is_headline=is_headline)))), is_headline)


def _is_headline(words: list[Word], *, is_open: bool) -> bool:
    """Most words have a capital; short ones ("dan", "yang", "from") often have none in headlines either."""
    capitals = sum(word.is_capital for word in words)
    if not is_open:
        return capitals > _SMALL and not any(word.is_lower for word in words)
    return capitals > max(1, 2 * sum(word.is_lower and len(word.said) > _SMALL for word in words))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a whole text."""

    said: frozenset[str]  # all of them, figures too
    names: frozenset[str]  # those that bear a capital in running text, and hardly ever stand there without
    lowers: frozenset[str]  # those that stand there without
    together: frozenset[tuple[str, str]]  # words of one chain of capitals: Presiden Prabowo Subianto


def vocabulary(statements: Sequence[Statement]) -> Vocabulary:
    running = [each for each in statements if not each.is_headline]
    capitals = Counter(word.said for each in running for word in each.words if word.is_capital)
    lowers = Counter(word.said for each in running for word in each.words if word.is_lower)
    return Vocabulary(
        said=frozenset(word.said for each in statements for word in each.words),
        names=frozenset(term for term, count in capitals.items() if count > 2 * lowers[term]),
        lowers=frozenset(lowers),
        together=frozenset(
            pair for each in running for chain in _chains(each.words) for pair in permutations(chain, 2)
        ),
    )


def _chains(words: Iterable[Word]) -> Iterator[list[str]]:
    """Words with capitals, only blanks between them."""
    chain: list[str] = []
    for word in words:
        if not word.is_joined or word.is_lower or word.is_figure or len(chain) == _LONGEST_CHAIN:
            yield chain
            chain = []
        if not word.is_lower and not word.is_figure:
            chain.append(word.said)
    yield chain


# -- words ---------------------------------------------------------------------------------------

_FIGURE: Final = re.compile(r"\d+(?:[.,:]\d+)*(?: ?[-–] ?\d+(?:[.,:]\d+)*)*")
# After these a capital is due, as at the beginning of a sentence.
_OPENS: Final = re.compile(r"[\"“”„«»‹›(\[{:;•|>!?…]|(?:^|\s)['‘’]|\s[-–—]+\s|[.!?]\s")


def _words(text: str) -> Iterator[Word]:
    end, is_first = 0, True
    for figure in _FIGURE.finditer(text):
        yield from _plain_words(text[end : figure.start()], is_first=is_first)
        is_first = is_first and not text[: figure.start()].strip()
        yield Word(_value(figure[0]), is_figure=True)
        end, is_first = figure.end(), False
    yield from _plain_words(text[end:], is_first=is_first)


def _plain_words(text: str, *, is_first: bool) -> Iterator[Word]:
    end = 0
    for token in tokens(text):
        is_due = (is_first and not end) or _OPENS.search(text, end, token.start) is not None
        yield _word(token, is_due=is_due, is_joined=text[end : token.start].isspace())
        end = token.end


def _word(token: Token, *, is_due: bool, is_joined: bool) -> Word:
    first = token.cased[:1]
    is_short_form = len(token.cased) > 1 and token.cased.isupper()  # "KPK" has its capitals anywhere
    is_capital = first.isupper() and len(token.cased) > 1 and (not is_due or is_short_form)
    return Word(token.term, is_capital=is_capital, is_lower=first.islower(), is_joined=is_joined)


_DOLLARS: Final = re.compile(r"\b(?:US ?\$|USD(?![^\W\d_])|US dollars?\b)|(?<!\w)\$", re.IGNORECASE)
_SHORT_MONEY: Final = re.compile(r"((?:Rp|IDR)\.? ?\d[\d.,]*) ?(M|T|Jt)\b", re.IGNORECASE)
_MONEY: Final = {"m": "miliar", "t": "triliun", "jt": "juta"}


def _money(text: str) -> str:
    """US$ 80 and USD80 are one, and so are Rp 5 M and Rp5 miliar."""
    text = _SHORT_MONEY.sub(lambda found: f"{found[1]} {_MONEY[found[2].lower()]}", text)
    return _DOLLARS.sub("dollar ", text)


# -- figures -------------------------------------------------------------------------------------

_POINTED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMAED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL: Final = re.compile(r"\d+[.,:]\d+")


def _value(figure: str) -> str:
    """One form for 1.500, 1,500 and 1500, for 1,5 and 1.5, for 14.30 and 14:30; a score or a range keeps its order."""
    return "-".join(_number(part.strip()) for part in re.split("[-–]", _latin(figure)))


def _latin(figure: str) -> str:
    return figure if figure.isascii() else "".join(_digit(char) for char in figure)


def _digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdecimal() else char


def _number(part: str) -> str:
    if _POINTED.fullmatch(part):
        part = part.replace(".", "").replace(",", ".")
    elif _COMMAED.fullmatch(part):
        part = part.replace(",", "")
    elif _DECIMAL.fullmatch(part):
        part = re.sub("[,:]", ".", part)
    whole, dot, rest = part.partition(".")
    if "." in rest:
        return part
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (dot + rest if rest else "")


# Indonesian and Malay, English, Chinese and Japanese.
_UNITS: Final = (
    {"nol": 0, "satu": 1, "seorang": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8}
    | {"lapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11}
    | {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
    | {"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}
    | {"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
    | {"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
    | {char: value for value, char in enumerate("〇一二三四五六七八九")}
)
_TEENS: Final = frozenset({"belas"})
_TIMES: Final = (
    {
        "puluh": 10,
        "ratus": 100,
        "ribu": 1000,
        "rb": 1000,
        "seratus": 100,
        "seribu": 1000,
        "sejuta": 10**6,
        "juta": 10**6,
        "jt": 10**6,
        "miliar": 10**9,
        "milyar": 10**9,
    }
    | {"triliun": 10**12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "bn": 10**9}
    | {"trillion": 10**12, "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
)
_MISSPELT: Final = {
    wrong: times
    for word, times in _TIMES.items()
    if len(word) > _SMALL and word[0] in "mtb"
    for at in range(1, len(word))
    for wrong in (word[:at] + word[at + 1 :], word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])
    if wrong not in _TIMES
}  # a letter less, or two that changed places: 5 miliar is no other figure than 5 milair
_ONE_OF_THEM: Final = frozenset({"seratus", "seribu", "sejuta"})  # these begin a number
_VAGUE: Final = re.compile("(?:belas|puluh|ratus|ribu|juta|miliar)an|(?:dozen|hundred|thousand|million|billion)s")


def _reckoned(words: Iterable[Word], *, is_headline: bool) -> Iterator[Word]:
    """The words with each number in words, and each figure with its "million", as one figure."""
    run: list[Word] = []
    for word in words:
        if run and not _goes_on(run, word):
            yield _sum(run)
            run = []
        if run or _begins(word, is_headline=is_headline):
            run.append(word)
        else:
            yield replace(word, is_figure=True) if _VAGUE.fullmatch(word.said) else word
    if run:
        yield _sum(run)


def _begins(word: Word, *, is_headline: bool) -> bool:
    """A capital where none is due makes it a name: Lima, Enam Lingkung."""
    if word.is_figure:
        return _is_quantity(word.said)
    return (word.said in _UNITS or word.said in _TIMES) and (is_headline or not word.is_capital)


def _goes_on(run: list[Word], word: Word) -> bool:
    if word.is_figure or word.said in _ONE_OF_THEM:
        return False
    if run[0].is_figure:
        return _TIMES.get(word.said, 0) >= 100 or word.said in _MISSPELT  # noqa: PLR2004  "12 puluh" is not said
    if word.said in _UNITS:  # twenty-one, seratus lima
        return run[-1].said in _TIMES or (_UNITS.get(run[-1].said, 0) >= 20 and _UNITS[word.said] < 10)  # noqa: PLR2004
    return word.said in _TEENS or word.said in _TIMES


def _is_quantity(said: str) -> bool:
    return len(said) <= _MOST_DIGITS and said.replace(".", "", 1).isdecimal()


def _sum(run: list[Word]) -> Word:
    return Word(_total([word.said for word in run]), is_figure=True)


def _total(run: list[str]) -> str:
    """Two hundred and fifty thousand: what stands before a thousand counts by thousands."""
    total, group, last = Decimal(0), Decimal(0), None
    for said in run:
        times = _TIMES.get(said) or _MISSPELT.get(said)
        if said in _TEENS:
            group, last = group + 10 + (last or 0), None
        elif times is None:
            last = (last or 0) + Decimal(_UNITS.get(said, said))
        elif times < 1000:  # noqa: PLR2004
            group, last = group + (1 if last is None else last) * times, None
        else:
            total, group, last = total + ((group + (last or 0)) or 1) * times, Decimal(0), None
    return _number(format(total + group + (last or 0), "f"))


# -- dates ---------------------------------------------------------------------------------------

_MONTHS: Final = {
    name: str(number)
    for number, several in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu ags aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in several.split()
}


def _dated(words: list[Word]) -> Iterator[Word]:
    """A month beside a figure is its number, so that 12 Juni 2025 is 12/6/2025."""
    for at, word in enumerate(words):
        beside = words[max(0, at - 1) : at + 2]
        is_month = word.said in _MONTHS and not word.is_figure and any(each.is_figure for each in beside)
        yield Word(_MONTHS[word.said], is_figure=True) if is_month else word
