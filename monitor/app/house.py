"""The house: the rooms wired together, as long as it is open."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from socket import gethostname
from typing import Any, Final, TextIO

import structlog

from monitor.alerts.message import compose
from monitor.app import utc_now
from monitor.app.configuration import Configuration
from monitor.app.in_force import InForce
from monitor.app.stages import Company, Crew, carried, delivering, offered, stages
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.fetch.robots import Robots
from monitor.metrics import Metrics
from monitor.model import Claim, Kind, Notification, Outcome
from monitor.notify.channel import open_channel
from monitor.settings import Channel, Settings
from monitor.store import articles, channels, feeds, frequencies, leases, outbox, signing, workers
from monitor.store import configuration as configuration_state
from monitor.store.database import Database, Session
from monitor.store.workers import Pace
from monitor.stories.frequencies import Frequencies
from monitor.work.archive import Archive
from monitor.work.archived import as_archived
from monitor.work.count import Count
from monitor.work.cpu import PARSING, Caller, Cpu, Limits
from monitor.work.deliver import Deliver, Patience
from monitor.work.engine import LocalEngine, Stage
from monitor.work.ingest import Ingest
from monitor.work.judge import Judge
from monitor.work.like import NOT_ARCHIVED, Like
from monitor.work.live import Live, Plan
from monitor.work.ping import Ping
from monitor.work.poll import Poll, Tools
from monitor.work.reader import Reader
from monitor.work.recall import Recall
from monitor.work.release import Release
from monitor.work.report import Report
from monitor.work.spacing import Spacing
from monitor.work.tend import Tend
from monitor.work.tidy import Tidy
from monitor.work.watch import Watch

log = structlog.get_logger()

WORKERS: Final = 4  # processes that parse; each takes up to 100 MB


@dataclass(frozen=True, slots=True)
class Ground:
    """What every stage stands on."""

    configuration: Configuration
    database: Database
    console: TextIO
    clock: Callable[[], datetime] = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    random: Random = field(default_factory=Random)  # spreads polls and retries; nothing secret
    cpu: Caller | None = None  # who parses; None: worker processes
    parsing: Limits = PARSING  # of each call in one of these
    patience: Patience = Patience()  # with a send
    # `once`: feeds that were due then are asked once, nobody waits for company
    round_started_at: datetime | None = None
    company: Company | None = None  # None: nobody else works on this database
    pace: Pace = Pace()  # of the company

    @property
    def settings(self) -> Settings:
        return self.configuration.settings


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is alive while the program works."""

    ground: Ground
    live: Live
    crew: Crew
    engine: LocalEngine

    @property
    def deliveries(self) -> tuple[str, ...]:
        """The names of the stages that deliver, one a channel."""
        return tuple(map(delivering, self.live.plan.channels))

    async def adopt(self, configuration: Configuration) -> None:
        """From now on this configuration counts, as a whole; StoreError, and nothing changed, where it can't be.

        What is in hand is finished: a poll as it was asked, an article judged by the new plan, a message as it was sent.
        """
        before = self.live.plan
        like = await _like_of(configuration, self.ground.database, self.live.frequencies)
        plan = plan_of(configuration, console=self.ground.console, like=like, before=before)
        adopting: Callable[[Session], None] = partial(
            _adopt, before=before, plan=plan, configuration=configuration, now=self.ground.clock()
        )
        if self.is_worker:
            adopting = _leave_as_it_is
        await self.ground.database.exclusive_then(adopting, partial(self.live.follow, plan))
        if like.addresses:  # an article may have come since
            like.learn(await self.ground.database.run(articles.by_key, like.addresses))
        self.engine.replace(_stages(self.ground, self.crew, plan))
        for name, channel in before.channels.items():
            if plan.channels.get(name) is not channel:
                channel.close()

    @property
    def is_worker(self) -> bool:
        """Rows of the configuration, and what is told of its mistakes, are left to those that hand on."""
        return self.ground.company is not None and self.ground.company.kind == "worker"

    def carried(self, kind: str, claim: Claim[Any]) -> Stage | None:
        """What is to be done with a row that was handed to us."""
        return carried(self.crew, self.live.plan, kind, claim)

    async def look_again(self) -> None:
        """At what others counted, and at articles by which a topic compares that came through others."""
        await self.crew.count.count()
        like = self.live.plan.like
        if like.addresses:
            like.learn(await self.ground.database.run(articles.by_key, like.addresses))

    async def bury_removed(self) -> None:
        """What an article that was in hand during a reload had to say to a channel that left."""
        await self.ground.database.exclusive(
            outbox.bury_removed, list(self.live.plan.channels), now=self.ground.clock()
        )


