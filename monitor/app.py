"""Builds the house from the settings: reads and verifies the configuration, wires the rooms, starts and stops them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final, TextIO

import structlog
from sqlalchemy.orm import Session

from monitor.alerts.message import compose
from monitor.config import Loaded, load
from monitor.errors import Problem
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.metrics import Metrics
from monitor.model import Claim, FeedState, Kind, Notification, Outcome
from monitor.notify.channel import open_channel, problem_with
from monitor.settings import Channel, Settings
from monitor.store import articles, entries, feeds, history, leases, outbox
from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY, FEED
from monitor.topics.aliases import TopicError
from monitor.topics.watchlist import Watchlist, compile_all, failed_examples
from monitor.web.server import listen, pages, server
from monitor.work.archive import Archive
from monitor.work.cpu import PARSING, Cpu, Limits
from monitor.work.deliver import Deliver
from monitor.work.engine import LocalEngine, Stage, TakeRows, each
from monitor.work.heartbeat import Heartbeat
from monitor.work.ingest import Ingest
from monitor.work.judge import Judge
from monitor.work.poll import Poll
from monitor.work.release import Release
from monitor.work.schedule import schedule

log = structlog.get_logger()

POLLS: Final = 16  # feeds in hand at a time
INGESTS: Final = 8  # entries
HELD: Final = 200  # alerts judged again together
FILES: Final = 50  # articles written to the archive in one go
GRACE: Final = timedelta(seconds=7)  # `docker stop` kills after ten


def utc_now() -> datetime:
    return datetime.now(UTC)


# -- the configuration ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings that were verified as a whole, with what is worth a warning."""

    settings: Settings
    watchlist: Watchlist
    warnings: tuple[Problem, ...] = ()


def configuration(path: Path, *, environ: Mapping[str, str] = os.environ) -> Configuration:
    """Read it and ask the rooms whether they can work with it; every problem at once, each at its place."""
    loaded = load(path, environ=environ, verify=problems_of)
    settings = loaded.settings
    return Configuration(settings, Watchlist.compile(settings.topics, settings.aliases), loaded.warnings)


def problems_of(loaded: Loaded) -> list[Problem]:
    """Queries that can't be read, channels that can't be used, examples that a topic does not keep."""
    settings = loaded.settings
    watchlist, errors = compile_all(settings.topics, settings.aliases)
    problems = [_query_problem(loaded, place, error) for place, error in errors]
    problems += [
        loaded.problem(("channels", channel.name, "url"), what)
        for channel in settings.channels
        if (what := problem_with(channel.url.get_secret_value()))
    ]
    return [*problems, *_example_problems(loaded, watchlist, unread={place for place, _ in errors})]


def _query_problem(loaded: Loaded, topic: int | None, error: TopicError) -> Problem:
    path = error.path if topic is None else ("topics", topic, *error.path)
    return loaded.problem(path, error.what, error.hint, offset=error.column - 1)


def _example_problems(loaded: Loaded, watchlist: Watchlist, *, unread: set[int | None]) -> list[Problem]:
    return [
        loaded.problem(("topics", place, "examples", failed.kind, failed.place), failed.what)
        for place, topic in enumerate(loaded.settings.topics)
        if place not in unread
        for failed in failed_examples(topic, watchlist)
    ]


