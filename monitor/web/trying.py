"""`/try`: a topic, or a query that may become one, on what the archive has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Evidence
from monitor.trial import Attempt, Attempted, Trial, TriedStory
from monitor.web.dress import Dress, Voice, link_to, voice_of
from monitor.web.pictures import Bar, bars
from monitor.web.stories import once
from monitor.web.tools import Tools

DAYS: Final = (7, 30, 90)
SHOWN: Final = 50  # stories
_LONGEST: Final = 2000  # signs of a query


@dataclass(frozen=True, slots=True)
class _Row:
    story: TriedStory
    link: str
    told: str
    evidence: Sequence[Evidence]


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, given = tools.settings(), request.query_params
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    asked = Attempt(given.get("query", "").strip()[:_LONGEST], given.get("topic", ""), _days(given.get("days", "")))
    names = [topic.name for topic in settings.topics]
    is_asked = bool(asked.query) or asked.topic in names
    came = await tools.attempt(asked) if is_asked else Attempted()
    trial = came.trial
    return dress.page(
        "try.html",
        voice,
        here="/topics",
        asked=asked,
        topics=names,
        choices=DAYS,
        problem=came.problem,
        trial=trial,
        picture=_picture(trial, voice) if trial else "",
        rows=_rows(trial.stories[:SHOWN], voice) if trial else (),
        is_cut=bool(trial and len(trial.stories) > SHOWN),
        shown=SHOWN,
        difference=came.difference,
        more=_rows(came.difference.more[:SHOWN], voice) if came.difference else (),
        fewer=_rows(came.difference.fewer[:SHOWN], voice) if came.difference else (),
    )


def _days(given: str) -> int:
    return next((days for days in DAYS if given == str(days)), 30)


def _picture(trial: Trial, voice: Voice) -> str:
    shown = [Bar(day.articles, f"{day.day.isoformat()}: {day.articles}") for day in trial.days]
    return bars(voice.say("tried_per_day"), shown)


def _rows(stories: Sequence[TriedStory], voice: Voice) -> list[_Row]:
    return [_Row(story, link_to(story.url), _told(story, voice), once(story.evidence)) for story in stories]


def _told(story: TriedStory, voice: Voice) -> str:
    if story.told_at is None:
        return voice.say("would_not_be_told")
    return voice.say("would_be_told", when=voice.clock(story.told_at))
