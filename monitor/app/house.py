"""The house: the rooms wired together, as long as it is open."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Final, TextIO

from monitor.alerts.message import compose
from monitor.app import utc_now
from monitor.app.configuration import Configuration
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.metrics import Metrics
from monitor.model import Claim, FeedState, Kind, Notification, Outcome
from monitor.notify.channel import open_channel
from monitor.settings import Channel, Settings
from monitor.store import articles, entries, feeds, history, leases, outbox
from monitor.store.database import Database, Session
from monitor.work.archive import Archive
from monitor.work.cpu import PARSING, Cpu, Limits
from monitor.work.deliver import Deliver
from monitor.work.engine import LocalEngine, Stage, TakeRows, each
from monitor.work.ingest import Ingest
from monitor.work.judge import Judge
from monitor.work.poll import Poll
from monitor.work.release import Release
from monitor.work.schedule import TICK

POLLS: Final = 16  # feeds in hand at a time
INGESTS: Final = 16  # entries
WORKERS: Final = 4  # processes that parse; each takes up to 100 MB
HELD: Final = 200  # alerts judged again together
FILES: Final = 50  # articles written to the archive in one go


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
    hosts, cpu = Hosts(), Cpu(min(WORKERS, len(os.sched_getaffinity(0))), ground.parsing)
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
    take = _take_of_the_round(ground.round_started_at) if ground.round_started_at else _take_ahead
    return [
        Stage("poll", leases.FEEDS, feeds.LEASE, take, each(poll.poll), slots=POLLS, wakes=("ingest",)),
        Stage(
            "ingest",
            leases.ENTRIES,
            entries.LEASE,
            entries.claim,
            each(ingest.ingest),
            slots=INGESTS,
            wakes=("archive",),
        ),
    ]


def _take_ahead(session: Session, *, now: datetime, limit: int) -> list[Claim[FeedState]]:
    """A feed that is due before the next look is asked at this one: else `every: 2s` would mean three."""
    return feeds.claim(session, now=now + TICK, limit=limit)


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
        Stage(
            "release",
            leases.HELD_ALERTS,
            history.LEASE,
            history.claim_held,
            release.release,
            batch=HELD,
            wakes=deliveries,
        ),
        Stage("archive", leases.FILES, articles.LEASE, articles.claim_unfiled, archive.archive, batch=FILES),
    ]


def _delivering(deliver: Deliver) -> dict[str, Stage]:
    return {
        f"deliver {name}": Stage(
            f"deliver {name}",
            leases.DELIVERIES,
            outbox.LEASE,
            partial(outbox.claim, channel=name),
            each(deliver.deliver),
        )
        for name in deliver.channels
    }


def send_test(channel: Channel, settings: Settings, *, console: TextIO, uid: str) -> Outcome:
    """One message past the outbox, because somebody watches for it."""
    opened = open_channel(channel, console=console)
    notice = Notification(channel.name, Kind.TEST, text="This is a test message of monitor: the channel works.")
    message = compose(notice, markup=opened.markup, zone=settings.timezone, now=utc_now())
    try:
        return opened.send(message, uid=uid)
    finally:
        opened.close()
