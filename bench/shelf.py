"""The stories of a stream in memory, found as the store finds them."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import islice
from typing import Final

from monitor.model import Candidate, Fingerprint, Member

KEYS: Final = 12  # the heaviest words of an article, by which stories are found
BEARERS: Final = 64  # the newest stories that bear a word
CANDIDATES: Final = 12
MEMBERS: Final = 10  # the newest of a story


class Shelf:
    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._bearers: dict[str, OrderedDict[int, float]] = {}  # the newest last
        self._members: dict[int, deque[Member]] = {}  # the newest first

    def candidates(self, fingerprint: Fingerprint, *, at: datetime) -> list[Candidate]:
        """The best first."""
        found: defaultdict[int, float] = defaultdict(float)
        for term, weight in islice(fingerprint.terms.items(), KEYS):
            for story_id, borne in self._bearers.get(term, {}).items():
                found[story_id] += weight * borne
        since = at - self._window
        alive = ((score, story_id) for story_id, score in found.items() if self._members[story_id][0].at >= since)
        return [self._candidate(story_id, since) for _, story_id in nlargest(CANDIDATES, alive)]

    def _candidate(self, story_id: int, since: datetime) -> Candidate:
        return Candidate(story_id, tuple(member for member in self._members[story_id] if member.at >= since))

    def add(self, story_id: int, member: Member) -> None:
        self._members.setdefault(story_id, deque(maxlen=MEMBERS)).appendleft(member)
        for term, weight in islice(member.fingerprint.terms.items(), KEYS):
            bearers = self._bearers.setdefault(term, OrderedDict())
            bearers[story_id] = weight
            bearers.move_to_end(story_id)
            if len(bearers) > BEARERS:
                bearers.popitem(last=False)
