"""What became of the configuration file: since when it is in force, and whether its last edit could be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import CONFIGURATION_STATE

MOST_SHOWN: Final = 10  # mistakes; `monitor check` names them all


@dataclass(frozen=True, slots=True)
class ConfigurationState:
    """The file as the daemon last read it."""

    file: str
    in_force_since: datetime
    refused_at: datetime | None = None  # since then it can't be used as it stands
    refused_for: tuple[str, ...] = ()  # one line a mistake
    refused_topics: tuple[str, ...] = ()  # all but these is in force as it stands; empty: nothing of the edit is


def state(session: Session, file: str) -> ConfigurationState | None:
    """None: no daemon has read it yet."""
    row = session.execute(sa.select(CONFIGURATION_STATE).where(CONFIGURATION_STATE.c.file == file)).one_or_none()
    if row is None:
        return None
    why = tuple((row.refused_for or "").splitlines())
    topics = tuple(json.loads(row.refused_topics or "[]"))
    return ConfigurationState(row.file, row.in_force_since, row.refused_at, why, topics)


def take_into_force(
    session: Session, file: str, *, as_it_stands: bool = True, in_force: str = "", now: datetime
) -> None:
    """Not `as_it_stands`: some of its topics are wrong, as `refuse` says next; what was told of them is known till then.

    `in_force`: its topics and what their words mean, for whoever compares an edit with them.
    """
    c = CONFIGURATION_STATE.c
    values = {"in_force_since": now, "in_force": in_force or None}
    if as_it_stands or state(session, file) is None:
        session.execute(sa.delete(CONFIGURATION_STATE).where(c.file == file))
        session.execute(sa.insert(CONFIGURATION_STATE).values(file=file, **values))
    else:
        session.execute(sa.update(CONFIGURATION_STATE).where(c.file == file).values(**values))


def in_force(session: Session, file: str) -> str | None:
    """What `take_into_force` was given; None: nobody works with this file, or not by this version."""
    c = CONFIGURATION_STATE.c
    known: str | None = session.scalar(sa.select(c.in_force).where(c.file == file))
    return known


def refuse(session: Session, file: str, why: Sequence[str], *, topics: Sequence[str] = (), now: datetime) -> bool:
    """The file, or only these of its topics, can't be used as they stand; True where that is news."""
    known = state(session, file)
    since = known.refused_at if known else None
    values = {
        "refused_at": since or now,
        "refused_for": "\n".join(why[:MOST_SHOWN]),
        "refused_topics": json.dumps(topics) if topics else None,
    }
    session.execute(sa.update(CONFIGURATION_STATE).where(CONFIGURATION_STATE.c.file == file).values(**values))
    return since is None or _is_news(known, topics)


def _is_news(known: ConfigurationState | None, topics: Sequence[str]) -> bool:
    """Of what is refused already: a topic more, or now all of the file."""
    told = set(known.refused_topics) if known else set()
    return not set(topics) <= told if topics else bool(told)


def mended(session: Session, file: str) -> None:
    """It says again what is in force."""
    c = CONFIGURATION_STATE.c
    nothing = {"refused_at": None, "refused_for": None, "refused_topics": None}
    session.execute(sa.update(CONFIGURATION_STATE).where(c.file == file).values(**nothing))
