"""What came of `make soak-feeds`: what grew, what was late, what was lost or told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, Self

from tests.faults import Origin
from tests.press import HOSTILE, Name, names_in

LONG_ENOUGH: Final = 300.0  # seconds, to say that something grows
WARM: Final = 0.2  # of the time, until it has settled
GROWTH: Final = 1.1
WORKERS_GROWTH_MB: Final = 16.0  # they come and go, and each is new for a while
MORE: Final = 2  # file handles, threads
LATEST: Final = 5.0  # seconds
OVERDUE: Final = timedelta(minutes=2)  # a lease
SOON: Final = timedelta(minutes=2)
SURPRISES: Final = (
    "Traceback",
    "nobody foresaw",
    "set aside",
    "could not",
    "can't be taken",
    "job failed",
    "taken over",
)
SHOWN: Final = 10  # of each kind of complaint


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    main_mb: float
    workers_mb: float
    workers: int
    files: int  # handles of whatever is no connection
    sockets: int  # connections are kept for a moment, so there are as many as feeds were just asked
    threads: int
    cpu: float  # seconds so far
    late: float  # seconds, at worst so far
    silent: float  # since the last look for work
    polls: int

    def __str__(self) -> str:
        return (
            f"main {self.main_mb:.0f} MB, {self.workers} workers {self.workers_mb:.0f} MB, {self.files} files, {self.sockets} sockets, "
            f"{self.threads} threads, {self.polls} polls, {self.cpu:.0f} CPU s, late by {self.late:.1f} s"
        )


@dataclass(frozen=True, slots=True)
class FeedLook:
    """A feed's row."""

    number: int
    due_at: datetime | None
    last_polled_at: datetime | None
    lease_until: datetime | None
    lease_token: str | None
    failures: int
    paused: str | None
    last_error: str | None

    def overdue(self, now: datetime) -> timedelta:
        """What is in hand is not: how long it stays there is another matter."""
        is_in_hand = self.lease_until is not None and self.lease_until > now
        return timedelta(0) if self.due_at is None or is_in_hand else max(now - self.due_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Books:
    """What is stored."""

    articles: Sequence[str]  # their addresses
    waiting: Sequence[str]  # entries, as JSON
    held: Sequence[str]  # addresses of what is told later: a flood is, when it is over
    due: int  # entries, alerts and messages that wait for nothing but their turn


@dataclass(frozen=True, slots=True)
class Result:
    table: str
    complaints: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.complaints

    def __str__(self) -> str:
        return "\n".join((self.table, *(f"WRONG: {line}" for line in self.complaints)))

    @classmethod
    def of(
        cls,
        origin: Origin,
        *,
        samples: Sequence[Sample],
        looks: Sequence[tuple[datetime, Sequence[FeedLook]]],
        books: Books,
        told: Sequence[str],
        log: str,
        exit_status: int | None,
        until: float = float("inf"),
        is_timed: bool = True,
    ) -> Self:
        """`until`: what was shown later may still have been in hand at the end."""
        stock = Stock(origin, books, told, until=until)
        complaints = (
            *(_growth(samples) if is_timed else ()),
            *(_lateness(samples) if is_timed else ()),
            *(_stuck(looks) if is_timed else ()),
            *_forgotten(looks[-1][1], gone=origin.gone),
            *stock.complaints(),
            *([f"in the end {books.due} entries, alerts and messages still wait for their turn"] if books.due else ()),
            *_surprises(log),
            *([] if exit_status == 0 else [f"the daemon ended with {exit_status}: {log[-500:]}"]),
        )
        return cls("\n".join((*_figures(samples, looks), *stock.figures())), tuple(complaints))


# -- what it took ----------------------------------------------------------------------------------


def _thirds(samples: Sequence[Sample]) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """The first and the last of the time after the start."""
    warm = samples[int(len(samples) * WARM) :]
    third = max(len(warm) // 3, 1)
    return warm[:third], warm[-third:]


def _medians(samples: Sequence[Sample], what: str) -> tuple[float, float]:
    first, last = _thirds(samples)
    return median(getattr(one, what) for one in first), median(getattr(one, what) for one in last)


def _growth(samples: Sequence[Sample]) -> Iterator[str]:
    if not samples or samples[-1].at < LONG_ENOUGH:
        return
    for what in ("main_mb", "workers_mb", "files", "sockets", "threads"):
        first, last = _medians(samples, what)
        if last > _may_be(what, first):
            yield f"{what.replace('_mb', ' MB')} grew from {first:.1f} to {last:.1f}"


def _may_be(what: str, first: float) -> float:
    match what:
        case "main_mb":
            return GROWTH * first
        case "workers_mb":
            return max(GROWTH * first, first + WORKERS_GROWTH_MB)
        case "sockets":
            return max(GROWTH * first, first + MORE)
        case _:
            return first + MORE


def _lateness(samples: Sequence[Sample]) -> Iterator[str]:
    late = max((max(one.late, one.silent - 1) for one in samples), default=0.0)
    if late > LATEST:
        yield f"a look for work was late by {late:.1f} s"


def _figures(samples: Sequence[Sample], looks: Sequence[tuple[datetime, Sequence[FeedLook]]]) -> Iterator[str]:
    if not samples:
        return
    yield f"{'':<20}{'first third':>12}{'last third':>12}{'most':>10}"
    for what in ("main_mb", "workers_mb", "workers", "files", "sockets", "threads"):
        first, last = _medians(samples, what)
        most = max(getattr(one, what) for one in samples)
        yield f"{what.replace('_mb', ' MB'):<20}{first:>12.1f}{last:>12.1f}{most:>10.1f}"
    span = samples[-1].at - samples[0].at or 1.0
    polls, cpu = samples[-1].polls - samples[0].polls, samples[-1].cpu - samples[0].cpu
    late = max(max(one.late, one.silent - 1) for one in samples)
    most = max((look.overdue(now) for now, feeds in looks[1:] for look in feeds), default=timedelta(0))
    yield f"{polls} polls, {polls / span:.1f} a second, {cpu / span:.2f} CPUs; a look for work late by {late:.1f} s at worst"
    yield f"a feed overdue by {most.total_seconds():.0f} s at worst"


# -- feeds that are not asked ----------------------------------------------------------------------


def _stuck(looks: Sequence[tuple[datetime, Sequence[FeedLook]]]) -> Iterator[str]:
    since: dict[tuple[int, str], datetime] = {}
    late: dict[int, str] = {}
    for now, feeds in looks[1:]:
        for look in feeds:
            if look.overdue(now) > OVERDUE:
                late.setdefault(look.number, f"overdue by {look.overdue(now).total_seconds():.0f} s")
            if look.lease_token and now - since.setdefault((look.number, look.lease_token), now) > OVERDUE:
                late.setdefault(look.number, "in hand for more than two minutes")
    yield from some(f"feed {number} is stuck: {why}" for number, why in sorted(late.items()))


def _forgotten(feeds: Sequence[FeedLook], *, gone: set[int]) -> Iterator[str]:
    """Never asked, or never again. One that is well is asked after its own pause, as no server asked for a longer one."""
    for look in feeds:
        if look.last_polled_at is None:
            yield f"feed {look.number} was never asked"
        elif look.lease_token is None and look.due_at is None and look.number not in gone:
            yield f"feed {look.number} is not asked again: {look.paused}"
        elif not look.failures and look.due_at is not None and look.due_at - look.last_polled_at > SOON:
            yield f"feed {look.number} is well, but asked only at {look.due_at:%H:%M:%S}"


# -- what is stored and told -----------------------------------------------------------------------


class Stock:
    """What feeds showed, beside what came of it."""

    def __init__(self, origin: Origin, books: Books, told: Sequence[str], *, until: float) -> None:
        self._origin = origin
        self._shown = {name: at for name, at in origin.shown.items() if at <= until}
        self._stored = Counter(name for url in books.articles for name in names_in(url))
        self._waiting = {name for content in books.waiting for name in names_in(content)}
        self._held = {name for url in books.held for name in names_in(url)}
        self._told = Counter(name for message in told for name in set(names_in(message)))
        self._strange = [url for url in books.articles if not names_in(url) and f"/{HOSTILE}/" not in url]

    def complaints(self) -> Iterator[str]:
        lost = self._shown.keys() - self._stored.keys() - self._waiting
        yield from some(f"lost: {self._say(name)}" for name in sorted(lost))
        twice = [name for name, times in self._stored.items() if times > 1]
        yield from some(f"stored {self._stored[name]} times: {self._say(name)}" for name in sorted(twice))
        yield from some(f"stored, though nobody published it: {url}" for url in sorted(self._strange))
        untold = (
            {name for name in self._shown if self._is_marked(name)} - self._told.keys() - self._waiting - self._held
        )
        yield from some(f"not told: {self._say(name)}" for name in sorted(untold - lost))
        again = [name for name, times in self._told.items() if times > 1]
        yield from some(f"told {self._told[name]} times: {self._say(name)}" for name in sorted(again))
        wrong = [name for name in self._told if not self._is_marked(name)]
        yield from some(f"told, though it does not concern anybody: {self._say(name)}" for name in sorted(wrong))

    def figures(self) -> Iterator[str]:
        marked = sum(map(self._is_marked, self._shown))
        yield f"{len(self._shown)} entries shown, {len(self._stored)} stored, {len(self._waiting)} waiting"
        yield f"{marked} of them to be told, {len(self._told)} told, {len(self._held)} held until a flood is over"
        answers = ", ".join(f"{what} {times}" for what, times in self._origin.answers.most_common())
        yield f"answers: {answers}"

    def _is_marked(self, name: Name) -> bool:
        feed, number = name
        return feed < len(self._origin.feeds) and self._origin.feeds[feed].pieces[number].is_marked

    def _say(self, name: Name) -> str:
        feed, number = name
        been = ", ".join(f"{phase.what} at {phase.start:.0f}" for phase in self._origin.phases[feed])
        shown = self._shown.get(name)
        at = "never shown well" if shown is None else f"shown at {shown:.0f}"
        return f"entry {number} of feed {feed}, {at} ({been})"


def _surprises(log: str) -> Iterator[str]:
    yield from some(line for line in log.splitlines() if any(sign in line for sign in SURPRISES))


def some(lines: Iterable[str]) -> Iterator[str]:
    """The first of them, and how many more there are."""
    found = list(lines)
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield f"… and {len(found) - SHOWN} more of the kind of the last"
