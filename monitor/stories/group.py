"""Which story does an article join, or does it open one; is it a copy? Pure.

When in doubt, a new story: a story that was swallowed is an alert that was missed, a split one only a repeat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from math import exp, sqrt
from typing import Final

from monitor.model import Against, Candidate, Fingerprint, Joins, Likeness, Member, Nearest, Opens, Placement
from monitor.stories.copies import is_copy, overlap

# Chosen on development days and topics by cross-validation (`python -m bench.stories`, docs/decisions.md).
BAR: Final = 0.24
THIN_BAR: Final = 0.21  # where one of the two is a teaser, which has fewer words to share
CENTRE: Final = 0.3  # share of the story as a whole in the score; the rest is its nearest articles'
NEAREST: Final = 3
FIGURES: Final = 0.1  # what the same figures in title and lead add
FEW_FIGURES: Final = 3  # fewer tell less
FADES: Final = timedelta(days=4)  # after so much silence a story is taken up less likely (a bell curve)

# What raises the bar, as series of one template (two matches, two quakes, the price of two days) are like each other.
# The next of a series is another event, however like it is.
RAISED: Final = {
    Against.OTHER_FIGURES: 0.04,  # each title has figures that the other has not
    Against.OTHER_NAMES: 0.1,  # the titles have no name in common, and neither text has all names of the other's
    Against.SAME_OUTLET: 0.02,  # an outlet is like itself, and seldom reports a thing twice
    Against.SERIES: 1.0,
}
OF_ONE_MAKE: Final = 0.6  # share of the shorter title's words that stand in the other, where names differ
OF_ONE_DAILY_MAKE: Final = 0.7  # the same, where figures and the day differ, or all figures of title and lead do
SAME_FACTS: Final = 0.25  # of the figures in title and lead of the one that has fewer
TELLING_TITLE: Final = 3  # words; "Breaking News" is no make
ANOTHER_DAY: Final = timedelta(hours=10)

COULD_BE_COPY: Final = 0.4  # the likeness from which wordings are compared
SHARED: Final = 8  # words shown of those in common


def place(
    fingerprint: Fingerprint, candidates: Iterable[Candidate], *, at: datetime, outlet: str, window: timedelta
) -> Placement:
    """It joins the story whose score is furthest above its bar; of equal ones that of the newer article."""
    article = _Article(fingerprint, at, outlet)
    stories: dict[int, list[_Beside]] = {}
    for candidate in candidates:
        members = [member for member in candidate.members if abs(at - member.at) <= window]
        if members:
            stories[candidate.story_id] = [
                _Beside(member, _alike(fingerprint, member.fingerprint)) for member in members
            ]
    if copied := _copied(article, stories):
        return copied
    found = [_compared(article, story_id, members) for story_id, members in stories.items()]
    if not found:
        return Opens()
    best = max(found, key=lambda found: (found.margin, found.likeness.article_id))
    if best.margin >= 0:
        return Joins(best.story_id, best.likeness)
    return Opens(Nearest(best.story_id, best.likeness))


@dataclass(frozen=True, slots=True)
class _Article:
    fingerprint: Fingerprint
    at: datetime
    outlet: str


@dataclass(frozen=True, slots=True)
class _Beside:
    """An article of a story, and how like it is to the one that is placed."""

    member: Member
    alike: float


@dataclass(frozen=True, slots=True)
class _Found:
    story_id: int
    likeness: Likeness

    @property
    def margin(self) -> float:
        return self.likeness.score - self.likeness.bar


# -- copies --------------------------------------------------------------------------------------


def _copied(article: _Article, stories: Mapping[int, Sequence[_Beside]]) -> Joins | None:
    """As a copy of the article that has most of its wording; an original comes before its copies."""
    found = [
        (beside.member.copy_of is None, _wording(article, beside.member), -beside.member.article_id, story_id, beside)
        for story_id, members in stories.items()
        for beside in members
        if beside.alike >= COULD_BE_COPY and _is_copy(article, beside.member)
    ]
    if not found:
        return None
    _, wording, _, story_id, original = max(found, key=lambda each: each[:3])
    likeness = replace(_compared(article, story_id, [original]).likeness, wording=wording)
    return Joins(story_id, likeness, copy_of=original.member.copy_of or original.member.article_id)


def _is_copy(article: _Article, member: Member) -> bool:
    """The next of a series repeats its wording, and is none."""
    return is_copy(article.fingerprint.sketch, member.fingerprint.sketch) and Against.SERIES not in _against(
        article, member
    )


def _wording(article: _Article, member: Member) -> float:
    return overlap(article.fingerprint.sketch, member.fingerprint.sketch)[0]


# -- likeness ------------------------------------------------------------------------------------


def _compared(article: _Article, story_id: int, members: Sequence[_Beside]) -> _Found:
    """How like a story it is: the whole of it, and its nearest articles."""
    nearest = nlargest(NEAREST, members, key=lambda beside: (beside.alike, beside.member.article_id))
    of_nearest = sum(beside.alike for beside in nearest) / len(nearest)
    of_all = _cosine(article.fingerprint.terms, _centre(members))
    score = (CENTRE * of_all + (1 - CENTRE) * of_nearest) * _freshness(article, members)
    against = [_against(article, beside.member) for beside in nearest]
    bar = sum(_bar(article, beside.member, said) for beside, said in zip(nearest, against, strict=True)) / len(nearest)
    closest = nearest[0].member
    shared = tuple(_shared(article.fingerprint.terms, closest.fingerprint.terms))
    reasons = tuple(reason for reason in Against if any(reason in said for said in against))
    return _Found(story_id, Likeness(closest.article_id, score, bar, reasons, shared, _wording(article, closest)))


def _alike(one: Fingerprint, other: Fingerprint) -> float:
    """Words, and what figures in common add."""
    alike = _cosine(one.terms, other.terms)
    if one.figures and other.figures:
        fewer = max(FEW_FIGURES, min(len(one.figures), len(other.figures)))
        alike += FIGURES * len(one.figures & other.figures) / fewer
    return alike


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _centre(members: Sequence[_Beside]) -> Mapping[str, float]:
    """What they say together, as a vector of length 1."""
    if len(members) == 1:
        return members[0].member.fingerprint.terms
    weights: defaultdict[str, float] = defaultdict(float)
    for beside in members:
        for term, weight in beside.member.fingerprint.terms.items():
            weights[term] += weight
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _freshness(article: _Article, members: Sequence[_Beside]) -> float:
    gap = min(abs(article.at - beside.member.at) for beside in members) / FADES
    return exp(-gap * gap / 2)


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    both = [(weight * other[term], term) for term, weight in one.items() if term in other]
    return [term for _, term in nlargest(SHARED, both)]


# -- the bar -------------------------------------------------------------------------------------


def _bar(article: _Article, member: Member, against: Collection[Against]) -> float:
    """What the score must reach."""
    bar = THIN_BAR if article.fingerprint.is_thin or member.fingerprint.is_thin else BAR
    return bar + sum(RAISED[reason] for reason in against)


def _against(article: _Article, member: Member) -> set[Against]:
    one, other = article.fingerprint, member.fingerprint
    figures = bool(one.title_figures - other.title_figures and other.title_figures - one.title_figures)
    names = _has_own_names(one, other) and _has_own_names(other, one)
    is_of_another_day = figures and abs(article.at - member.at) >= ANOTHER_DAY
    are_other_facts = _are_other_facts(one.figures, other.figures)
    make = _common_make(one.title_words, other.title_words)
    said = {
        Against.SAME_OUTLET: article.outlet == member.outlet,
        Against.OTHER_FIGURES: figures,
        Against.OTHER_NAMES: names and not one.title_words & one.names & other.title_words & other.names,
        Against.SERIES: (names and make >= OF_ONE_MAKE)
        or ((is_of_another_day or are_other_facts) and make >= OF_ONE_DAILY_MAKE),
    }
    return {reason for reason, is_said in said.items() if is_said}


def _has_own_names(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether its title names somebody or something that the other does not."""
    return bool((one.title_words & one.names) - other.names - other.title_words)


def _are_other_facts(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether title and lead give other figures: a quake at another time, of another strength; a price of another day."""
    fewer = min(len(one), len(other))
    return fewer >= FEW_FIGURES and len(one & other) < SAME_FACTS * fewer


def _common_make(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter title's words that stand in the other, 0–1; 0 where that is too short to tell."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer >= TELLING_TITLE else 0.0
