"""Articles come in the order of their days: those of some days are those between two numbers.

By its number an article, or a match, is found far quicker than by looking up the day of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.tables import ARTICLE

BEYOND: Final = 2**31 - 1  # no article has so high a number, nor has PostgreSQL a higher one for it


def first_of(session: Session, day: date) -> int:
    """The number of the first article of this local day, or of a later one."""
    c = ARTICLE.c
    first: int | None = session.scalar(sa.select(c.id).where(c.day >= day).order_by(c.day, c.number).limit(1))
    return BEYOND if first is None else first


def after(session: Session, day: date) -> int:
    """That of the first article after this day."""
    return BEYOND if day == date.max else first_of(session, day + timedelta(days=1))


def bounds(session: Session, days: Sequence[date]) -> list[tuple[int, int]]:
    """For each of these days, which follow each other, its first number and that of the next day."""
    firsts = [*(first_of(session, day) for day in days), after(session, days[-1])]
    return list(pairwise(firsts))
