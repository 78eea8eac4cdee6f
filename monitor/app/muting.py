"""What a reader asks for by a link in a message; whoever keeps the place hears that somebody left a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model import Kind, Notification
from monitor.store import muting, outbox
from monitor.store.database import Session
from monitor.web.tools import Asked
from monitor.work.deliver import letter_of


def muted(session: Session, asked: Asked, *, ops: Sequence[str], now: datetime) -> bool:
    """False, and nothing changed, where the link was used before."""
    if not muting.mute(session, asked.link, asked.silences, now=now):
        return False
    if asked.is_unsubscribing:
        text = _said(asked)
        for channel in ops:
            letter = letter_of(Notification(channel, Kind.NOTICE, text=text), f"notice:{asked.link}:{channel}")
            outbox.put(session, letter, now=now)
    return True


def _said(asked: Asked) -> str:
    channel, until = asked.silences[0].channel, asked.silences[0].until
    topics = ", ".join(f"“{silence.topic}”" for silence in asked.silences)
    return (
        f"The reader of {channel} unsubscribed from {topics}.\n"
        f"Nothing of it goes there before {until:%Y-%m-%d %H:%M} UTC. If that is meant for good, take the channel away"
        " from the topic's channels; to undo it: monitor silence list, then monitor silence end NUMBER."
    )
