"""How each channel fares: whether it fails, pauses or is broken, and since when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import DeliveryState
from monitor.store.tables import CHANNEL_STATE, DELIVERY

BROKEN: Final = 3  # refusals in a row
PATIENCE: Final = timedelta(minutes=30)  # of failures, before its fallback takes over and somebody is told
LONG_AGO: Final = timedelta(days=1)
OUTAGE: Final = timedelta(minutes=5)  # of failures; what waited for the end of a longer one is told together
NOTHING_WRONG: Final = {
    "failures": 0,
    "failing_since": None,
    "refusals": 0,
    "paused_until": None,
    "broken_at": None,
    "told_at": None,
}

Condition = Literal["ok", "failing", "paused", "broken"]


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What is remembered of a channel."""

    name: str
    last_success_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    refusals: int = 0
    paused_until: datetime | None = None
    broken_at: datetime | None = None
    told_at: datetime | None = None

    def is_paused(self, *, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    def is_given_up(self, *, now: datetime) -> bool:
        """It has failed so long, or so surely, that another channel must do."""
        has_failed_long = self.failing_since is not None and now - self.failing_since >= PATIENCE
        return has_failed_long or self.broken_at is not None

    @property
    def in_trouble_until(self) -> datetime | None:
        """The end of what is known of its failures: the last one, or the rest that followed."""
        return max(filter(None, (self.last_error_at, self.paused_until)), default=None)

    def current(self, *, now: datetime) -> ChannelState:
        """A run of failures whose last lies a day back, when nobody tried, says nothing of today."""
        last = self.in_trouble_until
        if self.failing_since is None or last is None or now - last < LONG_AGO:
            return self
        return replace(self, failing_since=None, failures=0)

    def was_away(self, *, now: datetime) -> bool:
        since = self.failing_since or self.broken_at
        return since is not None and now - since >= OUTAGE

    def condition(self, *, now: datetime) -> Condition:
        if self.broken_at is not None:
            return "broken"
        if self.is_paused(now=now) and not self.failures:
            return "paused"
        return "failing" if self.failing_since is not None else "ok"


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """A channel as `monitor status` shows it."""

    name: str
    state: Condition
    last_success_at: datetime | None
    last_error: str | None
    failures: int  # in a row
    paused_until: datetime | None
    waiting: int
    maybe: int
    dead: int


def state(session: Session, channel: str) -> ChannelState:
    row = session.execute(sa.select(CHANNEL_STATE).where(CHANNEL_STATE.c.channel == channel)).one_or_none()
    return _state(row) if row is not None else ChannelState(channel)


def _state(row: sa.Row[Any]) -> ChannelState:
    values = row._asdict()
    return ChannelState(values.pop("channel"), **values)


# -- what happened to it -------------------------------------------------------------------------


def worked(session: Session, known: ChannelState, *, now: datetime) -> None:
    """What it asked for meanwhile still holds."""
    rest = {"paused_until": known.paused_until} if known.condition(now=now) == "paused" else {}
    note(session, known.name, last_success_at=now, last_error=None, **NOTHING_WRONG | rest)


def failed(session: Session, known: ChannelState, what: str, *, now: datetime, until: datetime) -> None:
    """From the second failure in a row on it rests until then: what waits need not fail one by one."""
    pause = {"paused_until": until} if known.failures else {}
    note(session, known.name, **_failure(known, what, now=now) | pause)


def refused(session: Session, known: ChannelState, what: str, *, now: datetime, until: datetime) -> None:
    """For good; with the third in a row it is broken, and rests until then."""
    changes: dict[str, Any] = {"refusals": known.refusals + 1, "failing_since": known.failing_since}
    if known.refusals + 1 >= BROKEN:
        changes |= {"broken_at": known.broken_at or now, "paused_until": until}
    note(session, known.name, **_failure(known, what, now=now) | changes)


def paused(session: Session, known: ChannelState, what: str, *, now: datetime, until: datetime) -> None:
    """It asked to be left alone: it answers, so this is no failure, but what waits does not wait for ever."""
    since = known.failing_since or now
    changes = {"last_error": what, "last_error_at": now, "failing_since": since, "paused_until": until}
    note(session, known.name, failures=0, **changes)


def is_news(session: Session, channel: str, *, now: datetime) -> bool:
    """Whether it is given up and nobody was told yet; from now on somebody was."""
    known = state(session, channel)
    if known.told_at is not None or not known.is_given_up(now=now):
        return False
    note(session, channel, told_at=now)
    return True


def _failure(known: ChannelState, what: str, *, now: datetime) -> dict[str, Any]:
    since = known.failing_since or now
    return {"last_error": what, "last_error_at": now, "failures": known.failures + 1, "failing_since": since}


def try_again(session: Session, channels: Collection[str]) -> None:
    """These are new or were changed: what they did before does not count."""
    c = CHANNEL_STATE.c
    session.execute(sa.update(CHANNEL_STATE).where(c.channel.in_(list(channels))).values(**NOTHING_WRONG))


def start(session: Session) -> None:
    """The program starts: those that rest after failures are tried at once. What they asked for still holds."""
    session.execute(sa.update(CHANNEL_STATE).where(CHANNEL_STATE.c.failures > 0).values(paused_until=None))


def note(session: Session, channel: str, **changes: object) -> None:
    is_it = CHANNEL_STATE.c.channel == channel
    if session.execute(sa.update(CHANNEL_STATE).where(is_it).values(**changes)).rowcount:  # type: ignore[attr-defined]  # CursorResult
        return
    session.execute(sa.insert(CHANNEL_STATE).values(channel=channel, **{"failures": 0, "refusals": 0, **changes}))


# -- what is shown -------------------------------------------------------------------------------


def known(session: Session) -> list[str]:
    """Those that were told something, or are to be."""
    return sorted(session.scalars(sa.select(DELIVERY.c.channel).distinct()))


def health(session: Session, channels: Sequence[str], *, now: datetime) -> list[ChannelHealth]:
    c = DELIVERY.c
    counting = sa.select(c.channel, c.state, sa.func.count().label("n")).group_by(c.channel, c.state)
    counts = {(row.channel, row.state): row.n for row in session.execute(counting)}
    return [_health(state(session, name), counts, now=now) for name in channels]


def _health(state: ChannelState, counts: dict[tuple[str, str], int], *, now: datetime) -> ChannelHealth:
    return ChannelHealth(
        name=state.name,
        state=state.condition(now=now),
        last_success_at=state.last_success_at,
        last_error=state.last_error,
        failures=state.failures,
        paused_until=state.paused_until if state.is_paused(now=now) else None,
        waiting=counts.get((state.name, DeliveryState.WAITING), 0),
        maybe=counts.get((state.name, DeliveryState.MAYBE), 0),
        dead=counts.get((state.name, DeliveryState.DEAD), 0),
    )
