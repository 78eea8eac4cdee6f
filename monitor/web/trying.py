"""`/try`: a topic, or a query that may become one, on what the archive has; and where nothing is asked, which topics are of no use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Evidence
from monitor.settings import Settings
from monitor.topics.tongues import ENGLISH, INDONESIAN
from monitor.trial import Attempt, Attempted, Closely, Trial, TriedStory
from monitor.web.dress import Dress, Voice, link_to, voice_of, with_query
from monitor.web.flowing import Saying, flowing, on_the_way
from monitor.web.idle import idle
from monitor.web.pictures import Bar, bars
from monitor.web.stories import once
from monitor.web.tools import Tools
from monitor.web.topics import like_of

DAYS: Final = (7, 30, 90)
SHOWN: Final = 50  # stories
NEAR: Final = 10  # near misses
_LONGEST: Final = 2000  # signs of a query


@dataclass(frozen=True, slots=True)
class _Row:
    story: TriedStory
    link: str
    told: str
    evidence: Sequence[Evidence]
    like: str  # of a topic by example: which, and by which words


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody tries; `near`: with a second look at it."""

    attempt: Attempt
    near: bool

    def address(self, *, days: int) -> str:
        given = {"query": self.attempt.query, "topic": self.attempt.topic, "days": str(days), "near": "yes"}
        return with_query("/try", given)


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings = tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    asked, written = _asked(request, settings)
    head, tail = dress.halves(
        "try.html",
        voice,
        here="/topics",
        asked=asked.attempt,
        near=asked.near,
        written=written,
        topics=[topic.name for topic in settings.topics],
        choices=DAYS,
        longest=_LONGEST,
    )
    return flowing(_pieces(asked, tools, dress, voice), voice, head=head, tail=tail)


def _asked(request: Request, settings: Settings) -> tuple[_Asked, str]:
    """And the query as it stands in the form: that of a topic is there to be changed."""
    given = request.query_params
    query, name = given.get("query", "").strip()[:_LONGEST], given.get("topic", "")
    topic = next((topic for topic in settings.topics if topic.name == name), None)
    own = (topic.query or "").strip() if topic else ""
    attempt = Attempt("" if query == own else query, name if topic else "", _days(given.get("days", "")))
    return _Asked(attempt, near=bool(given.get("near"))), query or own


def _days(given: str) -> int:
    return next((days for days in DAYS if given == str(days)), 30)


async def _pieces(asked: _Asked, tools: Tools, dress: Dress, voice: Voice) -> AsyncIterator[str]:
    if not (asked.attempt.query or asked.attempt.topic):
        found = await tools.database.run(idle, tools.settings(), now=tools.clock())
        tongue = INDONESIAN if voice.language == "id" else ENGLISH
        yield dress.part("idle.html", voice, idle=found, overlaps=[each.said(tongue) for each in found.overlaps])
        return
    came: list[Attempted] = []

    def tried(found: Attempted) -> str:
        came.append(found)
        return _tried(found, asked, dress, voice)

    saying = Saying(voice.say("try_reading"), voice.say("try_judging"))
    async for piece in on_the_way(partial(tools.attempt, asked.attempt), tried, saying):
        yield piece
    if not asked.near or came[0].trial is None:
        return
    looked = partial(_looked, asked=asked, dress=dress, voice=voice)
    saying = Saying(voice.say("try_looking"), voice.say("try_weighing"))
    async for piece in on_the_way(partial(tools.closely, asked.attempt), looked, saying):
        yield piece


# -- what it finds -------------------------------------------------------------------------------


def _tried(came: Attempted, asked: _Asked, dress: Dress, voice: Voice) -> str:
    trial, difference = came.trial, came.difference
    return dress.part(
        "tried.html",
        voice,
        problem=came.problem,
        trial=trial,
        days=asked.attempt.days,
        picture=_picture(trial, voice) if trial else "",
        rows=_rows(trial.stories[:SHOWN], voice) if trial else (),
        is_cut=bool(trial and len(trial.stories) > SHOWN),
        shown=SHOWN,
        difference=difference,
        more=_rows(difference.more[:SHOWN], voice) if difference else (),
        fewer=_rows(difference.fewer[:SHOWN], voice) if difference else (),
        closer="" if asked.near else asked.address(days=asked.attempt.days),
    )


def _picture(trial: Trial, voice: Voice) -> str:
    shown = [Bar(day.articles, f"{day.day.isoformat()}: {day.articles}") for day in trial.days]
    return bars(voice.say("tried_per_day"), shown)


def _rows(stories: Sequence[TriedStory], voice: Voice) -> list[_Row]:
    return [
        _Row(story, link_to(story.url), _told(story, voice), once(story.evidence), like_of(story.evidence, voice))
        for story in stories
    ]


def _told(story: TriedStory, voice: Voice) -> str:
    if story.told_at is None:
        return voice.say("would_not_be_told")
    return voice.say("would_be_told", when=voice.clock(story.told_at))


# -- a second look -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Miss:
    title: str
    link: str
    outlet: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class _Offer:
    line: str
    yaml: str


def _looked(found: Closely, *, asked: _Asked, dress: Dress, voice: Voice) -> str:
    tongue = INDONESIAN if voice.language == "id" else ENGLISH
    misses = [
        _Miss(
            each.article.title,
            link_to(each.article.url),
            each.article.outlet,
            voice.time(each.article.first_seen_at),
            each.said(tongue),
        )
        for each in found.nearly.misses[:NEAR]
    ]
    longest = DAYS[-1]
    return dress.part(
        "nearly.html",
        voice,
        days=asked.attempt.days,
        misses=misses,
        offers=[_Offer(each.offer.said(tongue), each.yaml) for each in found.offered],
        useless=[word.said(tongue) for word in found.worths.words if word.state != "decides"],
        overlaps=[each.said(tongue) for each in found.overlaps],
        longest=longest,
        longer="" if asked.attempt.days == longest else asked.address(days=longest),
    )
