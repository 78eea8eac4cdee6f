"""The stories of a stream in memory, found as the store finds them."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import islice
from typing import Final

from monitor.model import Candidate, Fingerprint, Member

KEYS: Final = 12  # the heaviest words of an article, by which stories are found
BEARERS: Final = 64  # the newest stories that bear a word
CANDIDATES: Final = 12
MEMBERS: Final = 10  # the newest of a story
SHINGLES: Final = 8  # the lowest numbers of a sketch, by which copies are found
COPIES: Final = 12


class Shelf:
    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._bearers: dict[str, OrderedDict[int, float]] = {}  # the newest last
        self._members: dict[int, deque[Member]] = {}  # the newest first
        self._worded: defaultdict[int, deque[tuple[int, Member]]] = defaultdict(lambda: deque(maxlen=COPIES))

    def candidates(self, fingerprint: Fingerprint, *, at: datetime) -> list[Candidate]:
        """The best first; with the articles of the same wording, however many are newer."""
        found: defaultdict[int, float] = defaultdict(float)
        for term, weight in islice(fingerprint.terms.items(), KEYS):
            for story_id, borne in self._bearers.get(term, {}).items():
                found[story_id] += weight * borne
        since = at - self._window
        alive = ((score, story_id) for story_id, score in found.items() if self._members[story_id][0].at >= since)
        chosen = {story_id: self._newest(story_id, since) for _, story_id in nlargest(CANDIDATES, alive)}
        for story_id, member in self._worded_alike(fingerprint):
            chosen.setdefault(story_id, {})[member.article_id] = member
        return [
            Candidate(story_id, tuple(members[number] for number in sorted(members, reverse=True)))
            for story_id, members in chosen.items()
        ]

    def _worded_alike(self, fingerprint: Fingerprint) -> list[tuple[int, Member]]:
        known = {
            member.article_id: (story_id, member)
            for number in fingerprint.sketch[:SHINGLES]
            for story_id, member in self._worded.get(number, ())
        }
        shared = Counter(
            member.article_id for number in fingerprint.sketch[:SHINGLES] for _, member in self._worded.get(number, ())
        )
        return [known[article] for article in nlargest(COPIES, shared, key=lambda article: (shared[article], article))]

    def _newest(self, story_id: int, since: datetime) -> dict[int, Member]:
        return {member.article_id: member for member in self._members[story_id] if member.at >= since}

    def add(self, story_id: int, member: Member) -> None:
        self._members.setdefault(story_id, deque(maxlen=MEMBERS)).appendleft(member)
        for number in member.fingerprint.sketch[:SHINGLES]:
            self._worded[number].append((story_id, member))
        for term, weight in islice(member.fingerprint.terms.items(), KEYS):
            bearers = self._bearers.setdefault(term, OrderedDict())
            bearers[story_id] = weight
            bearers.move_to_end(story_id)
            if len(bearers) > BEARERS:
                bearers.popitem(last=False)
