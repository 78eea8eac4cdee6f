"""What became of the configuration file: since when it is in force, and whether its last edit could be used."""

from __future__ import annotations

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


def state(session: Session, file: str) -> ConfigurationState | None:
    """None: no daemon has read it yet."""
    row = session.execute(sa.select(CONFIGURATION_STATE).where(CONFIGURATION_STATE.c.file == file)).one_or_none()
    if row is None:
        return None
    why = tuple((row.refused_for or "").splitlines())
    return ConfigurationState(row.file, row.in_force_since, row.refused_at, why)


def take_into_force(session: Session, file: str, *, now: datetime) -> None:
    session.execute(sa.delete(CONFIGURATION_STATE).where(CONFIGURATION_STATE.c.file == file))
    session.execute(sa.insert(CONFIGURATION_STATE).values(file=file, in_force_since=now))


def refuse(session: Session, file: str, why: tuple[str, ...], *, now: datetime) -> bool:
    """The file can't be used as it stands; True where that is news."""
    c = CONFIGURATION_STATE.c
    known = state(session, file)
    since = known.refused_at if known else None
    values = {"refused_at": since or now, "refused_for": "\n".join(why[:MOST_SHOWN])}
    session.execute(sa.update(CONFIGURATION_STATE).where(c.file == file).values(**values))
    return since is None


def mended(session: Session, file: str) -> None:
    """It says again what is in force."""
    c = CONFIGURATION_STATE.c
    nothing = {"refused_at": None, "refused_for": None}
    session.execute(sa.update(CONFIGURATION_STATE).where(c.file == file).values(**nothing))
