"""What somebody does not want to hear of for a while: a topic, a story, or what certain words find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import SILENCE, STORY


@dataclass(frozen=True, slots=True)
class Silence:
    """Exactly one of topic, story and words says what of; it holds up to `until`, that moment not included."""

    until: datetime
    topic: str | None = None
    story_id: int | None = None
    words: str | None = None  # a query, asked of the article that would be told
    reason: str = ""
    id: int = 0  # of its row
    channel: str | None = None  # None: on all of them

    @property
    def key(self) -> str:
        return self._what if self.channel is None else f"on:{self.channel}\x1f{self._what}"

    @property
    def _what(self) -> str:
        if self.topic is not None:
            return f"topic:{self.topic}"
        return f"story:{self.story_id}" if self.story_id is not None else f"words:{self.words}"


def add(session: Session, silence: Silence, *, now: datetime) -> int:
    """Its number; of what is silenced already the end and the reason are changed."""
    c = SILENCE.c
    said = {"until": silence.until, "reason": silence.reason, "created_at": now}
    known = session.scalar(sa.select(c.id).where(c.key == silence.key))
    if known is not None:
        session.execute(sa.update(SILENCE).where(c.id == known).values(**said))
        return int(known)
    what = {
        "key": silence.key,
        "topic": silence.topic,
        "story_id": silence.story_id,
        "words": silence.words,
        "channel": silence.channel,
    }
    added: int = session.execute(sa.insert(SILENCE).values(**what, **said).returning(c.id)).scalar_one()
    return added


def until(session: Session, silence: Silence) -> datetime | None:
    """How long the same is silenced already; None: it never was."""
    found: datetime | None = session.scalar(sa.select(SILENCE.c.until).where(SILENCE.c.key == silence.key))
    return found


# Asked for every article that concerns a topic, so it is built once.
_ACTIVE: Final = sa.select(SILENCE).where(SILENCE.c.until > sa.bindparam("now")).order_by(SILENCE.c.until, SILENCE.c.id)


def active(session: Session, *, now: datetime) -> list[Silence]:
    """Those that hold, the first to end first."""
    return [_silence(row) for row in session.execute(_ACTIVE, {"now": now})]


def end(session: Session, silence_id: int, *, now: datetime) -> Silence | None:
    """The one that held until now; None where there is none with this number."""
    c = SILENCE.c
    row = session.execute(sa.select(SILENCE).where(c.id == silence_id, c.until > now)).one_or_none()
    if row is None:
        return None
    session.execute(sa.update(SILENCE).where(c.id == silence_id).values(until=now))
    return _silence(row)


def add_if_there(session: Session, silence: Silence, *, now: datetime) -> bool:
    """Whether there is what it silences."""
    if silence.story_id is not None and not has_story(session, silence.story_id):
        return False
    add(session, silence, now=now)
    return True


def has_story(session: Session, story_id: int) -> bool:
    return session.scalar(sa.select(sa.exists().where(STORY.c.id == story_id))) or False


def _silence(row: sa.Row[Any]) -> Silence:
    return Silence(row.until, row.topic, row.story_id, row.words, row.reason, row.id, row.channel)
