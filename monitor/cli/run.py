"""`run` and `once`: the daemon, and one round of it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Annotated, NoReturn

import structlog
import typer

from monitor.app import daemon, places, utc_now
from monitor.app.beside import Wishes
from monitor.app.house import Ground
from monitor.app.round import Summary
from monitor.app.round import once as one_round
from monitor.cli.common import STANDARD, Config, Json, counted, log_to_stderr, read, say, say_json, working_database
from monitor.cli.progress import progress
from monitor.errors import UsageError
from monitor.settings import Settings

log = structlog.get_logger()


def run(config: Config = STANDARD) -> None:
    """Watch the news until told to stop."""
    # Until the loop listens for it, nothing is in hand: a stop is simply the end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wishes = Wishes()
    signal.signal(signal.SIGHUP, lambda *_: wishes.reload.set())  # the files may change while they are read
    log_to_stderr(logging.INFO)
    configuration = read(config)
    look_around(configuration.settings)
    with working_database(configuration.settings, is_alone=configuration.settings.engine == "local") as database:
        ground = Ground(configuration, database, sys.stdout)
        asyncio.run(listening(partial(daemon.run, ground, wishes, config=config), wishes))
        database.close()
    leave()


def leave() -> NoReturn:
    """The end of what may have threads left."""
    # A send that hangs in its thread must not hold the exit; its lease sends it again.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # a stream that was closed at the start is None
            stream.flush()
    os._exit(0)


def look_around(settings: Settings) -> None:
    """Before the work starts: can it be done here? A line for each thing that is wrong."""
    now = utc_now()
    if wrong := places.problems(settings, now=now):
        raise UsageError("\nmonitor: ".join(wrong))
    for warning in places.warnings(settings, now=now):
        log.warning(warning)


async def listening(work: Callable[[], Awaitable[None]], wishes: Wishes) -> None:
    """To signals, while the work goes on."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wishes.stop.set)
    loop.add_signal_handler(signal.SIGHUP, wishes.reload.set)
    await work()


def once(
    config: Config = STANDARD,
    json: Json = False,
    every_feed: Annotated[
        bool, typer.Option("--all", help="Every feed, also those not due, backing off or gone.")
    ] = False,
) -> None:
    """One round: poll what is due, read it, tell what is new; then a summary."""
    log_to_stderr(logging.WARNING)
    configuration = read(config)
    look_around(configuration.settings)
    console = sys.stderr if json else sys.stdout
    with working_database(configuration.settings) as database:
        summary = asyncio.run(_once(Ground(configuration, database, console), every_feed=every_feed))
    database.close()
    if json:
        say_json(asdict(summary))
    else:
        say(_in_words(summary))


async def _once(ground: Ground, *, every_feed: bool) -> Summary:
    bars = progress(ground.metrics, feeds=len(ground.settings.feeds))
    return await one_round(ground, all_feeds=every_feed, reading=bars)


def _in_words(summary: Summary) -> str:
    feeds, alerts, deliveries = summary.feeds, summary.alerts, summary.deliveries
    lines = {
        "feeds": (feeds["polled"], "asked:", *_counts(feeds, "changed", "unchanged", "failed")),
        "entries": (summary.entries, "new:", f"{counted(summary.articles, 'article')}, {summary.copies} copies"),
        "matches": (summary.matches,),
        "alerts": _counts(alerts, "sent", "held", "dropped"),
        "deliveries": _counts(deliveries, "sent", "waiting", "dead"),
    }
    said = [f"{name:<11} {' '.join(map(str, words))}" for name, words in lines.items()]
    return "\n".join((*said, f"{'in':<11} {summary.seconds:.1f} s"))


def _counts(counts: dict[str, int], *names: str) -> tuple[str, ...]:
    return (", ".join(f"{counts[name]} {name}" for name in names),)
