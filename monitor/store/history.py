"""What was decided, and what each channel has been told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, assert_never

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Alert, Claim, Decision, DeliveryState, Drop, HeldAlert, Hold, Kind, Reason, Send, Told
from monitor.store import leases
from monitor.store.tables import ALERT, DELIVERY, NOTIFICATION

LEASE: Final = timedelta(minutes=2)
ON_PURPOSE: Final = (Reason.SILENCED, Reason.HIDDEN, Reason.QUIET_HOURS)
COMES: Final = (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.MAYBE)
UNCOUNTED: Final = (Kind.NOTICE, Kind.TEST, Kind.ALL_QUIET)
Verdict = Literal["send", "hold", "drop"]

# Asked for every article that concerns a topic, so they are built once: that takes longer than to ask them.
_STORY: Final = ALERT.c.story_id == sa.bindparam("story_id")
_HERE: Final = sa.and_(_STORY, ALERT.c.channel == sa.bindparam("channel"))
_TOLD: Final = (
    sa.select(ALERT.c.topic, ALERT.c.turn, ALERT.c.decision, ALERT.c.decided_at, ALERT.c.outlets_told)
    .where(_HERE, ALERT.c.decision.in_(("send", "hold")))
    .order_by(ALERT.c.decided_at, ALERT.c.id)
)
_TELLING_HELD: Final = (
    sa.select(ALERT)
    .where(_HERE, ALERT.c.topic == sa.bindparam("topic"), ALERT.c.decision == "hold", ALERT.c.is_correction.is_(False))
    .order_by(ALERT.c.turn)
    .limit(1)
)
_WEAK: Final = (
    sa.select(ALERT).where(_STORY, ALERT.c.decision == "drop", ALERT.c.reason == Reason.WEAK).order_by(ALERT.c.id)
)
_NEXT_DUE: Final = sa.select(ALERT.c.due_at).where(ALERT.c.decision == "hold").order_by(ALERT.c.due_at).limit(1)
_COMES: Final = sa.exists().where(
    DELIVERY.c.notification_id == NOTIFICATION.c.id,
    DELIVERY.c.channel == sa.bindparam("channel"),
    DELIVERY.c.state.in_(COMES),
)
_RECENT: Final = (
    sa.select(NOTIFICATION.c.created_at)
    .where(
        NOTIFICATION.c.channel == sa.bindparam("channel"),
        NOTIFICATION.c.created_at > sa.bindparam("since"),
        NOTIFICATION.c.kind.not_in(UNCOUNTED),
        _COMES,
    )
    .order_by(NOTIFICATION.c.created_at)
)
_RECENT_OF_TOPIC: Final = _RECENT.where(
    sa.exists().where(ALERT.c.notification_id == NOTIFICATION.c.id, ALERT.c.topic == sa.bindparam("topic"))
)


def told(session: Session, *, story_id: int, channel: str, topic: str) -> Told:
    """What this channel knows of this story."""
    rows = session.execute(_TOLD, {"story_id": story_id, "channel": channel}).all()
    sent = [row for row in rows if row.decision == "send"]
    mine = [row for row in sent if row.topic == topic]
    return Told(
        turn=max((row.turn + 1 for row in rows if row.topic == topic), default=0),
        topic_told_at=mine[-1].decided_at if mine else None,
        about_story_at=sent[-1].decided_at if sent else None,
        outlets_told=max((row.outlets_told for row in sent), default=0),  # whichever topic's message named them
    )


def told_up_to(session: Session, *, story_id: int, channel: str) -> int:
    """The story's newest article when this channel was last told of it, whatever the topic; 0: it was not.

    A message that only corrects tells nothing else that is new. An older version did not write down how far it told.
    """
    c, n = ALERT.c, NOTIFICATION.c
    went = sa.and_(c.story_id == story_id, c.channel == channel, c.decision == "send", c.is_correction.is_(False))
    had_room = sa.or_(c.told_up_to.is_not(None), n.kind != Kind.CORRECTION)
    up_to = sa.select(sa.func.max(sa.func.coalesce(c.told_up_to, c.article_id)))
    return session.scalar(up_to.join(NOTIFICATION, n.id == c.notification_id).where(went, had_room)) or 0


def telling_held(session: Session, *, story_id: int, channel: str, topic: str) -> HeldAlert | None:
    """The telling that waits, if any: what comes meanwhile goes with it. A correction is no such telling."""
    case = {"story_id": story_id, "channel": channel, "topic": topic}
    row = session.execute(_TELLING_HELD, case).one_or_none()
    return None if row is None else _held(row)


def is_open(session: Session, *, story_id: int, channel: str, topic: str) -> bool:
    """Whether nothing was decided yet, but perhaps that the topic was not told there."""
    c = ALERT.c
    case = sa.and_(c.story_id == story_id, c.channel == channel, c.topic == topic)
    return not session.scalar(sa.select(sa.exists().where(case, c.reason != Reason.REMOVED)))


def record(session: Session, alert: Alert, *, article_id: int, now: datetime, since: datetime | None = None) -> int:
    """Write what was decided; a case that was dropped before is opened again by a later article.

    `since`: when it was first decided, if that was elsewhere.
    """
    c = ALERT.c
    case = {"story_id": alert.story_id, "channel": alert.channel, "topic": alert.topic, "turn": alert.turn}
    verdict, reason, due_at = _columns(alert.decision)
    outcome = {
        "article_id": article_id,
        "decision": verdict,
        "reason": reason,
        "due_at": due_at,
        "is_urgent": alert.urgent,
        "is_correction": alert.is_correction,
        "decided_at": now,
        "note": "",
        # Whoever has it in hand to judge it again comes too late.
        "lease_until": None,
        "lease_token": None,
        "claims": 0,
    }
    is_case = [c[name] == value for name, value in case.items()]
    known = session.execute(sa.select(c.id, c.decision).where(*is_case)).one_or_none()
    if known is not None:
        anew = {} if known.decision == "hold" else {"created_at": since or now}
        session.execute(sa.update(ALERT).where(c.id == known.id).values(**outcome | anew))
        return int(known.id)
    adding = sa.insert(ALERT).values(**case, **outcome, created_at=since or now, outlets_told=0).returning(c.id)
    added: int = session.execute(adding).scalar_one()
    return added


def note(session: Session, alert_id: int, said: str) -> None:
    """What it was dropped for, more closely, for whoever asks why it was not told."""
    session.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(note=said))


def hidden(session: Session, *, story_id: int, channel: str) -> Sequence[HeldAlert]:
    """Alerts about a story that were not told here because a narrower topic would be."""
    c = ALERT.c
    case = sa.and_(c.story_id == story_id, c.channel == channel)
    dropped = sa.and_(case, c.decision == "drop", c.reason == Reason.HIDDEN)
    return [_held(row) for row in session.execute(sa.select(ALERT).where(dropped).order_by(c.id))]


def weak(session: Session, story_id: int) -> Sequence[HeldAlert]:
    """Alerts about a story that were too weak to be told: it may have grown since."""
    return [_held(row) for row in session.execute(_WEAK, {"story_id": story_id})]


def hiding(session: Session, *, story_id: int, channel: str, topics: Collection[str]) -> dict[str, bool]:
    """Those of `topics` for which this channel was told of the story, will be, or is not on purpose.

    Each with whether it merely waits, and nothing else was decided yet.
    """
    c = ALERT.c
    counts = sa.or_(c.decision.in_(("send", "hold")), sa.and_(c.decision == "drop", c.reason.in_(ON_PURPOSE)))
    here = sa.and_(c.story_id == story_id, c.channel == channel, c.topic.in_(topics))
    found: dict[str, bool] = {}
    for row in session.execute(sa.select(c.topic, c.decision).where(here, counts)):
        found[row.topic] = found.get(row.topic, True) and row.decision == "hold"
    return found


def _columns(decision: Decision) -> tuple[Verdict, Reason, datetime | None]:
    match decision:
        case Send(reason):
            return "send", reason, None
        case Hold(reason, until):
            return "hold", reason, until
        case Drop(reason):
            return "drop", reason, None
        case _:
            assert_never(decision)


# -- held alerts ---------------------------------------------------------------------------------


def claim_held(session: Session, *, now: datetime, limit: int) -> list[Claim[HeldAlert]]:
    token, ids = leases.take(session, ALERT, ALERT.c.decision == "hold", now=now, lease=LEASE, limit=limit)
    rows = {row.id: row for row in session.execute(sa.select(ALERT).where(ALERT.c.id.in_(ids)))}
    return [Claim(alert_id, token, _held(rows[alert_id])) for alert_id in ids]


def next_due(session: Session) -> datetime | None:
    """When the next held alert is judged again."""
    when: datetime | None = session.scalar(_NEXT_DUE)
    return when


def held(session: Session, *, story_id: int, channel: str) -> Sequence[HeldAlert]:
    """Alerts about a story that wait for this channel; when one goes out, they go with it."""
    c = ALERT.c
    waiting = sa.and_(c.story_id == story_id, c.channel == channel, c.decision == "hold")
    return [_held(row) for row in session.execute(sa.select(ALERT).where(waiting).order_by(c.id))]


def recent(session: Session, channel: str, *, since: datetime, topic: str | None = None) -> tuple[datetime, ...]:
    """When this channel was, or is to be, told of stories since then, the oldest first; or of those of one topic.

    What went another way, to a fallback or together with others, tired nobody here.
    """
    counts = {"channel": channel, "since": since}
    if topic is None:
        return tuple(session.scalars(_RECENT, counts))
    return tuple(session.scalars(_RECENT_OF_TOPIC, counts | {"topic": topic}))


def settle(session: Session, *, since: datetime, now: datetime) -> None:
    """`once`: what was held for company in this round need not wait any longer."""
    c = ALERT.c
    mine = sa.and_(
        c.decision == "hold", c.reason.in_((Reason.SETTLING, Reason.FLOOD)), c.decided_at >= since, c.due_at > now
    )
    session.execute(sa.update(ALERT).where(mine).values(due_at=now))


def close(session: Session, claim: Claim[HeldAlert], decision: Decision, *, now: datetime) -> None:
    verdict, reason, due_at = _columns(decision)
    leases.close(session, ALERT, claim.id, claim.token, decision=verdict, reason=reason, due_at=due_at, decided_at=now)


def _held(row: sa.Row[Any]) -> HeldAlert:
    return HeldAlert(
        id=row.id,
        topic=row.topic,
        story_id=row.story_id,
        channel=row.channel,
        turn=row.turn,
        article_id=row.article_id,
        reason=Reason(row.reason),
        since=row.created_at,
        is_correction=row.is_correction,
    )


def decided_since(session: Session, since: datetime) -> dict[str, int]:
    """How many alerts stand as sent, held, dropped by decisions since then."""
    c = ALERT.c
    counted = sa.select(c.decision, sa.func.count()).where(c.decided_at >= since).group_by(c.decision)
    return {row[0]: row[1] for row in session.execute(counted)}
