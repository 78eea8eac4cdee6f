"""`once`: one round of the house, and what it did."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.app.house import Ground, open_house
from monitor.store import feeds, history, outbox
from monitor.store.database import Session


async def once(ground: Ground, *, all_feeds: bool, reading: AbstractAsyncContextManager[None] | None = None) -> Summary:
    """One round: poll what is due, read and judge until nothing is due, tell. `reading` is open before anybody is told."""
    started_at = ground.clock()
    ground = replace(ground, round_started_at=started_at)
    async with open_house(ground) as house:
        if all_feeds:
            await ground.database.exclusive(feeds.make_all_due, now=started_at)
        async with reading or nullcontext():
            await house.engine.drain("poll", "ingest")
        await ground.database.exclusive(history.settle, since=started_at, now=ground.clock())
        await house.engine.drain("release")
        await house.crew.tend.tend()
        await house.crew.report.report()
        await house.engine.drain("archive", *house.deliveries)
        await house.crew.count.count()
        await house.crew.tidy.tidy()
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
