"""`/stories` and `/stories/ID`: what concerned somebody, why, and what was told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.model import Evidence, Quality
from monitor.store import front
from monitor.store.days import BEYOND
from monitor.store.front import Report, WholeStory
from monitor.web.dress import Dress, Voice, link_to, voice_of, with_query
from monitor.web.pictures import Moment, timeline
from monitor.web.tools import Tools

_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class _Shown:
    """An article, as its story shows it."""

    report: Report
    link: str
    note: str
    copies: tuple[_Shown, ...] = ()

    def __getattr__(self, name: str) -> object:
        return getattr(self.report, name)


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings = tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    topic, day = request.query_params.get("topic") or None, day_of(request.query_params.get("day"))
    sheet = await tools.database.run(
        front.stories, topic=topic, days=(day, day) if day else None, after=number_of(request, "after")
    )
    asked = {"topic": topic, "day": day.isoformat() if day else None}
    return dress.page(
        "stories.html",
        voice,
        here="/stories",
        stories=sheet.items,
        topics=[each.name for each in settings.topics],
        topic=topic or "",
        day=asked["day"] or "",
        csv=with_query("/api/v1/stories", {"format": "csv"} | asked),
        further=with_query("/stories", asked | {"after": str(sheet.after)}) if sheet.after else "",
    )


async def one(request: Request, tools: Tools, dress: Dress) -> Response:
    story = await tools.database.run(front.story, id_of(request))
    if story is None:
        raise HTTPException(404)
    voice = voice_of(request, zone=tools.settings().timezone, now=tools.clock())
    times = [each.first_seen_at for each in story.reports] + [each.at for each in story.card.told]
    return dress.page(
        "story.html",
        voice,
        here="/stories",
        story=story.card,
        picture=_picture(story, voice),
        first=min(times),
        last=max(times),
        told=[replace(each, kind=each.kind.replace(" ", "_").replace("-", "_")) for each in story.card.told],
        matches=[replace(each, evidence=once(each.evidence)) for each in story.reasons],
        articles=_folded(story.reports, voice),
    )


def _picture(story: WholeStory, voice: Voice) -> Markup:
    if len(story.reports) + len(story.card.told) < 2:  # noqa: PLR2004  one point is no course
        return Markup()
    moments = [
        Moment(
            each.first_seen_at,
            voice.say("reported_at", outlet=each.outlet, when=voice.clock(each.first_seen_at)),
            "copy" if each.copy_of else "report" if number else "first",
        )
        for number, each in enumerate(story.reports)
    ]
    moments += [
        Moment(each.at, voice.say("told_at", channel=each.channel, when=voice.clock(each.at)), "told")
        for each in story.card.told
    ]
    return timeline(voice.say("over_time"), moments)


def _folded(reports: Sequence[Report], voice: Voice) -> list[_Shown]:
    """Copies stand below what they copy, where that is shown."""
    shown = {each.id: _Shown(each, link_to(each.url), note_of(each.quality, voice)) for each in reports}
    for each in reports:
        if each.copy_of in shown:
            original = shown[each.copy_of]
            shown[each.copy_of] = replace(original, copies=(*original.copies, shown.pop(each.id)))
    return list(shown.values())


def note_of(quality: str, voice: Voice) -> str:
    return "" if quality == Quality.FULL else voice.say(f"q_{quality}")


def once(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Each passage once: several clauses may have been found in it."""
    return tuple({each.snippet: each for each in evidence}.values())


def day_of(text: str | None) -> date | None:
    """Rubbish is as good as nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def number_of(request: Request, name: str) -> int | None:
    return whole_number(request.query_params.get(name, ""))


def id_of(request: Request) -> int:
    """That the address names."""
    found = whole_number(request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return found


def whole_number(text: str) -> int | None:
    """None where it is none, or larger than any that there is."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if is_number and int(text) <= BEYOND else None
