"""Look how the feeds fare, and tell those in `ops` what is new of it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog

from monitor.alerts.condition import Condition, Trouble
from monitor.alerts.outage import cut_off
from monitor.alerts.trouble import News, news
from monitor.alerts.trouble_words import text_of
from monitor.metrics import Metrics
from monitor.model import Kind, Notification
from monitor.settings import Settings
from monitor.store import backwards, feeds, health, outbox
from monitor.store.database import Database, Session
from monitor.timing import Rhythm
from monitor.work.deliver import letter_of
from monitor.work.live import Live

log = structlog.get_logger()
ATTENTION: Final = 300.0  # seconds that a clock may go back without a word
SILENCES: Final = timedelta(minutes=15)  # a look for silent feeds is a look at all that they ever listed

SAID: Final = {
    Trouble.BROKEN: "a feed is broken",
    Trouble.STOPPED: "a feed is left alone",
    Trouble.SILENT: "a feed is silent",
    Trouble.OFFLINE: "a feed is out of reach, with most others",
    Trouble.MOVED: "a feed has moved for good",
    Trouble.INCOMPLETE: "part of a feed can't be read",
}


@dataclass(slots=True)
class _Looked:
    for_silence_at: datetime | None = None
    cut_off: dict[int, datetime | None] = field(default_factory=dict)  # by feed, since when it fails; with most others
    hastened: dict[int, datetime | None] = field(default_factory=dict)  # likewise, those that were asked soon for that


@dataclass(frozen=True, slots=True)
class Tend:
    database: Database
    metrics: Metrics
    live: Live
    clock: Callable[[], datetime]
    looked: _Looked = field(default_factory=_Looked)

    async def tend(self) -> None:
        """As a rule there is nothing to tell, and nothing is written."""
        now = self.clock()
        silent = await self._silent(now=now)
        outlook = await self.database.run(health.outlook, silent)
        for state, count in outlook.states.items():
            self.metrics.feeds.labels(state).set(count)
        if news(outlook.conditions, asked=outlook.asked, now=now).marks:
            _report(await self.database.exclusive(tell, self.live.plan.settings, silent, now=now))
        if back := self._in_reach(outlook):
            await self.database.exclusive(feeds.ask_soon, back, now=now)
        if (late := await self.database.run(backwards.ahead, now=now)) > ATTENTION:
            log.warning("the clock went back; what was to be done by the old one is done now", seconds=late)
            await self.database.exclusive(backwards.make_up, now=now)

    def _in_reach(self, outlook: health.Outlook) -> list[int]:
        """Those that failed with most others, once something is read again: they would wait out a pause for nothing.

        Each once for a time of failures, so that one that is dead is not asked again and again.
        """
        looked, read_at = self.looked, outlook.read_at
        for feed in cut_off(outlook.conditions, asked=outlook.asked):
            if looked.hastened.get(feed.id) != feed.failing_since:
                looked.cut_off[feed.id] = feed.failing_since
        failing = {feed.id: feed for feed in outlook.conditions if feed.failures}
        back = []
        for feed_id, since in list(looked.cut_off.items()):
            known = failing.get(feed_id)
            if known is None or known.failing_since != since:
                del looked.cut_off[feed_id]
            elif read_at and known.last_polled_at and known.last_polled_at < read_at:
                looked.hastened[feed_id] = looked.cut_off.pop(feed_id)
                back.append(feed_id)
        return back

    async def _silent(self, *, now: datetime) -> Mapping[int, Rhythm]:
        """Now and then; in between what is known to be silent stands as it was told."""
        last = self.looked.for_silence_at
        if last is not None and now - last < SILENCES:
            return {}
        silent = await self.database.run(health.silent, now=now)
        self.looked.for_silence_at = now
        return silent


def tell(session: Session, settings: Settings, silent: Mapping[int, Rhythm], *, now: datetime) -> News:
    """As it is by now. What is told is remembered in the same transaction, so a restart tells nothing twice."""
    outlook = health.outlook(session, silent)
    told = news(outlook.conditions, asked=outlook.asked, now=now)
    health.remember(session, told.marks)
    # They wait out a pause that grew while nothing could be reached.
    feeds.ask_soon(session, [feed.id for feed in told.in_reach if feed.failures], now=now)
    if not told.says_nothing:
        text = text_of(told, settings.timezone)
        key = f"notice:feeds:{now.isoformat()}:{sha256(text.encode()).hexdigest()[:16]}"
        for channel in settings.ops:
            outbox.put(session, letter_of(Notification(channel, Kind.NOTICE, text=text), f"{key}:{channel}"), now=now)
    return told


def _report(told: News) -> None:
    """Where nobody is in `ops`, the log is all there is."""
    for kind, concerned in told.of.items():
        for feed in concerned:
            log.warning(SAID[kind], feed=feed.name, **_details(kind, feed))
    for feed in (*told.well, *told.in_reach):
        if not feed.failures:
            log.info("a feed can be read again", feed=feed.name)
    for feed in told.heard:
        log.info("a feed lists something new again", feed=feed.name)


def _details(kind: Trouble, feed: Condition) -> dict[str, str | None]:
    match kind:
        case Trouble.SILENT:
            return {
                "nothing_new_since": feed.new_at.astimezone().isoformat(timespec="minutes") if feed.new_at else None
            }
        case Trouble.MOVED:
            return {"to": feed.moved_to}
        case _:
            return {"why": feed.paused or feed.last_error}
