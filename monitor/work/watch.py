"""Look at ourselves: disks, clocks, the outbox, what topics find; and tell those in `ops` what is new of it, once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread

from monitor.alerts import own_words
from monitor.alerts.own import Disk, Key, Matter, Own, OwnNews, own_news
from monitor.alerts.steady import Happening
from monitor.alerts.usual import Loud, Silent, unusual
from monitor.model import Kind, Notification
from monitor.settings import Settings, Storage
from monitor.store import outbox, own
from monitor.store.database import Database, Session
from monitor.work.deliver import letter_of
from monitor.work.live import Live

log = structlog.get_logger()
TOPICS: Final = timedelta(hours=1)  # a look at what topics find is a look at all matches of weeks

Unusual = dict[str, Silent | Loud | None]  # by topic, of all that there are


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at besides rows that change from one moment to the next."""

    disks: Sequence[Disk] = ()
    topics: Unusual = field(default_factory=dict)
    happened: Sequence[Happening] = ()


@dataclass(slots=True)
class _Looked:
    at_topics_at: datetime | None = None
    happened: list[Happening] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Watch:
    """`machine`: which of many; empty: the only one."""

    database: Database
    live: Live
    clock: Callable[[], datetime]
    machine: str = ""
    disks: Callable[[Storage], Sequence[Disk]] = field(default_factory=lambda: disks_of)
    looked: _Looked = field(default_factory=_Looked)

    def happened(self, what: Sequence[Happening]) -> None:
        """It is told with the next look."""
        self.looked.happened.extend(what)

    async def watch(self) -> None:
        """As a rule there is nothing to tell, and nothing is written."""
        settings, now = self.live.plan.settings, self.clock()
        disks = await to_thread.run_sync(self.disks, settings.storage)
        seen = Seen(disks, await self._topics(settings, now=now), tuple(self.looked.happened))
        if (await self.database.run(news, seen, settings, self.machine, now=now)).marks:
            _report(await self.database.exclusive(tell, seen, settings, self.machine, now=now))
        del self.looked.happened[: len(seen.happened)]

    async def _topics(self, settings: Settings, *, now: datetime) -> Unusual:
        """Now and then; in between nothing is known of them, and what was told stands."""
        last = self.looked.at_topics_at
        if last is not None and now - last < TOPICS:
            return {}
        today = now.astimezone(settings.timezone).date()
        found = await self.database.run(own.found, today=today)
        self.looked.at_topics_at = now
        names = [topic.name for topic in settings.topics]
        return {name: unusual(found.by_topic.get(name, {}), found.read, today=today) for name in names}


def news(session: Session, seen: Seen, settings: Settings, machine: str, *, now: datetime) -> OwnNews:
    told = own.told(session)
    known = {key for key, mark in told.items() if mark.over_at is None}
    backlog = own.backlog(session, [channel.name for channel in settings.channels], now=now)
    matters = list(_matters(seen, settings, machine, known))
    if backlog.is_growing(is_known=(Own.OUTBOX, "") in known):
        matters.append(own_words.of_outbox(backlog, settings.timezone))
    looked_at = {(Own.OUTBOX, ""), *((Own.DISK, _place(disk, machine)) for disk in seen.disks)}
    if seen.topics:  # those that left are over too
        looked_at |= {key for key in known if key[0] in {Own.SILENT, Own.LOUD}}
    return own_news(matters, told, looked_at=looked_at, now=now)


def _matters(seen: Seen, settings: Settings, machine: str, known: set[Key]) -> Iterator[Matter]:
    for disk in seen.disks:
        place = _place(disk, machine)
        if disk.is_low(is_known=(Own.DISK, place) in known):
            yield own_words.of_disk(disk, place)
    for name, what in seen.topics.items():
        if what is not None:
            yield own_words.of_topic(name, what)
    for happening in seen.happened:
        yield own_words.of_happening(happening, machine, settings.timezone)


def tell(session: Session, seen: Seen, settings: Settings, machine: str, *, now: datetime) -> OwnNews:
    """As it is by now. What is told is remembered in the same transaction, so a restart tells nothing twice."""
    found = news(session, seen, settings, machine, now=now)
    own.remember(session, found.marks)
    if text := own_words.text_of(found.begun, found.over):
        key = f"notice:own:{now.isoformat()}:{sha256(text.encode()).hexdigest()[:16]}"
        for channel in settings.ops:
            outbox.put(session, letter_of(Notification(channel, Kind.NOTICE, text=text), f"{key}:{channel}"), now=now)
    return found


def _report(told: OwnNews) -> None:
    """Where nobody is in `ops`, the log is all there is."""
    for matter in told.begun:
        log.warning(matter.words.partition("\n")[0].rstrip("."))
    for line in own_words.text_of((), told.over).splitlines():
        if line:
            log.info(line.rstrip("."))


# -- disks ---------------------------------------------------------------------------------------


def disks_of(storage: Storage) -> list[Disk]:
    """Those of the database, where it is a file, and of the archive; each once."""
    found: dict[int, Disk] = {}
    for path in filter(None, (storage.path, Path(storage.archive))):
        with suppress(OSError):  # what can't be written is told elsewhere
            ground = next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())
            disk, device = os.statvfs(ground), ground.stat().st_dev
            size, free = disk.f_blocks * disk.f_frsize, disk.f_bavail * disk.f_frsize
            if size:  # else its file system does not say
                found.setdefault(device, Disk(str(path), size, free))
    return list(found.values())


def _place(disk: Disk, machine: str) -> str:
    return f"{disk.name} on {machine}" if machine else disk.name
