"""Whether we can do our job: feeds are asked, somebody answers, messages go. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.condition import Condition
from monitor.settings import Settings

PATIENCE: Final = timedelta(minutes=10)  # with what is due; a poll takes a minute at the most, a send too
POLLS: Final = 3  # of the feed that is asked most often; so long nobody may answer

UNASKED: Final = "feeds are due, and none is asked"
UNREACHED: Final = "no feed can be reached"
UNSENT: Final = "what is due for the channel {} is not sent"
GIVEN_UP: Final = "the channel {} does not work, and has no fallback that does"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, and what is due for it."""

    name: str
    is_given_up: bool = False
    waits_since: datetime | None = None  # what is due there for longest
    moved_at: datetime | None = None  # when something last came of a try; or until when it rests


@dataclass(frozen=True, slots=True)
class Vitals:
    """What rows say of feeds and channels that are in use."""

    feeds: Sequence[Condition]
    ways: Sequence[Way]


def hindrances(vitals: Vitals, settings: Settings, *, since: datetime, now: datetime) -> list[str]:
    """Why we can't do our job; nothing: we can.

    `since`: from then on we could work, so that nothing waited before. A feed or a service that has a fault of its own is
    none of ours, as long as another one answers: those in `ops` hear of it.
    """
    return [*_of_feeds(vitals.feeds, settings, since=since, now=now), *_of_ways(vitals.ways, settings, since, now)]


# -- feeds ---------------------------------------------------------------------------------------


def _of_feeds(feeds: Sequence[Condition], settings: Settings, *, since: datetime, now: datetime) -> Iterator[str]:
    due = [feed.due_at for feed in feeds if feed.due_at and not feed.paused]
    asked = [feed.last_polled_at for feed in feeds if feed.last_polled_at]
    # Of many that are due some wait their turn: it is enough that any is asked.
    if due and now - max(min(due), since, *asked) >= PATIENCE:
        yield UNASKED
    out_since = _out_of_reach_since([feed for feed in feeds if feed.host])
    if out_since and now - out_since >= _patience(settings):
        yield UNREACHED


def _patience(settings: Settings) -> timedelta:
    return max(PATIENCE, POLLS * min((feed.every for feed in settings.feeds if feed.host), default=PATIENCE))


def _out_of_reach_since(feeds: Sequence[Condition]) -> datetime | None:
    """Since when none answers that was asked. A server that answers with a fault was reached.

    A feed that was out of reach while another one answered says nothing of the time since.
    """
    reached_at = max(filter(None, map(_reached_at, feeds)), default=None)
    began = [feed.failing_since for feed in feeds if feed.is_out_of_reach and feed.failing_since]
    return min((moment for moment in began if reached_at is None or moment >= reached_at), default=None)


def _reached_at(feed: Condition) -> datetime | None:
    return feed.last_success_at if feed.is_out_of_reach else feed.last_polled_at


# -- channels ------------------------------------------------------------------------------------


def _of_ways(ways: Sequence[Way], settings: Settings, since: datetime, now: datetime) -> Iterator[str]:
    known = {way.name: way for way in ways}
    fallbacks = {channel.name: channel.fallback for channel in settings.channels}
    for way in ways:
        if way.is_given_up:
            if not _leads_on(way.name, known, fallbacks):
                yield GIVEN_UP.format(way.name)
        elif way.waits_since and now - max(way.waits_since, since, way.moved_at or since) >= PATIENCE:
            yield UNSENT.format(way.name)


def _leads_on(name: str, known: Mapping[str, Way], fallbacks: Mapping[str, str | None]) -> bool:
    """Whether one of its fallbacks, and of theirs, works."""
    seen = {name}
    while (following := fallbacks.get(name)) and following not in seen:
        if following in known and not known[following].is_given_up:
            return True
        seen.add(name := following)
    return False
