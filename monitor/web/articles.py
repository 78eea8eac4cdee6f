"""`/articles/ID`: the text as it was read, whatever became of its page since."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.store import front_lists
from monitor.web.dress import Dress, link_to, voice_of
from monitor.web.stories import id_of, note_of
from monitor.web.tools import Tools

MOST: Final = 80_000  # signs of a text that are shown; the API gives it whole


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    article = await tools.database.run(front_lists.article, id_of(request))
    if article is None:
        raise HTTPException(404)
    settings = tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    text = article.text[:MOST] + ("…" if len(article.text) > MOST else "")
    return dress.page(
        "article.html",
        voice,
        here="/stories",
        article=article,
        link=link_to(article.url),
        note=note_of(article.quality, voice),
        feed=next((feed.name for feed in settings.feeds if feed.url == article.feed), article.feed),
        paragraphs=text.split("\n\n"),
    )
