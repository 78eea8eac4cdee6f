"""The key that sessions and tokens of the page are signed with: it lasts, and all who serve the page share it."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import SIGNING_KEY


def key(session: Session) -> bytes:
    """32 random bytes, made when they are first asked for. Called while nobody else writes."""
    known: bytes | None = session.scalar(sa.select(SIGNING_KEY.c.key))
    if known is not None:
        return known
    made = secrets.token_bytes(32)
    session.execute(sa.insert(SIGNING_KEY).values(key=made))
    return made
