"""Topics that were of no use: that found nothing for long, or what another one found as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from monitor.settings import Settings
from monitor.store import archived, front_topics
from monitor.store.database import Session
from monitor.topics.overlaps import Overlap, overlaps

LONG: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Idle:
    since: date  # or since there are articles
    topics: tuple[str, ...]  # that found nothing
    overlaps: tuple[Overlap, ...]


def idle(session: Session, settings: Settings, *, now: datetime) -> Idle:
    """By what they found at the time, whatever they would find today."""
    start = now - LONG
    names = [topic.name for topic in settings.topics]
    last = front_topics.last_matches(session, names)
    since = start.astimezone(settings.timezone).date()
    first = front_topics.first_day(session)
    pairs = archived.matched(session, since=start, until=now)
    known = set(names)
    return Idle(
        max(since, first) if first else since,
        tuple(name for name in names if first and (name not in last or last[name] < start)),
        overlaps((name, article) for name, article in pairs if name in known),
    )
