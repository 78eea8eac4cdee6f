"""Which story does an article join, or does it open one? Pure.

When in doubt, a new story: a story that was swallowed is an alert that was missed, a split one only a repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Candidate, Fingerprint, Joins, Opens, Placement

WINDOW: Final = timedelta(days=1)


def place(fingerprint: Fingerprint, candidates: Iterable[Candidate], *, now: datetime) -> Placement:
    """It joins the first candidate, no older than a day, that shares a term; else it opens a story."""
    for candidate in candidates:
        is_recent = now - candidate.opened_at < WINDOW
        if is_recent and candidate.terms.keys() & fingerprint.terms.keys():
            return Joins(candidate.story_id)
    return Opens()
