"""`/feeds`: how each of them fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from monitor.settings import Feed
from monitor.store import health
from monitor.store.database import Session
from monitor.store.health import FeedHealth
from monitor.web.dress import Dress, Voice, link_to, voice_of, with_query
from monitor.web.pictures import polls
from monitor.web.stories import number_of
from monitor.web.tools import Tools

MOST: Final = 75  # of a page


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    link: str
    error: str
    kind: str  # how bad it is: "bad" or "warn"
    last_success_at: datetime | None
    next_poll_at: datetime | None
    why: str
    a_day: str
    lag: str
    picture: Markup


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    now, settings = tools.clock(), tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=now)
    odd = await tools.database.run(health.odd, now=now)
    listed = sorted(settings.feeds, key=lambda feed: (feed.url not in odd, feed.name.casefold()))
    fine = sum(feed.url not in odd for feed in listed)
    summary = voice.say("feeds_summary", fine=fine, n=len(listed))
    start = number_of(request, "after") or 0
    further = with_query("/feeds", {"after": str(start + MOST)}) if start + MOST < len(listed) else ""
    part = listed[start : start + MOST]
    known = await tools.database.run(in_full, part, now=now)
    shown = [_row(feed, voice) for feed in known]
    return dress.page("feeds.html", voice, here="/feeds", feeds=shown, summary=summary, further=further)


def in_full(session: Session, feeds: Sequence[Feed], *, now: datetime) -> list[FeedHealth]:
    """Those that the daemon has not met yet were never polled."""
    known = {feed.url: feed for feed in health.feeds(session, only=[feed.url for feed in feeds], now=now)}
    return [known.get(feed.url, FeedHealth(feed.url, feed.name)) for feed in feeds]


def _row(feed: FeedHealth, voice: Voice) -> _Row:
    error, kind = _trouble(feed, voice)
    lag = voice.lasting(timedelta(seconds=feed.lag_seconds)) if feed.lag_seconds is not None else ""
    return _Row(
        name=feed.name,
        link=link_to(feed.url),
        error=error,
        kind=kind,
        last_success_at=feed.last_success_at,
        next_poll_at=feed.next_poll_at,
        why=voice.say(f"why_{feed.next_poll_why}") if feed.next_poll_at and feed.next_poll_why else "",
        a_day=f"{feed.entries_a_day:g}" if feed.entries_a_day is not None else "",
        lag=lag,
        picture=_picture(feed.polls, voice),
    )


def _picture(marks: str, voice: Voice) -> Markup:
    if not marks:
        return Markup()
    new, same, bad = (marks.count(mark) for mark in "nuf")
    return polls(voice.say("polls_title", n=len(marks), new=new, same=same, bad=bad), marks)


def _trouble(feed: FeedHealth, voice: Voice) -> tuple[str, str]:
    """What is wrong with it, the worst first; empty where nothing is."""
    if feed.paused:
        return voice.say("feed_paused", why=feed.paused), "bad"
    if feed.failures:
        return voice.say("feed_failing", why=feed.last_error or "", n=feed.failures), "bad"
    if feed.moved_to:
        return voice.say("feed_moved", where=feed.moved_to), "warn"
    if feed.silent_since:
        return voice.say("feed_silent", when=voice.when(feed.silent_since)), "warn"
    if feed.complaint:
        return voice.say("feed_in_part", why=feed.complaint), "warn"
    return "", ""
