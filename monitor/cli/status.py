"""`status`: feeds and their health, stories today, the outbox, the channels."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.app import utc_now
from monitor.app.configuration import file_of
from monitor.cli.common import STANDARD, Config, Json, clock, counted, database_to_look_at, named, read, say, say_json
from monitor.cli.feed_lines import in_a_row, lines_of
from monitor.config import storage_of
from monitor.errors import ConfigError
from monitor.settings import Settings, Storage
from monitor.store import articles, channels, configuration, entries, explain, health, outbox, stories, workers
from monitor.store.channels import ChannelHealth
from monitor.store.configuration import ConfigurationState
from monitor.store.database import Session
from monitor.store.explain import Sized
from monitor.store.health import FeedHealth
from monitor.store.workers import Worker
from monitor.work.heartbeat import Heartbeat

SAID = {"maybe": "maybe delivered"}
ODD: Final = {"paused": "left alone", "silent": "silent"}
LARGEST = 10  # stories told of
SHOWN = 5  # of these in words
NAMED = 6  # outlets of a story in words


@dataclass(frozen=True, slots=True)
class State:
    """All that `status` shows."""

    feeds: list[FeedHealth]
    entries: dict[str, int]
    outbox: dict[str, int]
    channels: list[ChannelHealth]
    stories_today: int
    stories: list[Sized]  # the largest of them
    articles: int
    configuration: ConfigurationState | None
    workers: list[Worker]


def status(config: Config = STANDARD, json: Json = False) -> None:
    """Feeds and their health, stories today, what waits to be told."""
    settings = _settings(config)
    database = database_to_look_at(settings)
    now = utc_now()
    state = database.read(_state, settings, file=file_of(config), now=now)
    database.close()
    is_running = _is_alive(settings)
    if json:
        say_json({"running": is_running, **_as_json(state), "maybe_delivered": state.outbox["maybe"]})
    else:
        say(_in_words(state, settings.timezone, is_running=is_running, now=now))


def _settings(config: Path) -> Settings:
    """While an edit can't be used, the daemon goes on with what was in force before, and can be looked at."""
    try:
        return read(config).settings
    except ConfigError:
        storage = storage_of(config, environ=os.environ)
        settings = Settings(channels=(), feeds=(), topics=(), storage=storage or Storage())
        if storage is None or not _is_alive(settings):
            raise
        return settings


def _is_alive(settings: Settings) -> bool:
    return Heartbeat(settings.storage.heartbeat).is_on_time(now=utc_now())


