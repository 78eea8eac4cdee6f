"""`/silences`: what nobody wants to hear of for a while; asked for here, or on the page of a story or topic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.errors import QueryError
from monitor.settings import Settings
from monitor.store import silences
from monitor.store.silences import Silence
from monitor.topics.watchlist import Vocabulary, compile_query
from monitor.web.dress import Dress, voice_of
from monitor.web.forms import BadForm, read_fields
from monitor.web.stories import id_of, whole_number
from monitor.web.tools import Tools

TIMES: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "12h": timedelta(hours=12),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_LONGEST: Final = 300  # signs of words or a reason
_SAID: Final = {"yes": "silent_now", "ended": "heard_again", "no": "not_silent", "words": "words_unread"}


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, now = tools.settings(), tools.clock()
    voice = voice_of(request, zone=settings.timezone, now=now)
    said = request.query_params.get("said", "")
    return dress.page(
        "silences.html",
        voice,
        here="/silences",
        silences=await tools.database.run(silences.active, now=now),
        written=settings.silent(now=now),
        said=voice.say(_SAID[said]) if said in _SAID else "",
        is_well=said in {"yes", "ended"},
    )


async def add(request: Request, tools: Tools, _dress: Dress) -> Response:
    fields = await read_fields(request)
    if isinstance(fields, BadForm):
        raise HTTPException(fields.status)
    said = _silence(fields, tools)
    if said is None:
        return _back("no")
    if said.words is not None and not _can_be_read(said.words, tools.settings()):
        return _back("words")
    return _back("yes" if await tools.silence(said) else "no")


async def end(request: Request, tools: Tools, _dress: Dress) -> Response:
    return _back("ended" if await tools.end_silence(id_of(request)) else "no")


def _silence(fields: Mapping[str, str], tools: Tools) -> Silence | None:
    """None where it does not say what of, or for how long."""
    topic, story, words = (fields.get(name, "").strip() or None for name in ("topic", "story", "words"))
    time = TIMES.get(fields.get("for", ""))
    reason = " ".join(fields.get("reason", "").split())[:_LONGEST]
    if time is None or sum(each is not None for each in (topic, story, words)) != 1:
        return None
    if topic is not None and topic not in {each.name for each in tools.settings().topics}:
        return None
    story_id = whole_number(story) if story is not None else None
    if (story is not None and story_id is None) or len(words or "") > _LONGEST:
        return None
    return Silence(tools.clock() + time, topic, story_id, words, reason)


def _can_be_read(words: str, settings: Settings) -> bool:
    try:
        compile_query(words, Vocabulary.of(settings), settings.language)
    except QueryError:
        return False
    return True


def _back(said: str) -> Response:
    return RedirectResponse(f"/silences?said={said}", 303)
