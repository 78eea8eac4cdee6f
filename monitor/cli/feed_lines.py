"""Feeds as `status` shows them: a line each, and more where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.cli.common import clock
from monitor.errors import width
from monitor.store.health import FeedHealth
from monitor.timing import Why

WIDTH: Final = 98  # columns, beside the mark
SHORTEST_NAME: Final = 20
LATELY: Final = timedelta(days=7)
BRIEFLY: Final[dict[str, str]] = {Why.SERVER: " as its server asks", Why.GAP: " after gaps"}
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """Today without its date."""

    zone: ZoneInfo
    now: datetime

    def said(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        is_today = local.date() == self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if is_today else clock(at, self.zone)


def lines_of(feeds: Sequence[FeedHealth], zone: ZoneInfo, *, now: datetime) -> Iterator[str]:
    """Those in trouble first, marked."""
    times = Times(zone, now)
    wrong = {feed.url: list(_wrong(feed, times)) for feed in feeds}
    for feed in sorted(feeds, key=lambda feed: not wrong[feed.url]):
        yield f"{'!' if wrong[feed.url] else ' '} {_line(feed, times)}"
        yield from (f"      {line}" for line in wrong[feed.url])


def _line(feed: FeedHealth, times: Times) -> str:
    said = ", ".join(_said(feed, times))
    return f"{_fitted(feed.name, max(SHORTEST_NAME, WIDTH - 2 - len(said)))}: {said}"


def _said(feed: FeedHealth, times: Times) -> Iterator[str]:
    if feed.state == "new" and not feed.next_poll_at:
        yield "not asked yet"
        return
    yield f"last read {times.said(feed.last_success_at)}" if feed.last_success_at else "never read"
    yield _next(feed, times)
    if feed.entries_a_day is not None:
        yield f"{feed.entries_a_day:g} a day"
    if feed.lag_seconds is not None:
        yield f"lag {_lasting(timedelta(seconds=feed.lag_seconds))}"


def _next(feed: FeedHealth, times: Times) -> str:
    if feed.next_poll_at is None:
        return "not asked again"
    if feed.next_poll_at <= times.now:
        return "next now"
    why = BRIEFLY.get(feed.next_poll_why or "", "")
    return f"next {times.said(feed.next_poll_at)}{why}"


def _wrong(feed: FeedHealth, times: Times) -> Iterator[str]:
    if feed.failures:
        yield _failing(feed, times)
    if feed.paused:
        yield _paused(feed)
    if feed.silent_since:
        yield _silent(feed, feed.silent_since, times)
    if feed.complaint:
        yield f"part of it can't be read: {feed.complaint}"
    if feed.gap_at and times.now - feed.gap_at < LATELY:
        yield _gap(feed, feed.gap_at, times)
    if feed.moved_to:
        yield f"moved for good to {feed.moved_to}: write that address into the configuration"


def _failing(feed: FeedHealth, times: Times) -> str:
    since = f" since {times.said(feed.failing_since)}" if feed.failing_since else ""
    asked = f"; {feed.next_poll_why}" if feed.next_poll_why == Why.RETRY_AFTER else ""
    return f"{feed.last_error}{in_a_row(feed.failures)}{since}{asked}"


def _paused(feed: FeedHealth) -> str:
    why = "" if feed.failures and feed.paused == feed.last_error else f": {feed.paused}"
    again = "asked again once a day" if feed.next_poll_at else "`monitor once --all` asks it once more"
    return f"left alone{why}; {again}"


def _silent(feed: FeedHealth, since: datetime, times: Times) -> str:
    pause = timedelta(seconds=feed.longest_pause_seconds or 0)
    usual = f"; its longest pause before was {_lasting(pause)}" if pause else ""
    return f"silent: nothing new since {times.said(since)}{usual}"


def _gap(feed: FeedHealth, last: datetime, times: Times) -> str:
    often = "; asked more often since" if feed.next_poll_why == Why.GAP else ""
    return f"entries came and went unseen between two readings; last {times.said(last)} ({feed.gaps} in all){often}"


def in_a_row(failures: int) -> str:
    return f" ({failures} in a row)" if failures > 1 else ""


def _lasting(time: timedelta) -> str:
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if time >= 2 * unit or (unit is MINUTE and time >= unit):
            return f"{time / unit:.0f} {name}"
    return f"{time.total_seconds():.0f} s"


def _fitted(name: str, columns: int) -> str:
    """A sign may take two."""
    if sum(map(width, name)) <= columns:
        return name
    taken, kept = 1, ""
    for sign in name:
        taken += width(sign)
        if taken > columns:
            break
        kept += sign
    return f"{kept}…"
