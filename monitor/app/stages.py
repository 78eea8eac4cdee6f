"""What kinds of work there are, and which of them this process does by itself, hands on, or is handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from monitor.model import Claim, FeedState
from monitor.settings import Settings
from monitor.store import articles, entries, feeds, history, leases, outbox
from monitor.store.database import Session
from monitor.work.archive import Archive
from monitor.work.count import Count
from monitor.work.deliver import Deliver, route_to
from monitor.work.engine import Stage, TakeRows, each
from monitor.work.ingest import Ingest
from monitor.work.live import Plan
from monitor.work.ping import Ping
from monitor.work.poll import Poll
from monitor.work.recall import Recall
from monitor.work.release import Release
from monitor.work.report import Report
from monitor.work.schedule import TICK
from monitor.work.tend import Tend
from monitor.work.tidy import Tidy
from monitor.work.watch import Watch

if TYPE_CHECKING:
    from monitor.work.procrastinate import Queue

POLLS: Final = 64  # feeds in hand at a time
INGESTS: Final = 16  # entries
HELD: Final = 500  # alerts judged again together
FILES: Final = 50  # articles written to the archive in one go


@dataclass(frozen=True, slots=True)
class Company:
    """We are one of many that work on this database."""

    id: str
    kind: Literal["run", "worker"]  # what is due is handed on by the one, and done by the other
    queue: Queue


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work; a reload changes what they are asked, not who they are."""

    poll: Poll
    ingest: Ingest
    release: Release
    deliver: Deliver
    archive: Archive
    count: Count
    tidy: Tidy
    tend: Tend
    recall: Recall
    ping: Ping
    report: Report
    watch: Watch


def stages(crew: Crew, plan: Plan, *, round_started_at: datetime | None) -> list[Stage]:
    deliveries = tuple(map(delivering, plan.channels))
    take = _take_of_the_round(round_started_at) if round_started_at else _take_ahead
    return [
        Stage("poll", leases.FEEDS, feeds.LEASE, take, each(crew.poll.poll), slots=POLLS, wakes=("ingest",)),
        Stage(
            "ingest",
            leases.ENTRIES,
            entries.LEASE,
            entries.claim,
            each(crew.ingest.ingest),
            slots=INGESTS,
            wakes=("archive",),
        ),
        Stage(
            "release",
            leases.HELD_ALERTS,
            history.LEASE,
            history.claim_held,
            crew.release.release,
            batch=HELD,
            wakes=deliveries,
        ),
        Stage("archive", leases.FILES, articles.LEASE, articles.claim_unfiled, crew.archive.archive, batch=FILES),
        *(delivery(crew.deliver, channel, plan.settings) for channel in plan.channels),
    ]


def offered(company: Company | None, all_stages: list[Stage]) -> list[Stage]:
    """Those that the engine of this process takes rows for.

    Held alerts and the archive's files are no burden: whoever hands on does them. A worker hands on the next delivery of
    a channel when it has done one.
    """
    if company is None:
        return all_stages
    hand_on = company.queue.handing_on
    if company.kind == "worker":
        return [hand_on(stage) for stage in all_stages if stage.held is not None]
    return [stage if stage.name in {"release", "archive"} else hand_on(stage) for stage in all_stages]


def carried(crew: Crew, plan: Plan, kind: str, claim: Claim[Any]) -> Stage | None:
    """What a worker does with a row that it was handed; None: with a channel that it does not know."""
    if kind == "deliver":
        channel = claim.value.channel
        return delivery(crew.deliver, channel, plan.settings) if channel in plan.channels else None
    return next(stage for stage in stages(crew, plan, round_started_at=None) if stage.name == kind)


def delivering(channel: str) -> str:
    return f"deliver {channel}"


def delivery(deliver: Deliver, channel: str, settings: Settings) -> Stage:
    """A stage of its own for each channel: one that hangs holds up no other."""
    take = partial(outbox.claim, route=route_to(channel, settings))
    held = partial(outbox.in_hand, channel=channel)
    return Stage(delivering(channel), leases.DELIVERIES, outbox.LEASE, take, each(deliver.deliver), held=held)


def _take_ahead(session: Session, *, now: datetime, limit: int) -> list[Claim[FeedState]]:
    """A feed that is due before the next look is asked at this one: else `every: 2s` would mean three."""
    return feeds.claim(session, now=now + TICK, limit=limit)


def _take_of_the_round(started_at: datetime) -> TakeRows:
    """A feed that is due again before the round is over is a matter of the next one."""

    def take(session: Session, *, now: datetime, limit: int) -> list[Claim[FeedState]]:
        return feeds.claim(session, now=min(now, started_at), limit=limit, is_round=True)

    return take
