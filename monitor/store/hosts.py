"""Manners towards a host that last beyond this process, a row each. Of what is in hand takes care fetch/hosts.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from monitor.store.tables import FEED, HOST

APART: Final = timedelta(seconds=1)  # between two feeds of one host
OF_A_HOST: Final = 4  # in hand at a time; those of one that hangs must not keep all others from being asked
OF_AN_INNER_HOST: Final = 48
LATER: Final = timedelta(seconds=5)


def later(session: Session, feeds: Sequence[sa.Row[Any]], *, is_round: bool, now: datetime) -> Mapping[int, datetime]:
    """Those of these feeds, which are due, that must wait, by id, and when each is to be asked instead.

    A host that asked to be left alone is left alone. Feeds that share a host are dealt out moments, each one once.
    """
    names = {row.host for row in feeds if row.host}
    hosts = session.execute(sa.select(HOST).where(HOST.c.name.in_(names))).all() if names else ()
    rest = {row.name: row.next_at for row in hosts if row.next_at > now}
    free_at = {row.name: row.slot_at for row in hosts if row.slot_at is not None}
    dealt: dict[int, datetime] = {}
    waiting: dict[int, datetime] = {}
    for row in feeds:
        asked = rest.get(row.host, now)
        if is_round or not row.is_paced:
            waiting |= {row.id: asked} if asked > now else {}
        elif row.slot_at is None or asked > now:
            dealt[row.id] = moment = max(now, asked, free_at.get(row.host, now))
            free_at[row.host] = moment + APART
    _remember(session, {row.host for row in feeds if row.id in dealt}, {row.name for row in hosts}, free_at, now=now)
    mine = sa.update(FEED).where(FEED.c.id == sa.bindparam("feed")).values(slot_at=sa.bindparam("moment"))
    if dealt:
        session.execute(mine, [{"feed": feed, "moment": moment} for feed, moment in dealt.items()])
    waiting |= {feed: moment for feed, moment in dealt.items() if moment > now}
    return waiting if is_round else {**waiting, **_too_many(session, feeds, waiting, now=now)}


def _too_many(
    session: Session, feeds: Sequence[sa.Row[Any]], waiting: Collection[int], *, now: datetime
) -> Mapping[int, datetime]:
    """Those beyond what may be in hand of their host, where these feeds are held already."""
    names = {row.host for row in feeds if row.host and row.id not in waiting}
    c = FEED.c
    held = sa.select(c.host, sa.func.count()).where(c.lease_until > now, c.host.in_(names), c.id.not_in(waiting))
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(held.group_by(c.host))} if names else {}
    later: dict[int, datetime] = {}
    for row in reversed(feeds):
        most = OF_A_HOST if row.is_paced else OF_AN_INNER_HOST
        if row.id not in waiting and counts.get(row.host, 0) > most:
            counts[row.host] -= 1
            later[row.id] = now + LATER
    return later


def _remember(
    session: Session, names: Collection[str], known: Collection[str], free_at: Mapping[str, datetime], *, now: datetime
) -> None:
    new = [{"name": name, "next_at": now, "slot_at": free_at[name]} for name in names if name not in known]
    if new:
        session.execute(sa.insert(HOST), new)
    if again := [{"host": name, "moment": free_at[name]} for name in names if name in known]:
        moved = sa.update(HOST).where(HOST.c.name == sa.bindparam("host")).values(slot_at=sa.bindparam("moment"))
        session.execute(moved, again)


def resting(session: Session, *, now: datetime) -> dict[str, datetime]:
    """Those that asked to be left alone, and until when."""
    rows = session.execute(sa.select(HOST.c.name, HOST.c.next_at).where(HOST.c.next_at > now))
    return {row.name: row.next_at for row in rows}


def asks_to_wait(session: Session, host: str, *, until: datetime) -> None:
    if session.scalar(sa.select(HOST.c.name).where(HOST.c.name == host)) is None:
        session.execute(sa.insert(HOST).values(name=host, next_at=until))
        return
    session.execute(sa.update(HOST).where(HOST.c.name == host, HOST.c.next_at < until).values(next_at=until))


def reserve(session: Session, host: str, *, apart: timedelta) -> float:
    """The seconds until it may be asked, when all machines together ask it so far apart; PostgreSQL only.

    One statement, by the server's clock: those that ask at the same moment are given moments one after the other.
    """
    now, pause = sa.func.clock_timestamp(), sa.cast(apart, sa.Interval)
    free_at = sa.func.greatest(sa.func.coalesce(HOST.c.asked_at, now), now)
    asking = postgresql.insert(HOST).values(name=host, next_at=now, asked_at=now + pause)
    asking = asking.on_conflict_do_update(index_elements=[HOST.c.name], set_={"asked_at": free_at + pause})
    wait = sa.extract("epoch", HOST.c.asked_at - pause - sa.func.clock_timestamp())
    return max(float(session.execute(asking.returning(wait)).scalar_one()), 0.0)


def sweep(session: Session, *, before: datetime) -> None:
    """Hosts that nobody has asked for long."""
    is_over = sa.and_(HOST.c.next_at < before, sa.func.coalesce(HOST.c.slot_at, HOST.c.next_at) < before)
    session.execute(sa.delete(HOST).where(is_over))
