"""All of it, in the order in which a person wants to know it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from anyio import to_thread

from monitor.app.configuration import Configuration, configuration, file_of
from monitor.app.doctor import here, outside, remembered
from monitor.app.doctor.finding import Finding, counted
from monitor.app.doctor.remembered import Remembered
from monitor.app.machine import HERE, Machine
from monitor.config import storage_of
from monitor.errors import ConfigError, MonitorError, Problem
from monitor.settings import Settings, Storage
from monitor.store import checking, workers
from monitor.store.database import Database
from monitor.trial import Progress
from monitor.work.heartbeat import Heartbeat


@dataclass(frozen=True, slots=True)
class Visit:
    """`tell` hears what is being done, and how far that is."""

    file: Path
    clock: Callable[[], datetime]
    tell: Callable[[str], Progress]
    machine: Machine = HERE


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look into the database gave; `ahead`: by how much its server's clock is, where it has one."""

    findings: Sequence[Finding]
    known: Remembered = field(default_factory=Remembered)
    is_open: bool = True  # else nothing is known of what it holds
    ahead: timedelta | None = None


class Unusable(MonitorError):
    """There is no configuration to go by; what could be looked at all the same was."""


async def examine(visit: Visit) -> AsyncIterator[Finding]:
    """Raises Unusable at its end where the configuration can't be used."""
    try:
        wanted = await to_thread.run_sync(lambda: configuration(visit.file, now=visit.clock()))
    except ConfigError as error:
        for problem in error.problems:
            yield _of_problem(problem, is_wrong=True)
        storage = storage_of(visit.file, environ=os.environ)
        if storage is None:
            raise Unusable("the configuration can't be used, so nothing else was looked at") from None
        settings = _alone(storage)
        for finding in _of_what_is_here(visit, settings, await _look_into_database(visit, settings)):
            yield finding
        raise Unusable("the configuration can't be used, so feeds and channels were not looked at") from None
    async for finding in _of_all(visit, wanted):
        yield finding


async def _of_all(visit: Visit, wanted: Configuration) -> AsyncIterator[Finding]:
    settings = wanted.settings
    for finding in _of_configuration(wanted, visit.file):
        yield finding
    looked = await _look_into_database(visit, settings)
    for finding in _of_what_is_here(visit, settings, looked):
        yield finding
    async for finding in _of_what_is_outside(visit, settings, looked.known):
        yield finding
    for finding in _of_what_is_known(visit, settings, looked) if looked.is_open else ():
        yield finding


def _alone(storage: Storage) -> Settings:
    return Settings(channels=(), feeds=(), topics=(), storage=storage)


def _of_configuration(wanted: Configuration, file: Path) -> Iterator[Finding]:
    settings = wanted.settings
    things = (("feed", settings.feeds), ("topic", settings.topics), ("channel", settings.channels))
    counts = ", ".join(counted(len(each), name) for name, each in things)
    yield Finding("configuration", "ok", f"{file}: {counts}")
    yield from (_of_problem(problem, is_wrong=False) for problem in wanted.warnings)


def _of_problem(problem: Problem, *, is_wrong: bool) -> Finding:
    what = f"{problem.file}:{problem.line}:{problem.column}: {problem.what}"
    return Finding("configuration", "wrong" if is_wrong else "look", what, do=problem.hint or None)


async def _look_into_database(visit: Visit, settings: Settings) -> Looked:
    with closing(Database(settings.storage.url.get_secret_value())) as database:
        found = await to_thread.run_sync(lambda: list(remembered.database(database)))
        is_sound = all(each.result == "ok" for each in found)
        engine = checking.engine_of(database) if is_sound or database.is_sqlite else "PostgreSQL"
        findings = [*here.versions(engine), *found]
        if not is_sound or _is_missing(database):
            return Looked(findings, is_open=is_sound)
        try:
            known = await database.run(remembered.remembered, settings, file_of(visit.file), now=visit.clock())
            theirs = None if database.is_sqlite else await database.run(workers.time) - visit.clock()
        except MonitorError as error:  # it broke off meanwhile, or is damaged where nobody had looked
            return Looked([*findings, remembered.broken(database, str(error))], is_open=False)
        return Looked(findings, known, ahead=theirs)


def _is_missing(database: Database) -> bool:
    return database.path is not None and not database.path.exists()


def _of_what_is_here(visit: Visit, settings: Settings, looked: Looked) -> Iterator[Finding]:
    yield from looked.findings
    now, machine = visit.clock(), visit.machine
    is_running = Heartbeat(settings.storage.heartbeat).is_on_time(now=now)
    yield from here.rights(settings, now=now, machine=machine)
    yield from here.disk(settings, machine=machine)
    yield from here.memory(is_running=is_running, machine=machine)
    yield from here.daemon(settings, now=now)
    yield from remembered.company(looked.known.workers, now=now)
    yield from here.clock(settings, now=now, machine=machine)
    yield from here.against(looked.ahead, "that of the database")


async def _of_what_is_outside(visit: Visit, settings: Settings, known: Remembered) -> AsyncIterator[Finding]:
    feeds = settings.feeds
    answers = await outside.ask_all(feeds, known.resting, clock=visit.clock, tell=visit.tell("asking feeds"))
    for finding in outside.of_their_clocks(feeds, answers):
        yield finding
    for finding in outside.of_network(feeds, answers):
        yield finding
    for finding in outside.of_feeds(settings, answers, known, now=visit.clock()):
        yield finding
    async for finding in outside.of_channels(settings.channels, known.channels, tell=visit.tell("reaching channels")):
        yield finding


def _of_what_is_known(visit: Visit, settings: Settings, looked: Looked) -> Iterator[Finding]:
    yield from remembered.outbox(looked.known)
    yield from remembered.topics(settings, looked.known.edit, now=visit.clock())
