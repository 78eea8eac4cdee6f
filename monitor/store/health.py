"""How feeds fare: what `status` shows of them, and what was told of them. A few statements for all feeds, not one each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.alerts.condition import Condition, State, Told, Trouble
from monitor.alerts.outage import begin
from monitor.store.tables import ENTRY, FEED, NOTICE
from monitor.timing import LEAST_TIMES, Rhythm, silent_after

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
YEAR: Final = timedelta(days=365)
DATED: Final = 50  # entries whose delay is looked at
COLUMNS: Final = [column for column in FEED.c if column.name != "listed"]  # which is large

Marks = Mapping[tuple[int, Trouble], Told | None]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as `monitor status` shows it; docs/operations.md says what each means."""

    url: str
    name: str
    last_success_at: datetime | None = None
    last_error: str | None = None
    next_poll_at: datetime | None = None
    failures: int = 0
    state: State = "new"
    next_poll_why: str | None = None
    failing_since: datetime | None = None
    complaint: str | None = None
    paused: str | None = None
    moved_to: str | None = None
    new_at: datetime | None = None
    entries_a_day: float | None = None
    lag_seconds: float | None = None
    silent_since: datetime | None = None
    longest_pause_seconds: float | None = None
    gap_at: datetime | None = None
    gaps: int = 0
    notice: tuple[Trouble, ...] = ()
    notice_at: datetime | None = None
    polls: str = ""  # of the last 96, the oldest first: n(ew), u(nchanged), f(ailed)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The feeds of which something may be to tell."""

    conditions: tuple[Condition, ...]
    asked: int  # feeds that were asked since the first of these was out of reach; no folders
    states: Mapping[State, int]  # of all feeds
    read_at: datetime | None = None  # when the last of all feeds was read that lie behind a network


# -- what is shown -------------------------------------------------------------------------------


def feeds(session: Session, *, only: Collection[str] | None = None, now: datetime) -> list[FeedHealth]:
    """All, or those with these URLs: what each took and how late it was is counted among its entries, which takes a while."""
    rhythms, told = silent(session, now=now), _told(session)
    columns = (*COLUMNS, _new_since(now - WEEK).label("new_entries"), _lag().label("lag"))
    wanted = sa.select(*columns).where(FEED.c.is_active).order_by(FEED.c.id)
    rows = session.execute(wanted if only is None else wanted.where(FEED.c.url.in_(only)))
    return [_health(row, _condition(row, rhythms.get(row.id), told.get(row.id, {})), now=now) for row in rows]


def unwell(session: Session) -> set[str]:
    """URLs of those that fail, or are left alone."""
    f = FEED.c
    return set(session.scalars(sa.select(f.url).where(f.is_active, sa.or_(f.failures > 0, f.paused.is_not(None)))))


def odd(session: Session, *, now: datetime) -> set[str]:
    """URLs of those of which there is something to say."""
    f = FEED.c
    is_odd = sa.or_(_is_odd(), f.id.in_(silent(session, now=now)))
    return set(session.scalars(sa.select(f.url).where(f.is_active, is_odd)))


def _is_odd() -> sa.ColumnElement[bool]:
    f = FEED.c
    return sa.or_(f.failures > 0, f.paused.is_not(None), f.last_error.is_not(None), f.moved_to.is_not(None))


def _health(row: sa.Row[Any], condition: Condition, *, now: datetime) -> FeedHealth:
    pause, standing = condition.longest_pause, [kind for kind in Trouble if condition.stands(kind)]
    return FeedHealth(
        url=row.url,
        name=row.name,
        last_success_at=row.last_success_at,
        last_error=row.last_error,
        next_poll_at=row.due_at,
        failures=row.failures,
        state=condition.state,
        next_poll_why=row.due_for if row.due_at else None,
        failing_since=row.failing_since,
        complaint=condition.complaint,
        paused=row.paused,
        moved_to=row.moved_to,
        new_at=row.new_at,
        entries_a_day=_a_day(row, now=now),
        lag_seconds=None if row.lag is None else round(float(row.lag), 1),
        silent_since=row.new_at if condition.state == "silent" else None,
        longest_pause_seconds=pause.total_seconds() if pause else None,
        gap_at=row.gap_at,
        gaps=row.gaps,
        notice=tuple(standing),
        notice_at=max((condition.told[kind].at for kind in standing), default=None),
        polls=row.polls,
    )


