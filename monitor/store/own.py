"""What was told of monitor itself, and what there may be to tell: its outbox, and what its topics find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.alerts.condition import Told
from monitor.alerts.own import Backlog, Key, Own
from monitor.alerts.usual import BACK
from monitor.model import DeliveryState
from monitor.store import channels as states
from monitor.store import days
from monitor.store.tables import ARTICLE, DELIVERY, MATCH, OWN_NOTICE

LONG: Final = timedelta(minutes=30)
BEFORE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Found:
    """What topics found on each local day of the last weeks, and on which of these anything was read."""

    by_topic: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    read: frozenset[date] = frozenset()


def told(session: Session) -> dict[Key, Told]:
    n = OWN_NOTICE.c
    rows = session.execute(sa.select(OWN_NOTICE).where(n.kind.in_(list(Own))))
    return {(Own(row.kind), row.subject): Told(row.told_at, row.about, row.over_at) for row in rows}


def remember(session: Session, marks: Mapping[Key, Told | None]) -> None:
    """What was told, in the transaction that puts it into the outbox; None forgets it."""
    n = OWN_NOTICE.c
    for (kind, subject), mark in marks.items():
        session.execute(sa.delete(OWN_NOTICE).where(n.kind == kind, n.subject == subject))
        if mark is not None:
            row = {"kind": kind, "subject": subject, "told_at": mark.at, "about": mark.about, "over_at": mark.over_at}
            session.execute(sa.insert(OWN_NOTICE).values(**row))


def backlog(session: Session, channels: Sequence[str], *, now: datetime) -> Backlog:
    """Of channels that work: who was told that one does not knows why its messages wait."""
    d = DELIVERY.c
    given_up = [name for name in channels if states.state(session, name).current(now=now).is_given_up(now=now)]
    ours = sa.and_(d.channel.in_(list(channels)), d.channel.not_in(given_up))
    waits = sa.and_(ours, d.state == DeliveryState.WAITING)
    # That of one that came from another channel counts from there on.
    began = sa.func.coalesce(d.trying_since, d.created_at)
    old = sa.select(d.channel, sa.func.count(), sa.func.min(began)).where(waits, began < now - LONG)
    rows = session.execute(old.group_by(d.channel)).all()
    waited = sa.or_(d.state == DeliveryState.WAITING, d.sent_at > now - BEFORE)
    then = sa.select(sa.func.count()).select_from(DELIVERY).where(ours, waited, began < now - LONG - BEFORE)
    since = min((row[2] for row in rows), default=None)
    return Backlog({row[0]: row[1] for row in rows}, session.scalar(then) or 0, since)


def found(session: Session, *, today: date) -> Found:
    """This looks at all matches of the last weeks, so it is asked seldom."""
    c, first = ARTICLE.c, days.first_of(session, today - BACK)
    counting = sa.select(MATCH.c.topic, c.day, sa.func.count()).join(ARTICLE, c.id == MATCH.c.article_id)
    by_topic: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for topic, day, count in session.execute(counting.where(c.id >= first).group_by(MATCH.c.topic, c.day)):
        by_topic[topic][day] = count
    return Found(by_topic, frozenset(session.scalars(sa.select(c.day).where(c.id >= first).distinct())))
