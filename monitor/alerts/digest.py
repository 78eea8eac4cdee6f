"""When the next digest goes out, and in which order it tells. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from monitor.alerts import wallclock
from monitor.alerts.card import is_correction
from monitor.model import Card, Passage, Quality
from monitor.settings import Send

HOUR: Final = timedelta(hours=1)
QUARTER: Final = timedelta(minutes=15)  # by which the clocks of the world differ
MIDNIGHT: Final = time(0)
BEST_FIRST: Final = tuple(Quality)

T = TypeVar("T")


def next_digest(send: Send, *, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment for a digest strictly after `after`; `after` itself for a channel that is told as it happens.

    Daily and weekly count local days: one digest a day, however long the day is. Hourly counts what the clock shows:
    one at each full hour, so two where it shows the same hour twice, and none where it shows none.
    """
    match send.when:
        case "as_it_happens":
            return after
        case "hourly":
            return _next_full_hour(after.astimezone(UTC), zone)
        case "daily" | "weekly":
            return _next_day(send, after, zone)


def _next_full_hour(after: datetime, zone: ZoneInfo) -> datetime:
    quarter = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0)
    coming = (quarter + n * QUARTER for n in range(1, 13))
    return next((each for each in coming if each.astimezone(zone).minute == 0), quarter + HOUR)


def _next_day(send: Send, after: datetime, zone: ZoneInfo) -> datetime:
    today = after.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(9))
    wanted = (day for day in days if send.weekday is None or day.weekday() == send.weekday)
    moments = (wallclock.first(day, send.at or MIDNIGHT, zone) for day in wanted)
    return next(moment for moment in moments if moment > after)


def last_time(send: Send, *, until: datetime, zone: ZoneInfo) -> datetime:
    """The last moment of a daily or weekly `send` up to then."""
    today = until.astimezone(zone).date()
    days = (today - timedelta(days=n) for n in range(16))  # of a calendar that leaves days out, a week may have none
    wanted = (day for day in days if send.weekday is None or day.weekday() == send.weekday)
    moments = (wallclock.first(day, send.at or MIDNIGHT, zone) for day in wanted)
    return next(moment for moment in moments if moment <= until)


def arranged(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Each story once, under its topics by the alphabet; first what most outlets report, then the newest."""
    stories: defaultdict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in cards:
        stories[card.url, card.title].append(card)
    return tuple(sorted((_together(same) for same in stories.values()), key=_place))


def _place(card: Card) -> tuple[list[str], tuple[str, ...], int, float]:
    moment = min(card.published_at or card.first_seen_at, card.first_seen_at)
    return [topic.casefold() for topic in card.topics], card.topics, -len(card.outlets), -moment.timestamp()


def _together(same: Sequence[Card]) -> Card:
    """The cards of one story as one."""
    if len(same) == 1:
        return same[0]
    is_follow_up = all(card.new_outlets for card in same)  # else it holds the first telling, for which all are new
    corrected_first = sorted(same, key=is_correction, reverse=True)  # whose first outlet is the one that corrected
    outlets = _all(corrected_first, lambda card: card.outlets)
    return replace(
        same[0],
        topics=tuple(sorted({topic for card in same for topic in card.topics})),
        outlets=outlets,
        carried_by=tuple(name for name in _all(same, lambda card: card.carried_by) if name not in outlets),
        new_outlets=_all(same, lambda card: card.new_outlets) if is_follow_up else (),
        news=_all(same, lambda card: card.news),
        was=next((card.was for card in same if card.was), ""),
        changes=_all(same, lambda card: card.changes),
        first_seen_at=min(card.first_seen_at for card in same),
        published_at=min((card.published_at for card in same if card.published_at), default=None),
        passages=_passages(same),
        quality=min((card.quality for card in same), key=BEST_FIRST.index),
    )


def _all(same: Iterable[Card], what: Callable[[Card], Iterable[T]]) -> tuple[T, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(each for card in same for each in what(card)))


def _passages(same: Iterable[Card]) -> tuple[Passage, ...]:
    hits: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for card in same:
        for passage in card.passages:
            hits[passage.text] |= set(passage.hits)
    return tuple(Passage(text, tuple(sorted(spans))) for text, spans in hits.items())
