"""A limit: when one more notification fits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.settings import Limit


def free_at(limit: Limit, recent: Sequence[datetime], *, now: datetime) -> datetime | None:
    """When one more fits, if `recent` is what went; None: now.

    No stretch of `limit.per` holds more than `limit.count` (1 or more); a notification counts until exactly `per`
    after it went. One that seems to come from the future (the clock was put right) counts as of now.
    """
    counting = sorted(min(moment, now) for moment in recent if moment > now - limit.per)
    if len(counting) < limit.count:
        return None
    return counting[len(counting) - limit.count] + limit.per
