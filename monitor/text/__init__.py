"""One form for text: normal form, folding, tokens with their places, paragraphs, passages, likeness. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

Span = tuple[int, int]


class Token(NamedTuple):  # a thousand an article: a dataclass takes three times as long to make
    """A word of a text: its folded term, and where it stands there in code points."""

    term: str
    start: int
    end: int
    cased: str  # the term with its capitals


# -- normal form ---------------------------------------------------------------------------------

_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]+")
# No language stacks more; longer runs (also of marks not listed here) make normalisation quadratic.
_PILED_MARKS: Final = re.compile(r"((?:[^\w\s!-~]){30})[^\w\s!-~]+")


def normalise(text: str) -> str:
    r"""The normal form: NFC, only \n ends a line, no control characters, no blanks at line ends, no newlines around."""
    if text.isascii() and text.isprintable():  # as most lines are
        return text.rstrip()
    text = _UNWANTED.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    text = unicodedata.normalize("NFC", _unpiled(text))
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")


def one_line(text: str) -> str:
    """The normal form on one line: every run of white space is one space."""
    return " ".join(normalise(text).split())


def _unpiled(text: str) -> str:
    return text if text.isascii() else _PILED_MARKS.sub(_without_pile, text)


def _without_pile(run: re.Match[str]) -> str:
    return run[1] + "".join(char for char in run[0][len(run[1]) :] if not unicodedata.combining(char))


# -- folding -------------------------------------------------------------------------------------

# Default-ignorable code points (soft hyphen, zero width, bidi marks, variation selectors, fillers), and the Arabic tatweel.
_IGNORABLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# Letters that Unicode does not take apart, though people type them with and without the stroke.
_PLAIN: Final = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
    | {"þ": "th", "Þ": "TH", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i", "ħ": "h", "Ħ": "H"}
    | {"ŧ": "t", "Ŧ": "T", "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƙ": "k", "Ƙ": "K", "ƴ": "y", "Ƴ": "Y"}
)
# The only letters that come apart into nothing but a mark.
_FULL_WIDTH_VOICING: Final = str.maketrans("ﾞﾟ", "\u3099\u309a")


def fold(text: str) -> str:
    """The text as it is compared: width, case and accents do not count, nor what can't be seen."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", plain(text).casefold())


