"""An entry under a key that is not known: is it one that we know, whose key has changed? Pure.

Feeds make up new guids every day (newrelic/docs-website#1271), at each fetch (miniflux#3120, FreshRSS#5909), or for all they
list once their site has new software. None of that is news. Others list things that only look alike, under one link
(skx/rss2email#111, MonitoRSS#229) or one title ("Prakiraan cuaca hari ini"), and that is.

An entry has four signs: link, title, text, date. None is enough alone: pages are written over, titles and teasers recur,
dates are edited (matrix-org/go-neb#84). Two that are the same are enough where the others do not speak against it
(`_is_it`). What is wrongly taken for new is mostly found out later, by its address or its text (work/identity.py); what is
wrongly taken for known is lost. So what could be either is new.

Where nearly all that a feed lists has other keys at once, there is one reason for all of them, and one sign that outlived it
is enough (`_may_be_it`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Final

from monitor.model import Entry, KeyedBy
from monitor.text import fold

MASS: Final = 3  # entries that are known under other keys, at least
MANY: Final = 10  # entries with the same titles and other links, which are more than reports of one day
NEARLY_ALL: Final = 0.8  # of those under keys that are not known
UNSTEADY: Final = 2  # readings in a row with mostly other keys
_FEW_WORDS: Final = 3  # fewer recur
_LONG_TITLE: Final = 24  # bytes; says as much as a few words, in scripts without spaces too
_LONG_TEXT: Final = 80  # characters; shorter ones recur
_READ: Final = 20_000  # characters of a text
_WORD: Final = re.compile(r"\w+")
_HALF_HOUR: Final = 30  # minutes; dates that fall on one are often those of a day or a schedule
_WRONG_ZONE: Final = timedelta(hours=12)
_ZONE_STEP: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Trace:
    """What an entry is known by beside its key: 64-bit marks, None where there is nothing.

    The last bit of those of title and text says that it is short, and that another one may well have the same.
    """

    id: int  # of its row; 0 of one that has none yet
    key: str
    link: int | None
    title: int | None
    text: int | None
    published_at: datetime | None


def marks(entry: Entry, link: str) -> Trace:
    """`link` is its address in the one form in which it is compared, or empty where that names no article."""
    return Trace(
        id=0,
        key=entry.key,
        link=_mark(link, is_short=False) if link else None,
        title=_title_mark(entry.title),
        text=_text_mark(entry.text),
        published_at=entry.published_at,
    )


def _title_mark(title: str) -> int | None:
    words = _words(title)
    is_short = len(words) < _FEW_WORDS and len(title.encode("utf-8", "replace")) < _LONG_TITLE
    return _mark(" ".join(words), is_short=is_short) if words else None


def _text_mark(text: str) -> int | None:
    words = _words(text[:_READ])
    return _mark(" ".join(words), is_short=len(text) < _LONG_TEXT) if words else None


def _words(text: str) -> list[str]:
    """Its substance: white space, signs, accents and capitals do not count."""
    return _WORD.findall(fold(text)) or text.split()


def _mark(said: str, *, is_short: bool) -> int:
    number = int.from_bytes(blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
    return number | 1 if is_short else number & ~1


# -- two entries, beside each other ---------------------------------------------------------------


class Sign(Enum):
    LINK = "link"
    TITLE = "title"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Beside:
    """How two entries compare. A sign that one of them lacks is in none of these."""

    same: frozenset[Sign]
    hardly: frozenset[Sign]  # the same, as others may be too: few words, the date of a day
    other: frozenset[Sign]
    is_undated: bool  # both

    @property
    def weight(self) -> int:
        return 2 * len(self.same) + len(self.hardly) - len(self.other)


def _beside(one: Trace, other: Trace) -> Beside:
    pairs = {
        Sign.LINK: (one.link, other.link, False),
        Sign.TITLE: (one.title, other.title, _is_short(one.title)),
        Sign.TEXT: (one.text, other.text, _is_short(one.text)),
        Sign.DATE: (one.published_at, other.published_at, _is_round(one.published_at)),
    }
    both = {sign: pair for sign, pair in pairs.items() if pair[0] is not None and pair[1] is not None}
    equal = {sign: is_weak for sign, (mine, theirs, is_weak) in both.items() if mine == theirs}
    return Beside(
        same=frozenset(sign for sign, is_weak in equal.items() if not is_weak),
        hardly=frozenset(sign for sign, is_weak in equal.items() if is_weak),
        other=frozenset(both.keys() - equal.keys()),
        is_undated=one.published_at is None and other.published_at is None,
    )


def _is_short(mark: int | None) -> bool:
    return mark is not None and mark & 1 == 1


def _is_round(date: datetime | None) -> bool:
    return date is not None and date.minute % _HALF_HOUR == 0 and date.second == 0


def _is_it(found: Beside) -> bool:
    """Two signs are the same, and the others do not speak against it.

    A page that is written over has another date and another text (link and title stay), or another title too; a piece that
    comes every day has another link and another date, and the same teaser.
    """
    same, other = found.same, found.other
    link, title, text, date = (sign in same for sign in Sign)
    if date:
        return link or (title and not other >= {Sign.LINK, Sign.TEXT}) or (text and Sign.LINK not in other)
    if title and text:
        return (Sign.LINK not in other or Sign.DATE in found.hardly) and (link or Sign.DATE not in other)
    if link and text:
        return not other >= {Sign.TITLE, Sign.DATE}
    return link and title and (Sign.DATE in found.hardly or (found.is_undated and Sign.TEXT not in other))


def _may_be_it(found: Beside, *, are_many: bool) -> bool:
    """One sign is the same, where many changed at once: the link, or a title that no other entry has."""
    if Sign.TITLE in found.other or found.other >= {Sign.DATE, Sign.TEXT}:
        return False
    if Sign.LINK in found.same or Sign.DATE in found.same | found.hardly:
        return True
    # A few titles without more to them may be those of reports that come every day.
    return found.other.isdisjoint({Sign.DATE, Sign.TEXT}) and (Sign.LINK not in found.other or are_many)


# -- which is which -------------------------------------------------------------------------------

Pair = tuple[Trace, Trace]


def recognise(
    unknown: Sequence[Trace], known: Sequence[Trace], *, listed: Collection[str], total: int
) -> dict[str, int]:
    """The rows of those that we know, by their new keys. One that is still listed under its own key is never taken.

    `known` holds all that share a link or a title with one of the unknown; `total` is how many entries are listed.
    """
    free = [row for row in known if row.key not in listed]
    found = _one_to_one(_alike(unknown, free))
    if len(found) == len(unknown) or len(unknown) < max(MASS, total / 2):
        return found
    taken = frozenset(found.values())
    left = [row for row in free if row.id not in taken]
    together = _changed_together([one for one in unknown if one.key not in found], _only_ones(unknown, known), left)
    is_mass = len(found) + len(together) >= max(MASS, NEARLY_ALL * len(unknown))
    return found | together if is_mass else found


def _alike(unknown: Iterable[Trace], free: Iterable[Trace]) -> Iterator[tuple[Pair, Beside]]:
    by_sign: dict[tuple[Sign, int], list[Trace]] = defaultdict(list)
    for row in free:
        for sign in _found_by(row):
            by_sign[sign].append(row)
    for one in unknown:
        for row in {row.id: row for sign in _found_by(one) for row in by_sign.get(sign, ())}.values():
            if _is_it(found := _beside(one, row)):
                yield (one, row), found


def _found_by(trace: Trace) -> Iterator[tuple[Sign, int]]:
    if trace.link is not None:
        yield Sign.LINK, trace.link
    if trace.title is not None:
        yield Sign.TITLE, trace.title


def _one_to_one(pairs: Iterable[tuple[Pair, Beside]]) -> dict[str, int]:
    """Those that are most alike first; of rows that are equally so, the newest."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for (one, row), _ in sorted(pairs, key=lambda pair: (-pair[1].weight, -pair[0][1].id)):
        if one.key not in found and row.id not in taken:
            found[one.key] = row.id
            taken.add(row.id)
    return found


