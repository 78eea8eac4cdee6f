"""What was decided, and what each channel has been told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Alert, Claim, Decision, Drop, HeldAlert, Hold, Reason, Send, Told
from monitor.store import leases
from monitor.store.tables import ALERT

LEASE: Final = timedelta(minutes=2)
Verdict = Literal["send", "hold", "drop"]


def told(session: Session, *, story_id: int, channel: str, topic: str) -> Told:
    """What this channel knows of this story."""
    c = ALERT.c
    sent = sa.and_(c.story_id == story_id, c.channel == channel, c.decision == "send")
    about = sa.select(c.topic, c.decided_at, c.outlets_told).where(sent).order_by(c.decided_at, c.id)
    rows = session.execute(about).all()
    if not rows:
        return Told()
    mine = [row for row in rows if row.topic == topic]
    return Told(
        turn=len(mine),
        topic_told_at=mine[-1].decided_at if mine else None,
        about_story_at=rows[-1].decided_at,
        outlets_told=(mine or rows)[-1].outlets_told,
    )


def is_held(session: Session, *, story_id: int, channel: str, topic: str) -> bool:
    c = ALERT.c
    held = sa.exists().where(c.story_id == story_id, c.channel == channel, c.topic == topic, c.decision == "hold")
    return session.scalar(sa.select(held)) or False


def record(session: Session, alert: Alert, *, article_id: int, now: datetime) -> int:
    """Write what was decided; a case that was dropped before is opened again by a later article."""
    c = ALERT.c
    case = {"story_id": alert.story_id, "channel": alert.channel, "topic": alert.topic, "turn": alert.turn}
    verdict, reason, due_at = _columns(alert.decision)
    outcome = {
        "article_id": article_id,
        "decision": verdict,
        "reason": reason,
        "due_at": due_at,
        "is_urgent": alert.urgent,
        "decided_at": now,
        # Whoever has it in hand to judge it again comes too late.
        "lease_until": None,
        "lease_token": None,
        "claims": 0,
    }
    is_case = [c[name] == value for name, value in case.items()]
    known: int | None = session.scalar(sa.select(c.id).where(*is_case))
    if known is not None:
        session.execute(sa.update(ALERT).where(c.id == known).values(**outcome))
        return known
    adding = sa.insert(ALERT).values(**case, **outcome, created_at=now, outlets_told=0).returning(c.id)
    added: int = session.execute(adding).scalar_one()
    return added


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


def still_settling(session: Session, *, story_id: int, channel: str) -> Sequence[HeldAlert]:
    """Alerts that wait for company; when one about the story goes out, they go with it."""
    c = ALERT.c
    settling = sa.and_(c.story_id == story_id, c.channel == channel, c.decision == "hold", c.reason == Reason.SETTLING)
    return [_held(row) for row in session.execute(sa.select(ALERT).where(settling).order_by(c.id))]


def settle(session: Session, *, since: datetime, now: datetime) -> None:
    """`once`: what was held for company in this round need not wait any longer."""
    c = ALERT.c
    mine = sa.and_(c.decision == "hold", c.reason == Reason.SETTLING, c.decided_at >= since, c.due_at > now)
    session.execute(sa.update(ALERT).where(mine).values(due_at=now))


def close(session: Session, claim: Claim[HeldAlert], decision: Decision, *, now: datetime) -> None:
    verdict, reason, due_at = _columns(decision)
    leases.close(session, ALERT, claim.id, claim.token, decision=verdict, reason=reason, due_at=due_at, decided_at=now)


def _held(row: sa.Row[tuple[object, ...]]) -> HeldAlert:
    return HeldAlert(row.id, row.topic, row.story_id, row.channel, row.turn, row.article_id)


def decided_since(session: Session, since: datetime) -> dict[str, int]:
    """How many alerts stand as sent, held, dropped by decisions since then."""
    c = ALERT.c
    counted = sa.select(c.decision, sa.func.count()).where(c.decided_at >= since).group_by(c.decision)
    return {row[0]: row[1] for row in session.execute(counted)}