def _a_day(row: sa.Row[Any], *, now: datetime) -> float | None:
    """Of the last week, or of the time since its first reading; None where that is not a day yet."""
    if row.first_read_at is None or (watched := min(now - row.first_read_at, WEEK)) < DAY:
        return None
    return float(round(row.new_entries * (DAY / watched), 1))


def _new_since(moment: datetime) -> sa.ScalarSelect[int]:
    """How many entries came after the feed's first reading, all of which was backlog."""
    is_new = sa.and_(ENTRY.c.first_seen_at > FEED.c.first_read_at, ENTRY.c.first_seen_at > moment)
    counting = sa.select(sa.func.count()).select_from(ENTRY).where(ENTRY.c.feed_id == FEED.c.id, is_new)
    return counting.correlate(FEED).scalar_subquery()


def _lag() -> sa.ScalarSelect[Any]:
    """The median of how long after its publication an entry was seen, of the last ones.

    What was published before the feed was watched says nothing of it: it may have slid back into the list.
    """
    e = ENTRY.c
    is_new = sa.and_(e.first_seen_at > FEED.c.first_read_at, e.published_at > FEED.c.first_read_at)
    lag = (_epoch(e.first_seen_at) - _epoch(e.published_at)).label("lag")
    last = sa.select(lag).where(e.feed_id == FEED.c.id, is_new).order_by(e.first_seen_at.desc()).limit(DATED)
    found = last.correlate(FEED).subquery()
    place = sa.func.row_number().over(order_by=found.c.lag).label("place")
    ranked = sa.select(found.c.lag, place, sa.func.count().over().label("total")).subquery()
    is_middle = sa.and_(2 * ranked.c.place >= ranked.c.total, 2 * ranked.c.place <= ranked.c.total + 2)
    seen_after = sa.case((ranked.c.lag > 0, ranked.c.lag), else_=0)  # a date in the future is a mistake
    return sa.select(sa.func.avg(seen_after)).where(is_middle).scalar_subquery()


# -- whether it is silent ------------------------------------------------------------------------


def silent(session: Session, *, now: datetime) -> dict[int, Rhythm]:
    """Feeds that can be read and list nothing new for longer than is their way; and what that is."""
    rhythms = _rhythms(session, now=now)
    quiet = session.execute(sa.select(FEED.c.id, FEED.c.new_at, FEED.c.last_success_at).where(_is_quiet()))
    pauses = {row.id: row.last_success_at - row.new_at for row in quiet if row.id in rhythms}
    return {
        feed_id: rhythms[feed_id]
        for feed_id, pause in pauses.items()
        if (most := silent_after(rhythms[feed_id])) and pause > most
    }


def _is_quiet() -> sa.ColumnElement[bool]:
    """It listed nothing new for a day, though it was read."""
    f = FEED.c
    is_long = _epoch(f.last_success_at) - _epoch(f.new_at) > DAY.total_seconds()
    return sa.and_(f.is_active, f.failures == 0, f.paused.is_(None), is_long)


def _rhythms(session: Session, *, now: datetime) -> dict[int, Rhythm]:
    """Of quiet feeds: of the month before they last listed something new, or of the last ten times where these took longer."""
    e, f = ENTRY.c, FEED.c
    is_known = sa.and_(e.feed_id == f.id, e.first_seen_at > f.first_read_at, e.first_seen_at > now - YEAR)
    at, new_at = _epoch(e.first_seen_at).label("at"), _epoch(f.new_at).label("new_at")
    times = sa.select(e.feed_id, at, new_at).join_from(FEED, ENTRY, is_known).where(_is_quiet())
    t = times.group_by(e.feed_id, at, new_at).subquery().c
    backwards: dict[str, Any] = {"partition_by": t.feed_id, "order_by": t.at.desc()}
    before = sa.func.lead(t.at).over(**backwards).label("before")
    place = sa.func.row_number().over(**backwards).label("place")
    r = sa.select(t.feed_id, t.at, t.new_at, before, place).subquery().c
    is_late = sa.or_(r.place <= LEAST_TIMES, r.new_at - r.at <= MONTH.total_seconds())
    longest, span = sa.func.max(r.at - r.before), sa.func.max(r.at) - sa.func.min(r.at)
    rows = session.execute(sa.select(r.feed_id, sa.func.count(), longest, span).where(is_late).group_by(r.feed_id))
    return {row[0]: Rhythm(row[1], timedelta(seconds=int(row[2] or 0)), timedelta(seconds=int(row[3]))) for row in rows}


