"""`/`: is it working, what did it find today?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from monitor.settings import Settings
from monitor.store import channels, configuration, front, front_told, health, outbox, workers
from monitor.store.channels import ChannelHealth
from monitor.store.configuration import ConfigurationState
from monitor.store.database import Session
from monitor.store.front import StoryCard
from monitor.web import settings as running
from monitor.web.dress import Dress, Voice, voice_of
from monitor.web.pictures import Bar, bars
from monitor.web.tools import Tools

HOURS: Final = 48
NAMED: Final = 3
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _State:
    unwell: list[str]  # configured feeds by name
    channels: list[ChannelHealth]
    outbox: dict[str, int]
    sent: list[datetime]
    last_sent: datetime | None
    stories: tuple[StoryCard, ...]
    configuration: ConfigurationState | None
    idle_stages: tuple[str, ...]  # which no worker does


@dataclass(frozen=True, slots=True)
class _Note:
    """A problem, and where to look."""

    text: str
    url: str = ""
    kind: str = "warn"
    detail: str = ""


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings, now = tools.settings(), tools.clock()
    voice = voice_of(request, zone=settings.timezone, now=now)
    state = await tools.database.run(_state, settings, tools.file, now=now)
    problems = list(_problems(state, voice))
    hours = _hours(state.sent, voice, now=now)
    return dress.page(
        "home.html",
        voice,
        here="/",
        state=_sentence(state, settings, voice, is_on_time=tools.is_on_time(), is_well=not problems),
        problems=problems,
        picture=bars(voice.say("alerts_per_hour"), hours),
        first_hour=_first_hour(now),
        hours=[{"label": bar.label, "count": bar.count} for bar in hours if bar.count],
        stories=state.stories,
    )


def _state(session: Session, settings: Settings, file: str, *, now: datetime) -> _State:
    unwell = health.unwell(session)
    today = now.astimezone(settings.timezone).date()
    return _State(
        unwell=[feed.name for feed in settings.feeds if feed.url in unwell],
        channels=channels.health(session, [channel.name for channel in settings.channels], now=now),
        outbox=outbox.totals(session),
        sent=front_told.sent(session, since=_first_hour(now)),
        last_sent=front_told.last_sent(session),
        stories=front.stories(session, days=(today, today)).items,
        configuration=configuration.state(session, file),
        idle_stages=workers.idle_stages(workers.known(session), now=now),
    )


def _sentence(state: _State, settings: Settings, voice: Voice, *, is_on_time: bool, is_well: bool) -> dict[str, str]:
    if not is_on_time:
        return {"kind": "bad", "text": voice.say("stands_still")}
    fine = len(settings.feeds) - len(state.unwell)
    told = voice.say("last_alert", when=voice.when(state.last_sent)) if state.last_sent else voice.say("no_alert_yet")
    what = f"{voice.say('feeds_fine', fine=fine, n=len(settings.feeds))}, {told}"
    return {
        "kind": "good" if is_well else "warn",
        "text": voice.say("all_well" if is_well else "needs_look", what=what),
    }


def _problems(state: _State, voice: Voice) -> Iterator[_Note]:
    if trouble := running.trouble(state.configuration, voice):
        yield _Note(trouble["text"], "/settings", "bad", trouble["detail"])
    if idle := state.idle_stages:
        yield _Note(voice.say("no_worker", stages=", ".join(idle)), "/settings", "bad")
    broken = [each.name for each in state.channels if each.state != "ok"]
    if broken:
        yield _Note(voice.say("broken_channels", n=len(broken), names=_some(broken, voice)), "/deliveries", "bad")
    if dead := state.outbox.get("dead", 0):
        yield _Note(voice.say("dead_letters", n=dead), "/deliveries?state=dead", "bad")
    if maybe := state.outbox.get("maybe", 0):
        yield _Note(voice.say("maybe_letters", n=maybe), "/deliveries?state=maybe")
    if unwell := state.unwell:
        yield _Note(voice.say("feeds_unwell", n=len(unwell), names=_some(unwell, voice)), "/feeds")


def _some(names: list[str], voice: Voice) -> str:
    more = f" {voice.say('and_more', n=len(names) - NAMED)}" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _first_hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * HOUR


def _hours(sent: list[datetime], voice: Voice, *, now: datetime) -> list[Bar]:
    counted = Counter(at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for at in sent)
    hours = [_first_hour(now) + number * HOUR for number in range(HOURS)]
    return [Bar(counted[hour], f"{voice.clock(hour)}: {counted[hour]}") for hour in hours]
