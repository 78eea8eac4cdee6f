"""What a report of quiet counts, and which reports were made."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.alerts.report import Matched, Reading
from monitor.model import Quality
from monitor.store.tables import ALERT, ARTICLE, ENTRY, FEED, MATCH, OWN_NOTICE, EntryState

KIND: Final = "all quiet"
IN_PART: Final = (Quality.TEASER, Quality.PAYWALL, Quality.NO_ARTICLE)
WITH_REPORT: Final = timedelta(minutes=10)  # what waited for the same moment goes with the time before
BEHIND: Final = timedelta(minutes=2)  # what is due for longer was left lying
LONG_AGO: Final = timedelta(days=60)


def began_at(session: Session) -> datetime | None:
    """When the first of the feeds was read for the first time; None: nothing was read yet."""
    first: datetime | None = session.scalar(sa.select(sa.func.min(FEED.c.first_read_at)).where(FEED.c.is_active))
    return first


def is_behind(session: Session, *, now: datetime) -> bool:
    """Whether feeds or articles wait to be read, as after a time when nobody read."""
    f, e, before = FEED.c, ENTRY.c, now - BEHIND
    feeds = sa.exists().where(f.is_active, f.paused.is_(None), f.due_at < before)
    entries = sa.exists().where(e.state == EntryState.WAITING, e.due_at < before)
    return bool(session.scalar(sa.select(sa.or_(feeds, entries))))


def loud(session: Session, channel: str, topics: Collection[str], *, since: datetime) -> set[str]:
    """Those of which the channel was told something since then, or something waits to be told."""
    a = ALERT.c
    came = sa.or_(a.created_at > since, a.decided_at > since + WITH_REPORT)
    is_told = sa.or_(a.decision == "hold", sa.and_(a.decision == "send", came))
    here = sa.and_(a.channel == channel, a.topic.in_(list(topics)))
    return set(session.scalars(sa.select(a.topic).where(here, is_told).distinct()))


def reading(session: Session, *, since: datetime) -> Reading:
    f, c, e = FEED.c, ARTICLE.c, ENTRY.c
    is_read = f.last_success_at > since
    is_bad = sa.or_(f.failures > 0, f.paused.is_not(None))
    feeds = sa.select(
        sa.func.count(),
        sa.func.count(sa.case((is_read, 1))),
        sa.func.count(sa.case((sa.and_(is_bad, sa.func.coalesce(~is_read, sa.true())), 1))),
        sa.func.count(sa.case((sa.and_(is_bad, is_read), 1))),
    )
    articles = sa.select(sa.func.count(), sa.func.count(sa.case((c.quality.in_(IN_PART), 1))))
    unread = sa.and_(e.state.in_((EntryState.WAITING, EntryState.POISONED)), e.first_seen_at > since)
    return Reading(
        *session.execute(feeds.where(f.is_active)).one(),
        *session.execute(articles.where(c.first_seen_at > since)).one(),
        session.scalar(sa.select(sa.func.count()).select_from(ENTRY).where(unread)) or 0,
    )


def matched(session: Session, channel: str, topics: Collection[str], *, since: datetime) -> dict[str, Matched]:
    """By topic, those that concerned any article that came since then, or was decided about."""
    a, m, names = ALERT.c, MATCH.c, list(topics)
    counting = sa.select(m.topic, sa.func.count()).join(ARTICLE, ARTICLE.c.id == m.article_id)
    counted = session.execute(
        counting.where(ARTICLE.c.first_seen_at > since, m.topic.in_(names)).group_by(m.topic).order_by(m.topic)
    )
    dropped = sa.and_(a.channel == channel, a.topic.in_(names), a.decision == "drop", a.decided_at > since)
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for row in session.execute(sa.select(a.topic, a.reason).where(dropped).distinct().order_by(a.reason)):
        reasons[row.topic].append(row.reason)
    return {row[0]: Matched(row[1], tuple(reasons[row[0]])) for row in counted}


# -- which were made -----------------------------------------------------------------------------


def made(session: Session, channel: str, topics: Collection[str], *, day: date) -> set[str]:
    """Those of which the channel had the report of this local day, or of a later one."""
    n = OWN_NOTICE.c
    subjects = {_subject(channel, topic): topic for topic in topics}
    known = sa.and_(n.kind == KIND, n.subject.in_(list(subjects)), n.about >= day.isoformat())
    return {subjects[subject] for subject in session.scalars(sa.select(n.subject).where(known))}


def remember(session: Session, channel: str, topics: Collection[str], *, day: date, now: datetime) -> None:
    n = OWN_NOTICE.c
    subjects = [_subject(channel, topic) for topic in topics]
    before = sa.or_(n.subject.in_(subjects), n.told_at < now - LONG_AGO)
    session.execute(sa.delete(OWN_NOTICE).where(n.kind == KIND, before))
    rows = [{"kind": KIND, "subject": each, "told_at": now, "about": day.isoformat()} for each in subjects]
    session.execute(sa.insert(OWN_NOTICE), rows)


def _subject(channel: str, topic: str) -> str:
    return json.dumps([channel, topic], ensure_ascii=False)
