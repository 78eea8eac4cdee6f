"""When next? Poll intervals, backoff, retries. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHORTEST: Final = timedelta(seconds=2)
JITTER_FROM: Final = timedelta(minutes=1)
SERVER_WISH: Final = timedelta(hours=1)
HURRIED: Final = timedelta(minutes=2)  # no pause is halved beyond this
MOST_HURRY: Final = 6  # halvings; each takes a day to go
DAY: Final = timedelta(days=1)

FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(hours=1)

PAGE_WAITS: Final = (timedelta(minutes=1), timedelta(minutes=5))

MOST_DOUBLINGS: Final = (
    20  # enough to reach any cap from 2 s; the doubling of a feed that failed for years would not fit
)
LONG_PAUSES: Final = 3  # of its longest, after which a feed is silent
LEAST_TIMES: Final = 10
LEAST_SPAN: Final = timedelta(days=7)  # so that a weekend is in it
_ZERO: Final = timedelta(0)


class Why(StrEnum):
    """Why a feed is asked when it is asked next; stored and shown as it is."""

    EVERY = "as configured"
    SERVER = "its server asked for a longer pause"
    GAP = "more often for now: entries came and went between two readings"
    FAILURE = "it failed"
    RETRY_AFTER = "its server asked to be left alone"


@dataclass(frozen=True, slots=True)
class NextPoll:
    at: datetime
    why: Why = Why.EVERY


def next_poll(
    every: timedelta,
    *,
    now: datetime,
    max_age: timedelta | None = None,
    ttl: timedelta | None = None,
    hurry: int = 0,
    spread: float = 0.5,
) -> NextPoll:
    """When to ask a feed again that was read well: `every`, as the user wishes.

    The server may ask for longer, by Cache-Control or the feed's ttl, since asking earlier would give the same again; but
    not beyond an hour (or `every`, if longer), because many send such words without thought and news is late by as much.
    Where entries were missed between two readings the pause is halved `hurry` times, but not below two minutes, and the
    ttl no longer counts: it was wrong.

    `spread` in 0..1 moves the time by up to ±10 %, so that feeds added together do not stay together; below a minute
    nothing is moved, there the user wants exactly that.
    """
    pause = max(every / (1 << min(hurry, MOST_HURRY)), min(every, HURRIED)) if hurry else every
    asked = min(max(max_age or _ZERO, _ZERO if hurry else ttl or _ZERO), SERVER_WISH)
    delay = _moved(max(pause, asked, SHORTEST), spread)
    if asked > pause:
        return NextPoll(now + delay, Why.SERVER)
    return NextPoll(now + delay, Why.GAP if pause < every else Why.EVERY)


def eased(hurry: int, since: datetime | None, *, now: datetime) -> int:
    """How hurried a feed still is: a day after the last gap once less, and so on."""
    return max(hurry - (now - since) // DAY, 0) if since is not None else 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a feed listed something new: in the month before the last time, or the last ten times where these took longer."""

    times: int
    longest: timedelta  # pause between two of them
    span: timedelta  # from the first to the last


def silent_after(rhythm: Rhythm) -> timedelta | None:
    """How long a feed may list nothing new before it is silent; None where too little is known of its rhythm.

    Three times its own longest pause, and a day at least. A pause without rhythm (news comes by chance) is three times
    as long as the longest of n in one of (n+1)(n+2)(n+3)/6 cases, twice as long in one of (n+1)(n+2)/2: a feed with an
    article a day would be told silent wrongly every 15 years, or twice in three. And three times a weekend
    (62 hours) is a week, which most holidays are not.
    """
    if rhythm.times < LEAST_TIMES or rhythm.span < LEAST_SPAN:
        return None
    return max(DAY, LONG_PAUSES * rhythm.longest)


def next_try(
    every: timedelta,
    *,
    now: datetime,
    failures: int,
    retry_after: timedelta | None = None,
    spread: float = 0.5,
) -> NextPoll:
    """When to ask a feed again after its n-th failure in a row: `every` doubled n-1 times, at most a day (or `every`).

    The first failure costs nothing, most pass. Retry-After is always honoured, up to a day.
    """
    delay = _moved(max(_backoff(every, failures), SHORTEST), spread)
    asked = min(retry_after or _ZERO, DAY)
    if asked > delay:
        return NextPoll(now + asked, Why.RETRY_AFTER)
    return NextPoll(now + delay, Why.FAILURE)


def retry_at(attempts: int, *, now: datetime, spread: float = 0.5, retry_after: timedelta | None = None) -> datetime:
    """When to try a delivery again that failed just now, and `attempts` times before: 5 s, 10 s, 20 s … an hour.

    Short at first, since most failures are a hiccup and the alert is urgent; an hour at last, since a service that is
    down for a day must not be hammered. It is never given up. What the service asked for is honoured, up to a day.
    """
    delay = min(_spread(_doubled(FIRST_RETRY, attempts), spread), LONGEST_RETRY)
    return now + max(delay, min(retry_after or _ZERO, DAY))


def page_retry_at(attempts: int, *, now: datetime) -> datetime | None:
    """When to try an article's page again that failed just now, and `attempts` times before.

    In a minute, then in five; None after the third try. Then the feed's own text is taken: an alert from it now is
    worth more than one from the whole page much later.
    """
    return now + PAGE_WAITS[attempts] if attempts < len(PAGE_WAITS) else None


def _backoff(every: timedelta, failures: int) -> timedelta:
    return max(every, min(_doubled(every, failures - 1), DAY))


def _doubled(delay: timedelta, times: int) -> timedelta:
    """No further than a day, which also keeps the sum within what a timedelta can hold."""
    return min(delay, DAY) * (1 << min(max(times, 0), MOST_DOUBLINGS))


def _moved(delay: timedelta, spread: float) -> timedelta:
    return _spread(delay, spread) if delay >= JITTER_FROM else delay


def _spread(delay: timedelta, spread: float) -> timedelta:
    """Within ±10 %: 0 is the earliest, 0.5 leaves it as it is."""
    return delay * (0.9 + 0.2 * spread)
