"""`/search`: articles by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from monitor.settings import Feed
from monitor.store import search
from monitor.store.search import Found, Where
from monitor.store.search_words import Passage
from monitor.web.dress import Dress, link_to, voice_of, with_query
from monitor.web.stories import day_of, number_of
from monitor.web.tools import Tools

LISTED: Final = 200  # feeds that are offered; more would make a heavy page


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    title: Passage
    text: Passage
    link: str
    story_id: int
    outlet: str
    first_seen_at: datetime


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, given = tools.settings(), request.query_params
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    q, feed = given.get("q", "").strip(), given.get("feed", "").strip()
    first, last = day_of(given.get("from")), day_of(given.get("to"))
    where = Where(first, last, feeds_called(settings.feeds, feed) if feed else None)
    sheet = await tools.database.run(search.search, q, where, after=number_of(request, "after"))
    asked = {
        "q": q,
        "from": given.get("from") if first else None,
        "to": given.get("to") if last else None,
        "feed": feed,
    }
    return dress.page(
        "search.html",
        voice,
        here="/search",
        q=q,
        from_day=first.isoformat() if first else "",
        to_day=last.isoformat() if last else "",
        feed=feed,
        feeds=sorted({each.name for each in settings.feeds}, key=str.casefold) if len(settings.feeds) <= LISTED else [],
        found=[_row(each) for each in sheet.items],
        csv=with_query("/api/v1/articles", {"format": "csv"} | asked),
        further=with_query("/search", asked | {"after": str(sheet.after)}) if sheet.after else "",
    )


def _row(found: Found) -> _Row:
    return _Row(
        found.id, found.title, found.text, link_to(found.url), found.story_id, found.outlet, found.first_seen_at
    )


def feeds_called(feeds: Sequence[Feed], name: str) -> list[str]:
    """Their URLs; where none is called so, or has this URL, those whose name holds it."""
    wanted = name.casefold()
    exact = [feed.url for feed in feeds if wanted in {feed.name.casefold(), feed.url.casefold()}]
    return exact or [feed.url for feed in feeds if wanted in feed.name.casefold()]
