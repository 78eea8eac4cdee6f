"""Which story does an article join, or does it open one? Pure.

When in doubt, a new story: a story that was swallowed is an alert that was missed, a split one only a repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.model import Candidate, Fingerprint, Joins, Opens, Placement


def place(fingerprint: Fingerprint, candidates: Iterable[Candidate], *, since: datetime) -> Placement:
    """It joins the first candidate, opened since then, that shares a term; else it opens a story."""
    for candidate in candidates:
        if candidate.opened_at >= since and candidate.terms.keys() & fingerprint.terms.keys():
            return Joins(candidate.story_id)
    return Opens()
