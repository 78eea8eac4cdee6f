"""Which story does an article join, or does it open one? Pure.

When in doubt, a new story: a story that was swallowed is an alert that was missed, a split one only a repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.model import Candidate, Fingerprint, Joins, Likeness, Opens, Placement


def place(fingerprint: Fingerprint, candidates: Iterable[Candidate], *, at: datetime) -> Placement:
    """It joins the first candidate with an equal title of that day; else it opens a story."""
    for candidate in candidates:
        for member in candidate.members:
            if member.at.date() == at.date() and member.fingerprint.terms.keys() & fingerprint.terms.keys():
                return Joins(candidate.story_id, Likeness(member.article_id, 1.0, 1.0))
    return Opens()
