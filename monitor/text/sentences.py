"""Where sentences end. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.text import Span, fold, paragraphs

_OPENERS: Final = "\"'“‘«‹([{„‚「『（【《"
_CLOSERS: Final = "\"'”’»›)\\]}“」』）】》"
_WIDE: Final = "。！？｡．"
_BARS: Final = "।॥؟۔።։"
_STOP: Final = re.compile(rf"(?:[。！？｡{_BARS}]+|．(?!\d)|[.!?…‽]+)[{_CLOSERS}]*")
_AFTER_STOP: Final = re.compile(rf"(\s*)[{_OPENERS}\s–—-]*([\w$€£]?)([^\W\d_]*)")
_LAST_WORD: Final = re.compile(r"[\w.’'/&-]*$")
_LONGEST_WORD: Final = 24  # code points looked at before a full stop
# After these a full stop without a blank is no short form.
_WHOLE: Final = re.compile(r"(?:(?<![\w.])[^\W\d_]{2,}[a-z]|\d{4}|[)\]”\"%])$")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,4}\.)+[^\W\d_]{1,4}|(?:.*[’'-])?[^\W\d_]")  # S.H, M.Kes, a.n, A
_LISTED: Final = re.compile(r"\d{1,3}|[^\W\d_]")  # "1. Persib", not a year
# Words that end in a full stop and belong to what follows: forms of address, offices, streets.
_TITLES: Final = re.compile(
    "drs?|dra|prof|ir|h|hj|kh|ust|tn|ny|nn|sdri?|bpk|jln?|gg|kec|kab|kel|kp|dsn?|pt|cv|ud|almh?|yth|letjen|mayjen|brigjen"
    "|jend|let|kol|letkol|mr|mrs|ms|messrs|st|sra?|srta|gen|col|lt|maj|sgt|capt|cpl|cmdr|rep|sen|gov|rev|hon|pres|supt|det"
    "|insp|mt|ft|fr|vs|mme|mlle|mgr|univ|dept|str|ing"
)
# Short for "number", "page" and the like, but only before a number.
_COUNTERS: Final = re.compile(r"nos?|nr|rp|hal|hlm|pkl|pp?|vol|art|ps|kav|fig|ch|sec|sk|rm|tgl|kl|abad|ayat")
# A capital with a full stop is part of a name unless one of these follows.
_STARTERS: Final = re.compile(
    "the|this|that|these|those|he|she|it|they|we|in|on|at|but|and|an|his|her|its|their|there|when|after"
    "|ia|dia|mereka|kami|kita|ini|itu|di|pada|namun|tetapi|tapi|dan|sementara|menurut|selain|adapun|sedangkan"
)
_HOSTS: Final = re.compile("com|co|id|net|org|tv|news")


def sentences(text: str) -> list[Span]:
    """Where each sentence begins and ends; none crosses the end of a line."""
    return [span for line in paragraphs(text) for span in _sentences(text, *line)]


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for stop in _STOP.finditer(text, start, end):
        if stop.start() > start and _ends_sentence(text, start, stop, end):
            yield from _trimmed(text, start, stop.end())
            start = stop.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    sign, follows = stop[0][0], text[stop.end() : stop.end() + 1]
    if sign in _WIDE:
        return follows not in tuple("と、，,") or stop[0][-1] in _WIDE
    after = _AFTER_STOP.match(text, stop.end(), min(end, stop.end() + 40))
    if stop.end() == end or after is None or sign in _BARS:
        return stop.end() == end or follows.isspace()
    return _begins_anew(text[max(start, stop.start() - _LONGEST_WORD) : stop.start()], stop, after)


def _begins_anew(before: str, stop: re.Match[str], after: re.Match[str]) -> bool:
    """Judged by the word before the stop, the blank after it, and the capital that follows."""
    if not after[1]:
        return _is_glued(before, after[2], after[3])
    if after[2].islower() or stop[0] != ".":
        return not after[2].islower()
    word = _LAST_WORD.findall(before)[0]
    if word == before.strip() and _LISTED.fullmatch(word):
        return False
    return not _is_short(word, after[2] + after[3])


def _is_glued(before: str, capital: str, rest: str) -> bool:
    """The blank was lost, as in "kemarin.Dia pergi"; not "Tempo.Co", "Ph.D", "S.Pd"."""
    if not (_WHOLE.search(before) and capital.isupper() and rest.islower()):
        return False
    return not _HOSTS.fullmatch(fold(capital + rest)) and not _TITLES.fullmatch(before[-6:].lower().split(" ")[-1])


def _is_short(word: str, follows: str) -> bool:
    """Whether the full stop after `word` makes it short, or is of a name's initial."""
    small = word.lower()
    if _TITLES.fullmatch(small) or (follows[:1].isdecimal() and _COUNTERS.fullmatch(small)):
        return True
    is_dotted = _DOTTED.fullmatch(word) and ("." in word or word[-1].isupper())
    return bool(is_dotted) and not _STARTERS.fullmatch(fold(follows)) and not _HOSTS.fullmatch(small.rpartition(".")[2])