def plain(text: str) -> str:
    """The text without accents, width and what can't be seen; capitals stay."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", _unpiled(_IGNORABLE.sub("", text).translate(_FULL_WIDTH_VOICING)))
    bare = "".join(char for char in _IGNORABLE.sub("", apart) if not _is_accent(char))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN))


def _is_accent(char: str) -> bool:
    """A mark that people leave out: over and under letters, Arabic and Hebrew points; not the vowel signs and tones of
    Indic and Thai scripts nor the voicing of kana, which make other words.
    """
    place = unicodedata.combining(char)
    return place >= 200 or 10 <= place <= 36 or place == 1  # noqa: PLR2004  the classes of the Unicode standard


# -- words ---------------------------------------------------------------------------------------

_SIGNS: Final = (
    dict.fromkeys("'’‘ʼʻʾʿ`´＇", "'") | dict.fromkeys(".．", ".") | dict.fromkeys(",，", ",") | dict.fromkeys("ﾞﾟ", "m")
)
# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Han, kana, bopomofo.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3040-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]"
)
# A chunk is read through the kinds of its characters: l letter, m mark, d digit, c character of an unspaced script,
# i what can't be seen, ' . , themselves, a space for all else.
_GROUPED: Final = r"(?<!d)(?<!d[.,])d{1,3}(?:(?:\.ddd)+|(?:,ddd)+)(?!d)"
_WORD: Final = re.compile(
    r"(?<![lmd])lm*(?:\.lm*)+(?![lmd])\.?"  # U.S.
    rf"|{_GROUPED}"  # 1.500.000
    r"|cm*"
    rf"|(?:l|(?!{_GROUPED})d)(?:[lm]|(?!{_GROUPED})d|(?<=[lm])'(?=l))*"  # rusia, O'Brien, G20
)
_CHUNK: Final = re.compile(r"\S+")
_PLAINLY: Final = re.compile("([A-Za-z]+)[.,]?")  # as most are: it takes a tenth of the time
_MEMO_LONGEST: Final = 40  # code points; longer chunks seldom come twice

_Word = tuple[str, int, int, str]


def tokens(text: str) -> list[Token]:
    """The words of a text, in order.

    Letters, marks and digits make a word; an apostrophe between letters joins, a hyphen splits; U.S. is one word, and so
    is a grouped number; scripts written without spaces give a token per character.
    """
    found: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        at = chunk.start()
        found += [Token(term, at + start, at + end, cased) for term, start, end, cased in _read(chunk[0])]
    return found


def terms(text: str) -> list[str]:
    """Those of its tokens."""
    return [word[0] for chunk in text.split() for word in _read(chunk)]


def _read(chunk: str) -> tuple[_Word, ...]:
    return _remembered(chunk) if len(chunk) <= _MEMO_LONGEST else _words(chunk)


def _words(chunk: str) -> tuple[_Word, ...]:
    if plainly := _PLAINLY.fullmatch(chunk):
        return ((plainly[1].lower(), 0, plainly.end(1), plainly[1]),)
    return _words_by_kind(chunk)


def _words_by_kind(chunk: str) -> tuple[_Word, ...]:
    kinds = "".join(map(_kind, chunk))
    seen = [place for place, kind in enumerate(kinds) if kind != "i"]
    return tuple(
        (fold(cased), start, end, cased)
        for word in _WORD.finditer(kinds.replace("i", ""))
        if (cased := _joined(chunk[(start := seen[word.start()]) : (end := seen[word.end() - 1] + 1)]))
    )


# A pure function's memo: news repeats its words, so the careful way is also the fast one.
_remembered: Final = lru_cache(maxsize=1 << 15)(_words)


def _joined(surface: str) -> str:
    """The word without what stands between its parts."""
    return "".join(char for char in plain(surface) if _kind(char) in "lmdc")


@lru_cache(maxsize=1 << 13)
def _kind(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    if _IGNORABLE.match(char):
        return "i"
    group = unicodedata.category(char)
    if group == "No" and not unicodedata.normalize("NFKD", char).isalnum():
        return " "  # ½ and the like are more than a digit
    kind = {"L": "l", "M": "m", "N": "d"}.get(group[0], " ")
    return "c" if kind in "ld" and group != "Nd" and _UNSPACED.match(char) else kind


# -- paragraphs and passages ---------------------------------------------------------------------


def paragraphs(text: str) -> list[Span]:
    """Where each line that says something begins and ends."""
    return [line.span() for line in re.finditer(r"[^\n]+", text) if not line[0].isspace()]


def passage(text: str, hits: Sequence[Span], width: int = 200, lines: Sequence[Span] = ()) -> Span:
    """The window of at most `width` characters with the most hits; inside one of the paragraphs, cut between words."""
    lines = lines or paragraphs(text) or [(0, len(text))]
    windows = [(inside, line) for line, those in _by_line(sorted(hits), lines) for inside in _windows(those, width)]
    if not windows:
        return _cut(text, lines[0][:1] * 2, lines[0], width)
    densest, line = max(windows, key=lambda window: len(window[0]))
    return _cut(text, (densest[0][0], max(end for _, end in densest)), line, width)


def _by_line(hits: Sequence[Span], lines: Sequence[Span]) -> Iterator[tuple[Span, Sequence[Span]]]:
    """The lines in which hits begin, with those."""
    first = 0
    while first < len(hits):
        line = lines[max(0, bisect_left(lines, (hits[first][0] + 1,)) - 1)]
        last = bisect_left(hits, (line[1],), first)
        if last > first and hits[first][0] >= line[0]:
            yield line, hits[first:last]
        first = max(last, first + 1)


def _windows(hits: Sequence[Span], width: int) -> Iterator[Sequence[Span]]:
    """For each hit: itself and those after it that fit beside it."""
    last = 0
    for first, (start, _) in enumerate(hits):
        last = max(last, first + 1)
        while last < len(hits) and hits[last][1] - start <= width:
            last += 1
        yield hits[first:last]


def _cut(text: str, core: Span, line: Span, width: int) -> Span:
    """`core` with as much of its line around it as fits, without broken words and blanks at the ends."""
    room = max(0, width - (core[1] - core[0]))
    start = max(line[0], min(core[0] - room // 2, line[1] - width))
    end = min(line[1], start + width)
    if start > line[0] and (blank := re.compile(r"\s").search(text, start - 1, core[0] + 1)):
        start = min(blank.end(), core[0])
    if end < line[1] and (blanks := [found.start() for found in re.finditer(r"\s", text[core[1] : end + 1])]):
        end = core[1] + blanks[-1]
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


# -- exact likeness ------------------------------------------------------------------------------


def content_hash(title: str, body: str) -> str:
    """The same for texts that differ only in white space, quotes, accents or capitals."""
    words = [" ".join(terms(part)) for part in (title, body)]
    said = "\n".join(words) if any(words) else fold("".join((title + body).split()))
    return sha256(said.encode("utf-8", "replace")).hexdigest()
