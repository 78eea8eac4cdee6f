"""That a topic had nothing to tell, said once a day or week, so that silence can be told from a fault. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.digest import last_time
from monitor.alerts.quiet import ends_at
from monitor.settings import QuietHours, Send, Settings

LATE: Final = timedelta(hours=2)  # so much later it says nothing of the moment that it was asked for
MOMENT: Final = timedelta(microseconds=1)
NAMED: Final = 30  # topics; the others are counted
STATUS: Final = "How all feeds are: monitor status"


@dataclass(frozen=True, slots=True)
class Span:
    """Which time a report is about."""

    day: date  # it is the report of this local day
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that is due, unless something was told, or it was made before."""

    channel: str
    span: Span
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in that time."""

    feeds: int = 0
    feeds_read: int = 0
    feeds_unread: int = 0  # that failed all the time, or are left alone
    feeds_failing: int = 0  # that were read and fail by now
    articles: int = 0
    articles_in_part: int = 0
    entries_unread: int = 0  # that were set aside, or still wait


@dataclass(frozen=True, slots=True)
class Matched:
    """Articles that concern a topic, and why nobody was told."""

    articles: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is to be said of the topics that told nothing."""

    since: datetime
    topics: tuple[str, ...]
    reading: Reading
    matched: Mapping[str, Matched] = field(default_factory=dict)  # those that concerned anything


# -- when ----------------------------------------------------------------------------------------


def asked(settings: Settings, *, now: datetime) -> list[Asked]:
    """The reports whose time has come, by channel; what quiet hours held back comes when they are over."""
    hours = {channel.name: channel.quiet_hours for channel in settings.channels}
    found: defaultdict[tuple[str, Span], list[str]] = defaultdict(list)
    for topic in settings.topics:
        send = topic.policy.quiet_report
        for channel in topic.channels if send else ():
            own = hours.get(channel)
            quiet = topic.policy.quiet_hours if own is None else own
            if send and (span := span_of(send, quiet, now=now, zone=settings.timezone)):
                found[channel, span].append(topic.name)
    return [Asked(channel, span, tuple(topics)) for (channel, span), topics in found.items()]


def span_of(send: Send, quiet: Sequence[QuietHours], *, now: datetime, zone: ZoneInfo) -> Span | None:
    """The time up to the last moment that is written down, where a report about it may go now."""
    at = last_time(send, until=now, zone=zone)
    match ends_at(quiet, now=at, zone=zone):
        case _, "drop":
            return None
        case end, _:
            due_at = end
        case None:
            due_at = at
    if not due_at <= now <= due_at + LATE or ends_at(quiet, now=now, zone=zone):
        return None
    return Span(at.astimezone(zone).date(), last_time(send, until=at - MOMENT, zone=zone), due_at)


# -- in words ------------------------------------------------------------------------------------


def text_of(quiet: Quiet, zone: ZoneInfo) -> str:
    """The first line is the subject of a mail."""
    return "\n".join(_lines(quiet, zone))


def _lines(quiet: Quiet, zone: ZoneInfo) -> Iterator[str]:
    reading = quiet.reading
    yield _head(reading, "nothing to tell" if quiet.matched else "nothing matched")
    yield f"Since {quiet.since.astimezone(zone):%Y-%m-%d %H:%M} there was nothing to tell for {_names(quiet.topics)}."
    for name, matched in quiet.matched.items():
        reasons = f": {', '.join(matched.reasons)}" if matched.reasons else ""
        yield f"- {name}: {_count(matched.articles, 'article')} matched and went untold{reasons}"
    if lacks := list(_lacks(reading)):
        yield f"{_and(lacks)}."
    if reading.feeds_unread or reading.feeds_failing:
        yield STATUS


def _head(reading: Reading, outcome: str) -> str:
    """What nobody looked at is not quiet."""
    if not reading.feeds_read:
        return f"Nothing to tell, but nothing was read either: none of {_count(reading.feeds, 'feed')} could be"
    of = f"{reading.feeds_read:,} of " if reading.feeds_read < reading.feeds else ""
    return f"All quiet: {of}{_count(reading.feeds, 'feed')}, {_count(reading.articles, 'article')} read, {outcome}"


def _lacks(reading: Reading) -> Iterator[str]:
    if reading.feeds_unread:
        yield f"{_count(reading.feeds_unread, 'feed')} could not be read at all"
    if reading.feeds_failing:
        yield f"{_count(reading.feeds_failing, 'feed')} could be read at first, and can't be now"
    if reading.articles_in_part:
        yield f"{_count(reading.articles_in_part, 'article')} could be read only in part"
    if reading.entries_unread:
        yield f"{_count(reading.entries_unread, 'article')} could not be read so far"


def _names(topics: Sequence[str]) -> str:
    more = [f"{len(topics) - NAMED} more"] if len(topics) > NAMED else []
    return _and([*topics[:NAMED], *more])


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