def _state(session: Session, settings: Settings, *, file: str, now: datetime) -> State:
    midnight = now.astimezone(settings.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    names = [channel.name for channel in settings.channels] or channels.known(session)
    return State(
        feeds=_with_new(health.feeds(session, now=now), settings),
        entries=entries.totals(session),
        outbox=outbox.totals(session),
        channels=channels.health(session, names, now=now),
        stories_today=stories.stories_since(session, midnight),
        stories=explain.largest(session, since=midnight, limit=LARGEST),
        articles=articles.count(session),
        configuration=configuration.state(session, file),
        workers=workers.known(session),
    )


def _with_new(known: list[FeedHealth], settings: Settings) -> list[FeedHealth]:
    """As the configuration lists them, if it can be read; those the daemon has not met yet were never polled."""
    by_url = {feed.url: feed for feed in known}
    listed = [by_url.get(feed.url, FeedHealth(feed.url, feed.name)) for feed in settings.feeds]
    return listed or known


def _as_json(value: Any) -> Any:
    match value:
        case State():
            shown = {name: getattr(value, name) for name in State.__dataclass_fields__}
            known = {name: count for name, count in value.outbox.items() if name != "maybe"}
            sized = [asdict(each.story) | {"articles": each.articles} for each in value.stories]
            return _as_json(shown | {"outbox": known, "stories": sized})
        case FeedHealth() | ChannelHealth() | ConfigurationState() | Worker():
            return _as_json(asdict(value))
        case dict():
            return {str(name): _as_json(item) for name, item in value.items()}
        case list() | tuple():
            return [_as_json(item) for item in value]
        case datetime():
            return value.isoformat()
        case _:
            return value


# -- in words ------------------------------------------------------------------------------------


def _in_words(state: State, zone: ZoneInfo, *, is_running: bool, now: datetime) -> str:
    lines = [
        f"monitor is {'running' if is_running else 'not running'}",
        *_edit(state.configuration, zone, is_running=is_running),
        ", ".join(
            (
                counted(len(state.feeds), "feed"),
                *_states(state.feeds),
                counted(state.articles, "article"),
                f"{counted(state.stories_today, 'story', 'stories')} today",
            )
        ),
        f"entries: {state.entries['waiting']} waiting, {state.entries['poisoned']} set aside",
        f"outbox: {', '.join(f'{count} {SAID.get(name, name)}' for name, count in state.outbox.items())}",
        *_stories(state.stories, zone),
        "",
        "feeds",
        *lines_of(state.feeds, zone, now=now),
        "",
        "channels",
        *(f"  {_channel(channel, zone)}" for channel in state.channels),
        *_workers(state.workers, zone, now=now),
    ]
    return "\n".join(lines)


def _workers(known: list[Worker], zone: ZoneInfo, *, now: datetime) -> Iterator[str]:
    """Only where many machines work together."""
    if not known:
        return
    yield from ("", "workers", *(f"  {_worker(worker, zone, now=now)}" for worker in known))
    for stage in workers.idle_stages(known, now=now):
        yield f"  nobody does this: {stage}; start a worker: monitor worker"


def _worker(worker: Worker, zone: ZoneInfo, *, now: datetime) -> str:
    does = f"{', '.join(worker.stages)}, {worker.concurrency} at a time" if worker.stages else "hands on what is due"
    if not worker.is_alive(now=now):
        return f"{worker.name}: not heard of since {clock(worker.beat_at, zone)}"
    return f"{worker.name}: {does}, since {clock(worker.started_at, zone)}, version {worker.version}"


def _edit(state: ConfigurationState | None, zone: ZoneInfo, *, is_running: bool) -> list[str]:
    """A daemon that works with another configuration than the one in the file says so."""
    if state is None or state.refused_at is None or not is_running:
        return []
    edited, since = clock(state.refused_at, zone), clock(state.in_force_since, zone)
    head = f"the configuration was edited at {edited} and can't be used; that of {since} stays in force"
    if topics := state.refused_topics:
        head = f"the configuration was edited at {edited}; it is in force, but for {counted(len(topics), 'topic')} that can't be used"
    return [head, *(f"  {line}" for line in state.refused_for)]


def _stories(largest: list[Sized], zone: ZoneInfo) -> list[str]:
    lines = [f"  {_story(sized, zone)}" for sized in largest[:SHOWN]]
    return ["", "largest stories today", *lines] if lines else []


def _story(sized: Sized, zone: ZoneInfo) -> str:
    story = sized.story
    carried = f"; also carried by {named(story.carried_by, most=NAMED)}" if story.carried_by else ""
    count, since = counted(sized.articles, "article"), f"since {clock(story.opened_at, zone)}"
    return f"{story.title}: {named(story.outlets, most=NAMED)}{carried}; {count} {since} (story {story.id})"


def _states(feeds: list[FeedHealth]) -> Iterator[str]:
    count = Counter[str](feed.state for feed in feeds)
    yield f"{count['failing']} failing"
    yield from (f"{count[state]} {said}" for state, said in ODD.items() if count[state])


def _channel(channel: ChannelHealth, zone: ZoneInfo) -> str:
    last = f"last sent {clock(channel.last_success_at, zone)}" if channel.last_success_at else "nothing sent yet"
    state = "" if channel.state == "ok" else f"{channel.state}, "
    pause = f"rests until {clock(channel.paused_until, zone)}, " if channel.paused_until else ""
    maybe = f", {channel.maybe} {SAID['maybe']}" if channel.maybe else ""
    error = f"; {channel.last_error}{in_a_row(channel.failures)}" if channel.last_error else ""
    return f"{channel.name}: {state}{pause}{last}, {channel.waiting} waiting, {channel.dead} dead{maybe}{error}"