# -- the house -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """What every stage stands on."""

    configuration: Configuration
    database: Database
    console: TextIO
    clock: Callable[[], datetime] = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    random: Random = field(default_factory=Random)  # spreads polls and retries; nothing secret
    parsing: Limits = PARSING  # of each call in a worker process
    # `once`: feeds that were due then are asked once, nobody waits for company
    round_started_at: datetime | None = None

    @property
    def settings(self) -> Settings:
        return self.configuration.settings


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is alive while the program works."""

    ground: Ground
    engine: LocalEngine
    deliveries: tuple[str, ...]  # the names of the stages that deliver, one a channel


@asynccontextmanager
async def open_house(ground: Ground) -> AsyncIterator[House]:
    """Wire the rooms. The database is prepared, and nobody else works on it."""
    settings = ground.settings
    channels = {channel.name: open_channel(channel, console=ground.console) for channel in settings.channels}
    deliver = Deliver(ground.database, ground.metrics, channels, settings.timezone, ground.random, ground.clock)
    now = ground.round_started_at or ground.clock()
    await ground.database.exclusive(_take_over, settings, now=now)
    delivering = _delivering(deliver)
    try:
        async with Client() as client:
            stages = [*_reading(ground, client), *_telling(ground, tuple(delivering)), *delivering.values()]
            engine = LocalEngine(ground.database, stages, clock=ground.clock)
            yield House(ground, engine, tuple(delivering))
    finally:
        deliver.close()


def _take_over(session: Session, settings: Settings, *, now: datetime) -> None:
    """What the last run held is free again; the configuration of today counts."""
    leases.clear_all(session)
    feeds.configure(session, settings.feeds, now=now)
    outbox.bury_removed(session, [channel.name for channel in settings.channels])


def _reading(ground: Ground, client: Client) -> list[Stage]:
    by_url = {feed.url: feed for feed in ground.settings.feeds}
    hosts, cpu = Hosts(), Cpu(os.cpu_count() or 1, ground.parsing)
    poll = Poll(ground.database, client, hosts, cpu, ground.metrics, by_url, ground.random, ground.clock)
    ingest = Ingest(
        database=ground.database,
        client=client,
        hosts=hosts,
        cpu=cpu,
        metrics=ground.metrics,
        feeds=by_url,
        watchlist=ground.configuration.watchlist,
        judge=Judge(ground.settings),
        clock=ground.clock,
    )
    take = _take_of_the_round(ground.round_started_at) if ground.round_started_at else feeds.claim
    return [
        Stage("poll", FEED, feeds.LEASE, take, each(poll.poll), slots=POLLS, wakes=("ingest",)),
        Stage("ingest", ENTRY, entries.LEASE, entries.claim, each(ingest.ingest), slots=INGESTS, wakes=("archive",)),
    ]


def _take_of_the_round(started_at: datetime) -> TakeRows:
    """A feed that is due again before the round is over is a matter of the next one."""

    def take(session: Session, *, now: datetime, limit: int) -> list[Claim[FeedState]]:
        return feeds.claim(session, now=min(now, started_at), limit=limit)

    return take


def _telling(ground: Ground, deliveries: tuple[str, ...]) -> list[Stage]:
    is_round = ground.round_started_at is not None
    release = Release(ground.database, ground.metrics, Judge(ground.settings), ground.clock, settled=is_round)
    archive = Archive(ground.database, Path(ground.settings.storage.archive), ground.clock)
    return [
        Stage("release", ALERT, history.LEASE, history.claim_held, release.release, batch=HELD, wakes=deliveries),
        Stage("archive", ARTICLE, articles.LEASE, articles.claim_unfiled, archive.archive, batch=FILES),
    ]


def _delivering(deliver: Deliver) -> dict[str, Stage]:
    return {
        f"deliver {name}": Stage(
            f"deliver {name}", DELIVERY, outbox.LEASE, partial(outbox.claim, channel=name), each(deliver.deliver)
        )
        for name in deliver.channels
    }


# -- running -------------------------------------------------------------------------------------


async def once(ground: Ground, *, all_feeds: bool) -> Summary:
    """One round: poll what is due, read and judge until nothing is due, tell."""
    started_at = ground.clock()
    ground = replace(ground, round_started_at=started_at)
    async with open_house(ground) as house:
        if all_feeds:
            await ground.database.exclusive(feeds.make_all_due, now=started_at)
        await house.engine.drain("poll", "ingest")
        await ground.database.exclusive(history.settle, since=started_at, now=ground.clock())
        await house.engine.drain("release")
        await house.engine.drain("archive", *house.deliveries)
        return await ground.database.run(_summary, ground, started_at=started_at)


def _summary(session: Session, ground: Ground, *, started_at: datetime) -> Summary:
    total = ground.metrics.total
    decided = history.decided_since(session, started_at)
    return Summary(
        feeds={
            "polled": total("polls"),
            "changed": total("polls", result="changed"),
            "unchanged": total("polls", result="unchanged"),
            "failed": total("polls", result="failed"),
        },
        entries=total("entries"),
        articles=total("articles"),
        copies=total("copies"),
        matches=total("matches"),
        stories={"opened": total("stories", how="opened"), "joined": total("stories", how="joined")},
        alerts={"sent": decided.get("send", 0), "held": decided.get("hold", 0), "dropped": decided.get("drop", 0)},
        deliveries={
            "sent": total("deliveries", result="sent"),
            "waiting": outbox.totals(session)["waiting"],
            "dead": total("deliveries", result="dead"),
        },
        seconds=round((ground.clock() - started_at).total_seconds(), 3),
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a round did, field for field as `once --json` prints it."""

    feeds: dict[str, int]
    entries: int
    articles: int
    copies: int
    matches: int
    stories: dict[str, int]
    alerts: dict[str, int]
    deliveries: dict[str, int]
    seconds: float


async def run(ground: Ground, stop: asyncio.Event) -> None:
    """The daemon, until `stop` is set; then what runs is finished or given back."""
    web = ground.settings.web
    socket = listen(web.host, web.port)
    heartbeat = heartbeat_of(ground.settings, ground.database)
    async with open_house(ground) as house:

        async def tick() -> None:
            await house.engine.tick()
            now = ground.clock()
            ground.metrics.last_tick.set(now.timestamp())
            ground.metrics.outbox.set(await ground.database.run(outbox.waiting))
            heartbeat.beat(now=now)

        def is_on_time() -> bool:
            return heartbeat.is_on_time(now=ground.clock())

        page = server(pages(is_on_time=is_on_time, exposition=ground.metrics.exposition))
        serving = asyncio.create_task(page.serve([socket]))
        scheduler = schedule(tick)
        scheduler.start()
        log.info("watching", feeds=len(ground.settings.feeds), topics=len(ground.settings.topics))
        await stop.wait()
        log.info("stopping")
        # Last: it would cut off a tick that is taking rows.
        await house.engine.stop(grace=GRACE)
        scheduler.shutdown(wait=False)
        heartbeat.end()
        page.should_exit = True
        await serving


def heartbeat_of(settings: Settings, database: Database) -> Heartbeat:
    if database.path is not None:
        return Heartbeat(database.path.with_name(database.path.name + ".heartbeat"))
    return Heartbeat(Path(settings.storage.archive).parent / "monitor.heartbeat")


def is_alive(settings: Settings) -> bool:
    """Has a daemon on this database looked for work within the last half minute?"""
    database = Database(settings.storage.url.get_secret_value())
    database.close()
    return heartbeat_of(settings, database).is_on_time(now=utc_now())


def send_test(channel: Channel, settings: Settings, *, console: TextIO, uid: str) -> Outcome:
    """One message past the outbox, because somebody watches for it."""
    opened = open_channel(channel, console=console)
    notice = Notification(channel.name, Kind.TEST, text="This is a test message of monitor: the channel works.")
    message = compose(notice, markup=opened.markup, zone=settings.timezone, now=utc_now())
    try:
        return opened.send(message, uid=uid)
    finally:
        opened.close()
