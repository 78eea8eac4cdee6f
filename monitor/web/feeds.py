"""`/feeds`: how each of them fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from monitor.store import health
from monitor.store.health import FeedHealth
from monitor.web.dress import Dress, Voice, link_to, voice_of, with_query
from monitor.web.pictures import polls
from monitor.web.stories import number_of
from monitor.web.tools import Tools

MOST: Final = 100  # of a page


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
    known = {feed.url: feed for feed in await tools.database.run(health.feeds, now=now)}
    listed = [known.get(feed.url, FeedHealth(feed.url, feed.name)) for feed in settings.feeds]
    rows = sorted((_row(feed, voice) for feed in listed), key=lambda row: (not row.error, row.name.casefold()))
    fine = sum(not row.error for row in rows)
    summary = voice.say("feeds_summary", fine=fine, n=len(rows))
    start = number_of(request, "after") or 0
    further = with_query("/feeds", {"after": str(start + MOST)}) if start + MOST < len(rows) else ""
    shown = rows[start : start + MOST]
    return dress.page("feeds.html", voice, here="/feeds", feeds=shown, summary=summary, further=further)


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
