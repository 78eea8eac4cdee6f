"""`worker`: one of many that do what is due."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from functools import partial
from typing import Annotated, Final

import typer

from monitor.app.beside import Wishes
from monitor.app.house import Ground
from monitor.cli.common import STANDARD, Config, log_to_stderr, read, working_database
from monitor.cli.run import leave, listening
from monitor.errors import UsageError

STAGES: Final = ("poll", "ingest", "deliver")  # those of store/workers.py, which takes .3 s to load
CONCURRENCY: Final = 16
LOCAL: Final = (
    "a worker works for a monitor of many machines: set engine: procrastinate and a storage.url of PostgreSQL"
)


def worker(
    config: Config = STANDARD,
    stages: Annotated[str, typer.Option(help="Which: some of poll,ingest,deliver.")] = ",".join(STAGES),
    concurrency: Annotated[
        int, typer.Option(min=1, max=500, help="So many feeds, and as many articles, at a time.")
    ] = CONCURRENCY,
) -> None:
    """Do what a running monitor hands on, until told to stop."""
    from monitor.app.company import Offer, work  # half a second, not for who mistyped a stage

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wishes = Wishes()
    signal.signal(signal.SIGHUP, lambda *_: wishes.reload.set())
    log_to_stderr(logging.INFO)
    offer = Offer(_asked(stages), concurrency)
    configuration = read(config)
    if configuration.settings.engine == "local":
        raise UsageError(LOCAL)
    with working_database(configuration.settings, is_alone=False) as database:
        ground = Ground(configuration, database, sys.stdout)
        asyncio.run(listening(partial(work, ground, wishes, config=config, offer=offer), wishes))
        database.close()
    leave()


def _asked(stages: str) -> tuple[str, ...]:
    asked = [stage.strip() for stage in stages.split(",") if stage.strip()]
    for stage in asked:
        if stage not in STAGES:
            raise UsageError(f"--stages: there is no stage {stage!r}; there are {', '.join(STAGES)}")
    if not asked:
        raise UsageError(f"--stages: name at least one of {', '.join(STAGES)}")
    return tuple(stage for stage in STAGES if stage in asked)
