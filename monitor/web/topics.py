"""`/topics` and `/topics/NAME`: how much each matched, and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Evidence
from monitor.settings import Settings, Topic
from monitor.store import configuration, front_topics, search
from monitor.store.database import Session
from monitor.store.front_topics import Hit
from monitor.topics.aliases import compile_aliases
from monitor.topics.alike import shared_terms
from monitor.topics.lexemes import is_wild
from monitor.topics.sugar import aliases_of
from monitor.web.dress import Dress, Voice, topic_url, voice_of, with_query
from monitor.web.pictures import Bar, bars, spark
from monitor.web.stories import number_of, once
from monitor.web.tools import Tools

DAYS: Final = 30
ALIASES: Final = 100  # of a topic, that are looked for
MOST: Final = 100  # topics of a page
SAMPLES: Final = 20  # articles that others are to be like


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    matches: int
    last_at: datetime | None
    picture: Markup
    trouble: str


@dataclass(frozen=True, slots=True)
class _Found:
    per_day: Mapping[str, list[int]]
    last: Mapping[str, datetime]
    refused: tuple[str, ...]


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, now = tools.settings(), tools.clock()
    voice = voice_of(request, zone=settings.timezone, now=now)
    today = now.astimezone(settings.timezone).date()
    start = number_of(request, "after") or 0
    part = settings.topics[start : start + MOST]
    found = await tools.database.run(_found, part, tools.file, days=days_to(today))
    rows = [_row(topic, found, voice) for topic in part]
    further = with_query("/topics", {"after": str(start + MOST)}) if start + MOST < len(settings.topics) else ""
    return dress.page("topics.html", voice, here="/topics", topics=rows, further=further)


def _found(session: Session, topics: Sequence[Topic], file: str, *, days: Sequence[date]) -> _Found:
    state = configuration.state(session, file)
    return _Found(
        front_topics.matches_per_day(session, [topic.name for topic in topics], days=days),
        front_topics.last_matches(session, [topic.name for topic in topics]),
        state.refused_topics if state else (),
    )


def _row(topic: Topic, found: _Found, voice: Voice) -> _Row:
    per_day = found.per_day[topic.name]
    trouble = voice.say("topic_refused") if topic.name in found.refused else ""
    picture = spark(voice.say("matches_per_day"), per_day)
    return _Row(topic.name, sum(per_day), found.last.get(topic.name), picture, trouble)


def days_to(today: date) -> list[date]:
    """The last ones, today being the last of them."""
    return [today - timedelta(days=number) for number in reversed(range(DAYS))]


async def one(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, now = tools.settings(), tools.clock()
    topic = _named(settings, request.path_params["name"])
    voice = voice_of(request, zone=settings.timezone, now=now)
    today = now.astimezone(settings.timezone).date()
    days = days_to(today)
    per_day = await tools.database.run(front_topics.matches_per_day, [topic.name], days=days)
    sheet = await tools.database.run(front_topics.hits, topic.name, after=number_of(request, "after"))
    state = await tools.database.run(configuration.state, tools.file)
    unused = await tools.database.run(_unused, settings, topic, days=days)
    counts = per_day[topic.name]
    shown = [Bar(count, f"{day.isoformat()}: {count}") for day, count in zip(days, counts, strict=True)]
    address = topic_url(topic.name)
    return dress.page(
        "topic.html",
        voice,
        here="/topics",
        topic=topic,
        written=_written(topic),
        trouble=voice.say("topic_refused") if state and topic.name in state.refused_topics else "",
        channels=topic.channels,
        unused=unused,
        is_urgent=topic.policy.urgent,
        picture=bars(voice.say("matches_per_day"), shown),
        first_day=days[0].isoformat(),
        days=[{"label": bar.label.partition(":")[0], "count": bar.count} for bar in shown if bar.count],
        samples=[sample.name for sample in topic.like[:SAMPLES]],
        further_samples=max(0, len(topic.like) - SAMPLES),
        matches=[_match(each, topic, voice) for each in sheet.items],
        csv=with_query("/api/v1/articles", {"format": "csv", "topic": topic.name}),
        further=with_query(address, {"after": str(sheet.after)}) if sheet.after else "",
    )


@dataclass(frozen=True, slots=True)
class _Unused:
    names: list[str]
    since: date


def _unused(session: Session, settings: Settings, topic: Topic, *, days: Sequence[date]) -> _Unused:
    """Its aliases, as the user wrote them, that nothing has been found by: in these days, or since there are articles."""
    own, _ = compile_aliases(settings.aliases)
    names = [name for name in aliases_of(topic, own) if not is_wild(name)][:ALIASES]
    since = max(days[0], front_topics.first_day(session) or days[-1])
    return _Unused(search.unfound(session, names, since=since), since)


@dataclass(frozen=True, slots=True)
class _Match:
    hit: Hit
    evidence: Sequence[Evidence]
    like: str  # which example, and by which words


def _match(hit: Hit, topic: Topic, voice: Voice) -> _Match:
    return _Match(hit, once(hit.evidence)[:2], like_of(hit.evidence, voice) if topic.like else "")


def like_of(evidence: Sequence[Evidence], voice: Voice) -> str:
    """Of a topic by example: which, and by which words; else nothing."""
    shared = shared_terms(evidence)
    return voice.say("like_what", name=shared[0], words=shared[1]) if shared else ""


def _written(topic: Topic) -> str:
    """What it looks for, as the user wrote it, if that is a query."""
    return topic.query or ""


def _named(settings: Settings, name: str) -> Topic:
    known = {topic.name: topic for topic in settings.topics}
    found = known.get(name) or known.get(name.removesuffix("/"))
    if found is None:
        raise HTTPException(404)
    return found