def _epoch(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.extract("epoch", column)


# -- what is to be told --------------------------------------------------------------------------


def outlook(session: Session, silent: Mapping[int, Rhythm]) -> Outlook:
    """Which are `silent` takes a look at all that they listed, so it is asked less often and handed in."""
    f = FEED.c
    told = _told(session)
    which = sa.or_(_is_odd(), f.id.in_(sa.select(NOTICE.c.feed_id)), f.id.in_(silent))
    rows = session.execute(sa.select(*COLUMNS).where(f.is_active, which).order_by(f.id))
    conditions = tuple(_condition(row, silent.get(row.id), told.get(row.id, {})) for row in rows)
    began = begin(conditions)
    is_asked = sa.and_(f.host.is_not(None), f.last_polled_at >= began) if began else sa.false()
    counts = (sa.func.count(), sa.func.count(f.last_success_at), sa.func.count(sa.case((is_asked, 1))))
    every, read, asked = session.execute(sa.select(*counts).where(f.is_active)).one()
    reached = sa.select(f.last_success_at).where(f.is_active, f.host.is_not(None), f.last_success_at.is_not(None))
    read_at = session.scalar(reached.order_by(f.last_success_at.desc()).limit(1))
    return Outlook(conditions, asked, _states(conditions, every=every, read=read), read_at)


def _states(conditions: Collection[Condition], *, every: int, read: int) -> dict[State, int]:
    states: Counter[State] = Counter(feed.state for feed in conditions)
    odd_and_read = sum(1 for feed in conditions if feed.last_success_at)
    states["ok"] += read - odd_and_read
    states["new"] += every - read - (len(conditions) - odd_and_read)
    return {state: states[state] for state in ("ok", "new", "failing", "paused", "silent")}


def _told(session: Session) -> dict[int, dict[Trouble, Told]]:
    told: defaultdict[int, dict[Trouble, Told]] = defaultdict(dict)
    for row in session.execute(sa.select(NOTICE)):
        told[row.feed_id][Trouble(row.kind)] = Told(row.told_at, row.about, row.over_at)
    return told


def _condition(row: sa.Row[Any], rhythm: Rhythm | None, told: Mapping[Trouble, Told]) -> Condition:
    return Condition(
        id=row.id,
        name=row.name,
        host=row.host,
        failures=row.failures,
        last_error=row.last_error,
        failing_since=row.failing_since,
        paused=row.paused,
        due_at=row.due_at,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        moved_to=row.moved_to,
        new_at=row.new_at,
        longest_pause=rhythm.longest if rhythm else None,
        silent_after=silent_after(rhythm) if rhythm else None,
        told=told,
    )


def remember(session: Session, marks: Marks) -> None:
    """What was told, in the transaction that puts it into the outbox; None forgets it."""
    n = NOTICE.c
    if marks:
        mine = sa.and_(n.feed_id == sa.bindparam("feed"), n.kind == sa.bindparam("of"))
        session.execute(sa.delete(NOTICE).where(mine), [{"feed": feed_id, "of": kind} for feed_id, kind in marks])
    rows = [
        {"feed_id": feed_id, "kind": kind, "told_at": told.at, "about": told.about, "over_at": told.over_at}
        for (feed_id, kind), told in marks.items()
        if told is not None
    ]
    if rows:
        session.execute(sa.insert(NOTICE), rows)
