"""What time it is where many machines work: that of the database, whatever the clock of this one says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.store import workers
from monitor.store.database import Database


@dataclass(slots=True)
class DatabaseClock:
    """Leases and due times are compared by one clock. Between two looks it goes by this machine's steady one."""

    database: Database
    _seen: datetime | None = None
    _seen_at: float = 0.0

    async def set(self) -> None:
        """Look; the answer is taken for that of the middle of the asking."""
        began = time.monotonic()
        seen = await self.database.run(workers.time)
        self._seen, self._seen_at = seen, (began + time.monotonic()) / 2

    def __call__(self) -> datetime:
        assert self._seen is not None, "set it first"
        return self._seen + timedelta(seconds=time.monotonic() - self._seen_at)
