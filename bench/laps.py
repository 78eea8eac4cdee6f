"""This program's round over many feeds, and what each half of it cost.

`poll`: every feed asked, parsed, its new entries stored, which is all that a feed library does. `rest`: these entries
read, matched, grouped, judged, told and archived. The start is not counted (python -m bench.start): a daemon starts once.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import resource
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bench.measure import Lap
from monitor.app import utc_now
from monitor.app.configuration import configuration
from monitor.app.house import Ground, open_house
from monitor.store import feeds, history
from monitor.store.database import Database


async def measured(ground: Ground, *, started_at: datetime) -> dict[str, Any]:
    """As `monitor once --all` does it (app/round.py), in two laps."""
    async with open_house(ground) as house:
        await ground.database.exclusive(feeds.make_all_due, now=started_at)
        stages = list(house.engine.stages)
        house.engine.replace(stage for stage in stages if stage.name == "poll")  # nobody reads meanwhile
        lap = Lap()
        await house.engine.drain("poll")
        poll, lap = lap.so_far(), Lap()
        house.engine.replace(stages)
        await house.engine.drain("ingest")
        await ground.database.exclusive(history.settle, since=started_at, now=ground.clock())
        await house.engine.drain("release")
        await house.engine.drain("archive", *house.deliveries)
        return {**poll, "rest": lap.so_far()["cpu"]}


def main(config: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    read = configuration(config)
    database = Database(read.settings.storage.url.get_secret_value())
    database.prepare()
    started_at = utc_now()
    ground = Ground(read, database, io.StringIO(), round_started_at=started_at)
    said = asyncio.run(measured(ground, started_at=started_at))
    database.close()
    metrics = ground.metrics
    counts = {how: metrics.total("polls", result=how) for how in ("changed", "unchanged", "failed")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({**said, **counts, "entries": metrics.total("entries"), "main_mb": peak}))
