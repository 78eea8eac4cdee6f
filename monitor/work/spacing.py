"""Hosts are asked so far apart by all processes together as by one alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.store import hosts
from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class Spacing:
    """The moments are dealt out by the database (fetch/hosts.py asks)."""

    database: Database

    async def reserve(self, host: str, *, apart: float) -> float:
        return await self.database.beside(hosts.reserve, host, apart=timedelta(seconds=apart))
