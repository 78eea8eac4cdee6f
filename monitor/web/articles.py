"""`/articles/ID`: the text as it was read, whatever became of its page since; and why it concerned no other topic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Article
from monitor.store import articles, front_lists, retention
from monitor.topics.asked import Asked, all_asked, closest_first, decided, tree, with_nearest
from monitor.topics.tongues import ENGLISH, INDONESIAN
from monitor.topics.watchlist import Watchlist
from monitor.web.dress import Dress, Voice, link_to, voice_of
from monitor.web.stories import id_of, note_of
from monitor.web.tools import Tools

MOST: Final = 80_000  # signs of a text that are shown; the API gives it whole
CLOSEST: Final = 10  # topics of which the clauses are shown; of the others the names
CLAUSES: Final = 30  # lines of a topic's query


@dataclass(frozen=True, slots=True)
class _Missed:
    """A topic that did not match, and why, in the reader's words."""

    topic: str
    decided: str
    tree: tuple[str, ...]
    matches_now: bool  # it is newer than the article, or was changed since


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    article = await tools.database.run(front_lists.article, id_of(request))
    if article is None:
        raise HTTPException(404)
    settings = tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    text = article.text[:MOST] + ("…" if len(article.text) > MOST else "")
    whole = await tools.database.run(articles.get, article.id)
    is_deleted = whole.quality_reason == retention.DELETED
    asked = () if is_deleted else await to_thread.run_sync(_asked, tools.watchlist(), whole, article.topics)
    return dress.page(
        "article.html",
        voice,
        here="/stories",
        article=article,
        link=link_to(article.url),
        note=voice.say("text_deleted") if is_deleted else note_of(article.quality, voice),
        feed=next((feed.name for feed in settings.feeds if feed.url == article.feed), article.feed),
        paragraphs=text.split("\n\n"),
        missed=[_missed(each, voice) for each in asked[:CLOSEST]],
        further=[each.topic.name for each in asked[CLOSEST:]],
    )


def _asked(watchlist: Watchlist, article: Article, matched: Collection[str]) -> Sequence[Asked]:
    """The topics that it did not match, the closest first."""
    others = closest_first(all_asked(watchlist, article), matched)
    return (*with_nearest(watchlist, others[:CLOSEST]), *others[CLOSEST:])


def _missed(asked: Asked, voice: Voice) -> _Missed:
    tongue = INDONESIAN if voice.language == "id" else ENGLISH
    lines = tuple(tree(asked, tongue, most=CLAUSES))
    return _Missed(asked.topic.name, decided(asked, tongue), lines, asked.account.is_match)
