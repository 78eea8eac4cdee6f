"""An edit of the configuration: taken over while the daemon works; what of it can't be used is refused and told once."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread

from monitor.app.configuration import BadTopic, Configuration, configuration
from monitor.app.house import House
from monitor.config.difference import difference, takes_away
from monitor.config.files import digest
from monitor.errors import ConfigError, Problem, StoreError
from monitor.model import Kind, Notification
from monitor.settings import Settings
from monitor.store import configuration as state
from monitor.store import outbox
from monitor.store.database import Session

log = structlog.get_logger()
# What holds the daemon's place in the world; the rest changes while it works.
AT_THE_START: Final = ("storage", "web", "engine")
BEFORE_A_START: Final = "Mend it before the next start: with a mistake nothing starts."
MEANWHILE: Final = {"storage": {"meanwhile": "health and status look at the new place, where nobody is at work yet"}}


@dataclass(frozen=True, slots=True)
class Stillness:
    """How long files must say the same, as editors write in several steps."""

    settle: timedelta = timedelta(seconds=0.5)  # then they are written
    doubt: timedelta = timedelta(seconds=2)  # so much more where what they say may be half of what is to come
    given_up: timedelta = timedelta(seconds=20)  # they go on changing, which others shall not wait for


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the files, as they stand, can't be used."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading came to, and what it looked at."""

    outcome: Configuration | Refused
    looked_at: tuple[str, ...]
    digest: str


class Reload:
    """Looks whether the files changed, and makes of them what can be made."""

    def __init__(
        self, house: House, path: Path, *, stillness: Stillness = Stillness(), environ: Mapping[str, str] = os.environ
    ) -> None:
        self._house = house
        self._read = partial(configuration, path, environ=environ)
        self._running = house.ground.configuration
        self._stillness = stillness
        self._file = house.ground.configuration.file
        self._is_refused = False
        self._is_restless = False
        self._later: dict[str, object] = {}  # what counts from the next start on
        self._odd = _odd(house.ground.configuration)
        self._digest: str | None = None  # of what was last made something of
        self.looked_at: tuple[str, ...] = house.ground.configuration.looked_at
        self._turn = asyncio.Lock()

    async def look(self, *, even_if_unchanged: bool = False) -> None:
        """Take over what changed. Whatever is wrong is logged, and what is in force stays in force."""
        async with self._turn:
            if not even_if_unchanged and await self._seen(self.looked_at) == self._digest:
                return
            if (read := await self._reading()) is None:
                return
            try:
                await self._make_of(read.outcome)
                self._digest, self.looked_at = read.digest, read.looked_at
            except StoreError as error:  # the next look tries again
                log.error("an edit of the configuration can't be taken over yet", why=str(error))

    # -- reading --------------------------------------------------------------------------------

    async def _reading(self) -> Read | None:
        """What the files say once they have come to rest; None where they do not: the next look tries again."""
        try:
            async with asyncio.timeout(self._stillness.given_up.total_seconds()):
                read = await self._at_rest()
        except TimeoutError:
            if not self._is_restless:
                log.warning("the configuration's files go on changing; what is in force stays until they are at rest")
            self._is_restless = True
            return None
        self._is_restless = False
        return read

    async def _at_rest(self) -> Read:
        """Read until every file that was looked at said before the reading what it said after it."""
        looked_at = self.looked_at
        while True:
            before = await self._settled(looked_at)
            read = await to_thread.run_sync(self._read_once)
            is_whole = (read.looked_at, read.digest) == (looked_at, before)
            if is_whole and await self._is_certain(read):
                return read
            looked_at = read.looked_at

    async def _is_certain(self, read: Read) -> bool:
        """What can't be used, or takes something away, may be half of what is to come."""
        running = self._house.live.plan.settings
        if isinstance(read.outcome, Configuration) and not (
            read.outcome.bad_topics or takes_away(running, read.outcome.settings)
        ):
            return True
        await asyncio.sleep(self._stillness.doubt.total_seconds())
        return await self._seen(read.looked_at) == read.digest

    async def _settled(self, looked_at: tuple[str, ...]) -> str:
        before = await self._seen(looked_at)
        while True:
            await asyncio.sleep(self._stillness.settle.total_seconds())
            after = await self._seen(looked_at)
            if after == before:
                return after
            before = after

    async def _seen(self, looked_at: tuple[str, ...]) -> str:
        return await to_thread.run_sync(digest, looked_at)

    def _read_once(self) -> Read:
        try:
            wanted = self._read(running=self._running)
        except ConfigError as error:
            return Read(Refused(error.problems), error.looked_at, digest(error.looked_at))
        return Read(wanted, wanted.looked_at, digest(wanted.looked_at))

    # -- what becomes of it ---------------------------------------------------------------------

    async def _make_of(self, outcome: Configuration | Refused) -> None:
        match outcome:
            case Configuration():
                await self._adopt(outcome)
            case Refused(problems):
                await self._refuse(problems)

    async def _adopt(self, wanted: Configuration) -> None:
        house = self._house
        running = house.live.plan.settings
        self._say_what_comes_later(wanted.settings, running)
        settings = wanted.settings.model_copy(update={name: getattr(running, name) for name in AT_THE_START})
        changed = difference(running, settings)
        if changed or _names(wanted.bad_topics) != _names(self._running.bad_topics):
            wanted = await to_thread.run_sync(wanted.weighed, house.live.frequencies.rarity)
            await house.adopt(replace(wanted, settings=settings))
            self._running = wanted
        if changed:
            log.info("the edited configuration is in force", changed=changed)
        self._say_what_is_odd(wanted)
        if wanted.bad_topics:
            await self._refuse_topics(wanted.bad_topics)
        else:
            await self._mended(nothing_changed=not changed)

    async def _mended(self, *, nothing_changed: bool) -> None:
        house = self._house
        if self._is_refused and nothing_changed:
            if not house.is_worker:
                await house.ground.database.exclusive(state.mended, self._file)
            log.info("the configuration can be used again; nothing changed")
        self._is_refused = False
        house.ground.metrics.configured(now=house.ground.clock())

    def _say_what_comes_later(self, wanted: Settings, running: Settings) -> None:
        """Once for each such edit."""
        later = {
            name: getattr(wanted, name) for name in AT_THE_START if getattr(wanted, name) != getattr(running, name)
        }
        for name, value in later.items():
            if self._later.get(name) != value:
                log.warning("this edit counts from the next start on", setting=name, **MEANWHILE.get(name, {}))
        self._later = later

    def _say_what_is_odd(self, wanted: Configuration) -> None:
        """What was said before need not be said at every edit."""
        for problem in wanted.warnings:
            if _unplaced(problem) not in self._odd:
                log.warning(in_a_line(problem))
        self._odd = _odd(wanted)

    async def _refuse(self, problems: tuple[Problem, ...]) -> None:
        why = [in_a_line(problem) for problem in problems]
        head = f"can't be used: {_mistakes(why)}. What was in force before stays in force."
        await self._tell(head, why)
        log.error("the edited configuration can't be used; the last good one stays in force", mistakes=len(why))
        self._log(why)

    async def _refuse_topics(self, topics: tuple[BadTopic, ...]) -> None:
        """Each by itself; all else counts."""
        names = [topic.name for topic in topics]
        why = [f"{in_a_line(problem)}; {fate(topic)}" for topic in topics for problem in topic.problems]
        of_topics = "a topic" if len(topics) == 1 else f"{len(topics)} topics"
        head = (
            f"is in force, but for {of_topics} that can't be used: {'; '.join(map(fate, topics[: state.MOST_SHOWN]))}."
        )
        await self._tell(head, why, names)
        log.error("topics of the edited configuration can't be used; the rest of it is in force", topics=names)
        self._log(why)

    async def _tell(self, head: str, why: list[str], topics: Sequence[str] = ()) -> None:
        house = self._house
        self._is_refused = True
        house.ground.metrics.refused_configuration()
        if house.is_worker:
            return
        now = house.ground.clock()
        notice = _notice(f"{Path(self._file).name} was edited and {head}", why, house.live.plan.settings, now=now)
        await house.ground.database.exclusive(_refuse, self._file, why, topics, notice, now=now)

    def _log(self, why: Sequence[str]) -> None:
        for line in why[: state.MOST_SHOWN]:
            log.error(line)


