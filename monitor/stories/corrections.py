"""Did an outlet take back or change in substance what it had published? Pure.

Two readings of one address are compared. A correction is a note that says so, or a sentence that stayed alike but for
other figures or names. Paragraphs that came or went are an update; other words for the same are none either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from monitor.model import Article, Change, Correction
from monitor.stories.editors import correction_note, is_aside, unsigned
from monitor.stories.statements import Statement, Vocabulary, statement, vocabulary
from monitor.stories.swaps import Side, Swap, swaps
from monitor.text import paragraphs, passage
from monitor.text.sentences import sentences

MOST: Final = 3  # changes that are told
WIDTH: Final = 300  # characters of a sentence that is told

READ: Final = 120_000  # bytes of a text that are compared; news is shorter, and a character of Chinese is a word
COMPARED: Final = 200  # sentences that came or went, on each side
KEYS: Final = 8  # of a sentence's words, the rarest, by which its other reading is looked for
ALIKE: Final = 0.6  # of two sentences' words: one is the other, changed
ONE_THING: Final = 1 / 3  # of two titles' words: they are about one thing
SAME_NOTE: Final = 0.5
FEWEST_KEPT: Final = 3  # words of a sentence
FEWEST_KEPT_OF_TITLE: Final = 2
LEAD: Final = 2  # paragraphs
END: Final = 3  # paragraphs in which an editor's note may stand
SHORT_NOTE: Final = 3  # words: a heading, the note is below it

_Pair = tuple[Statement, Statement]
_Vocabularies = tuple[Vocabulary, Vocabulary]

_CAPITAL_NOUNS: Final = ("de", "lb")  # languages whose nouns all have capitals: names can't be told


def corrected(before: Article, after: Article) -> Correction | None:
    """What was taken back or changed in substance between two readings of one article."""
    if (before.title, before.text) == (after.title, after.text):
        return None
    one, other = _told(before), _told(after)
    pairs = _pairs(_only_in(one, other), _only_in(other, one))
    in_title: list[_Found] = []
    in_text: list[_Found] = []
    if pairs or before.title != after.title:
        words = one.vocabulary(), other.vocabulary()
        in_title, in_text = _of_titles(one, other, words), _of_sentences(pairs, words, _is_same_kind(before, after))
    changes: dict[frozenset[Swap | str], Change] = {}
    for each in (*in_title, *_of_notes(before, after), *in_text):
        changes.setdefault(each.key, each.change)
    was = before.title if in_title else ""
    return Correction(was, tuple(changes.values())[:MOST]) if changes else None


@dataclass(frozen=True, slots=True)
class _Found:
    """A change, and by what it is known: one figure put right in five places is one change."""

    change: Change
    key: frozenset[Swap | str]


# -- what was told -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """An article as it was read: its sentences in order, without what is no statement."""

    article: Article
    sentences: tuple[str, ...]
    known: dict[str, Statement] = field(default_factory=dict)  # those that were read already

    def read(self, sentence: str) -> Statement:
        if sentence not in self.known:
            has_capital_nouns = (self.article.language or "").lower().startswith(_CAPITAL_NOUNS)
            said = statement(sentence)
            self.known[sentence] = replace(said, is_headline=True) if has_capital_nouns else said
        return self.known[sentence]

    def vocabulary(self) -> Vocabulary:
        return vocabulary([self.read(each) for each in dict.fromkeys((self.article.title, *self.sentences))])


def _told(article: Article) -> _Told:
    lines = [unsigned(line) for line in _lines(_beginning(article.text)) if not is_aside(line)]
    said = [line[start:end] for line in lines for start, end in sentences(line)]
    return _Told(article, tuple(each for each in said if not is_aside(each) and not _is_broken_off(each)))


def _beginning(text: str) -> str:
    return text[:READ].encode(errors="replace")[:READ].decode(errors="ignore")


def _lines(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in paragraphs(text)]


def _is_broken_off(sentence: str) -> bool:
    return sentence.endswith(("…", "...", "[…]", "[...]"))


def _is_same_kind(before: Article, after: Article) -> bool:
    """A teaser read again as a full text says more; that is no change."""
    return before.quality == after.quality


# -- the title -----------------------------------------------------------------------------------


def _of_titles(one: _Told, other: _Told, words: _Vocabularies) -> list[_Found]:
    was, title = one.article.title, other.article.title
    if was == title:
        return []
    before, after = Side(one.read(was), words[0]), Side(other.read(title), words[1])
    is_same_kind = _is_same_kind(one.article, other.article)
    key: list[Swap | str] = [*swaps(before, after, fewest_kept=FEWEST_KEPT_OF_TITLE, only_plain=not is_same_kind)]
    if not key and is_same_kind:
        key += _restated(before, after)
    if not key and correction_note(title) and not correction_note(was):
        key.append(title)
    return [_Found(_change(was, title), frozenset(key))] if key else []


def _restated(before: Side, after: Side) -> list[Swap]:
    """A title in other words, whose figures are gone from the whole article and that has figures new to it."""
    if _likeness(before.statement.terms, after.statement.terms) < ONE_THING:
        return []
    gone = before.statement.figures.keys() - after.all.said
    come = after.statement.figures.keys() - before.all.said
    return [Swap(tuple(sorted(gone)), tuple(sorted(come)))] if gone and come else []


# -- notes ---------------------------------------------------------------------------------------


def _of_notes(before: Article, after: Article) -> Iterator[_Found]:
    """What an editor now says at the beginning or the end, and did not say before."""
    if not _is_same_kind(before, after):
        return
    known = [statement(line).terms for line in [before.title, *_ends(_lines(before.text))] if correction_note(line)]
    known_lines = frozenset(_lines(before.text))
    lines = _lines(after.text)
    for at, line in enumerate(lines):
        if LEAD <= at < len(lines) - END or line in known_lines or not correction_note(line):
            continue
        if all(_likeness(statement(line).terms, each) < SAME_NOTE for each in known):
            is_heading = len(line.split()) <= SHORT_NOTE and not line.endswith((".", "。")) and at + 1 < len(lines)
            note = f"{line} {lines[at + 1]}" if is_heading else line
            yield _Found(Change("", _cut(note, 0)), frozenset({note}))


def _ends(lines: list[str]) -> list[str]:
    return lines if len(lines) <= LEAD + END + 2 else [*lines[: LEAD + 1], *lines[-END - 1 :]]


# -- the sentences -------------------------------------------------------------------------------


def _of_sentences(pairs: Sequence[_Pair], words: _Vocabularies, is_same_kind: bool) -> list[_Found]:
    return [
        _Found(_change(before.text, after.text), frozenset(key))
        for before, after in pairs
        if (key := _swaps(Side(before, words[0]), Side(after, words[1]), is_same_kind))
    ]


def _swaps(before: Side, after: Side, is_same_kind: bool) -> list[Swap]:
    # Headlines of other articles stand between paragraphs, and look alike.
    only_plain = not is_same_kind or before.statement.is_headline or after.statement.is_headline
    return swaps(before, after, fewest_kept=FEWEST_KEPT, only_plain=only_plain)


def _only_in(one: _Told, other: _Told) -> list[Statement]:
    known = frozenset(other.sentences)
    return [one.read(each) for each in islice((each for each in one.sentences if each not in known), COMPARED)]


def _pairs(gone: Sequence[Statement], come: Sequence[Statement]) -> list[_Pair]:
    """Each sentence that is gone with that which came in its place; in the order of the new text."""
    scored = sorted(_candidates(gone, come), key=lambda each: (-each[0], abs(each[1] - each[2]), each[2]))
    places: dict[int, int] = {}
    taken: set[int] = set()
    for _, before, after in scored:
        if after not in places and before not in taken:
            places[after] = before
            taken.add(before)
    return [(gone[before], come[after]) for after, before in sorted(places.items())]


def _candidates(gone: Sequence[Statement], come: Sequence[Statement]) -> Iterator[tuple[float, int, int]]:
    """Likeness and places of the sentences that share rare words."""
    came = [each.terms for each in come]
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for place, terms in enumerate(came):
        for term in terms:
            postings[term].append(place)
    for before, terms in enumerate(each.terms for each in gone):
        rarest = sorted((term for term in terms if term in postings), key=lambda term: (len(postings[term]), term))
        for after in {place for term in rarest[:KEYS] for place in postings[term][:COMPARED]}:
            likeness = _likeness(terms, came[after])
            if likeness >= ALIKE:
                yield likeness, before, after


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other) or 1)


# -- what is shown -------------------------------------------------------------------------------


def _change(before: str, after: str) -> Change:
    at = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    return Change(_cut(before, at), _cut(after, at))


def _cut(sentence: str, at: int) -> str:
    """At most so much of a sentence around a place, cut between words."""
    if len(sentence) <= WIDTH:
        return sentence
    start, end = passage(sentence, [(at, at + 1)], WIDTH - 2)
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")