@asynccontextmanager
async def open_house(ground: Ground) -> AsyncIterator[House]:
    """Wire the rooms. The database is prepared, and nobody else works on it, or only such as know of each other."""
    counted = await ground.database.run(frequencies.snapshot)
    ground = replace(ground, configuration=ground.configuration.weighed(counted.rarity))
    like = await _like_of(ground.configuration, ground.database, counted)
    live = Live(plan_of(ground.configuration, console=ground.console, like=like), counted)
    is_worker = ground.company is not None and ground.company.kind == "worker"
    if not is_worker:
        now, is_alone = ground.round_started_at or ground.clock(), ground.company is None
        await ground.database.exclusive(_move_in, live.plan, ground.configuration, is_alone=is_alone, now=now)
    key = await ground.database.exclusive(signing.key)
    try:
        async with Client() as client:
            crew = _crew(ground, live, client, key)
            if not is_worker:
                await crew.recall.recall()
            every_stage = _stages(ground, crew, live.plan)
            engine = LocalEngine(ground.database, every_stage, clock=ground.clock, again=ground.pace.again)
            yield House(ground, live, crew, engine)
    finally:
        for channel in live.plan.channels.values():
            channel.close()


async def _like_of(configuration: Configuration, database: Database, frequencies: Frequencies) -> Like:
    topics = configuration.settings.topics
    if not any(topic.like for topic in topics):
        return Like((), frequencies)
    like = await database.run(as_archived, topics, frequencies)
    for topic, sample in like.unknown():
        log.warning(NOT_ARCHIVED, topic=topic.name, address=sample.name)
    return like


def plan_of(
    configuration: Configuration, *, console: TextIO, like: Like | None = None, before: Plan | None = None
) -> Plan:
    """A channel that did not change stays open."""
    settings = configuration.settings
    like = like or Like(settings.topics)
    watchlist = configuration.watchlist.comparing(like)
    known = {channel: before.channels[channel.name] for channel in before.settings.channels} if before else {}
    return Plan(
        settings=settings,
        watchlist=watchlist,
        judge=Judge(settings, watchlist.topics),
        feeds={feed.url: feed for feed in settings.feeds},
        channels={
            channel.name: known.get(channel) or open_channel(channel, console=console) for channel in settings.channels
        },
        like=like,
    )


def _move_in(session: Session, plan: Plan, configuration: Configuration, *, is_alone: bool, now: datetime) -> None:
    """What the last run held is free again, where it was the only one."""
    if is_alone:
        leases.clear_all(session)
        channels.start(session)
        workers.forget(session)
    _adopt(session, before=None, plan=plan, configuration=configuration, now=now)


def _adopt(session: Session, *, before: Plan | None, plan: Plan, configuration: Configuration, now: datetime) -> None:
    """The rows of this configuration; whoever judges next finds them."""
    feeds.configure(session, plan.settings.feeds, before=before.settings.feeds if before else None, now=now)
    outbox.bury_removed(session, list(plan.channels), now=now)
    if before:
        known = before.channels
        channels.try_again(session, [name for name, channel in plan.channels.items() if known.get(name) is not channel])
    as_it_stands = not configuration.bad_topics
    written = InForce.of(plan.settings).model_dump_json()
    configuration_state.take_into_force(
        session, configuration.file, as_it_stands=as_it_stands, in_force=written, now=now
    )


def _leave_as_it_is(_session: Session) -> None:
    """Others write it."""


def _stages(ground: Ground, crew: Crew, plan: Plan) -> list[Stage]:
    return offered(ground.company, stages(crew, plan, round_started_at=ground.round_started_at))


def _crew(ground: Ground, live: Live, client: Client, key: bytes) -> Crew:
    database, metrics, clock = ground.database, ground.metrics, ground.clock
    count = Count(database, live)
    hosts = Hosts(ledger=Spacing(database) if ground.company else None)
    cpu = ground.cpu or Cpu(min(WORKERS, len(os.sched_getaffinity(0))), ground.parsing)
    reader = Reader(client, hosts, Robots(client, hosts, clock))
    is_round = ground.round_started_at is not None
    return Crew(
        poll=Poll(Tools(database, client, hosts, cpu, metrics, clock), live, ground.random),
        ingest=Ingest(database, reader, cpu, metrics, live, clock, count),
        release=Release(database, metrics, live, clock, settled=is_round),
        deliver=Deliver(database, metrics, live, ground.random, clock, ground.patience, key),
        archive=Archive(database, Path(ground.settings.storage.archive), clock),
        count=count,
        tidy=Tidy(database, live, clock),
        tend=Tend(database, metrics, live, clock),
        recall=Recall(database, live, clock),
        ping=Ping(database, client, live, clock),
        report=Report(database, live, clock),
        watch=Watch(database, live, clock, machine=gethostname() if ground.company else ""),
    )


def send_test(channel: Channel, settings: Settings, *, console: TextIO, uid: str) -> Outcome:
    """One message past the outbox, because somebody watches for it."""
    opened = open_channel(channel, console=console)
    notice = Notification(channel.name, Kind.TEST, text="This is a test message of monitor: the channel works.")
    message = compose(notice, markup=opened.markup, zone=settings.timezone, now=utc_now())
    try:
        return opened.send(message, uid=uid)
    finally:
        opened.close()