def warn(wanted: Configuration) -> None:
    for problem in wanted.warnings:
        log.warning(in_a_line(problem))


def _odd(wanted: Configuration) -> frozenset[Problem]:
    return frozenset(map(_unplaced, wanted.warnings))


def _unplaced(problem: Problem) -> Problem:
    """The same, wherever an edit has moved its line."""
    return replace(problem, line=0, column=0, caret=0)


def in_a_line(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.what}{hint}"


def fate(topic: BadTopic) -> str:
    if topic.is_kept:
        return f"“{topic.name}” keeps its last good version"
    return f"“{topic.name}” is left out, as it has no earlier version"


def _names(topics: Iterable[BadTopic]) -> frozenset[str]:
    return frozenset(topic.name for topic in topics)


def _mistakes(why: Sequence[str]) -> str:
    return "a mistake" if len(why) == 1 else f"{len(why)} mistakes"


def _notice(head: str, why: Sequence[str], settings: Settings, *, now: datetime) -> list[outbox.Letter]:
    more = [f"… and {len(why) - state.MOST_SHOWN} more"] if len(why) > state.MOST_SHOWN else []
    text = "\n".join((head, "", *why[: state.MOST_SHOWN], *more, "", BEFORE_A_START))
    return [_letter(Notification(channel, Kind.NOTICE, text=text), now=now) for channel in settings.ops]


def _letter(notification: Notification, *, now: datetime) -> outbox.Letter:
    key = f"notice:configuration:{now.isoformat()}:{notification.channel}"
    return outbox.Letter(notification, key=key, uid=hashlib.sha256(key.encode()).hexdigest()[:32])


def _refuse(
    session: Session,
    file: str,
    why: Sequence[str],
    topics: Sequence[str],
    notice: Sequence[outbox.Letter],
    *,
    now: datetime,
) -> None:
    """Told once for as long as it stays refused."""
    if state.refuse(session, file, why, topics=topics, now=now):
        for letter in notice:
            outbox.put(session, letter, now=now)
