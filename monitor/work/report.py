"""Tell of topics that had nothing to tell, where they ask for it, once a day or week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog

from monitor.alerts.report import Asked, Quiet, asked, text_of
from monitor.model import Kind, Notification
from monitor.settings import Settings
from monitor.store import outbox, reports
from monitor.store.database import Database, Session
from monitor.work.deliver import letter_of
from monitor.work.live import Live

log = structlog.get_logger()
CATCHING_UP: Final = timedelta(minutes=30)  # so long what was left lying is waited for


@dataclass(frozen=True, slots=True)
class Report:
    database: Database
    live: Live
    clock: Callable[[], datetime]

    async def report(self) -> None:
        """As a rule no report is due, and nothing is asked of the database; as a rule it was made, and nothing written."""
        settings, now = self.live.plan.settings, self.clock()
        if asking := asked(settings, now=now):
            due = await self.database.run(left, asking, now=now)
            if due:
                await self.database.exclusive(tell, due, settings, now=now)


def left(session: Session, asking: Sequence[Asked], *, now: datetime) -> list[Asked]:
    """Those that are to be made now."""
    return [each for each in asking if _quiet(session, each, now=now)]


def tell(session: Session, asking: Sequence[Asked], settings: Settings, *, now: datetime) -> None:
    """As it is by now. What is told is remembered in the same transaction: never twice for one day."""
    for each in asking:
        quiet = _quiet(session, each, now=now)
        if quiet is None:
            continue
        notification = Notification(each.channel, Kind.ALL_QUIET, text=text_of(quiet, settings.timezone))
        topics = sha256("\n".join(quiet.topics).encode()).hexdigest()[:16]
        key = f"quiet:{each.span.day}:{topics}:{each.channel}"
        outbox.put(session, letter_of(notification, key), now=now)
        reports.remember(session, each.channel, quiet.topics, day=each.span.day, now=now)


def _quiet(session: Session, asking: Asked, *, now: datetime) -> Quiet | None:
    channel, span = asking.channel, asking.span
    made = reports.made(session, channel, asking.topics, day=span.day)
    left_over = [topic for topic in asking.topics if topic not in made]
    loud = reports.loud(session, channel, left_over, since=span.since) if left_over else set()
    topics = tuple(topic for topic in left_over if topic not in loud)
    began_at = reports.began_at(session)
    if not topics or began_at is None or began_at > span.due_at:
        return None
    if now < span.due_at + CATCHING_UP and reports.is_behind(session, now=now):
        return None
    matched = reports.matched(session, channel, topics, since=span.since)
    return Quiet(max(span.since, began_at), topics, reports.reading(session, since=span.since), matched)
