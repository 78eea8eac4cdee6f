"""Takes out what belongs to the page and not to the article: whole lines only, each with the rule that says so. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from monitor.parse.leavings import ANYWHERE, END, INDONESIAN_END, LIST, START

_LONGEST: Final = 300  # characters: a leaving is a short line
_MOST_HEADLINES: Final = 6  # of a list of other articles
_NO_HEADLINE: Final = (".", "!", "”", '"', ":", ",")
_MOST_ABOVE: Final = 4  # lines above the first paragraph
_LONGEST_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Removed:
    rule: str  # its name in docs/cleaning.md
    line: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is the article's, and what is not, each in order."""

    lines: tuple[str, ...]
    removed: tuple[Removed, ...]


def clean(
    lines: Sequence[str],
    *,
    titles: tuple[str, ...],
    language: str | None = None,
    links: frozenset[str] | None = None,
) -> Cleaned:
    """`titles`: the article's, which is not said again; `language`: two letters, None where it is not known.

    `links`: lines that are nothing but a link; None where the text does not tell.
    """
    rules = _without_leavings(lines)
    _mark_end(lines, rules, language)
    _mark_listed(lines, rules, links)
    _mark_links(lines, rules, links if language in _SAYS_INDONESIAN else None)
    _mark_end(lines, rules, language)  # the credits above a list
    _mark_start(lines, rules, frozenset(map(bare, titles)), language)
    pairs = list(zip(lines, rules, strict=True))
    kept = tuple(line for line, rule in pairs if not rule)
    return Cleaned(kept, tuple(Removed(rule, line) for line, rule in pairs if rule))


def same_words(one: str, other: str) -> bool:
    return bare(one) == bare(other)


def bare(text: str) -> str:
    """Letters and digits without case: what two lines are compared by."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _without_leavings(lines: Sequence[str]) -> list[str]:
    """For each line the rule by which it goes wherever it stands; empty for one that stays."""
    return [_rule(LIST, line) or _rule(ANYWHERE, line) for line in lines]


def _mark_listed(lines: Sequence[str], rules: list[str], links: frozenset[str] | None) -> None:
    """The headlines below the title of a list. One alone, and no link, may be the heading of what follows."""
    listed: list[int] = []
    for at, line in enumerate(lines):
        if rules[at] == "list":
            _settle(listed, rules, is_at_end=False, links=links)
            listed = [at]
        elif listed and not rules[at] and line:
            if len(listed) <= _MOST_HEADLINES and (line in links if links is not None else _is_headline(line)):
                listed.append(at)
                continue
            _settle(listed, rules, is_at_end=False, links=links)
            listed = []
    _settle(listed, rules, is_at_end=True, links=links)


def _settle(listed: list[int], rules: list[str], *, is_at_end: bool, links: frozenset[str] | None) -> None:
    _, *headlines = listed or [0]
    if links is not None or is_at_end or len(headlines) > 1:
        for at in headlines:
            rules[at] = "listed"


def _mark_end(lines: Sequence[str], rules: list[str], language: str | None) -> None:
    """Credits, below everything that stays."""
    for at in range(len(lines) - 1, -1, -1):
        if rules[at] or not lines[at]:
            continue
        rule = _rule(END, lines[at]) or (_rule(INDONESIAN_END, lines[at]) if language in _INDONESIAN else "")
        if not rule:
            return
        rules[at] = rule


def _mark_links(lines: Sequence[str], rules: list[str], links: frozenset[str] | None) -> None:
    """Headlines that are links, at the end or between paragraphs that neither announce nor take them up."""
    left = [at for at, rule in enumerate(rules) if not rule and lines[at]]
    others = {at for at in left if links is not None and lines[at] in links and _is_headline(lines[at])}
    for is_other, run in groupby(enumerate(left), lambda each: each[1] in others):
        places = list(run)
        above, below = places[0][0] - 1, places[-1][0] + 1
        is_announced = above < 0 or lines[left[above]].endswith(":")
        is_taken_up = below < len(left) and _speaks_of(lines[left[below]], lines[left[below - 1]])
        if is_other and not is_announced and not is_taken_up:
            for _, at in places:
                rules[at] = "link"


def _speaks_of(paragraph: str, headline: str) -> bool:
    """Whether the headline is the paragraph's own: it takes up half of its words."""
    words = set(re.findall(r"\w{4,}", headline.casefold()))
    return 2 * len(words & set(re.findall(r"\w{4,}", paragraph.casefold()))) >= len(words)


def _mark_start(lines: Sequence[str], rules: list[str], titles: frozenset[str], language: str | None) -> None:
    """The title, and what says only when and by whom, above everything that stays; the last line is never taken."""
    left = [at for at, rule in enumerate(rules) if not rule and lines[at]]
    above = left[: min(_MOST_ABOVE, len(left) - 1)]
    found = ["title" if bare(lines[at]) in titles else _rule(START, lines[at]) for at in above]
    lowest = max((place for place, rule in enumerate(found) if rule in ("title", "when")), default=-1)
    lowest = lowest if language in _SAYS_INDONESIAN else -1
    for place, (at, rule) in enumerate(zip(above, found, strict=True)):
        if not rule and not (place < lowest and _is_label(lines[at])):
            return
        rules[at] = rule or "kicker"


_SAYS_INDONESIAN: Final = frozenset({"id", "ms"})
_INDONESIAN: Final = frozenset({None, *_SAYS_INDONESIAN})


def _rule(place: re.Pattern[str], line: str) -> str:
    found = place.fullmatch(line) if len(line) <= _LONGEST else None
    return (found.lastgroup or "").replace("_", "-") if found else ""


def _is_label(line: str) -> bool:
    """The name of a column or of the house, above the title or the date."""
    return len(line) <= _LONGEST_LABEL and not line.endswith(_NO_HEADLINE)


def _is_headline(line: str) -> bool:
    """Short, several words, no sentence's end, not the numbered heading of a section."""
    if not 20 <= len(line) <= 150 or line.endswith(_NO_HEADLINE):  # noqa: PLR2004
        return False
    return line.count(" ") >= 4 and ". " not in line and not line[0].isdigit()  # noqa: PLR2004
