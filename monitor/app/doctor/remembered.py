"""The database, and what it says of feeds, channels and edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.app.doctor.finding import Finding, counted, said, size
from monitor.errors import MonitorError
from monitor.settings import Settings
from monitor.store import backup, channels, checking, configuration, entries, health, hosts, workers
from monitor.store.channels import ChannelHealth
from monitor.store.configuration import ConfigurationState
from monitor.store.database import Database, Session
from monitor.store.health import FeedHealth
from monitor.store.migrations import HEAD, NEWER
from monitor.store.workers import Worker

PATIENCE: Final = 3.0  # seconds that somebody may keep it locked
MANY: Final = 5  # messages that wait
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was known before this look."""

    resting: Mapping[str, datetime] = field(default_factory=dict)  # hosts that asked to be left alone, until when
    feeds: Mapping[str, FeedHealth] = field(default_factory=dict)  # by URL, those of which there is something to say
    channels: Sequence[ChannelHealth] = ()
    set_aside: int = 0  # entries
    edit: ConfigurationState | None = None
    workers: Sequence[Worker] = ()


def remembered(session: Session, settings: Settings, file: str, *, now: datetime) -> Remembered:
    odd = health.odd(session, now=now)
    names = [channel.name for channel in settings.channels] or channels.known(session)
    return Remembered(
        resting=hosts.resting(session, now=now),
        feeds={feed.url: feed for feed in health.feeds(session, only=odd, now=now)} if odd else {},
        channels=channels.health(session, names, now=now),
        set_aside=entries.poisoned(session),
        edit=configuration.state(session, file),
        workers=workers.known(session),
    )


# -- the database itself -------------------------------------------------------------------------


def database(database: Database) -> Iterator[Finding]:
    """The last of these says whether it can be asked: nothing else is `ok`."""
    try:
        yield from _file(database) if database.path is not None else _tables(database)
    except MonitorError as error:
        yield broken(database, str(error))


def _file(database: Database) -> Iterator[Finding]:
    path = database.path
    assert path is not None
    if not path.exists():
        if copies := ", ".join(map(str, backup.copies_of(path))):
            what = f"there is no {path}, but there are copies of it: {copies}"
            yield Finding("database", "look", what, do="put one back: monitor restore FILE")
        else:
            yield Finding("database", "ok", f"nothing was watched yet: {path} is made at the first start")
        return
    if checking.is_locked(path, seconds=PATIENCE):
        what = f"another program has kept {path} locked for {PATIENCE:.0f} s; it was not looked into"
        yield Finding("database", "wrong", what, do=f"see who has it open: fuser -v {path}")
        return
    yield from _tables(database)


def _tables(database: Database) -> Iterator[Finding]:
    revision = database.revision()
    if revision is None:
        what = f"{database.shown} holds no tables of monitor"
        yield Finding("database", "look", what, do="they are made at the first start")
    elif revision > HEAD:
        what, _, do = NEWER.partition("; ")
        yield Finding("database", "wrong", what, do=do or None)
    elif revision < HEAD:
        what = f"the tables are of version {revision}, the program of {HEAD}"
        yield Finding(
            "database", "look", what, do="the next start brings them up to date, after a copy of SQLite's file"
        )
    elif wrong := checking.wrong_with(database):
        yield from (broken(database, line) for line in wrong)
    else:
        taken = f", {size(_taken(database.path))}" if database.path else ""
        yield Finding("database", "ok", f"sound, version {HEAD}{taken}")


def _taken(path: Path) -> int:
    """With what was written lately, which stands in a file beside it."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def broken(database: Database, what: str) -> Finding:
    """It can't be asked, in these words."""
    if (path := database.path) is not None:
        return Finding("database", "wrong", what.partition("; ")[0], do=f"stop monitor, and {backup.way_back(path)}")
    return Finding("database", "wrong", what, do="does its server run, and is storage.url right?")


# -- what it says --------------------------------------------------------------------------------


def company(known: Sequence[Worker], *, now: datetime) -> Iterator[Finding]:
    """Those that work together, where many do."""
    for worker in known:
        alive, stages = worker.is_alive(now=now), ", ".join(worker.stages)
        what = f"does {stages}" if alive else "was not heard of any more"
        do = None if alive else "start it again, if it should be there"
        yield Finding("daemon", "ok" if alive else "look", what, worker.name, do)
    for stage in workers.idle_stages(known, now=now):
        yield Finding("daemon", "wrong", f"nobody does {stage}", do=f"say monitor worker --stages {stage}")


def outbox(known: Remembered) -> Iterator[Finding]:
    dead, maybe = (sum(getattr(each, state) for each in known.channels) for state in ("dead", "maybe"))
    waiting = sum(each.waiting for each in known.channels)
    if dead:
        do = "mend the channel, then say monitor retry"
        yield Finding("outbox", "look", f"{counted(dead, 'message')} could not be delivered", do=do)
    if maybe:
        do = "look there; monitor retry sends them once more"
        yield Finding("outbox", "look", f"{counted(maybe, 'message')} may not have arrived", do=do)
    if known.set_aside:
        do = "monitor status names how many; the log says why"
        what = f"{counted(known.set_aside, 'entry', 'entries')} set aside, as reading them failed again and again"
        yield Finding("outbox", "look", what, do=do)
    if not (dead or maybe):
        rest = f"; {counted(waiting, 'message')} wait" if waiting > MANY else ""
        yield Finding("outbox", "ok", f"nothing was lost{rest}")


def topics(settings: Settings, edit: ConfigurationState | None, *, now: datetime) -> Iterator[Finding]:
    if edit is None or edit.refused_at is None:
        yield Finding("topics", "ok", f"{counted(len(settings.topics), 'topic')}, as the file has them")
        return
    since = said(edit.refused_at, settings.timezone, now=now)
    if edit.refused_topics:
        named = ", ".join(edit.refused_topics[:NAMED])
        what = f"since {since} the daemon works with older versions of: {named}"
    else:
        what = f"since {since} the daemon works with what the file held before"
    yield Finding("topics", "look", what, do="monitor check says what is wrong with the edit")
