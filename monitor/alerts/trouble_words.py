"""News of feeds as those in `ops` read it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.condition import Condition, Trouble
from monitor.alerts.trouble import News

NAMED: Final = 10  # feeds; the others are counted
GONE: Final = "HTTP 410"
MORE: Final = "How all feeds are: monitor status"
EDIT: Final = "Write the new address into the configuration."
REMOVE: Final = "Take it out of the configuration; monitor once --all would ask it once more."
HOUR: Final = timedelta(hours=1)
DAYS: Final = timedelta(days=2)  # from which on hours are not counted

Say = Callable[[Condition, ZoneInfo], str]


def text_of(told: News, zone: ZoneInfo) -> str:
    """The first line is the subject of a mail."""
    more = [MORE] if any(told.of.values()) else []
    return "\n\n".join([*_paragraphs(told, zone), *more])


def _paragraphs(told: News, zone: ZoneInfo) -> Iterator[str]:
    of = told.of
    if offline := of[Trouble.OFFLINE]:
        yield _offline(offline, told.asked, zone)
    yield from _several(of[Trouble.BROKEN], "{} feeds can't be read:", _broken, _broken_in_short, zone)
    yield from _several(of[Trouble.STOPPED], "{} feeds are left alone:", _stopped, _stopped_in_short, zone)
    yield from _several(
        of[Trouble.SILENT],
        "{} feeds are silent; they can be read, and list nothing new:",
        _silent,
        _silent_in_short,
        zone,
    )
    yield from _several(
        of[Trouble.INCOMPLETE], "Of {} feeds a part can't be read:", _incomplete, _incomplete_in_short, zone
    )
    yield from _several(of[Trouble.MOVED], "{} feeds have moved for good. " + EDIT, _moved, _moved_in_short, zone)
    if told.in_reach:
        yield _in_reach(told.in_reach, zone)
    yield from _several(told.well, "{} feeds can be read again:", _well, _name, zone)
    yield from _several(told.heard, "{} feeds list something new again:", _heard, _name, zone)


def _several(feeds: Sequence[Condition], head: str, one: Say, each: Say, zone: ZoneInfo) -> Iterator[str]:
    if len(feeds) == 1:
        yield one(feeds[0], zone)
    elif feeds:
        yield "\n".join([head.format(len(feeds)), *_list(feeds, each, zone)])


def _list(feeds: Sequence[Condition], each: Say, zone: ZoneInfo) -> Iterator[str]:
    yield from (f"- {each(feed, zone)}" for feed in feeds[:NAMED])
    if more := feeds[NAMED:]:
        yield f"- and {len(more)} more"


# -- what a feed has -----------------------------------------------------------------------------


def _broken(feed: Condition, zone: ZoneInfo) -> str:
    since = f"since {_clock(feed.failing_since, zone)}" if feed.last_success_at else "and never could be"
    again = f"\nIt is asked again at {_clock(feed.due_at, zone)}." if feed.due_at else ""
    return f"The feed {feed.name} can't be read {since}: {feed.last_error} ({feed.failures} times in a row).{again}"


def _broken_in_short(feed: Condition, zone: ZoneInfo) -> str:
    since = f", since {_clock(feed.failing_since, zone)}" if feed.last_success_at else ", never read yet"
    return f"{feed.name}: {feed.last_error}{since}"


def _stopped(feed: Condition, zone: ZoneInfo) -> str:
    if feed.paused == GONE:
        return f"The feed {feed.name} is gone ({GONE}) and is not asked any more.\n{REMOVE}"
    again = f"It is asked again at {_clock(feed.due_at, zone)}." if feed.due_at else REMOVE
    return f"The feed {feed.name} is left alone: {feed.paused}.\n{again}"


def _stopped_in_short(feed: Condition, zone: ZoneInfo) -> str:
    again = f", asked again at {_clock(feed.due_at, zone)}" if feed.due_at else ", not asked any more"
    return f"{feed.name}: {feed.paused}{again}"


def _silent(feed: Condition, zone: ZoneInfo) -> str:
    usual = f"\nIn the weeks before its longest pause was {_lasting(feed.longest_pause)}." if feed.longest_pause else ""
    return f"The feed {feed.name} is silent: it can be read, and lists nothing new since {_clock(feed.new_at, zone)}.{usual}"


def _silent_in_short(feed: Condition, zone: ZoneInfo) -> str:
    usual = f", longest pause before {_lasting(feed.longest_pause)}" if feed.longest_pause else ""
    return f"{feed.name}: since {_clock(feed.new_at, zone)}{usual}"


def _incomplete(feed: Condition, _zone: ZoneInfo) -> str:
    return f"Part of the feed {feed.name} can't be read: {feed.complaint}"


def _incomplete_in_short(feed: Condition, _zone: ZoneInfo) -> str:
    return f"{feed.name}: {feed.complaint}"


def _moved(feed: Condition, _zone: ZoneInfo) -> str:
    return f"The feed {feed.name} has moved for good to {feed.moved_to} and is read there.\n{EDIT}"


def _moved_in_short(feed: Condition, _zone: ZoneInfo) -> str:
    return f"{feed.name}: {feed.moved_to}"


def _well(feed: Condition, zone: ZoneInfo) -> str:
    return f"The feed {feed.name} can be read again, since {_clock(feed.last_success_at, zone)}."


def _heard(feed: Condition, zone: ZoneInfo) -> str:
    return f"The feed {feed.name} lists something new again, since {_clock(feed.new_at, zone)}."


def _name(feed: Condition, _zone: ZoneInfo) -> str:
    return feed.name


# -- an outage -----------------------------------------------------------------------------------


def _offline(feeds: Sequence[Condition], asked: int, zone: ZoneInfo) -> str:
    since = min((feed.failing_since for feed in feeds if feed.failing_since), default=None)
    why = Counter(feed.last_error or "" for feed in feeds).most_common(3)
    hosts = {feed.host for feed in feeds}
    cause = (
        "this machine may be offline"
        if len(hosts) > 1
        else f"{hosts.pop()} may be down, or this machine may be offline"
    )
    return "\n".join(
        [
            f"{len(feeds)} of {asked} feeds can't be reached: {cause}.",
            f"Since {_clock(since, zone)}; {', '.join(f'{what} ({count})' for what, count in why)}.",
            *_list(feeds, _name, zone),
        ]
    )


def _in_reach(feeds: Sequence[Condition], zone: ZoneInfo) -> str:
    """Those that failed for long are asked seldom, so they come back one by one."""
    out = [feed for feed in feeds if feed.failures]
    if not out:
        return f"The {len(feeds)} feeds that could not be reached can be read again."
    last = max((feed.due_at for feed in out if feed.due_at), default=None)
    rest = f"\nThe others are asked again by {_clock(last, zone)}." if last else ""
    return f"{len(feeds) - len(out)} of the {len(feeds)} feeds that could not be reached can be read again.{rest}"


# -- times ---------------------------------------------------------------------------------------


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "an unknown time"


def _lasting(pause: timedelta | None) -> str:
    pause = pause or timedelta()
    if pause >= DAYS:
        return f"{round(pause / timedelta(days=1))} days"
    hours = round(pause / HOUR)
    return f"{hours} hours" if hours > 1 else "an hour"