# -- many at once ---------------------------------------------------------------------------------


def _changed_together(left: Sequence[Trace], only: Sequence[Pair], free: Sequence[Trace]) -> dict[str, int]:
    keys, ids = {one.key for one in left}, {row.id for row in free}
    pairs = [(one, row) for one, row in only if one.key in keys and row.id in ids]
    shift = _shift(pairs)
    alike = ((pair, _beside(_moved(pair[0], shift), pair[1])) for pair in pairs)
    return _one_to_one((pair, found) for pair, found in alike if _may_be_it(found, are_many=len(pairs) >= MANY))


def _only_ones(unknown: Sequence[Trace], known: Sequence[Trace]) -> list[Pair]:
    """Each with the row that alone has its link, or its title, where no other entry has it either."""
    ours, theirs = _only(unknown), _only(known)
    return [(one, theirs[sign]) for sign, one in ours.items() if sign in theirs]


def _only(traces: Sequence[Trace]) -> dict[tuple[Sign, int], Trace]:
    counts = Counter(sign for trace in traces for sign in _found_by(trace))
    return {sign: trace for trace in traces for sign in _found_by(trace) if counts[sign] == 1}


def _shift(pairs: Sequence[Pair]) -> timedelta:
    """By how much the dates of nearly all are later than they were: the new software takes them for those of another zone."""
    sure = (pair for pair in pairs if _beside(*pair).same & {Sign.LINK, Sign.TEXT})  # not each the next of its kind
    shifts = Counter(one.published_at - row.published_at for one, row in sure if one.published_at and row.published_at)
    shift, count = max(shifts.items(), key=lambda each: each[1], default=(timedelta(), 0))
    is_zone = abs(shift) < _WRONG_ZONE and shift % _ZONE_STEP == timedelta()
    return shift if is_zone and count >= max(MASS, NEARLY_ALL * shifts.total()) else timedelta()


def _moved(trace: Trace, shift: timedelta) -> Trace:
    return replace(trace, published_at=trace.published_at - shift) if trace.published_at and shift else trace


# -- what is steady -------------------------------------------------------------------------------


def learnt(
    keyed_by: KeyedBy, rekeyed: int, entries: Sequence[Entry], *, returned: int, unchanged: int
) -> tuple[KeyedBy, int]:
    """What the feed's entries are to be known by from now on, and for how many readings in a row their keys were unsteady.

    Of its entries, `returned` were known under other keys and `unchanged` are left out. The reading after a change, in which
    all keys are other ones for that reason, does not count.
    """
    if returned < MASS or 2 * returned < len(entries) + unchanged:
        return keyed_by, 0
    if rekeyed + 1 < UNSTEADY or keyed_by == "content":
        return keyed_by, rekeyed + 1
    return ("link" if keyed_by == "guid" and _have_links(entries) else "content"), -1


def _have_links(entries: Sequence[Entry]) -> bool:
    links = {entry.url for entry in entries if entry.url and not entry.shares_link}
    return len(links) == len(entries)
